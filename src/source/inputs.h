#ifndef SOURCE_INPUTS_H
#define SOURCE_INPUTS_H

#include <stdbool.h>

#include "source/blocks.h"

/*
 * What every source of export files does with one of them: open it, match its
 * header, read its rows, say what was read. Errors are EXIT_SOURCE.
 */

/* Opens the file input->name of a folder for reading. */
int inputs_open(struct input *input, const char *dir, struct err *err);

/* Matches its header with the roster's columns and binds those it has. */
int inputs_bind(struct input *input, const struct source_options *options,
    struct roster *roster, struct err *err);

/*
 * Reads its rows, unless only headers are asked for, and adds the file to the
 * report. A file without rows is refused when they are needed.
 */
int inputs_read(struct input *input, bool rows_needed,
    const struct source_options *options, struct roster *roster,
    struct source_report *report, struct err *err);

#endif
