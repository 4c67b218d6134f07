#ifndef CANVAS_DIFF_PAIR_H
#define CANVAS_DIFF_PAIR_H

#include "canvas/diff_order.h"

/*
 * Two files of one form, both in key order, walked side by side. Where their
 * bytes are the same they are passed without being cut into cells; that both
 * are in order is checked on the way.
 */
struct diff_pair {
	const struct diff_columns *columns;
	struct diff_order order[2]; /* the old file's, the new one's */
	struct diff_walk walk[2];
	struct diff_cells cells[2];
	size_t equal; /* bytes from here on known to be the same */
	bool more;    /* perhaps more than those are the same */
};

enum diff_pair_result {
	DIFF_PAIR_ERROR = -1, /* err is set */
	DIFF_PAIR_END,
	DIFF_PAIR_FOUND,
	DIFF_PAIR_UNORDERED /* a row is out of order */
};

/* The rows of a difference; bytes NULL: that side has no such row. */
struct diff_pair_rows {
	struct diff_record rows[2];
	size_t new_at; /* offset at which the new row stands, or
				   would stand */
};

void diff_pair_begin(struct diff_pair *pair, const struct diff_side *old,
    const struct diff_side *new, const struct diff_columns *columns);
void diff_pair_free(struct diff_pair *pair);

/* Goes on to the next difference. */
enum diff_pair_result diff_pair_next(
    struct diff_pair *pair, struct diff_pair_rows *found, struct err *err);

#endif
