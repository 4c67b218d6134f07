#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "district.h"
#include "canvas/enroll.h"
#include "roster/fate.h"

#define CC "id,studentid,sectionid,dateenrolled,dateleft\n"
#define TEACHERS "id,sectionid,teacherid,roleid,start_date,end_date\n"

/* What of each row of a table becomes: U used, M merged, H held, S skipped. */
static void
assert_fates(const struct district *d, enum table_id t, const char *want,
    const char *what)
{
	char got[32];
	size_t row;

	for (row = 0; row < d->roster->tables[t].nrows; row++)
		got[row] = "UMHS"[d->roster->tables[t].states[row]];
	got[row] = '\0';
	if (strcmp(got, want) != 0)
		fail_msg("%s gives %s", what, got);
}

/*
 * Today is 2026-11-23; the term runs from 2026-08-17 to 2027-06-04. Rows of
 * the student 7 in the section 41.
 */
static const struct {
	const char *rows, *fates, *want;
} stays[] = {
	/* Past, running, future; dateleft is the first day not in class. */
	{ "1,7,41,2026-08-17,2027-06-05\n", "U",
	    "sec-9001,S71,student,active\n" },
	{ "1,7,41,2026-11-23,2026-11-24\n", "U",
	    "sec-9001,S71,student,active\n" },
	{ "1,7,41,2026-11-24,2026-11-25\n", "U",
	    "sec-9001,S71,student,active\n" },
	{ "1,7,41,2026-08-17,2026-11-23\n", "S", "" },
	{ "1,7,41,2026-08-17,2026-08-17\n", "S", "" },
	{ "1,7,41,2026-08-17,2026-08-01\n", "S", "" },
	/* The running row is chosen, wherever it stands. */
	{ "1,7,41,2026-08-17,2026-09-01\n2,7,41,2026-10-01,2027-06-05\n", "MU",
	    "sec-9001,S71,student,active\n" },
	{ "1,7,41,2026-10-01,2027-06-05\n2,7,41,2027-01-05,2027-06-05\n", "UM",
	    "sec-9001,S71,student,active\n" },
	{ "1,7,41,2027-03-01,2027-06-05\n2,7,41,2027-01-05,2027-02-05\n", "MU",
	    "sec-9001,S71,student,active\n" },
	/* Else the past one that ended last decides. */
	{ "1,7,41,2026-08-17,2026-09-01\n2,7,41,2026-09-10,2026-10-01\n", "MS",
	    "" },
	{ "1,7,41,2026-08-17,2026-10-01\n2,7,41,2026-08-20,2026-09-01\n", "SM",
	    "" },
	/* A held row holds the pair, whatever its other rows say. */
	{ "1,7,41,2026-08-17,2027-06-05\n2,7,41,soon,2027-06-05\n", "HH", "" },
	{ "1,7,41,,2027-06-05\n", "H", "" },
	/* The minus sign alone decides nothing. */
	{ "1,7,-41,2026-08-17,2027-06-05\n", "U",
	    "sec-9001,S71,student,active\n" },
};

static void
a_students_rows_of_a_section_become_one_enrollment(void **state)
{
	struct export changes[] = { { "cc.csv", NULL },
		{ "sectionteacher.csv", TEACHERS },
		{ "sections.csv",
		    "dcid,id,course_number,section_number,schoolid,termid\n"
		    "9001,41,MA1,1,100,3600\n" },
		{ 0 } };
	struct district d;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(stays) / sizeof(stays[0]); i++) {
		strcpy(text, CC);
		strcat(text, stays[i].rows);
		changes[0].text = text;
		district_make(&d, changes, NULL);
		assert_fates(&d, T_CC, stays[i].fates, stays[i].rows);
		district_assert_rows(&d, "enrollments.csv", stays[i].want);
		district_free(&d);
	}
}

/* A section whose term is over, seen with each of the settings. */
static void
how_a_stay_ended_is_a_matter_of_the_settings(void **state)
{
	static const struct export changes[] = {
		{ "terms.csv",
		    "id,schoolid,yearid,name,firstday,lastday\n"
		    "3600,100,36,Summer,2026-08-01,2026-10-30\n" },
		{ "students.csv",
		    "dcid,id,first_name,last_name,schoolid,"
		    "enroll_status,student_web_id\n71,7,A,Ash,100,0,a\n"
		    "81,8,C,Cedar,100,0,c\n" },
		/* 7 stayed to the end, 8 left on the last day. */
		{ "cc.csv",
		    CC "1,7,41,2026-08-01,2026-10-31\n"
		       "2,8,41,2026-08-01,2026-10-30\n" },
		{ 0 }
	};
	static const struct {
		const char *settings[3], *want;
	} cases[] = {
		{ { NULL },
		    "sec-9001,S71,student,completed\n"
		    "sec-9001,T9,teacher,active\n" },
		{ { "enrollments.ended=deleted", NULL },
		    "sec-9001,T9,teacher,active\n" },
		{ { "enrollments.dropped=inactive", NULL },
		    "sec-9001,S71,student,completed\n"
		    "sec-9001,S81,student,inactive\n"
		    "sec-9001,T9,teacher,active\n" },
		{ { "enrollments.dropped=deleted_last_completed",
		      "enrollments.ended=inactive", NULL },
		    "sec-9001,S71,student,inactive\n"
		    "sec-9001,S81,student,deleted_last_completed\n"
		    "sec-9001,T9,teacher,active\n" },
	};
	struct district d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		district_make(&d, changes, cases[i].settings);
		district_assert_rows(&d, "enrollments.csv", cases[i].want);
		district_free(&d);
	}
}

/* Two people: 9 (schoolstaff 31) is the section's lead, 10 (32) is not. */
static const struct {
	const char *rows, *fates, *want;
	size_t no_teacher;
} teachers[] = {
	{ "1,41,31,1,,\n", "U", "sec-9001,T9,teacher,active\n", 0 },
	{ "1,41,31,1,,\n2,41,32,3,,\n", "UU",
	    "sec-9001,T10,ta,active\n"
	    "sec-9001,T9,teacher,active\n",
	    0 },
	{ "1,41,31,2,,\n", "U", "sec-9001,T9,teacher,active\n", 0 },
	/* An end date still holds on its day; a later start counts too. */
	{ "1,41,31,1,,2026-11-23\n", "U", "sec-9001,T9,teacher,active\n", 0 },
	{ "1,41,31,1,2027-01-01,\n", "U", "sec-9001,T9,teacher,active\n", 0 },
	/* The highest role of a person wins, wherever it stands. */
	{ "1,41,31,3,,\n2,41,31,1,,\n", "MU", "sec-9001,T9,teacher,active\n",
	    0 },
	{ "1,41,31,1,,\n2,41,31,3,,\n", "UM", "sec-9001,T9,teacher,active\n",
	    0 },
	/* Without any row that counts, sections.teacher stands in. */
	{ "", "", "sec-9001,T9,teacher,active\n", 0 },
	{ "1,41,31,1,,2026-11-22\n", "S", "sec-9001,T9,teacher,active\n", 0 },
	{ "1,41,32,4,,\n", "S", "sec-9001,T9,teacher,active\n", 0 },
	{ "1,41,99,1,,\n", "S", "sec-9001,T9,teacher,active\n", 0 },
	/* With one that counts it does not, though nobody teaches then. */
	{ "1,41,32,3,,\n", "U", "sec-9001,T10,ta,active\n", 1 },
	/* A roleid that roledef lacks is a co-teacher's. */
	{ "1,41,32,77,,\n", "U", "sec-9001,T10,teacher,active\n", 0 },
	{ "1,41,32,,,\n", "U", "sec-9001,T10,teacher,active\n", 0 },
};

static void
a_persons_rows_of_a_section_become_one_enrollment(void **state)
{
	struct export changes[] = { { "sectionteacher.csv", NULL },
		{ "cc.csv", CC },
		{ "users.csv",
		    "dcid,first_name,last_name,loginid\n"
		    "9,Ben,Birch,b\n10,Di,Dogwood,d\n" },
		{ "schoolstaff.csv",
		    "id,users_dcid,schoolid,status\n"
		    "31,9,100,1\n32,10,100,1\n" },
		{ 0 } };
	struct district d;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(teachers) / sizeof(teachers[0]); i++) {
		strcpy(text, TEACHERS);
		strcat(text, teachers[i].rows);
		changes[0].text = text;
		district_make(&d, changes, NULL);
		assert_fates(
		    &d, T_SECTIONTEACHER, teachers[i].fates, teachers[i].rows);
		district_assert_rows(&d, "enrollments.csv", teachers[i].want);
		assert_int_equal(
		    district_findings(&d, T_SECTION, RULE_SECTION_NO_TEACHER),
		    teachers[i].no_teacher);
		district_free(&d);
	}
}

/* With enrollments.dates; a blank one stays blank. */
static void
dates_are_those_of_the_row_that_counts(void **state)
{
	static const char *const settings[] = { "enrollments.dates=yes", NULL };
	static const struct {
		const char *rows, *want;
	} cases[] = {
		{ "1,41,31,3,2026-08-17,2026-12-31\n"
		  "2,41,31,1,2026-09-01,2027-03-14\n",
		    "2026-09-01T07:00:00Z,2027-03-15T06:59:59Z" },
		{ "2,41,31,1,2026-09-01,2027-03-14\n"
		  "1,41,31,3,2026-08-17,2026-12-31\n",
		    "2026-09-01T07:00:00Z,2027-03-15T06:59:59Z" },
		/* Of one role: whatever the order of the rows. */
		{ "1,41,31,1,2026-08-17,2026-12-31\n"
		  "2,41,31,2,2026-09-01,2027-03-14\n",
		    "2026-08-17T07:00:00Z,2027-01-01T07:59:59Z" },
		{ "2,41,31,2,2026-09-01,2027-03-14\n"
		  "1,41,31,1,2026-08-17,2026-12-31\n",
		    "2026-08-17T07:00:00Z,2027-01-01T07:59:59Z" },
		{ "1,41,31,1,2026-08-17,\n2,41,31,1,2026-08-17,2027-01-31\n",
		    "2026-08-17T07:00:00Z," },
		{ "2,41,31,1,2026-08-17,2027-01-31\n1,41,31,1,2026-08-17,\n",
		    "2026-08-17T07:00:00Z," },
		{ "1,41,31,1,,2026-12-31\n", ",2027-01-01T07:59:59Z" },
	};
	struct export changes[] = { { "sectionteacher.csv", NULL },
		{ "cc.csv",
		    CC "1,7,41,2026-08-17,2026-09-01\n"
		       "2,7,41,2026-11-01,2027-06-05\n" },
		{ 0 } };
	struct district d;
	char text[256], want[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(text, TEACHERS);
		strcat(text, cases[i].rows);
		changes[0].text = text;
		district_make(&d, changes, settings);
		strcpy(want,
		    "sec-9001,S71,student,active,"
		    "2026-11-01T07:00:00Z,2027-06-05T06:59:59Z\n"
		    "sec-9001,T9,teacher,active,");
		strcat(want, cases[i].want);
		strcat(want, "\n");
		district_assert_rows(&d, "enrollments.csv", want);
		district_free(&d);
	}
}

/* A role that nobody can be sure of gives no higher role than it should. */
static void
a_held_role_is_as_if_it_were_missing(void **state)
{
	static const struct export changes[] = {
		{ "roledef.csv",
		    "id,name\n3,Teacher's Aide\n"
		    "3,Class Observer\n" },
		{ "sectionteacher.csv", TEACHERS "1,41,31,3,,\n" }, { 0 }
	};
	struct district d;

	(void)state;
	district_make(&d, changes, NULL);
	assert_int_equal(
	    district_findings(&d, T_ROLEDEF, RULE_SRC_DUPLICATE), 2);
	district_assert_rows(&d, "enrollments.csv",
	    "sec-9001,S71,student,active\nsec-9001,T9,teacher,active\n");
	district_free(&d);
}

/* In a schedule of the older set the minus sign means that it was dropped. */
static void
a_schedules_rows_run_with_the_term(void **state)
{
	static const struct export changes[] = { { "cc.csv", CC },
		{ "students.csv",
		    "dcid,id,first_name,last_name,schoolid,"
		    "enroll_status,student_web_id\n71,7,A,Ash,100,0,a\n"
		    "81,8,C,Cedar,100,0,c\n" },
		{ "student_schedules.csv",
		    "studentid,sectionid\n7,41\n"
		    "8,-41\n" },
		{ 0 } };
	static const char *const settings[] = { "enrollments.dropped=inactive",
		NULL };
	struct district d;

	(void)state;
	district_make(&d, changes, settings);
	district_assert_rows(&d, "enrollments.csv",
	    "sec-9001,S71,student,active\nsec-9001,S81,student,inactive\n"
	    "sec-9001,T9,teacher,active\n");
	district_free(&d);
}

/* More rows than are sorted by hand, in the worst order. */
static void
a_section_may_have_many_rows(void **state)
{
	struct export changes[] = { { "students.csv", NULL },
		{ "cc.csv", NULL }, { 0 } };
	struct buf students = { 0 }, cc = { 0 };
	struct enrollment *list;
	struct district d;
	size_t n, cap;
	int i;

	(void)state;
	buf_adds(&students,
	    "dcid,id,first_name,last_name,schoolid,"
	    "enroll_status,student_web_id\n");
	buf_adds(&cc, CC);
	for (i = 200; i > 0; i--) {
		buf_printf(&students, "%d,%d,A,B,100,0,u%d\n", 200 - i + 1,
		    200 - i + 1, i);
		buf_printf(&cc,
		    "%d,%d,41,2026-08-17,2026-09-01\n"
		    "%d,%d,41,2026-10-01,2027-06-05\n",
		    i, i, 1000 + i, i);
	}
	changes[0].text = buf_str(&students);
	changes[1].text = buf_str(&cc);
	district_make(&d, changes, NULL);
	list = NULL;
	cap = 0;
	n = enroll_of_section(&d.map, 0, &list, &cap);
	assert_int_equal(n, 201);
	assert_int_equal(fate_counted(&d.roster->tables[T_CC]).merged, 200);
	for (i = 0; i < 200; i++)
		assert_int_equal(list[i].status, ENROLLMENT_ACTIVE);
	free(list);
	district_free(&d);
	buf_free(&students);
	buf_free(&cc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_students_rows_of_a_section_become_one_enrollment),
		cmocka_unit_test(how_a_stay_ended_is_a_matter_of_the_settings),
		cmocka_unit_test(
		    a_persons_rows_of_a_section_become_one_enrollment),
		cmocka_unit_test(dates_are_those_of_the_row_that_counts),
		cmocka_unit_test(a_held_role_is_as_if_it_were_missing),
		cmocka_unit_test(a_schedules_rows_run_with_the_term),
		cmocka_unit_test(a_section_may_have_many_rows),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
