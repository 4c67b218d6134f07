#ifndef CANVAS_SHEETS_H
#define CANVAS_SHEETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "canvas/cells.h"
#include "canvas/rows.h"

#define SHEET_COLUMNS_MAX 24
#define SHEET_KEY_MAX 8
#define SHEET_TEXT_MAX 255 /* characters of an id or a name */

/*
 * Every kind of CSV that Canvas imports, the index of sheets[]: first what a
 * run writes, in the order of its zip; sheets_in_order[] has Canvas's order.
 */
enum sheet_kind {
	SHEET_ACCOUNT,
	SHEET_TERM,
	SHEET_USER,
	SHEET_COURSE,
	SHEET_SECTION,
	SHEET_ENROLLMENT,
	SHEET_CHANGE_SIS_ID,
	SHEET_ABSTRACT_COURSE,
	SHEET_XLIST,
	SHEET_LOGIN,
	SHEET_ADMIN,
	SHEET_GROUP_CATEGORY,
	SHEET_GROUP,
	SHEET_GROUP_MEMBERSHIP,
	SHEET_GRADE_PUBLISHING,
	SHEET_USER_OBSERVER,
	SHEET_TAG_SET,
	SHEET_TAG,
	SHEET_TAG_MEMBERSHIP,
	SHEET_INSTITUTIONAL_CATEGORY,
	SHEET_INSTITUTIONAL_TAG,
	SHEET_INSTITUTIONAL_ASSOCIATION,
	SHEETS
};

/* What a cell holds. */
enum sheet_value {
	VALUE_TEXT,
	VALUE_ID,   /* of an object of the column's kind */
	VALUE_WORD, /* one of words, see match */
	VALUE_DATE,
	VALUE_YES_NO,
	VALUE_EMAIL,
	VALUE_LOGIN,
	VALUE_PASSWORD,
	VALUE_ROLE,  /* in a course, or of an admin */
	VALUE_NUMBER /* an id that Canvas itself gave */
};

/* How Canvas compares a word. */
enum sheet_match {
	MATCH_EXACT, /* as it stands */
	MATCH_ANY_CASE,
	MATCH_PREFIX /* the beginning only, in any case */
};

/* What else holds for a column. */
enum {
	COLUMN_OWN = 1,	       /* the id that this row gives to its object */
	COLUMN_NEEDED = 2,     /* Canvas refuses a row without it */
	COLUMN_NEEDED_NEW = 4, /* the same, of an object new to Canvas */
	COLUMN_STICKY = 8,     /* what was changed in Canvas itself stays */
	COLUMN_CLEARS = 16,    /* a blank cell clears what Canvas has */
	COLUMN_CLEARS_UNSAID = 32, /* the same, though no manual says so */
	COLUMN_SILENT = 64,	   /* an unknown id is passed over in silence */
	COLUMN_TAKEN = 128, /* Canvas refuses a second row with the value */
	COLUMN_PERSON = 256 /* about a person: never shown in a message */
};

struct sheet_column {
	const char *header;
	enum sheet_value value;
	unsigned use;		  /* COLUMN_ bits */
	enum sheet_kind kind;	  /* of VALUE_ID: whose id it is */
	const char *const *words; /* of VALUE_WORD, ends with NULL */
	enum sheet_match match;
	size_t max; /* characters, 0: no limit is known */
	/* Of the columns with one number, not 0, a row needs one at least. */
	unsigned one_of;

	sheet_cell_fn *cell; /* NULL: a run does not write the column */
	/* NULL: always written; else asks whether the settings want it. */
	bool (*wanted)(const struct policy *policy);
};

/* One kind of Canvas SIS CSV (canvas-sis 4, 5, 8). */
struct sheet {
	const char *file; /* accounts.csv; NULL: a run writes none */
	const char *name; /* accounts */
	const char *word; /* one of them in messages: "account" */
	/* The header must have all of these, */
	const char *all[3];
	/* one at least of each of these, */
	const char *any[2][3];
	/* and none of these. */
	const char *none[3];
	/* By which Canvas's own diff knows a row; none: it cannot diff it. */
	const char *key[SHEET_KEY_MAX];
	/* Columns that tell rows apart although that key leaves them out. */
	const char *also[3];
	/* Columns that Canvas reads; of SHEET_TAG_SET and later ones: none. */
	struct sheet_column columns[SHEET_COLUMNS_MAX];
	rows_each_fn *each; /* NULL: a run writes none */
};

/* By enum sheet_kind; one with a NULL name ends it. */
extern const struct sheet sheets[SHEETS + 1];

/*
 * The order in which Canvas tries headers and imports: all rows of one kind
 * before the next one.
 */
extern const enum sheet_kind sheets_in_order[SHEETS];

/* The column of a sheet by its header in lower case, NULL: there is none. */
const struct sheet_column *sheet_column(
    const struct sheet *sheet, const char *header, size_t len);

/* Asks about a header whether it has a column. */
typedef bool sheet_has_fn(const void *arg, const char *column);

/* Whether a header makes a file one of this sheet (canvas-sis 4). */
bool sheet_fits(const struct sheet *sheet, sheet_has_fn *has, const void *arg);

#endif
