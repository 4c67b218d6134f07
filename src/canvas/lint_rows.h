#ifndef CANVAS_LINT_ROWS_H
#define CANVAS_LINT_ROWS_H

#include "canvas/lint_state.h"

/*
 * Checks the row at hand as a whole, by the rules of its kind (canvas-sis
 * 5): its cells, what it names, and what becomes of it. A row that gives an
 * id is kept.
 */
void lint_rows_check(struct lint *lint);

#endif
