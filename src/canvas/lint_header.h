#ifndef CANVAS_LINT_HEADER_H
#define CANVAS_LINT_HEADER_H

#include "canvas/lint_state.h"

/*
 * Takes a file's first record as its header: settles its kind, binds its
 * columns and says what is wrong with it (canvas-sis 3, 4).
 */
void lint_header_read(
    struct lint *lint, const struct csv_cell *cells, size_t ncells);

/* The kind that Canvas takes a header for, SHEETS when it knows none. */
enum sheet_kind lint_header_kind(const struct csv_cell *cells, size_t ncells);

#endif
