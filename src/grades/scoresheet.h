#ifndef GRADES_SCORESHEET_H
#define GRADES_SCORESHEET_H

#include <stdbool.h>
#include <stddef.h>

/*
 * One assignment in one section, ready to be written: what the rules decided,
 * in the words of PowerTeacher (grades A1, A5). Texts are UTF-8 and never
 * NULL; whoever made the sheet owns them. Numbers are decimal text in the
 * form in which they are written.
 */

struct scoresheet_row {
	const char *student_number;
	const char *student_name;
	const char *score; /* or a configured code; "": leave it alone */
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
	const char *category;
	const char *score_type; /* POINTS, PERCENT, GRADESCALE, COLLECTED */
	const char *weight;	/* 1.0 */
	bool count_in_final_grade;
	struct scoresheet_row *rows;
	size_t nrows;
};

#endif
