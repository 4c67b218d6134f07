#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "district.h"
#include "canvas/scope.h"
#include "roster/fate.h"

/* Why the row of a table was skipped; "" when it was not. */
static void
assert_reason(
    const struct district *d, enum table_id t, uint32_t row, const char *want)
{
	const struct table *table;

	table = &d->roster->tables[t];
	if (strcmp(fate_of(table, row) == ROW_SKIPPED ?
		    reason_names[table->reasons[row]] :
		    "",
		want) != 0)
		fail_msg("row %u of %s: %s, not %s", row, schema[t].name,
		    reason_names[table->reasons[row]], want);
}

/* Mapping 2 has a list of reasons for each table: the first that fits. */
static const struct {
	enum table_id table;
	const char *file, *header, *row, *reason;
} reasons[] = {
	{ T_SCHOOL, "schools.csv", "school_number,name", "0,District Office",
	    "district-office" },
	{ T_SCHOOL, "schools.csv", "school_number,name",
	    "999999,Graduated Students", "graduated" },
	{ T_SCHOOL, "schools.csv", "school_number,name", "700,Elm",
	    "excluded" },
	{ T_TERM, "terms.csv",
	    "id,schoolid,yearid,name,firstday,"
	    "lastday",
	    "3500,100,35,Y,2025-08-17,2026-06-04", "other-year" },
	{ T_TERM, "terms.csv",
	    "id,schoolid,yearid,name,firstday,"
	    "lastday",
	    "3601,100,36,S1,2026-08-17,2027-01-20", "unused" },
	{ T_TERM, "terms.csv",
	    "id,schoolid,yearid,name,firstday,"
	    "lastday",
	    "3600,700,36,Y,2026-08-17,2027-06-04", "school-out-of-scope" },
	{ T_COURSE, "courses.csv", "course_number,course_name", "ZZ9,Unused",
	    "unused" },
	{ T_SECTION, "sections.csv",
	    "dcid,id,course_number,"
	    "section_number,schoolid,termid",
	    "9002,42,MA1,1,100,3502", "other-year" },
	{ T_SECTION, "sections.csv",
	    "dcid,id,course_number,"
	    "section_number,schoolid,termid",
	    "9002,42,HR1,1,100,3600", "excluded" },
	{ T_SECTION, "sections.csv",
	    "dcid,id,course_number,"
	    "section_number,schoolid,termid",
	    "9002,42,MA1,1,700,3600", "school-out-of-scope" },
	{ T_CC, "cc.csv",
	    "studentid,sectionid,termid,dateenrolled,"
	    "dateleft",
	    "7,999,3501,2025-08-17,2026-06-05", "section-out-of-scope" },
	{ T_CC, "cc.csv",
	    "studentid,sectionid,termid,dateenrolled,"
	    "dateleft",
	    "7,41,3600,2026-08-17,2026-08-17", "zero-day" },
	{ T_STUDENT, "students.csv",
	    "dcid,id,first_name,last_name,"
	    "schoolid,enroll_status",
	    "81,8,A,B,100,2", "no-enrollment" },
	{ T_STUDENT, "students.csv",
	    "dcid,id,first_name,last_name,"
	    "schoolid,enroll_status",
	    "81,8,A,B,100,-1", "pre-registered" },
	{ T_STUDENT, "students.csv",
	    "dcid,id,first_name,last_name,"
	    "schoolid,enroll_status",
	    "81,8,A,B,999999,0", "school-out-of-scope" },
	{ T_SCHOOLSTAFF, "schoolstaff.csv", "id,users_dcid,schoolid", "32,9,0",
	    "district-office" },
	{ T_SCHOOLSTAFF, "schoolstaff.csv", "id,users_dcid,schoolid",
	    "32,9,999999", "graduated" },
	{ T_SCHOOLSTAFF, "schoolstaff.csv", "id,users_dcid,schoolid",
	    "32,9,700", "school-out-of-scope" },
	{ T_SCHOOLSTAFF, "schoolstaff.csv", "id,users_dcid,schoolid",
	    "32,88,100", "no-user" },
	{ T_USER, "users.csv", "dcid,first_name,last_name", "10,A,B",
	    "no-school" },
	{ T_SECTIONTEACHER, "sectionteacher.csv",
	    "sectionid,teacherid,roleid,end_date", "999,31,1,",
	    "section-out-of-scope" },
	{ T_SECTIONTEACHER, "sectionteacher.csv",
	    "sectionid,teacherid,roleid,end_date", "41,31,1,2026-11-22",
	    "ended" },
	{ T_SECTIONTEACHER, "sectionteacher.csv",
	    "sectionid,teacherid,roleid,end_date", "41,31,4,", "role" },
	{ T_SECTIONTEACHER, "sectionteacher.csv",
	    "sectionid,teacherid,roleid,end_date", "41,77,1,", "no-staff" },
};

static void
each_table_has_its_reasons(void **state)
{
	static const char *const settings[] = { "exclude.schools=700",
		"exclude.courses=HR*", NULL };
	struct export changes[] = { { NULL, NULL },
		{ "schools.csv",
		    "school_number,name\n100,Alder\n"
		    "700,Elm\n" },
		{ 0 } };
	struct district d;
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		changes[1].file = reasons[i].table == T_SCHOOL ? NULL :
								 "schools.csv";
		snprintf(text, sizeof(text), "%s\n%s\n", reasons[i].header,
		    reasons[i].row);
		changes[0] = (struct export){ reasons[i].file, text };
		district_make(&d, changes, settings);
		assert_reason(&d, reasons[i].table, 0, reasons[i].reason);
		district_free(&d);
	}
}

static void
a_person_counts_at_home_or_at_the_lowest_school(void **state)
{
	static const struct {
		const char *home, *schools, *want;
	} cases[] = {
		{ "200", "100 200 30", "200" },
		{ "", "200 100 30", "30" },
		{ "999", "200 30 100", "30" },
		{ "100", "30 100", "100" },
		/* No row in scope at home. */
		{ "700", "200 700 30", "30" },
		{ "", "A2 A10 200", "200" },
		{ "A10", "200 A10", "A10" },
	};
	static const char *const settings[] = { "exclude.schools=700", NULL };
	struct export changes[] = { { "users.csv", NULL },
		{ "schoolstaff.csv", NULL },
		{ "schools.csv",
		    "school_number,name\n30,A\n100,B\n200,C\n"
		    "700,D\nA2,E\nA10,F\n" },
		{ 0 } };
	struct buf staff = { 0 };
	struct district d;
	const char *at;
	char users[128];
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(users, sizeof(users),
		    "dcid,first_name,last_name,"
		    "homeschoolid,loginid\n9,Ben,Birch,%s,b\n",
		    cases[i].home);
		staff.len = 0;
		buf_adds(&staff, "id,users_dcid,schoolid,status\n");
		for (at = cases[i].schools; *at != '\0';
		     at += len + (at[len] == ' ')) {
			len = strcspn(at, " ");
			buf_printf(&staff, "%d,9,%.*s,1\n",
			    (int)(at - cases[i].schools) + 31, (int)len, at);
		}
		changes[0].text = users;
		changes[1].text = buf_str(&staff);
		district_make(&d, changes, settings);
		rows_assert_cell(d.roster, T_SCHOOL, SCHOOL_NUMBER,
		    d.map.users.school[0], cases[i].want);
		district_free(&d);
	}
	buf_free(&staff);
}

static void
schools_0_and_999999_are_no_schools_of_the_district(void **state)
{
	struct roster *roster;

	(void)state;
	roster = roster_new();
	assert_true(scope_is_special_school(rows_sym(roster, "0")));
	assert_true(scope_is_special_school(rows_sym(roster, "999999")));
	assert_false(scope_is_special_school(rows_sym(roster, "00")));
	assert_false(scope_is_special_school(rows_sym(roster, "1")));
	assert_false(scope_is_special_school((sym){ 0 }));
	roster_free(roster);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_table_has_its_reasons),
		cmocka_unit_test(
		    a_person_counts_at_home_or_at_the_lowest_school),
		cmocka_unit_test(
		    schools_0_and_999999_are_no_schools_of_the_district),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
