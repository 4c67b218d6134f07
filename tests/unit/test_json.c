#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"

/* Prints and frees the document. */
static void
assert_prints(struct json *json, const char *want)
{
	char *got;

	got = json_print(json);
	json_free(json);
	assert_string_equal(got, want);
	free(got);
}

static void
keys_keep_the_order_in_which_they_were_set(void **state)
{
	struct json *json, *files;

	(void)state;
	json = json_object();
	json_set_text(json, "zulu", "last letter");
	json_set_number(json, "alpha", 7);
	json_set_yes(json, "held", false);
	json_set_yes(json, "clean", true);
	json_set_null(json, "approval");
	files = json_array();
	json_append_text(files, "users.csv");
	json_append(files, json_array());
	json_set(json, "files", files);
	json_set_text(json, "zulu", "again");
	assert_prints(json,
	    "{\n\t\"zulu\": \"again\",\n\t\"alpha\": 7,\n"
	    "\t\"held\": false,\n\t\"clean\": true,\n\t\"approval\": null,\n"
	    "\t\"files\": [\"users.csv\", []]\n}\n");
}

static void
keys_that_differ_in_case_are_two_keys(void **state)
{
	struct json *json;

	(void)state;
	json = json_object();
	json_set_number(json, "id", 1);
	json_set_number(json, "ID", 2);
	assert_prints(json, "{\n\t\"id\": 1,\n\t\"ID\": 2\n}\n");
}

static void
large_numbers_keep_every_digit(void **state)
{
	struct json *json;

	(void)state;
	json = json_object();
	json_set_number(json, "beyond_double", 9007199254740993u);
	json_set_number(json, "largest", UINT64_MAX);
	assert_prints(json,
	    "{\n\t\"beyond_double\": 9007199254740993,\n"
	    "\t\"largest\": 18446744073709551615\n}\n");
}

static void
text_is_escaped_and_a_tab_behind_a_colon_survives(void **state)
{
	struct json *json;

	(void)state;
	json = json_object();
	json_set_text(json, "a\":\t", "x:\ty\n\x01\\ \"q\" \xC3\xA9");
	assert_prints(json,
	    "{\n\t\"a\\\":\\t\": "
	    "\"x:\\ty\\n\\u0001\\\\ \\\"q\\\" \xC3\xA9\"\n}\n");
}

static void
each_byte_that_is_not_utf8_becomes_one_replacement(void **state)
{
	struct json *json;

	(void)state;
	json = json_array();
	json_append_text(json, "Ren\xE9 \xC3\xA9\xFF\xFE");
	json_append_text(json, "\xC3");
	json_append_text(json, "");
	assert_prints(json,
	    "[\"Ren\xEF\xBF\xBD \xC3\xA9\xEF\xBF\xBD"
	    "\xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \"\"]\n");
}

static const struct json_origin origin = { "page 3", 4096, EXIT_SOURCE };

static struct json *
parse(const char *text)
{
	struct err err = { 0 };
	struct json *json;

	json = json_parse(text, strlen(text), &origin, &err);
	if (json == NULL)
		fail_msg("%s: %s", text, err.msg);
	return json;
}

/* The bytes must be refused, with the line and the words of the reason. */
static void
assert_refused(const char *bytes, size_t len, const char *reason)
{
	struct err err = { 0 };
	struct json *json;

	json = json_parse(bytes, len, &origin, &err);
	if (json != NULL)
		fail_msg("let pass: %.*s", (int)len, bytes);
	assert_int_equal(err.code, EXIT_SOURCE);
	if (strstr(err.msg, reason) == NULL)
		fail_msg("%.*s: \"%s\" is not in \"%s\"", (int)len, bytes,
		    reason, err.msg);
	assert_null(strstr(err.msg, "SECRET"));
}

static void
what_is_not_json_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ "", "page 3:1: this is not JSON that can be read: nothing" },
		{ " \n\n", "is missing" },
		{ "<html>\n<h1>Maintenance</h1>", "page 3:1:" },
		{ "{\"a\": 1", "is missing" },
		{ "{\"a\": 1,\n\"b\": \"SECRET",
		    "page 3:2: this is not JSON"
		    " that can be read: it ends within" },
		{ "[1,\n2,\n]", "page 3:3:" },
		{ "[1,,2]", "stands where" },
		{ "{\"a\" 1}", "stands where" },
		{ "{\"a\": 1,}", "stands where" },
		{ "{a: 1}", "stands where" },
		{ "{'a': 1}", "stands where" },
		{ "[1] // SECRET", "behind its end" },
		{ "nul", "stands where" },
		{ "nullx", "behind its end" },
		{ "[true false]", "stands where" },
		{ "]", "stands where" },
		{ "[\"\\x\"]", "stands where" },
		{ "[\"\\", "ends within" },
		{ "[\"\\\"", "ends within" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(
		    cases[i].text, strlen(cases[i].text), cases[i].reason);
}

static void
what_the_library_would_let_pass_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *reason;
	} cases[] = {
#define BYTES(text) text, sizeof(text) - 1
		/* Anything behind the document. */
		{ BYTES("{}\n{}"),
		    "page 3:2: this is not JSON that can be"
		    " read: something stands behind its end" },
		{ BYTES("{} SECRET"), "behind its end" },
		{ BYTES("{\"a\":1}}"), "behind its end" },
		{ BYTES("1 2"), "behind its end" },
		/* A byte order mark. */
		{ BYTES("\xEF\xBB\xBF{}"), "byte order mark" },
		/* NUL, as a byte and as an escape, which cut a text short. */
		{ BYTES("{\"a\": \"b\0c\"}"), "control character in a text" },
		{ BYTES("{}\0"), "a NUL" },
		{ BYTES("{\"a\": \"b\\u0000c\"}"), "\\u0000" },
		{ BYTES("{\"a\\u0000\": 1}"), "\\u0000" },
		{ BYTES("[\"\\\\\\u0000\"]"), "\\u0000" },
		/* An escape without its digits, which becomes a NUL. */
		{ BYTES("[\"a\\u00zzb\"]"), "four hex digits" },
		{ BYTES("[\"a\\u12\"]"), "four hex digits" },
		/* Control characters, in a text and between values. */
		{ BYTES("[\"a\nb\"]"), "control character in a text" },
		{ BYTES("[\"\t\"]"), "control character in a text" },
		{ BYTES("[1,\x01 2]"), "control character" },
		{ BYTES("[1,\x7f 2]"), "control character" },
		/* What is not UTF-8. */
		{ BYTES("[\"Ren\xE9\"]"), "not UTF-8" },
		{ BYTES("{}\n[\"\xC3\""),
		    "page 3:2: this is not JSON that can"
		    " be read: bytes that are not UTF-8" },
		{ BYTES("[\"\xED\xA0\x80\"]"), "not UTF-8" },
		{ BYTES("[\"\xFF"
			"7\"]"),
		    "not UTF-8" },
		{ BYTES("[\"\\ud800\"]"), "stands where" },
		/* Numbers in the forms of other languages. */
		{ BYTES("[007]"), "number" },
		{ BYTES("[-01]"), "number" },
		{ BYTES("[1.]"), "number" },
		{ BYTES("[.5]"), "stands where" },
		{ BYTES("[+1]"), "stands where" },
		{ BYTES("[-]"), "number" },
		{ BYTES("[1e]"), "number" },
		{ BYTES("[1e+]"), "number" },
		{ BYTES("[0x10]"), "number" },
		{ BYTES("[1.2.3]"), "number" },
		{ BYTES("[1_000]"), "number" },
		{ BYTES("[1-2]"), "number" },
		{ BYTES("[NaN]"), "stands where" },
		{ BYTES("[Infinity]"), "stands where" },
		{ BYTES("[-Infinity]"), "number" },
		{ BYTES("{1: 2}"), "number where a key" },
		{ BYTES("[1 2]"), "stands where" },
		{ BYTES("[1\"a\"]"), "stands where" },
		/* Equal keys, of which one would be lost. */
		{ BYTES("{\"a\": 1, \"b\": 2, \"a\": 3}"), "key twice" },
		{ BYTES("[{\"x\": {\"SECRET\": 1, \"\\u0053ECRET\": 1}}]"),
		    "key twice" },
#undef BYTES
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(cases[i].bytes, cases[i].len, cases[i].reason);
}

static void
size_depth_and_number_of_values_have_limits(void **state)
{
	const struct json_origin large = { "x", SIZE_MAX, EXIT_INVALID };
	char text[2 * JSON_DEPTH_MAX + 8];
	struct err err = { 0 };
	struct json *json;
	char *many;
	size_t depth;

	(void)state;
	for (depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = '\0';
		if (depth > JSON_DEPTH_MAX)
			assert_refused(text, 2 * depth, "in each other");
		else
			json_free(parse(text));
	}
	/* Open ones alone would be a tower of calls. */
	many = malloc(JSON_VALUES_MAX * 2 + 2);
	assert_non_null(many);
	memset(many, '[', 4096);
	assert_refused(many, 4096, "in each other");
	assert_refused(many, 4097, "more than the 4096 bytes");
	for (depth = 0; depth <= JSON_VALUES_MAX; depth++)
		memcpy(many + 2 * depth, depth == 0 ? "[0" : ",0", 2);
	assert_null(json_parse(many, JSON_VALUES_MAX * 2 + 2, &large, &err));
	assert_int_equal(err.code, EXIT_INVALID);
	assert_non_null(strstr(err.msg, "too many values"));
	memcpy(many + JSON_VALUES_MAX * 2, "] ", 2);
	memset(&err, 0, sizeof(err));
	json = json_parse(many, JSON_VALUES_MAX * 2 + 2, &large, &err);
	assert_non_null(json);
	assert_int_equal(json_count(json), JSON_VALUES_MAX);
	json_free(json);
	free(many);
}

static void
every_document_cut_short_is_refused(void **state)
{
	static const char whole[] = "{\"run\": \"\\u00e9\xC3\xA9\", \"n\":"
				    " [-1.5e3, true, null, {\"a\": \"\\\\\"}]}";
	size_t len;

	(void)state;
	assert_refused(NULL, 0, "nothing is there");
	json_free(parse(whole));
	for (len = 0; len < sizeof(whole) - 1; len++)
		assert_refused(whole, len, "page 3:1:");
}

static void
numbers_keep_every_digit_they_were_written_with(void **state)
{
	static const struct {
		const char *digits;
		bool is_integer, is_unsigned, is_double;
		int64_t integer;
	} cases[] = {
		{ "0", true, true, true, 0 },
		{ "-0", true, false, true, 0 },
		{ "9007199254740993", true, true, true, 9007199254740993 },
		{ "-9007199254740993", true, false, true, -9007199254740993 },
		{ "9223372036854775807", true, true, true, INT64_MAX },
		{ "9223372036854775808", false, true, true, 0 },
		{ "18446744073709551615", false, true, true, 0 },
		{ "18446744073709551616", false, false, true, 0 },
		{ "-9223372036854775808", true, false, true, INT64_MIN },
		{ "87.50", false, false, true, 0 },
		{ "1.0", false, false, true, 0 },
		{ "1e3", false, false, true, 0 },
		{ "1e999", false, false, false, 0 },
		{ "-1E+2", false, false, true, 0 },
	};
	uint64_t positive;
	char text[64], want[64];
	struct json *json;
	int64_t integer;
	double number;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "[%s]", cases[i].digits);
		json = parse(text);
		integer = 77;
		assert_int_equal(json_integer(json_first(json), &integer),
		    cases[i].is_integer);
		assert_true(
		    integer == (cases[i].is_integer ? cases[i].integer : 77));
		assert_int_equal(json_unsigned(json_first(json), &positive),
		    cases[i].is_unsigned);
		assert_int_equal(
		    json_double(json_first(json), &number), cases[i].is_double);
		assert_string_equal(
		    json_digits(json_first(json)), cases[i].digits);
		snprintf(want, sizeof(want), "[%s]\n", cases[i].digits);
		assert_prints(json, want);
	}
	json = parse("[87.50]");
	assert_true(json_double(json_first(json), &number));
	assert_true(number > 87.49 && number < 87.51);
	json_free(json);
}

static void
what_was_printed_reads_back_as_the_same_bytes(void **state)
{
	static const char *const texts[] = {
		"{\n}\n",
		"[]\n",
		"\"\"\n",
		"null\n",
		"true\n",
		"-7.10\n",
		"{\n\t\"a\\\":\\t\": \"x:\\ty\\n\\u0001\\u001f\\\\"
		" \\\"q\\\" \xC3\xA9\x7F/\",\n"
		"\t\"list\": [1, [], {\n\t\t\t\"deep\": false\n"
		"\t\t}],\n\t\"big\": 18446744073709551615\n}\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_prints(parse(texts[i]), texts[i]);
}

static void
what_is_not_there_is_nothing_and_never_a_crash(void **state)
{
	static const char *const texts[] = { "{}", "[]", "null", "7", "\"a\"",
		"true", "{\"A\": {\"b\": 1}}", "[[1]]", "{\"a\": [\"b\"]}" };
	const struct json *part;
	struct json *json;
	uint64_t positive;
	int64_t integer;
	double number;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json = parse(texts[i]);
		part = json_get(json_get(json, "a"), "b");
		assert_null(part);
		assert_int_equal(json_kind(part), JSON_NOTHING);
		assert_null(json_text(part));
		assert_null(json_digits(part));
		assert_null(json_first(part));
		assert_null(json_next(part));
		assert_string_equal(json_key(part), "");
		assert_int_equal(json_count(part), 0);
		assert_false(json_integer(part, &integer));
		assert_false(json_unsigned(part, &positive));
		assert_false(json_double(part, &number));
		assert_false(json_is_yes(part));
		json_free(json);
	}
}

static void
each_kind_answers_to_its_own_getter_alone(void **state)
{
	const struct json *part;
	struct json *json;
	int64_t integer;

	(void)state;
	json = parse("{\"text\": \"7\", \"number\": 7, \"yes\": true,"
		     " \"no\": false, \"null\": null, \"list\": [1, 2, 3],"
		     " \"object\": {\"Key\": 1}}");
	assert_string_equal(json_text(json_get(json, "text")), "7");
	assert_false(json_integer(json_get(json, "text"), &integer));
	assert_null(json_text(json_get(json, "number")));
	assert_true(json_integer(json_get(json, "number"), &integer));
	assert_true(json_is_yes(json_get(json, "yes")));
	assert_false(json_is_yes(json_get(json, "no")));
	assert_false(json_is_yes(json_get(json, "number")));
	assert_int_equal(json_kind(json_get(json, "no")), JSON_YESNO);
	assert_int_equal(json_kind(json_get(json, "null")), JSON_NULL);
	assert_int_equal(json_kind(json_get(json, "list")), JSON_LIST);
	assert_int_equal(json_kind(json), JSON_OBJECT);
	assert_int_equal(json_count(json_get(json, "list")), 3);
	assert_null(json_get(json_get(json, "object"), "key"));
	part = json_first(json_get(json, "object"));
	assert_string_equal(json_key(part), "Key");
	assert_null(json_next(part));
	assert_null(json_get(json_get(json, "list"), "0"));
	json_free(json);
}

static void
documents_that_were_made_are_read_by_the_same_getters(void **state)
{
	struct json *json, *copy;
	uint64_t number;

	(void)state;
	json = json_object();
	json_set_number(json, "rows", UINT64_MAX);
	json_set_text(json, "name", "users.csv");
	copy = json_copy(json);
	json_free(json);
	assert_true(json_unsigned(json_get(copy, "rows"), &number));
	assert_true(number == UINT64_MAX);
	assert_string_equal(json_text(json_get(copy, "name")), "users.csv");
	json_free(copy);
}

static void
freeing_nothing_is_allowed(void **state)
{
	(void)state;
	json_free(NULL);
}

int
main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_keep_the_order_in_which_they_were_set),
		cmocka_unit_test(keys_that_differ_in_case_are_two_keys),
		cmocka_unit_test(large_numbers_keep_every_digit),
		cmocka_unit_test(
		    text_is_escaped_and_a_tab_behind_a_colon_survives),
		cmocka_unit_test(
		    each_byte_that_is_not_utf8_becomes_one_replacement),
		cmocka_unit_test(what_is_not_json_is_refused_with_its_line),
		cmocka_unit_test(what_the_library_would_let_pass_is_refused),
		cmocka_unit_test(size_depth_and_number_of_values_have_limits),
		cmocka_unit_test(every_document_cut_short_is_refused),
		cmocka_unit_test(
		    numbers_keep_every_digit_they_were_written_with),
		cmocka_unit_test(what_was_printed_reads_back_as_the_same_bytes),
		cmocka_unit_test(
		    what_is_not_there_is_nothing_and_never_a_crash),
		cmocka_unit_test(each_kind_answers_to_its_own_getter_alone),
		cmocka_unit_test(
		    documents_that_were_made_are_read_by_the_same_getters),
		cmocka_unit_test(freeing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
