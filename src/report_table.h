#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* HTML that the reports are made of. Text is made harmless on its way. */

void report_table_text(struct buf *out, const char *text);

/* A cell with a number, one with a text. */
void report_table_number(struct buf *out, uint64_t number);
void report_table_cell(struct buf *out, const char *text);

/*
 * A table that scrolls when it is wide, with its caption; columns are names
 * between |, those of numbers with # in front.
 */
void report_table_begin(
    struct buf *out, const char *caption, const char *columns);
void report_table_end(struct buf *out);

/* Begins a row with its name; </tr> ends it. */
void report_table_row(struct buf *out, const char *name);

#define REPORT_TABLE_NAME 32 /* room for the name of a part */

/* Adds the part {{name}} of a page of templates/; false: there is none. */
typedef bool report_table_part(
    const void *arg, const char *name, struct buf *out);

/* A page: the lines of a template with its parts put in. */
void report_table_page(const char *const *lines, report_table_part *part,
    const void *arg, struct buf *out);

#endif
