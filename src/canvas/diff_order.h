#ifndef CANVAS_DIFF_ORDER_H
#define CANVAS_DIFF_ORDER_H

#include "canvas/diff_side.h"

/*
 * Whether the rows of a file come in key order, none twice. Most lines are
 * judged by the first byte in which they differ from the line before.
 */
struct diff_order {
	const struct diff_layout *layout;
	const char *end;	 /* of the file */
	struct diff_record last; /* row; bytes NULL: there was none */
	uint64_t rows;
	bool broken; /* a row was not behind the last */
	struct buf key, last_key;
	struct diff_cells cells;
};

/* How two rows lie to each other by their keys. */
enum diff_rank { DIFF_BEFORE, DIFF_SAME, DIFF_BEHIND };

void diff_order_begin(
    struct diff_order *order, const struct diff_layout *layout);
void diff_order_free(struct diff_order *order);

/* Takes a row from the file. false: that row is out of order. */
bool diff_order_take(struct diff_order *order, const struct diff_record *row);

/* Is this record a row at all: has it a cell that is not blank? */
bool diff_order_is_row(
    struct diff_order *order, const struct diff_record *record);

/*
 * Takes all rows that lie whole between at and stop, up to the first record
 * with a quote or a NUL or the first row out of order. Returns where that
 * begins and adds the lines passed.
 */
const char *diff_order_run(struct diff_order *order, const char *at,
    const char *stop, uint64_t *lines);

/* How a row of one file lies to a row of another with the same form. */
enum diff_rank diff_order_between(struct diff_order *a,
    const struct diff_record *row_a, struct diff_order *b,
    const struct diff_record *row_b);

/*
 * Reads a whole file: 1 when it is in order, 0 when not, -1 with EXIT_SOURCE
 * when it is malformed before that is known.
 */
int diff_order_of_file(const struct diff_layout *layout, struct err *err);

#endif
