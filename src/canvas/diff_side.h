#ifndef CANVAS_DIFF_SIDE_H
#define CANVAS_DIFF_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "canvas/diff_record.h"
#include "canvas/sheets.h"

#define DIFF_KEYS_MAX (SHEET_KEY_MAX + 3)

/* The files of one sheet in one package; none: it lacks the sheet. */
struct diff_input {
	const struct diff_file *files;
	size_t nfiles;
};

/* A column that at least one of the packages has. */
struct diff_column {
	const char *header; /* lower case */
	bool in_old, in_new;
};

/* How the cells of one file's records are found. */
struct diff_layout {
	const struct diff_file *file;
	char **headers; /* NULL: nameless or a repetition */
	size_t nheaders;
	size_t *cells;		    /* by column; SIZE_MAX: not here */
	size_t keys[DIFF_KEYS_MAX]; /* by key column, likewise */
	size_t nkeys;
	bool leading;	/* the first cells are the key */
	size_t rows_at; /* offset behind the header */
	uint64_t rows_line;
};

/* One package's sheet: the files that have a header. */
struct diff_side {
	struct diff_layout *layouts;
	size_t nlayouts;
};

/* What the two sides of a sheet have in common. */
struct diff_columns {
	struct diff_column *columns; /* the new sheet's, then the rest */
	size_t count;
	size_t keys[DIFF_KEYS_MAX]; /* those that make up the key */
	size_t nkeys;
};

/* Reads the headers. 0, or -1; diff_side_close() in both cases. */
int diff_side_open(
    struct diff_side *side, const struct diff_input *input, struct err *err);
void diff_side_close(struct diff_side *side);

/*
 * Matches the columns of both sides by name and chooses those of the key.
 * -1 with EXIT_SOURCE when a file has none of them.
 */
int diff_side_match(struct diff_side *old, struct diff_side *new,
    const struct sheet *sheet, struct diff_columns *columns, struct err *err);
void diff_columns_free(struct diff_columns *columns);

/* Have all files the same header, so that equal lines are equal rows? */
bool diff_side_same_form(
    const struct diff_side *old, const struct diff_side *new);

/* Does any cell differ between two rows with one key, as they were cut? */
bool diff_side_differ(const struct diff_columns *columns,
    const struct diff_layout *old_layout, const struct diff_cells *old_cells,
    const struct diff_layout *new_layout, const struct diff_cells *new_cells);

/* A row's cell; blank when its file has no such column. */
struct str diff_side_cell(const struct diff_layout *layout,
    const struct diff_cells *cells, size_t column);

/* A walk over the rows of a file. */
void diff_side_walk(const struct diff_layout *layout, struct diff_walk *walk);

/*
 * Writes the key's cells with a NUL between them, so that memcmp() puts them
 * in the order of emitted sheets. false when every cell of the record is
 * blank: that is no row (canvas-sis 3).
 */
bool diff_side_key(const struct diff_layout *layout,
    const struct diff_record *record, struct diff_cells *cells,
    struct buf *key);

/* Order of two keys as memcmp() has it: < 0, 0, > 0. */
int diff_side_key_order(const struct buf *a, const struct buf *b);

/*
 * The cell under a header, from 0; SIZE_MAX when there is none, or header is
 * NULL.
 */
size_t diff_side_place(const struct diff_layout *layout, const char *header);

#endif
