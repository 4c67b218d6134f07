#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "judged_pair.h"

static void
a_share_of_exactly_the_limit_passes(void **state)
{
	static const struct {
		struct judged_change change;
		const char *want;
	} cases[] = {
		/* before, removed, suspended, changed, added */
		{ { 1000, 50, 0, 0, 0 }, "" },
		{ { 1000, 51, 0, 0, 0 }, "GUARD-REMOVED users\n" },
		{ { 1000, 0, 50, 0, 0 }, "" },
		{ { 1000, 0, 51, 0, 0 }, "GUARD-REMOVED users\n" },
		{ { 1000, 25, 25, 0, 0 }, "" },
		{ { 1000, 25, 26, 0, 0 }, "GUARD-REMOVED users\n" },
		{ { 1000, 0, 0, 750, 0 }, "" },
		{ { 1000, 0, 0, 751, 0 }, "GUARD-CHANGED users\n" },
		{ { 1000, 0, 50, 700, 0 }, "" },
		{ { 1000, 0, 50, 701, 0 }, "GUARD-CHANGED users\n" },
		{ { 1000, 0, 0, 0, 500 }, "" },
		{ { 1000, 0, 0, 0, 501 }, "GUARD-ADDED users\n" },
		{ { 1000, 51, 0, 751, 501 },
		    "GUARD-REMOVED users\n"
		    "GUARD-CHANGED users\nGUARD-ADDED users\n" },
		{ { 999, 50, 0, 0, 0 }, "GUARD-REMOVED users\n" },
		{ { 1001, 50, 0, 0, 0 }, "" },
	};
	struct guard_settings settings;
	size_t i;

	(void)state;
	settings = judged_defaults();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		judged_assert_change(
		    &cases[i].change, &settings, cases[i].want);
}

static void
fewer_rows_than_the_minimum_never_hold(void **state)
{
	static const struct {
		struct judged_change change;
		uint64_t minimum;
		const char *want;
	} cases[] = {
		{ { 25, 24, 0, 0, 0 }, 25, "" },
		{ { 30, 25, 0, 0, 0 }, 25, "GUARD-REMOVED users\n" },
		{ { 24, 0, 0, 24, 0 }, 25, "" },
		{ { 25, 0, 0, 25, 0 }, 25, "GUARD-CHANGED users\n" },
		{ { 2, 0, 0, 0, 24 }, 25, "" },
		{ { 2, 0, 0, 0, 25 }, 25, "GUARD-ADDED users\n" },
		{ { 2, 1, 0, 0, 0 }, 0, "GUARD-REMOVED users\n" },
		{ { 2, 0, 0, 0, 0 }, 0, "" },
		{ { 2, 1, 0, 0, 0 }, 2, "" },
		/* What was not there before is more than any share of it. */
		{ { 0, 0, 0, 0, 24 }, 25, "" },
		{ { 0, 0, 0, 0, 25 }, 25, "GUARD-ADDED users\n" },
		{ { 0, 0, 0, 0, 0 }, 0, "" },
	};
	struct guard_settings settings;
	size_t i;

	(void)state;
	settings = judged_defaults();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		settings.minimum = cases[i].minimum;
		judged_assert_change(
		    &cases[i].change, &settings, cases[i].want);
	}
}

static void
a_sheet_that_has_no_rows_left_always_holds(void **state)
{
	static const struct judged_change few = { 3, 3, 0, 0, 0 };
	static const struct judged_change many = { 100, 100, 0, 0, 0 };
	static const struct judged_change none = { 0, 0, 0, 0, 0 };
	struct guard_settings settings;

	(void)state;
	settings = judged_defaults();
	settings.removed[SHEET_USER] = 100;
	judged_assert_change(&few, &settings, "GUARD-ZERO users\n");
	judged_assert_change(&many, &settings, "GUARD-ZERO users\n");
	judged_assert_change(&none, &settings, "");
	settings.removed[SHEET_USER] = 5;
	judged_assert_change(
	    &many, &settings, "GUARD-ZERO users\nGUARD-REMOVED users\n");
}

/* One school of 200 with others beside it that stay as they are. */
static void
assert_school(size_t before, size_t now, const char *want)
{
	struct guard_settings settings;
	struct judged_pair pair = { 0 };
	struct judged judged;

	settings = judged_defaults();
	judged_school(&pair, "100", before, now, "student");
	judged_school(&pair, "200", 3000, 3000, "student");
	judged_use(&pair);
	judged_make(
	    &judged, &settings, &pair.texts[0], &pair.texts[1], NULL, NULL);
	judged_assert_reasons(&judged, want);
	judged_free(&judged);
	judged_pair_free(&pair);
}

static void
one_school_does_not_hide_inside_the_districts_limit(void **state)
{
	static const struct {
		size_t before, now;
		const char *want;
	} cases[] = {
		{ 200, 200, "" },
		{ 200, 100, "" }, /* half of it exactly */
		{ 200, 99,
		    "GUARD-LOST school 100 enrollments\n"
		    "GUARD-LOST term t100 enrollments\n" },
		{ 200, 0,
		    "GUARD-GONE school 100 enrollments\n"
		    "GUARD-GONE term t100 enrollments\n" },
		{ 25, 0,
		    "GUARD-GONE school 100 enrollments\n"
		    "GUARD-GONE term t100 enrollments\n" },
		{ 24, 0, "" },	/* fewer than the minimum */
		{ 40, 16, "" }, /* 24 lost */
		{ 40, 15,
		    "GUARD-LOST school 100 enrollments\n"
		    "GUARD-LOST term t100 enrollments\n" },
		{ 200, 300, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_school(cases[i].before, cases[i].now, cases[i].want);
}

/* Same rows, other role: nothing is fewer, but a role is gone. */
static void
a_role_that_disappears_holds(void **state)
{
	struct guard_settings settings;
	struct judged_pair pair = { 0 };
	struct judged judged;
	size_t n;

	(void)state;
	settings = judged_defaults();
	settings.removed[SHEET_ENROLLMENT] = 100;
	judged_school(&pair, "100", 400, 400, "student");
	for (n = 0; n < 30; n++) {
		buf_printf(&pair.enrollments[0], "s100,T%05zu,ta,active\n", n);
		buf_printf(
		    &pair.enrollments[1], "s100,T%05zu,teacher,active\n", n);
	}
	judged_use(&pair);
	judged_make(
	    &judged, &settings, &pair.texts[0], &pair.texts[1], NULL, NULL);
	judged_assert_reasons(&judged, "GUARD-GONE role ta enrollments\n");
	judged_free(&judged);
	judged_pair_free(&pair);
}

/* No enrollment is touched, yet the school has none any more. */
static void
courses_that_move_to_another_school_take_their_rows_along(void **state)
{
	struct guard_settings settings;
	struct judged_pair pair = { 0 };
	struct judged judged;

	(void)state;
	settings = judged_defaults();
	settings.changed = 100;
	judged_school(&pair, "100", 60, 60, "student");
	judged_school(&pair, "200", 60, 60, "student");
	pair.courses[1].len = 0;
	buf_adds(&pair.courses[1],
	    "course_id,short_name,account_id,term_id\n"
	    "c100,x,200,t100\nc200,x,200,t200\n");
	judged_use(&pair);
	judged_make(
	    &judged, &settings, &pair.texts[0], &pair.texts[1], NULL, NULL);
	judged_assert_reasons(&judged, "GUARD-GONE school 100 enrollments\n");
	judged_free(&judged);
	judged_pair_free(&pair);
}

/* Every row of a school is another one: nothing is fewer, all is lost. */
static void
rows_that_are_replaced_are_lost(void **state)
{
	struct guard_settings settings;
	struct judged_pair pair = { 0 };
	struct judged judged;
	size_t n;

	(void)state;
	settings = judged_defaults();
	judged_school(&pair, "100", 100, 0, "student");
	for (n = 0; n < 100; n++)
		buf_printf(
		    &pair.enrollments[1], "s100,X%05zu,student,active\n", n);
	judged_school(&pair, "200", 3000, 3000, "student");
	judged_use(&pair);
	judged_make(
	    &judged, &settings, &pair.texts[0], &pair.texts[1], NULL, NULL);
	judged_assert_reasons(&judged,
	    "GUARD-LOST school 100 enrollments\n"
	    "GUARD-LOST term t100 enrollments\n");
	judged_free(&judged);
	judged_pair_free(&pair);
}

static void
a_term_that_is_let_go_is_not_lost(void **state)
{
	static const char *const let_go[] = { "t100", NULL };
	static const char *const none[] = { NULL };
	struct guard_settings settings;
	struct judged_pair pair = { 0 };
	struct judged judged;

	(void)state;
	settings = judged_defaults();
	settings.removed[SHEET_ENROLLMENT] = 100;
	judged_school(&pair, "100", 90, 0, "student");
	judged_school(&pair, "200", 60, 60, "student");
	judged_use(&pair);
	judged_make(
	    &judged, &settings, &pair.texts[0], &pair.texts[1], NULL, let_go);
	judged_assert_reasons(&judged, "");
	judged_free(&judged);
	judged_make(
	    &judged, &settings, &pair.texts[0], &pair.texts[1], NULL, none);
	judged_assert_reasons(&judged,
	    "GUARD-GONE school 100 enrollments\n"
	    "GUARD-GONE term t100 enrollments\n"
	    "GUARD-LOST role student enrollments\n");
	judged_free(&judged);
	judged_pair_free(&pair);
}

/* What is let go is no part of what a share is of. */
static void
rows_that_are_let_go_do_not_make_a_share_smaller(void **state)
{
	static const char *const let_go[] = { "t100", NULL };
	struct guard_settings settings;
	struct judged_pair pair = { 0 };
	struct judged judged;

	(void)state;
	settings = judged_defaults();
	judged_school(&pair, "100", 900, 0, "student");
	judged_school(&pair, "200", 250, 224, "student");
	judged_use(&pair);
	judged_make(
	    &judged, &settings, &pair.texts[0], &pair.texts[1], NULL, let_go);
	judged_assert_reasons(&judged, "GUARD-REMOVED enrollments\n");
	judged_free(&judged);
	judged_pair_free(&pair);
}

static void
small_losses_of_many_days_are_seen(void **state)
{
	static const struct judged_change day = { 1000, 40, 0, 0, 0 };
	static const struct judged_change week = { 1020, 0, 0, 0, 0 };
	struct guard_settings settings;
	struct judged_pair today = { 0 }, before = { 0 };
	struct judged judged;

	(void)state;
	settings = judged_defaults();
	judged_users(&today, &day);
	judged_users(&before, &week);
	judged_use(&today);
	judged_use(&before);
	judged_make(
	    &judged, &settings, &today.texts[0], &today.texts[1], NULL, NULL);
	judged_assert_reasons(&judged, "");
	judged_free(&judged);
	judged_make(&judged, &settings, &today.texts[0], &today.texts[1],
	    &before.texts[0], NULL);
	judged_assert_reasons(&judged, "GUARD-BASELINE users\n");
	judged.input.baseline_run = NULL;
	judged_assert_reasons(&judged, "");
	judged_free(&judged);
	judged_pair_free(&today);
	judged_pair_free(&before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_of_exactly_the_limit_passes),
		cmocka_unit_test(fewer_rows_than_the_minimum_never_hold),
		cmocka_unit_test(a_sheet_that_has_no_rows_left_always_holds),
		cmocka_unit_test(
		    one_school_does_not_hide_inside_the_districts_limit),
		cmocka_unit_test(a_role_that_disappears_holds),
		cmocka_unit_test(
		    courses_that_move_to_another_school_take_their_rows_along),
		cmocka_unit_test(rows_that_are_replaced_are_lost),
		cmocka_unit_test(a_term_that_is_let_go_is_not_lost),
		cmocka_unit_test(
		    rows_that_are_let_go_do_not_make_a_share_smaller),
		cmocka_unit_test(small_losses_of_many_days_are_seen),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
