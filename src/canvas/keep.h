#ifndef CANVAS_KEEP_H
#define CANVAS_KEEP_H

#include "canvas/diff_side.h"
#include "canvas/map.h"
#include "canvas/sheets.h"

#define KEEP_SHEETS (SHEET_ENROLLMENT + 1) /* that a run writes */

/* What the accepted run says that Canvas holds; its owner keeps it. */
struct keep_source {
	struct diff_input sheets[KEEP_SHEETS]; /* by enum sheet_kind */
	struct diff_input crosswalk;
	struct diff_input released; /* accounts that hold past courses */
};

/* What becomes of a row that Canvas holds and today's rows lack. */
enum keep_fate {
	KEEP_STAYS, /* held, or others stand on it: as it was */
	KEEP_REMOVED,
	KEEP_LET_GO,	 /* the source no longer covers it */
	KEEP_WITH_PARENT /* goes with the section that is removed */
};

/*
 * Which rows that Canvas holds stay although today's rows lack them: a row
 * that is held back keeps yesterday's line, and that line keeps the rows that
 * it refers to; terms and accounts wait until their courses are gone; rows
 * of past terms are let go (architecture 2).
 */
struct keep;

/*
 * Decides about all rows of the accepted run. The map and the source must
 * outlive the result, which keep_free() frees. NULL with EXIT_SOURCE when a
 * sheet of the accepted run cannot be read.
 */
struct keep *keep_make(
    const struct map *map, const struct keep_source *source, struct err *err);
void keep_free(struct keep *keep);

/* The fate of an accepted row that today's rows lack; cells as cut. */
enum keep_fate keep_fate_of(const struct keep *keep, enum sheet_kind kind,
    const struct diff_layout *layout, const struct diff_cells *cells);

/* Whether the row of an id stays although today's rows lack it. */
bool keep_stays(const struct keep *keep, enum sheet_kind kind, struct str id);

/* Whether an accepted account stands above others that stay or are sent. */
bool keep_is_parent(const struct keep *keep, const struct diff_layout *layout,
    const struct diff_cells *cells);

/* How many of today's accounts stand above others: they come first. */
size_t keep_groups(const struct keep *keep);

/* How many rows of a sheet stay; of KEEP_SHEETS: of the crosswalk. */
uint64_t keep_count(const struct keep *keep, enum sheet_kind kind);

/* Accounts that hold courses of past terms, so that nobody deletes them. */
size_t keep_released(const struct keep *keep, const sym **accounts);

#endif
