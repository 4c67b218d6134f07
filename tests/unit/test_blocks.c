#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "reading.h"

static void
every_way_to_end_a_line_gives_the_same_rows(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ HEADER "A,a\nB,b\n", "2:[A][a]3:[B][b]" },
		{ "course_number,course_name\r\nA,a\r\nB,b\r\n",
		    "2:[A][a]3:[B][b]" },
		{ "course_number,course_name\rA,a\rB,b\r", "2:[A][a]3:[B][b]" },
		{ "course_number,course_name\rA,a\r\nB,b\n",
		    "2:[A][a]3:[B][b]" },
		{ "course_number,course_name\n\rA,a\n\rB,b\n\r",
		    "3:[A][a]5:[B][b]" },
		{ "\n\r\n" HEADER "\n\nA,a\r\r\nB,b\n\n\n",
		    "6:[A][a]8:[B][b]" },
		{ "\xef\xbb\xbf" HEADER "A,a\n", "2:[A][a]" },
		{ "\xef\xbb\xbf\"course_number\",\"course_name\"\r\n"
		  "\"A\",\"a\"\r\n",
		    "2:[A][a]" },
		{ HEADER "\"A\",\"a\r\nb\rc\nd\"\r\nB,b\r\n",
		    "2:[A][a\r\nb\rc\nd]6:[B][b]" },
		{ "\"course_number\",\"course\nname\"\nA,a\n", "3:[A][a]" },
		{ HEADER, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_reads(reading_with("auto", 1), cases[i].text,
		    strlen(cases[i].text), cases[i].want);
		assert_reads(reading_with("utf-8", 4), cases[i].text,
		    strlen(cases[i].text), cases[i].want);
	}
}

static void
a_tab_in_the_header_makes_a_tab_file(void **state)
{
	static const char text[] = "course_number\tcourse_name\nA\ta,\"b\n"
				   "\"B\"\tb\n";
	struct reading quotes;

	(void)state;
	assert_reads(reading_with("auto", 1), text, strlen(text),
	    "2:[A][a,\"b]3:[\"B\"][b]");
	quotes = reading_with("auto", 1);
	quotes.options.tab_quotes = true;
	assert_reads(quotes, "course_number\tcourse_name\n\"A\tB\"\tb\n", 34,
	    "2:[A\tB][b]");
}

/*
 * An export with what makes records hard to tell: quotes, line breaks in
 * cells, letters of two bytes, line ends of each kind.
 */
static const char hard[] = "course_number,course_name\r\n"
			   "A1,Algebra I\r\n"
			   "\"A2\",\"Alg\"\"ebra\r\nII\"\r\n"
			   "\n"
			   "\xc3\x89"
			   "1,\xc3\xa9t\xc3\xa9\n"
			   "\"B\nC\",\"\"\r"
			   "D,\"x, y\"\n"
			   "E,";

/* How many rows end within the first len bytes; -1: len is inside one. */
static int
whole_rows(const char *bytes, size_t len)
{
	bool inside, empty;
	int lines;
	size_t i;

	inside = false;
	empty = true;
	lines = -1; /* the header is no row */
	for (i = 0; i < len; i++) {
		if (bytes[i] == '"')
			inside = !inside;
		if (inside || (bytes[i] != '\n' && bytes[i] != '\r')) {
			empty = false;
		} else if (!empty) {
			lines++;
			empty = true;
		}
	}
	return empty ? lines : -1;
}

static void
a_file_cut_at_any_byte_is_refused_or_whole(void **state)
{
	struct reading r;
	size_t cut, accepted;
	int rows;

	(void)state;
	accepted = 0;
	for (cut = 0; cut < sizeof(hard); cut++) {
		r = reading_with("auto", cut % 2 == 0 ? 1 : 4);
		rows = whole_rows(hard, cut);
		if (read_bytes(&r, hard, cut) == 0) {
			/* The cut stands behind a row, so nothing shows it. */
			if ((int)r.roster->tables[T_COURSE].nrows != rows)
				fail_msg("cut at %zu: %zu rows", cut,
				    r.roster->tables[T_COURSE].nrows);
			assert_int_equal(r.input.rows, rows);
			accepted++;
		} else {
			if (rows != -1)
				fail_msg("cut at %zu: %s", cut, r.err.msg);
			assert_int_equal(r.err.code, EXIT_SOURCE);
			assert_non_null(strstr(r.err.msg, "courses.csv:"));
			assert_non_null(
			    strstr(r.err.msg, "nothing was published"));
		}
		reading_free(&r);
	}
	assert_int_equal(accepted, 10);
}

static void
without_a_last_line_end_no_whole_row_is_lost(void **state)
{
	struct reading r;
	size_t cut, nrows;
	int whole, rows;

	(void)state;
	whole = 0;
	for (cut = strlen(HEADER) + 1; cut < sizeof(hard); cut++) {
		rows = whole_rows(hard, cut);
		whole = rows == -1 ? whole : rows;
		r = reading_with("utf-8", 1);
		r.options.final_newline_optional = true;
		if (read_bytes(&r, hard, cut) == 0) {
			nrows = r.roster->tables[T_COURSE].nrows;
			assert_true((int)nrows == whole ||
			    (rows == -1 && (int)nrows == whole + 1));
		} else {
			assert_int_equal(rows, -1);
		}
		reading_free(&r);
	}
	r = reading_with("auto", 1);
	r.options.final_newline_optional = true;
	assert_reads(
	    r, HEADER "A,a\nB,b", strlen(HEADER) + 7, "2:[A][a]3:[B][b]");
	assert_refused(reading_with("auto", 1), HEADER "A,a\nB,b",
	    strlen(HEADER) + 7,
	    "courses.csv:3:1: the last line has no line"
	    " end, so the file may be cut short; nothing was published");
}

/* The rows that are not filler. */
static char *
rows_between(const struct reading *r)
{
	const struct table *table;
	struct buf out = { 0 };
	uint32_t row;
	sym filler;

	filler = intern_add(r->roster->intern, "F", 1);
	table = &r->roster->tables[T_COURSE];
	for (row = 0; row < table->nrows; row++) {
		if (table_sym(table, COURSE_NUMBER, row).id == filler.id)
			continue;
		add_cell(&out, r, COURSE_NUMBER, row);
		add_cell(&out, r, COURSE_NAME, row);
	}
	buf_str(&out);
	return out.data;
}

/* The border between two blocks falls on each byte of the rows in turn. */
static void
rows_survive_a_block_border_at_any_byte(void **state)
{
	static const char
	    rows[] = "\"A\r\nB\",\"c\"\"d\"\r\nE,\xc3\xa9\r\n"
		     "\r\n\"x\ny\",\"\"\r\"\",\"\r\r\n\n\"\nz,\r\n";
	static const char want[] = "[A\r\nB][c\"d][E][\xc3\xa9][x\ny][]"
				   "[][][z][]";
	struct reading r;
	struct buf text = { 0 };
	size_t before, total;
	char *got;

	(void)state;
	total = 0;
	for (before = 0; before <= sizeof(rows); before++) {
		text.len = 0;
		buf_adds(&text, HEADER);
		add_filler(&text, BLOCK - before);
		buf_adds(&text, rows);
		add_filler(&text, text.len + 5000);
		r = reading_with("auto", before % 2 == 0 ? 1 : 4);
		if (read_bytes(&r, text.data, text.len) != 0)
			fail_msg("%zu before: %s", before, r.err.msg);
		got = rows_between(&r);
		if (strcmp(got, want) != 0)
			fail_msg("%zu before the border: %s", before, got);
		free(got);
		/* The same rows whatever stands before them. */
		total = total == 0 ? r.input.rows : total;
		assert_true(
		    r.input.rows >= total - 1 && r.input.rows <= total + 1);
		reading_free(&r);
	}
	buf_free(&text);
}

/* An export of more than two blocks, of rows of all kinds. */
static void
add_many_rows(struct buf *text, size_t len)
{
	static const char *const names[] = { "plain", "\"quo,ted\"",
		"\"line\nbreak\"", "\"say \"\"x\"\"\"", "&eacute;t&eacute;", "",
		"\"\"", "\xe6\xbc\xa2\xe5\xad\x97", "  blanks  ",
		"\"CR\r\nLF\"" };
	static const char *const ends[] = { "\n", "\r\n", "\n\n" };
	uint32_t seed, n;

	seed = 7;
	for (n = 0; text->len < len; n++) {
		seed = seed * 1664525 + 1013904223;
		buf_printf(text, "C%u,%s%s", n, names[(seed >> 12) % 10],
		    ends[(seed >> 20) % 3]);
	}
}

static void
assert_same_marks(const struct table *a, const struct table *b)
{
	size_t i;

	assert_int_equal(a->nmarks, b->nmarks);
	assert_true(a->nmarks > 1000);
	for (i = 0; i < a->nmarks; i++) {
		assert_int_equal(a->marks[i].row, b->marks[i].row);
		assert_int_equal(a->marks[i].rule, b->marks[i].rule);
		assert_int_equal(a->marks[i].field, b->marks[i].field);
	}
}

static void
any_number_of_threads_gives_the_same_roster(void **state)
{
	static const unsigned jobs[] = { 1, 2, 4, 64, 1000 };
	struct reading first, r;
	struct buf text = { 0 };
	char *want, *got;
	size_t i;

	(void)state;
	buf_adds(&text, HEADER);
	add_many_rows(&text, BLOCK * 5 / 2);
	first = reading_with("auto", 1);
	assert_int_equal(read_bytes(&first, text.data, text.len), 0);
	want = rows_shown(&first, true);
	for (i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		r = reading_with("auto", jobs[i]);
		assert_int_equal(read_bytes(&r, text.data, text.len), 0);
		got = rows_shown(&r, true);
		assert_string_equal(got, want);
		assert_string_equal(r.input.sha256, first.input.sha256);
		assert_int_equal(r.input.rows, first.input.rows);
		assert_same_marks(&r.roster->tables[T_COURSE],
		    &first.roster->tables[T_COURSE]);
		free(got);
		reading_free(&r);
	}
	free(want);
	reading_free(&first);
	buf_free(&text);
}

static void
a_late_byte_makes_the_whole_file_windows_1252(void **state)
{
	struct reading r;
	struct buf text = { 0 };
	uint32_t rows;
	char *got;
	unsigned jobs;

	(void)state;
	buf_adds(&text, HEADER "A,\xc3\xa9&amp;\n");
	add_filler(&text, BLOCK * 9 / 4);
	buf_adds(&text, "B,Jos\xe9 \x80\n");
	for (jobs = 1; jobs <= 4; jobs += 3) {
		r = reading_with("auto", jobs);
		assert_int_equal(read_bytes(&r, text.data, text.len), 0);
		assert_string_equal(r.input.encoding, "windows-1252");
		assert_int_equal(r.input.converted, 2);
		got = rows_between(&r);
		assert_string_equal(got,
		    "[A][\u00c3\u00a9&]"
		    "[B][Jos\u00e9 \u20ac]");
		free(got);
		/* Nothing of the first attempt is left. */
		rows = (uint32_t)r.roster->tables[T_COURSE].nrows;
		assert_int_equal(r.input.rows, rows);
		assert_int_equal(r.roster->tables[T_COURSE].nmarks, 1);
		assert_int_equal(
		    row_lines_find(&r.roster->tables[T_COURSE].lines, rows - 1),
		    rows);
		assert_int_equal(r.roster->nfiles, 1);
		reading_free(&r);
	}
	buf_free(&text);
}

static void
a_file_is_read_in_the_encoding_that_is_set(void **state)
{
	static const struct {
		const char *encoding, *name, *want;
	} cases[] = {
		{ "auto", "\xc3\xa9", "2:[A][\u00e9]" },
		{ "auto", "\xe9", "2:[A][\u00e9]" },
		{ "UTF-8", "\xc3\xa9", "2:[A][\u00e9]" },
		{ "windows-1252", "\xc3\xa9\x80\x9f",
		    "2:[A]"
		    "[\u00c3\u00a9\u20ac\u0178]" },
		{ "mac-roman", "\x8e\xa5", "2:[A][\u00e9\u2022]" },
		{ "Mac-Roman", "\xdb", "2:[A][\u20ac]" },
	};
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), HEADER "A,%s\n", cases[i].name);
		assert_reads(reading_with(cases[i].encoding, 1), text,
		    strlen(text), cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_to_end_a_line_gives_the_same_rows),
		cmocka_unit_test(a_tab_in_the_header_makes_a_tab_file),
		cmocka_unit_test(a_file_cut_at_any_byte_is_refused_or_whole),
		cmocka_unit_test(without_a_last_line_end_no_whole_row_is_lost),
		cmocka_unit_test(rows_survive_a_block_border_at_any_byte),
		cmocka_unit_test(any_number_of_threads_gives_the_same_roster),
		cmocka_unit_test(a_late_byte_makes_the_whole_file_windows_1252),
		cmocka_unit_test(a_file_is_read_in_the_encoding_that_is_set),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
