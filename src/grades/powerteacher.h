#ifndef GRADES_POWERTEACHER_H
#define GRADES_POWERTEACHER_H

#include <stdbool.h>

#include "base/buf.h"
#include "grades/scoresheet.h"

/*
 * The files that people take to PowerTeacher, to the byte (grades A5): cells
 * are quoted only where they must be, and what looks like a formula is data
 * like any other.
 */

/*
 * Layout A, the scores of one sheet as PowerTeacher imports them; lines end
 * in CRLF or LF.
 */
void powerteacher_scores(
    const struct scoresheet *sheet, bool crlf, struct buf *out);

/* Layout B, assignments.csv: what has to be created; a line for a sheet. */
void powerteacher_assignments_header(struct buf *out);
void powerteacher_assignment(const struct scoresheet *sheet, struct buf *out);

/* Layout C, status.csv: the sheet's rows that have a flag or a note. */
void powerteacher_status_header(struct buf *out);
void powerteacher_status(const struct scoresheet *sheet, struct buf *out);

#endif
