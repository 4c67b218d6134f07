#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "district.h"
#include "canvas/check.h"
#include "roster/fate.h"

/* Notes an id and a name of n times a letter. */
static struct check_words
words_of(const char *letter, size_t n, bool filled)
{
	struct check_words words = { 0 };
	struct buf text = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		buf_adds(&text, letter);
	check_id(&words, OUT_USER_ID, filled, &text);
	check_name(&words, OUT_NAME, &text);
	buf_free(&text);
	return words;
}

static void
an_id_or_a_name_has_1_to_255_characters(void **state)
{
	static const struct {
		const char *letter;
		size_t n;
		bool filled;
		bool blank_id, long_id, blank_name, long_name;
	} cases[] = {
		{ "a", 0, true, true, false, true, false },
		{ "a", 1, true, false, false, false, false },
		{ "a", 255, true, false, false, false, false },
		{ "a", 256, true, false, true, false, true },
		/* Characters, not bytes. */
		{ "\xc3\xa9", 255, true, false, false, false, false },
		{ "\xc3\xa9", 256, true, false, true, false, true },
		{ "\xf0\x9f\x98\x80", 255, true, false, false, false, false },
		/* An id is blank when any field of its template is. */
		{ "a", 1, false, true, false, false, false },
		{ "a", 256, false, true, false, false, true },
	};
	struct check_words words;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		words = words_of(cases[i].letter, cases[i].n, cases[i].filled);
		assert_int_equal(
		    words.blank_ids, cases[i].blank_id ? 1U << OUT_USER_ID : 0);
		assert_int_equal(
		    words.long_ids, cases[i].long_id ? 1U << OUT_USER_ID : 0);
		assert_int_equal(words.blank_names,
		    cases[i].blank_name ? 1U << OUT_NAME : 0);
		assert_int_equal(
		    words.long_names, cases[i].long_name ? 1U << OUT_NAME : 0);
	}
}

static void
every_row_of_a_repeated_id_is_told_and_blank_ones_never(void **state)
{
	static const struct {
		const char *ids, *want; /* a letter each, - is blank */
	} cases[] = {
		{ "", "" },
		{ "a", "." },
		{ "ab", ".." },
		{ "aa", "xx" },
		{ "aba", "x.x" },
		{ "abab", "xxxx" },
		{ "aaa", "xxx" },
		{ "--", ".." },
		{ "-a-a", ".x.x" },
	};
	struct roster *roster;
	bool *repeated;
	char letter[2] = "";
	size_t i, j, n;
	sym ids[8];

	(void)state;
	roster = roster_new();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = strlen(cases[i].ids);
		for (j = 0; j < n; j++) {
			letter[0] = cases[i].ids[j];
			ids[j] = letter[0] == '-' ? (sym){ 0 } :
						    rows_sym(roster, letter);
		}
		repeated = check_repeated(ids, n);
		for (j = 0; j < n; j++)
			assert_int_equal(repeated[j], cases[i].want[j] == 'x');
		free(repeated);
	}
	roster_free(roster);
}

/* Each row that stands on a held school is held, and told once. */
static void
a_held_row_holds_all_that_stands_on_it(void **state)
{
	static const struct export changes[] = {
		{ "schools.csv",
		    "school_number,name\n100,Alder\n"
		    "100,Other\n" },
		{ 0 }
	};
	static const enum table_id tables[] = { T_TERM, T_SECTION, T_STUDENT,
		T_SCHOOLSTAFF, T_CC, T_SECTIONTEACHER };
	struct district d;
	size_t i;

	(void)state;
	district_make(&d, changes, NULL);
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		assert_int_equal(
		    fate_of(&d.roster->tables[tables[i]], 0), ROW_HELD);
		assert_int_equal(
		    district_findings(&d, tables[i], RULE_HELD_PARENT), 1);
	}
	district_assert_rows(&d, "enrollments.csv", "");
	district_assert_rows(&d, "accounts.csv", "");
	district_free(&d);
}

static void
ids_that_two_rows_share_hold_both(void **state)
{
	static const struct export changes[] = {
		{ "students.csv",
		    "dcid,id,first_name,last_name,schoolid,"
		    "enroll_status,student_web_id\n71,7,A,Ash,100,0,a\n"
		    "71,8,B,Birch,100,0,b\n91,9,C,Cedar,100,0,c\n" },
		{ 0 }
	};
	struct district d;

	(void)state;
	district_make(&d, changes, NULL);
	assert_int_equal(
	    district_findings(&d, T_STUDENT, RULE_ID_DUPLICATE), 2);
	district_assert_rows(&d, "users.csv",
	    "S91,c,C,Cedar,,active\n"
	    "T9,bbirch,Ben,Birch,ben@example.org,active\n");
	district_free(&d);
}

/* A staff member and a student may have one id as little as two students. */
static void
people_share_no_id_across_students_and_staff(void **state)
{
	static const char *const settings[] = { "ids.student={student.id}",
		"ids.staff={user.dcid}", NULL };
	static const struct export changes[] = {
		{ "students.csv",
		    "dcid,id,first_name,last_name,schoolid,"
		    "enroll_status,student_web_id\n71,9,A,Ash,100,0,a\n" },
		{ 0 }
	};
	struct district d;

	(void)state;
	district_make(&d, changes, settings);
	assert_int_equal(
	    district_findings(&d, T_STUDENT, RULE_ID_DUPLICATE), 1);
	assert_int_equal(district_findings(&d, T_USER, RULE_ID_DUPLICATE), 1);
	district_assert_rows(&d, "users.csv", "");
	district_free(&d);
}

/* Logins in the order of rows: who keeps the one that all of them have. */
static void
one_active_person_keeps_a_login_from_leavers(void **state)
{
	static const struct {
		const char *students, *want;
	} cases[] = {
		/* 8 and 9 have left, but are in the section. */
		{ "71,7,A,A,100,0,Same\n81,8,B,B,100,2,same\n",
		    "S71,Same,A,A,,active\n" },
		{ "81,8,B,B,100,2,same\n91,9,C,C,100,3,SAME\n"
		  "71,7,A,A,100,0,same\n",
		    "S71,same,A,A,,active\n" },
		{ "81,8,B,B,100,2,same\n91,9,C,C,100,2,same\n", "" },
		{ "71,7,A,A,100,0,\u00c9\n81,8,B,B,100,0,\u00e9\n", "" },
		{ "71,7,A,A,100,0,a\n81,8,B,B,100,0,b\n",
		    "S71,a,A,A,,active\nS81,b,B,B,,active\n" },
	};
	struct export changes[] = { { "students.csv", NULL },
		{ "users.csv",
		    "dcid,first_name,last_name,loginid\n"
		    "9,Ben,Birch,\n" },
		{ "cc.csv",
		    "studentid,sectionid,dateenrolled,dateleft\n"
		    "7,41,2026-08-17,2027-06-05\n8,41,2026-08-17,2027-06-05\n"
		    "9,41,2026-08-17,2027-06-05\n" },
		{ 0 } };
	struct district d;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(text,
		    "dcid,id,first_name,last_name,schoolid,"
		    "enroll_status,student_web_id\n");
		strcat(text, cases[i].students);
		changes[0].text = text;
		district_make(&d, changes, NULL);
		district_assert_rows(&d, "users.csv", cases[i].want);
		district_free(&d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_or_a_name_has_1_to_255_characters),
		cmocka_unit_test(
		    every_row_of_a_repeated_id_is_told_and_blank_ones_never),
		cmocka_unit_test(a_held_row_holds_all_that_stands_on_it),
		cmocka_unit_test(ids_that_two_rows_share_hold_both),
		cmocka_unit_test(people_share_no_id_across_students_and_staff),
		cmocka_unit_test(one_active_person_keeps_a_login_from_leavers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
