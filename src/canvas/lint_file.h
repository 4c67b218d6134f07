#ifndef CANVAS_LINT_FILE_H
#define CANVAS_LINT_FILE_H

#include "canvas/lint_state.h"

/* Called with whole records; -1 stops. */
typedef int lint_block_fn(void *arg, const char *bytes, size_t len);

/* Cuts a file into blocks of whole records; 0, or -1 when fn stopped. */
int lint_file_blocks(
    const char *bytes, size_t len, lint_block_fn *fn, void *arg);

/*
 * Reads the records of a block as csv_read_block() does, except that a NUL
 * is read as a blank: at the end of a cell Canvas takes it off.
 */
int lint_file_records(struct lint *lint, const char *bytes, size_t len,
    csv_record_fn *record, void *arg, uint32_t *lines,
    struct csv_problem *problem);

/*
 * Reads the next block of the file at hand: its encoding, its line ends and
 * its syntax as Canvas enforces them (canvas-sis 3), and each of its rows.
 */
void lint_file_read(struct lint *lint, const char *bytes, size_t len);

/* Says what only the end of the file shows. */
void lint_file_close(struct lint *lint);

#endif
