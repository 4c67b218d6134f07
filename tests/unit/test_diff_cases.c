#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "test_diff_show.h"

#define SORT_MEMORY ((size_t)64 << 10)

/* What the differ says of two texts, with its counts. */
static void
differ_texts(const struct sheet *sheet, const char *old, const char *new,
    struct buf *out)
{
	const struct diff_file files[2] = { { "old", old, strlen(old), false },
		{ "new", new, strlen(new), false } };
	const struct diff_input inputs[2] = { { &files[0], *old != '\0' },
		{ &files[1], *new != '\0' } };
	const struct diff_count *counts;
	struct diff_sink sink = { out, NULL };
	struct err err = { 0 };
	struct diff *diff;

	out->len = 0;
	diff = diff_open(sheet, &inputs[0], &inputs[1], SORT_MEMORY, &err);
	if (diff == NULL) {
		buf_printf(out, "%d %s", (int)err.code, err.msg);
		return;
	}
	sink.row = show_key;
	assert_int_equal(diff_each(diff, &sink, &err), 0);
	counts = diff_counts(diff);
	buf_printf(out, "+%llu-%llu~%llu rows %llu,%llu repeated %llu,%llu",
	    (unsigned long long)counts->added,
	    (unsigned long long)counts->removed,
	    (unsigned long long)counts->changed,
	    (unsigned long long)counts->rows[DIFF_OLD],
	    (unsigned long long)counts->rows[DIFF_NEW],
	    (unsigned long long)counts->repeated[DIFF_OLD],
	    (unsigned long long)counts->repeated[DIFF_NEW]);
	diff_close(diff);
}

static const struct {
	const char *name;
	enum sheet_kind kind;
	const char *old, *new, *want;
} cases[] = {
	{ "a sheet that only the new package has is all added", SHEET_USER, "",
	    "user_id,login_id\n1,a\n2,b\n",
	    "+1 +2 +2-0~0 rows 0,2 repeated 0,0" },
	{ "a sheet that only the old package has is all removed", SHEET_USER,
	    "user_id,login_id\n1,a\n", "", "-1 +0-1~0 rows 1,0 repeated 0,0" },
	{ "a file of empty lines is no file", SHEET_USER, "\n\r\n",
	    "user_id,login_id\n", "+0-0~0 rows 0,0 repeated 0,0" },
	{ "of rows with one key the last counts", SHEET_USER,
	    "user_id,login_id\n1,a\n1,b\n1,c\n", "user_id,login_id\n1,c\n",
	    "+0-0~0 rows 1,1 repeated 2,0" },
	{ "and is found when the last one differs", SHEET_USER,
	    "user_id,login_id\n1,a\n1,b\n2,x\n", "user_id,login_id\n1,a\n2,x\n",
	    "~1 +0-0~1 rows 2,2 repeated 1,0" },
	{ "rows out of order behind an equal start are found out", SHEET_USER,
	    "user_id,login_id\n1,a\n3,a\n2,a\n4,a\n",
	    "user_id,login_id\n1,a\n3,a\n2,b\n4,a\n",
	    "~2 +0-0~1 rows 4,4 repeated 0,0" },
	{ "rows out of order in the new file alone are found out", SHEET_USER,
	    "user_id,login_id\n1,a\n3,a\n5,a\n",
	    "user_id,login_id\n1,a\n3,a\n1,b\n5,a\n",
	    "~1 +0-0~1 rows 3,3 repeated 0,1" },
	{ "rows out of order behind a difference are found out", SHEET_USER,
	    "user_id,login_id\n1,a\n4,a\n5,a\n",
	    "user_id,login_id\n1,a\n3,a\n1,b\n4,a\n5,a\n",
	    "~1 +3 +1-0~1 rows 3,4 repeated 0,1" },
	{ "a difference before rows out of order is told once", SHEET_USER,
	    "user_id,login_id\n1,a\n3,a\n2,a\n",
	    "user_id,login_id\n1,b\n2,a\n3,a\n",
	    "~1 +0-0~1 rows 3,3 repeated 0,0" },
	{ "a column of one package is blank in the other", SHEET_USER,
	    "user_id,login_id\n1,a\n2,b\n",
	    "user_id,login_id,email\n1,a,\n2,b,x@example.org\n",
	    "~2 +0-0~1 rows 2,2 repeated 0,0" },
	{ "the order of the columns does not matter", SHEET_USER,
	    "user_id,login_id\n1,a\n", "LOGIN_ID,user_id\na,1\n",
	    "+0-0~0 rows 1,1 repeated 0,0" },
	{ "a blank beside a header makes another column", SHEET_USER,
	    "user_id,login_id\n1,a\n", "user_id, login_id\n1,a\n",
	    "~1 +0-0~1 rows 1,1 repeated 0,0" },
	{ "of two columns with one name the first is read", SHEET_USER,
	    "user_id,login_id,login_id\n1,a,b\n", "user_id,login_id\n1,a\n",
	    "+0-0~0 rows 1,1 repeated 0,0" },
	{ "too few cells are blank, too many are passed over", SHEET_USER,
	    "user_id,login_id,email\n1\n2,b,c,d\n",
	    "user_id,login_id,email\n1,,\n2,b,c\n",
	    "+0-0~0 rows 2,2 repeated 0,0" },
	{ "course_id beside section_id does not part enrollments",
	    SHEET_ENROLLMENT,
	    "course_id,user_id,role,section_id,status\nC,1,ta,S,active\n",
	    "section_id,user_id,role,status\nS,1,ta,active\n",
	    "~S|1|ta +0-0~1 rows 1,1 repeated 0,0" },
	{ "but without section_id it does", SHEET_ENROLLMENT,
	    "course_id,user_id,role,status\nC,1,ta,active\n",
	    "course_id,user_id,role,status\nD,1,ta,active\n",
	    "-C|1|ta +D|1|ta +1-1~0 rows 1,1 repeated 0,0" },
	{ "observers are told apart by whom they observe", SHEET_ENROLLMENT,
	    "section_id,user_id,role,status\nS,1,observer,active\n",
	    "section_id,user_id,role,associated_user_id,status\n"
	    "S,1,observer,7,active\nS,1,observer,8,active\n",
	    "-S|1|observer| +S|1|observer|7 +S|1|observer|8 "
	    "+2-1~0 rows 1,2 repeated 0,0" },
	{ "an admin may have two roles", SHEET_ADMIN,
	    "user_id,account_id,role,status\n1,A,x,active\n1,A,y,active\n",
	    "user_id,account_id,role,status\n1,A,y,active\n",
	    "-1|A|x +0-1~0 rows 2,1 repeated 0,0" },
	{ "| in a key is not taken for the end of a cell", SHEET_ENROLLMENT, "",
	    "section_id,user_id,role,status\na|b,\\,ta,active\n",
	    "+a\\|b|\\\\|ta +1-0~0 rows 0,1 repeated 0,0" },
	{ "a file without a key column is refused", SHEET_USER,
	    "user_id,login_id\n1,a\n", "login_id\na\n",
	    "4 new:1:1: no column user_id by which rows of users are told"
	    " apart; nothing was compared" },
	{ "a fault is named where it stands", SHEET_USER,
	    "user_id,login_id\n1,\"a\nb\"\n2,b\"\n",
	    "user_id,login_id\n1,\"a\nb\"\n2,b\n",
	    "4 old:4:4: a quote stands inside a cell, or text behind a"
	    " closing quote; nothing was compared" },
	{ "also when rows are out of order", SHEET_USER,
	    "user_id,login_id\n2,b\n1,a\n3,\"c\n", "user_id,login_id\n1,a\n",
	    "4 old:4:3: a quote is opened and never closed; nothing was"
	    " compared" },
};

static void
sheets_are_compared_as_canvas_reads_them(void **state)
{
	struct buf got = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		differ_texts(
		    &sheets[cases[i].kind], cases[i].old, cases[i].new, &got);
		if (strcmp(buf_str(&got), cases[i].want) != 0)
			fail_msg("%s: %s", cases[i].name, got.data);
	}
	buf_free(&got);
}

static int
stop_at_once(void *arg, const struct diff_event *event, struct err *err)
{
	(void)event;
	++*(unsigned *)arg;
	return err_set(err, EXIT_IO, "no room");
}

static void
a_sink_that_fails_stops_the_differ(void **state)
{
	static const char *const texts[] = { "user_id,login_id\n1,a\n2,b\n",
		"user_id,login_id\n2,b\n1,a\n" };
	unsigned calls;
	const struct diff_sink sink = { &calls, stop_at_once };
	const struct diff_input none = { NULL, 0 };
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		const struct diff_file file = { "f", texts[i], strlen(texts[i]),
			false };

		calls = 0;
		err = (struct err){ 0 };
		assert_int_equal(diff_sheets(&sheets[SHEET_USER],
				     &(struct diff_input){ &file, 1 }, &none,
				     &sink, NULL, &err),
		    -1);
		assert_int_equal(calls, 1);
		assert_string_equal(err.msg, "no room");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sheets_are_compared_as_canvas_reads_them),
		cmocka_unit_test(a_sink_that_fails_stops_the_differ),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
