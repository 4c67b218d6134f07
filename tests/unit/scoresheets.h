#ifndef SCORESHEETS_H
#define SCORESHEETS_H

/* Score sheets for tests, with rows of the test's own. */

#include "grades/scoresheet.h"

#define SCORE(number, name, score)                                             \
	{                                                                      \
		number, name, score, score, "", false, false, false, false, "" \
	}
#define CODE(number, name, code)                                               \
	{                                                                      \
		number, name, code, "", "", false, false, false, false, ""     \
	}

/* A quiz of 20 points, which rows are put in. */
static inline struct scoresheet
scoresheet_with(struct scoresheet_row *rows, size_t nrows)
{
	return (struct scoresheet){ .section = "CHEM-04",
		.teacher = "Kim Orchard",
		.class_name = "Chemistry",
		.assignment_id = "81200",
		.name = "Acids Quiz",
		.abbreviation = "AcidsQuz",
		.description = "Chapter 7, pages 1-9",
		.due_date = "2026-10-09",
		.points_possible = "20.0",
		.exact_points = "20",
		.extra_points = "2.0",
		.category = "Quiz",
		.score_type = "POINTS",
		.weight = "1.0",
		.count_in_final_grade = true,
		.scores_file = "CHEM-04_AcidsQuiz_pst.csv",
		.rows = rows,
		.nrows = nrows };
}

#endif
