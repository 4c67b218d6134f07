#ifndef CANVAS_DIFF_H
#define CANVAS_DIFF_H

#include "canvas/diff_side.h"

/*
 * The difference between two versions of one Canvas sheet, row by row in key
 * order, in memory that does not grow with the rows (canvas-sis 8). Rows are
 * told apart by their key and compared cell by cell, each cell stripped and
 * blank cells equal, as Canvas compares them; columns are matched by header,
 * and one that a side lacks counts as blank there. Files in key order, as
 * this program writes them, are compared as they lie; files in any other
 * order, or several of one type, are sorted first.
 */
struct diff;

enum diff_version { DIFF_OLD, DIFF_NEW };
enum diff_change { DIFF_ADDED, DIFF_REMOVED, DIFF_CHANGED };

#define DIFF_NOWHERE SIZE_MAX

/*
 * One row that is not the same. The records are as they stand in their file,
 * without their line end; bytes NULL: that version has no such row. All of it
 * lives while the sink's function runs.
 */
struct diff_event {
	enum diff_change change;
	struct str record[2]; /* by version */
	size_t layout[2];
	/*
	 * Offset in the new file at which the new row stands, or at which the
	 * removed row would have to stand; DIFF_NOWHERE when the new file is
	 * not in key order or not there.
	 */
	size_t new_at;
	struct diff *diff;
};

/* Called with each difference; 0, or -1 with err set to stop. */
struct diff_sink {
	void *arg;
	int (*row)(void *arg, const struct diff_event *event, struct err *err);
};

struct diff_count {
	uint64_t rows[2];     /* by version, one per key */
	uint64_t repeated[2]; /* rows that a later one replaced */
	uint64_t added, removed, changed;
};

/*
 * Reads and, where needed, sorts both versions; their bytes must stay until
 * diff_close(). sort_memory is in bytes, 0 for 64 MiB; what does not fit
 * goes to an unlinked file in $TMPDIR. NULL with EXIT_SOURCE
 * (file:line:column of what is malformed), EXIT_IO or that of a signal.
 */
struct diff *diff_open(const struct sheet *sheet, const struct diff_input *old,
    const struct diff_input *new, size_t sort_memory, struct err *err);
void diff_close(struct diff *diff);

/* Calls the sink for each difference; may be called again. 0 or -1. */
int diff_each(struct diff *diff, const struct diff_sink *sink, struct err *err);

/* What diff_each() has counted. */
const struct diff_count *diff_counts(const struct diff *diff);

/* The columns of both versions, and which of them make up the key. */
const struct diff_columns *diff_columns_of(const struct diff *diff);

/* Is there a file with a header in that version? */
bool diff_has(const struct diff *diff, enum diff_version version);

/* diff_open(), diff_each() and diff_close() in one; counts may be NULL. */
int diff_sheets(const struct sheet *sheet, const struct diff_input *old,
    const struct diff_input *new, const struct diff_sink *sink,
    struct diff_count *counts, struct err *err);

/*
 * One cell of a row, stripped; blank when that version has no such row or
 * column.
 */
struct str diff_cell(
    const struct diff_event *event, enum diff_version version, size_t column);

/* Is that cell not the same in both versions? */
bool diff_cell_differs(const struct diff_event *event, size_t column);

/*
 * Adds the cells of the row's key with | between them; a | or \ in a cell
 * gets a \ before it.
 */
void diff_key_text(const struct diff_event *event, struct buf *out);

#endif
