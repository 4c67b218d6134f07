#ifndef SOURCE_PS_FEED_H
#define SOURCE_PS_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "source/bind.h"
#include "source/feed_queries.h"
#include "source/ps_save.h"
#include "source/source.h"

#define PS_COLUMNS_MAX (FIELDS_MAX + 1) /* the key beside the fields */

/*
 * One table on its way from a server into the roster: its rows look as if
 * they came from the file TABLE.csv with one line for each row, whichever way
 * they come.
 */
struct ps_feed {
	const struct feed_query *query; /* columns and key of the table */
	struct roster *roster;
	struct ps_save *save;	   /* or NULL */
	struct progress *progress; /* or NULL */
	enum table_id table;
	char name[32]; /* cc.csv */
	/* What is asked for; the names of the schema's fields. */
	int key; /* which of them the rows are ordered by; -1: none */
	const char *columns[PS_COLUMNS_MAX];
	size_t ncolumns;
	struct binder binder;
	uint64_t expected; /* rows, for the progress; 0: not known */

	/* what the roster holds so far */
	uint64_t rows;
	uint64_t last_key; /* of the range at hand */
	uint64_t bytes;	   /* of answers */
	size_t range_row;  /* the first of the range at hand */
	uint64_t *keys;	   /* when it keeps them */
	size_t nkeys, capkeys;
	uint32_t lines;	 /* of the file, its header included */
	bool open;	 /* it has a file in the roster */
	bool keeps_keys; /* for the roster does not hold them */
	bool any_key;	 /* in the range at hand */
	bool unordered;	 /* a key was below the one before */
	bool moved;	 /* a key ended one answer and began the next */
	bool keyless;	 /* a row had none, or one that is no number */
};

/*
 * Begins a table with what a way can give of it; given ends with NULL. It
 * wants what the roster wants of that, and the key. May be called again, for
 * another way, as long as there are no rows. 0, or -1 with EXIT_SOURCE when a
 * needed column is not among them, EXIT_IO.
 */
int ps_feed_begin(
    struct ps_feed *feed, const char *const *given, struct err *err);

/* Forgets every row: the table is read again from its first one. */
void ps_feed_restart(struct ps_feed *feed);

/* Keys may begin anew: another range of the table follows. */
void ps_feed_next_range(struct ps_feed *feed);

/*
 * Whether rows of different answers have the same key; with answers that were
 * not in order, whether any rows have. May order what feed holds of keys.
 */
bool ps_feed_repeats(struct ps_feed *feed);

/* Ends the table; 0, or -1 with EXIT_IO. */
int ps_feed_end(struct ps_feed *feed, struct err *err);

/* Frees what it holds, but for the rows. */
void ps_feed_free(struct ps_feed *feed);

/* Ends a table that no way gave, as if there were none. */
void ps_feed_abandon(struct ps_feed *feed);

/* The rows of one answer: kept until it is their turn, or passed on as they
 * come. */
struct ps_rows {
	struct ps_feed *feed;
	struct batch batch;
	struct buf text;      /* of the batch, for the saved file */
	uint32_t lines;	      /* of the batch */
	uint64_t rows;	      /* of the answer */
	uint64_t first, last; /* keys of the batch */
	uint64_t *keys;	      /* all of them, when the feed keeps them */
	size_t nkeys, capkeys;
	bool any_key, unordered, keyless;
	bool passed;	    /* keys of it went on to the feed */
	bool first_in_line; /* its rows may go into the roster at once */
	/* what the feed was before the answer's first row went there */
	bool begun;
	struct ps_feed before;
	size_t nrows;
	uint64_t mark;
};

void ps_rows_begin(struct ps_rows *rows, struct ps_feed *feed);

/* Forgets all that the answer brought: it comes again. */
void ps_rows_again(struct ps_rows *rows);

/* A csv_record_fn: one row, a cell for each of the feed's columns; the line is
 * not used. It never stops. */
int ps_rows_add(
    void *arg, struct csv_cell *cells, size_t ncells, uint32_t line);

/* It is this answer's turn: what it kept goes into the roster, and from now
 * on what comes. */
void ps_rows_turn(struct ps_rows *rows);

void ps_rows_free(struct ps_rows *rows);

#endif
