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

#include "base/credential.h"
#include "base/mem.h"

/* Writes bytes into a file of that mode. */
static void
put(const char *path, const char *bytes, size_t len, mode_t mode)
{
	FILE *file;

	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int
read_it(const char *path, char value[CREDENTIAL_MAX], struct err *err)
{
	const struct credential credential = { .setting = "[grades] token_file",
		.path = path,
		.name = "canvas_token",
		.source = "Canvas",
		.how = "Make one." };

	*err = (struct err){ 0 };
	return credential_read(&credential, value, err);
}

static char *
folder(void)
{
	char *path;

	path = mem_strdup("/tmp/credential.XXXXXX");
	assert_non_null(mkdtemp(path));
	return path;
}

static void
a_secret_is_one_word_that_nobody_else_may_read(void **state)
{
	char longest[CREDENTIAL_MAX + 1];
	const struct {
		const char *bytes;
		size_t len; /* 0: as a text */
		mode_t mode;
		const char *want, *words;
	} cases[] = {
		{ "abc~123", 0, 0600, "abc~123", NULL },
		{ "abc\n", 0, 0400, "abc", NULL },
		{ "abc\r\n", 0, 0600, "abc", NULL },
		{ longest, CREDENTIAL_MAX - 1, 0600, longest, NULL },
		{ longest, CREDENTIAL_MAX, 0600, NULL, "more than one word" },
		{ "", 0, 0600, NULL, "is empty" },
		{ "\n", 0, 0600, NULL, "is empty" },
		{ "abc\n\n", 0, 0600, NULL, "more than one word" },
		{ "abc def", 0, 0600, NULL, "more than one word" },
		{ "a\0b", 3, 0600, NULL, "more than one word" },
		{ "a\x80", 0, 0600, NULL, "more than one word" },
		{ "abc", 0, 0640, NULL, "may be read by others" },
		{ "abc", 0, 0604, NULL, "may be read by others" },
		{ "abc", 0, 0620, NULL, "may be read by others" },
	};
	char value[CREDENTIAL_MAX];
	struct err err;
	char *dir, *path;
	size_t i, len;
	int rc;

	(void)state;
	memset(longest, 'x', CREDENTIAL_MAX - 1);
	longest[CREDENTIAL_MAX - 1] = '\0';
	dir = folder();
	path = mem_printf("%s/token", dir);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		len = cases[i].len == 0 ? strlen(cases[i].bytes) : cases[i].len;
		put(path, cases[i].bytes, len, cases[i].mode);
		rc = read_it(path, value, &err);
		assert_int_equal(rc, cases[i].want == NULL ? -1 : 0);
		if (cases[i].want != NULL) {
			assert_string_equal(value, cases[i].want);
		} else {
			assert_int_equal(err.code, EXIT_SETTINGS);
			assert_non_null(strstr(err.msg, cases[i].words));
			assert_non_null(strstr(err.msg, "nothing was sent"));
			assert_true(err.hint[0] != '\0');
		}
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(read_it(path, value, &err), -1);
	assert_non_null(strstr(err.msg, "cannot be read"));
	assert_int_equal(read_it(dir, value, &err), -1);
	assert_non_null(strstr(err.msg, "not an ordinary file"));
	assert_int_equal(read_it("/dev/null", value, &err), -1);
	assert_non_null(strstr(err.msg, "not an ordinary file"));
	assert_int_equal(rmdir(dir), 0);
	free(path);
	free(dir);
}

static void
without_a_file_the_service_manager_hands_it_over(void **state)
{
	char value[CREDENTIAL_MAX];
	struct err err;
	char *dir, *path;

	(void)state;
	dir = folder();
	path = mem_printf("%s/canvas_token", dir);
	put(path, "handed", 6, 0440);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", dir, 1), 0);
	assert_int_equal(read_it("", value, &err), 0);
	assert_string_equal(value, "handed");
	assert_int_equal(read_it(NULL, value, &err), 0);
	put(path, "handed", 6, 0444);
	assert_int_equal(read_it("", value, &err), -1);
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	assert_int_equal(read_it("", value, &err), -1);
	assert_non_null(strstr(err.msg, "is not set"));
	assert_string_equal(err.hint, "Make one.");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	free(path);
	free(dir);
}

static void
a_secret_is_wiped(void **state)
{
	char value[CREDENTIAL_MAX] = "secret";
	size_t i;

	(void)state;
	credential_wipe(value);
	for (i = 0; i < sizeof(value); i++)
		assert_int_equal(value[i], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_secret_is_one_word_that_nobody_else_may_read),
		cmocka_unit_test(
		    without_a_file_the_service_manager_hands_it_over),
		cmocka_unit_test(a_secret_is_wiped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
