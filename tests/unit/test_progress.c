#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/progress.h"

#define LONG_AGO 10000 /* milliseconds */

static int kept_stderr = -1;

/* Makes stderr a terminal; *state is the side that a person would see. */
static int
terminal_open(void **state)
{
	static int master;
	int slave;

	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master == -1 || grantpt(master) != 0 || unlockpt(master) != 0)
		return -1;
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	kept_stderr = dup(STDERR_FILENO);
	if (slave == -1 || dup2(slave, STDERR_FILENO) == -1)
		return -1;
	close(slave);
	*state = &master;
	setenv("TERM", "xterm", 1);
	return unsetenv("CI");
}

static int
terminal_close(void **state)
{
	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	return close(*(int *)*state);
}

/* What the terminal got, which has to be exactly that. */
static void
assert_shown(void **state, const char *want)
{
	struct pollfd waiting = { *(int *)*state, POLLIN, 0 };
	char got[256];
	size_t len;
	ssize_t n;

	for (len = 0; len < strlen(want); len += (size_t)n) {
		if (poll(&waiting, 1, 10000) != 1)
			fail_msg("only %zu bytes came", len);
		n = read(waiting.fd, got + len, sizeof(got) - 1 - len);
		assert_true(n > 0);
	}
	got[len] = '\0';
	assert_string_equal(got, want);
}

static void
nothing_is_shown_in_the_first_second(void **state)
{
	struct progress progress;

	(void)state;
	progress_begin(&progress, true);
	assert_true(progress.shown);
	/* However slow this machine is: the second starts now. */
	progress.started += LONG_AGO;
	progress_step(&progress, "reading", 1, 2);
	assert_false(progress.drawn);
	progress_end(&progress);
}

static void
a_step_is_drawn_over_the_one_before_and_taken_away(void **state)
{
	struct progress progress;

	progress_begin(&progress, true);
	progress.started -= LONG_AGO;
	progress_step(&progress, "cc.csv", 1, 3);
	assert_true(progress.drawn);
	assert_shown(state, "\r\033[Kcc.csv 33%");
	progress.last -= LONG_AGO;
	progress_step(&progress, "users.csv", 7, 0);
	assert_shown(state, "\r\033[Kusers.csv 7");
	progress_end(&progress);
	assert_shown(state, "\r\033[K");
	assert_false(progress.drawn);
}

static int64_t
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ten times a second at most, however long the steps take here. */
static void
the_line_is_not_redrawn_at_every_step(void **state)
{
	struct progress progress;
	int64_t begun, last, redrawn;
	int i;

	(void)state;
	progress_begin(&progress, true);
	progress.started -= LONG_AGO;
	begun = milliseconds();
	redrawn = 0;
	for (i = 0; i < 100; i++) {
		last = progress.last;
		progress_step(&progress, "reading", 1, 2);
		redrawn += progress.last != last;
	}
	assert_true(redrawn >= 1);
	assert_true(redrawn <= 1 + (milliseconds() - begun) / 100);
	progress_end(&progress);
}

static void
assert_hidden(bool wanted)
{
	struct progress progress;

	progress_begin(&progress, wanted);
	assert_false(progress.shown);
	progress.started -= LONG_AGO;
	progress_step(&progress, "reading", 1, 2);
	assert_false(progress.drawn);
	progress_end(&progress);
}

static void
it_is_hidden_where_no_line_can_be_redrawn(void **state)
{
	int terminal, null;

	(void)state;
	assert_hidden(false);
	setenv("TERM", "dumb", 1);
	assert_hidden(true);
	unsetenv("TERM");
	assert_hidden(true);
	setenv("TERM", "xterm", 1);
	setenv("CI", "true", 1);
	assert_hidden(true);
	unsetenv("CI");
	terminal = dup(STDERR_FILENO);
	null = open("/dev/null", O_WRONLY);
	dup2(null, STDERR_FILENO);
	assert_hidden(true);
	dup2(terminal, STDERR_FILENO);
	close(terminal);
	close(null);
}

static void
a_step_without_progress_is_allowed(void **state)
{
	(void)state;
	progress_step(NULL, "reading", 1, 2);
}

#define ON_TERMINAL(test)                                                      \
	cmocka_unit_test_setup_teardown(test, terminal_open, terminal_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TERMINAL(nothing_is_shown_in_the_first_second),
		ON_TERMINAL(a_step_is_drawn_over_the_one_before_and_taken_away),
		ON_TERMINAL(the_line_is_not_redrawn_at_every_step),
		ON_TERMINAL(it_is_hidden_where_no_line_can_be_redrawn),
		cmocka_unit_test(a_step_without_progress_is_allowed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
