#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/json_rows.h"
#include "base/mem.h"

#define COLUMNS 3

static const struct json_origin origin = { "answer", 4096, EXIT_SOURCE };

/* How a document is read: in pieces of that length, plain records or not. */
struct way {
	size_t piece;
	bool parse_all;
	size_t max;
};

struct seen {
	struct buf text; /* "1|2|3;" for each record */
	struct err err;
	uint64_t count, stated;
	bool has_stated;
	size_t stop_at;	 /* the record that stops, from 1; 0: none */
	unsigned behind; /* of the bytes that can be read behind cells */
};

/* id, name and the nested cc.id; keys of any other parent fill nothing. */
static int
find(void *arg, const char *parent, const char *key)
{
	(void)arg;
	if (strcmp(parent, "cc") == 0)
		return strcmp(key, "id") == 0 ? 2 : -1;
	if (parent[0] != '\0')
		return -1;
	if (strcmp(key, "a_long_name_of_one") == 0)
		return 1;
	return strcmp(key, "id") == 0 ? 0 : strcmp(key, "name") == 0 ? 1 : -1;
}

static int
see(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct seen *seen;
	size_t i, behind;

	seen = arg;
	assert_int_equal(ncells, COLUMNS);
	assert_int_equal(line, seen->count);
	seen->count++;
	if (seen->count == seen->stop_at)
		return -1;
	for (i = 0; i < ncells; i++) {
		if (i > 0)
			buf_addc(&seen->text, '|');
		buf_add(&seen->text, cells[i].bytes, cells[i].len);
		memset(cells[i].bytes, '\\', cells[i].len);
		/* bind_record() looks at whole words. */
		for (behind = 0; behind < 16; behind++)
			seen->behind += (unsigned char)cells[i]
					    .bytes[cells[i].len + behind];
	}
	buf_addc(&seen->text, ';');
	return 0;
}

/* Reads the document; returns what the last call returned. */
static int
read_rows(struct seen *seen, const char *bytes, size_t len, struct way way)
{
	const struct json_rows_columns columns = { COLUMNS, find, see, seen };
	struct json_origin limited;
	struct json_rows *rows;
	size_t from, step;
	char *piece;
	int rc;

	limited = origin;
	limited.max_bytes = way.max == 0 ? origin.max_bytes : way.max;
	rows = json_rows_begin("record", &columns, &limited);
	if (way.parse_all)
		json_rows_parse_all(rows);
	rc = 0;
	for (from = 0; rc == 0 && from < len; from += step) {
		step = len - from < way.piece ? len - from : way.piece;
		/* With nothing behind it, so that reading there is seen. */
		piece = mem_alloc(step);
		memcpy(piece, bytes + from, step);
		rc = json_rows_add(rows, piece, step, &seen->err);
		free(piece);
	}
	if (rc == 0)
		rc = json_rows_end(rows, &seen->err);
	assert_int_equal(json_rows_count(rows), seen->count);
	seen->has_stated = json_rows_stated(rows, &seen->stated);
	json_rows_free(rows);
	buf_str(&seen->text);
	return rc;
}

static void
assert_rows(const char *document, struct way way, const char *want)
{
	struct seen seen = { 0 };

	if (read_rows(&seen, document, strlen(document), way) != 0)
		fail_msg("%s: %s", document, seen.err.msg);
	assert_string_equal(seen.text.data, want);
	buf_free(&seen.text);
}

/* Whole, in pieces of every length, and the same without the fast path. */
static void
assert_rows_any_way(const char *document, const char *want)
{
	struct way way = { 0 };
	size_t len;

	len = strlen(document);
	for (way.piece = 1; way.piece <= len; way.piece++) {
		way.parse_all = false;
		assert_rows(document, way, want);
		way.parse_all = true;
		assert_rows(document, way, want);
	}
}

static void
assert_refused_any_way(
    const char *bytes, size_t len, size_t max, const char *reason)
{
	struct way way = { 1, false, max };
	struct seen seen;

	for (; way.piece <= len + 1; way.piece++) {
		way.parse_all = !way.parse_all;
		seen = (struct seen){ 0 };
		if (read_rows(&seen, bytes, len, way) != -1)
			fail_msg("let pass: %.*s", (int)len, bytes);
		assert_int_equal(seen.err.code, EXIT_SOURCE);
		if (strstr(seen.err.msg, reason) == NULL)
			fail_msg("%.*s: \"%s\" is not in \"%s\"", (int)len,
			    bytes, reason, seen.err.msg);
		assert_null(strstr(seen.err.msg, "SECRET"));
		buf_free(&seen.text);
	}
}

static void
each_form_of_an_answer_gives_its_rows(void **state)
{
	static const struct {
		const char *document, *rows;
	} cases[] = {
		/* flattened */
		{ "{\"name\":\"CC\",\"record\":[{\"_id\":1,\"id\":\"7\","
		  "\"name\":\"A\"},{\"id\":\"8\"}],\"@extensions\":\"\"}",
		    "7|A|;8||;" },
		/* a table in each record */
		{ "{\"record\":[{\"id\":1,\"tables\":{\"cc\":{\"id\":\"5\","
		  "\"x\":\"y\"}}},{\"id\":2,\"tables\":{\"cc\":{}}}]}",
		    "1||5;2||;" },
		/* what is empty is blank */
		{ "{\"record\":[{\"id\":{},\"name\":[]},{\"id\":[ ]}]}",
		    "||;||;" },
		/* one object instead of a list */
		{ "{\"record\":{\"id\":3,\"name\":\"B\"}}", "3|B|;" },
		/* none */
		{ "{}", "" },
		{ "{\"name\":\"CC\"}", "" },
		{ "{\"record\":[]}", "" },
		{ "{\"record\":null}", "" },
		{ "{\"record\":\"\"}", "" },
		/* white space and line ends anywhere */
		{ " \r\n{ \"record\" : [ { \"id\" : 1 ,\n\t\"name\" : \"A\" }"
		  " , { } ] } \n",
		    "1|A|;||;" },
		/* keys in another order, new ones, one in no column */
		{ "{\"record\":[{\"id\":1,\"name\":\"A\"},{\"name\":\"B\","
		  "\"id\":2},{\"other\":9,\"name\":\"C\"},{\"id\":4}]}",
		    "1|A|;2|B|;|C|;4||;" },
		/* a key longer than what is compared at once, and its like */
		{ "{\"record\":[{\"a_long_name_of_one\":1,\"id\":2},"
		  "{\"a_long_name_of_two\":1,\"id\":3},"
		  "{\"a_long_name_of_one\":4}]}",
		    "2|1|;3||;|4|;" },
		/* the key itself with an escape */
		{ "{\"rec\\u006frd\":[{\"i\\u0064\":1}]}", "1||;" },
		/* a list before the records that has the same keys */
		{ "{\"errors\":[{\"record\":[{\"id\":1}]}],\"record\":[]}",
		    "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_rows_any_way(cases[i].document, cases[i].rows);
}

static void
each_value_becomes_its_text(void **state)
{
	static const struct {
		const char *value, *cell;
	} cases[] = {
		{ "\"\"", "" },
		{ "\"a b\"", "a b" },
		{ "\"more than sixteen bytes of text\"",
		    "more than sixteen bytes of text" },
		{ "null", "" },
		{ "true", "true" },
		{ "false", "false" },
		{ "0", "0" },
		{ "-0", "-0" },
		{ "87.50", "87.50" },
		{ "-12.0", "-12.0" },
		{ "1e5", "1e5" },
		{ "2.5E-3", "2.5E-3" },
		{ "9007199254740993", "9007199254740993" },
		{ "123456789012345678901234567890",
		    "123456789012345678901234567890" },
		{ "\"Zo\xC3\xAB O'Hara\"", "Zo\xC3\xAB O'Hara" },
		{ "\"\xF0\x9F\x98\x80\"", "\xF0\x9F\x98\x80" },
		{ "\"Zo\\u00eb\"", "Zo\xC3\xAB" },
		{ "\"Zo\\u00EB\"", "Zo\xC3\xAB" },
		{ "\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80" },
		{ "\"\\uFFFD\\u0041\"",
		    "\xEF\xBF\xBD"
		    "A" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
		{ "\"\\\\u0000\"", "\\u0000" },
		{ "\"\x7f\"", "\x7f" },
		{ "[]", "" },
		{ "{ }", "" },
	};
	char *document, *want;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		document = mem_printf("{\"record\":[{\"id\":1,\"name\":%s},"
				      "{\"id\":2,\"name\":%s}]}",
		    cases[i].value, cases[i].value);
		want = mem_printf("1|%s|;2|%s|;", cases[i].cell, cases[i].cell);
		assert_rows_any_way(document, want);
		free(document);
		free(want);
	}
}

static void
of_two_members_that_fill_a_column_the_last_counts(void **state)
{
	(void)state;
	assert_rows_any_way("{\"record\":[{\"cc\":{\"id\":1},\"a\":{\"cc\":"
			    "{\"id\":2}}},{\"a\":{\"cc\":{\"id\":\"\\n\"}},"
			    "\"cc\":{\"id\":null}}]}",
	    "||2;||;");
}

static void
what_is_refused_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *document, *reason;
	} cases[] = {
		/* the document around the records */
		{ "", "answer:1: this is not JSON that can be read: nothing" },
		{ " \n", "answer:2: this is not JSON that can be read: " },
		{ "<html>\n<h1>Maintenance</h1>", "answer:1: this is not" },
		{ "\xEF\xBB\xBF{\"record\":[]}",
		    "answer:1: this is not JSON"
		    " that can be read: a byte"
		    " order mark in front" },
		{ "\xEF\xBB", "that are not UTF-8" },
		{ "[{\"id\":1}]", "answer:1: no object stands" },
		{ "\"record\"", "no object stands" },
		{ "{\"record\":5}", "answer:1: a single value stands" },
		{ "{\n\"record\":\"SECRET\"}", "answer:2: a single value" },
		{ "{\"record\":true}", "a single value stands" },
		{ "{\"record\":[5]}", "something else stands" },
		{ "{\"record\":[{},\nnull]}", "answer:2: something else" },
		{ "{\"record\":[[]]}", "something else stands" },
		{ "{\"record\":[{}],}", "stands where it may not" },
		{ "{\"record\":[{},]}", "stands where it may not" },
		{ "{\"record\":[{}{}]}", "stands where it may not" },
		{ "{\"record\":[,{}]}", "stands where it may not" },
		{ "{\"record\" [{}]}", "stands where it may not" },
		{ "{record:[{}]}", "stands where it may not" },
		{ "{\"record\":[{}]]", "stands where it may not" },
		{ "{\"count\":1 2}", "stands where it may not" },
		{ "{\"count\":tru}", "stands where it may not" },
		{ "{\"count\":007}", "zeros in front" },
		{ "{\"count\":}", "stands where it may not" },
		{ "{5:1}", "stands where it may not" },
		{ "{\"record\":[]}\n\nx",
		    "answer:3: this is not JSON that can"
		    " be read: something stands behind" },
		{ "{\"record\":[]}{}", "something stands behind" },
		{ "{\"record\":[]}\xFF", "not UTF-8" },
		{ "{\x01}", "a control character" },
		{ "{\"a\":1,\n\"a\":2}\n",
		    "answer:3: this is not JSON that"
		    " can be read: an object that has a"
		    " key twice" },
		{ "{\"a\":1,\"\\u0061\":2}", "a key twice" },
		{ "{\"record\":[{}],\"record\":[{}]}", "a key twice" },
		{ "{\"record\":[],\n\"record\":[{}]\n}",
		    "answer:2: this is not JSON that can be read: an object"
		    " that has a key twice" },
		{ "{\"SECRET\xFF\":1}", "not UTF-8" },
		{ "{\"a\":\"\xED\xA0\x80\"}", "not UTF-8" },
		{ "{\"a\\u0000\":1}", "\\u0000 in a text" },
		/* in a record */
		{ "{\"record\":[{\"id\":1},\n{\"id\":1,\n\"id\":2}]}",
		    "answer:3: this is not JSON that can be read: an object"
		    " that has a key twice" },
		{ "{\"record\":[{\"id\":1,\"i\\u0064\":2}]}", "a key twice" },
		{ "{\"record\":[{\"a\":[{\"b\":1,\"b\":1}]}]}", "key twice" },
		{ "{\"record\":[{\"a\":{\"b\":1,\"c\":2,\"b\":1}}]}",
		    "a key twice" },
		{ "{\"record\":[{\"id\":\n\"SECRET\xFF\"}]}",
		    "answer:2: this is not JSON that can be read: bytes that"
		    " are not UTF-8" },
		{ "{\"record\":[{\"id\":\"\xC0\x80\"}]}", "not UTF-8" },
		{ "{\"record\":[{\"id\":\"\xED\xA0\x80\"}]}", "not UTF-8" },
		{ "{\"record\":[{\"id\":\"\xF4\x90\x80\x80\"}]}", "not UTF-8" },
		{ "{\"record\":[{\"id\":\"\xC3\"}]}", "not UTF-8" },
		{ "{\"record\":[{\"\x80\":1}]}", "not UTF-8" },
		{ "{\"record\":[{\"id\":1},\n{\"id\":{\"a\":1}}]}",
		    "answer:2: an object or a list stands where a value"
		    " should" },
		{ "{\"record\":[{\"id\":[7]}]}", "an object or a list" },
		{ "{\"record\":{\"id\":{\"id\":7}}}", "an object or a list" },
		{ "{\"record\":[{\"id\":\"\\u0000\"}]}", "\\u0000 in a text" },
		{ "{\"record\":[{\"id\":\"\\ud800\"}]}", "may not" },
		{ "{\"record\":[{\"id\":\"\\udc00\\ud800\"}]}", "may not" },
		{ "{\"record\":[{\"id\":\"\\u12G4\"}]}", "four hex digits" },
		{ "{\"record\":[{\"id\":\"\\x\"}]}", "may not" },
		{ "{\"record\":[{\"id\":\"a\tb\"}]}", "a control character" },
		{ "{\"record\":[{\"id\":\x01}]}", "a control character" },
		{ "{\"record\":[{\"id\":\x0b"
		  "1}]}",
		    "a control character" },
		{ "{\"record\":[{\"id\":007}]}", "zeros in front" },
		{ "{\"record\":[{\n\"id\":\n1},\n{\"id\":007}]}",
		    "answer:4: " },
		{ "{\"record\":[{\n\"id\":\n1e5},\n{\"id\":007}]}",
		    "answer:4: " },
		{ "{\"record\":[{\"id\":-}]}", "a number with a sign" },
		{ "{\"record\":[{\"id\":1.}]}", "behind the point" },
		{ "{\"record\":[{\"id\":1e}]}", "in its exponent" },
		{ "{\"record\":[{\"id\":1x}]}", "starts like a number" },
		{ "{\"record\":[{\"id\":.5}]}", "may not" },
		{ "{\"record\":[{\"id\":+5}]}", "may not" },
		{ "{\"record\":[{\"id\":NaN}]}", "may not" },
		{ "{\"record\":[{\"id\":True}]}", "may not" },
		{ "{\"record\":[{\"id\":truex}]}", "may not" },
		{ "{\"record\":[{\"id\":nul}]}", "may not" },
		{ "{\"record\":[{\"id\" 1}]}", "may not" },
		{ "{\"record\":[{\"id\":1,}]}", "may not" },
		{ "{\"record\":[{\"id\":1 \"a\":2}]}", "may not" },
		{ "{\"record\":[{,\"id\":1}]}", "may not" },
		{ "{\"record\":[{id:1}]}", "may not" },
		{ "{\"record\":[{\"id\":[1,]}]}", "may not" },
		{ "{\"record\":[{\"id\":[1 2]}]}", "may not" },
		{ "{\"record\":[{\"id\":]}]}", "may not" },
		{ "{\"record\":[{\"id\"}]}", "may not" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused_any_way(cases[i].document,
		    strlen(cases[i].document), 0, cases[i].reason);
}

static void
a_nul_is_refused_wherever_it_stands(void **state)
{
	static const char document[] = "{\"name\":\"x\",\"record\":[{\"id\":1,"
				       "\"name\":\"a b\"} ,{}] } ";
	char copy[sizeof(document)];
	size_t i, len;

	(void)state;
	len = strlen(document);
	for (i = 0; i < len; i++) {
		memcpy(copy, document, len);
		copy[i] = '\0';
		assert_refused_any_way(copy, len, 0, "answer:1: ");
	}
}

static void
a_document_cut_at_any_byte_is_refused_at_its_end(void **state)
{
	static const char document[] =
	    "{\"name\":\"cc\",\"record\":[{\"id\":1,\"name\":\"A\\n\","
	    "\"t\":{\"cc\":{\"id\":\"\xC3\xA9\"}}},{\"id\":-2.5,\"l\":[1]}],"
	    "\"count\":2,\"@extensions\":\"\"}";
	struct seen seen;
	size_t len;

	(void)state;
	for (len = 0; len < strlen(document); len++)
		assert_refused_any_way(document, len, 0, "answer:1: ");
	assert_rows_any_way(document, "1|A\n|\xC3\xA9;-2.5||;");
	/* The rows before the cut were handed on, the one in it was not. */
	seen = (struct seen){ 0 };
	assert_int_equal(read_rows(&seen, document, strlen(document) - 45,
			     (struct way){ 7, false, 0 }),
	    -1);
	assert_string_equal(seen.text.data, "1|A\n|\xC3\xA9;");
	buf_free(&seen.text);
}

static void
the_limit_is_one_of_a_record_not_of_the_document(void **state)
{
	static const char one[] = "{\"id\":\"123456789\"}";
	struct buf document = { 0 };
	struct seen seen = { 0 };
	struct way way = { 11, false, sizeof(one) - 1 };
	unsigned i;

	(void)state;
	buf_adds(&document, "{\"record\":[");
	for (i = 0; i < 500; i++)
		buf_printf(&document, "%s%s", one, i < 499 ? ",\n" : "]}");
	assert_int_equal(read_rows(&seen, document.data, document.len, way), 0);
	assert_int_equal(seen.count, 500);
	buf_free(&seen.text);
	assert_refused_any_way("{\"record\":[{},\n{\"id\":\"1234567890\"}]}",
	    35, way.max,
	    "answer:2: more than the 18 bytes that are read of"
	    " one record");
	assert_refused_any_way("{\"record\":[{},\n{\"id\":\"\\u0031234567\"}]}",
	    38, way.max, "of one record");
	assert_refused_any_way("{\"x\":\"12345678901234567\"}", 25, way.max,
	    "answer:1: more than the 18 bytes that are read of one value");
	assert_refused_any_way(
	    "{\"a\":1,\"b\":1,\"c\":1,\"d\":1}", 25, way.max, "of its keys");
	buf_free(&document);
}

static void
a_record_without_end_is_refused_when_it_is_too_long(void **state)
{
	static const char *const starts[] = { "{\"record\":[{\"id\":\"",
		"{\"record\":[{\"id\":[", "{\"record\":{\"id\":\"", "{\"x\":\"",
		"{\"x\":1", "{\"" };
	struct seen seen = { 0 };
	const struct json_rows_columns columns = { COLUMNS, find, see, &seen };
	struct json_rows *rows;
	struct err err;
	size_t i, n;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		err = (struct err){ 0 };
		rows = json_rows_begin("record", &columns, &origin);
		rc = json_rows_add(rows, starts[i], strlen(starts[i]), &err);
		for (n = 0; rc == 0 && n <= origin.max_bytes; n++)
			rc = json_rows_add(rows, "1", 1, &err);
		assert_int_equal(rc, -1);
		assert_non_null(strstr(err.msg, "answer:1: more than"));
		json_rows_free(rows);
	}
	assert_int_equal(seen.count, 0);
}

/* With n lists in a member of the only record. */
static void
nested(struct buf *document, unsigned n, bool in_list)
{
	unsigned i;

	buf_printf(document, "{\"record\":%s{\"x\":", in_list ? "[" : "");
	for (i = 0; i < n; i++)
		buf_addc(document, '[');
	for (i = 0; i < n; i++)
		buf_addc(document, ']');
	buf_printf(document, "}%s}", in_list ? "]" : "");
	buf_str(document);
}

static void
depth_is_that_of_the_document(void **state)
{
	static const struct {
		unsigned lists;
		bool in_list, good;
	} cases[] = {
		{ JSON_DEPTH_MAX - 3, true, true },
		{ JSON_DEPTH_MAX - 2, true, false },
		{ JSON_DEPTH_MAX - 2, false, true },
		{ JSON_DEPTH_MAX - 1, false, false },
	};
	struct buf document = { 0 };
	struct err err;
	struct json *json;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		document.len = 0;
		nested(&document, cases[i].lists, cases[i].in_list);
		err = (struct err){ 0 };
		json = json_parse(document.data, document.len, &origin, &err);
		assert_int_equal(json != NULL, cases[i].good);
		json_free(json);
		if (cases[i].good)
			assert_rows_any_way(document.data, "||;");
		else
			assert_refused_any_way(document.data, document.len, 0,
			    "too many lists and objects");
	}
	buf_free(&document);
}

static void
more_keys_than_are_remembered_are_read_all_the_same(void **state)
{
	struct buf document = { 0 }, want = { 0 };
	unsigned i;

	(void)state;
	buf_adds(&document, "{\"record\":[");
	for (i = 0; i < 3000; i++) {
		buf_printf(&document, "{\"k%u\":\"x\",\"id\":%u},", i, i);
		buf_printf(&want, "%u||;", i);
	}
	buf_adds(&document, "{}]}");
	buf_adds(&want, "||;");
	buf_str(&want);
	buf_str(&document);
	assert_rows(document.data, (struct way){ 1000, false, 0 }, want.data);
	buf_free(&document);
	buf_free(&want);
}

static void
the_count_that_the_document_states_is_kept(void **state)
{
	static const struct {
		const char *document;
		bool has;
		uint64_t count;
	} cases[] = {
		{ "{\"record\":[{}],\"count\":7}", true, 7 },
		{ "{\"count\":\"423\",\"record\":[]}", true, 423 },
		{ "{\"count\":0}", true, 0 },
		{ "{\"count\":-1}", false, 0 },
		{ "{\"count\":1.5}", false, 0 },
		{ "{\"count\":\"x\"}", false, 0 },
		{ "{\"count\":null}", false, 0 },
		{ "{\"record\":[{\"count\":7}]}", false, 0 },
		{ "{\"resource\":{\"count\":7}}", false, 0 },
	};
	struct seen seen;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		seen = (struct seen){ 0 };
		assert_int_equal(
		    read_rows(&seen, cases[i].document,
			strlen(cases[i].document), (struct way){ 3, false, 0 }),
		    0);
		assert_int_equal(seen.has_stated, cases[i].has);
		if (cases[i].has)
			assert_int_equal(seen.stated, cases[i].count);
		buf_free(&seen.text);
	}
}

static void
a_record_function_can_stop_and_keeps_its_own_failure(void **state)
{
	static const char document[] = "{\"record\":[{\"id\":1},{\"id\":2},"
				       "{\"id\":3}]}";
	struct way way = { 1, false, 0 };
	struct seen seen;

	(void)state;
	for (; way.piece <= strlen(document); way.piece++) {
		way.parse_all = !way.parse_all;
		seen = (struct seen){ .stop_at = 2 };
		assert_int_equal(
		    read_rows(&seen, document, strlen(document), way), -1);
		assert_string_equal(seen.text.data, "1||;");
		assert_int_equal(seen.err.code, EXIT_DONE);
		buf_free(&seen.text);
	}
}

static void
a_failure_is_repeated_and_nothing_read_behind_it(void **state)
{
	struct seen seen = { 0 };
	const struct json_rows_columns columns = { COLUMNS, find, see, &seen };
	struct err first = { 0 }, second = { 0 }, third = { 0 };
	struct json_rows *rows;

	(void)state;
	rows = json_rows_begin("record", &columns, &origin);
	assert_int_equal(json_rows_add(rows, "<", 1, &first), -1);
	assert_int_equal(
	    json_rows_add(rows, "{\"record\":[{}]}", 15, &second), -1);
	assert_int_equal(json_rows_end(rows, &third), -1);
	assert_string_equal(first.msg, second.msg);
	assert_string_equal(first.msg, third.msg);
	assert_int_equal(seen.count, 0);
	json_rows_free(rows);
	json_rows_free(NULL);
}

int
main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_of_an_answer_gives_its_rows),
		cmocka_unit_test(each_value_becomes_its_text),
		cmocka_unit_test(
		    of_two_members_that_fill_a_column_the_last_counts),
		cmocka_unit_test(what_is_refused_is_refused_with_its_line),
		cmocka_unit_test(a_nul_is_refused_wherever_it_stands),
		cmocka_unit_test(
		    a_document_cut_at_any_byte_is_refused_at_its_end),
		cmocka_unit_test(
		    the_limit_is_one_of_a_record_not_of_the_document),
		cmocka_unit_test(
		    a_record_without_end_is_refused_when_it_is_too_long),
		cmocka_unit_test(depth_is_that_of_the_document),
		cmocka_unit_test(
		    more_keys_than_are_remembered_are_read_all_the_same),
		cmocka_unit_test(the_count_that_the_document_states_is_kept),
		cmocka_unit_test(
		    a_record_function_can_stop_and_keeps_its_own_failure),
		cmocka_unit_test(
		    a_failure_is_repeated_and_nothing_read_behind_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
