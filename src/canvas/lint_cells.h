#ifndef CANVAS_LINT_CELLS_H
#define CANVAS_LINT_CELLS_H

#include "canvas/lint_state.h"

/*
 * The cell as Canvas takes it: blanks, line ends and NULs at both ends taken
 * off; of length 0 when only Unicode blanks are left (canvas-sis 3).
 */
struct str lint_cells_strip(const char *bytes, size_t len);

/*
 * Checks each cell of the row at hand by its column's row in sheets[], and
 * sets the row's status word.
 */
void lint_cells_check(struct lint *lint);

/*
 * Compares start_date and end_date; severity is what an end before the start
 * means for this kind.
 */
void lint_cells_order(struct lint *lint, enum severity severity);

#endif
