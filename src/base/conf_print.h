#ifndef BASE_CONF_PRINT_H
#define BASE_CONF_PRINT_H

#include <stdio.h>

#include "base/conf.h"

/* An option table as documents. */

/*
 * Writes a settings file to start from: every setting with its sentence,
 * commented out at its default. Prose starts with #, settings with ;. sections
 * may be NULL.
 */
void conf_print_example(const struct conf_option *options,
    const struct conf_section *sections, FILE *out);

/*
 * Writes the same as mdoc(7) for a man page, a .Ss with a list for each
 * section; a .Sh stands before it. sections may be NULL.
 */
void conf_print_mdoc(const struct conf_option *options,
    const struct conf_section *sections, FILE *out);

#endif
