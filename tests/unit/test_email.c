#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "canvas/email.h"

/* Judges an address that stands in memory of its own size. */
static bool
judged(const char *text, size_t len)
{
	char *exact;
	bool good;

	exact = malloc(len > 0 ? len : 1);
	memcpy(exact, text, len);
	good = email_is_good(exact, len);
	free(exact);
	return good;
}

static void
assert_all(const char *const *texts, size_t n, bool good)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (judged(texts[i], strlen(texts[i])) != good)
			fail_msg("%s", texts[i]);
	}
}

static void
one_bare_address_is_good(void **state)
{
	static const char *const texts[] = { "a@host", "a@b.example.org",
		"ann.ash@example.org", "a..b@x", ".a@x", "a.@x", "...a...@x",
		"a+b-c_d@x-y.z", "!#$%&'*+/=?^_`{|}~-@!#$%&'*+/=?^_`{|}~-",
		"0@0", "O'Neil@example.org" };

	(void)state;
	assert_all(texts, sizeof(texts) / sizeof(texts[0]), true);
}

static void
letters_of_any_script_are_good(void **state)
{
	static const char *const texts[] = { "jos\u00e9@example.org",
		"\u6f22@\u5b57", "a@b\u00fccher.example.org", "\U0001f600@x",
		"\xc2\x80@x" };

	(void)state;
	assert_all(texts, sizeof(texts) / sizeof(texts[0]), true);
}

static void
quoted_local_parts_are_good(void **state)
{
	static const char *const texts[] = { "\"a b\"@x", "\"\"@x",
		"\"a@b,c\"@x", "\"a\\\"b\"@x", "\"a\\\\\"@x", "\"a\"b@x",
		"a\"b\"@x", "\"a\".\"b\"@x", "\"\u00a0\"@x", "\"\t\"@x",
		"\"\\\r\"@x", "\"\\\n\"@x" };

	(void)state;
	assert_all(texts, sizeof(texts) / sizeof(texts[0]), true);
}

static void
anything_but_one_bare_address_is_bad(void **state)
{
	static const char *const texts[] = { "", "a", "@", "a@", "@x", ".@x",
		"...@x", "a@b@c", "a@x.", "a@.x", "a@x..y", "a@x.y.",
		/* Display names, lists, comments, groups, routes. */
		"Ann <a@x>", "<a@x>", "a@x,b@x", "a@x;b@x", "a@x, b@x",
		"a@x (Ann)", "(Ann)a@x", "g:a@x;", "@y:a@x", "mailto:a@x",
		/* Address literals. */
		"a@[192.0.2.1]", "a@[x]",
		/* Quotes in the wrong place or never closed. */
		"\"a@x", "a\"@x", "\"a\\\"@x", "\"a\\", "\"", "a@\"x\"",
		"a@x\"y\"", "\"a\nb\"@x", "\"a\rb\"@x", "a\\b@x" };

	(void)state;
	assert_all(texts, sizeof(texts) / sizeof(texts[0]), false);
}

static void
blanks_and_controls_outside_quotes_are_bad(void **state)
{
	static const char *const texts[] = { " a@x", "a@x ", "a @x", "a@ x",
		"a b@x", "a@x y", "a\t@x", "a@x\n", "\ra@x", "a\x01@x",
		"a\x7f@x", "\u00a0a@x", "a\u3000@x", "a@x\u2028", "\xc2\x85@x",
		"\"a\"\u00a0@x", "\"a\" @x", "a. b@x" };

	(void)state;
	assert_all(texts, sizeof(texts) / sizeof(texts[0]), false);
	assert_false(judged("a\0b@x", 5));
	assert_false(judged("a@x\0", 4));
}

/* Characters, not bytes. */
static void
an_address_has_at_most_255_characters(void **state)
{
	char text[600];
	size_t i;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 250, "@host", 5);
	assert_true(judged(text, 255));
	memcpy(text + 250, "a@host", 6);
	assert_false(judged(text, 256));
	for (i = 0; i < 251; i++)
		memcpy(text + 2 * i, "\xc3\xa9", 2);
	memcpy(text + 500, "@host", 5);
	assert_true(judged(text, 505));
	memcpy(text + 500, "\xc3\xa9@host", 7);
	assert_false(judged(text, 507));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_bare_address_is_good),
		cmocka_unit_test(letters_of_any_script_are_good),
		cmocka_unit_test(quoted_local_parts_are_good),
		cmocka_unit_test(anything_but_one_bare_address_is_bad),
		cmocka_unit_test(blanks_and_controls_outside_quotes_are_bad),
		cmocka_unit_test(an_address_has_at_most_255_characters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
