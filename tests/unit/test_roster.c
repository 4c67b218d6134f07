#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "roster/roster.h"

#define N(number) ((number) | 0x80000000U) /* sym_of_number().id */

static void
assert_finds(const uint32_t *keys, size_t n, uint32_t key, uint32_t want)
{
	struct key_index index = { 0 };

	key_index_build(&index, keys, n);
	assert_int_equal(key_index_find(&index, (sym){ key }), want);
	key_index_free(&index);
}

static void
the_first_row_of_a_key_is_found(void **state)
{
	static const uint32_t numbers[] = { N(7), N(0), N(7), 0, N(9) };
	static const uint32_t large[] = { N(7), N(0), N(7), 0, N(0x7fffffff) };
	static const uint32_t texts[] = { N(7), N(0), N(7), 0, 9, 9 };

	(void)state;
	assert_finds(numbers, 5, N(7), 0);
	assert_finds(numbers, 5, N(0), 1);
	assert_finds(numbers, 5, N(9), 4);
	assert_finds(large, 5, N(7), 0);
	assert_finds(large, 5, N(0), 1);
	assert_finds(large, 5, N(0x7fffffff), 4);
	assert_finds(texts, 6, N(7), 0);
	assert_finds(texts, 6, N(0), 1);
	assert_finds(texts, 6, 9, 4);
}

static void
a_blank_key_finds_nothing(void **state)
{
	static const uint32_t keys[] = { 0, N(1), 0 };
	static const uint32_t texts[] = { 0, 5, 0 };

	(void)state;
	assert_finds(keys, 3, 0, ROW_NONE);
	assert_finds(texts, 3, 0, ROW_NONE);
}

static void
a_key_that_no_row_has_finds_nothing(void **state)
{
	static const uint32_t numbers[] = { N(1), N(2) };
	static const uint32_t texts[] = { N(1), 5 };
	struct key_index none = { 0 };

	(void)state;
	assert_finds(numbers, 2, N(0), ROW_NONE);
	assert_finds(numbers, 2, N(3), ROW_NONE);
	assert_finds(numbers, 2, N(0x7fffffff), ROW_NONE);
	assert_finds(numbers, 2, 1, ROW_NONE);
	assert_finds(texts, 2, N(5), ROW_NONE);
	assert_finds(texts, 2, 1, ROW_NONE);
	assert_finds(NULL, 0, N(0), ROW_NONE);
	assert_int_equal(key_index_find(&none, (sym){ N(1) }), ROW_NONE);
	key_index_free(&none);
}

static void
an_index_agrees_with_looking_at_every_row(void **state)
{
	struct key_index index = { 0 };
	uint32_t keys[500] = { 0 }, seed, row, want;
	size_t i, round, n;

	(void)state;
	seed = 1;
	for (round = 0; round < 300; round++) {
		n = round % (sizeof(keys) / sizeof(keys[0]));
		for (i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			keys[i] = (seed >> 12) % (unsigned)(n + 2);
			/* Numbers, texts, both; small numbers and large. */
			if (round % 3 == 0 || (round % 3 == 1 && i % 2 == 0))
				keys[i] = N(keys[i] << round % 22);
		}
		key_index_build(&index, keys, n);
		for (i = 0; i < n; i++) {
			for (want = 0; keys[want] != keys[i]; want++)
				continue;
			row = key_index_find(&index, (sym){ keys[i] });
			assert_int_equal(row, keys[i] == 0 ? ROW_NONE : want);
		}
	}
	key_index_free(&index);
}

static void
a_row_has_the_line_that_was_said_of_it(void **state)
{
	struct row_lines lines = { 0 };
	uint32_t said[2000], seed, line, row;
	size_t few;

	(void)state;
	assert_int_equal(row_lines_find(&lines, 0), 0);
	seed = 1;
	line = 2;
	for (row = 0; row < 2000; row++) {
		/* Now and then a blank line or a cell of several lines. */
		seed = seed * 1664525 + 1013904223;
		line += (seed >> 12) % 50 == 0 ? (seed >> 20) % 5 + 1 : 1;
		said[row] = line;
		row_lines_add(&lines, row, line);
	}
	for (row = 0; row < 2000; row++)
		assert_int_equal(row_lines_find(&lines, row), said[row]);
	few = lines.nruns;
	assert_true(few > 10 && few < 100);
	/* Rows that were read in vain come again, on other lines. */
	row_lines_cut(&lines, 1000);
	for (row = 1000; row < 2000; row++)
		row_lines_add(&lines, row, said[row] + 7);
	for (row = 0; row < 2000; row++)
		assert_int_equal(row_lines_find(&lines, row),
		    row < 1000 ? said[row] : said[row] + 7);
	row_lines_cut(&lines, 0);
	assert_int_equal(lines.nruns, 0);
	free(lines.runs);
}

static void
a_row_is_placed_in_its_file_from_line_1(void **state)
{
	static const struct {
		uint32_t all, line;
		size_t file;
	} cases[] = {
		{ 0, 1, 0 },
		{ 1, 2, 0 },
		{ 9, 10, 0 },
		{ 10, 1, 1 },
		{ 11, 2, 1 },
		{ 14, 5, 1 },
		{ 15, 1, 2 },
		{ 1000, 986, 2 },
	};
	struct roster *roster;
	uint32_t line;
	size_t i;

	(void)state;
	roster = roster_new();
	roster->files = mem_zalloc(3, sizeof(*roster->files));
	roster->files[0] = (struct roster_file){ mem_strdup("cc.csv"), T_CC, 0,
		10 };
	roster->files[1] = (struct roster_file){ mem_strdup("cc-2.csv"), T_CC,
		10, 5 };
	roster->files[2] = (struct roster_file){ mem_strdup("users.csv"),
		T_USER, 15, 2000 };
	roster->nfiles = 3;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		row_lines_add(
		    &roster->tables[T_CC].lines, (uint32_t)i, cases[i].all);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ptr_equal(roster_place(roster, T_CC, (uint32_t)i, &line),
		    &roster->files[cases[i].file]);
		assert_int_equal(line, cases[i].line);
	}
	roster_free(roster);
}

static void
a_row_without_a_file_has_no_place(void **state)
{
	struct roster *roster;
	uint32_t line;

	(void)state;
	roster = roster_new();
	row_lines_add(&roster->tables[T_CC].lines, 0, 3);
	assert_null(roster_place(roster, T_CC, 0, &line));
	assert_int_equal(line, 0);
	roster_free(roster);
}

static void
bound_columns_grow_and_keep_their_cells(void **state)
{
	struct roster *roster;
	struct table *table;
	uint32_t row;

	(void)state;
	roster = roster_new();
	table = &roster->tables[T_SCHOOL];
	table->bound[SCHOOL_NUMBER] = true;
	for (row = 0; row < 10000; row++) {
		table_reserve(table, 1);
		table->columns[SCHOOL_NUMBER][row] = N(row);
		table->nrows++;
	}
	for (row = 0; row < 10000; row++) {
		assert_int_equal(
		    table_sym(table, SCHOOL_NUMBER, row).id, N(row));
	}
	assert_null(table->columns[SCHOOL_NAME]);
	roster_free(roster);
}

static void
a_column_that_was_not_bound_reads_as_blank(void **state)
{
	struct roster *roster;

	(void)state;
	roster = roster_new();
	table_reserve(&roster->tables[T_TERM], 1);
	assert_int_equal(
	    table_sym(&roster->tables[T_TERM], TERM_NAME, 0).id, 0);
	assert_int_equal(
	    table_date(&roster->tables[T_TERM], TERM_LASTDAY, 0), INT32_MIN);
	roster_free(roster);
}

static void
a_new_roster_wants_what_rules_read_and_nothing_else(void **state)
{
	struct roster *roster;
	size_t t, f;

	(void)state;
	roster = roster_new();
	for (t = 0; t < TABLES; t++) {
		for (f = 0; schema[t].fields[f].name != NULL; f++) {
			assert_int_equal(roster->tables[t].wanted[f],
			    schema[t].fields[f].use != 0);
			assert_false(roster->tables[t].bound[f]);
		}
	}
	roster_free(roster);
	roster_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_row_of_a_key_is_found),
		cmocka_unit_test(a_blank_key_finds_nothing),
		cmocka_unit_test(a_key_that_no_row_has_finds_nothing),
		cmocka_unit_test(an_index_agrees_with_looking_at_every_row),
		cmocka_unit_test(a_row_has_the_line_that_was_said_of_it),
		cmocka_unit_test(a_row_is_placed_in_its_file_from_line_1),
		cmocka_unit_test(a_row_without_a_file_has_no_place),
		cmocka_unit_test(bound_columns_grow_and_keep_their_cells),
		cmocka_unit_test(a_column_that_was_not_bound_reads_as_blank),
		cmocka_unit_test(
		    a_new_roster_wants_what_rules_read_and_nothing_else),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
