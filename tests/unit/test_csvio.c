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

static int
show_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct buf *out = arg;
	size_t i;

	buf_printf(out, "%u:", line);
	for (i = 0; i < ncells; i++) {
		buf_addc(out, '[');
		buf_add(out, cells[i].bytes, cells[i].len);
		buf_addc(out, ']');
	}
	return 0;
}

/* What reading text gives, as one line of text. */
static char *
shown(const char *text, size_t len, char separator, bool quotes, bool plain)
{
	static const char *const faults[] = { "", "nul", "stray", "open",
	    "long", "stopped" };
	struct csv_format format = { separator, quotes, plain };
	struct csv_problem problem;
	struct buf out = { 0 };
	uint32_t lines;
	char *copy;

	copy = calloc(1, len + 16);
	memcpy(copy, text, len);
	if (csv_read_block(&format, copy, len, show_record, &out, &lines,
	    &problem) != 0)
		buf_printf(&out, "!%s@%u.%zu", faults[problem.fault],
		    problem.line, problem.column);
	free(copy);
	buf_str(&out);
	return out.data;
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
a_nul_byte_is_a_fault_with_its_line(void **state)
{
	char *got;

	(void)state;
	got = shown("a,b\nc\0,d\n", 9, ',', true, true);
	assert_string_equal(got, "!nul@1.1");
	free(got);
}

/* Random bytes from a small alphabet; the same every time. */
static size_t
random_text(char *text, size_t max, uint32_t *seed)
{
	static const char alphabet[] = "ab,,\"\"\n\r\n x";
	size_t len, i;

	*seed = *seed * 1664525 + 1013904223;
	len = (*seed >> 8) % max;
	for (i = 0; i < len; i++) {
		*seed = *seed * 1664525 + 1013904223;
		text[i] = alphabet[(*seed >> 10) % (sizeof(alphabet) - 1)];
	}
	return len;
}

static void
plain_path_and_libcsv_agree_on_any_input(void **state)
{
	char text[64], *plain, *libcsv;
	uint32_t seed, round;
	size_t len;

	(void)state;
	seed = 1;
	for (round = 0; round < 200000; round++) {
		len = random_text(text, sizeof(text), &seed);
		plain = shown(text, len, ',', true, true);
		libcsv = shown(text, len, ',', true, false);
		assert_string_equal(plain, libcsv);
		free(plain);
		free(libcsv);
	}
}

static void
cutting_at_any_byte_gives_the_same_records(void **state)
{
	static const char text[] =
	    "id,name\r\n1,\"a\r\nb\"\r\n2,c\n\"3\",\"d\"\"e\"\n";
	const struct csv_format format = { ',', true, true };
	struct csv_problem problem;
	struct buf all = { 0 };
	char block[sizeof(text) + 16], *want, *got, *p, *q;
	size_t len, cut, whole;
	uint32_t lines;

	(void)state;
	len = sizeof(text) - 1;
	want = shown(text, len, ',', true, true);
	for (cut = 0; cut <= len; cut++) {
		all.len = 0;
		whole = csv_whole_records(&format, text, cut, false);
		assert_true(whole <= cut);
		memcpy(block, text, whole);
		assert_int_equal(csv_read_block(&format, block, whole,
		    show_record, &all, &lines, &problem), 0);
		memcpy(block, text + whole, len - whole);
		assert_int_equal(csv_read_block(&format, block, len - whole,
		    show_record, &all, &lines, &problem), 0);
		/* Line numbers of the second block start again: drop them. */
		got = (char *)(uintptr_t)buf_str(&all);
		for (p = got, q = want; *p != '\0'; p++, q++) {
			if (p[0] != '\0' && p[1] == ':')
				continue;
			assert_int_equal(*p, *q);
		}
		assert_int_equal(*q, '\0');
	}
	buf_free(&all);
	free(want);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_and_faults_follow_rfc_4180),
		cmocka_unit_test(
		    a_quote_in_a_tab_file_is_an_ordinary_character),
		cmocka_unit_test(a_nul_byte_is_a_fault_with_its_line),
		cmocka_unit_test(plain_path_and_libcsv_agree_on_any_input),
		cmocka_unit_test(cutting_at_any_byte_gives_the_same_records),
		cmocka_unit_test(
		    fields_are_quoted_only_where_rfc_4180_needs_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
