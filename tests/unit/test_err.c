#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>
#include <cmocka.h>

#include "base/err.h"

static void
the_first_failure_and_its_hint_win(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_set(&err, EXIT_SOURCE, "cc.csv:%d: bad", 3), -1);
	assert_int_equal(err_hint(&err, "export %s again", "cc"), -1);
	assert_int_equal(err_set(&err, EXIT_IO, "later"), -1);
	assert_int_equal(err_set_errno(&err, EXIT_IO, EIO, "last"), -1);
	assert_int_equal(err_hint(&err, "other"), -1);
	assert_int_equal(err.code, EXIT_SOURCE);
	assert_string_equal(err.msg, "cc.csv:3: bad");
	assert_string_equal(err.hint, "export cc again");
}

static void
the_systems_reason_stands_behind_the_text(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_set_errno(&err, EXIT_IO, ENOENT,
			     "%s: cannot be"
			     " read",
			     "a.ini"),
	    -1);
	assert_int_equal(err.code, EXIT_IO);
	assert_string_equal(
	    err.msg, "a.ini: cannot be read: No such file or directory");
}

static void
a_text_that_is_too_long_is_cut_not_overrun(void **state)
{
	static char text[4096];
	struct err err = { 0 }, other = { 0 };

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	err_set(&err, EXIT_IO, "%s", text);
	err_hint(&err, "%s", text);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	assert_int_equal(strlen(err.hint), sizeof(err.hint) - 1);
	err_set_errno(&other, EXIT_IO, EIO, "%s", text);
	assert_int_equal(strlen(other.msg), sizeof(other.msg) - 1);
}

/* Schedulers act on these numbers, so they never change. */
static void
exit_codes_are_the_documented_numbers(void **state)
{
	static const struct {
		enum exit_code code;
		int number;
	} cases[] = {
		{ EXIT_DONE, 0 },
		{ EXIT_DIFFERENT, 1 },
		{ EXIT_USAGE, 2 },
		{ EXIT_SETTINGS, 3 },
		{ EXIT_SOURCE, 4 },
		{ EXIT_TEMPORARY, 5 },
		{ EXIT_INVALID, 6 },
		{ EXIT_HELD, 7 },
		{ EXIT_DELIVERY, 8 },
		{ EXIT_CANVAS, 9 },
		{ EXIT_IO, 10 },
		{ EXIT_LOCKED, 11 },
		{ EXIT_BUG, 70 },
		{ EXIT_SIGINT, 130 },
		{ EXIT_SIGTERM, 143 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(cases[i].code, cases[i].number);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_failure_and_its_hint_win),
		cmocka_unit_test(the_systems_reason_stands_behind_the_text),
		cmocka_unit_test(a_text_that_is_too_long_is_cut_not_overrun),
		cmocka_unit_test(exit_codes_are_the_documented_numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
