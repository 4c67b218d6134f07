#ifndef CANVAS_DIFF_SORT_H
#define CANVAS_DIFF_SORT_H

#include "canvas/diff_side.h"

/*
 * The rows of a side in key order, whatever their order in its files. What
 * does not fit into the memory goes, sorted, to an unlinked file in $TMPDIR
 * (or /var/tmp), and is merged from there. Of rows with one key the last one
 * counts (canvas-sis 8).
 */
struct diff_sort;

/* One row; the bytes live until the next diff_sort_next(). */
struct diff_sorted {
	const struct buf *key; /* see diff_side_key() */
	struct str record;
	size_t layout; /* of the side */
};

/*
 * Reads and sorts all rows of a side, which must outlive the result, with
 * about memory bytes. NULL with EXIT_SOURCE (malformed) or EXIT_IO.
 */
struct diff_sort *diff_sort_side(
    const struct diff_side *side, size_t memory, struct err *err);
void diff_sort_free(struct diff_sort *sort);

/* Starts again with the first row. */
int diff_sort_rewind(struct diff_sort *sort, struct err *err);

/* The next row: 1, 0 behind the last, -1 with EXIT_IO. */
int diff_sort_next(
    struct diff_sort *sort, struct diff_sorted *row, struct err *err);

/* Rows passed over so far because a later one has their key. */
uint64_t diff_sort_repeated(const struct diff_sort *sort);

#endif
