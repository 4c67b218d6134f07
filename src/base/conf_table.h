#ifndef BASE_CONF_TABLE_H
#define BASE_CONF_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/conf.h"

/* What a row of an option table means, for the reader and for documents. */

/* The length of "sftp" in "sftp *"; 0 for a section without instances. */
size_t conf_table_kind_len(const char *section);

/* Whether the row takes any key of its section. */
bool conf_table_any_key(const struct conf_option *option);

/* Whether the row is the first of its section. */
bool conf_table_starts_section(
    const struct conf_option *options, const struct conf_option *option);

/* The words of "a|b|c" as an array that ends with NULL, to be freed as one. */
const char **conf_table_choices(const char *choices);

/* The spelling of a value that is kept, which the caller frees; NULL when the
 * option takes no such value. */
char *conf_table_keep(const struct conf_option *option, const char *value);

/* Adds what a value has to be, to follow "is" or "is not". */
void conf_table_describe(const struct conf_option *option, struct buf *out);

#endif
