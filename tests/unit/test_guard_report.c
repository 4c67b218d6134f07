#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "canvas/guard_report.h"
#include "judged.h"

#define COURSES "course_id,short_name,account_id,term_id\n"
#define SECTIONS "section_id,course_id,name\n"
#define ENROLLMENTS "section_id,user_id,role,status\n"
#define USERS "user_id,login_id,status\n"
#define MANY 30 /* schools */

/* A district with a school that goes, one that halves and one that stays. */
static const struct judged_texts before = { {
    [SHEET_USER] = USERS "S1,a,active\nS2,b,active\nS3,c,active\n"
			 "S4,d,active\n",
    [SHEET_COURSE] = COURSES "c1,x,300,t3\nc2,x,300,t3\nc3,x,400,t4\n"
			     "c4,x,500,t5\n",
    [SHEET_SECTION] = SECTIONS "s1,c1,x\ns2,c2,x\ns3,c3,x\ns4,c4,x\n",
    [SHEET_ENROLLMENT] = ENROLLMENTS
    "s1,S1,student,active\n"
    "s1,S2,student,active\ns2,S3,student,active\n"
    "s3,S1,student,active\ns3,S2,student,active\n"
    "s3,S3,student,active\ns3,S4,student,active\n"
    "s4,S1,student,active\ns4,S2,student,active\n"
    "s4,S3,student,active\n",
} };
static const struct judged_texts after = { {
    [SHEET_USER] = USERS "S1,a,suspended\nS2,b,active\nS3,x,active\n"
			 "S4,x,active\n7,n,active\n8,n,active\n9,n,active\n",
    [SHEET_COURSE] = COURSES "c3,x,400,t4\nc4,x,500,t5\n",
    [SHEET_SECTION] = SECTIONS "s3,c3,x\ns4,c4,x\n",
    [SHEET_ENROLLMENT] = ENROLLMENTS
    "s3,S1,student,active\n"
    "s4,S1,student,active\ns4,S2,student,active\n"
    "s4,S3,student,active\n",
} };

static void
make(struct judged *judged, enum guard_mode mode)
{
	struct guard_settings settings;

	settings = judged_defaults();
	settings.minimum = 1;
	settings.mode = mode;
	judged_make(judged, &settings, &before, &after, &before, NULL);
	judged_judge(judged);
}

static char *
printed(const struct guard *guard)
{
	char *text;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	assert_non_null(out);
	guard_report_print(guard, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
each_code_has_its_words_once(void **state)
{
	static const char *const codes[GUARD_CODES] = { "GUARD-FIRST-RUN",
		"GUARD-BLACKOUT", "GUARD-GAP", "GUARD-ZERO", "GUARD-GONE",
		"GUARD-REMOVED", "GUARD-CHANGED", "GUARD-ADDED", "GUARD-LOST",
		"GUARD-BASELINE", "GUARD-BLANK", "GUARD-ID-FORMAT" };
	size_t i;

	(void)state;
	for (i = 0; i < GUARD_CODES; i++) {
		assert_string_equal(guard_codes[i].code, codes[i]);
		assert_int_equal(guard_codes_find(codes[i]), i);
		assert_true(strlen(guard_codes[i].sentence) > 20);
		assert_true(strlen(guard_codes[i].causes) > 20);
		assert_true(strlen(guard_codes[i].fix) > 20);
	}
	assert_int_equal(guard_codes_find("guard-gone"), GUARD_GONE);
	assert_int_equal(guard_codes_find("GUARD"), -1);
	assert_int_equal(guard_codes_find(""), -1);
}

static void
reasons_are_said_one_line_for_each_school_term_and_role(void **state)
{
	static const char *const lines[] = {
		"held: school 300 would be gone: all of its 2 courses, 2"
		" sections, 3 enrollments (GUARD-GONE)\n",
		"held: term t3 would be gone: all of its 2 courses, 2"
		" sections, 3 enrollments (GUARD-GONE)\n",
		"held: 25% of users would be removed or deactivated (1 of 4),"
		" more than 5% (GUARD-REMOVED)\n",
		"held: 50% of courses would be removed (2 of 4), more than"
		" 10% (GUARD-REMOVED)\n",
		"held: 75% of users would be added (3 beside 4), more than"
		" 50% (GUARD-ADDED)\n",
		"held: school 400 would lose 75% of its enrollments (3 of 4),"
		" more than 50% (GUARD-LOST)\n",
		"held: 25% of users that Canvas held on 2026-11-16 would be"
		" removed or deactivated (1 of 4), more than 5%"
		" (GUARD-BASELINE)\n",
	};
	struct judged judged;
	size_t i;
	char *text;

	(void)state;
	make(&judged, GUARD_ENFORCE);
	text = printed(judged.guard);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (strstr(text, lines[i]) == NULL)
			fail_msg("\"%s\" is missing in\n%s", lines[i], text);
	}
	assert_null(strstr(text, "500"));
	assert_non_null(strstr(text, guard_codes[GUARD_GONE].causes));
	assert_non_null(strstr(text, guard_codes[GUARD_LOST].fix));
	assert_null(strstr(text, guard_codes[GUARD_ZERO].causes));
	free(text);
	judged_free(&judged);
}

static void
a_warning_calls_itself_one(void **state)
{
	struct judged judged;
	char *text;

	(void)state;
	make(&judged, GUARD_WARN);
	text = printed(judged.guard);
	assert_int_equal(strncmp(text, "warned: ", 8), 0);
	assert_null(strstr(text, "held: "));
	free(text);
	judged_free(&judged);
}

static void
a_run_that_passed_says_nothing(void **state)
{
	struct guard_settings settings;
	struct judged judged;
	char *text;

	(void)state;
	settings = judged_defaults();
	judged_make(&judged, &settings, &before, &before, NULL, NULL);
	assert_int_equal(judged_judge(&judged), GUARD_PASSED);
	text = printed(judged.guard);
	assert_string_equal(text, "");
	free(text);
	judged_free(&judged);
}

static void
single_reasons_have_sentences_of_their_own(void **state)
{
	static const struct {
		struct guard_limit limit;
		const char *want;
	} cases[] = {
		{ { .code = GUARD_BLACKOUT,
		      .holds = true,
		      .sheet = SHEETS,
		      .id = "2027-06-10..2027-08-15" },
		    "today is in 2027-06-10..2027-08-15, in which every run"
		    " is held" },
		{ { .code = GUARD_GAP,
		      .holds = true,
		      .sheet = SHEETS,
		      .id = "sectionteacher" },
		    "the source did not give sectionteacher, which the"
		    " accepted run had" },
		{ { .code = GUARD_ZERO,
		      .holds = true,
		      .sheet = SHEET_USER,
		      .of = 31204 },
		    "0 users are there today; Canvas holds 31204" },
		{ { .code = GUARD_ADDED,
		      .holds = true,
		      .sheet = SHEET_SECTION,
		      .rows = 30 },
		    "30 sections would be added, where none were" },
		{ { .code = GUARD_CHANGED,
		      .holds = false,
		      .sheet = SHEET_COURSE,
		      .rows = 3,
		      .of = 10,
		      .value = "30%",
		      .limit = "75%" },
		    "30% of courses would be changed (3 of 10), the limit is"
		    " 75%" },
		{ { .code = GUARD_BLANK,
		      .holds = true,
		      .sheet = SHEETS,
		      .id = "students.login",
		      .rows = 400,
		      .of = 1000,
		      .value = "39.5 points",
		      .limit = "5 points" },
		    "blank logins of students grew by 39.5 points, to 400 of"
		    " 1000, more than 5 points" },
		{ { .code = GUARD_ID_FORMAT,
		      .holds = true,
		      .sheet = SHEET_USER,
		      .id = "a9 -> 9",
		      .rows = 90,
		      .of = 100,
		      .value = "98%",
		      .limit = "50%" },
		    "ids of users have another form in 98% of rows"
		    " (a9 -> 9), more than 50%" },
		{ { .code = GUARD_GONE,
		      .holds = true,
		      .sheet = SHEET_SECTION,
		      .scope = GUARD_TERM,
		      .id = "t\x1b[2J\xc2\x9b"
			    "\xff\xc3\xa9",
		      .rows = 1,
		      .of = 1 },
		    "term t?[2J??\xc3\xa9 would be gone: all of its 1"
		    " section" },
	};
	struct judged judged;
	struct buf got = { 0 };
	size_t i;

	(void)state;
	make(&judged, GUARD_ENFORCE);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		got.len = 0;
		guard_report_say(judged.guard, &cases[i].limit, &got);
		assert_string_equal(buf_str(&got), cases[i].want);
	}
	buf_free(&got);
	judged_free(&judged);
}

static size_t
count_lines(const char *text, const char *start)
{
	size_t n;

	for (n = 0; text != NULL && *text != '\0';
	     text = strchr(text, '\n'), text = text == NULL ? NULL : text + 1)
		n += strncmp(text, start, strlen(start)) == 0;
	return n;
}

static void
a_dozen_reasons_are_printed_and_the_rest_counted(void **state)
{
	struct guard_settings settings;
	struct judged_texts texts[2];
	struct buf out[2][3] = { { { 0 } } };
	struct judged judged;
	char *text;
	size_t n, v;

	(void)state;
	for (v = 0; v < 2; v++) {
		buf_adds(&out[v][0], COURSES "0,x,0,\n");
		buf_adds(&out[v][1], SECTIONS "0,0,x\n");
		buf_adds(&out[v][2], ENROLLMENTS "0,S,student,active\n");
	}
	for (n = 10; n < 10 + MANY; n++) {
		buf_printf(&out[0][0], "%zu,x,%zu,\n", n, n);
		buf_printf(&out[0][1], "%zu,%zu,x\n", n, n);
		buf_printf(&out[0][2], "%zu,S,student,active\n", n);
	}
	for (v = 0; v < 2; v++)
		texts[v] = (struct judged_texts){ { [SHEET_COURSE] = buf_str(
							&out[v][0]),
		    [SHEET_SECTION] = buf_str(&out[v][1]),
		    [SHEET_ENROLLMENT] = buf_str(&out[v][2]) } };
	settings = judged_defaults();
	settings.minimum = 1;
	for (n = 0; n < KEEP_SHEETS; n++)
		settings.removed[n] = 100;
	settings.lost = 100;
	judged_make(&judged, &settings, &texts[0], &texts[1], NULL, NULL);
	assert_int_equal(judged_judge(&judged), GUARD_HELD);
	assert_int_equal(guard_reasons(judged.guard), MANY * 3);
	text = printed(judged.guard);
	assert_int_equal(
	    count_lines(text, "held: school "), GUARD_REPORT_LINES);
	assert_non_null(strstr(text, "held: and 18 more in report.html\n"));
	assert_int_equal(count_lines(text, "held: "), GUARD_REPORT_LINES + 1);
	assert_int_equal(count_lines(text, "GUARD-GONE: "), 1);
	free(text);
	judged_free(&judged);
	for (v = 0; v < 2; v++)
		for (n = 0; n < 3; n++)
			buf_free(&out[v][n]);
}

static const struct json *
find(const struct json *list, const char *code, const char *id,
    const char *sheet)
{
	const struct json *item;
	const char *text;

	for (item = json_first(list); item != NULL; item = json_next(item)) {
		text = json_text(json_get(item, "id"));
		if (strcmp(json_text(json_get(item, "code")), code) == 0 &&
		    strcmp(text == NULL ? "" : text, id) == 0 &&
		    strcmp(json_text(json_get(item, "sheet")), sheet) == 0)
			return item;
	}
	return NULL;
}

static void
assert_text(const struct json *object, const char *key, const char *want)
{
	assert_non_null(json_text(json_get(object, key)));
	assert_string_equal(json_text(json_get(object, key)), want);
}

static void
the_manifest_gets_verdict_reasons_limits_and_baseline(void **state)
{
	const struct json_origin origin = { "a.json", 1 << 20, EXIT_SOURCE };
	const struct json *limit, *reason;
	struct json *written, *json;
	struct judged judged;
	struct err err = { 0 };
	uint64_t number;
	char *text;

	(void)state;
	make(&judged, GUARD_ENFORCE);
	written = guard_report_json(judged.guard);
	text = json_print(written);
	json = json_parse(text, strlen(text), &origin, &err);
	assert_non_null(json);
	assert_text(json, "verdict", "held");
	assert_text(json, "mode", "enforce");
	assert_int_equal(json_kind(json_get(json, "first_run")), JSON_YESNO);
	assert_false(json_is_yes(json_get(json, "first_run")));
	assert_text(json_get(json, "baseline"), "run", "20261116T120000Z-0001");
	assert_text(json_get(json, "baseline"), "date", "2026-11-16");
	assert_int_equal(
	    json_count(json_get(json, "reasons")), guard_reasons(judged.guard));
	reason = find(
	    json_get(json, "reasons"), "GUARD-LOST", "400", "enrollments");
	assert_non_null(reason);
	assert_text(reason, "scope", "school");
	assert_text(reason, "value", "75%");
	assert_text(reason, "limit", "50%");
	assert_text(reason, "sentence",
	    "school 400 would lose 75% of its"
	    " enrollments (3 of 4), more than 50%");
	assert_true(json_unsigned(json_get(reason, "rows"), &number));
	assert_int_equal(number, 3);
	assert_true(json_unsigned(json_get(reason, "of"), &number));
	assert_int_equal(number, 4);
	/* What was looked at and is well is there too, */
	limit = find(json_get(json, "limits"), "GUARD-ADDED", "", "courses");
	assert_non_null(limit);
	assert_int_equal(json_kind(json_get(limit, "holds")), JSON_YESNO);
	assert_false(json_is_yes(json_get(limit, "holds")));
	assert_text(limit, "value", "0%");
	limit = find(
	    json_get(json, "limits"), "GUARD-LOST", "400", "enrollments");
	assert_true(json_is_yes(json_get(limit, "holds")));
	/* but for schools that lost nothing. */
	assert_null(
	    find(json_get(json, "limits"), "GUARD-LOST", "500", "enrollments"));
	json_free(json);
	json_free(written);
	free(text);
	judged_free(&judged);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_code_has_its_words_once),
		cmocka_unit_test(
		    reasons_are_said_one_line_for_each_school_term_and_role),
		cmocka_unit_test(a_warning_calls_itself_one),
		cmocka_unit_test(a_run_that_passed_says_nothing),
		cmocka_unit_test(single_reasons_have_sentences_of_their_own),
		cmocka_unit_test(
		    a_dozen_reasons_are_printed_and_the_rest_counted),
		cmocka_unit_test(
		    the_manifest_gets_verdict_reasons_limits_and_baseline),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
