#ifndef CANVAS_TALLY_COUNT_H
#define CANVAS_TALLY_COUNT_H

#include "canvas/tally.h"

/* The counting of one sheet, file by file or part by part of a file. */
struct tally_count;

/*
 * Starts to count into a zeroed sheet. intern and places must outlive it;
 * tally_count_end() frees it.
 */
struct tally_count *tally_count_begin(struct tally_sheet *sheet,
    enum sheet_kind kind, struct intern *intern, const struct places *places);

/*
 * Counts the rows of a file, or of a part of it: whole rows, under the
 * headers of the layout. 0, or -1 with EXIT_SOURCE or that of a signal.
 */
int tally_count_rows(struct tally_count *count,
    const struct diff_layout *layout, struct err *err);

/*
 * The same for the rows of courses and then of sections, which are taken into
 * places on the way.
 */
int tally_count_take(struct tally_count *count, struct places *places,
    const struct diff_layout *layout, struct err *err);

/* Puts the sheet's cells and shapes in order; NULL is ignored. */
void tally_count_end(struct tally_count *count);

#endif
