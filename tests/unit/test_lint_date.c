#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "canvas/lint_date.h"

#define EXACT LINT_DATE_IS_EXACT
#define ZONELESS LINT_DATE_IS_ZONELESS
#define ROLLED LINT_DATE_IS_ROLLED
#define GUESSED LINT_DATE_IS_GUESSED
#define BAD LINT_DATE_IS_BAD
#define NONE LINT_DATE_IS_NONE

/* What Rails' Time.zone.parse makes of these texts in UTC. */
static const struct {
	const char *text;
	enum lint_date_kind kind;
	const char *utc; /* of dates that are understood */
} cases[] = {
	{ "2026-08-15T07:00:00Z", EXACT, "2026-08-15T07:00:00Z" },
	{ "2026-08-15 07:00:00Z", EXACT, "2026-08-15T07:00:00Z" },
	{ "2026-08-15T07:00:00-06:00", EXACT, "2026-08-15T13:00:00Z" },
	{ "2026-08-15T07:00:00-0600", EXACT, "2026-08-15T13:00:00Z" },
	{ "2026-08-15T07:00:00+0530", EXACT, "2026-08-15T01:30:00Z" },
	{ "2026-08-15T07:00:00 UTC", EXACT, "2026-08-15T07:00:00Z" },
	{ "2026-08-15T07:00:00.123Z", EXACT, "2026-08-15T07:00:00Z" },
	{ "2026-8-5T7:00Z", EXACT, "2026-08-05T07:00:00Z" },
	{ "2026-08-15T24:00:00Z", EXACT, "2026-08-16T00:00:00Z" },
	{ "2026-08-15", ZONELESS, "2026-08-15T00:00:00Z" },
	{ "2026/08/15", ZONELESS, "2026-08-15T00:00:00Z" },
	{ "20260815", ZONELESS, "2026-08-15T00:00:00Z" },
	{ "2026-08-15T07:00", ZONELESS, "2026-08-15T07:00:00Z" },
	{ "2026-02-30", ROLLED, "2026-03-02T00:00:00Z" },
	{ "2027-02-29T00:00:00Z", ROLLED, "2027-03-01T00:00:00Z" },
	{ "2026-06-31T00:00:00Z", ROLLED, "2026-07-01T00:00:00Z" },
	{ "2028-02-29T00:00:00Z", EXACT, "2028-02-29T00:00:00Z" },
	{ "05/06/2026", GUESSED, NULL },
	{ "31/12/2026", GUESSED, NULL },
	{ "8/1/26", GUESSED, NULL },
	{ "12", GUESSED, NULL },
	{ "Aug 5 2026", GUESSED, NULL },
	{ "Monday", GUESSED, NULL },
	{ "15.08.2026", GUESSED, NULL },
	{ "15-08-2026", GUESSED, NULL },
	{ "06/13/2026", BAD, NULL },
	{ "08-15-2026", BAD, NULL },
	{ "2026-13-01", BAD, NULL },
	{ "2026-00-10", BAD, NULL },
	{ "2026-08-32", BAD, NULL },
	{ "2026-10-00", BAD, NULL },
	{ "2026-08-15T25:00:00Z", BAD, NULL },
	{ "2026-08-15T07:61:00Z", BAD, NULL },
	{ "2026", BAD, NULL },
	{ "2026-08", BAD, NULL },
	{ "00/00/0000", BAD, NULL },
	{ "0000-00-00", BAD, NULL },
	{ "99", BAD, NULL },
	{ "26-13-16", BAD, NULL },
	{ "soon", NONE, NULL },
	{ "n/a", NONE, NULL },
	{ "NULL", NONE, NULL },
	{ "0", NONE, NULL },
	{ "7", NONE, NULL },
	{ "<delete>", NONE, NULL },
	{ "-", NONE, NULL },
	{ "tbd", NONE, NULL },
};

static void
dates_are_read_as_canvas_reads_them(void **state)
{
	char utc[UTC_TEXT_SIZE];
	struct lint_date date;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		date = lint_date_read(cases[i].text, strlen(cases[i].text));
		if (date.kind != cases[i].kind)
			print_error("date: %s\n", cases[i].text);
		assert_int_equal(date.kind, cases[i].kind);
		if (cases[i].utc == NULL)
			continue;
		assert_true(utc_format(date.utc, utc));
		assert_string_equal(utc, cases[i].utc);
	}
}

/* A reading ends at the cell's end, whatever stands behind it. */
static void
a_date_that_is_cut_anywhere_is_read_within_its_bounds(void **state)
{
	static const char text[] = "2026-08-15T07:00:00.123-06:00";
	char *copy;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(text); len++) {
		copy = test_malloc(len + 1);
		memcpy(copy, text, len);
		copy[len] = '9';
		if (lint_date_read(copy, len).kind == LINT_DATE_IS_EXACT)
			assert_true(len > strlen("2026-08-15T07:00:00.123-"));
		test_free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_read_as_canvas_reads_them),
		cmocka_unit_test(
		    a_date_that_is_cut_anywhere_is_read_within_its_bounds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
