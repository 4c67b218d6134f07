#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "canvas/guard_blank.h"
#include "canvas/guard_scopes.h"
#include "district.h"

/*
 * Two schools. Of four students with enrollments one has no login, one no
 * first name and e-mail, one neither name; of two staff one has no login.
 */
static const struct export gaps[] = {
	{ "schools.csv", "school_number,name\n100,Alder\n200,\n" },
	{ "students.csv",
	    "dcid,id,first_name,last_name,schoolid,"
	    "enroll_status,student_number,student_web_id,email\n"
	    "71,7,Ann,Ash,100,0,70007,aash,ann@example.org\n"
	    "72,8,Bo,Birch,100,0,70008,,bo@example.org\n"
	    "73,9,,Cedar,100,0,70009,ccedar,\n"
	    "74,10,,,100,0,70010,delm,\n" },
	{ "users.csv",
	    "dcid,first_name,last_name,homeschoolid,loginid,"
	    "email_addr\n9,Ben,Birch,100,bbirch,ben@example.org\n"
	    "10,Cleo,Cole,100,,cleo@example.org\n" },
	{ "schoolstaff.csv",
	    "id,users_dcid,schoolid,status\n31,9,100,1\n"
	    "32,10,100,1\n" },
	{ "cc.csv",
	    "id,studentid,sectionid,termid,dateenrolled,dateleft\n"
	    "1,7,41,3600,2026-08-17,2027-06-05\n"
	    "2,8,41,3600,2026-08-17,2027-06-05\n"
	    "3,9,41,3600,2026-08-17,2027-06-05\n"
	    "4,10,41,3600,2026-08-17,2027-06-05\n" },
	{ 0 }
};

static void
blanks_are_counted_of_the_rows_in_scope(void **state)
{
	static const struct {
		enum guard_blank_kind kind;
		uint64_t blank, rows;
	} want[] = {
		{ BLANK_SCHOOL_ID, 0, 2 },
		{ BLANK_SCHOOL_NAME, 1, 2 },
		{ BLANK_TERM_ID, 0, 1 },
		{ BLANK_TERM_NAME, 0, 1 },
		{ BLANK_COURSE_NAME, 0, 1 },
		{ BLANK_SECTION_ID, 0, 1 },
		{ BLANK_SECTION_NAME, 0, 1 },
		{ BLANK_STUDENT_ID, 0, 4 },
		{ BLANK_STUDENT_NAME, 2, 4 },
		{ BLANK_STUDENT_LOGIN, 1, 4 },
		{ BLANK_STAFF_ID, 0, 2 },
		{ BLANK_STAFF_NAME, 0, 2 },
		{ BLANK_STAFF_LOGIN, 1, 2 },
		/* Of those who are sent: two students, one of the staff. */
		{ BLANK_EMAIL, 1, 3 },
	};
	struct guard_blanks blanks;
	struct district d;
	size_t i;

	(void)state;
	assert_int_equal(sizeof(want) / sizeof(want[0]), BLANKS);
	district_make(&d, gaps, NULL);
	blanks = guard_blank_count(d.roster, &d.findings);
	for (i = 0; i < BLANKS; i++) {
		if (blanks.of[want[i].kind].blank != want[i].blank ||
		    blanks.of[want[i].kind].rows != want[i].rows)
			fail_msg("%s: %d of %d are blank, not %d of %d",
			    guard_blank_cells[want[i].kind].name,
			    (int)blanks.of[want[i].kind].blank,
			    (int)blanks.of[want[i].kind].rows,
			    (int)want[i].blank, (int)want[i].rows);
	}
	district_free(&d);
}

static void
blanks_in_the_manifest_are_read_back(void **state)
{
	static const struct {
		const char *from, *to;
		bool taken;
	} cases[] = {
		{ "version", "version", true },
		{ "\"version\": 1", "\"version\": 7", false },
		{ "\"staff.login\"", "\"staff.user\"", false },
		{ "\"blank\": 5", "\"blank\": \"5\"", false },
		{ "\"rows\": 106", "\"rows\": -1", false },
		{ "\"rows\": 106", "\"rows\": 1.5", false },
	};
	const struct json_origin origin = { "a.json", 1 << 20, EXIT_SOURCE };
	struct guard_blanks blanks, back;
	struct json *member, *read;
	struct buf edited = { 0 };
	char *text, *at;
	size_t i;

	(void)state;
	for (i = 0; i < BLANKS; i++) {
		blanks.of[i].blank = i;
		blanks.of[i].rows = 100 + i;
	}
	member = guard_blank_json(&blanks);
	text = json_print(member);
	assert_false(guard_blank_read(&back, NULL));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		at = strstr(text, cases[i].from);
		assert_non_null(at);
		edited.len = 0;
		buf_add(&edited, text, (size_t)(at - text));
		buf_adds(&edited, cases[i].to);
		buf_adds(&edited, at + strlen(cases[i].from));
		read = json_parse(edited.data, edited.len, &origin, &err);
		assert_non_null(read);
		assert_int_equal(guard_blank_read(&back, read), cases[i].taken);
		if (cases[i].taken)
			assert_memory_equal(&back, &blanks, sizeof(back));
		json_free(read);
	}
	buf_free(&edited);
	free(text);
	json_free(member);
}

/*
 * Canvas holds this year's term, one of last year, and one of this year that
 * the export lacks: only the past one is let go.
 */
static void
only_terms_that_the_source_no_longer_covers_are_let_go(void **state)
{
	static const char *const texts[KEEP_SHEETS] = {
		[SHEET_ACCOUNT] = "account_id,parent_account_id,name,status\n"
				  "100,,Alder,active\n",
		[SHEET_TERM] = "term_id,name,status,start_date,end_date\n"
			       "100-3500,Y,active,2025-08-18T07:00:00Z,"
			       "2026-06-06T06:59:59Z\n"
			       "100-3600,Y,active,2026-08-17T07:00:00Z,"
			       "2027-06-05T06:59:59Z\n"
			       "100-3601,S,active,2026-08-17T07:00:00Z,"
			       "2026-12-19T07:59:59Z\n",
		[SHEET_COURSE] = "course_id,short_name,account_id,term_id\n"
				 "old,x,100,100-3500\nsec-9001,x,100,100-3600\n"
				 "gone,x,100,100-3601\n",
	};
	struct keep_source source = { 0 };
	struct diff_file files[KEEP_SHEETS];
	struct idmap let_go = { 0 };
	struct err err = { 0 };
	struct district d;
	struct keep *keep;
	size_t i;

	(void)state;
	district_make(&d, NULL, NULL);
	for (i = 0; i < KEEP_SHEETS; i++) {
		if (texts[i] == NULL)
			continue;
		files[i] = (struct diff_file){ sheets[i].file, texts[i],
			strlen(texts[i]), false };
		source.sheets[i] = (struct diff_input){ &files[i], 1 };
	}
	keep = keep_make(&d.map, &source, &err);
	assert_non_null(keep);
	assert_int_equal(guard_scopes_let_go(&let_go, d.roster->intern, keep,
			     &source.sheets[SHEET_TERM], &err),
	    0);
	assert_int_equal(let_go.count, 1);
	assert_true(
	    idmap_get(&let_go, rows_sym(d.roster, "100-3500").id, NULL));
	idmap_free(&let_go);
	keep_free(keep);
	district_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_are_counted_of_the_rows_in_scope),
		cmocka_unit_test(blanks_in_the_manifest_are_read_back),
		cmocka_unit_test(
		    only_terms_that_the_source_no_longer_covers_are_let_go),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
