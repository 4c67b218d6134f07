#ifndef CANVAS_DIFF_CHANGES_H
#define CANVAS_DIFF_CHANGES_H

#include "canvas/diff_school.h"

/*
 * changes.csv: sheet,key,change,column,old,new,school (architecture 6).
 *
 * A changed row has one line for each changed cell, with the column and both
 * values. An added row has one line without a column, whose "new" is the row
 * as it stands in its CSV; a removed row has one whose "old" is that. key is
 * the row's key with | between the cells of a longer one; school is the id of
 * the account to which the row belongs. Rows come by sheet and key, but those
 * of people, whose school enrollments tell, come last.
 */
struct diff_changes;

/* Where the bytes go; 0, or -1 with err set. */
typedef int diff_changes_fn(
    void *arg, const void *bytes, size_t len, struct err *err);

/*
 * Starts the file, with its header. schools must outlive the result;
 * diff_changes_free() frees it.
 */
struct diff_changes *diff_changes_new(
    struct diff_schools *schools, diff_changes_fn *write, void *arg);
void diff_changes_free(struct diff_changes *changes);

/* Takes one difference of a sheet. 0 or -1. */
int diff_changes_add(struct diff_changes *changes, enum sheet_kind kind,
    const struct diff_event *event, struct err *err);

/* Reads the schools of people, writes what is left. 0 or -1. */
int diff_changes_end(struct diff_changes *changes, struct err *err);

#endif
