#ifndef COMPARE_RESULT_H
#define COMPARE_RESULT_H

#include "compare/compare.h"
#include "compare/compare_schools.h"

#define COMPARE_SHOWN 20 /* rows of a sheet, without --all */

/* A cell of a row that differs. */
struct compare_cell {
	const char *column;
	bool key;
	char *old, *new; /* NULL: the row is not there */
};

/*
 * A row that differs: of a changed one the cells that changed, of the others
 * all that are not blank.
 */
struct compare_row {
	enum diff_change change;
	char *key;
	struct diff_owner owner;
	struct compare_cell *cells;
	size_t ncells, cap;
};

struct compare_sheet {
	enum sheet_kind kind;
	bool has[2]; /* by enum diff_version */
	uint64_t rows[2];
	struct compare_count count;
	struct compare_row *shown; /* the first ones, without --all */
	size_t nshown;
	char **columns; /* names that rows point at */
	size_t ncolumns;
};

struct compare_result {
	const char *labels[2];		  /* by enum diff_version */
	struct compare_package *packages; /* two of them, likewise */
	bool all;
	bool different;
	struct compare_sheet sheets[SHEETS]; /* in Canvas's order */
	size_t nsheets;
	struct compare_schools schools; /* open when different */
	char **notes;			/* whole sentences */
	size_t nnotes, capnotes;
};

/*
 * Compares two packages, which must outlive the result; all: every row is to
 * be shown. 0 or -1; compare_result_free() in both cases.
 */
int compare_result_make(struct compare_result *result,
    const char *const labels[2], struct compare_package packages[2], bool all,
    struct err *err);
void compare_result_free(struct compare_result *result);

/* Called with each row that is to be shown; -1 stops. */
typedef int compare_row_fn(
    void *arg, const struct compare_row *row, struct err *err);

/* The rows of a sheet that are to be shown. 0, or what fn returned. */
int compare_result_rows(struct compare_result *result,
    const struct compare_sheet *sheet, compare_row_fn *fn, void *arg,
    struct err *err);

/* How many rows that differ are not to be shown. */
uint64_t compare_result_left_out(
    const struct compare_result *result, const struct compare_sheet *sheet);

#endif
