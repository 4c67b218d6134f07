#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "pack/unpack.h"
#include "pack/zip.h"

#define MIB ((size_t)1 << 20) /* bytes that are deflated in one piece */

static char folder[32];
static int folder_fd = -1;

static int
folder_make(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_zip.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY);
	return folder_fd == -1 ? -1 : 0;
}

static int
folder_remove(void **state)
{
	(void)state;
	unlinkat(folder_fd, "a.zip", 0);
	unlinkat(folder_fd, "b.zip", 0);
	close(folder_fd);
	return rmdir(folder);
}

/* Bytes as a CSV has them: some that repeat, some that do not. */
static void
make_bytes(char *bytes, size_t len)
{
	uint32_t seed;
	size_t i;

	seed = 1;
	for (i = 0; i < len; i++) {
		seed = seed * 1664525 + 1013904223;
		bytes[i] = i % 40 == 39 ? '\n' :
		    i % 40 < 20		? 'S' :
					  (char)('0' + (seed >> 24) % 10);
	}
}

/* Writes a.zip: a small entry, then one of len bytes added in parts. */
static void
write_zip(const char *name, const char *bytes, size_t len, size_t part,
    int level, unsigned jobs)
{
	struct err err = { 0 };
	struct zip *zip;
	size_t at, n;

	zip = zip_create(folder_fd, name, level, jobs, &err);
	assert_non_null(zip);
	assert_int_equal(zip_entry_begin(zip, "a.csv", &err), 0);
	assert_int_equal(zip_add(zip, "x,y\n", 4, &err), 0);
	assert_int_equal(zip_entry_end(zip, &err), 0);
	assert_int_equal(zip_entry_begin(zip, "b.csv", &err), 0);
	for (at = 0; at < len; at += n) {
		n = len - at < part ? len - at : part;
		assert_int_equal(zip_add(zip, bytes + at, n, &err), 0);
	}
	assert_int_equal(zip_entry_end(zip, &err), 0);
	assert_int_equal(zip_close(zip, &err), 0);
}

static void
assert_reads_back(const char *bytes, size_t len)
{
	struct unpack_bytes got;
	struct unpack *unpack;
	struct err err = { 0 };
	char path[64];

	snprintf(path, sizeof(path), "%s/a.zip", folder);
	unpack = unpack_open(path, &err);
	if (unpack == NULL)
		fail_msg("%s", err.msg);
	assert_int_equal(unpack_count(unpack), 2);
	assert_string_equal(unpack_name(unpack, 0), "a.csv");
	assert_string_equal(unpack_name(unpack, 1), "b.csv");
	assert_int_equal(unpack_map(unpack, 0, &got, &err), 0);
	assert_int_equal(got.len, 4);
	assert_memory_equal(got.bytes, "x,y\n", 4);
	unpack_unmap(&got);
	assert_int_equal(unpack_map(unpack, 1, &got, &err), 0);
	assert_int_equal(got.len, len);
	if (len > 0)
		assert_int_equal(memcmp(got.bytes, bytes, len), 0);
	unpack_unmap(&got);
	unpack_close(unpack);
}

static void
entries_of_any_size_are_read_back(void **state)
{
	static const size_t sizes[] = { 0, 1, 32 << 10, MIB - 1, MIB, MIB + 1,
		2 * MIB, 3 * MIB + 5 };
	char *bytes;
	size_t i;

	(void)state;
	bytes = malloc(4 * MIB);
	make_bytes(bytes, 4 * MIB);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		write_zip(
		    "a.zip", bytes, sizes[i], 100000, 6, i % 2 == 0 ? 1 : 3);
		assert_reads_back(bytes, sizes[i]);
		unlinkat(folder_fd, "a.zip", 0);
	}
	free(bytes);
}

static char *
slurp(const char *name, size_t *len)
{
	struct stat st;
	char *bytes;
	int fd;

	fd = openat(folder_fd, name, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	*len = (size_t)st.st_size;
	bytes = malloc(*len);
	assert_int_equal(read(fd, bytes, *len), *len);
	close(fd);
	return bytes;
}

static void
the_bytes_depend_on_no_thread_and_no_piece(void **state)
{
	static const struct {
		size_t part;
		unsigned jobs;
	} cases[] = { { MIB, 2 }, { 7777, 4 }, { 9 * MIB, 16 },
		{ 3 * MIB - 1, 64 }, { 65536, 0 } };
	char *bytes, *want, *got;
	size_t i, len, gotlen;

	(void)state;
	bytes = malloc(5 * MIB);
	make_bytes(bytes, 5 * MIB);
	write_zip("a.zip", bytes, 5 * MIB, 100000, 6, 1);
	want = slurp("a.zip", &len);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_zip(
		    "b.zip", bytes, 5 * MIB, cases[i].part, 6, cases[i].jobs);
		got = slurp("b.zip", &gotlen);
		assert_int_equal(gotlen, len);
		assert_int_equal(memcmp(got, want, len), 0);
		free(got);
		unlinkat(folder_fd, "b.zip", 0);
	}
	free(want);
	free(bytes);
}

/* Mapping 5: the first day of 1980, so that the hour of a run is not in it. */
static void
an_entry_has_a_fixed_time_and_mode(void **state)
{
	struct stat st;
	char *bytes, *entry;
	size_t len;

	(void)state;
	write_zip("a.zip", "z\n", 2, 1, 9, 1);
	bytes = slurp("a.zip", &len);
	/* A local header: signature, version, flags, method, time, date. */
	assert_memory_equal(bytes, "PK\3\4", 4);
	assert_memory_equal(bytes + 8, "\x08\0\0\0\x21\0", 6);
	entry = memmem(bytes, len, "PK\1\2", 4);
	assert_non_null(entry);
	assert_memory_equal(entry + 12, "\0\0\x21\0", 4);
	/* Made by Unix; an ordinary file of mode 0600. */
	assert_int_equal(entry[5], 3);
	assert_memory_equal(entry + 38, "\0\0\x80\x81", 4);
	free(bytes);
	assert_int_equal(fstatat(folder_fd, "a.zip", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
a_higher_level_makes_a_smaller_zip(void **state)
{
	char *bytes;
	struct stat fast, small;

	(void)state;
	bytes = malloc(MIB);
	make_bytes(bytes, MIB);
	write_zip("a.zip", bytes, MIB, MIB, 1, 1);
	write_zip("b.zip", bytes, MIB, MIB, 9, 1);
	free(bytes);
	assert_int_equal(fstatat(folder_fd, "a.zip", &fast, 0), 0);
	assert_int_equal(fstatat(folder_fd, "b.zip", &small, 0), 0);
	assert_true(small.st_size < fast.st_size);
}

/* A piece may point back into the one before it. */
static void
pieces_cost_next_to_nothing(void **state)
{
	const size_t period = 20000;
	struct stat st;
	uint32_t seed;
	char *bytes;
	size_t i;

	(void)state;
	bytes = malloc(3 * MIB);
	seed = 1;
	for (i = 0; i < 3 * MIB; i++) {
		seed = seed * 1664525 + 1013904223;
		bytes[i] = i < period ? (char)(seed >> 24) : bytes[i - period];
	}
	write_zip("a.zip", bytes, 3 * MIB, MIB, 6, 2);
	free(bytes);
	assert_int_equal(fstatat(folder_fd, "a.zip", &st, 0), 0);
	assert_true((size_t)st.st_size < 3 * period);
}

static void
a_file_that_is_there_is_not_written_over(void **state)
{
	struct err err = { 0 };

	(void)state;
	write_zip("a.zip", "", 0, 1, 6, 1);
	assert_null(zip_create(folder_fd, "a.zip", 6, 2, &err));
	assert_int_equal(err.code, EXIT_IO);
	assert_non_null(strstr(err.msg, "File exists"));
	assert_reads_back("", 0);
	zip_abandon(NULL);
}

/* Without zip64 an entry ends at 4 GiB; the bytes are not looked at. */
static void
an_entry_of_4_gib_is_refused(void **state)
{
	struct err err = { 0 };
	struct zip *zip;

	(void)state;
	zip = zip_create(folder_fd, "a.zip", 6, 1, &err);
	assert_non_null(zip);
	assert_int_equal(zip_entry_begin(zip, "a.csv", &err), 0);
	assert_int_equal(zip_add(zip, "x", 1, &err), 0);
	assert_int_equal(zip_add(zip, "x", (size_t)4 << 30, &err), -1);
	assert_int_equal(err.code, EXIT_IO);
	assert_non_null(strstr(err.msg, "4 GiB"));
	zip_abandon(zip);
}

/* Writes bytes that cannot be deflated until something fails. */
static int
write_until_full(unsigned jobs, struct err *err)
{
	struct zip *zip;
	char block[65536];
	uint32_t seed;
	size_t i;
	int n, rc;

	zip = zip_create(folder_fd, "a.zip", 1, jobs, err);
	assert_non_null(zip);
	rc = zip_entry_begin(zip, "a.csv", err);
	seed = 1;
	for (n = 0; n < 80 && rc == 0; n++) {
		for (i = 0; i < sizeof(block); i++) {
			seed = seed * 1664525 + 1013904223;
			block[i] = (char)(seed >> 24);
		}
		rc = zip_add(zip, block, sizeof(block), err);
	}
	if (rc == 0)
		rc = zip_entry_end(zip, err);
	if (rc == 0)
		return zip_close(zip, err);
	zip_abandon(zip);
	return rc;
}

static void
a_full_disk_is_an_error_whenever_it_comes(void **state)
{
	static const rlim_t limits[] = { 10, 5000, MIB, 4 * MIB };
	struct rlimit old, now;
	unsigned jobs;
	size_t i;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		for (jobs = 1; jobs <= 3; jobs += 2) {
			struct err err = { 0 };
			int rc;

			now = (struct rlimit){ limits[i], old.rlim_max };
			assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
			rc = write_until_full(jobs, &err);
			assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
			assert_int_equal(rc, -1);
			assert_int_equal(err.code, EXIT_IO);
			assert_non_null(strstr(err.msg, "a.zip"));
			unlinkat(folder_fd, "a.zip", 0);
		}
	}
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(entries_of_any_size_are_read_back),
		IN_FOLDER(the_bytes_depend_on_no_thread_and_no_piece),
		IN_FOLDER(an_entry_has_a_fixed_time_and_mode),
		IN_FOLDER(a_higher_level_makes_a_smaller_zip),
		IN_FOLDER(pieces_cost_next_to_nothing),
		IN_FOLDER(a_file_that_is_there_is_not_written_over),
		IN_FOLDER(an_entry_of_4_gib_is_refused),
		IN_FOLDER(a_full_disk_is_an_error_whenever_it_comes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
