#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lint_text.h"

static const struct lint_case cell_cases[] = {
	{ "a needed cell is blank", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,,active\n"
		    ",b,active\n"
		    "u3,c,\n"),
	    "users.csv:2:4 ROW-REQUIRED error\n"
	    "users.csv:3:1 ROW-REQUIRED error\n"
	    "users.csv:4:6 ROW-REQUIRED error\n" },
	{ "no-break space is blank", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,\302\240,active\n"),
	    "users.csv:2:4 ROW-REQUIRED error\n" },
	{ "blanks around a cell are taken off", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    " u1 ,a, active\t\n"),
	    "" },
	{ "one of several cells is enough", 0,
	    PACKAGE("== e.csv\n"
		    "course_id,section_id,user_id,user_integration_id,role,"
		    "role_id,status\n"
		    "c1,,u1,,ta,,active\n"
		    ",s1,,i1,,7,active\n"
		    ",,,,,,active\n"),
	    "e.csv:1:0 ROW-DEFAULT-SECTION info\n"
	    "e.csv:4:1 ROW-REQUIRED error\n"
	    "e.csv:4:3 ROW-REQUIRED error\n"
	    "e.csv:4:5 ROW-REQUIRED error\n" },
	{ "a status that is none", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,enabled\n"
		    "u2,b,Active\n"),
	    "users.csv:2:6 ROW-STATUS error\n" },
	{ "a status of a report", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,student,concluded\n"
		    "s1,u2,student,invited\n"
		    "s1,u3,student,completed\n"),
	    "e.csv:2:15 ROW-STATUS-REPORT error\n"
	    "e.csv:3:15 ROW-STATUS-REPORT error\n" },
	{ "only the beginning is a status", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,actively\n"),
	    "users.csv:2:6 ROW-PREFIX warning\n" },
	{ "deleted_last_completed is a word of its own", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,student,deleted_last_completed\n"),
	    "" },
	{ "cross-lists take the whole word only", 0,
	    PACKAGE("== x.csv\n"
		    "xlist_course_id,section_id,status\n"
		    "c1,s1,activex\n"
		    "c1,s2,Active\n"),
	    "x.csv:2:7 ROW-STATUS error\n" },
	{ "words of other columns", 0,
	    PACKAGE("== c.csv\n"
		    "course_id,short_name,long_name,status,course_format,"
		    "grade_passback_setting\n"
		    "c1,a,b,active,online,nightly_sync\n"
		    "c2,a,b,active,moon,Disabled\n"
		    "c3,a,b,active,ONLINE,sometimes\n"),
	    "c.csv:3:15 ROW-WORD error\n"
	    "c.csv:4:22 ROW-WORD error\n" },
	{ "declared_user_type is compared as it stands", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status,declared_user_type\n"
		    "u1,a,active,student_other\n"
		    "u2,b,active,Student\n"
		    "u3,c,active,<delete>\n"),
	    "u.csv:3:13 ROW-WORD error\n" },
	{ "an e-mail", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status,email\n"
		    "u1,a,active,a@example.org\n"
		    "u2,b,active,Ann <a@example.org>\n"
		    "u3,c,active,\n"),
	    "u.csv:3:13 ROW-EMAIL warning\n" },
	{ "a password", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status,password\n"
		    "u1,a,active,12345678\n"
		    "u2,b,active,1234567\n"),
	    "u.csv:3:13 ROW-PASSWORD warning\n" },
	{ "yes and no", 0,
	    PACKAGE(
		"== e.csv\n"
		"section_id,user_id,role,status,notify,limit_section_privileg"
		"es\n"
		"s1,u1,ta,active,TRUE,0\n"
		"s1,u2,ta,active,maybe,\n"),
	    "e.csv:3:17 ROW-YES-NO warning\n" },
	{ "roles of Canvas", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,Teacher,active\n"
		    "s1,u2,TaEnrollment,active\n"
		    "s1,u3,taenrollment,active\n"
		    "s1,u4,Boss,active\n"
		    "s1,u5,Student Teacher,active\n"
		    "s1,u6,STUDENT,active\n"),
	    "e.csv:4:7 ROW-ROLE warning\n"
	    "e.csv:5:7 ROW-ROLE warning\n"
	    "e.csv:6:7 ROW-ROLE-STUDENT warning\n" },
	{ "custom roles that are given", ROLES,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,Boss,active\n"
		    "s1,u2,Student Teacher,active\n"),
	    "" },
	{ "a role that role_id stands in for", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,role_id,status\n"
		    "s1,u1,Boss,7,active\n"),
	    "" },
	{ "a number of Canvas", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role_id,status\n"
		    "s1,u1,7,active\n"
		    "s1,u2,x7,active\n"),
	    "e.csv:3:7 ROW-NUMBER error\n" },
	{ "a role_id beside a role", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,role_id,status\n"
		    "s1,u2,student,x7,active\n"),
	    "e.csv:2:15 ROW-NUMBER warning\n" },
	{ "the role of an admin", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,user_id,role,status\n"
		    ",u1,AccountAdmin,active\n"
		    ",u2,accountadmin,active\n"),
	    "a.csv:3:5 ROW-ROLE warning\n" },
	{ "scientific notation", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,1.23E+05,student,active\n"
		    "s1,1E5,student,active\n"
		    "s1,12E+5x,student,active\n"),
	    "e.csv:2:4 ROW-SCIENTIFIC warning\n" },
	{ "scientific notation in other ids", 0,
	    PACKAGE("== i.csv\n"
		    "old_id,new_id,type\n"
		    "4.5E+11,a,user\n"
		    "== s.csv\n"
		    "section_id,course_id,name,status,integration_id\n"
		    "s1,c1,1.2E+11,active,9.87E+15\n"),
	    "i.csv:2:1 ROW-SCIENTIFIC warning\n"
	    "s.csv:2:22 ROW-SCIENTIFIC warning\n" },
	{ "blanks that clear", 0,
	    PACKAGE(
		"== c.csv\n"
		"course_id,short_name,long_name,status,start_date,integration"
		"_id\n"
		"c1,a,b,active,2026-08-15T07:00:00Z,i1\n"
		"c2,a,b,active,,\n"),
	    "c.csv:1:0 ROW-CLEARS warning\n"
	    "c.csv:1:0 ROW-CLEARS info\n" },
	{ "a blank integration_id of users keeps the old one", 0,
	    PACKAGE(
		"== u.csv\n"
		"user_id,login_id,status,integration_id,authentication_provid"
		"er_id\n"
		"u1,a,active,,\n"),
	    "u.csv:1:0 ROW-CLEARS warning\n" },
	{ "more cells than the header", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active,,\n"
		    "u2,b,c,active\n"
		    "u3,\"c\",active\n"),
	    "users.csv:3:1 ROW-MORE-CELLS warning\n"
	    "users.csv:3:6 ROW-STATUS error\n" },
	{ "fewer cells than the header", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,student\n"),
	    "e.csv:2:1 ROW-FEWER-CELLS info\n"
	    "e.csv:2:14 ROW-REQUIRED error\n" },
	{ "formulas are no issue", 0,
	    PACKAGE("== c.csv\n"
		    "course_id,short_name,long_name,status\n"
		    "c1,=1+1,@x,active\n"
		    "c2,-x,+y,active\n"),
	    "" },
};

static void
cells_follow_the_rules_of_their_columns(void **state)
{
	(void)state;
	LINT_TEXT_CHECK(cell_cases);
}

static const struct lint_case date_cases[] = {
	{ "whole dates", 0,
	    PACKAGE(
		"== t.csv\n"
		"term_id,name,status,start_date,end_date\n"
		"t1,a,active,2026-08-15T07:00:00Z,2026-12-20 07:00:00-0600\n"),
	    "" },
	{ "bad, no, guessed and rolled dates", 0,
	    PACKAGE("== t.csv\n"
		    "term_id,name,status,start_date,end_date\n"
		    "t1,a,active,2026-13-01,2026\n"
		    "t2,a,active,soon,n/a\n"
		    "t3,a,active,05/06/2026,12\n"
		    "t4,a,active,2026-02-30T00:00:00Z,2026-12-20T07:00:00Z\n"),
	    "t.csv:2:13 DATE-BAD warning\n"
	    "t.csv:2:24 DATE-BAD warning\n"
	    "t.csv:3:13 DATE-NONE warning\n"
	    "t.csv:3:18 DATE-NONE warning\n"
	    "t.csv:4:13 DATE-GUESS warning\n"
	    "t.csv:4:24 DATE-GUESS warning\n"
	    "t.csv:5:13 DATE-ROLLED warning\n" },
	{ "dates without a zone are counted", 0,
	    PACKAGE("== t.csv\n"
		    "term_id,name,status,start_date,end_date\n"
		    "t1,a,active,2026-08-15,2026-12-20\n"
		    "t2,a,active,2026-08-15,2026-12-20T00:00:00Z\n"),
	    "t.csv:1:0 DATE-ZONE info\n"
	    "t.csv:1:0 DATE-ZONE info\n" },
	{ "<delete> is no text", 0,
	    PACKAGE("== t.csv\n"
		    "term_id,name,status,start_date,end_date\n"
		    "t1,a,active,<delete>,<delete>\n"),
	    "" },
	{ "a term that ends before it starts", 0,
	    PACKAGE("== t.csv\n"
		    "term_id,name,status,start_date,end_date\n"
		    "t1,a,active,2026-12-20T00:00:00Z,2026-08-15T00:00:00Z\n"),
	    "t.csv:2:34 DATE-ORDER warning\n" },
	{ "a course and a section that do", 0,
	    PACKAGE(
		"== c.csv\n"
		"course_id,short_name,long_name,status,start_date,end_date\n"
		"c1,a,b,active,2026-12-20T00:00:00Z,2026-08-15T00:00:00Z\n"
		"== s.csv\n"
		"section_id,course_id,name,status,start_date,end_date\n"
		"s1,c2,n,active,2026-12-20T00:00:00Z,2026-08-15T00:00:00Z\n"),
	    "c.csv:2:36 DATE-ORDER error\n"
	    "s.csv:2:4 REF-NOT-HERE info\n"
	    "s.csv:2:37 DATE-ORDER error\n" },
	{ "an enrollment with one date", 0,
	    PACKAGE(
		"== e.csv\n"
		"section_id,user_id,role,status,start_date,end_date\n"
		"s1,u1,ta,active,2026-08-15T00:00:00Z,\n"
		"s1,u2,ta,active,2026-08-15T00:00:00Z,2026-08-14T00:00:00Z\n"
		"s1,u3,ta,active,2026-08-15T00:00:00Z,2026-08-16T00:00:00Z\n"),
	    "e.csv:1:0 ROW-CLEARS info\n"
	    "e.csv:2:17 DATE-HALF warning\n"
	    "e.csv:3:38 DATE-ORDER warning\n" },
};

static void
dates_say_what_canvas_makes_of_them(void **state)
{
	(void)state;
	LINT_TEXT_CHECK(date_cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_follow_the_rules_of_their_columns),
		cmocka_unit_test(dates_say_what_canvas_makes_of_them),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
