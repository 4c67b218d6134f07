#ifndef GRADES_CANVAS_COURSES_H
#define GRADES_CANVAS_COURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "grades/canvas_api.h"
#include "grades/course.h"

/* Which courses are read: one of the three. */
struct canvas_which {
	const char *const *ids; /* Canvas's, or sis_course_id:X */
	size_t nids;
	const char *sis_term_id; /* the published ones of a term; NULL */
	bool all;		 /* all published ones */
};

/* What was read. */
struct canvas_courses_counts {
	uint64_t courses, sections, students, assignments, scores;
	uint64_t unpublished; /* courses that a list had none the less */
	uint64_t strangers;   /* students with submissions who are not active
			       * in the course: concluded, test student */
	uint64_t unanswered;  /* active students without submissions */
};

/* One whole course; it is freed behind the call unless *course is set NULL.
 * -1 ends everything. */
typedef int canvas_courses_fn(
    void *arg, struct course **course, struct err *err);

/*
 * Reads courses one after the other and gives each to fn (grades B2). A
 * course that cannot be read to its end ends everything. 0, or -1 as
 * canvas_api_run() has it; fn may have been called for some then.
 */
int canvas_courses_each(struct canvas_api *api,
    const struct canvas_which *which, canvas_courses_fn *fn, void *arg,
    struct canvas_courses_counts *counts, struct err *err);

#endif
