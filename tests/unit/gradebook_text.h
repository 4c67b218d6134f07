#ifndef UNIT_GRADEBOOK_TEXT_H
#define UNIT_GRADEBOOK_TEXT_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "grades/gradebook_csv.h"

/*
 * A gradebook read from text, and as text again: a line for each section,
 * assignment, student and score, each note as its number, line and column.
 */

static inline void
gradebook_text_note(void *arg, const struct gradebook_note *note)
{
	struct buf *out;

	out = arg;
	buf_printf(out, "note %d %u:%u %s\n", (int)note->kind, note->line,
	    note->column, note->subject);
}

static inline void
gradebook_text_students(const struct course *course, struct buf *out)
{
	const struct course_student *student;
	size_t i, j;

	for (i = 0; i < course->nstudents; i++) {
		student = &course->students[i];
		buf_printf(out, "%s|%s|%s|%s|%s%s in", student->sortable_name,
		    student->id, student->sis_id, student->login_id,
		    student->integration_id, student->is_test ? "|test" : "");
		for (j = 0; j < course->nenrollments; j++) {
			if (course->enrollments[j].student == i)
				buf_printf(
				    out, " %u", course->enrollments[j].section);
		}
		buf_addc(out, '\n');
	}
}

static inline void
gradebook_text_course(const struct course *course, struct buf *out)
{
	const struct course_assignment *assignment;
	const struct course_score *score;
	size_t i;

	for (i = 0; i < course->nsections; i++)
		buf_printf(out, "section %s\n", course->sections[i].name);
	for (i = 0; i < course->ngroups; i++)
		buf_printf(out, "group %s\n", course->groups[i].name);
	for (i = 0; i < course->nassignments; i++) {
		assignment = &course->assignments[i];
		buf_printf(out, "%s (%s) of %s column %u%s%s%s\n",
		    assignment->name, assignment->id,
		    assignment->points_possible, assignment->column,
		    assignment->post_manually == COURSE_YES ? " manual" : "",
		    assignment->grading_type == GRADING_GPA_SCALE ? " gpa" : "",
		    assignment->group != COURSE_NONE ? " in a group" : "");
	}
	gradebook_text_students(course, out);
	for (i = 0; i < course->nscores; i++) {
		score = &course->scores[i];
		buf_printf(out, "%u/%u=%s%s%s%s%s\n", score->assignment,
		    score->student, score->score, score->grade,
		    (score->flags & SCORE_EXCUSED) != 0 ? " excused" : "",
		    (score->flags & SCORE_UNASSIGNED) != 0 ? " unassigned" : "",
		    (score->flags & SCORE_UNPOSTED) != 0 ? " unposted" : "");
	}
}

/* Reads len bytes; 0 or -1. Notes, then the course or the error, go to out. */
static inline int
gradebook_text_read(
    const char *bytes, size_t len, const char *const *known, struct buf *out)
{
	struct gradebook_options options = { known, gradebook_text_note, out };
	struct err err = { 0 };
	struct course *course;
	char *copy;
	int rc;

	copy = mem_zalloc(1, len + GRADEBOOK_SPARE);
	if (len > 0)
		memcpy(copy, bytes, len);
	course = course_new(COURSE_FROM_CSV);
	rc = gradebook_csv_parse("g.csv", copy, len, &options, course, &err);
	/* The course keeps nothing of the bytes. */
	memset(copy, '#', len);
	free(copy);
	if (rc == 0)
		gradebook_text_course(course, out);
	else
		buf_printf(out, "%d %s\n", (int)err.code, err.msg);
	course_free(course);
	buf_str(out);
	return rc;
}

/* A gradebook and what must come of it; the name says the rule. */
struct gradebook_case {
	const char *rule, *csv, *want;
};

static inline void
gradebook_text_check(
    const struct gradebook_case *cases, size_t n, const char *const *known)
{
	struct buf out;
	size_t i;

	for (i = 0; i < n; i++) {
		out = (struct buf){ 0 };
		gradebook_text_read(
		    cases[i].csv, strlen(cases[i].csv), known, &out);
		if (strcmp(out.data, cases[i].want) != 0)
			print_message("# %s\n", cases[i].rule);
		assert_string_equal(out.data, cases[i].want);
		buf_free(&out);
	}
}

#define GRADEBOOK_CHECK(cases, known)                                          \
	gradebook_text_check(cases, sizeof(cases) / sizeof((cases)[0]), known)

#define HEAD "Student,ID,SIS User ID,SIS Login ID,Section,"
#define QUIZ HEAD "Q (1)\n    Points Possible,,,,,4\n"
#define QUIZ_READ "Q (1) of 4 column 6\n"

#endif
