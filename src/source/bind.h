#ifndef SOURCE_BIND_H
#define SOURCE_BIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/csvio.h"
#include "base/date.h"
#include "base/err.h"
#include "roster/roster.h"
#include "source/feeds.h"

#define BIND_CELLS_MAX 32 /* columns of one file that are read */

/* One column of a file that fills one field. */
struct bind_column {
	uint16_t cell; /* which of the bound cells */
	uint8_t field;
	uint8_t type; /* enum field_type */
};

/* How the rows of one file fill one table. */
struct bind_table {
	enum table_id table;
	struct bind_column columns[FIELDS_MAX];
	size_t ncolumns;
};

/* How the rows of one file become rows of tables. */
struct binder {
	const struct table_schema *schema; /* of the tables */
	size_t width;			   /* cells in a row */
	uint16_t cells[BIND_CELLS_MAX];	   /* the cells that are read */
	bool is_date[BIND_CELLS_MAX];	   /* of each of them */
	size_t ncells;
	struct bind_table tables[FEED_TABLES_MAX];
	size_t ntables;
	bool schedule; /* rows have no dates */
};

/* What one cell of a row turned out to be. */
struct bind_value {
	struct csv_cell cell; /* clean, unless it is a number or a date */
	unsigned flags;	      /* CLEAN_ bits */
	sym number;	      /* blank: the cell is something else */
	int32_t date;	      /* of a date column */
	uint64_t hash;	      /* of a text, from intern_seek() */
};

/* Rows of one block of a file, not yet in their table. */
struct batch_table {
	uint32_t *columns[FIELDS_MAX];
	struct row_lines lines;
	uint8_t *flags;
	size_t nrows, cap;
	struct mark *marks;
	size_t nmarks, capmarks;
};

#define DATE_MEMOS 8 /* of each column; a power of two */

/* A date that a column had before: most rows repeat one of the last. */
struct date_memo {
	char text[DATE_TEXT_SIZE];
	size_t len; /* 0: none yet */
	int32_t date;
};

struct batch {
	const struct binder *binder;
	struct intern *intern;
	struct batch_table tables[FEED_TABLES_MAX];
	struct bind_value values[BIND_CELLS_MAX]; /* of the row at hand */
	struct date_memo memos[BIND_CELLS_MAX][DATE_MEMOS];
	size_t skip;	    /* records to pass over: the header */
	size_t wrong_cells; /* how many cells the ragged row had */
};

/*
 * Matches a header row with the fields that the roster asks for. file is for
 * messages. 0, or -1: a needed column is missing or one stands there twice.
 */
int bind_header(struct binder *binder, const struct feed *feed,
    const struct roster *roster, const char *file, const struct csv_cell *cells,
    size_t ncells, struct err *err);

/* A csv_record_fn: turns one record into rows of the batch (arg). It stops
 * at a row with more or fewer cells than the header. */
int bind_record(
    void *arg, struct csv_cell *cells, size_t ncells, uint32_t line);

/* Appends the batch's rows; its line 0 is line first_line of all lines. */
void bind_commit(
    struct batch *batch, struct roster *roster, uint32_t first_line);

/* Makes the batch as new, but for its memory. */
void batch_empty(struct batch *batch);
void batch_free(struct batch *batch);

#endif
