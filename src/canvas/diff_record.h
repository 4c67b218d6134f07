#ifndef CANVAS_DIFF_RECORD_H
#define CANVAS_DIFF_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/intern.h"

/*
 * The records of a CSV that lies in memory as read-only bytes, usually a
 * mapped file larger than the memory that may be used. A record without a
 * quote is cut here, in place; one with a quote goes through csvio, whose
 * verdict counts (canvas-sis 3). Empty lines are passed over.
 */

#define DIFF_RECORD_MAX ((size_t)4 << 20) /* bytes of one record */

/* One CSV as the differ gets it. Its owner keeps it while it is read. */
struct diff_file {
	const char *name; /* as errors name it: csv/users.csv */
	const char *bytes;
	size_t len;
	bool mapped; /* a mapping of a file: its pages may go */
};

/* One record; bytes point into the file, without the line end. */
struct diff_record {
	const char *bytes;
	size_t len;
	size_t behind;	/* bytes from its start to the next record */
	uint32_t lines; /* physical lines, its own line end's too */
	bool quoted;	/* has a quote somewhere */
};

/* The cells of one record, stripped as Canvas strips them. */
struct diff_cells {
	struct str *cells;
	size_t ncells, cap;
	struct buf unquoted; /* what quoted cells hold */
	struct buf scratch;
};

/* Where reading a file stands. */
struct diff_walk {
	const struct diff_file *file;
	const char *at, *end;
	uint64_t line;		 /* the physical line of at, from 1 */
	size_t fetched, dropped; /* offsets of pages, when mapped */
	struct diff_cells cells;
};

/* Starts at the first byte behind a byte order mark; walk_free() ends it. */
void diff_walk_begin(struct diff_walk *walk, const struct diff_file *file);
void diff_walk_free(struct diff_walk *walk);

/*
 * Finds the next record without passing it. Returns 1, 0 at the end, or -1
 * with EXIT_SOURCE (malformed) or that of interrupt_check().
 */
int diff_walk_peek(
    struct diff_walk *walk, struct diff_record *record, struct err *err);

/* Passes the record that peek found. */
void diff_walk_pass(struct diff_walk *walk, const struct diff_record *record);

/*
 * Lets go of pages well behind at and fetches the next ones: memory does not
 * grow with the file. -1 when a signal came.
 */
int diff_walk_pages(struct diff_walk *walk, struct err *err);

/* Lets go of all pages of a file; they come back when they are read. */
void diff_file_drop(const struct diff_file *file);

/* How far the fetched pages go. */
const char *diff_walk_stop(const struct diff_walk *walk);

/*
 * Cuts a record that peek found into its cells as Canvas reads them, or (raw)
 * with the white space around them; they live until the next cut.
 */
void diff_record_cut(
    const struct diff_record *record, struct diff_cells *cells);
void diff_record_cut_raw(
    const struct diff_record *record, struct diff_cells *cells);
void diff_cells_free(struct diff_cells *cells);

/* Without the white space around it; empty when all is blank. */
struct str diff_cell_stripped(struct str cell);

/* Could every cell be blank, by the look of the first byte? */
bool diff_record_may_be_blank(const char *bytes, size_t len);

/*
 * The first byte from p on that is not above '\r' or is a quote: a line end,
 * NUL, another control character. end when there is none.
 */
const char *diff_record_special(const char *p, const char *end);

#endif
