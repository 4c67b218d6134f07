#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "grades/due.h"
#include "grades/rules.h"
#include "grades/scores.h"

/* A policy in which every code is configured. */
static const struct grade_policy with_codes = {
	.code_excused = "EX", .code_missing = "MIS", .default_category = ""
};
static const struct grade_policy plain = {
	.code_excused = "", .code_missing = "", .default_category = ""
};
static const struct grade_policy hiding = { .code_excused = "",
	.code_missing = "MIS",
	.default_category = "",
	.skip_unposted = true };

struct cell_case {
	const char *what;
	const struct grade_policy *policy;
	enum grading_type type;
	const char *points, *score, *grade;
	uint32_t flags;
	const char *cell, *exact, *letter;
};

static const struct cell_case cell_cases[] = {
	{ "a score is what Canvas showed", &plain, GRADING_POINTS, "20", "18.5",
	    "18.5", SCORE_GRADED, "18.5", "18.5", "" },
	{ "zeros behind the mark go", &plain, GRADING_POINTS, "20", "22.00",
	    "22", SCORE_GRADED, "22", "22", "" },
	{ "half goes up, by the digits", &plain, GRADING_POINTS, "3", "2.675",
	    "2.675", SCORE_GRADED, "2.68", "2.675", "" },
	{ "a third is cut to two places", &plain, GRADING_POINTS, "10",
	    "8.333333333333334", "8.33", SCORE_GRADED, "8.33",
	    "8.333333333333334", "" },
	{ "below zero half goes away from it", &plain, GRADING_POINTS, "10",
	    "-0.005", "-0.005", SCORE_GRADED, "-0.01", "-0.005", "" },
	{ "0 is a real zero", &plain, GRADING_POINTS, "10", "0", "0",
	    SCORE_GRADED, "0", "0", "" },
	{ "excused is blank, never 0", &plain, GRADING_POINTS, "10", "0", "0",
	    SCORE_EXCUSED | SCORE_GRADED, "", "", "" },
	{ "excused is the code that is configured", &with_codes, GRADING_POINTS,
	    "10", "", "", SCORE_EXCUSED, "EX", "", "" },
	{ "missing is blank", &plain, GRADING_POINTS, "10", "", "",
	    SCORE_MISSING, "", "", "" },
	{ "missing is the code that is configured", &with_codes, GRADING_POINTS,
	    "10", "", "", SCORE_MISSING, "MIS", "", "" },
	{ "missing with a score is the score", &with_codes, GRADING_POINTS,
	    "10", "2", "2", SCORE_MISSING | SCORE_GRADED, "2", "2", "" },
	{ "not given is blank", &with_codes, GRADING_POINTS, "10", "", "",
	    SCORE_UNASSIGNED | SCORE_MISSING, "", "", "" },
	{ "complete is all points", &plain, GRADING_PASS_FAIL, "5", "",
	    "complete", SCORE_GRADED, "5", "5", "" },
	{ "incomplete is 0", &plain, GRADING_PASS_FAIL, "5", "", "incomplete",
	    SCORE_GRADED, "0", "0", "" },
	{ "complete of no points is no number", &plain, GRADING_PASS_FAIL, "",
	    "", "complete", SCORE_GRADED, "", "", "" },
	{ "a letter goes beside its score", &plain, GRADING_LETTER_GRADE, "100",
	    "91", "A-", SCORE_GRADED, "91", "91", "A-" },
	{ "a letter alone is no score", &plain, GRADING_GPA_SCALE, "4", "", "B",
	    SCORE_GRADED, "", "", "B" },
	{ "a percent grade is its score", &plain, GRADING_PERCENT, "15", "14",
	    "93.33%", SCORE_GRADED, "14", "14", "" },
	{ "hidden scores travel", &plain, GRADING_POINTS, "10", "7", "7",
	    SCORE_UNPOSTED | SCORE_GRADED, "7", "7", "" },
	{ "or stay, as the settings say", &hiding, GRADING_POINTS, "10", "7",
	    "7", SCORE_UNPOSTED | SCORE_GRADED, "", "", "" },
	{ "and are not called missing", &hiding, GRADING_POINTS, "10", "0", "0",
	    SCORE_UNPOSTED | SCORE_MISSING | SCORE_GRADED, "", "", "" },
};

static void
a_cell_is_what_the_rules_say(void **state)
{
	struct course_assignment *assignment;
	const struct cell_case *c;
	struct scores_cell cell;
	struct course *course;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cell_cases) / sizeof(cell_cases[0]); i++) {
		c = &cell_cases[i];
		course = course_new(COURSE_FROM_API);
		assignment = course_add_assignment(course);
		assignment->grading_type = c->type;
		assignment->points_possible = c->points;
		scores_cell(&cell, course, c->policy, assignment,
		    &(struct course_score){
			0, 0, 0, c->score, c->grade, c->flags });
		if (strcmp(cell.row.score, c->cell) != 0 ||
		    strcmp(cell.row.exact_score, c->exact) != 0 ||
		    strcmp(cell.row.grade, c->letter) != 0)
			fail_msg("%s: got \"%s\" (exact \"%s\", letter \"%s\")",
			    c->what, cell.row.score, cell.row.exact_score,
			    cell.row.grade);
		course_free(course);
	}
}

static void
excused_work_is_neither_late_nor_missing(void **state)
{
	struct course_assignment *assignment;
	struct scores_cell cell;
	struct course *course;

	(void)state;
	course = course_new(COURSE_FROM_API);
	assignment = course_add_assignment(course);
	scores_cell(&cell, course, &plain, assignment,
	    &(struct course_score){ 0, 0, 0, "", "",
		SCORE_EXCUSED | SCORE_LATE | SCORE_MISSING | SCORE_SUBMITTED });
	assert_true(cell.row.exempt);
	assert_false(cell.row.late);
	assert_false(cell.row.missing);
	assert_true(cell.row.collected);
	course_free(course);
}

struct points_case {
	const char *what;
	bool for_excess;
	const char *points, *side, *scores[3]; /* ends with NULL */
	const char *possible, *extra;
	size_t over;
};

static const struct points_case points_cases[] = {
	{ "points have one decimal at least", false, "20", "", { "3" }, "20.0",
	    "0.0", 0 },
	{ "and two at most", false, "2.255", "", { "1" }, "2.26", "0.0", 0 },
	{ "no points: the largest score is extra", false, "", "",
	    { "4", "7.5" }, "0.0", "7.5", 0 },
	{ "zero points: the same", false, "0.0", "", { "3" }, "0.0", "3.0", 0 },
	{ "zero points, and nobody has any", false, "0", "", { "0" }, "0.0",
	    "0.0", 0 },
	{ "more than possible is left as it is", false, "20", "",
	    { "22", "19" }, "20.0", "0.0", 1 },
	{ "or the extra points make room", true, "20", "", { "22", "19" },
	    "20.0", "2.0", 0 },
	{ "less than possible needs none", true, "20", "", { "2" }, "20.0",
	    "0.0", 0 },
	{ "a side file's extra points count first", true, "20", "5", { "22" },
	    "20.0", "5.0", 0 },
	{ "and may not reach", false, "20", "1", { "22" }, "20.0", "1.0", 1 },
};

static void
points_and_extra_points_are_what_the_rules_say(void **state)
{
	struct course_assignment *assignment;
	struct grade_policy policy = plain;
	const struct points_case *c;
	struct scores_points points;
	struct scores_cell cells[2];
	struct course *course;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(points_cases) / sizeof(points_cases[0]); i++) {
		c = &points_cases[i];
		policy.extra_for_excess = c->for_excess;
		course = course_new(COURSE_FROM_API);
		assignment = course_add_assignment(course);
		assignment->points_possible = c->points;
		assignment->extra_points = c->side;
		for (n = 0; c->scores[n] != NULL; n++)
			scores_cell(&cells[n], course, &policy, assignment,
			    &(struct course_score){ 0, 0, 0, c->scores[n],
				c->scores[n], SCORE_GRADED });
		scores_points(&points, course, &policy, assignment, cells, n);
		if (strcmp(scores_keep_points(course, &points.possible),
			c->possible) != 0 ||
		    strcmp(scores_keep_points(course, &points.extra),
			c->extra) != 0 ||
		    points.over != c->over)
			fail_msg("%s: %s and %s, %zu over", c->what,
			    scores_keep_points(course, &points.possible),
			    scores_keep_points(course, &points.extra),
			    points.over);
		course_free(course);
	}
}

/* 2026-03-19T03:59:59Z is still the 18th in New York. */
#define MIDNIGHT_IN_NEW_YORK 1773892799

static void
a_due_date_is_the_sections_in_the_courses_zone(void **state)
{
	struct course_assignment *assignment;
	struct course_override *overrides;
	struct err err = { 0 };
	struct course *course;
	struct due due;

	(void)state;
	assert_int_equal(
	    date_use_zone("America/New_York", "the test", &err), 0);
	course = course_new(COURSE_FROM_API);
	assignment = course_add_assignment(course);
	assignment->due_at = MIDNIGHT_IN_NEW_YORK;
	overrides = course_overrides(course, 3);
	overrides[0] = (struct course_override){ 1, true,
		MIDNIGHT_IN_NEW_YORK + 86400, 0 };
	overrides[1] = (struct course_override){ COURSE_NONE, true,
		MIDNIGHT_IN_NEW_YORK + 7 * 86400, 2 };
	overrides[2] = (struct course_override){ 2, false, 0, 0 };
	assignment->overrides = overrides;
	assignment->noverrides = 3;
	due = due_of(course, assignment, 0);
	assert_int_equal(due.date, date_of(2026, 3, 18));
	assert_int_equal(due.singles, 2);
	assert_false(due.is_outside);
	due = due_of(course, assignment, 1);
	assert_int_equal(due.date, date_of(2026, 3, 19));
	due = due_of(course, assignment, 2);
	assert_int_equal(due.date, date_of(2026, 3, 18));
	course->term_end = MIDNIGHT_IN_NEW_YORK;
	assert_false(due_of(course, assignment, 0).is_outside);
	assert_true(due_of(course, assignment, 1).is_outside);
	assignment->due_date = "2026-02-30";
	assert_true(due_of(course, assignment, 0).is_bad);
	assignment->due_date = "2026-02-28";
	assert_int_equal(
	    due_of(course, assignment, 1).date, date_of(2026, 2, 28));
	course_free(course);
}

static void
an_assignment_goes_where_it_is_given_and_graded(void **state)
{
	struct course_score score = { 0, 0, 0, "", "", 0 };
	const struct course_score *const list[] = { &score, NULL };
	const struct rules_scores scores = { 0, list, 2 };
	struct course_assignment quiz = { .name = "Quiz" };
	bool some_only;

	(void)state;
	assert_true(rules_is_given(&quiz, &scores, &some_only));
	assert_false(some_only);
	assert_int_equal(
	    rules_for_section(&plain, &scores), GRADE_NOTHING_GRADED);
	score.flags = SCORE_EXCUSED | SCORE_GRADED;
	assert_int_equal(
	    rules_for_section(&plain, &scores), GRADE_NOTHING_GRADED);
	score.flags = SCORE_UNPOSTED | SCORE_GRADED;
	score.score = "0";
	assert_int_equal(rules_for_section(&plain, &scores), RULES_TAKEN);
	assert_int_equal(
	    rules_for_section(&hiding, &scores), GRADE_ALL_UNPOSTED);
	quiz.only_visible_to_overrides = true;
	assert_true(rules_is_given(&quiz, &scores, &some_only));
	assert_true(some_only);
	score.score = "";
	assert_false(rules_is_given(&quiz, &scores, &some_only));
}

static void
the_mark_for_the_sis_counts_where_a_course_uses_it(void **state)
{
	const struct grade_policy sis = { .sis_only = true };
	struct course_assignment one = {
		.name = "a", .published = COURSE_YES, .post_to_sis = COURSE_NO
	};

	(void)state;
	assert_int_equal(
	    rules_for_course(&sis, &one, COURSE_YES), GRADE_NOT_FOR_SIS);
	assert_int_equal(rules_for_course(&sis, &one, COURSE_NO), RULES_TAKEN);
	assert_int_equal(
	    rules_for_course(&plain, &one, COURSE_YES), RULES_TAKEN);
	one.published = COURSE_NO;
	assert_int_equal(
	    rules_for_course(&plain, &one, COURSE_YES), GRADE_NOT_PUBLISHED);
	one.published = COURSE_UNKNOWN;
	one.grading_type = GRADING_NOT_GRADED;
	assert_int_equal(
	    rules_for_course(&plain, &one, COURSE_YES), GRADE_NOT_GRADED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_what_the_rules_say),
		cmocka_unit_test(excused_work_is_neither_late_nor_missing),
		cmocka_unit_test(
		    points_and_extra_points_are_what_the_rules_say),
		cmocka_unit_test(
		    a_due_date_is_the_sections_in_the_courses_zone),
		cmocka_unit_test(
		    an_assignment_goes_where_it_is_given_and_graded),
		cmocka_unit_test(
		    the_mark_for_the_sis_counts_where_a_course_uses_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
