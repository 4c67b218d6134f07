#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/hash.h"
#include "base/scratch.h"

static char folder[32];

static int
folder_make(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_scratch.XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : setenv("TMPDIR", folder, 1);
}

static int
folder_remove(void **state)
{
	(void)state;
	unsetenv("TMPDIR");
	return rmdir(folder);
}

static void
scratch_files_lie_where_tmpdir_says(void **state)
{
	(void)state;
	assert_string_equal(scratch_folder(), folder);
	setenv("TMPDIR", "", 1);
	assert_string_equal(scratch_folder(), "/var/tmp");
	unsetenv("TMPDIR");
	assert_string_equal(scratch_folder(), "/var/tmp");
	setenv("TMPDIR", folder, 1);
}

static int
names_in_folder(void)
{
	DIR *dir;
	int n;

	dir = opendir(folder);
	assert_non_null(dir);
	for (n = 0; readdir(dir) != NULL; n++)
		continue;
	closedir(dir);
	return n - 2;
}

static void
a_scratch_file_has_no_name_and_is_its_owners_alone(void **state)
{
	struct err err = { 0 };
	struct stat st;
	char got[4];
	int fd;

	(void)state;
	fd = scratch_open(&err);
	assert_true(fd >= 0);
	assert_int_equal(names_in_folder(), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_int_equal(pread(fd, got, 3, 0), 3);
	assert_memory_equal(got, "abc", 3);
	close(fd);
}

static void
a_folder_that_is_not_there_is_an_error_with_a_hint(void **state)
{
	struct err err = { 0 };

	(void)state;
	setenv("TMPDIR", "/nonexistent/folder", 1);
	assert_int_equal(scratch_open(&err), -1);
	assert_int_equal(err.code, EXIT_IO);
	assert_non_null(strstr(err.msg, "/nonexistent/folder"));
	assert_non_null(strstr(err.hint, "TMPDIR"));
	setenv("TMPDIR", folder, 1);
}

static int
hash_block(void *arg, const void *bytes, size_t len, struct err *err)
{
	(void)err;
	hash_add(arg, bytes, len);
	return 0;
}

/* Adds so many bytes in parts of this size; they are read twice. */
static void
assert_spool_keeps(size_t total, size_t part)
{
	char want[HASH_HEX_SIZE], got[HASH_HEX_SIZE];
	struct spool spool = { 0 };
	struct err err = { 0 };
	struct hash *hash;
	char *bytes;
	size_t at, n;
	int round;

	bytes = malloc(total + 1);
	for (at = 0; at < total; at++)
		bytes[at] = (char)(at * 31 >> 3);
	hash = hash_begin();
	hash_add(hash, bytes, total);
	hash_end(hash, want);
	for (at = 0; at < total; at += n) {
		n = total - at < part ? total - at : part;
		assert_int_equal(spool_add(&spool, bytes + at, n, &err), 0);
	}
	assert_int_equal(spool_size(&spool), total);
	for (round = 0; round < 2; round++) {
		hash = hash_begin();
		assert_int_equal(spool_each(&spool, hash_block, hash, &err), 0);
		hash_end(hash, got);
		assert_string_equal(got, want);
	}
	assert_int_equal(names_in_folder(), 0);
	spool_free(&spool);
	assert_int_equal(spool_size(&spool), 0);
	free(bytes);
}

static void
a_spool_gives_back_what_was_put_into_it(void **state)
{
	const size_t mib = (size_t)1 << 20;

	(void)state;
	assert_spool_keeps(0, 1);
	assert_spool_keeps(1, 1);
	assert_spool_keeps(100000, 7);
	/* In memory just so, in a file, in both. */
	assert_spool_keeps(4 * mib - 1, mib);
	assert_spool_keeps(4 * mib, mib);
	assert_spool_keeps(9 * mib + 5, mib / 3);
	assert_spool_keeps(9 * mib, 9 * mib);
}

static int
stop_at_second(void *arg, const void *bytes, size_t len, struct err *err)
{
	(void)bytes;
	(void)len;
	return ++*(int *)arg == 2 ? err_set(err, EXIT_IO, "enough") : 0;
}

static void
reading_a_spool_can_be_stopped(void **state)
{
	struct spool spool = { 0 };
	struct err err = { 0 };
	char *bytes;
	int calls;

	(void)state;
	bytes = calloc(1, (size_t)6 << 20);
	assert_int_equal(spool_add(&spool, bytes, (size_t)6 << 20, &err), 0);
	calls = 0;
	assert_int_equal(spool_each(&spool, stop_at_second, &calls, &err), -1);
	assert_int_equal(calls, 2);
	assert_string_equal(err.msg, "enough");
	spool_free(&spool);
	free(bytes);
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(scratch_files_lie_where_tmpdir_says),
		IN_FOLDER(a_scratch_file_has_no_name_and_is_its_owners_alone),
		IN_FOLDER(a_folder_that_is_not_there_is_an_error_with_a_hint),
		IN_FOLDER(a_spool_gives_back_what_was_put_into_it),
		IN_FOLDER(reading_a_spool_can_be_stopped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
