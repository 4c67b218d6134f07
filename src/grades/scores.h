#ifndef GRADES_SCORES_H
#define GRADES_SCORES_H

#include <stdbool.h>
#include <stddef.h>

#include "grades/course.h"
#include "grades/decimal.h"
#include "grades/grade_policy.h"
#include "grades/scoresheet.h"

/* What stands in a student's cell, and why (grades A5, B2 "Semantics"). */
struct scores_cell {
	struct scoresheet_row row; /* its number and name are the caller's */
	bool has_number;
	struct decimal number; /* as it is written */
	bool was_rounded;
	bool lacks_number; /* a grade that is none: A-, with no score */
	bool is_hidden;	   /* students cannot see it */
};

/* score may be NULL: nothing is known. Texts live as long as the course. */
void scores_cell(struct scores_cell *cell, struct course *course,
    const struct grade_policy *policy,
    const struct course_assignment *assignment,
    const struct course_score *score);

/* Points possible and extra points of a sheet. */
struct scores_points {
	struct decimal possible, extra;
	const char *exact; /* possible, as Canvas has it; "": none */
	bool none, zero, rounded;
	size_t over; /* scores above possible and extra points together */
};

/*
 * Counts them from the sheet's cells: of an assignment without points the
 * largest score is extra; so is what is above the points possible, when the
 * settings say so (grades A5 "Derivations").
 */
void scores_points(struct scores_points *points, struct course *course,
    const struct grade_policy *policy,
    const struct course_assignment *assignment, const struct scores_cell *cells,
    size_t ncells);

/* Does a cell's score need more than the points possible? */
bool scores_is_over(
    const struct scores_points *points, const struct scores_cell *cell);

/* A number as points are written, or as scores are; lives as the course. */
const char *scores_keep_points(
    struct course *course, const struct decimal *number);
const char *scores_keep(struct course *course, const struct decimal *number);

#endif
