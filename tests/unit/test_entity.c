#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/entity.h"

static void
names_stand_for_their_characters(void **state)
{
	static const struct {
		const char *name;
		uint32_t latin1, all;
	} cases[] = {
		{ "amp", '&', '&' },
		{ "apos", '\'', '\'' },
		{ "nbsp", 0xa0, 0xa0 },
		{ "yuml", 0xff, 0xff },
		{ "Eacute", 0xc9, 0xc9 },
		{ "eacute", 0xe9, 0xe9 },
		{ "Alpha", 0, 0x391 },
		{ "alpha", 0, 0x3b1 },
		{ "zwnj", 0, 0x200c },
		{ "rsquo", 0, 0x2019 },
		{ "hellip", 0, 0x2026 },
		{ "Dagger", 0, 0x2021 },
		{ "sub", 0, 0x2282 },
		{ "sube", 0, 0x2286 },
		{ "su", 0, 0 },
		{ "thetasym", 0, 0x3d1 },
		{ "rightarrow", 0, 0x2192 },
		{ "rightarrows", 0, 0 },
		{ "NBSP", 0, 0 },
		{ "", 0, 0 },
	};
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		len = strlen(cases[i].name);
		assert_int_equal(
		    entity_named_latin1(cases[i].name, len), cases[i].latin1);
		assert_int_equal(
		    entity_named(cases[i].name, len), cases[i].all);
	}
	/* Nothing behind the name is looked at. */
	assert_int_equal(entity_named("alphabet", 5), 0x3b1);
}

static void
numbers_stand_for_characters_that_exist(void **state)
{
	static const struct {
		const char *text;
		uint32_t want;
	} cases[] = {
		{ "65", 'A' },
		{ "x41", 'A' },
		{ "X4a", 'J' },
		{ "x10FFFF", 0x10ffff },
		{ "x110000", 0 },
		{ "xD800", 0 },
		{ "99999999999999999999", 0 },
		{ "", 0 },
		{ "x", 0 },
		{ "6a", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    entity_numbered(cases[i].text, strlen(cases[i].text)),
		    cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_for_their_characters),
		cmocka_unit_test(numbers_stand_for_characters_that_exist),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
