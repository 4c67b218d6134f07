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

#include "base/buf.h"
#include "base/mem.h"
#include "base/unzip.h"
#include "made_zip.h"

static struct unzip *
opened(const char *path)
{
	struct err err = { 0 };
	struct unzip *zip;
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	zip = unzip_open(path, (uint64_t)st.st_size, &err);
	if (zip == NULL)
		fail_msg("%s", err.msg);
	return zip;
}

static int
keep(void *arg, const char *bytes, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, bytes, len);
	return 0;
}

static int
want_no_more(void *arg, const char *bytes, size_t len, struct err *err)
{
	(void)arg;
	(void)bytes;
	(void)len;
	return err_set(err, EXIT_IO, "no room");
}

/* "KINDname=text;" of every entry. */
static char *
shown(struct unzip *zip)
{
	static const char kinds[] = { [UNZIP_FILE] = '-',
		[UNZIP_FOLDER] = 'd',
		[UNZIP_LINK] = 'l',
		[UNZIP_UNSAFE] = '!' };
	const struct unzip_entry *entries;
	struct buf out = { 0 };
	struct err err = { 0 };
	size_t i, n;

	entries = unzip_entries(zip, &n);
	for (i = 0; i < n; i++) {
		buf_printf(
		    &out, "%c%s=", kinds[entries[i].kind], entries[i].name);
		if (entries[i].kind == UNZIP_FILE)
			assert_int_equal(
			    unzip_inflate(zip, &entries[i], keep, &out, &err),
			    0);
		buf_addc(&out, ';');
	}
	buf_str(&out);
	return out.data;
}

static void
every_entry_is_listed_as_what_it_is(void **state)
{
	static const struct made made[] = { { "b/a.csv", "one", 0, NULL },
		{ "/c.csv", "two", 0, NULL }, { "b/", "", 0, NULL },
		{ "../up.csv", "x", 0, NULL }, { "b/../up.csv", "x", 0, NULL },
		{ "l.csv", "/etc/passwd", S_IFLNK | 0777, NULL },
		{ NULL, NULL, 0, NULL } };
	struct unzip *zip;
	char *path, *text;

	path = made_zip(*state, "p.zip", made);
	zip = opened(path);
	assert_int_equal(unzip_refusal(zip), UNZIP_WELCOME);
	text = shown(zip);
	assert_string_equal(text,
	    "-b/a.csv=one;-c.csv=two;db/=;!../up.csv=;!b/../up.csv=;"
	    "ll.csv=;");
	free(text);
	unzip_close(zip);
	free(path);
}

static void
a_bomb_or_a_password_refuses_the_zip_as_a_whole(void **state)
{
	static const struct made locked[] = { { "a.csv", "x", 0, NULL },
		{ "b.csv", "secret", 0, "password" }, { NULL, NULL, 0, NULL } };
	struct made bomb[2] = { { 0 } };
	struct buf none = { 0 };
	struct err err = { 0 };
	struct unzip *zip;
	char *path, *text;
	size_t n;

	path = made_zip(*state, "locked.zip", locked);
	zip = opened(path);
	assert_int_equal(unzip_refusal(zip), UNZIP_ENCRYPTED);
	assert_int_equal(
	    unzip_inflate(zip, unzip_entries(zip, &n), keep, &none, &err), -1);
	assert_int_equal(err.code, EXIT_SOURCE);
	assert_int_equal(none.len, 0);
	unzip_close(zip);
	free(path);
	text = mem_zalloc(1, 3000001);
	memset(text, 'a', 3000000);
	bomb[0] = (struct made){ "a.csv", text, 0, NULL };
	path = made_zip(*state, "bomb.zip", bomb);
	zip = opened(path);
	assert_int_equal(unzip_refusal(zip), UNZIP_LARGE);
	unzip_close(zip);
	free(path);
	free(text);
}

static void
what_the_taker_of_bytes_says_ends_it(void **state)
{
	static const struct made made[] = { { "a.csv", "text", 0, NULL },
		{ NULL, NULL, 0, NULL } };
	struct err err = { 0 };
	struct unzip *zip;
	char *path;
	size_t n;

	path = made_zip(*state, "p.zip", made);
	zip = opened(path);
	assert_int_equal(unzip_inflate(zip, unzip_entries(zip, &n),
			     want_no_more, NULL, &err),
	    -1);
	assert_int_equal(err.code, EXIT_IO);
	assert_string_equal(err.msg, "no room");
	unzip_close(zip);
	free(path);
}

static void
the_name_decides_what_a_zip_is_and_else_the_first_bytes(void **state)
{
	static const struct {
		const char *path;
		const char *bytes;
		bool zip;
	} cases[] = {
		{ "a.zip", "text", true },
		{ "a.ZIP", "text", true },
		{ "a.csv", "PK\3\4", false },
		{ "a", "PK\3\4", true },
		{ "a", "PKs", false },
		{ "a", "", false },
	};
	FILE *file;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		file = tmpfile();
		assert_non_null(file);
		fputs(cases[i].bytes, file);
		fflush(file);
		assert_int_equal(unzip_looks_like(cases[i].path, fileno(file)),
		    cases[i].zip);
		fclose(file);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, made_folder, made_gone)
	const struct CMUnitTest tests[] = {
		TEST(every_entry_is_listed_as_what_it_is),
		TEST(a_bomb_or_a_password_refuses_the_zip_as_a_whole),
		TEST(what_the_taker_of_bytes_says_ends_it),
		TEST(the_name_decides_what_a_zip_is_and_else_the_first_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
