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
#include "made_zip.h"
#include "roster/fate.h"
#include "roster/roster.h"
#include "roster/seal.h"
#include "source/oneroster.h"
#include "source/oneroster_tables.h"

/* A set of one school, one class, one teacher and one student. */
static const struct made smallest[] = {
	[OR_MANIFEST] = { "manifest.csv",
	    "propertyName,value\noneroster.version,1.1\nfile.orgs,bulk\n"
	    "file.academicSessions,bulk\nfile.courses,bulk\n"
	    "file.classes,bulk\nfile.users,bulk\nfile.enrollments,bulk\n",
	    0, NULL },
	[OR_ORG] = { "orgs.csv",
	    "sourcedId,name,type,identifier\nn,North,school,10\n"
	    "d,District,district,D\n",
	    0, NULL },
	[OR_SESSION] = { "academicSessions.csv",
	    "sourcedId,title,startDate,endDate,schoolYear\n"
	    "y,Year,2026-08-26,2027-06-11,2027\n",
	    0, NULL },
	[OR_COURSE] = { "courses.csv",
	    "sourcedId,title,courseCode\nc,Algebra,ALG\n", 0, NULL },
	[OR_CLASS] = { "classes.csv",
	    "sourcedId,title,courseSourcedId,classCode,schoolSourcedId,"
	    "termSourcedIds\nk,Algebra 1,c,1,n,y\n",
	    0, NULL },
	[OR_USER] = { "users.csv",
	    "sourcedId,orgSourcedIds,role,givenName,familyName\n"
	    "t,n,teacher,Tea,Cher\ns,n,student,Stu,Dent\n",
	    0, NULL },
	[OR_ENROLLMENT] = { "enrollments.csv",
	    "sourcedId,classSourcedId,userSourcedId,role,primary,beginDate,"
	    "endDate\ne1,k,t,teacher,true,,\ne2,k,s,student,,,\n",
	    0, NULL },
	[OR_TABLES] = { NULL, NULL, 0, NULL },
};

/* What reading a set gave. */
struct pulled {
	struct roster *roster;
	struct source_report report;
	struct err err;
	int rc;
};

static struct pulled
pull(const char *place)
{
	const struct source_options options = { .encoding = "auto", .jobs = 1 };
	struct pulled pulled = { 0 };

	pulled.roster = roster_new();
	pulled.rc = oneroster_pull(
	    place, &options, pulled.roster, &pulled.report, &pulled.err);
	return pulled;
}

static void
pulled_free(struct pulled *pulled)
{
	roster_free(pulled->roster);
	source_report_free(&pulled->report);
}

/* Reads the smallest set with some files replaced, by enum table. */
static struct pulled
pull_with(void **state, const char *const replaced[OR_TABLES])
{
	size_t t;

	for (t = 0; t < OR_TABLES; t++)
		made_file(*state, smallest[t].name,
		    replaced[t] == NULL ? smallest[t].text : replaced[t]);
	return pull(*state);
}

/* "cell,cell;" of the fields of every row, -1 ends the fields. */
static char *
rows_of(const struct pulled *pulled, enum table_id t, const int *fields)
{
	struct buf out = { 0 };
	char digits[SYM_DIGITS], date[DATE_TEXT_SIZE];
	const struct table *table;
	struct str text;
	uint32_t row;
	size_t i;

	if (pulled->rc != 0)
		fail_msg("%s", pulled->err.msg);
	table = &pulled->roster->tables[t];
	for (row = 0; row < table->nrows; row++) {
		for (i = 0; fields[i] >= 0; i++) {
			if (i > 0)
				buf_addc(&out, ',');
			if (schema[t].fields[fields[i]].type == FIELD_DATE) {
				date_format(
				    table_date(table, (unsigned)fields[i], row),
				    date);
				buf_adds(&out, date);
				continue;
			}
			text = intern_text(pulled->roster->intern,
			    table_sym(table, (unsigned)fields[i], row), digits);
			buf_add(&out, text.bytes, text.len);
		}
		buf_addc(&out, ';');
	}
	buf_str(&out);
	return out.data;
}

static void
holds(const struct pulled *pulled, enum table_id t, const int *fields,
    const char *want)
{
	char *got;

	got = rows_of(pulled, t, fields);
	assert_string_equal(got, want);
	free(got);
}

static const int section_fields[] = { SECTION_ID, SECTION_COURSE_NUMBER,
	SECTION_NUMBER, SECTION_SCHOOLID, SECTION_TERMID, SECTION_TEACHER, -1 };
static const int cc_fields[] = { CC_STUDENTID, CC_SECTIONID, CC_DATEENROLLED,
	CC_DATELEFT, -1 };
static const int teacher_fields[] = { SECTIONTEACHER_TEACHERID,
	SECTIONTEACHER_ROLEID, SECTIONTEACHER_END_DATE, -1 };
static const int staff_fields[] = { SCHOOLSTAFF_ID, SCHOOLSTAFF_USERS_DCID,
	SCHOOLSTAFF_SCHOOLID, SCHOOLSTAFF_STATUS, -1 };

static void
the_smallest_set_fills_every_table(void **state)
{
	static const int term_fields[] = { TERM_ID, TERM_SCHOOLID, TERM_YEARID,
		TERM_NAME, TERM_FIRSTDAY, TERM_LASTDAY, -1 };
	static const char *const as_it_is[OR_TABLES] = { 0 };
	struct pulled pulled;
	uint32_t line;

	pulled = pull_with(state, as_it_is);
	holds(&pulled, T_TERM, term_fields,
	    "y,10,36,Year,2026-08-26,2027-06-10;");
	holds(&pulled, T_SECTION, section_fields, "k,ALG,1,10,y,t/n;");
	holds(&pulled, T_SCHOOLSTAFF, staff_fields, "t/n,t,10,1;");
	holds(&pulled, T_CC, cc_fields, "s,k,2026-08-26,2027-06-11;");
	holds(&pulled, T_SECTIONTEACHER, teacher_fields, "t/n,lead,;");
	assert_string_equal(roster_place(pulled.roster, T_CC, 0, &line)->name,
	    "enrollments.csv");
	assert_int_equal(line, 3);
	assert_string_equal(
	    roster_place(pulled.roster, T_SCHOOLSTAFF, 0, &line)->name,
	    "users.csv");
	assert_int_equal(line, 2);
	pulled_free(&pulled);
}

/* A sourcedId that is in no file must not be found by its looks. */
static void
a_sourcedid_is_never_taken_for_a_number(void **state)
{
	static const char *const replaced[OR_TABLES] = {
		[OR_CLASS] = "sourcedId,title,courseSourcedId,classCode,"
			     "schoolSourcedId,termSourcedIds\n"
			     "k,A,ALG,1,10,y\n"
			     "l,B,NONE,2,none,y\n"
			     "m,C,,3,,\n"
			     "o,D,c,,d,y\n",
	};
	struct pulled pulled;

	pulled = pull_with(state, replaced);
	holds(&pulled, T_SECTION, section_fields,
	    "k,sourcedId ALG,1,sourcedId 10,y,t/n;l,NONE,2,none,y,;"
	    "m,,3,,,;o,ALG,D,0,y,;");
	pulled_free(&pulled);
}

static void
the_lead_is_primary_then_who_stays_then_who_came_last(void **state)
{
	static const struct {
		const char *rows, *lead;
	} cases[] = {
		{ "k,a,teacher,,,\nk,b,teacher,true,,\n", "b" },
		{ "k,b,teacher,,,\nk,a,teacher,,,\n", "a" },
		{ "k,a,teacher,true,,2026-10-01\nk,b,teacher,true,,\n", "b" },
		{ "k,a,teacher,,,2026-10-01\nk,b,teacher,,,2026-11-01\n", "b" },
		{ "k,a,teacher,,2026-08-26,\nk,b,teacher,,2026-10-01,\n", "b" },
		{ "k,a,aide,true,,\nk,b,teacher,false,,\n", "b" },
	};
	const char *replaced[OR_TABLES] = { 0 };
	static const int lead[] = { SECTION_TEACHER, -1 };
	struct pulled pulled;
	char *text, *want;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = mem_printf("classSourcedId,userSourcedId,role,primary,"
				  "beginDate,endDate\n%sk,s,student,,,\n",
		    cases[i].rows);
		replaced[OR_ENROLLMENT] = text;
		replaced[OR_USER] =
		    "sourcedId,orgSourcedIds,role,givenName,familyName\n"
		    "a,n,teacher,A,A\nb,n,teacher,B,B\ns,n,student,S,S\n";
		pulled = pull_with(state, replaced);
		want = mem_printf("%s/n;", cases[i].lead);
		holds(&pulled, T_SECTION, lead, want);
		pulled_free(&pulled);
		free(want);
		free(text);
	}
}

static void
roles_are_those_of_roledef_by_role_and_primary(void **state)
{
	static const char *const replaced[OR_TABLES] = {
		[OR_CLASS] = "sourcedId,courseSourcedId,schoolSourcedId,"
			     "termSourcedIds\nk,c,n,y\nl,c,n,y\n",
		[OR_ENROLLMENT] =
		    "classSourcedId,userSourcedId,role,primary,endDate\n"
		    "k,t,teacher,True,2026-12-01\nk,u,TEACHER,false,\n"
		    "k,u,aide,,\nk,t,substitute,,\nl,t,teacher,,\n"
		    "l,u,teacher,false,\nk,t,,,\nk,s,guardian,,\n"
		    "zz,t,teacher,,\nk,s,student,,\n",
		[OR_USER] = "sourcedId,orgSourcedIds,role,givenName,"
			    "familyName,status\n"
			    "t,n,teacher,T,T,\nu,\"d, n\",proctor,U,U,\n"
			    "v,n,teacher,V,V,toBeDeleted\n"
			    "s,\"d,n\",student,S,S,active\n",
	};
	static const int roledef_fields[] = { ROLEDEF_ID, ROLEDEF_NAME, -1 };
	static const int student_fields[] = { STUDENT_ID, STUDENT_SCHOOLID,
		STUDENT_ENROLL_STATUS, -1 };
	struct pulled pulled;

	pulled = pull_with(state, replaced);
	/* One in a class that is in no file is skipped for that. */
	holds(&pulled, T_SECTIONTEACHER, teacher_fields,
	    "t/n,lead,2026-11-30;u/n,coteacher,;u/n,aide,;"
	    "t/n,substitute,;t/n,lead,;u/n,lead,;t/n,coteacher,;");
	holds(&pulled, T_ROLEDEF, roledef_fields,
	    "lead,Lead Teacher;coteacher,Co-teacher;aide,aide;"
	    "substitute,substitute;");
	holds(&pulled, T_SCHOOLSTAFF, staff_fields,
	    "t/n,t,10,1;u/d,u,0,1;u/n,u,10,1;");
	holds(&pulled, T_STUDENT, student_fields, "s,10,0;");
	assert_int_equal(
	    pulled.report.files[OR_USER].skipped[SKIP_TO_BE_DELETED], 1);
	assert_int_equal(
	    pulled.report.files[OR_ENROLLMENT].skipped[SKIP_FAMILY], 1);
	assert_int_equal(
	    pulled.report.files[OR_ENROLLMENT].skipped[SKIP_ROLE], 1);
	assert_int_equal(
	    pulled.report.files[OR_ORG].skipped[SKIP_NOT_A_SCHOOL], 1);
	pulled_free(&pulled);
}

/* Who teaches elsewhere than at the orgs of users.csv still teaches. */
static void
a_teacher_of_another_school_has_the_post_of_the_first_org(void **state)
{
	static const char *const replaced[OR_TABLES] = {
		[OR_ORG] = "sourcedId,name,type\nn,North,school\n"
			   "m,South,school\n",
		[OR_USER] = "sourcedId,orgSourcedIds,role,givenName,"
			    "familyName,enabledUser\n"
			    "t,m,teacher,T,T,FALSE\ns,,student,S,S,false\n",
	};
	static const int student_fields[] = { STUDENT_ID, STUDENT_SCHOOLID,
		STUDENT_ENROLL_STATUS, -1 };
	struct pulled pulled;

	pulled = pull_with(state, replaced);
	holds(&pulled, T_SECTION, section_fields, "k,ALG,1,n,y,t/m;");
	holds(&pulled, T_SECTIONTEACHER, teacher_fields, "t/m,lead,;");
	holds(&pulled, T_SCHOOLSTAFF, staff_fields, "t/m,t,m,2;");
	holds(&pulled, T_STUDENT, student_fields, "s,,1;");
	pulled_free(&pulled);
}

static void
courses_of_one_code_are_one_course_with_one_title(void **state)
{
	static const char *const replaced[OR_TABLES] = {
		[OR_COURSE] = "sourcedId,title,courseCode\nc,Algebra,ALG\n"
			      "b,Algebra,ALG\ne,English,ENG\n"
			      "f,English again,ENG\n",
	};
	static const enum row_state want[] = { ROW_USED, ROW_MERGED, ROW_HELD,
		ROW_HELD };
	struct findings findings = { 0 };
	struct pulled pulled;
	uint32_t row;

	pulled = pull_with(state, replaced);
	assert_int_equal(pulled.rc, 0);
	seal_roster(pulled.roster, &findings);
	for (row = 0; row < 4; row++)
		assert_int_equal(
		    fate_of(&pulled.roster->tables[T_COURSE], row), want[row]);
	assert_int_equal(findings.by_rule[RULE_SRC_DUPLICATE], 2);
	findings_free(&findings);
	pulled_free(&pulled);
}

static void
what_reading_noticed_goes_to_the_field_it_fills(void **state)
{
	static const char *const replaced[OR_TABLES] = {
		[OR_SESSION] = "sourcedId,title,startDate,endDate,schoolYear\n"
			       "y,Ye&auml;r,2026-08-26,later,2027\n",
		[OR_ENROLLMENT] =
		    "classSourcedId,userSourcedId,role,beginDate,endDate\n"
		    "k,t,teacher,never,2026-02-31\nk,s,student,,2026-02-31\n",
	};
	static const struct {
		enum table_id table;
		uint8_t rule, field;
	} want[] = {
		{ T_TERM, RULE_SRC_ENTITY, TERM_NAME },
		{ T_TERM, RULE_SRC_DATE, TERM_LASTDAY },
		{ T_SECTIONTEACHER, RULE_SRC_DATE, SECTIONTEACHER_START_DATE },
		{ T_SECTIONTEACHER, RULE_SRC_DATE, SECTIONTEACHER_END_DATE },
		{ T_CC, RULE_SRC_DATE, CC_DATELEFT },
	};
	const struct table *tables;
	struct pulled pulled;
	size_t i, j;

	pulled = pull_with(state, replaced);
	assert_int_equal(pulled.rc, 0);
	tables = pulled.roster->tables;
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		for (j = 0; j < tables[want[i].table].nmarks; j++) {
			if (tables[want[i].table].marks[j].rule ==
				want[i].rule &&
			    tables[want[i].table].marks[j].field ==
				want[i].field)
				break;
		}
		if (j == tables[want[i].table].nmarks)
			fail_msg("mark %zu is missing", i);
	}
	assert_int_equal(tables[T_TERM].nmarks, 2);
	assert_int_equal(tables[T_CC].nmarks, 1);
	/* A needed date stays bad, another one is blank. */
	assert_int_equal(
	    table_date(&tables[T_TERM], TERM_LASTDAY, 0), DATE_BAD);
	assert_int_equal(table_date(&tables[T_CC], CC_DATELEFT, 0), DATE_BAD);
	assert_int_equal(
	    table_date(&tables[T_SECTIONTEACHER], SECTIONTEACHER_END_DATE, 0),
	    DATE_BLANK);
	pulled_free(&pulled);
}

static void
a_zip_cut_or_changed_anywhere_is_read_whole_or_refused(void **state)
{
	struct pulled pulled;
	struct stat st;
	char *path, *bad;
	long i;

	path = made_zip(*state, "set.zip", smallest);
	assert_int_equal(stat(path, &st), 0);
	for (i = 0; i <= (long)st.st_size; i++) {
		bad = made_damaged(*state, path, i, true);
		pulled = pull(bad);
		/* The last bytes are zeros that nobody need miss. */
		assert_true(pulled.rc != 0 || i >= st.st_size - 4);
		assert_true(pulled.rc == 0 || i < st.st_size);
		if (pulled.rc == 0)
			holds(&pulled, T_CC, cc_fields,
			    "s,k,2026-08-26,2027-06-11;");
		else
			assert_int_equal(pulled.err.code, EXIT_SOURCE);
		pulled_free(&pulled);
		free(bad);
	}
	for (i = 0; i < (long)st.st_size; i++) {
		bad = made_damaged(*state, path, i, false);
		pulled = pull(bad);
		if (pulled.rc == 0)
			holds(&pulled, T_CC, cc_fields,
			    "s,k,2026-08-26,2027-06-11;");
		else
			assert_int_equal(pulled.err.code, EXIT_SOURCE);
		pulled_free(&pulled);
		free(bad);
	}
	free(path);
}

static void
no_room_to_unpack_is_an_error_of_this_machine(void **state)
{
	struct pulled pulled;
	char *path;

	path = made_zip(*state, "set.zip", smallest);
	setenv("TMPDIR", "/nowhere/at/all", 1);
	pulled = pull(path);
	assert_int_equal(pulled.rc, -1);
	assert_int_equal(pulled.err.code, EXIT_IO);
	assert_non_null(strstr(pulled.err.hint, "TMPDIR"));
	pulled_free(&pulled);
	free(path);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, made_folder, made_gone)
	const struct CMUnitTest tests[] = {
		TEST(the_smallest_set_fills_every_table),
		TEST(a_sourcedid_is_never_taken_for_a_number),
		TEST(the_lead_is_primary_then_who_stays_then_who_came_last),
		TEST(roles_are_those_of_roledef_by_role_and_primary),
		TEST(a_teacher_of_another_school_has_the_post_of_the_first_org),
		TEST(courses_of_one_code_are_one_course_with_one_title),
		TEST(what_reading_noticed_goes_to_the_field_it_fills),
		TEST(a_zip_cut_or_changed_anywhere_is_read_whole_or_refused),
		TEST(no_room_to_unpack_is_an_error_of_this_machine),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
