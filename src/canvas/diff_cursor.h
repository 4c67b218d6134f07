#ifndef CANVAS_DIFF_CURSOR_H
#define CANVAS_DIFF_CURSOR_H

#include "canvas/diff_sort.h"

/*
 * The rows of one side in key order, one per key: read straight from a file
 * that is in order, or sorted first.
 */
struct diff_cursor {
	const struct diff_side *side;
	bool direct;
	struct diff_walk walk;	/* direct */
	struct diff_sort *sort; /* NULL when direct */
	uint64_t rows;		/* passed so far */

	/* The row at hand; at_end: there is none. */
	bool at_end;
	struct diff_record record;
	size_t layout;
	const struct buf *key;
	struct buf own_key;
};

/*
 * Makes ready to read; the cursor stands before the first row. memory is for
 * sorting, in bytes. 0, or -1; diff_cursor_close() in both cases.
 */
int diff_cursor_open(struct diff_cursor *cursor, const struct diff_side *side,
    size_t memory, struct err *err);
void diff_cursor_close(struct diff_cursor *cursor);

/* Goes back before the first row. */
int diff_cursor_rewind(struct diff_cursor *cursor, struct err *err);

/* Goes on to the next row: 0, or -1. */
int diff_cursor_next(struct diff_cursor *cursor, struct err *err);

/* Where the row at hand begins in its file; SIZE_MAX when sorted. */
size_t diff_cursor_place(const struct diff_cursor *cursor);

/* Rows that a later one with the same key put out of force. */
uint64_t diff_cursor_repeated(const struct diff_cursor *cursor);

#endif
