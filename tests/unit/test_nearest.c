#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/nearest.h"

static const char *const names[] = { "course_short", "course_long", "section",
	"sections", "account", "term", "id", NULL };

static const struct {
	const char *wrong;
	const char *want;
} cases[] = {
	{ "course_longg", "course_long" },
	{ "COURSE_LONG", "course_long" },
	{ "coruse_long", "course_long" }, /* one swap is one slip */
	{ "tremm", "term" },
	{ "ectoin", "section" },	 /* two slips, of which a swap */
	{ "sectionx", "section" },	 /* the first of two */
	{ "corse_lngx", "course_long" }, /* 3 slips in 11 letters */
	{ "acc", NULL },
	{ "xyzzy", NULL },
	{ "no", NULL }, /* as many slips as letters */
	{ "", NULL },
	{ "i", "id" },
};

static void
the_nearest_name_within_a_few_slips_is_found(void **state)
{
	const char *got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		got = nearest_name(cases[i].wrong, names);
		if (cases[i].want == NULL) {
			assert_null(got);
			continue;
		}
		assert_non_null(got);
		assert_string_equal(got, cases[i].want);
	}
}

static void
no_names_give_no_name(void **state)
{
	static const char *const none[] = { NULL };

	(void)state;
	assert_null(nearest_name("term", none));
}

static void
long_names_are_compared_by_their_start_and_length(void **state)
{
	char wrong[5001], right[201], other[101];
	const char *const long_names[] = { other, right, NULL };

	(void)state;
	memset(right, 'a', 200);
	right[200] = '\0';
	memset(other, 'a', 100);
	other[100] = '\0';
	memset(wrong, 'a', 5000);
	wrong[5000] = '\0';
	assert_null(nearest_name(wrong, long_names));
	wrong[201] = '\0';
	wrong[3] = 'b';
	assert_ptr_equal(nearest_name(wrong, long_names), right);
}

int
main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_name_within_a_few_slips_is_found),
		cmocka_unit_test(no_names_give_no_name),
		cmocka_unit_test(
		    long_names_are_compared_by_their_start_and_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
