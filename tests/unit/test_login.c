#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "canvas/login.h"

static const struct {
	const char *text;
	bool good;
} cases[] = {
	{ "a", true },
	{ "ann.ash", true },
	{ "ann@example.org", true },
	{ "Ann Ash", true },
	{ "O'Neil", true },
	{ "~!\"#$%&()", true },
	{ "jos\u00e9", true },
	{ "\u6f22\u5b57", true },
	{ "\U0001f600", true },
	/* Format characters and private ones can be printed. */
	{ "\u200b", true },
	{ "\u00ad", true },
	{ "\ue000", true },
	{ "", false },
	{ "a\tb", false },
	{ "a\nb", false },
	{ "a\x01", false },
	{ "a\x7f", false },
	{ "\xc2\x85", false },
	{ "\u2028", false },
	{ "\u2029", false },
	{ "a\u0378", false },
	{ "\uffff", false },
	{ "\U0010ffff", false },
};

static bool
judged(const char *text, size_t len)
{
	char *exact;
	bool good;

	exact = malloc(len > 0 ? len : 1);
	memcpy(exact, text, len);
	good = login_is_good(exact, len);
	free(exact);
	return good;
}

static void
a_login_is_of_printable_characters(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (judged(cases[i].text, strlen(cases[i].text)) !=
		    cases[i].good)
			fail_msg("%s", cases[i].text);
	}
	assert_false(judged("a\0b", 3));
}

/* Characters, not bytes. */
static void
a_login_has_1_to_100_characters(void **state)
{
	char text[202];
	size_t i;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_true(judged(text, 100));
	assert_false(judged(text, 101));
	for (i = 0; i < 101; i++)
		memcpy(text + 2 * i, "\xc3\xa9", 2);
	assert_true(judged(text, 200));
	assert_false(judged(text, 202));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login_is_of_printable_characters),
		cmocka_unit_test(a_login_has_1_to_100_characters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
