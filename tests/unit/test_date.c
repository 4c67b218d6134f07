#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"

static void
dates_are_read_as_exports_spell_them(void **state)
{
	static const struct {
		const char *text;
		const char *want; /* "" blank, "?" not a date */
	} cases[] = {
		{ "2026-11-23", "2026-11-23" },
		{ "2026-11-23 00:00:00", "2026-11-23" },
		{ "2026-11-23T7:05", "2026-11-23" },
		{ "2026-11-23T07:05:09.123Z", "2026-11-23" },
		{ "2026-11-23 07:05 PM", "2026-11-23" },
		{ "2026-11-23T07:05:09-08:00", "2026-11-23" },
		{ "2026-11-23T07:05:09+0100", "2026-11-23" },
		{ "2026-11-23x", "?" },
		{ "2026-11-23 ", "?" },
		{ "2026-11-23T7", "?" },
		{ "2026-1-2", "?" },
		{ "11/23/2026", "2026-11-23" },
		{ "1/2/2026", "2026-01-02" },
		{ "9/2/25", "2025-09-02" },
		{ "02/29/2028", "2028-02-29" },
		{ "02/29/2026", "?" },
		{ "2026-02-30", "?" },
		{ "2100-02-29", "?" },
		{ "2000-02-29", "2000-02-29" },
		{ "13/1/2026", "?" },
		{ "1/32/2026", "?" },
		{ "11/23/2026 00:00", "?" },
		{ "1/1/026", "?" },
		{ "", "" },
		{ "0/0/0", "" },
		{ "00/00/0000", "" },
		{ "0000-00-00", "" },
		{ "00/00/00", "" },
		{ "01/01/1900", "" },
		{ "1899-12-30", "" },
		{ "1900-01-01 00:00:00", "" },
		{ "1901-01-01", "1901-01-01" },
		{ "0/0/2026", "?" },
		{ "N/A", "?" },
		{ "20261123", "?" },
		{ "9999-12-31", "9999-12-31" },
		{ "-1", "?" },
	};
	char text[DATE_TEXT_SIZE];
	int32_t date;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		date = date_parse(cases[i].text, strlen(cases[i].text));
		date_format(date, text);
		assert_string_equal(
		    date == DATE_BAD ? "?" : text, cases[i].want);
	}
}

static void
every_day_number_splits_and_joins(void **state)
{
	unsigned month, day;
	int32_t date;
	int year;

	(void)state;
	assert_int_equal(date_of(1970, 1, 1), 0);
	for (date = -30000; date < 3000000; date++) {
		date_split(date, &year, &month, &day);
		if (date_of(year, month, day) != date)
			fail_msg("day %d", (int)date);
	}
}

static void
local_days_become_utc_right_across_dst(void **state)
{
	static const struct {
		const char *zone, *date;
		int32_t second;
		const char *want;
	} cases[] = {
		{ "America/Los_Angeles", "2026-08-17", 0,
		    "2026-08-17T07:00:00Z" },
		{ "America/Los_Angeles", "2027-01-22", 86399,
		    "2027-01-23T07:59:59Z" },
		/* The clock goes back and forward in the night. */
		{ "America/Los_Angeles", "2026-11-01", 0,
		    "2026-11-01T07:00:00Z" },
		{ "America/Los_Angeles", "2026-11-01", 86399,
		    "2026-11-02T07:59:59Z" },
		{ "America/Los_Angeles", "2027-03-14", 86399,
		    "2027-03-15T06:59:59Z" },
		/* 01:30 comes twice: the first. 02:30 is skipped. */
		{ "America/Los_Angeles", "2026-11-01", 5400,
		    "2026-11-01T08:30:00Z" },
		{ "America/Los_Angeles", "2027-03-14", 9000,
		    "2027-03-14T10:30:00Z" },
		/* Midnight itself is skipped here. */
		{ "America/Havana", "2026-03-08", 0, "2026-03-08T05:00:00Z" },
		{ "Asia/Tokyo", "2026-04-01", 0, "2026-03-31T15:00:00Z" },
		{ "UTC", "2026-04-01", 86399, "2026-04-01T23:59:59Z" },
	};
	char text[UTC_TEXT_SIZE];
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(date_use_zone(cases[i].zone, "x", &err), 0);
		assert_true(utc_format(
		    date_to_utc(date_parse(cases[i].date, 10), cases[i].second),
		    text));
		assert_string_equal(text, cases[i].want);
	}
	assert_int_equal(date_use_zone("America/Los_Angeles", "x", &err), 0);
	assert_false(
	    utc_format(date_to_utc(date_parse("9999-12-31", 10), 86399), text));
}

static void
today_is_the_districts_date(void **state)
{
	struct err err = { 0 };
	int64_t now;

	(void)state;
	assert_int_equal(clock_parse("2026-11-24T06:30:00Z", &now), 0);
	assert_int_equal(date_use_zone("America/Los_Angeles", "x", &err), 0);
	assert_int_equal(date_at(now), date_parse("2026-11-23", 10));
	assert_int_equal(date_use_zone("Asia/Tokyo", "x", &err), 0);
	assert_int_equal(date_at(now), date_parse("2026-11-24", 10));
	assert_int_equal(date_at(-1), date_parse("1970-01-01", 10));
}

static void
now_takes_a_moment_or_a_date_and_nothing_else(void **state)
{
	static const char *const bad[] = { "", "now", "2026-13-01",
		"2026-11-23T10:00", "2026-11-23T25:00:00Z",
		"2026-11-23T10:00:00", "2026-11-23T10:00:00Zx" };
	struct err err = { 0 };
	int64_t now, other;
	size_t i;

	(void)state;
	assert_int_equal(date_use_zone("UTC", "x", &err), 0);
	assert_int_equal(clock_parse("2026-11-23T10:00:00-02:00", &now), 0);
	assert_int_equal(clock_parse("2026-11-23", &other), 0);
	assert_true(now == other);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(clock_parse(bad[i], &now), -1);
}

static void
an_unknown_zone_is_refused_not_taken_as_utc(void **state)
{
	static const char *const bad[] = { "", "America/Los_Angles",
		"../../etc/passwd", "/etc/passwd", "America/" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = { 0 };

		assert_int_equal(date_use_zone(bad[i], "x", &err), -1);
		assert_int_equal(err.code, EXIT_SETTINGS);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_read_as_exports_spell_them),
		cmocka_unit_test(every_day_number_splits_and_joins),
		cmocka_unit_test(local_days_become_utc_right_across_dst),
		cmocka_unit_test(today_is_the_districts_date),
		cmocka_unit_test(now_takes_a_moment_or_a_date_and_nothing_else),
		cmocka_unit_test(an_unknown_zone_is_refused_not_taken_as_utc),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
