#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/csvio.h"
#include "base/mem.h"
#include "test_diff_show.h"

#define ROUNDS 4000
#define ROWS_MAX 24
#define FILES_MAX 3
#define COLUMNS 6 /* three of the key, three others */
#define KEYS 3
#define SPILL_SOON 200 /* bytes: a few rows */
#define SPILL_NEVER ((size_t)64 << 10)

/* A row as cells by column; what Canvas reads, that is: stripped. */
struct row {
	const char *cells[COLUMNS];
};

/* One version of a sheet: rows in the order in which they are written. */
struct version {
	struct row rows[ROWS_MAX];
	size_t nrows;
	size_t distinct;		 /* of them, by key */
	size_t order[COLUMNS], ncolumns; /* those written */
	size_t nfiles;
	struct buf text[FILES_MAX];
	struct diff_file files[FILES_MAX];
	struct diff_input input;
};

static const char *const headers[COLUMNS] = { "section_id", "user_id", "role",
	"status", "start_date", "notes" };

static const char *
random_cell(size_t column, uint32_t *seed)
{
	static const char *const ids[] = { "1", "10", "100", "2", "a", "a b",
		"a-b", "ab", "\xc3\xa9", "a,b", "a\"", "" };
	static const char *const others[] = { "", "", "active", "a,b",
		"say \"x\"", "two\nlines", "two\r\nlines", "x  y", "\xc3\xa9" };

	if (column < KEYS)
		return ids[next_random(seed) % (sizeof(ids) / sizeof(ids[0]))];
	return others[next_random(seed) % (sizeof(others) / sizeof(others[0]))];
}

static int
key_order(const void *a, const void *b)
{
	const struct row *x, *y;
	size_t i;
	int order;

	x = a;
	y = b;
	order = 0;
	for (i = 0; i < KEYS && order == 0; i++)
		order = strcmp(x->cells[i], y->cells[i]);
	return order;
}

static bool
all_blank(const struct row *row)
{
	size_t i;

	for (i = 0; i < COLUMNS; i++) {
		if (row->cells[i][0] != '\0')
			return false;
	}
	return true;
}

static void
random_rows(struct version *v, uint32_t *seed)
{
	struct row *row;
	size_t i, n;

	n = next_random(seed) % ROWS_MAX;
	for (v->nrows = 0; v->nrows < n;) {
		row = &v->rows[v->nrows];
		for (i = 0; i < COLUMNS; i++)
			row->cells[i] = random_cell(i, seed);
		if (!all_blank(row))
			v->nrows++;
	}
}

/* The same rows with some changed, some left out and some new ones. */
static void
random_edit(const struct version *from, struct version *v, uint32_t *seed)
{
	size_t i, n;

	random_rows(v, seed);
	n = v->nrows < 4 ? v->nrows : 4;
	v->nrows = n;
	for (i = 0; i < from->nrows && v->nrows < ROWS_MAX; i++) {
		if (one_in(5, seed))
			continue;
		v->rows[v->nrows] = from->rows[i];
		if (one_in(5, seed))
			v->rows[v->nrows].cells[KEYS] = random_cell(KEYS, seed);
		if (!all_blank(&v->rows[v->nrows]))
			v->nrows++;
	}
}

/* Sorts the rows and leaves the last of those with one key. */
static void
settle(struct version *v)
{
	struct row row;
	size_t i, j, n;

	for (i = 1; i < v->nrows; i++) { /* stable */
		row = v->rows[i];
		for (j = i; j > 0 && key_order(&v->rows[j - 1], &row) > 0; j--)
			v->rows[j] = v->rows[j - 1];
		v->rows[j] = row;
	}
	n = 0;
	for (i = 0; i < v->nrows; i++) {
		if (i + 1 == v->nrows ||
		    key_order(&v->rows[i], &v->rows[i + 1]) != 0)
			v->rows[n++] = v->rows[i];
	}
	v->nrows = v->distinct = n;
}

static void
shuffle(struct version *v, uint32_t *seed)
{
	struct row row;
	size_t i, j;

	for (i = v->nrows; i > 1; i--) {
		j = next_random(seed) % i;
		row = v->rows[i - 1];
		v->rows[i - 1] = v->rows[j];
		v->rows[j] = row;
	}
}

/* Writes a cell in one of the ways that mean the same to Canvas. */
static void
write_cell(struct buf *out, const char *cell, bool plain, uint32_t *seed)
{
	static const char *const blanks[] = { "", " ", "\"\"", "\xc2\xa0" };
	char padded[64];
	size_t len;

	if (plain) {
		len = strlen(cell);
		out->len += csv_put_field(
		    buf_reserve(out, 2 * len + 2), cell, len);
		return;
	}
	if (*cell == '\0') {
		buf_adds(out, blanks[next_random(seed) % 4]);
		return;
	}
	len = (size_t)snprintf(padded, sizeof(padded), "%s%s%s",
	    one_in(8, seed) ? " " : "", cell, one_in(8, seed) ? "\t " : "");
	if (one_in(8, seed) && strpbrk(cell, "\",\r\n") == NULL)
		buf_printf(out, "\"%s\"", padded);
	else
		out->len += csv_put_field(
		    buf_reserve(out, 2 * len + 2), padded, len);
}

static void
write_line_end(struct buf *out, bool last, bool plain, uint32_t *seed)
{
	if (plain) {
		buf_addc(out, '\n');
		return;
	}
	if (!last || !one_in(4, seed))
		buf_adds(out,
		    one_in(4, seed)	? "\r\n" :
			one_in(8, seed) ? "\r" :
					  "\n");
	if (one_in(10, seed))
		buf_adds(out, "\n"); /* an empty line */
}

static void
write_rows(struct version *v, struct buf *out, size_t from, size_t to,
    bool plain, uint32_t *seed)
{
	size_t i, j;

	if (!plain && one_in(8, seed))
		buf_adds(out, "\xef\xbb\xbf");
	for (j = 0; j < v->ncolumns; j++) {
		if (j > 0)
			buf_addc(out, ',');
		buf_adds(out,
		    one_in(8, seed) && !plain && v->order[j] == 0 ?
			"Section_ID" :
			headers[v->order[j]]);
	}
	write_line_end(out, false, plain, seed);
	for (i = from; i < to; i++) {
		for (j = 0; j < v->ncolumns; j++) {
			if (j > 0)
				buf_addc(out, ',');
			write_cell(
			    out, v->rows[i].cells[v->order[j]], plain, seed);
		}
		write_line_end(out, i + 1 == to, plain, seed);
		if (!plain && one_in(10, seed))
			buf_adds(out, ",,\n"); /* all cells blank */
	}
}

static void
write_files(struct version *v, size_t nfiles, bool plain, uint32_t *seed)
{
	static const char *const names[FILES_MAX] = { "f1", "f2", "f3" };
	size_t i;

	v->nfiles = nfiles;
	for (i = 0; i < nfiles; i++) {
		v->text[i].len = 0;
		write_rows(v, &v->text[i], i * v->nrows / nfiles,
		    (i + 1) * v->nrows / nfiles, plain, seed);
		v->files[i] = (struct diff_file){ names[i], v->text[i].data,
			v->text[i].len, false };
	}
	v->input = (struct diff_input){ v->files, nfiles };
}

static void
version_free(struct version *v)
{
	size_t i;

	for (i = 0; i < FILES_MAX; i++)
		buf_free(&v->text[i]);
}

static void
all_columns(struct version *v)
{
	for (v->ncolumns = 0; v->ncolumns < COLUMNS; v->ncolumns++)
		v->order[v->ncolumns] = v->ncolumns;
}

/* Any order of the columns, some of the others left out. */
static void
random_columns(struct version *v, uint32_t *seed)
{
	size_t i, j, kept;

	all_columns(v);
	for (i = COLUMNS; i > 1; i--) {
		j = next_random(seed) % i;
		kept = v->order[i - 1];
		v->order[i - 1] = v->order[j];
		v->order[j] = kept;
	}
	kept = 0;
	for (i = 0; i < COLUMNS; i++) {
		if (v->order[i] < KEYS || !one_in(5, seed))
			v->order[kept++] = v->order[i];
	}
	v->ncolumns = kept;
	/* What is not written is blank. */
	for (i = 0; i < v->nrows; i++) {
		for (j = KEYS; j < COLUMNS; j++) {
			for (kept = 0; kept < v->ncolumns; kept++) {
				if (v->order[kept] == j)
					break;
			}
			if (kept == v->ncolumns)
				v->rows[i].cells[j] = "";
		}
	}
}

/* Rows that became blank as a whole are no rows. */
static void
drop_blank(struct version *v)
{
	size_t i, n;

	n = 0;
	for (i = 0; i < v->nrows; i++) {
		if (!all_blank(&v->rows[i]))
			v->rows[n++] = v->rows[i];
	}
	v->nrows = n;
}

static void
show_cell(struct buf *out, const char *bytes, size_t len)
{
	buf_addc(out, '[');
	buf_add(out, bytes, len);
	buf_addc(out, ']');
}

static void
show_row(struct buf *out, const struct row *row)
{
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		show_cell(out, row->cells[i], strlen(row->cells[i]));
}

/* The differences of two settled versions, by the plainest way there is. */
static void
expect(const struct version *old, const struct version *new, struct buf *out)
{
	size_t i, j;
	int order;

	i = j = 0;
	out->len = 0;
	while (i < old->nrows || j < new->nrows) {
		order = i == old->nrows ? 1 :
		    j == new->nrows	? -1 :
					  key_order(&old->rows[i], &new->rows[j]);
		if (order < 0) {
			buf_adds(out, "-");
			show_row(out, &old->rows[i++]);
			buf_adds(out, "\n");
		} else if (order > 0) {
			buf_adds(out, "+");
			show_row(out, &new->rows[j++]);
			buf_adds(out, "\n");
		} else {
			struct buf a = { 0 }, b = { 0 };

			show_row(&a, &old->rows[i++]);
			show_row(&b, &new->rows[j++]);
			if (strcmp(buf_str(&a), buf_str(&b)) != 0)
				buf_printf(out, "%s>%s\n", a.data, b.data);
			buf_free(&a);
			buf_free(&b);
		}
	}
	buf_str(out);
}

static void
show_version(
    struct buf *out, const struct diff_event *event, enum diff_version version)
{
	const struct diff_columns *columns;
	struct str cell;
	size_t i, j;

	columns = diff_columns_of(event->diff);
	for (i = 0; i < COLUMNS; i++) {
		cell = (struct str){ "", 0 };
		for (j = 0; j < columns->count; j++) {
			if (strcmp(columns->columns[j].header, headers[i]) == 0)
				cell = diff_cell(event, version, j);
		}
		show_cell(out, cell.bytes, cell.len);
	}
}

static int
show_event(void *arg, const struct diff_event *event, struct err *err)
{
	struct buf *out = arg;

	(void)err;
	if (event->change == DIFF_ADDED)
		buf_adds(out, "+");
	if (event->change == DIFF_REMOVED)
		buf_adds(out, "-");
	if (event->change != DIFF_ADDED)
		show_version(out, event, DIFF_OLD);
	if (event->change == DIFF_CHANGED)
		buf_adds(out, ">");
	if (event->change != DIFF_REMOVED)
		show_version(out, event, DIFF_NEW);
	buf_adds(out, "\n");
	return 0;
}

/* The differences as the differ finds them; told twice, for that must do. */
static void
differ(const struct version *old, const struct version *new, size_t memory,
    struct buf *out)
{
	const struct diff_sink sink = { out, show_event };
	const struct diff_count *counts;
	struct err err = { 0 };
	struct diff *diff;
	char *first;

	diff = diff_open(
	    &sheets[SHEET_ENROLLMENT], &old->input, &new->input, memory, &err);
	if (diff == NULL)
		fail_msg("%s", err.msg);
	out->len = 0;
	assert_int_equal(diff_each(diff, &sink, &err), 0);
	first = mem_strdup(buf_str(out));
	out->len = 0;
	assert_int_equal(diff_each(diff, &sink, &err), 0);
	assert_string_equal(buf_str(out), first);
	free(first);
	counts = diff_counts(diff);
	assert_int_equal(counts->rows[DIFF_OLD], old->distinct);
	assert_int_equal(counts->rows[DIFF_NEW], new->distinct);
	diff_close(diff);
}

static void
applying_the_difference_to_the_old_rows_gives_the_new_ones(void **state)
{
	static struct version old, new;
	struct buf want = { 0 }, got = { 0 };
	uint32_t seed, round;

	(void)state;
	seed = 1;
	for (round = 0; round < ROUNDS; round++) {
		random_rows(&old, &seed);
		random_edit(&old, &new, &seed);
		random_columns(&old, &seed);
		random_columns(&new, &seed);
		shuffle(&old, &seed);
		write_files(
		    &old, next_random(&seed) % (FILES_MAX + 1), false, &seed);
		write_files(
		    &new, next_random(&seed) % (FILES_MAX + 1), false, &seed);
		if (old.nfiles == 0)
			old.nrows = 0;
		if (new.nfiles == 0)
			new.nrows = 0;
		drop_blank(&old);
		drop_blank(&new);
		settle(&old);
		settle(&new);
		expect(&old, &new, &want);
		differ(&old, &new, one_in(2, &seed) ? SPILL_SOON : SPILL_NEVER,
		    &got);
		assert_string_equal(got.data, want.data);
	}
	version_free(&old);
	version_free(&new);
	buf_free(&want);
	buf_free(&got);
}

static void
order_of_the_rows_does_not_matter(void **state)
{
	static struct version old, new;
	struct buf sorted = { 0 }, shuffled = { 0 }, want = { 0 };
	uint32_t seed, round;
	bool plain;

	(void)state;
	seed = 2;
	for (round = 0; round < ROUNDS; round++) {
		random_rows(&old, &seed);
		random_edit(&old, &new, &seed);
		settle(&old);
		settle(&new);
		all_columns(&old);
		all_columns(&new);
		plain = one_in(2, &seed);
		write_files(&old, 1, plain, &seed);
		write_files(&new, 1, plain, &seed);
		expect(&old, &new, &want);
		differ(&old, &new, SPILL_NEVER, &sorted);
		assert_string_equal(sorted.data, want.data);
		shuffle(one_in(2, &seed) ? &old : &new, &seed);
		write_files(&old, 1, plain, &seed);
		write_files(&new, 2, plain, &seed);
		differ(&old, &new, SPILL_SOON, &shuffled);
		assert_string_equal(shuffled.data, want.data);
	}
	version_free(&old);
	version_free(&new);
	buf_free(&want);
	buf_free(&sorted);
	buf_free(&shuffled);
}

/* Splices the old lines of removed rows into the new file. */
struct splice {
	const struct version *new;
	struct buf out;
	size_t done;
};

static int
keep_removed(void *arg, const struct diff_event *event, struct err *err)
{
	struct splice *splice = arg;

	(void)err;
	if (event->change != DIFF_REMOVED)
		return 0;
	assert_true(event->new_at != DIFF_NOWHERE);
	buf_add(&splice->out, splice->new->text[0].data + splice->done,
	    event->new_at - splice->done);
	splice->done = event->new_at;
	buf_add(&splice->out, event->record[DIFF_OLD].bytes,
	    event->record[DIFF_OLD].len);
	buf_addc(&splice->out, '\n');
	return 0;
}

static void
a_removed_row_can_be_kept_by_its_line_and_place(void **state)
{
	static struct version old, new;
	struct splice splice = { .new = &new };
	struct buf shown = { 0 };
	const struct diff_sink sink = { &splice, keep_removed };
	struct diff_file file = { .name = "spliced" };
	const struct diff_input spliced = { &file, 1 };
	struct diff_count before, after;
	struct err err = { 0 };
	uint32_t seed, round;

	(void)state;
	seed = 4;
	for (round = 0; round < ROUNDS / 4; round++) {
		random_rows(&old, &seed);
		random_edit(&old, &new, &seed);
		settle(&old);
		settle(&new);
		all_columns(&old);
		all_columns(&new);
		write_files(&old, 1, true, &seed);
		write_files(&new, 1, true, &seed);
		splice.out.len = splice.done = 0;
		assert_int_equal(
		    diff_sheets(&sheets[SHEET_ENROLLMENT], &old.input,
			&new.input, &sink, &before, &err),
		    0);
		buf_add(&splice.out, new.text[0].data + splice.done,
		    new.text[0].len - splice.done);
		file.bytes = splice.out.data;
		file.len = splice.out.len;
		shown.len = 0;
		assert_int_equal(
		    diff_sheets(&sheets[SHEET_ENROLLMENT], &old.input, &spliced,
			&(struct diff_sink){ &shown, show_event }, &after,
			&err),
		    0);
		assert_int_equal(after.removed, 0);
		assert_int_equal(after.added, before.added);
		assert_int_equal(after.changed, before.changed);
		assert_int_equal(after.repeated[DIFF_NEW], 0);
	}
	buf_free(&splice.out);
	buf_free(&shown);
	version_free(&old);
	version_free(&new);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    applying_the_difference_to_the_old_rows_gives_the_new_ones),
		cmocka_unit_test(order_of_the_rows_does_not_matter),
		cmocka_unit_test(
		    a_removed_row_can_be_kept_by_its_line_and_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
