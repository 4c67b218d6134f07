#ifndef CANVAS_LINT_REPEAT_H
#define CANVAS_LINT_REPEAT_H

#include "canvas/lint_state.h"

/*
 * Enrollments in order differ from the row before them in the user alone,
 * dozens of times on end. Such rows are read without cutting them into cells:
 * what was good in the row before is good again, and only the user is new.
 */

/*
 * Notes the row at hand, which the reader cut into these cells, as one that
 * may repeat; or nothing may, when it was not simple. said is how many
 * findings there were before the row.
 */
void lint_repeat_note(struct lint *lint, const struct csv_cell *cells,
    size_t ncells, uint64_t said);

/*
 * Reads the rows at p that repeat the noted one. Returns where they end;
 * *lines is moved on by their number.
 */
const char *lint_repeat_rows(
    struct lint *lint, const char *p, const char *end, uint32_t *lines);

/* How many findings there are so far. */
uint64_t lint_repeat_said(const struct lint *lint);

#endif
