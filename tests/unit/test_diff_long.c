#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "test_diff_show.h"

#define LONG_ROUNDS 60
#define LONG_LINES ((size_t)8000)

static void
write_blank_rows(struct buf *out, size_t n, const char *line_end)
{
	while (n-- > 0)
		buf_printf(out, "\"\",,%s", line_end);
}

/* A cell longer than what is compared at once, different at its end. */
static void
write_long_note(struct buf *out, char last)
{
	const size_t len = 5000 + out->len % 3000;

	buf_addc(out, '"');
	memset(buf_reserve(out, len), 'n', len);
	out->len += len;
	buf_addc(out, last);
	buf_addc(out, '"');
}

/* A sheet of many lines, quoted ones and blank ones among them. */
static void
write_long(
    struct buf *out, const char *line_end, size_t touched, uint32_t *seed)
{
	size_t i, place, from;

	out->len = 0;
	buf_printf(out, "user_id,login_id,notes%s", line_end);
	for (i = 0; i < LONG_LINES; i++) {
		if (i == LONG_LINES / 2)
			write_blank_rows(out, 2000, line_end);
		from = out->len;
		buf_printf(out, "U%06zu,login%zu,", i, i * 7919 % 1000);
		place = next_random(seed) % (LONG_LINES / 4);
		if (i % 97 == 0)
			buf_adds(out, "\"one, \"\"two\"\"\nthree\"");
		else if (i % 501 == 0)
			write_long_note(out, one_in(4, seed) ? 'x' : 'y');
		buf_adds(out, line_end);
		if (i % 61 == 0)
			buf_adds(out, line_end);
		if (i % 131 == 0)
			write_blank_rows(out, 1, line_end);
		if (place < touched) /* leave the line out */
			out->len = from;
		else if (place < 2 * touched ||
		    (i == LONG_LINES / 2 + 3 && one_in(2, seed)))
			out->data[from + 9] = 'L'; /* change the login */
	}
}

static void
shuffle_lines(const struct buf *text, struct buf *out)
{
	struct diff_file file = { "f", text->data, text->len, false };
	struct diff_record *rows = NULL;
	struct diff_walk walk;
	struct err err = { 0 };
	size_t n, cap, i;

	diff_walk_begin(&walk, &file);
	for (n = cap = 0;; n++) {
		rows = mem_grow(rows, n, &cap, sizeof(*rows));
		if (diff_walk_peek(&walk, &rows[n], &err) != 1)
			break;
		diff_walk_pass(&walk, &rows[n]);
	}
	diff_walk_free(&walk);
	out->len = 0;
	buf_add(out, rows[0].bytes, rows[0].len);
	buf_addc(out, '\n');
	for (i = n - 1; i > 0; i--) {
		buf_add(out, rows[i].bytes, rows[i].len);
		buf_addc(out, '\n');
	}
	free(rows);
}

static int
show_long(void *arg, const struct diff_event *event, struct err *err)
{
	show_key(arg, event, err);
	buf_adds(arg,
	    event->change == DIFF_CHANGED ?
		diff_cell_differs(event, 1) ? "login" : "notes" :
		"");
	return 0;
}

static void
differ_bufs(struct buf *old, struct buf *new, struct buf *out)
{
	const struct diff_file files[2] = { { "old", old->data, old->len,
						false },
		{ "new", new->data, new->len, false } };
	const struct diff_input inputs[2] = { { &files[0], 1 },
		{ &files[1], 1 } };
	const struct diff_sink sink = { out, show_long };
	struct diff_count counts;
	struct err err = { 0 };

	out->len = 0;
	if (diff_sheets(&sheets[SHEET_USER], &inputs[0], &inputs[1], &sink,
		&counts, &err) != 0)
		fail_msg("%s", err.msg);
	buf_printf(out, "%llu %llu", (unsigned long long)counts.rows[0],
	    (unsigned long long)counts.rows[1]);
	buf_str(out);
}

static void
long_equal_stretches_hide_no_difference(void **state)
{
	static const char *const line_ends[] = { "\n", "\r\n", "\r" };
	struct buf old = { 0 }, new = { 0 }, shuffled = { 0 };
	struct buf in_order = { 0 }, sorted = { 0 };
	uint32_t seed, round;
	const char *end;

	(void)state;
	seed = 5;
	for (round = 0; round < LONG_ROUNDS; round++) {
		end = line_ends[round % 3];
		write_long(&old, end, round % 4, &seed);
		write_long(&new,
		    one_in(4, &seed) ? line_ends[next_random(&seed) % 3] : end,
		    round % 2, &seed);
		differ_bufs(&old, &new, &in_order);
		shuffle_lines(&new, &shuffled);
		differ_bufs(&old, &shuffled, &sorted);
		assert_string_equal(in_order.data, sorted.data);
	}
	buf_free(&old);
	buf_free(&new);
	buf_free(&shuffled);
	buf_free(&in_order);
	buf_free(&sorted);
}

/* More differences than are held back while the order is not yet known. */
static void
no_difference_is_lost_when_there_are_many(void **state)
{
	const size_t rows = 40, width = 900000;
	struct buf text[2] = { { 0 }, { 0 } };
	struct diff_file files[2];
	struct diff_input inputs[2];
	struct buf got = { 0 };
	const struct diff_sink sink = { &got, show_key };
	struct diff_count counts;
	struct err err = { 0 };
	size_t i, j;

	(void)state;
	for (i = 0; i < 2; i++) {
		buf_adds(&text[i], "user_id,login_id\n");
		for (j = 10; j < 10 + rows; j++) {
			buf_printf(&text[i], "%zu,", j);
			memset(buf_reserve(&text[i], width),
			    i == 0 || j % 4 == 0 ? 'a' : 'b', width);
			text[i].len += width;
			buf_addc(&text[i], '\n');
		}
		files[i] = (struct diff_file){ "f", text[i].data, text[i].len,
			false };
		inputs[i] = (struct diff_input){ &files[i], 1 };
	}
	assert_int_equal(diff_sheets(&sheets[SHEET_USER], &inputs[0],
			     &inputs[1], &sink, &counts, &err),
	    0);
	assert_int_equal(counts.changed, rows - rows / 4);
	for (i = 0, j = 10; j < 10 + rows; j++) {
		if (j % 4 == 0)
			continue;
		assert_true(strncmp(got.data + i, "~", 1) == 0);
		assert_int_equal(strtoul(got.data + i + 1, NULL, 10), j);
		i += 4;
	}
	assert_int_equal(i, got.len);
	buf_free(&got);
	buf_free(&text[0]);
	buf_free(&text[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_equal_stretches_hide_no_difference),
		cmocka_unit_test(no_difference_is_lost_when_there_are_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
