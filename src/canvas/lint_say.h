#ifndef CANVAS_LINT_SAY_H
#define CANVAS_LINT_SAY_H

#include "canvas/lint_state.h"

/*
 * Says something about a cell of the row at hand, or with LINT_NO_COLUMN
 * about the row. The message starts with the column's name and a blank, ends
 * with the id of the row's own object. An error marks the row as refused.
 */
void lint_say(struct lint *lint, enum lint_rule rule, size_t column,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same with a severity other than the rule's. */
void lint_say_as(struct lint *lint, enum lint_rule rule, enum severity severity,
    size_t column, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/*
 * Says something about a place in the file at hand: a physical line and a
 * byte in it, both from 1, or 0. row is Canvas's number of it, or 0.
 */
void lint_say_at(struct lint *lint, enum lint_rule rule, enum severity severity,
    uint32_t line, size_t at, uint32_t row, const char *fmt, ...)
    __attribute__((format(printf, 7, 8)));

/* Says something about a byte of the block at hand. */
void lint_say_byte(struct lint *lint, enum lint_rule rule, const char *byte,
    const char *message);

/* Says something about a row of any file that was read before. */
void lint_say_of(struct lint *lint, enum lint_rule rule, enum severity severity,
    uint32_t file, uint32_t line, size_t at, uint32_t row, const char *message);

/* Where the n-th cell of the row at hand begins: line and byte in it. */
void lint_place(struct lint *lint, size_t n, uint32_t *line, size_t *at);

/*
 * An id in quotes, made harmless for a terminal and cut when it is long; not
 * shown in a row of people whose cells have slipped, where it may be a name.
 * The text lives until two more were asked for.
 */
const char *lint_id(struct lint *lint, struct str value);

/*
 * A word in quotes with a blank behind it; in a sheet of people empty unless
 * the word is one of Canvas's, for a row whose cells have slipped may hold
 * anything there. Lives as long as what lint_id() gives.
 */
const char *lint_word(struct lint *lint, struct str value);

#endif
