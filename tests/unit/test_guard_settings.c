#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/date.h"
#include "judged.h"
#include "settings.h"

static void
settings_are_read_with_their_defaults(void **state)
{
	struct guard_settings settings, want;
	struct err err = { 0 };
	struct conf *conf;
	size_t kind;

	(void)state;
	conf = conf_load(NULL, settings_options, NULL, &err);
	assert_non_null(conf);
	assert_int_equal(guard_settings_load(&settings, conf, &err), 0);
	want = judged_defaults();
	assert_int_equal(settings.mode, GUARD_ENFORCE);
	assert_false(settings.first_run_accepted);
	for (kind = 0; kind < KEEP_SHEETS; kind++)
		assert_int_equal(settings.removed[kind], want.removed[kind]);
	assert_int_equal(settings.changed, want.changed);
	assert_int_equal(settings.added, want.added);
	assert_int_equal(settings.lost, want.lost);
	assert_int_equal(settings.blank, want.blank);
	assert_int_equal(settings.minimum, want.minimum);
	assert_int_equal(settings.baseline_days, want.baseline_days);
	assert_int_equal(settings.nblackout, 0);
	guard_settings_free(&settings);
	conf_free(conf);
}

static void
settings_are_read_as_they_are_given(void **state)
{
	static const char *const given[] = { "guard.mode=additions-only",
		"guard.first_run=accept", "guard.removed=20%",
		"guard.users.removed=7%", "guard.changed=60%",
		"guard.added=30%", "guard.lost=40%", "guard.blank=3",
		"guard.minimum=100", "guard.baseline_days=14",
		"guard.blackout=2027-06-10..2027-08-15, 2029-09-09", NULL };
	struct guard_settings settings;
	struct err err = { 0 };
	struct conf *conf;

	(void)state;
	conf = conf_load(NULL, settings_options, given, &err);
	assert_non_null(conf);
	assert_int_equal(guard_settings_load(&settings, conf, &err), 0);
	assert_int_equal(settings.mode, GUARD_ADDITIONS_ONLY);
	assert_true(settings.first_run_accepted);
	assert_int_equal(settings.removed[SHEET_ENROLLMENT], 20);
	assert_int_equal(settings.removed[SHEET_USER], 7);
	assert_int_equal(settings.changed, 60);
	assert_int_equal(settings.added, 30);
	assert_int_equal(settings.lost, 40);
	assert_int_equal(settings.blank, 3);
	assert_int_equal(settings.minimum, 100);
	assert_int_equal(settings.baseline_days, 14);
	assert_int_equal(settings.nblackout, 2);
	assert_int_equal(settings.blackout[0].first, date_of(2027, 6, 10));
	assert_int_equal(settings.blackout[0].last, date_of(2027, 8, 15));
	assert_int_equal(settings.blackout[1].first, date_of(2029, 9, 9));
	assert_int_equal(settings.blackout[1].last, date_of(2029, 9, 9));
	guard_settings_free(&settings);
	conf_free(conf);
}

static void
a_range_of_days_that_is_none_is_refused_with_its_place(void **state)
{
	static const char *const bad[] = { "2027-06-10..", "2027-06-10.2027",
		"2027-08-15..2027-06-10", "2027-02-30..2027-03-01",
		"2027-06-10..2027-06-31", "10 June", "2027-6-10..2027-6-20",
		"2027-06-10..2027-06-20x", "2027-06-10--2027-06-20",
		"2027-06-01, tomorrow", "0000-00-00", "2027-06-1x" };
	char given[80];
	const char *const overrides[] = { given, NULL };
	struct guard_settings settings;
	struct conf *conf;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = { 0 };

		snprintf(given, sizeof(given), "guard.blackout=%s", bad[i]);
		conf = conf_load(NULL, settings_options, overrides, &err);
		assert_non_null(conf);
		assert_int_equal(
		    guard_settings_load(&settings, conf, &err), -1);
		assert_int_equal(err.code, EXIT_SETTINGS);
		assert_non_null(strstr(err.msg, "-o guard.blackout"));
		assert_non_null(strstr(err.msg, "nothing was published"));
		assert_non_null(strstr(err.hint, "2027-06-10..2027-08-15"));
		guard_settings_free(&settings);
		conf_free(conf);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_read_with_their_defaults),
		cmocka_unit_test(settings_are_read_as_they_are_given),
		cmocka_unit_test(
		    a_range_of_days_that_is_none_is_refused_with_its_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
