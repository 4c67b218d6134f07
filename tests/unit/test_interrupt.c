#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/interrupt.h"

/*
 * What a child did: its exit code, or minus the signal that ended it. Each
 * runs in a process of its own, for signals once caught stay so.
 */
static int
run_child(int (*work)(void))
{
	int status;
	pid_t child;

	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(work());
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int
check_twice(void)
{
	struct err err = { 0 };

	interrupt_install();
	return interrupt_check(&err) == 0 && err.code == EXIT_DONE &&
		interrupt_check(&err) == 0 ?
	    0 :
	    1;
}

static int
end_after(int number)
{
	struct err err = { 0 };

	interrupt_install();
	raise(number);
	if (interrupt_check(&err) != -1 ||
	    strstr(err.msg, "nothing was published") == NULL ||
	    err.hint[0] == '\0')
		return 1;
	return (int)err.code;
}

static int
end_after_sigint(void)
{
	return end_after(SIGINT);
}

static int
end_after_sigterm(void)
{
	return end_after(SIGTERM);
}

static int
interrupt_twice(void)
{
	interrupt_install();
	raise(SIGINT);
	raise(SIGINT);
	return 0;
}

static int
keep_the_failure_that_came_first(void)
{
	struct err err = { 0 };

	interrupt_install();
	err_set(&err, EXIT_SOURCE, "cc.csv:3:1: bad");
	raise(SIGTERM);
	return interrupt_check(&err) == -1 ? (int)err.code : 1;
}

static int
write_to_nobody(void)
{
	int fds[2];

	interrupt_install();
	if (pipe(fds) != 0 || close(fds[0]) != 0)
		return 1;
	return write(fds[1], "x", 1) == -1 && errno == EPIPE ? 0 : 1;
}

static int
write_too_much(void)
{
	const struct rlimit limit = { 16, 16 };
	char bytes[32] = { 0 };
	FILE *file;

	file = tmpfile();
	interrupt_install();
	if (file == NULL || setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
	    write(fileno(file), bytes, sizeof(bytes)) != 16)
		return 1;
	return write(fileno(file), bytes, 1) == -1 && errno == EFBIG ? 0 : 1;
}

static void
without_a_signal_work_goes_on(void **state)
{
	(void)state;
	assert_int_equal(run_child(check_twice), 0);
}

static void
a_signal_asks_for_an_orderly_end_with_its_exit_code(void **state)
{
	(void)state;
	assert_int_equal(run_child(end_after_sigint), EXIT_SIGINT);
	assert_int_equal(run_child(end_after_sigterm), EXIT_SIGTERM);
}

static void
the_same_signal_again_ends_the_program_at_once(void **state)
{
	(void)state;
	assert_int_equal(run_child(interrupt_twice), -SIGINT);
}

static void
a_failure_before_the_signal_is_kept(void **state)
{
	(void)state;
	assert_int_equal(
	    run_child(keep_the_failure_that_came_first), EXIT_SOURCE);
}

static void
a_closed_pipe_and_a_full_file_are_write_errors(void **state)
{
	(void)state;
	assert_int_equal(run_child(write_to_nobody), 0);
	assert_int_equal(run_child(write_too_much), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_signal_work_goes_on),
		cmocka_unit_test(
		    a_signal_asks_for_an_orderly_end_with_its_exit_code),
		cmocka_unit_test(
		    the_same_signal_again_ends_the_program_at_once),
		cmocka_unit_test(a_failure_before_the_signal_is_kept),
		cmocka_unit_test(
		    a_closed_pipe_and_a_full_file_are_write_errors),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
