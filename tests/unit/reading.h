#ifndef UNIT_READING_H
#define UNIT_READING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "source/blocks.h"

/*
 * Reads bytes as a file of courses, block by block, for the tests of
 * blocks.c. Include cmocka first.
 */

#define BLOCK ((size_t)1 << 20) /* bytes that blocks.c reads at a time */
#define HEADER "course_number,course_name\n"

/* What reading one file of courses gave. */
struct reading {
	struct source_options options;
	struct input input;
	struct roster *roster;
	struct err err;
};

static inline struct reading
reading_with(const char *encoding, unsigned jobs)
{
	return (struct reading){ .options = {
				     .encoding = encoding, .jobs = jobs } };
}

/* Reads bytes as the file courses.csv; 0, or -1 with r->err. */
static inline int
read_bytes(struct reading *r, const char *bytes, size_t len)
{
	size_t i;

	r->input = (struct input){ .name = strdup("courses.csv"),
		.feed = feed_of_file("courses.csv"),
		.size = len };
	r->roster = roster_new();
	r->input.fd = memfd_create("courses.csv", MFD_CLOEXEC);
	assert_true(r->input.fd >= 0);
	assert_int_equal(write(r->input.fd, bytes, len), len);
	if (blocks_header(&r->input, &r->options, r->roster, &r->err) != 0)
		return -1;
	for (i = 0; i < r->input.binder.tables[0].ncolumns; i++)
		r->roster->tables[T_COURSE]
		    .bound[r->input.binder.tables[0].columns[i].field] = true;
	return blocks_read(&r->input, &r->options, r->roster, &r->err);
}

static inline void
reading_free(struct reading *r)
{
	input_close(&r->input);
	roster_free(r->roster);
}

static inline void
add_cell(struct buf *out, const struct reading *r, unsigned field, uint32_t row)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = intern_text(r->roster->intern,
	    table_sym(&r->roster->tables[T_COURSE], field, row), digits);
	buf_addc(out, '[');
	buf_add(out, text.bytes, text.len);
	buf_addc(out, ']');
}

/* The rows as text, with the lines on which they begin if asked. */
static inline char *
rows_shown(const struct reading *r, bool lines)
{
	const struct table *table;
	struct buf out = { 0 };
	uint32_t row, line;

	table = &r->roster->tables[T_COURSE];
	for (row = 0; row < table->nrows; row++) {
		roster_place(r->roster, T_COURSE, row, &line);
		if (lines)
			buf_printf(&out, "%u:", line);
		add_cell(&out, r, COURSE_NUMBER, row);
		add_cell(&out, r, COURSE_NAME, row);
	}
	buf_str(&out);
	return out.data;
}

static inline void
assert_rows(const struct reading *r, bool lines, const char *want)
{
	char *got;

	got = rows_shown(r, lines);
	assert_string_equal(got, want);
	free(got);
}

/* Reads the text, which has to give these rows with these lines. */
static inline void
assert_reads(struct reading r, const char *bytes, size_t len, const char *want)
{
	if (read_bytes(&r, bytes, len) != 0)
		fail_msg("%s", r.err.msg);
	assert_rows(&r, true, want);
	reading_free(&r);
}

static inline void
assert_refused(struct reading r, const char *bytes, size_t len, const char *msg)
{
	assert_int_equal(read_bytes(&r, bytes, len), -1);
	assert_string_equal(r.err.msg, msg);
	assert_int_equal(r.err.code, EXIT_SOURCE);
	assert_true(strlen(r.err.hint) > 10);
	reading_free(&r);
}

/* Adds rows of 4 KiB until the text has len bytes. */
static inline void
add_filler(struct buf *text, size_t len)
{
	size_t n;

	while (text->len < len) {
		n = len - text->len;
		if (n > 5000)
			n = 4096;
		buf_adds(text, "F,");
		memset(buf_reserve(text, n), 'f', n);
		text->len += n - 3;
		buf_addc(text, '\n');
	}
}

#endif
