#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "canvas/guard_form.h"
#include "judged_pair.h"

static void
blanks_may_grow_by_so_many_points(void **state)
{
	static const struct {
		uint64_t blank_before, rows_before, blank, rows;
		bool holds;
	} cases[] = {
		{ 0, 1000, 50, 1000, false },
		{ 0, 1000, 51, 1000, true },
		{ 100, 1000, 150, 1000, false },
		{ 100, 1000, 151, 1000, true },
		{ 900, 1000, 900, 1000, false },
		{ 10, 100, 300, 2000, false }, /* 10% and 15% */
		{ 10, 100, 301, 2000, true },
		{ 0, 100, 24, 100, false }, /* below the minimum */
		{ 0, 100, 25, 100, true },
		{ 500, 1000, 0, 1000, false },
		{ 0, 0, 500, 1000, false }, /* no share before */
		{ 0, 1000, 0, 0, false },
	};
	static const struct judged_change change = { 100, 0, 0, 0, 0 };
	struct guard_blanks before = { 0 }, now = { 0 };
	struct guard_settings settings;
	struct judged_pair pair = { 0 };
	struct judged judged;
	size_t i;

	(void)state;
	settings = judged_defaults();
	judged_users(&pair, &change);
	judged_use(&pair);
	judged_make(
	    &judged, &settings, &pair.texts[0], &pair.texts[1], NULL, NULL);
	judged.input.blanks = &now;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		judged.input.blanks_before = &before;
		before.of[BLANK_STUDENT_LOGIN].blank = cases[i].blank_before;
		before.of[BLANK_STUDENT_LOGIN].rows = cases[i].rows_before;
		now.of[BLANK_STUDENT_LOGIN].blank = cases[i].blank;
		now.of[BLANK_STUDENT_LOGIN].rows = cases[i].rows;
		judged_assert_reasons(&judged,
		    cases[i].holds ? "GUARD-BLANK students.login\n" : "");
		judged.input.blanks_before = NULL; /* not known */
		judged_assert_reasons(&judged, "");
	}
	judged_free(&judged);
	judged_pair_free(&pair);
}

static void
set_users(struct buf *out, size_t first, size_t n, const char *form)
{
	for (; n > 0; n--, first++) {
		if (out->len == 0)
			buf_adds(out, "user_id,login_id,status\n");
		buf_printf(out, "%s%05zu,x,active\n", form, first);
	}
}

static void
ids_that_look_different_hold(void **state)
{
	static const struct {
		size_t before[2], now[2]; /* ids like S1, ids like 1 */
		bool holds;
	} cases[] = {
		{ { 100, 0 }, { 0, 100 }, true },
		{ { 100, 0 }, { 50, 50 }, false }, /* half exactly */
		{ { 100, 0 }, { 49, 51 }, true },
		{ { 50, 50 }, { 100, 0 }, false },
		{ { 24, 0 }, { 0, 100 }, false }, /* too few */
		{ { 100, 0 }, { 0, 24 }, false },
		{ { 25, 0 }, { 0, 25 }, true },
		{ { 100, 0 }, { 1000, 0 }, false },
	};
	struct guard_settings settings;
	struct judged judged;
	struct buf got = { 0 };
	size_t i, v;

	(void)state;
	settings = judged_defaults();
	settings.added = settings.removed[SHEET_USER] = 100;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct judged_pair pair = { 0 };

		for (v = 0; v < 2; v++) {
			const size_t *n = v == 0 ? cases[i].before :
						   cases[i].now;

			set_users(&pair.users[v], 0, n[1], "");
			set_users(&pair.users[v], 0, n[0], "S");
		}
		judged_use(&pair);
		judged_make(&judged, &settings, &pair.texts[0], &pair.texts[1],
		    NULL, NULL);
		judged_judge(&judged);
		got.len = 0;
		judged_reasons(&judged, &got);
		assert_int_equal(strstr(got.data, "GUARD-ID-FORMAT") != NULL,
		    cases[i].holds);
		judged_free(&judged);
		judged_pair_free(&pair);
	}
	buf_free(&got);
}

/* Ids of so many forms that the rare ones are not listed. */
static void
ids_without_a_form_are_compared_as_one(void **state)
{
	struct tally_sheet before = { .rows = 1000, .nshapes = TALLY_SHAPES };
	struct tally_sheet now = before;
	char text[GUARD_SHARE_TEXT];
	struct guard_share share;
	size_t i;

	(void)state;
	for (i = 0; i < TALLY_SHAPES; i++) {
		snprintf(before.shapes[i].text, TALLY_SHAPE_MAX, "-%zu", i);
		snprintf(now.shapes[i].text, TALLY_SHAPE_MAX, "+%zu", i);
		before.shapes[i].rows = now.shapes[i].rows = 50;
	}
	share = guard_form_moved(&before, &now);
	assert_true(share.part == 0); /* 800 listed, 200 are others */
	before.rows = 800;	      /* there are no others */
	share = guard_form_moved(&before, &now);
	assert_true(guard_share_exceeds(share, 50));
	/* All ids have a form now that 200 of 1000 may have had before. */
	before.rows = 1000;
	now.nshapes = 1;
	now.rows = now.shapes[0].rows = 500;
	share = guard_form_moved(&before, &now);
	guard_share_text(share, 50, "%", text);
	assert_string_equal(text, "80%");
}

static void
shares_are_written_so_that_they_agree_with_the_verdict(void **state)
{
	static const struct {
		uint64_t part, of;
		unsigned percent;
		bool exceeds;
		const char *want;
	} cases[] = {
		{ 0, 100, 10, false, "0%" },
		{ 10, 100, 10, false, "10%" },
		{ 1, 8, 10, true, "12.5%" },
		{ 1, 3, 10, true, "33.33%" },
		{ 2, 3, 10, true, "66.66%" },
		{ 1, 1, 10, true, "100%" },
		{ 1001, 10000, 10, true, "10.01%" },
		{ 100001, 1000000, 10, true, "10.01%" },
		{ 99999, 1000000, 10, false, "9.99%" },
		{ 30, 10, 50, true, "300%" },
		{ 5, 0, 100, true, "" },
		{ 0, 0, 0, false, "" },
		{ 1, 1000, 0, true, "0.1%" },
		{ 1, 8000000, 0, true, "0.01%" },
	};
	char text[GUARD_SHARE_TEXT];
	struct guard_share share;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		share = (struct guard_share){ cases[i].part, cases[i].of };
		assert_int_equal(guard_share_exceeds(share, cases[i].percent),
		    cases[i].exceeds);
		guard_share_text(share, cases[i].percent, "%", text);
		assert_string_equal(text, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_may_grow_by_so_many_points),
		cmocka_unit_test(ids_that_look_different_hold),
		cmocka_unit_test(ids_without_a_form_are_compared_as_one),
		cmocka_unit_test(
		    shares_are_written_so_that_they_agree_with_the_verdict),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
