#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "source/clean.h"

/* Cleans a cell that stands in memory of its own size. */
static char *
cleaned(const char *text, size_t len, size_t *newlen, unsigned *flags)
{
	char *cell;

	cell = malloc(len > 0 ? len : 1);
	memcpy(cell, text, len);
	*flags = 0;
	*newlen = clean_cell(cell, len, flags);
	assert_true(*newlen <= len);
	return cell;
}

static void
assert_cleans(const char *text, const char *want, unsigned want_flags)
{
	unsigned flags;
	size_t len;
	char *got;

	got = cleaned(text, strlen(text), &len, &flags);
	if (len != strlen(want) || memcmp(got, want, len) != 0 ||
	    flags != want_flags)
		fail_msg("\"%s\" gives \"%.*s\", flags %u", text, (int)len, got,
		    flags);
	free(got);
}

static void
blanks_at_both_ends_are_cut(void **state)
{
	(void)state;
	assert_cleans("", "", 0);
	assert_cleans("  ", "", 0);
	assert_cleans(" \t\r\na b \t\r\n", "a b", 0);
	assert_cleans(" a\tb\nc\rd ", "a\tb\nc\rd", 0);
	assert_cleans("a", "a", 0);
	assert_cleans("\u00a0a\u3000", "\u00a0a\u3000", 0);
}

static void
a_cell_of_unicode_blanks_alone_is_blank(void **state)
{
	(void)state;
	assert_cleans("\u00a0", "", 0);
	assert_cleans("\u3000 \u2003\u2028", "", 0);
	assert_cleans("\xc2\x85", "", 0);
	assert_cleans("&#160;&nbsp; ", "", CLEAN_ENTITY);
	/* Not a blank to Unicode: zero width space, byte order mark. */
	assert_cleans("\u200b", "\u200b", 0);
	assert_cleans("\ufeff", "\ufeff", 0);
}

static void
what_xml_forbids_is_cut(void **state)
{
	(void)state;
	assert_cleans("a\x01"
		      "b\x1f"
		      "c",
	    "abc", CLEAN_CONTROL);
	assert_cleans("\x0b\x0c\x08", "", CLEAN_CONTROL);
	assert_cleans("a\ufffe\uffff"
		      "b",
	    "ab", CLEAN_CONTROL);
	/* A cut at the end may leave a blank there. */
	assert_cleans("a \x02", "a", CLEAN_CONTROL);
	assert_cleans("\x02 a", "a", CLEAN_CONTROL);
	assert_cleans("\x02\u00a0", "", CLEAN_CONTROL);
	/* DEL, C1 and U+FFFD stay. */
	assert_cleans("\x7f\xc2\x9f\ufffd", "\x7f\xc2\x9f\ufffd", 0);
}

static void
references_are_decoded_once(void **state)
{
	(void)state;
	assert_cleans("Jos&eacute; &amp; &lt;b&gt; &quot;&apos;",
	    "Jos\u00e9 & <b> \"'", CLEAN_ENTITY);
	assert_cleans("&amp;amp;", "&amp;", CLEAN_ENTITY);
	assert_cleans("&amp;eacute;", "&eacute;", CLEAN_ENTITY);
	assert_cleans("&#38;#65;", "&#65;", CLEAN_ENTITY);
	assert_cleans("&#65;&#x42;&#X43;&#000000000000000068;&#x00e9;",
	    "ABCD\u00e9", CLEAN_ENTITY);
	assert_cleans("&#x10FFFD;&#8364;&#x1F600;",
	    "\U0010fffd\u20ac\U0001f600", CLEAN_ENTITY);
	/* Before the cut and the trimming. */
	assert_cleans("a&#1;b", "ab", CLEAN_ENTITY | CLEAN_CONTROL);
	assert_cleans("&#65534;", "", CLEAN_ENTITY | CLEAN_CONTROL);
	assert_cleans("&#32;a&#9;", "a", CLEAN_ENTITY);
}

static void
what_is_no_reference_stays_as_it_stands(void **state)
{
	static const char *const texts[] = { "&", "&&", "a&b", "a & b;",
		"AT&T;", "&amp", "&amp ;", "&eacute", "&Amp;", "&EACUTE;",
		"&euro;", "&hellip;", "&;", "&#;", "&#x;", "&#X;", "&#xg;",
		"&#12a;", "&#-65;", "&#+65;", "&# 65;", "&#65 ;", "&#6\t5;",
		"&#0;", "&#x0;", "&#xD800;", "&#55296;", "&#xDFFF;",
		"&#x110000;", "&#1114112;", "&#4294967361;",
		"&#18446744073709551681;", "&#x100000041;", "&ccedill;",
		"&\u00e9;" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_cleans(texts[i], texts[i], 0);
	assert_cleans("&&amp;", "&&", CLEAN_ENTITY);
	assert_cleans("&amp&lt;", "&amp<", CLEAN_ENTITY);
}

/* The Latin-1 names of HTML 4 stand for U+00A1 to U+00FF in this order. */
static void
all_latin_1_names_of_html_4_are_known(void **state)
{
	(void)state;
	assert_cleans("x&nbsp;x", "x\u00a0x", CLEAN_ENTITY);
	assert_cleans(
	    "&iexcl;&cent;&pound;&curren;&yen;&brvbar;&sect;&uml;&copy;"
	    "&ordf;&laquo;&not;&shy;&reg;&macr;&deg;&plusmn;&sup2;&sup3;"
	    "&acute;&micro;&para;&middot;&cedil;&sup1;&ordm;&raquo;&frac14;"
	    "&frac12;&frac34;&iquest;&Agrave;&Aacute;&Acirc;&Atilde;&Auml;"
	    "&Aring;&AElig;&Ccedil;&Egrave;&Eacute;&Ecirc;&Euml;&Igrave;"
	    "&Iacute;&Icirc;&Iuml;&ETH;&Ntilde;&Ograve;&Oacute;&Ocirc;"
	    "&Otilde;&Ouml;&times;&Oslash;&Ugrave;&Uacute;&Ucirc;&Uuml;"
	    "&Yacute;&THORN;&szlig;&agrave;&aacute;&acirc;&atilde;&auml;"
	    "&aring;&aelig;&ccedil;&egrave;&eacute;&ecirc;&euml;&igrave;"
	    "&iacute;&icirc;&iuml;&eth;&ntilde;&ograve;&oacute;&ocirc;"
	    "&otilde;&ouml;&divide;&oslash;&ugrave;&uacute;&ucirc;&uuml;"
	    "&yacute;&thorn;&yuml;",
	    "\u00a1\u00a2\u00a3\u00a4\u00a5\u00a6\u00a7\u00a8\u00a9"
	    "\u00aa\u00ab\u00ac\u00ad\u00ae\u00af\u00b0\u00b1\u00b2"
	    "\u00b3\u00b4\u00b5\u00b6\u00b7\u00b8\u00b9\u00ba\u00bb"
	    "\u00bc\u00bd\u00be\u00bf\u00c0\u00c1\u00c2\u00c3\u00c4"
	    "\u00c5\u00c6\u00c7\u00c8\u00c9\u00ca\u00cb\u00cc\u00cd"
	    "\u00ce\u00cf\u00d0\u00d1\u00d2\u00d3\u00d4\u00d5\u00d6"
	    "\u00d7\u00d8\u00d9\u00da\u00db\u00dc\u00dd\u00de\u00df"
	    "\u00e0\u00e1\u00e2\u00e3\u00e4\u00e5\u00e6\u00e7\u00e8"
	    "\u00e9\u00ea\u00eb\u00ec\u00ed\u00ee\u00ef\u00f0\u00f1"
	    "\u00f2\u00f3\u00f4\u00f5\u00f6\u00f7\u00f8\u00f9\u00fa"
	    "\u00fb\u00fc\u00fd\u00fe\u00ff",
	    CLEAN_ENTITY);
}

/* A few characters that make blanks, references and forbidden ones. */
static size_t
random_cell(char *cell, uint32_t *seed)
{
	static const char *const parts[] = { "&", "#", "x", ";", "amp;", "&lt;",
		"6", "5", "&#", " ", "\t", "\n", "a", "\x01", "\xc3\xa9",
		"\xc2\xa0", "\xe3\x80\x80", "\xef\xbf\xbf", "\xf0\x9f\x98\x80",
		"&#x1F600;", "&#160;", "&#55296;" };
	size_t len, n;
	const char *part;

	len = 0;
	*seed = *seed * 1664525 + 1013904223;
	for (n = (*seed >> 12) % 10; n > 0; n--) {
		*seed = *seed * 1664525 + 1013904223;
		part = parts[(*seed >> 12) %
		    (sizeof(parts) / sizeof(parts[0]))];
		memcpy(cell + len, part, strlen(part));
		len += strlen(part);
	}
	return len;
}

static bool
is_ascii_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
any_cell_is_clean_afterwards(void **state)
{
	char cell[128], *got;
	uint32_t seed, round;
	size_t len, newlen, i;
	unsigned flags;

	(void)state;
	seed = 1;
	for (round = 0; round < 100000; round++) {
		len = random_cell(cell, &seed);
		got = cleaned(cell, len, &newlen, &flags);
		assert_int_equal(utf8_valid(got, newlen), newlen);
		if (newlen > 0)
			assert_false(is_ascii_blank(got[0]) ||
			    is_ascii_blank(got[newlen - 1]));
		for (i = 0; i < newlen; i++)
			assert_false((unsigned char)got[i] < ' ' &&
			    !is_ascii_blank(got[i]));
		/* Without a flag nothing but the ends has changed. */
		if (flags == 0 && newlen > 0)
			assert_non_null(memmem(cell, len, got, newlen));
		free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_at_both_ends_are_cut),
		cmocka_unit_test(a_cell_of_unicode_blanks_alone_is_blank),
		cmocka_unit_test(what_xml_forbids_is_cut),
		cmocka_unit_test(references_are_decoded_once),
		cmocka_unit_test(what_is_no_reference_stays_as_it_stands),
		cmocka_unit_test(all_latin_1_names_of_html_4_are_known),
		cmocka_unit_test(any_cell_is_clean_afterwards),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
