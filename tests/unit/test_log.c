#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"

static int kept_stderr = -1;

/* Sends stderr into a file of no name. */
static void
catch_begin(void)
{
	FILE *file;

	file = tmpfile();
	assert_non_null(file);
	fflush(stderr);
	kept_stderr = dup(STDERR_FILENO);
	assert_true(kept_stderr >= 0);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	fclose(file);
}

/* What was written since; the caller frees it. */
static char *
catch_end(void)
{
	char *text;
	off_t len;

	fflush(stderr);
	len = lseek(STDERR_FILENO, 0, SEEK_END);
	text = calloc(1, (size_t)len + 1);
	assert_int_equal(pread(STDERR_FILENO, text, (size_t)len, 0), len);
	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	return text;
}

static void
assert_caught(const char *want)
{
	char *got;

	got = catch_end();
	assert_string_equal(got, want);
	free(got);
}

static int
no_journal(void **state)
{
	(void)state;
	return unsetenv("JOURNAL_STREAM");
}

static void
a_line_says_how_bad_it_is(void **state)
{
	(void)state;
	catch_begin();
	log_open(LOG_DEBUG);
	log_line(LOG_ERROR, "%s is %d", "a", 1);
	log_line(LOG_WARN, "b");
	log_line(LOG_INFO, "c");
	log_line(LOG_DEBUG, "d");
	assert_caught("error: a is 1\nwarning: b\nc\ndebug: d\n");
}

static void
lines_above_the_level_are_dropped(void **state)
{
	(void)state;
	catch_begin();
	log_open(LOG_WARN);
	log_line(LOG_ERROR, "a");
	log_line(LOG_WARN, "b");
	log_line(LOG_INFO, "c");
	log_line(LOG_DEBUG, "d");
	assert_caught("error: a\nwarning: b\n");
}

static void
control_characters_are_shown_not_sent(void **state)
{
	(void)state;
	catch_begin();
	log_open(LOG_INFO);
	log_line(LOG_INFO, "a\x1b[31m\r\nerror: \t%s\x7f", "Jos\xc3\xa9");
	assert_caught("a\\x1b[31m\\x0d\\x0aerror: \\x09Jos\xc3\xa9\\x7f\n");
}

/* U+009B begins a terminal's commands just as ESC [ does. */
static void
control_characters_of_two_bytes_are_shown_too(void **state)
{
	(void)state;
	catch_begin();
	log_open(LOG_INFO);
	log_line(LOG_INFO, "%s",
	    "\xc2\x80\xc2\x9b"
	    "31m\xc2\x9f\xc2\xa0");
	assert_caught("\\xc2\\x80\\xc2\\x9b31m\\xc2\\x9f\xc2\xa0\n");
}

static void
a_long_line_is_written_whole(void **state)
{
	char *text, *got;

	(void)state;
	text = malloc(100001);
	memset(text, 'x', 100000);
	text[100000] = '\0';
	catch_begin();
	log_open(LOG_INFO);
	log_line(LOG_INFO, "%s", text);
	got = catch_end();
	assert_int_equal(strlen(got), 100001);
	assert_memory_equal(got, text, 100000);
	free(got);
	free(text);
}

/* Names the file behind stderr, or another one, as systemd does. */
static void
set_journal(unsigned long long add)
{
	char text[64];
	struct stat st;

	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	snprintf(text, sizeof(text), "%llu:%llu", (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino + add);
	assert_int_equal(setenv("JOURNAL_STREAM", text, 1), 0);
}

static void
lines_for_the_journal_carry_their_priority(void **state)
{
	(void)state;
	catch_begin();
	set_journal(0);
	log_open(LOG_DEBUG);
	log_line(LOG_ERROR, "a");
	log_line(LOG_WARN, "b\nc");
	log_line(LOG_INFO, "d");
	log_line(LOG_DEBUG, "e");
	assert_caught("<3>error: a\n<4>warning: b\\x0ac\n<6>d\n"
		      "<7>debug: e\n");
}

static void
a_stderr_that_is_not_the_journal_gets_no_priority(void **state)
{
	static const char *const wrong[] = { "", "journal", "1", "1:", ":1" };
	size_t i;

	(void)state;
	catch_begin();
	set_journal(1);
	log_open(LOG_INFO);
	log_line(LOG_INFO, "a");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		setenv("JOURNAL_STREAM", wrong[i], 1);
		log_open(LOG_INFO);
		log_line(LOG_INFO, "a");
	}
	assert_caught("a\na\na\na\na\na\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_line_says_how_bad_it_is, no_journal),
		cmocka_unit_test_setup(
		    lines_above_the_level_are_dropped, no_journal),
		cmocka_unit_test_setup(
		    control_characters_are_shown_not_sent, no_journal),
		cmocka_unit_test_setup(
		    control_characters_of_two_bytes_are_shown_too, no_journal),
		cmocka_unit_test_setup(
		    a_long_line_is_written_whole, no_journal),
		cmocka_unit_test(lines_for_the_journal_carry_their_priority),
		cmocka_unit_test(
		    a_stderr_that_is_not_the_journal_gets_no_priority),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
