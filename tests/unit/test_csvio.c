#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/csvio.h"

/* Records as one line of text; line numbers go on from block to block. */
struct shown {
	struct buf text;
	uint32_t line;
};

static int
show_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct shown *shown = arg;
	size_t i;

	buf_printf(&shown->text, "%u:", shown->line + line);
	for (i = 0; i < ncells; i++) {
		buf_addc(&shown->text, '[');
		buf_add(&shown->text, cells[i].bytes, cells[i].len);
		buf_addc(&shown->text, ']');
	}
	return 0;
}

/* Adds what reading one block gives; -1 when it ends in a fault. */
static int
show_block(struct shown *shown, const struct csv_format *format,
    const char *bytes, size_t len)
{
	static const char *const faults[] = { "", "nul", "stray", "open",
		"long", "stopped" };
	struct csv_problem problem;
	uint32_t lines;
	char *copy;
	int rc;

	copy = calloc(1, len + 16);
	memcpy(copy, bytes, len);
	rc = csv_read_block(
	    format, copy, len, show_record, shown, &lines, &problem);
	if (rc != 0)
		buf_printf(&shown->text, "!%s@%u.%zu", faults[problem.fault],
		    shown->line + problem.line, problem.column);
	shown->line += lines;
	free(copy);
	buf_str(&shown->text);
	return rc;
}

/* What reading text gives. */
static char *
shown(const char *text, size_t len, char separator, bool quotes, bool plain)
{
	const struct csv_format format = { separator, quotes, plain };
	struct shown out = { 0 };

	show_block(&out, &format, text, len);
	return out.text.data;
}

static const struct {
	const char *text;
	const char *want;
} cases[] = {
	{ "a,b\n1,2\n", "0:[a][b]1:[1][2]" },
	{ "a,b\r\n1,2\r\n", "0:[a][b]1:[1][2]" },
	{ "a,b\r1,2\r", "0:[a][b]1:[1][2]" },
	{ "a\n\n\r\nb\n", "0:[a]3:[b]" },
	{ " a , b\n", "0:[ a ][ b]" },
	{ "\"a,b\",\"c\"\"d\"\n", "0:[a,b][c\"d]" },
	{ "\"x\ny\",z\nw,v\n", "0:[x\ny][z]2:[w][v]" },
	{ "\"\",\n", "0:[][]" },
	{ "a,b", "0:[a][b]" },
	{ "O\"Neil,x\n", "!stray@0.2" },
	{ "a,b\n\"c\"d,x\n", "0:[a][b]!stray@1.4" },
	{ "a,\"b\nc,d\n", "!open@0.3" },
	{ "\"q\nr\",\"s\nt\n", "!open@1.4" },
};

static void
records_and_faults_follow_rfc_4180(void **state)
{
	size_t i;
	char *got;
	int plain;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (plain = 0; plain < 2; plain++) {
			got = shown(cases[i].text, strlen(cases[i].text), ',',
			    true, plain);
			assert_string_equal(got, cases[i].want);
			free(got);
		}
	}
}

static void
a_quote_in_a_tab_file_is_an_ordinary_character(void **state)
{
	char *got;

	(void)state;
	got = shown("a\t\"b\nc\"d\te\n", 11, '\t', false, true);
	assert_string_equal(got, "0:[a][\"b]1:[c\"d][e]");
	free(got);
}

static void
a_nul_byte_is_a_fault_with_its_place(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want;
	} nuls[] = {
		{ "\0", 1, "!nul@0.1" },
		{ "a,b\nc\0,d\n", 9, "!nul@1.2" },
		{ "a\r\n\r\r\n\0", 7, "!nul@3.1" },
		{ "a\rbc\0\n", 6, "!nul@1.3" },
	};
	char *got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nuls) / sizeof(nuls[0]); i++) {
		got = shown(nuls[i].text, nuls[i].len, ',', true, true);
		assert_string_equal(got, nuls[i].want);
		free(got);
	}
}

/* Numbers that look random; the same every time. */
static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 10;
}

/* Bytes that make records, faults and line ends of all kinds. */
static size_t
random_text(char *text, size_t max, uint32_t *seed)
{
	static const char alphabet[] = "ab,,\"\"\n\r\n x\t";
	size_t len, i;

	len = next_random(seed) % max;
	for (i = 0; i < len; i++)
		text[i] = alphabet[next_random(seed) % (sizeof(alphabet) - 1)];
	return len;
}

static size_t
random_bytes(char *text, size_t max, uint32_t *seed)
{
	size_t len, i;

	len = next_random(seed) % max;
	for (i = 0; i < len; i++)
		text[i] = (char)next_random(seed);
	/* One byte in a quarter of the texts, for they do not reach far. */
	if (len > 0 && next_random(seed) % 4 == 0)
		text[next_random(seed) % len] = "\",\n"[len % 3];
	return len;
}

static void
assert_paths_agree(const char *text, size_t len, char separator)
{
	char *plain, *libcsv;

	plain = shown(text, len, separator, true, true);
	libcsv = shown(text, len, separator, true, false);
	assert_string_equal(plain, libcsv);
	free(plain);
	free(libcsv);
}

static void
plain_path_and_libcsv_agree_on_any_input(void **state)
{
	uint32_t seed, round;
	char text[128];
	size_t len;

	(void)state;
	seed = 1;
	for (round = 0; round < 60000; round++) {
		len = random_text(text, round % 8 == 0 ? 128 : 24, &seed);
		assert_paths_agree(text, len, ',');
		assert_paths_agree(text, len, '\t');
		len = random_bytes(text, sizeof(text), &seed);
		assert_paths_agree(text, len, ',');
	}
}

static void
a_separator_is_found_wherever_it_stands(void **state)
{
	char text[80], want[90], *got;
	size_t at;
	int plain;

	(void)state;
	for (at = 0; at < sizeof(text) - 1; at++) {
		memset(text, 'a', sizeof(text));
		text[at] = ',';
		text[sizeof(text) - 1] = '\n';
		snprintf(want, sizeof(want), "0:[%.*s][%.*s]", (int)at, text,
		    (int)(sizeof(text) - at - 2), text + at + 1);
		for (plain = 0; plain < 2; plain++) {
			got = shown(text, sizeof(text), ',', true, plain);
			assert_string_equal(got, want);
			free(got);
		}
	}
}

/* Reads whole records of the first bytes, then the rest. */
static void
show_in_two(struct shown *out, const struct csv_format *format,
    const char *text, size_t len, size_t cut)
{
	size_t whole;

	whole = csv_whole_records(format, text, cut, cut == len);
	assert_true(whole <= cut);
	if (show_block(out, format, text, whole) == 0)
		show_block(out, format, text + whole, len - whole);
}

static void
cutting_at_any_byte_gives_the_same_records(void **state)
{
	static const char
	    text[] = "id,name\r\n1,\"a\r\nb\"\r\n2,c\n\"3\",\"d\"\"e\"\n"
		     "\r\n4,\"\"\r5,\"\r\"\n";
	const struct csv_format format = { ',', true, true };
	struct shown got;
	size_t len, cut;
	char *want;

	(void)state;
	len = sizeof(text) - 1;
	want = shown(text, len, ',', true, true);
	for (cut = 0; cut <= len; cut++) {
		got = (struct shown){ 0 };
		show_in_two(&got, &format, text, len, cut);
		assert_string_equal(got.text.data, want);
		buf_free(&got.text);
	}
	free(want);
}

static void
cutting_any_input_gives_the_same_records_and_fault(void **state)
{
	struct csv_format format = { ',', true, true };
	uint32_t seed, round;
	struct shown got;
	char text[40], *want;
	size_t len;

	(void)state;
	seed = 2;
	for (round = 0; round < 60000; round++) {
		format.quotes = round % 4 != 0;
		len = random_text(text, sizeof(text), &seed);
		want = shown(text, len, ',', format.quotes, true);
		got = (struct shown){ 0 };
		show_in_two(
		    &got, &format, text, len, next_random(&seed) % (len + 1));
		assert_string_equal(got.text.data, want);
		buf_free(&got.text);
		free(want);
	}
}

static void
whole_records_end_at_a_line_end_outside_quotes(void **state)
{
	static const struct {
		const char *text;
		bool at_end;
		size_t want;
	} whole[] = {
		{ "", false, 0 },
		{ "a,b", false, 0 },
		{ "a,b", true, 0 },
		{ "a\nb", false, 2 },
		{ "a\nb\n", false, 4 },
		{ "a\r\nb", false, 3 },
		{ "a\rb", false, 2 },
		/* Half of a CRLF, perhaps. */
		{ "a\r", false, 0 },
		{ "a\r", true, 2 },
		{ "a\n\"b\nc", false, 2 },
		{ "a\n\"b\nc\"", false, 2 },
		{ "\"b\nc\"\nd", false, 6 },
		{ "\"b\"\"\nc", false, 0 },
		{ "\"b\"\"\nc", true, 0 },
	};
	const struct csv_format format = { ',', true, true };
	const struct csv_format ordinary = { '\t', false, true };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		if (csv_whole_records(&format, whole[i].text,
			strlen(whole[i].text),
			whole[i].at_end) != whole[i].want)
			fail_msg("case %zu", i);
	}
	assert_int_equal(csv_whole_records(&ordinary, "\"a\nb", 4, false), 3);
}

/* A record with a field of len letters as its second cell. */
static char *
long_field(size_t len, bool quotes)
{
	struct buf text = { 0 };
	char *got;

	buf_adds(&text, "x\n1,");
	if (quotes)
		buf_addc(&text, '"');
	memset(buf_reserve(&text, len), 'a', len);
	text.len += len;
	buf_adds(&text, quotes ? "\",z\n" : ",z\n");
	got = shown(text.data, text.len, ',', true, true);
	buf_free(&text);
	return got;
}

/* libcsv does not say where in its line a field began. */
static void
a_field_of_more_than_1_mib_is_a_fault_with_its_place(void **state)
{
	char *got;
	int quotes;

	(void)state;
	for (quotes = 0; quotes < 2; quotes++) {
		got = long_field(CSV_FIELD_MAX, quotes);
		assert_null(strchr(got, '!'));
		assert_int_equal(
		    strlen(got), CSV_FIELD_MAX + strlen("0:[x]1:[1][][z]"));
		free(got);
		got = long_field(CSV_FIELD_MAX + 1, quotes);
		assert_string_equal(
		    got, quotes ? "0:[x]!long@1.1" : "0:[x]!long@1.3");
		free(got);
	}
}

static int
stop_at_line_2(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	(void)cells;
	(void)ncells;
	++*(int *)arg;
	return line == 2 ? -1 : 0;
}

static void
a_record_function_can_stop_the_reading(void **state)
{
	const struct csv_format format = { ',', true, true };
	struct csv_problem problem;
	char text[32] = "a\n\n\"b\"\nc\n";
	uint32_t lines;
	int calls;

	(void)state;
	calls = 0;
	assert_int_equal(csv_read_block(&format, text, strlen(text),
			     stop_at_line_2, &calls, &lines, &problem),
	    -1);
	assert_int_equal(problem.fault, CSV_FAULT_STOPPED);
	assert_int_equal(problem.line, 2);
	assert_int_equal(calls, 2);
}

static void
fields_are_quoted_only_where_rfc_4180_needs_it(void **state)
{
	char out[32];

	(void)state;
	assert_int_equal(csv_put_field(out, "a b'c", 5), 5);
	assert_int_equal(csv_put_field(out, "a\"b,", 4), 7);
	assert_memory_equal(out, "\"a\"\"b,\"", 7);
}

/* Writes fields as a record, reads it again, wants the same fields. */
static void
assert_round_trip(const char *field, size_t len)
{
	struct buf line = { 0 };
	struct buf want = { 0 };
	char *got;
	int plain;

	line.len += csv_put_field(buf_reserve(&line, len * 2 + 2), field, len);
	buf_adds(&line, ",x\n");
	buf_adds(&want, "0:[");
	buf_add(&want, field, len);
	buf_adds(&want, "][x]");
	for (plain = 0; plain < 2; plain++) {
		got = shown(line.data, line.len, ',', true, plain);
		assert_int_equal(strlen(got), want.len);
		assert_memory_equal(got, want.data, want.len);
		free(got);
	}
	buf_free(&line);
	buf_free(&want);
}

static void
what_is_written_is_read_back(void **state)
{
	uint32_t seed, round;
	char field[40];
	size_t len, i;

	(void)state;
	assert_round_trip("", 0);
	seed = 3;
	for (round = 0; round < 20000; round++) {
		len = round % 2 == 0 ?
		    random_text(field, sizeof(field), &seed) :
		    random_bytes(field, sizeof(field), &seed);
		for (i = 0; i < len; i++) {
			if (field[i] == '\0')
				field[i] = '0';
		}
		assert_round_trip(field, len);
	}
}

static void
a_field_is_added_behind_what_is_there(void **state)
{
	struct buf out = { 0 };

	(void)state;
	csv_add_field(&out, "a,b", 3);
	csv_add_field(&out, "c", 1);
	csv_add_field(&out, "", 0);
	assert_string_equal(buf_str(&out), "\"a,b\"c");
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_and_faults_follow_rfc_4180),
		cmocka_unit_test(
		    a_quote_in_a_tab_file_is_an_ordinary_character),
		cmocka_unit_test(a_nul_byte_is_a_fault_with_its_place),
		cmocka_unit_test(plain_path_and_libcsv_agree_on_any_input),
		cmocka_unit_test(a_separator_is_found_wherever_it_stands),
		cmocka_unit_test(cutting_at_any_byte_gives_the_same_records),
		cmocka_unit_test(
		    cutting_any_input_gives_the_same_records_and_fault),
		cmocka_unit_test(
		    whole_records_end_at_a_line_end_outside_quotes),
		cmocka_unit_test(
		    a_field_of_more_than_1_mib_is_a_fault_with_its_place),
		cmocka_unit_test(a_record_function_can_stop_the_reading),
		cmocka_unit_test(
		    fields_are_quoted_only_where_rfc_4180_needs_it),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_field_is_added_behind_what_is_there),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
