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
the_first_run_waits_for_somebody(void **state)
{
	static const struct judged_change change = { 1000, 0, 0, 0, 1000 };
	static const struct {
		enum guard_mode mode;
		bool accepted, fixture, first;
		enum guard_verdict want;
	} cases[] = {
		{ GUARD_ENFORCE, false, false, true, GUARD_HELD },
		{ GUARD_ENFORCE, true, false, true, GUARD_PASSED },
		{ GUARD_ENFORCE, false, true, true, GUARD_PASSED },
		{ GUARD_ADDITIONS_ONLY, false, false, true, GUARD_HELD },
		{ GUARD_ADDITIONS_ONLY, true, false, true, GUARD_PASSED },
		{ GUARD_WARN, false, false, true, GUARD_WARNED },
		{ GUARD_WARN, false, true, true, GUARD_PASSED },
		/* Only for a first run: this one adds as many as there are. */
		{ GUARD_ENFORCE, true, true, false, GUARD_HELD },
	};
	struct judged_pair pair = { 0 };
	struct guard_settings settings;
	struct judged judged;
	size_t i;

	(void)state;
	judged_users(&pair, &change);
	judged_use(&pair);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		settings = judged_defaults();
		settings.mode = cases[i].mode;
		settings.first_run_accepted = cases[i].accepted;
		judged_make(&judged, &settings, &pair.texts[0], &pair.texts[1],
		    NULL, NULL);
		judged.input.first = cases[i].first;
		judged.input.fixture = cases[i].fixture;
		if (cases[i].first)
			judged.input.accepted = (struct guard_past){ 0 };
		assert_int_equal(judged_judge(&judged), cases[i].want);
		judged_free(&judged);
	}
	judged_pair_free(&pair);
}

static void
a_blackout_holds_in_every_mode_on_its_days(void **state)
{
	static const struct judged_change change = { 100, 0, 0, 0, 0 };
	static const struct {
		int32_t day;
		enum guard_mode mode;
		const char *want;
	} cases[] = {
		{ 99, GUARD_ENFORCE, "" },
		{ 100, GUARD_ENFORCE,
		    "GUARD-BLACKOUT 1970-04-11.."
		    "1970-04-21\n" },
		{ 110, GUARD_ADDITIONS_ONLY,
		    "GUARD-BLACKOUT 1970-04-11.."
		    "1970-04-21\n" },
		{ 111, GUARD_ENFORCE, "" },
		{ 200, GUARD_WARN, "GUARD-BLACKOUT 1970-07-20..1970-07-20\n" },
		{ 201, GUARD_WARN, "" },
	};
	struct guard_range ranges[] = { { 100, 110 }, { 200, 200 } };
	struct guard_settings settings;
	struct judged_pair pair = { 0 };
	struct judged judged;
	size_t i;

	(void)state;
	judged_users(&pair, &change);
	judged_use(&pair);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		settings = judged_defaults();
		settings.mode = cases[i].mode;
		settings.blackout = ranges;
		settings.nblackout = 2;
		judged_make(&judged, &settings, &pair.texts[0], &pair.texts[1],
		    NULL, NULL);
		judged.input.today = cases[i].day;
		judged_assert_reasons(&judged, cases[i].want);
		assert_int_equal(guard_verdict_of(judged.guard),
		    cases[i].want[0] == '\0' ? GUARD_PASSED : GUARD_HELD);
		judged_free(&judged);
	}
	judged_pair_free(&pair);
}

/* Nothing is taken away in that mode, so nothing of it can hold. */
static void
additions_only_looks_at_additions_alone(void **state)
{
	static const struct {
		struct judged_change change;
		uint64_t rows;
		const char *want;
	} cases[] = {
		{ { 1000, 900, 50, 50, 0 }, 100, "" },
		{ { 1000, 900, 50, 50, 500 }, 600, "" },
		{ { 1000, 900, 0, 0, 501 }, 601, "GUARD-ADDED users\n" },
		/* Canvas's rows stay, but today's tables give none. */
		{ { 1000, 0, 0, 0, 0 }, 0, "GUARD-ZERO users\n" },
	};
	struct guard_settings settings;
	struct judged judged;
	size_t i;

	(void)state;
	settings = judged_defaults();
	settings.mode = GUARD_ADDITIONS_ONLY;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct judged_pair pair = { 0 };

		judged_users(&pair, &cases[i].change);
		judged_use(&pair);
		judged_make(&judged, &settings, &pair.texts[0], &pair.texts[1],
		    NULL, NULL);
		judged.input.rows[SHEET_USER] = cases[i].rows;
		judged_assert_reasons(&judged, cases[i].want);
		judged_free(&judged);
		judged_pair_free(&pair);
	}
}

static void
warn_lists_the_same_reasons_and_holds_nothing(void **state)
{
	static const struct judged_change change = { 1000, 1000, 0, 0, 0 };
	struct guard_settings settings;
	struct judged_pair pair = { 0 };
	struct judged judged;

	(void)state;
	settings = judged_defaults();
	settings.mode = GUARD_WARN;
	judged_users(&pair, &change);
	judged_use(&pair);
	judged_make(
	    &judged, &settings, &pair.texts[0], &pair.texts[1], NULL, NULL);
	judged_assert_reasons(
	    &judged, "GUARD-ZERO users\nGUARD-REMOVED users\n");
	assert_int_equal(guard_verdict_of(judged.guard), GUARD_WARNED);
	judged_free(&judged);
	judged_pair_free(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_run_waits_for_somebody),
		cmocka_unit_test(a_blackout_holds_in_every_mode_on_its_days),
		cmocka_unit_test(additions_only_looks_at_additions_alone),
		cmocka_unit_test(warn_lists_the_same_reasons_and_holds_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
