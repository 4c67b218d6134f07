#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lint_text.h"

#include "canvas/lint_sink.h"

static struct lint_text
lint(const char *package, const struct lint_options *options)
{
	return lint_text_run(package, strlen(package), options);
}

static void
every_rule_says_what_why_and_what_to_do(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < LINT_RULES; i++) {
		assert_non_null(lint_rules[i].code);
		assert_true(strlen(lint_rules[i].code) < 20);
		assert_true(strlen(lint_rules[i].sentence) > 5);
		assert_true(strlen(lint_rules[i].fix) > 5);
		assert_true(strlen(lint_rules[i].why) > 5);
		assert_int_equal(lint_rule_of_code(lint_rules[i].code), i);
		for (j = 0; j < RULES; j++)
			assert_string_not_equal(
			    lint_rules[i].code, rules[j].code);
	}
	assert_int_equal(lint_rule_of_code("row-required"), LINT_ROW_REQUIRED);
	assert_int_equal(lint_rule_of_code("NO-SUCH"), -1);
}

static void
add_times(struct buf *out, const char *text, size_t times)
{
	while (times-- > 0)
		buf_adds(out, text);
}

/* The findings of one row, its second cell so many times a text. */
static uint64_t
found(const char *before, const char *text, size_t times, const char *after,
    enum lint_rule rule)
{
	struct lint_options options = { 0 };
	struct buf package = { 0 };
	struct lint_text out;
	uint64_t n;

	buf_adds(&package, before);
	add_times(&package, text, times);
	buf_adds(&package, after);
	out = lint(buf_str(&package), &options);
	n = out.totals.by_rule[rule];
	lint_text_free(&out);
	buf_free(&package);
	return n;
}

static void
lengths_are_counted_in_characters(void **state)
{
	static const char users[] = "== u.csv\nuser_id,login_id,status\n";
	static const char
	    names[] = "== u.csv\nuser_id,login_id,status,first_name,last_name\n"
		      "u1,a,active,x,";
	static const char
	    accounts[] = "== a.csv\naccount_id,parent_account_id,name,status\n";
	static const struct {
		const char *before, *row, *text;
		size_t fits;
		const char *after;
		enum lint_rule rule;
	} cases[] = {
		{ users, "", "u", 255, ",a,active\n", LINT_ROW_LENGTH },
		{ users, "u1,", "a", 100, ",active\n", LINT_ROW_LOGIN },
		{ users, "u1,", "\xC3\xA9", 100, ",active\n", LINT_ROW_LOGIN },
		{ accounts, "a1,,", "\xC3\xA9", 255, ",active\n",
		    LINT_ROW_LENGTH },
		/* First and last name count with the blank between. */
		{ names, "", "\xC3\xA9", 253, "\n", LINT_ROW_LENGTH },
	};
	struct buf before = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		before.len = 0;
		buf_adds(&before, cases[i].before);
		buf_adds(&before, cases[i].row);
		assert_int_equal(
		    found(buf_str(&before), cases[i].text, cases[i].fits,
			cases[i].after, cases[i].rule),
		    0);
		assert_int_equal(
		    found(buf_str(&before), cases[i].text, cases[i].fits + 1,
			cases[i].after, cases[i].rule),
		    1);
	}
	buf_free(&before);
}

static void
findings_above_the_limit_are_counted_not_shown(void **state)
{
	struct lint_options options = { .shown = LINT_SHOWN };
	struct buf package = { 0 };
	struct lint_text out;
	size_t i;

	(void)state;
	buf_adds(&package, "== u.csv\nuser_id,login_id,status\n");
	for (i = 0; i < 25; i++)
		buf_printf(&package, "u%zu,l%zu,\n", i, i);
	out = lint(buf_str(&package), &options);
	assert_int_equal(out.nkept, LINT_SHOWN);
	assert_int_equal(out.totals.by_rule[LINT_ROW_REQUIRED], 25);
	assert_int_equal(out.totals.by_severity[SEVERITY_ERROR], 25);
	assert_int_equal(out.totals.rows_of[SHEET_USER], 25);
	lint_text_free(&out);
	buf_free(&package);
}

static void
rows_are_counted_as_canvas_counts_them(void **state)
{
	struct lint_options options = { 0 };
	struct lint_text out;

	(void)state;
	out = lint("== u.csv\n\nuser_id,login_id,status\n\n"
		   "\"u\n1\",a,active\nu2,b,\n",
	    &options);
	assert_int_equal(out.nkept, 1);
	assert_int_equal(out.kept[0].finding.line, 6);
	assert_int_equal(out.kept[0].finding.column, 6);
	assert_int_equal(out.kept[0].finding.row, 3);
	lint_text_free(&out);
}

/* Every way to go wrong, with a person's name wherever one can be. */
static void
no_message_shows_a_person(void **state)
{
	static const char package
	    [] = "== u.csv\n"
		 "user_id,login_id,first_name,last_name,email,status,"
		 "declared_user_type,integration_id,password\n"
		 "u1,canary\a,Canary,Canary,canary,canary,Canary,,canary\n"
		 "u2,canary,Canary,Canary,canary@,Canary,Canary,,canary\n"
		 "u3,canary,Canary,Canary,canary@example.org,active,,,\n"
		 "u4,canary,Canary,Canary,canary@example.org,active,,,\n"
		 "Canary,u5,x,Canary,Canary,canary@example.org,active,,,\n"
		 "Canary,u5,x,Canary,Canary,canary@example.org,active,,,\n"
		 "u6,l6,Canary,Canary,x@example.org,activecanary,,,\n"
		 "== v.csv\nu7,canary,Canary,Canary\n"
		 "== w.csv\nuser_id,login_id,existing_user_id,email\n"
		 "x1,canary,u1,canary\nx2,canary,u1,Canary,Canary\n";
	struct lint_options options = { .complete = true };
	struct lint_text out;
	size_t i;

	(void)state;
	out = lint(package, &options);
	assert_true(out.nkept > 12);
	for (i = 0; i < out.nkept; i++) {
		if (strcasestr(out.kept[i].message, "canary") != NULL)
			fail_msg("%s", out.kept[i].message);
	}
	lint_text_free(&out);
}

static void
what_a_message_shows_is_harmless(void **state)
{
	struct lint_options options = { .complete = true };
	struct lint_text out;

	(void)state;
	out = lint("== e.csv\nsection_id,user_id,role,status\n"
		   "\"s\x1b[2J\n\",\xE2\x80\xAEu1\xC2\x85,ta,active\n",
	    &options);
	assert_int_equal(out.nkept, 2);
	assert_string_equal(out.kept[0].message,
	    "section_id "
	    "\"s\\x1b[2J\" is no section of this package");
	assert_string_equal(out.kept[1].message,
	    "user_id "
	    "\"\\xe2\\x80\\xaeu1\\xc2\\x85\" is no user of this package");
	lint_text_free(&out);
}

/* Bytes that only continue a character, and never begin one. */
static void
a_long_id_that_is_not_utf_8_is_cut_within_its_bounds(void **state)
{
	struct lint_options options = { .complete = true };
	struct buf package = { 0 };
	struct lint_text out;

	(void)state;
	buf_adds(&package, "== e.csv\nsection_id,user_id,role,status\n");
	add_times(&package, "\x91", 100);
	buf_adds(&package, ",u1,ta,active\n");
	out = lint(buf_str(&package), &options);
	assert_int_equal(out.totals.by_rule[LINT_REF_NOT_HERE], 2);
	assert_int_equal(out.totals.by_rule[LINT_FILE_ENCODING], 1);
	lint_text_free(&out);
	buf_free(&package);
}

/* Pseudo-random numbers, the same every time. */
static uint32_t
random_below(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 9) % n;
}

/* Enrollments that mostly repeat each other, and sometimes go wrong. */
static void
random_enrollments(struct buf *out, uint32_t *seed)
{
	static const char *const odd[] = { "s1,u1\n", "s1,,student,active\n",
		"s1,u9,student,active\n", "s1,1E+5,student,active\n",
		"\"s1\",\"u2\",student,active\n", "s1,u2,boss,active\n",
		"s1, u3 ,student,active\n", "\n", "s1,u1,student,enabled\n",
		"s1,u\"1,student,active\n", "s1,u4,student,active\r\n",
		"s1,u\xC3\xA9,student,active\n", "s2,u8,student,active\n" };
	static const char *const tails[] = { "student,active\n", "ta,active\n",
		"student,deleted\n" };
	size_t rows, i, tail;

	buf_adds(out, "== u.csv\nuser_id,login_id,status\n");
	for (i = 0; i < 8; i++)
		buf_printf(out, "u%zu,l%zu,%s\n", i, i,
		    i == 7 && random_below(seed, 2) ? "deleted" : "active");
	buf_adds(out,
	    "== s.csv\nsection_id,course_id,name,status\n"
	    "s1,c1,n,active\ns2,c1,n,deleted\n"
	    "== e.csv\nsection_id,user_id,role,status\n");
	rows = random_below(seed, 40);
	tail = 0;
	for (i = 0; i < rows; i++) {
		if (random_below(seed, 8) == 0)
			tail = random_below(seed, 3);
		if (random_below(seed, 12) == 0)
			buf_adds(out,
			    odd[random_below(
				seed, sizeof(odd) / sizeof(odd[0]))]);
		buf_printf(
		    out, "s1,u%u,%s", random_below(seed, 9), tails[tail]);
	}
}

static void
rows_that_repeat_are_judged_like_any_other(void **state)
{
	struct lint_options options = { 0 };
	struct lint_text with, without;
	struct buf package = { 0 };
	char *a, *b;
	uint32_t seed;
	int i;

	(void)state;
	seed = 7;
	for (i = 0; i < 3000; i++) {
		package.len = 0;
		random_enrollments(&package, &seed);
		options.complete = i % 2 == 0;
		options.no_shortcuts = false;
		with = lint(buf_str(&package), &options);
		options.no_shortcuts = true;
		without = lint(buf_str(&package), &options);
		a = lint_text_shown(&with);
		b = lint_text_shown(&without);
		assert_string_equal(a, b);
		assert_memory_equal(
		    &with.totals, &without.totals, sizeof(with.totals));
		free(a);
		free(b);
		lint_text_free(&with);
		lint_text_free(&without);
	}
	buf_free(&package);
}

/* A file of enrollments larger than the blocks that are read at once. */
static void
findings_do_not_depend_on_blocks(void **state)
{
	struct lint_options options = { 0 };
	struct buf package = { 0 };
	struct lint_text out;
	uint32_t i;

	(void)state;
	buf_adds(&package, "== e.csv\nsection_id,user_id,role,status\n");
	for (i = 0; i < 100000; i++)
		buf_printf(&package, "s%06u,%su%u%s,student,%s\n", i / 25,
		    i % 7 == 0 ? "\"" : "", 100000 + i, i % 7 == 0 ? "\"" : "",
		    i % 30000 == 29999 ? "enabled" : "active");
	out = lint(buf_str(&package), &options);
	assert_int_equal(out.nkept, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(out.kept[i].finding.rule, LINT_ROW_STATUS);
		assert_int_equal(out.kept[i].finding.line, (i + 1) * 30000 + 1);
		assert_int_equal(out.kept[i].finding.row, (i + 1) * 30000 + 1);
	}
	assert_int_equal(out.totals.rows, 100000);
	lint_text_free(&out);
	buf_free(&package);
}

/* What went through the sink behind the linter. */
static int
pass_begin(void *arg, const char *file, bool empty, struct err *err)
{
	(void)err;
	buf_printf(arg, "[%s%s]", file, empty ? " empty" : "");
	return 0;
}

static int
pass_write(void *arg, const void *bytes, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, bytes, len);
	return 0;
}

static int
pass_end(void *arg, struct err *err)
{
	(void)err;
	buf_adds(arg, "|");
	return 0;
}

/* The length of so many rows of a text, or of all that are left. */
static size_t
rows_len(const char *text, size_t rows)
{
	const char *p;
	bool quoted;

	quoted = false;
	for (p = text; *p != '\0' && rows > 0; p++) {
		quoted = quoted != (*p == '"');
		rows -= *p == '\n' && !quoted;
	}
	return (size_t)(p - text);
}

static void
put_file(const struct emit_sink *sink, const char *file, const char *text,
    size_t rows)
{
	char block[256];
	struct err err = { 0 };
	size_t n;

	assert_int_equal(sink->begin(sink->arg, file, false, &err), 0);
	for (; *text != '\0'; text += n) {
		n = rows_len(text, rows);
		assert_true(n + 16 <= sizeof(block));
		memset(block, 0, sizeof(block));
		memcpy(block, text, n);
		assert_int_equal(sink->write(sink->arg, block, n, &err), 0);
	}
	assert_int_equal(sink->end(sink->arg, &err), 0);
}

/* Writes a package some rows at a time; the message, or "": all is well. */
static char *
through_sink(const char *enrollments, size_t piece, struct buf *passed)
{
	const struct emit_sink to = { passed, pass_begin, pass_write,
		pass_end };
	static const char *const roles[] = { "Boss" };
	const struct emit_sink *sink;
	struct lint_sink *lint_sink;
	struct err err = { 0 };
	int rc;

	lint_sink = lint_sink_begin(&to, roles, 1);
	sink = lint_sink_get(lint_sink);
	put_file(sink, "users.csv",
	    "user_id,login_id,status\nu1,a,active\n"
	    "\"u\n2\",b,active\n",
	    piece);
	put_file(sink, "courses.csv",
	    "course_id,short_name,long_name,status\nc1,a,b,active\n", piece);
	put_file(sink, "sections.csv",
	    "section_id,course_id,name,status\ns1,c1,n,active\n", piece);
	put_file(sink, "enrollments.csv", enrollments, piece);
	put_file(sink, "crosswalk.csv", "sheet,canvas_id\nusers,u1\n", piece);
	rc = lint_sink_end(lint_sink, &err);
	assert_int_equal(rc, err.code == EXIT_DONE ? 0 : -1);
	assert_true(err.code == EXIT_DONE || err.code == EXIT_INVALID);
	return mem_strdup(err.msg);
}

static void
a_run_s_own_package_is_checked_on_its_way(void **state)
{
	static const char good[] = "section_id,user_id,role,status\n"
				   "s1,u1,Boss,active\ns1,\"u\n2\",ta,active\n";
	static const char bad[] = "section_id,user_id,role,status\n"
				  "s1,u1,ta,active\ns1,u3,ta,active\n";
	struct buf passed = { 0 };
	size_t piece;
	char *said;

	(void)state;
	for (piece = 1; piece < 5; piece++) {
		passed.len = 0;
		said = through_sink(good, piece, &passed);
		assert_string_equal(said, "");
		assert_non_null(strstr(buf_str(&passed),
		    "[crosswalk.csv]sheet,canvas_id\nusers,u1\n|"));
		assert_non_null(strstr(buf_str(&passed), good));
		free(said);
		said = through_sink(bad, piece, &passed);
		assert_non_null(strstr(said,
		    "enrollments.csv:3:4: "
		    "REF-NOT-HERE user_id \"u3\" is no user of this"
		    " package"));
		assert_non_null(strstr(said, "nothing was published"));
		free(said);
	}
	buf_free(&passed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_says_what_why_and_what_to_do),
		cmocka_unit_test(lengths_are_counted_in_characters),
		cmocka_unit_test(
		    findings_above_the_limit_are_counted_not_shown),
		cmocka_unit_test(rows_are_counted_as_canvas_counts_them),
		cmocka_unit_test(no_message_shows_a_person),
		cmocka_unit_test(what_a_message_shows_is_harmless),
		cmocka_unit_test(
		    a_long_id_that_is_not_utf_8_is_cut_within_its_bounds),
		cmocka_unit_test(rows_that_repeat_are_judged_like_any_other),
		cmocka_unit_test(findings_do_not_depend_on_blocks),
		cmocka_unit_test(a_run_s_own_package_is_checked_on_its_way),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
