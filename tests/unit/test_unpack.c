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

#include "base/mem.h"
#include "pack/unpack.h"
#include "made_zip.h"

/* "name=text;" of every file, then "!name:why" of what is passed over. */
static char *
shown(struct unpack *unpack)
{
	static const char *const whys[] = { "hidden", "system", "not-csv",
		"not-a-file", "unsafe", "repeated", "method" };
	const struct unpack_passed *passed;
	struct unpack_bytes bytes;
	struct err err = { 0 };
	char *out, *more;
	size_t i, n;

	out = mem_strdup("");
	for (i = 0; i < unpack_count(unpack); i++) {
		assert_int_equal(unpack_map(unpack, i, &bytes, &err), 0);
		more = mem_printf("%s%s=%.*s;", out, unpack_name(unpack, i),
		    (int)bytes.len, bytes.len == 0 ? "" : bytes.bytes);
		free(out);
		out = more;
		unpack_unmap(&bytes);
	}
	passed = unpack_passed(unpack, &n);
	for (i = 0; i < n; i++) {
		more = mem_printf(
		    "%s!%s:%s", out, passed[i].name, whys[passed[i].why]);
		free(out);
		out = more;
	}
	return out;
}

static void
holds(const char *path, const char *want)
{
	struct err err = { 0 };
	struct unpack *unpack;
	char *got;

	unpack = unpack_open(path, &err);
	if (unpack == NULL)
		fail_msg("%s", err.msg);
	got = shown(unpack);
	assert_string_equal(got, want);
	free(got);
	unpack_close(unpack);
}

static void
refuses(const char *path, enum exit_code code, const char *why)
{
	struct err err = { 0 };

	assert_null(unpack_open(path, &err));
	assert_int_equal(err.code, code);
	if (strstr(err.msg, why) == NULL)
		fail_msg("%s", err.msg);
}

static void
a_folder_is_walked_in_path_order(void **state)
{
	made_file(*state, "p/b.csv", "2");
	made_file(*state, "p/a/z.CSV", "1");
	made_file(*state, "p/empty.csv", "");
	holds(*state, "p/a/z.CSV=1;p/b.csv=2;p/empty.csv=;");
}

static void
what_canvas_skips_is_passed_over_with_the_reason(void **state)
{
	char *path, *link;

	made_file(*state, "p/users.csv", "u");
	made_file(*state, "p/.hidden.csv", "h");
	path = made_path(*state, "p");
	holds(path, "users.csv=u;!.hidden.csv:hidden");
	free(path);
	made_file(*state, "q/notes.txt", "n");
	path = made_path(*state, "q");
	holds(path, "!notes.txt:not-csv");
	free(path);
	made_file(*state, "r/x.csv", "x");
	link = made_path(*state, "r/link.csv");
	assert_int_equal(symlink("x.csv", link), 0);
	free(link);
	path = made_path(*state, "r");
	holds(path, "x.csv=x;!link.csv:not-a-file");
	free(path);
}

static void
of_a_run_folder_only_csv_belongs_to_the_package(void **state)
{
	struct err err = { 0 };
	struct unpack *unpack;

	made_file(*state, "manifest.json", "{}");
	made_file(*state, "findings.csv", "f");
	made_file(*state, "csv/users.csv", "u");
	holds(*state, "users.csv=u;");
	unpack = unpack_open(*state, &err);
	assert_true(unpack_is_run(unpack));
	assert_true(unpack_is_folder(unpack));
	unpack_close(unpack);
}

static void
a_lone_csv_is_a_package(void **state)
{
	char *path;

	made_file(*state, "anything.txt", "t");
	path = made_path(*state, "anything.txt");
	holds(path, "anything.txt=t;");
	free(path);
}

static void
a_zip_is_read_as_canvas_reads_it(void **state)
{
	static const struct made made[] = { { "b/users.csv", "one", 0, NULL },
		{ "a.csv", "two", 0, NULL }, { "/c.csv", "three", 0, NULL },
		{ "folder/", "", S_IFDIR | 0700, NULL },
		{ "../up.csv", "x", 0, NULL },
		{ "b/../../up.csv", "x", 0, NULL },
		{ "link.csv", "/etc/passwd", S_IFLNK | 0777, NULL },
		{ "a.csv", "again", 0, NULL }, { ".git/x.csv", "x", 0, NULL },
		{ "__MACOSX/._a.csv", "x", 0, NULL },
		{ "inner.zip", "x", 0, NULL }, { NULL, NULL, 0, NULL } };
	char *path;

	path = made_zip(*state, "p.zip", made);
	holds(path,
	    "a.csv=two;b/users.csv=one;c.csv=three;"
	    "!../up.csv:unsafe!b/../../up.csv:unsafe!link.csv:not-a-file"
	    "!.git/x.csv:hidden!__MACOSX/._a.csv:system!inner.zip:not-csv"
	    "!a.csv:repeated");
	free(path);
}

/* The bytes behind a file are zero, whatever its length. */
static void
sixteen_zeros_stand_behind_every_file(void **state)
{
	static const size_t sizes[] = { 1, 15, 4079, 4080, 4081, 4095, 4096,
		4097, 8192, 70000 };
	struct made made[11] = { { 0 } };
	struct unpack_bytes bytes;
	struct err err = { 0 };
	struct unpack *unpack;
	char *path, *texts[10], names[10][16];
	size_t i, j, turn;

	for (i = 0; i < 10; i++) {
		texts[i] = mem_zalloc(1, sizes[i] + 1);
		/* Noise, so that the zip is not refused. */
		for (j = 0; j < sizes[i]; j++)
			texts[i][j] = (char)('!' +
			    (j * 7919 + j / 3 * 31 + i) % 90);
		snprintf(names[i], sizeof(names[i]), "%zu.csv", i);
		made[i] = (struct made){ names[i], texts[i], 0, NULL };
		made_file(*state, names[i], texts[i]);
	}
	path = made_zip(*state, "p.zip", made);
	for (turn = 0; turn < 4; turn++) {
		unpack = unpack_open(turn % 2 == 0 ? path : *state, &err);
		assert_non_null(unpack);
		for (i = 0; i < 10; i++) {
			assert_int_equal(
			    unpack_map(unpack, i, &bytes, &err), 0);
			assert_int_equal(bytes.len, sizes[i]);
			assert_memory_equal(bytes.bytes, texts[i], sizes[i]);
			for (j = 0; j < 16; j++)
				assert_int_equal(bytes.bytes[sizes[i] + j], 0);
			unpack_unmap(&bytes);
			assert_null(bytes.bytes);
		}
		unpack_close(unpack);
	}
	for (i = 0; i < 10; i++)
		free(texts[i]);
	free(path);
}

static void
a_zip_bomb_is_listed_but_not_inflated(void **state)
{
	struct made made[2] = { { 0 } };
	struct unpack_bytes bytes;
	enum unpack_refusal refusal;
	struct err err = { 0 };
	struct unpack *unpack;
	char *path;

	made[0] = (struct made){ "users.csv", mem_zalloc(1, 3000001), 0, NULL };
	memset((char *)(uintptr_t)made[0].text, 'a', 3000000);
	path = made_zip(*state, "bomb.zip", made);
	refuses(path, EXIT_SOURCE, "100 times its size");
	unpack = unpack_look(path, &refusal, &err);
	assert_non_null(unpack);
	assert_int_equal(refusal, UNPACK_LARGE);
	assert_int_equal(unpack_count(unpack), 1);
	assert_int_equal(unpack_map(unpack, 0, &bytes, &err), -1);
	assert_int_equal(err.code, EXIT_SOURCE);
	unpack_close(unpack);
	free((char *)(uintptr_t)made[0].text);
	free(path);
}

/* A password marks the entry; what is behind it need not be right. */
static void
a_password_is_refused(void **state)
{
	static const struct made made[] = { { "users.csv", "secret", 0,
						"password" },
		{ NULL, NULL, 0, NULL } };
	char *path;

	path = made_zip(*state, "locked.zip", made);
	refuses(path, EXIT_SOURCE, "needs a password");
	free(path);
}

/* Whether the text is read, and whole; if not, with EXIT_SOURCE. */
static bool
reads(const char *path, const char *text)
{
	struct unpack_bytes bytes;
	struct err err = { 0 };
	struct unpack *unpack;
	size_t i;
	int rc;

	rc = 0;
	unpack = unpack_open(path, &err);
	if (unpack == NULL)
		rc = -1;
	for (i = 0; rc == 0 && i < unpack_count(unpack); i++) {
		rc = unpack_map(unpack, i, &bytes, &err);
		if (rc == 0) {
			assert_int_equal(bytes.len, strlen(text));
			assert_memory_equal(bytes.bytes, text, bytes.len);
		}
		unpack_unmap(&bytes);
	}
	unpack_close(unpack);
	if (rc != 0)
		assert_int_equal(err.code, EXIT_SOURCE);
	return rc == 0;
}

static void
a_damaged_zip_is_an_error_and_never_a_shorter_file(void **state)
{
	static const struct made made[] = {
		{ "users.csv", "user_id,login_id,status\nu1,a,active\n", 0,
		    NULL },
		{ NULL, NULL, 0, NULL }
	};
	struct stat st;
	char *path, *bad;
	long i;

	path = made_zip(*state, "good.zip", made);
	assert_true(reads(path, made->text));
	assert_int_equal(stat(path, &st), 0);
	/* The last bytes are zeros that nobody misses. */
	for (i = 0; i < (long)st.st_size; i++) {
		bad = made_damaged(*state, path, i, true);
		assert_int_equal(reads(bad, made->text), i >= st.st_size - 4);
		free(bad);
	}
	/* The deflated bytes stand behind the local header and the name. */
	for (i = 30 + 9; i < 30 + 9 + 20; i++) {
		bad = made_damaged(*state, path, i, false);
		assert_false(reads(bad, made->text));
		free(bad);
	}
	/* Any byte else: read right, or refused; never a crash. */
	for (i = 0; i < (long)st.st_size; i++) {
		bad = made_damaged(*state, path, i, false);
		reads(bad, made->text);
		free(bad);
	}
	free(path);
}

static void
a_zip_without_entries_is_an_empty_package(void **state)
{
	static const struct made made[] = { { NULL, NULL, 0, NULL } };
	char *path;

	path = made_zip(*state, "empty.zip", made);
	holds(path, "");
	free(path);
}

static void
what_is_not_there_or_no_zip_is_an_error(void **state)
{
	char *path;

	path = made_path(*state, "nowhere");
	refuses(path, EXIT_SOURCE, "cannot be read");
	free(path);
	made_file(*state, "text.zip", "user_id,login_id,status\n");
	path = made_path(*state, "text.zip");
	refuses(path, EXIT_SOURCE, "damaged or cut short");
	free(path);
	path = made_path(*state, "pipe.csv");
	assert_int_equal(mkfifo(path, 0600), 0);
	refuses(path, EXIT_SOURCE, "neither a folder nor a file");
	free(path);
}

static void
no_room_for_what_is_inflated_is_an_error(void **state)
{
	static const struct made made[] = { { "users.csv", "x", 0, NULL },
		{ NULL, NULL, 0, NULL } };
	struct unpack_bytes bytes;
	struct err err = { 0 };
	struct unpack *unpack;
	char *path;

	path = made_zip(*state, "p.zip", made);
	setenv("TMPDIR", "/nowhere/at/all", 1);
	unpack = unpack_open(path, &err);
	assert_non_null(unpack);
	assert_int_equal(unpack_map(unpack, 0, &bytes, &err), -1);
	assert_int_equal(err.code, EXIT_IO);
	assert_non_null(strstr(err.hint, "TMPDIR"));
	unpack_unmap(&bytes);
	unpack_close(unpack);
	free(path);
}

#define WITH_FOLDER(test)                                                      \
	cmocka_unit_test_setup_teardown(test, made_folder, made_gone)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(a_folder_is_walked_in_path_order),
		WITH_FOLDER(what_canvas_skips_is_passed_over_with_the_reason),
		WITH_FOLDER(of_a_run_folder_only_csv_belongs_to_the_package),
		WITH_FOLDER(a_lone_csv_is_a_package),
		WITH_FOLDER(a_zip_is_read_as_canvas_reads_it),
		WITH_FOLDER(sixteen_zeros_stand_behind_every_file),
		WITH_FOLDER(a_zip_bomb_is_listed_but_not_inflated),
		WITH_FOLDER(a_password_is_refused),
		WITH_FOLDER(a_damaged_zip_is_an_error_and_never_a_shorter_file),
		WITH_FOLDER(a_zip_without_entries_is_an_empty_package),
		WITH_FOLDER(what_is_not_there_or_no_zip_is_an_error),
		WITH_FOLDER(no_room_for_what_is_inflated_is_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
