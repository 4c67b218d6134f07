#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "made_runs.h"
#include "pack/package.h"
#include "pack/unpack.h"

#define NOW ((int64_t)1795410000) /* 2026-11-23T05:00:00Z */
#define ABC_SHA256                                                             \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static char out[MADE_SIZE];

static int
folder_make(void **state)
{
	(void)state;
	made_folder(out);
	return 0;
}

static int
folder_remove(void **state)
{
	(void)state;
	made_remove(out);
	return 0;
}

/* Writes one file in two parts. */
static void
put(struct package *package, const char *name, bool in_zip, bool keep,
    const char *text)
{
	struct err err = { 0 };
	size_t half;

	half = strlen(text) / 2;
	assert_int_equal(package_begin(package, name, in_zip, keep, &err), 0);
	assert_int_equal(package_write(package, text, half, &err), 0);
	assert_int_equal(package_write(package, "", 0, &err), 0);
	assert_int_equal(
	    package_write(package, text + half, strlen(text) - half, &err), 0);
	assert_int_equal(package_end(package, &err), 0);
}

/* The zip of a published run holds these entries and no others. */
static void
assert_zip(const char *run, const char *zip, const char *names)
{
	struct unpack *unpack;
	struct err err = { 0 };
	char path[256], got[256];
	size_t i, len;

	snprintf(path, sizeof(path), "%s/%s", run, zip);
	unpack = unpack_open(path, &err);
	if (unpack == NULL)
		fail_msg("%s", err.msg);
	for (i = len = 0; i < unpack_count(unpack); i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%s ",
		    unpack_name(unpack, i));
	assert_string_equal(got, names);
	unpack_close(unpack);
}

static void
files_go_into_the_folder_and_some_into_the_zip(void **state)
{
	const struct package_file *files;
	struct package *package;
	struct rundir *dir;
	struct err err = { 0 };
	char *run, want[128];
	size_t n;

	(void)state;
	dir = rundir_open(out, NOW, &err);
	assert_non_null(dir);
	package = package_new(dir, 6, 2);
	assert_int_equal(package_zip_begin(package, &err), 0);
	put(package, "csv/users.csv", true, false, "abc");
	put(package, "csv/terms.csv", false, false, "abcd");
	assert_int_equal(package_entry_begin(package, "extra.csv", &err), 0);
	assert_int_equal(package_entry_add(package, "x\n", 2, &err), 0);
	assert_int_equal(package_entry_end(package, &err), 0);
	assert_int_equal(package_zip_end(package, "canvas-sis-full", &err), 0);
	put(package, "findings.csv", true, false, "late");
	files = package_files(package, &n);
	assert_int_equal(n, 4);
	assert_string_equal(files[0].name, "csv/users.csv");
	assert_int_equal(files[0].bytes, 3);
	assert_string_equal(files[0].sha256, ABC_SHA256);
	assert_int_equal(files[3].bytes, 4);
	snprintf(want, sizeof(want), "canvas-sis-full-%s-%.8s.zip",
	    rundir_id(dir), files[2].sha256);
	assert_string_equal(files[2].name, want);
	assert_ptr_equal(package_find(package, "canvas-sis-full"), &files[2]);
	assert_null(package_find(package, "canvas-sis-delta"));
	assert_int_equal(rundir_publish(dir, &run, &err), 0);
	/* The entry has the file's last name; what came late is not in it. */
	assert_zip(run, want, "extra.csv users.csv ");
	package_free(package);
	rundir_close(dir);
	free(run);
}

static void
a_kept_file_can_be_read_again(void **state)
{
	struct package *package;
	struct rundir *dir;
	struct err err = { 0 };
	const char *bytes;
	size_t len;
	int dry;

	(void)state;
	for (dry = 0; dry < 2; dry++) {
		dir = dry ? NULL : rundir_open(out, NOW, &err);
		package = package_new(dir, 6, 1);
		put(package, "csv/users.csv", false, true, "abc");
		put(package, "csv/terms.csv", false, true, "");
		assert_int_equal(
		    package_map(package, "csv/users.csv", &bytes, &len, &err),
		    0);
		assert_int_equal(len, 3);
		assert_memory_equal(bytes, "abc", 3);
		assert_int_equal(
		    package_map(package, "csv/terms.csv", &bytes, &len, &err),
		    0);
		assert_null(bytes);
		assert_int_equal(len, 0);
		package_free(package);
		rundir_close(dir);
	}
}

static void
a_dry_run_writes_nothing(void **state)
{
	const struct package_file *files;
	struct package *package;
	struct err err = { 0 };
	size_t n;

	(void)state;
	package = package_new(NULL, 6, 2);
	assert_int_equal(package_zip_begin(package, &err), 0);
	put(package, "csv/users.csv", true, true, "abc");
	put(package, "findings.csv", false, false, "abcd");
	assert_int_equal(package_entry_begin(package, "extra.csv", &err), 0);
	assert_int_equal(package_entry_add(package, "x", 1, &err), 0);
	assert_int_equal(package_entry_end(package, &err), 0);
	assert_int_equal(package_zip_end(package, "canvas-sis-full", &err), 0);
	files = package_files(package, &n);
	assert_int_equal(n, 1);
	assert_string_equal(files[0].sha256, ABC_SHA256);
	package_free(package);
}

static void
a_package_may_be_left_at_any_point(void **state)
{
	struct package *package;
	struct rundir *dir;
	struct err err = { 0 };

	(void)state;
	package_free(NULL);
	dir = rundir_open(out, NOW, &err);
	package = package_new(dir, 6, 2);
	assert_int_equal(package_zip_begin(package, &err), 0);
	assert_int_equal(
	    package_begin(package, "csv/users.csv", true, true, &err), 0);
	assert_int_equal(package_write(package, "abc", 3, &err), 0);
	package_free(package);
	rundir_close(dir);
	/* The same file twice is an error, not an overwritten file. */
	dir = rundir_open(out, NOW, &err);
	package = package_new(dir, 6, 1);
	put(package, "csv/users.csv", false, false, "abc");
	assert_int_equal(
	    package_begin(package, "csv/users.csv", false, false, &err), -1);
	assert_int_equal(err.code, EXIT_IO);
	package_free(package);
	rundir_close(dir);
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(files_go_into_the_folder_and_some_into_the_zip),
		IN_FOLDER(a_kept_file_can_be_read_again),
		IN_FOLDER(a_dry_run_writes_nothing),
		IN_FOLDER(a_package_may_be_left_at_any_point),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
