#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"

/* Under AddressSanitizer too, what cannot be had is refused, not an abort. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
zeroed_memory_is_zero_and_no_size_is_too_small(void **state)
{
	static const char zeros[1000];
	char *p;

	(void)state;
	p = mem_zalloc(10, 100);
	assert_memory_equal(p, zeros, sizeof(zeros));
	free(p);
	p = mem_alloc(0);
	assert_non_null(p);
	p = mem_realloc(p, 0, 8);
	assert_non_null(p);
	free(p);
	p = mem_zalloc(0, 8);
	assert_non_null(p);
	free(p);
}

static void
copies_are_strings_of_their_own(void **state)
{
	char *text, *part, *made;

	(void)state;
	text = mem_strdup("Maple Valley");
	part = mem_strndup(text, 5);
	made = mem_printf("%s-%d", part, 7);
	text[0] = 'x';
	assert_string_equal(part, "Maple");
	assert_string_equal(made, "Maple-7");
	free(text);
	free(part);
	free(made);
}

static void
an_array_grows_by_doubling_and_keeps_its_elements(void **state)
{
	uint32_t *array;
	size_t n, cap, moves, before;

	(void)state;
	array = NULL;
	cap = moves = 0;
	for (n = 0; n < 100000; n++) {
		before = cap;
		array = mem_grow(array, n, &cap, sizeof(*array));
		moves += before != cap;
		assert_true(cap > n);
		array[n] = (uint32_t)n;
	}
	for (n = 0; n < 100000; n++)
		assert_int_equal(array[n], n);
	assert_true(moves < 20);
	free(array);
}

static void
let_a_library_give_up(void)
{
	mem_library_gave_up("libcrypto refuses SHA-256");
}

static void
ask_alloc(void)
{
	free(mem_alloc(SIZE_MAX / 2));
}

static void
ask_zalloc_product(void)
{
	free(mem_zalloc(SIZE_MAX / 2, 4));
}

static void
ask_zalloc(void)
{
	free(mem_zalloc(SIZE_MAX / 4, 2));
}

static void
ask_realloc_product(void)
{
	free(mem_realloc(NULL, SIZE_MAX, SIZE_MAX));
}

static void
ask_realloc(void)
{
	free(mem_realloc(NULL, SIZE_MAX / 4, 2));
}

/* Runs ask() in a child; its stderr goes to out. Returns how it ended. */
static int
run_child(void (*ask)(void), char *out, size_t size)
{
	int fds[2], status;
	size_t len;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(fds[1], STDERR_FILENO);
		ask();
		_exit(0);
	}
	close(fds[1]);
	for (len = 0; len < size - 1; len += (size_t)got) {
		got = read(fds[0], out + len, size - 1 - len);
		if (got <= 0)
			break;
	}
	out[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
out_of_memory_ends_the_program_and_says_so(void **state)
{
	static void (*const asks[])(void) = { let_a_library_give_up, ask_alloc,
		ask_zalloc, ask_zalloc_product, ask_realloc,
		ask_realloc_product };
	char out[8192];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		assert_int_equal(
		    run_child(asks[i], out, sizeof(out)), EXIT_BUG);
		assert_non_null(strstr(out, "out of memory"));
		assert_non_null(strstr(out, "run it again."));
		/* It may end so behind the publishing, too. */
		assert_null(strstr(out, "nothing was"));
		assert_non_null(strstr(out, "the command was not finished."));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    zeroed_memory_is_zero_and_no_size_is_too_small),
		cmocka_unit_test(copies_are_strings_of_their_own),
		cmocka_unit_test(
		    an_array_grows_by_doubling_and_keeps_its_elements),
		cmocka_unit_test(out_of_memory_ends_the_program_and_says_so),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
