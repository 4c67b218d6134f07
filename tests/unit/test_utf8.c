#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf8.h"

#define CODE_POINTS 0x110000

static bool
is_surrogate(uint32_t cp)
{
	return cp >= 0xd800 && cp <= 0xdfff;
}

static void
the_first_byte_that_is_not_utf8_is_found(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, want;
	} cases[] = {
		{ "", 0, 0 },
		{ "abc", 3, 3 },
		{ "a\0b", 3, 3 },
		{ "\x7f", 1, 1 },
		{ "\x80", 1, 0 },
		{ "a\xbf", 2, 1 },
		/* Longer than they need to be (RFC 3629 3). */
		{ "\xc0\x80", 2, 0 },
		{ "\xc1\xbf", 2, 0 },
		{ "\xe0\x9f\xbf", 3, 0 },
		{ "\xf0\x8f\xbf\xbf", 4, 0 },
		{ "\xc2\x80", 2, 2 },
		{ "\xe0\xa0\x80", 3, 3 },
		{ "\xf0\x90\x80\x80", 4, 4 },
		/* Surrogates and what is above U+10FFFF. */
		{ "\xed\x9f\xbf", 3, 3 },
		{ "\xed\xa0\x80", 3, 0 },
		{ "\xed\xbf\xbf", 3, 0 },
		{ "\xee\x80\x80", 3, 3 },
		{ "\xf4\x8f\xbf\xbf", 4, 4 },
		{ "\xf4\x90\x80\x80", 4, 0 },
		{ "\xf5\x80\x80\x80", 4, 0 },
		{ "\xfe", 1, 0 },
		{ "\xff", 1, 0 },
		/* Cut short, by the end or by another byte. */
		{ "a\xc3", 2, 1 },
		{ "\xe2\x82", 2, 0 },
		{ "\xf0\x9f\x98", 3, 0 },
		{ "\xc3(", 2, 0 },
		{ "\xe2(\xa1", 3, 0 },
		{ "\xe2\x82(", 3, 0 },
		{ "\xf0\x9f\x98(", 4, 0 },
		{ "\xc3\xa9\xc3", 3, 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (utf8_valid(cases[i].bytes, cases[i].len) != cases[i].want)
			fail_msg("case %zu", i);
	}
}

static void
a_bad_byte_is_found_wherever_it_stands(void **state)
{
	char text[200];
	size_t at, len;

	(void)state;
	for (len = 1; len <= 70; len++) {
		for (at = 0; at < len; at++) {
			memset(text, 'a', sizeof(text));
			text[at] = (char)0xe9;
			assert_int_equal(utf8_valid(text, len), at);
		}
	}
	memset(text, 'a', sizeof(text));
	text[64] = (char)0xe9;
	assert_int_equal(utf8_valid(text, 64), 64);
}

static void
every_character_is_written_and_read_back(void **state)
{
	char bytes[4];
	uint32_t cp, got;
	size_t len;

	(void)state;
	for (cp = 0; cp < CODE_POINTS; cp++) {
		if (is_surrogate(cp))
			continue;
		len = utf8_encode(cp, bytes);
		if (utf8_valid(bytes, len) != len ||
		    utf8_length(bytes, len) != 1 ||
		    utf8_decode(bytes, len, &got) != len || got != cp)
			fail_msg("U+%04X", cp);
	}
}

static void
characters_are_counted_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(utf8_length("", 0), 0);
	assert_int_equal(utf8_length("Jos\xc3\xa9", 5), 4);
	assert_int_equal(utf8_length("\xe6\xbc\xa2\xf0\x9f\x98\x80", 7), 2);
}

static void
case_changes_character_by_character(void **state)
{
	static const struct {
		const char *text, *lower, *upper;
	} cases[] = {
		{ "aZ09-_", "az09-_", "AZ09-_" },
		{ "\u00c9t\u00e9", "\u00e9t\u00e9", "\u00c9T\u00c9" },
		{ "\u0130", "i\u0307", "\u0130" },
		{ "\u0131", "\u0131", "I" },
		{ "\u03a3\u03c2", "\u03c3\u03c2", "\u03a3\u03a3" },
		/* Two bytes become three, three become two. */
		{ "\u023a", "\u2c65", "\u023a" },
		{ "\u2c65", "\u2c65", "\u023a" },
		{ "\u1e9e", "\u00df", "\u1e9e" },
		{ "\u01c5", "\u01c6", "\u01c4" },
		{ "\u0416\u0436", "\u0436\u0436", "\u0416\u0416" },
		{ "\u6f22", "\u6f22", "\u6f22" },
		{ "\U00010400", "\U00010428", "\U00010400" },
		{ "", "", "" },
	};
	char out[64];
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		len = strlen(cases[i].text);
		out[utf8_lower(cases[i].text, len, out)] = '\0';
		assert_string_equal(out, cases[i].lower);
		out[utf8_upper(cases[i].text, len, out)] = '\0';
		assert_string_equal(out, cases[i].upper);
	}
}

/* Unicode's simple mapping gives it none; full mapping would give SS. */
static void
sharp_s_has_no_upper_case_of_its_own(void **state)
{
	char out[8];

	(void)state;
	out[utf8_upper("\u00df", 2, out)] = '\0';
	assert_string_equal(out, "\u00df");
}

static void
a_change_of_case_fits_the_room_that_is_promised(void **state)
{
	char bytes[4], out[4 * UTF8_CASE_GROWTH];
	size_t len, got;
	uint32_t cp;

	(void)state;
	for (cp = 0; cp < CODE_POINTS; cp++) {
		if (is_surrogate(cp))
			continue;
		len = utf8_encode(cp, bytes);
		got = utf8_lower(bytes, len, out);
		if (got > len * UTF8_CASE_GROWTH || utf8_valid(out, got) != got)
			fail_msg("lower U+%04X", cp);
		got = utf8_upper(bytes, len, out);
		if (got > len * UTF8_CASE_GROWTH || utf8_valid(out, got) != got)
			fail_msg("upper U+%04X", cp);
	}
}

/* The property White_Space of Unicode's PropList.txt. */
static void
blanks_are_those_of_unicode_and_no_others(void **state)
{
	static const uint32_t blanks[] = { 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20,
		0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
		0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029,
		0x202f, 0x205f, 0x3000 };
	const size_t n = sizeof(blanks) / sizeof(blanks[0]);
	uint32_t cp;
	size_t next;

	(void)state;
	next = 0;
	for (cp = 0; cp < CODE_POINTS; cp++) {
		if (utf8_is_blank(cp) != (next < n && blanks[next] == cp))
			fail_msg("U+%04X", cp);
		if (next < n && blanks[next] == cp)
			next++;
	}
}

static void
only_controls_separators_and_unassigned_are_unprintable(void **state)
{
	static const struct {
		uint32_t cp;
		bool printable;
	} cases[] = {
		{ 0x00, false },
		{ 0x09, false },
		{ 0x1f, false },
		{ 0x20, true },
		{ 0x7e, true },
		{ 0x7f, false },
		{ 0x80, false },
		{ 0x9f, false },
		{ 0xa0, true },
		{ 0xad, true },
		{ 0xe9, true },
		{ 0x0378, false },
		{ 0x200b, true },
		{ 0x200f, true },
		{ 0x2028, false },
		{ 0x2029, false },
		{ 0xd800, false },
		{ 0xdfff, false },
		{ 0xe000, true },
		{ 0xfeff, true },
		{ 0xfffe, false },
		{ 0xffff, false },
		{ 0x1f600, true },
		{ 0x10ffff, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (utf8_is_printable(cases[i].cp) != cases[i].printable)
			fail_msg("U+%04X", cases[i].cp);
	}
}

static void
a_fold_is_the_same_for_any_case_and_spelling(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" }, { "Cell QUIZ", "cell quiz" },
		{ "\xc3\x89", "\xc3\xa9" },  /* one character */
		{ "E\xcc\x81", "\xc3\xa9" }, /* a letter and its accent */
		{ "STRASSE", "strasse" },
		{ "Stra\xc3\x9f"
		  "e",
		    "strasse" },
		{ "a\xff"
		  "B",
		    "a\xff"
		    "B" }, /* not UTF-8 */
	};
	size_t i;
	char *folded;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		folded = utf8_fold(cases[i].text, strlen(cases[i].text));
		assert_string_equal(folded, cases[i].want);
		free(folded);
	}
}

static void
units_are_those_of_utf_16(void **state)
{
	static const char text[] = "a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80";

	(void)state;
	assert_int_equal(utf8_units(text, 0), 0);
	assert_int_equal(utf8_units(text, strlen(text)), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_byte_that_is_not_utf8_is_found),
		cmocka_unit_test(a_bad_byte_is_found_wherever_it_stands),
		cmocka_unit_test(every_character_is_written_and_read_back),
		cmocka_unit_test(characters_are_counted_not_bytes),
		cmocka_unit_test(case_changes_character_by_character),
		cmocka_unit_test(sharp_s_has_no_upper_case_of_its_own),
		cmocka_unit_test(
		    a_change_of_case_fits_the_room_that_is_promised),
		cmocka_unit_test(blanks_are_those_of_unicode_and_no_others),
		cmocka_unit_test(
		    only_controls_separators_and_unassigned_are_unprintable),
		cmocka_unit_test(a_fold_is_the_same_for_any_case_and_spelling),
		cmocka_unit_test(units_are_those_of_utf_16),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
