#ifndef GRADES_COURSE_SHEETS_H
#define GRADES_COURSE_SHEETS_H

#include <stdint.h>

#include "grades/course.h"
#include "grades/crosswalk.h"
#include "grades/grade_findings.h"
#include "grades/grade_policy.h"
#include "grades/scoresheet.h"

/*
 * The sheets of one course: for each of its sections what is ready to be
 * written and what was left out. Their texts live as long as the course.
 */

struct left_out {
	uint32_t assignment; /* of the course */
	enum grade_rule why;
};

struct section_sheets {
	uint32_t section;   /* of the course */
	const char *course; /* as findings name it */
	const char *name;   /* as it is written; "": the section was left out */
	const char *key;    /* SIS id, else Canvas id, else name */
	size_t students;    /* that have a number */
	struct scoresheet *sheets; /* in the order of the gradebook */
	size_t nsheets;
	struct left_out *left;
	size_t nleft;
};

struct course_sheets {
	struct course *course;
	const char *name; /* the course in findings: id, or file */
	struct section_sheets *sections;
	size_t nsections;
};

/* What the sheets are made by. */
struct course_sheets_maker {
	const struct grade_policy *policy;
	const struct crosswalk *crosswalk; /* NULL: none is needed */
	struct grade_findings *findings;
};

/*
 * Makes the sheets of a course, whose scores are sorted; the zone in use is
 * the course's. course_sheets_free() frees all but the course.
 */
void course_sheets_make(struct course_sheets *sheets, struct course *course,
    const struct course_sheets_maker *maker);
void course_sheets_free(struct course_sheets *sheets);

#endif
