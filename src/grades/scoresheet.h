#ifndef GRADES_SCORESHEET_H
#define GRADES_SCORESHEET_H

#include <stdbool.h>
#include <stddef.h>

/*
 * One assignment in one section, ready to be written: what the rules decided,
 * in the words of PowerTeacher (grades A1, A5). Texts are UTF-8 and never
 * NULL; whoever made the sheet owns them. Numbers are decimal text in the
 * form in which they are written; those called exact are as Canvas has them,
 * for what is computed from them.
 */

struct scoresheet_row {
	const char *student_number;
	const char *student_name;
	const char *score;	 /* or a configured code; "": leave it alone */
	const char *exact_score; /* the same before rounding; "": a code */
	const char *grade; /* letter of a letter or GPA grade: A-; or "" */
	bool late, missing, exempt, collected;
	const char *note; /* for status.csv, or "" */
};

struct scoresheet {
	const char *section; /* as PowerSchool names it, from crosswalk.csv */
	const char *teacher;
	const char *class_name;
	const char *assignment_id; /* Canvas's */
	const char *name;	   /* at most 50 characters, one a section */
	const char *abbreviation;
	const char *description;		    /* plain text on one line */
	const char *due_date;			    /* YYYY-MM-DD, or "" */
	const char *points_possible, *extra_points; /* 20.0, 7.5 */
	const char *exact_points; /* possible; "": Canvas has none */
	const char *category;
	const char *score_type; /* POINTS, PERCENT, GRADESCALE, COLLECTED */
	const char *weight;	/* 1.0 */
	bool count_in_final_grade;
	const char
	    *scores_file; /* in the section's folder; "": there is none */
	struct scoresheet_row *rows;
	size_t nrows;
};

#endif
