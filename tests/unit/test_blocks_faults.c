#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "reading.h"
#include "base/csvio.h"
#include "base/interrupt.h"

/* Faults in the last line of a file, and what is said behind its number. */
static const struct {
	const char *encoding, *line;
	size_t len;
	const char *msg;
} faults[] = {
	{ "auto", "B\0,b\n", 5, ":2: a NUL byte" },
	{ "auto", "B,b\"c\n", 6,
	    ":4: a quote stands inside a field, or text"
	    " behind a closing quote" },
	{ "auto", "\"B\"c,b\n", 7,
	    ":4: a quote stands inside a field, or"
	    " text behind a closing quote" },
	{ "auto", "B,\"b\n", 5, ":3: a quote is opened and never closed" },
	{ "auto", "B\n", 2, ":1: the row has 1 cells, the header has 2" },
	{ "auto", " \n", 2, ":1: the row has 1 cells, the header has 2" },
	{ "auto", "B,b,\n", 5, ":1: the row has 3 cells, the header has 2" },
	{ "auto", "B,b", 3,
	    ":1: the last line has no line end, so the file"
	    " may be cut short" },
	{ "utf-8", "B,Jos\xe9\n", 7, ":6: the byte 0xe9 is not UTF-8" },
	{ "utf-8", "B,\xed\xa0\x80\n", 6, ":3: the byte 0xed is not UTF-8" },
	{ "windows-1252", "B,b\x81\n", 5,
	    ":4: the byte 0x81 is not"
	    " windows-1252" },
	{ "auto", "B,\xe9\x9d\n", 5,
	    ":4: the byte 0x9d is not"
	    " windows-1252" },
};

/* The number of the line that would come next. */
static unsigned
next_line(const struct buf *text)
{
	unsigned line;
	size_t i;

	line = 1;
	for (i = 0; i < text->len; i++)
		line += text->data[i] == '\n';
	return line;
}

static void
assert_fault(size_t fault, size_t filler, unsigned jobs)
{
	struct buf text = { 0 }, msg = { 0 };

	buf_adds(&text, HEADER "A,\"a\n\"\n");
	add_filler(&text, filler);
	buf_printf(&msg, "courses.csv:%u%s; nothing was published",
	    next_line(&text), faults[fault].msg);
	buf_add(&text, faults[fault].line, faults[fault].len);
	assert_refused(reading_with(faults[fault].encoding, jobs), text.data,
	    text.len, buf_str(&msg));
	buf_free(&text);
	buf_free(&msg);
}

static void
a_fault_is_said_with_its_line_and_column(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		assert_fault(i, 0, 1);
		assert_fault(i, BLOCK * 3 / 2, 4);
	}
}

/* Blocks are judged in the order of the file, whoever is done first. */
static void
the_first_of_two_faults_is_said(void **state)
{
	struct buf text = { 0 };
	int round;

	(void)state;
	buf_adds(&text, HEADER);
	add_filler(&text, BLOCK / 2);
	buf_adds(&text, "B\n");
	add_filler(&text, BLOCK * 3 / 2);
	buf_adds(&text, "C,c\"c\n");
	add_filler(&text, BLOCK * 2);
	for (round = 0; round < 10; round++) {
		struct reading r = reading_with("auto", 4);

		assert_int_equal(read_bytes(&r, text.data, text.len), -1);
		assert_non_null(strstr(r.err.msg, "the row has 1 cells"));
		reading_free(&r);
	}
	buf_free(&text);
}

static void
a_header_that_cannot_be_read_is_refused(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *msg;
	} cases[] = {
		{ "", 0, "courses.csv:1:1: is empty; nothing was published" },
		{ "\n\r\n", 3,
		    "courses.csv:1:1: is empty; nothing was"
		    " published" },
		{ "\xef\xbb\xbf", 3,
		    "courses.csv:1:1: is empty; nothing was"
		    " published" },
		{ "\xff\xfe"
		  "a\0",
		    4,
		    "courses.csv:1:1: is UTF-16; nothing"
		    " was published" },
		{ "\xfe\xff\0a", 4,
		    "courses.csv:1:1: is UTF-16; nothing was"
		    " published" },
		{ "c\0o\0", 4,
		    "courses.csv:1:2: a NUL byte; nothing was"
		    " published" },
		{ "\ncourse\"_number\"\n", 17,
		    "courses.csv:2:7: a quote"
		    " stands inside a field, or text behind a closing quote;"
		    " nothing was published" },
		{ "\"course_number,\n", 16,
		    "courses.csv:1:1: a quote is"
		    " opened and never closed; nothing was published" },
		{ "course_number\n", 14,
		    "courses.csv:1:1: the column"
		    " course_name is missing (the nearest header is"
		    " \"course_number\"); nothing was published" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(reading_with("auto", 1), cases[i].text,
		    cases[i].len, cases[i].msg);
}

/* A file with one cell of len letters in its third line. */
static struct buf
long_cell(size_t len, const char *before, const char *behind)
{
	struct buf text = { 0 };

	buf_adds(&text, HEADER "A,a\n");
	buf_adds(&text, before);
	memset(buf_reserve(&text, len), 'x', len);
	text.len += len;
	buf_adds(&text, behind);
	return text;
}

static void
a_cell_of_1_mib_is_read_and_a_longer_one_refused(void **state)
{
	struct reading r;
	struct buf text;

	(void)state;
	text = long_cell(CSV_FIELD_MAX, "B,", "\nC,c\n");
	r = reading_with("auto", 2);
	assert_int_equal(read_bytes(&r, text.data, text.len), 0);
	assert_int_equal(r.input.rows, 3);
	reading_free(&r);
	buf_free(&text);
	text = long_cell(CSV_FIELD_MAX + 1, "B,", "\nC,c\n");
	assert_refused(reading_with("auto", 2), text.data, text.len,
	    "courses.csv:3:3: a field is longer than 1 MiB; nothing was"
	    " published");
	buf_free(&text);
}

static void
a_quote_that_is_never_closed_is_found_where_it_opens(void **state)
{
	struct buf text;

	(void)state;
	text = long_cell(1000, "B,\"", "\n");
	add_filler(&text, BLOCK * 2);
	assert_refused(reading_with("auto", 2), text.data, text.len,
	    "courses.csv:3:3: a field is longer than 1 MiB; nothing was"
	    " published");
	buf_free(&text);
}

static void
the_hash_is_that_of_the_files_bytes(void **state)
{
	static const char *const starts[] = { HEADER, "\xef\xbb\xbf" HEADER,
		HEADER "A,\xe9\n" };
	char want[HASH_HEX_SIZE];
	struct buf text = { 0 };
	struct reading r;
	struct hash *hash;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		text.len = 0;
		buf_adds(&text, starts[i]);
		add_filler(&text, BLOCK * 2);
		hash = hash_begin();
		hash_add(hash, text.data, text.len);
		hash_end(hash, want);
		r = reading_with("auto", 4);
		assert_int_equal(read_bytes(&r, text.data, text.len), 0);
		assert_string_equal(r.input.sha256, want);
		reading_free(&r);
	}
	buf_free(&text);
}

/* In a process of its own, for a signal once caught stays so. */
static int
read_after_sigterm(void)
{
	struct reading r = reading_with("auto", 1);
	int code;

	interrupt_install();
	raise(SIGTERM);
	code = read_bytes(&r, HEADER "A,a\n", strlen(HEADER) + 4) == -1 ?
	    (int)r.err.code :
	    0;
	reading_free(&r);
	return code;
}

static void
a_signal_ends_the_reading(void **state)
{
	pid_t child;
	int status;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(read_after_sigterm());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_SIGTERM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_is_said_with_its_line_and_column),
		cmocka_unit_test(the_first_of_two_faults_is_said),
		cmocka_unit_test(a_header_that_cannot_be_read_is_refused),
		cmocka_unit_test(
		    a_cell_of_1_mib_is_read_and_a_longer_one_refused),
		cmocka_unit_test(
		    a_quote_that_is_never_closed_is_found_where_it_opens),
		cmocka_unit_test(the_hash_is_that_of_the_files_bytes),
		cmocka_unit_test(a_signal_ends_the_reading),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
