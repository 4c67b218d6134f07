#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "grades/html_text.h"

static void
html_becomes_one_line_of_text(void **state)
{
	static const struct {
		const char *html, *want;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "<p>Read chapter 4.</p><p>Answer 1-3.</p>",
		    "Read chapter 4. Answer 1-3." },
		{ "one<br>two<br/>three<BR />four", "one two three four" },
		{ "<ul>\n<li>a</li>\r\n<li>b</li></ul>", "a b" },
		{ "<table><tr><td>1</td><td>2</td></tr></table>", "1 2" },
		{ "w<b>or</b>d <em>x</em>", "word x" },
		{ "H<sub>2</sub>O", "H2O" },
		{ "<script>if (a < b) alert('</p>')</script>seen", "seen" },
		{ "a<script src='x'/>b", "a b" },
		{ "<SCRIPT>x</scripted></script >y", "y" },
		{ "<style>p { color: red }</style>y", "y" },
		{ "<style>never closed", "" },
		{ "<!-- <p>no</p> -->yes<!---->!", "yes!" },
		{ "<!DOCTYPE html><?xml?>t", "t" },
		{ "a <!-- open", "a" },
		{ "<a href=\"x>y\" title='>'>link</a>", "link" },
		{ "<a href = \"x>y\">link</a>", "link" },
		{ "<a x=\"y>open", "open" },
		{ "<p title=it's>q</p>", "q" },
		{ "3 < 4 and 5 > 2 <3", "3 < 4 and 5 > 2 <3" },
		{ "a <b", "a <b" },
		{ "x &lt;b&gt; &amp;lt; y", "x <b> &lt; y" },
		{ "&copy &copy; &rsquo; &rsquo",
		    "\xc2\xa9 \xc2\xa9 "
		    "\xe2\x80\x99 &rsquo" },
		{ "AT&T & Co; &unknown; &", "AT&T & Co; &unknown; &" },
		{ "&#65;&#x42;&#67 &#146;&#x80;&#0;&#xD800;",
		    "ABC \xe2\x80\x99\xe2\x82\xac\xef\xbf\xbd\xef\xbf\xbd" },
		{ "&#;&#x;&#xg;", "&#;&#x;&#xg;" },
		{ "a&nbsp;&nbsp;b\xc2\xa0 c", "a b c" },
		{ "a\tb\nc\r\nd  e\x01\x7f", "a b c d e" },
		{ "\xe2\x80\x8bzero\xc2\xad width&shy;\xef\xbb\xbf",
		    "zero width" },
		{ "  <p> </p>  ", "" },
		{ "=SUM(A1)", "=SUM(A1)" },
		{ "\xf0\x9f\x98\x80 \xe6\x97\xa5",
		    "\xf0\x9f\x98\x80"
		    " \xe6\x97\xa5" },
	};
	size_t i;
	char *text;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = html_text(cases[i].html);
		assert_string_equal(text, cases[i].want);
		free(text);
	}
}

static void
a_long_text_is_cut_between_characters(void **state)
{
	char *html, *text;
	size_t i;

	(void)state;
	html = calloc(1, 4 * HTML_TEXT_MAX + 10);
	assert_non_null(html);
	for (i = 0; i < HTML_TEXT_MAX + 2; i++)
		memcpy(html + 3 * i, "\xe6\x97\xa5", 3);
	text = html_text(html);
	assert_int_equal(strlen(text), 3 * HTML_TEXT_MAX);
	assert_int_equal(utf8_valid(text, strlen(text)), strlen(text));
	free(text);
	/* A blank that would be the last one goes. */
	memset(html, 'a', HTML_TEXT_MAX - 1);
	strcpy(html + HTML_TEXT_MAX - 1, " b");
	text = html_text(html);
	assert_int_equal(strlen(text), HTML_TEXT_MAX - 1);
	free(text);
	free(html);
}

static void
references_alone_are_decoded(void **state)
{
	char *text;

	(void)state;
	text = html_text_decode("<b>R&amp;D</b>  &#39;x&#x27;");
	assert_string_equal(text, "<b>R&D</b>  'x'");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html_becomes_one_line_of_text),
		cmocka_unit_test(a_long_text_is_cut_between_characters),
		cmocka_unit_test(references_alone_are_decoded),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
