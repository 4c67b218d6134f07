#ifndef ROSTER_STUDENT_EMAIL_H
#define ROSTER_STUDENT_EMAIL_H

#include "roster/roster.h"

/*
 * Chooses each student's row of studentemail, found by the student's id or
 * dcid: a primary one first, of equals the address that sorts first, so that
 * the order of the rows does not matter (mapping 1). Returns a row or
 * ROW_NONE for each row of students; the caller frees it. Rows that were not
 * chosen are merged, or skipped when they belong to no student.
 */
uint32_t *student_email_choose(struct roster *roster);

#endif
