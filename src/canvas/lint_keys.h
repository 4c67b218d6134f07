#ifndef CANVAS_LINT_KEYS_H
#define CANVAS_LINT_KEYS_H

#include "canvas/lint_state.h"

/*
 * Rows that give no id, such as enrollments, must not have one key twice. A
 * file in the order of its keys is done while it is read; else the keys of
 * all files of the kind are kept, hashed, and sorted at its end.
 */

/* Compares the row at hand with the one before it. */
void lint_keys_check(struct lint *lint);

/* Takes the row at hand as the one before the next. */
void lint_keys_take(struct lint *lint);

/* Keeps the key of every row of a file that has been read. */
void lint_keys_keep(struct lint *lint, const char *bytes, size_t len);

/* Says which of the kept keys stand twice, and forgets them. */
void lint_keys_kind_end(struct lint *lint, enum sheet_kind kind);

#endif
