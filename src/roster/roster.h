#ifndef ROSTER_ROSTER_H
#define ROSTER_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/idmap.h"
#include "roster/schema.h"

#define ROW_NONE UINT32_MAX /* no such row */

/* Bits of what reading noticed about a row. */
enum {
	ROW_MARKED = 1,	 /* the table's marks name it */
	ROW_MINUS = 2,	 /* its section or term id had a minus sign */
	ROW_SCHEDULE = 4 /* from Student Schedules: it has no dates */
};

/* What became of a row; why it was skipped is in roster/fate.h. */
enum row_state { ROW_USED, ROW_MERGED, ROW_HELD, ROW_SKIPPED };

/* Something that reading noticed about one cell. */
struct mark {
	uint32_t row;
	uint8_t rule; /* enum rule: SRC-CONTROL, -ENTITY or -DATE */
	uint8_t field;
};

struct fate_count;

/* Where a stretch of rows stands of which each is one line behind the last. */
struct line_run {
	uint32_t row, line; /* of its first row */
};

/* The lines of rows: nearly always a few long runs. */
struct row_lines {
	struct line_run *runs; /* by row */
	size_t nruns, capruns;
};

/* Finds rows by key: a plain array while keys are small numbers, else a hash. */
struct key_index {
	uint32_t *rows; /* ROW_NONE: free */
	uint32_t *keys; /* NULL: rows is indexed by number */
	size_t size;
};

/*
 * One PowerSchool table, column by column: a column that was not bound is
 * NULL and reads as blank. Rows stay in the order in which they were read.
 */
struct table {
	uint32_t *columns[FIELDS_MAX]; /* a sym's id, or days of a date */
	bool wanted[FIELDS_MAX];       /* a rule or a template asks for it */
	bool bound[FIELDS_MAX];	       /* and some file has it */
	char *named[FIELDS_MAX];       /* the first setting whose template names
					* it, for messages; or NULL */
	struct row_lines lines;	       /* in all files, see roster_place */
	uint8_t *flags;
	uint8_t *states;  /* enum row_state */
	uint8_t *reasons; /* enum reason (roster/fate.h), of skipped rows */
	size_t nrows, cap;
	struct mark *marks; /* by row */
	size_t nmarks, capmarks;
	struct key_index index; /* by the join key's last part */
	struct idmap few;	/* cells that table_keep_few() kept, by row */
	struct fate_count *counted; /* of states that fate_forget() freed */
};

/* A file that rows came from, for messages. */
struct roster_file {
	char *name;
	enum table_id table;
	uint32_t first_line; /* where its lines start in all lines */
	uint32_t lines;
};

struct roster {
	const struct table_schema *schema; /* of its tables */
	struct intern *intern;
	bool intern_is_shared; /* somebody else frees it */
	struct table tables[TABLES];
	struct roster_file *files;
	size_t nfiles, capfiles;
	bool users_by_number; /* Teachers: users have no dcid */
	bool term_ids_opaque; /* the digits of a term's id tell no year */
};

/* An empty roster that wants every column that a rule reads. */
struct roster *roster_new(void);

/*
 * An empty roster of other tables, TABLES at most, that wants the columns
 * which their schema gives a use. Its syms are those of intern, which must
 * outlive it.
 */
struct roster *roster_new_of(
    const struct table_schema *tables, size_t n, struct intern *intern);
void roster_free(struct roster *roster);

/* Makes room for more rows in every bound column of a table. */
void table_reserve(struct table *table, size_t more);

/* Frees a column that nobody reads any more; it reads as blank. */
void table_forget(struct table *table, unsigned field);

/*
 * Frees a column of text of which only the cells of n rows are asked for
 * again, by table_few().
 */
void table_keep_few(
    struct table *table, unsigned field, const uint32_t *rows, size_t n);

/* The cell of a text field, also of a column of which few cells are left. */
sym table_few(const struct table *table, unsigned field, uint32_t row);

/* Forgets the rows from nrows on, with their marks and lines. */
void table_cut(struct table *table, size_t nrows);

/* The cell of a text field; the empty sym when the column is not there. */
static inline sym
table_sym(const struct table *table, unsigned field, uint32_t row)
{
	return (sym){
		table->columns[field] == NULL ? 0 : table->columns[field][row]
	};
}

/* The cell of a date field; blank when the column is not there. */
static inline int32_t
table_date(const struct table *table, unsigned field, uint32_t row)
{
	return table->columns[field] == NULL ?
	    DATE_BLANK :
	    (int32_t)table->columns[field][row];
}

/*
 * Says on which line a row stands; rows are added in order. row_lines_find()
 * gives it back, 0 when the row is before all that were added.
 */
void row_lines_add(struct row_lines *lines, uint32_t row, uint32_t line);
uint32_t row_lines_find(const struct row_lines *lines, uint32_t row);
/* Forgets the lines of the rows from nrows on. */
void row_lines_cut(struct row_lines *lines, size_t nrows);

/* The first row with that key, ROW_NONE when there is none. */
uint32_t key_index_find(const struct key_index *index, sym key);
/* Indexes n keys (sym ids); blank ones are left out, the first of equal ones
 * is found. Returns whether any are equal. */
bool key_index_build(struct key_index *index, const uint32_t *keys, size_t n);
void key_index_free(struct key_index *index);

/*
 * The rows, in order, whose key (of n sym ids) is there more than once; blank
 * ones are not. Takes one bit for each small number; the caller frees them.
 */
uint32_t *key_index_repeated(const uint32_t *keys, size_t n, size_t *count);

/*
 * Begins a file, or an answer that stands for one: the rows that are added
 * from now on stand in it. Its lines follow those of the file before, so lines
 * must be set before the next one begins. The name is copied; the result holds
 * until then.
 */
struct roster_file *roster_add_file(
    struct roster *roster, const char *name, enum table_id table);

/* The file and the physical line (1: the header) of a row. */
const struct roster_file *roster_place(const struct roster *roster,
    enum table_id table, uint32_t row, uint32_t *line);

#endif
