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
#include "canvas/diff_order.h"

#define ROUNDS 200000

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static size_t
random_text(const char *alphabet, char *text, size_t max, uint32_t *seed)
{
	size_t len, i;

	len = next_random(seed) % max;
	for (i = 0; i < len; i++)
		text[i] = alphabet[next_random(seed) % strlen(alphabet)];
	return len;
}

static void
show_cells(struct buf *out, uint64_t line)
{
	buf_printf(out, "%llu:", (unsigned long long)line);
}

static int
show_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct buf *out = arg;
	size_t i;

	show_cells(out, (uint64_t)line + 1);
	for (i = 0; i < ncells; i++) {
		buf_addc(out, '[');
		buf_add(out, cells[i].bytes, cells[i].len);
		buf_addc(out, ']');
	}
	return 0;
}

/* What csvio makes of a text, up to its first fault. */
static void
shown_by_csvio(const char *text, size_t len, struct buf *out)
{
	static const struct csv_format format = { ',', true, true };
	struct csv_problem problem;
	uint32_t lines;
	char *copy;

	copy = calloc(1, len + 16);
	memcpy(copy, text, len);
	if (csv_read_block(
		&format, copy, len, show_record, out, &lines, &problem) != 0)
		buf_printf(out, "!%u.%zu", problem.line + 1, problem.column);
	free(copy);
	buf_str(out);
}

/* What a walk makes of it; the place of a fault is in its message. */
static void
shown_by_walk(const char *text, size_t len, struct buf *out)
{
	const struct diff_file file = { "f", text, len, false };
	struct diff_record record;
	struct diff_walk walk;
	struct err err = { 0 };
	unsigned line, column;
	size_t i;
	int rc;

	diff_walk_begin(&walk, &file);
	while ((rc = diff_walk_peek(&walk, &record, &err)) == 1) {
		show_cells(out, walk.line);
		diff_record_cut_raw(&record, &walk.cells);
		for (i = 0; i < walk.cells.ncells; i++) {
			buf_addc(out, '[');
			buf_add(out, walk.cells.cells[i].bytes,
			    walk.cells.cells[i].len);
			buf_addc(out, ']');
		}
		diff_walk_pass(&walk, &record);
	}
	if (rc == -1) {
		assert_int_equal(err.code, EXIT_SOURCE);
		assert_int_equal(
		    sscanf(err.msg, "f:%u:%u:", &line, &column), 2);
		buf_printf(out, "!%u.%u", line, column);
	}
	diff_walk_free(&walk);
	buf_str(out);
}

static void
records_and_faults_are_those_of_csvio(void **state)
{
	struct buf want = { 0 }, got = { 0 };
	char text[64];
	uint32_t seed, round;
	size_t len;

	(void)state;
	seed = 7;
	for (round = 0; round < ROUNDS; round++) {
		len = random_text(
		    "ab,,\"\"\n\r\n\t x", text, sizeof(text), &seed);
		want.len = got.len = 0;
		shown_by_csvio(text, len, &want);
		shown_by_walk(text, len, &got);
		assert_string_equal(got.data, want.data);
	}
	buf_free(&want);
	buf_free(&got);
}

static const struct {
	const char *name;
	const char *text;
	size_t len;
	const char *want;
} faulty[] = {
	{ "NUL", "a,b\nc\0d\n", 8, "f:2:2: a NUL byte; nothing was compared" },
	{ "stray quote", "a\n\nb\"c\n", 7,
	    "f:3:2: a quote stands inside a cell, or text behind a closing"
	    " quote; nothing was compared" },
	{ "text behind a quote", "a\n\"x\ny\"z\n", 9,
	    "f:3:3: a quote stands inside a cell, or text behind a closing"
	    " quote; nothing was compared" },
	{ "open quote", "a\nb,\"c\nd\n", 9,
	    "f:2:3: a quote is opened and never closed; nothing was"
	    " compared" },
};

static void
a_malformed_file_is_named_with_line_and_column(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++) {
		const struct diff_file file = { "f", faulty[i].text,
			faulty[i].len, false };
		struct diff_record record;
		struct diff_walk walk;
		struct err err = { 0 };
		int rc;

		diff_walk_begin(&walk, &file);
		while ((rc = diff_walk_peek(&walk, &record, &err)) == 1)
			diff_walk_pass(&walk, &record);
		assert_int_equal(rc, -1);
		assert_string_equal(err.msg, faulty[i].want);
		assert_true(err.hint[0] != '\0');
		diff_walk_free(&walk);
	}
}

static void
a_cell_longer_than_1_mib_is_refused(void **state)
{
	struct diff_file file = { .name = "f" };
	struct diff_record record;
	struct diff_walk walk;
	struct err err;
	char *text;
	int quoted;

	(void)state;
	file.len = CSV_FIELD_MAX + 16;
	text = malloc(file.len);
	file.bytes = text;
	for (quoted = 0; quoted < 2; quoted++) {
		memset(text, 'x', file.len);
		memcpy(text, "a,", 2);
		if (quoted)
			text[2] = '"';
		err = (struct err){ 0 };
		diff_walk_begin(&walk, &file);
		assert_int_equal(diff_walk_peek(&walk, &record, &err), -1);
		assert_string_equal(err.msg,
		    "f:1:3: a cell is longer than"
		    " 1 MiB; nothing was compared");
		diff_walk_free(&walk);
	}
	free(text);
}

static void
a_byte_order_mark_is_no_part_of_the_first_cell(void **state)
{
	const struct diff_file file = { "f",
		"\xef\xbb\xbf"
		"a,b\n",
		7, false };
	struct diff_record record;
	struct diff_walk walk;
	struct err err = { 0 };

	(void)state;
	diff_walk_begin(&walk, &file);
	assert_int_equal(diff_walk_peek(&walk, &record, &err), 1);
	assert_int_equal(record.len, 3);
	assert_memory_equal(record.bytes, "a,b", 3);
	diff_walk_free(&walk);
}

static const struct {
	const char *cell;
	const char *want;
} stripped[] = {
	{ " a b ", "a b" },
	{ "\t\n\v\f\r", "" },
	{ "", "" },
	{ "\xc2\xa0", "" },
	{ " \xe3\x80\x80 ", "" },
	{ "\xc2\xa0"
	  "a",
	    "\xc2\xa0"
	    "a" },
	{ "\xa0", "\xa0" },
};

static void
cells_are_stripped_as_canvas_strips_them(void **state)
{
	struct str got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(stripped) / sizeof(stripped[0]); i++) {
		got = diff_cell_stripped(
		    (struct str){ stripped[i].cell, strlen(stripped[i].cell) });
		assert_int_equal(got.len, strlen(stripped[i].want));
		assert_memory_equal(got.bytes, stripped[i].want, got.len);
	}
}

/* A line of a file with the columns k1, k2 and v. */
static struct diff_record
random_line(char *text, size_t max, uint32_t *seed)
{
	struct diff_record line = { .bytes = text };

	line.len = random_text("aab,, b\x7f\xc2\xa0z", text, max, seed);
	/* What lies behind a line must not count. */
	random_text("ab,\n", text + line.len, 64, seed);
	return line;
}

static int
rank_by_keys(const struct diff_layout *layout, const struct diff_record *a,
    const struct diff_record *b)
{
	struct diff_cells cells = { 0 };
	struct buf key_a = { 0 }, key_b = { 0 };
	int order;

	buf_reserve(&key_a, 1);
	buf_reserve(&key_b, 1);
	diff_side_key(layout, a, &cells, &key_a);
	diff_side_key(layout, b, &cells, &key_b);
	order = diff_side_key_order(&key_a, &key_b);
	diff_cells_free(&cells);
	buf_free(&key_a);
	buf_free(&key_b);
	return order < 0 ? DIFF_BEFORE : order == 0 ? DIFF_SAME : DIFF_BEHIND;
}

static void
the_first_different_byte_tells_the_order_of_keys(void **state)
{
	char text_a[256] = "", text_b[256] = "";
	const struct diff_file files[2] = { { "a", text_a, sizeof(text_a),
						false },
		{ "b", text_b, sizeof(text_b), false } };
	struct diff_layout layouts[2] = { { .file = &files[0],
					      .keys = { 0, 1 },
					      .nkeys = 2,
					      .leading = true },
		{ .file = &files[1],
		    .keys = { 0, 1 },
		    .nkeys = 2,
		    .leading = true } };
	struct diff_order orders[2];
	struct diff_record a, b;
	uint32_t seed, round;

	(void)state;
	seed = 3;
	diff_order_begin(&orders[0], &layouts[0]);
	diff_order_begin(&orders[1], &layouts[1]);
	for (round = 0; round < ROUNDS; round++) {
		a = random_line(text_a, 24, &seed);
		b = random_line(text_b, 24, &seed);
		if (!diff_order_is_row(&orders[0], &a) ||
		    !diff_order_is_row(&orders[1], &b))
			continue;
		assert_int_equal(
		    diff_order_between(&orders[0], &a, &orders[1], &b),
		    rank_by_keys(&layouts[0], &a, &b));
	}
	diff_order_free(&orders[0]);
	diff_order_free(&orders[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_and_faults_are_those_of_csvio),
		cmocka_unit_test(
		    a_malformed_file_is_named_with_line_and_column),
		cmocka_unit_test(a_cell_longer_than_1_mib_is_refused),
		cmocka_unit_test(
		    a_byte_order_mark_is_no_part_of_the_first_cell),
		cmocka_unit_test(cells_are_stripped_as_canvas_strips_them),
		cmocka_unit_test(
		    the_first_different_byte_tells_the_order_of_keys),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
