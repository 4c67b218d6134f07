#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lint_text.h"

static const struct lint_case file_cases[] = {
	{ "a clean package says nothing", 0,
	    PACKAGE("== accounts.csv\n"
		    "account_id,parent_account_id,name,status\n"
		    "a1,,Root,active\n"
		    "== terms.csv\n"
		    "term_id,name,status,start_date,end_date\n"
		    "t1,Fall,active,2026-08-15T07:00:00Z,2026-12-20T07:00:00Z\n"
		    "== courses.csv\n"
		    "course_id,short_name,long_name,account_id,term_id,status\n"
		    "c1,C1,\"Course, 1\",a1,t1,active\n"
		    "== sections.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,One,active\n"
		    "== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,ann,active\n"
		    "== enrollments.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,student,active\n"),
	    "" },
	{ "a file without a byte", 0, PACKAGE("== a.csv\n"),
	    "a.csv:0:0 FILE-EMPTY warning\n" },
	{ "a file of empty lines", 0,
	    PACKAGE("== a.csv\n"
		    "\n"
		    "\n"
		    "\n"),
	    "a.csv:0:0 FILE-EMPTY warning\n" },
	{ "a header alone is dangerous for enrollments", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"),
	    "e.csv:1:0 FILE-NO-ROWS warning\n" },
	{ "a header alone is worth a line for users", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"),
	    "users.csv:1:0 FILE-NO-ROWS info\n" },
	{ "a header alone may be meant", NO_ROWS_IS_FINE,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"),
	    "" },
	{ "a line of blanks before the header spoils it", 0,
	    PACKAGE("== a.csv\n"
		    "   \n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"),
	    "a.csv:1:1 HEADER-UNKNOWN error\n" },
	{ "rows of blanks are no rows", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"
		    " , ,\n"
		    "\n"
		    "u2,b,active\n"),
	    "" },
	{ "a byte that is not UTF-8", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"
		    "u2,b\351,active\n"
		    "u3,c\351,active\n"),
	    "users.csv:3:5 FILE-ENCODING error\n" },
	{ "UTF-8 and a mark in front are fine", 0,
	    PACKAGE("== users.csv\n"
		    "\357\273\277user_id,login_id,first_name,status\n"
		    "u1,a,Zo\303\253,active\n"),
	    "" },
	{ "UTF-16 with a mark", 0,
	    PACKAGE("== u.csv\n"
		    "\377\376u\000s\000e\000r\000_\000i\000d\000"),
	    "u.csv:1:1 FILE-UTF16 error\n" },
	{ "UTF-16 without one", 0,
	    PACKAGE("== u.csv\n"
		    "u\000s\000e\000r\000_\000i\000d\000,\000"),
	    "u.csv:1:1 FILE-UTF16 error\n" },
	{ "tag files are known by their header alone", 0,
	    PACKAGE("== t.csv\n"
		    "tag_id,name,status\n"
		    "x,Y,available\n"),
	    "t.csv:1:1 FILE-NOT-CHECKED info\n" },
	{ "a second file of one kind", 0,
	    PACKAGE("== b.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"
		    "== c.csv\n"
		    "user_id,login_id,status\n"
		    "u2,b,active\n"),
	    "c.csv:1:0 PKG-SAME-KIND info\n" },
};

static void
files_are_taken_as_canvas_takes_them(void **state)
{
	(void)state;
	LINT_TEXT_CHECK(file_cases);
}

static const struct lint_case csv_cases[] = {
	{ "a quote inside a cell", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a\"b,active\n"
		    "u2,b,enabled\n"),
	    "users.csv:2:5 CSV-QUOTE error\n" },
	{ "text behind a closing quote", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,\"a\"b,active\n"),
	    "users.csv:2:7 CSV-QUOTE error\n" },
	{ "a blank before a quote", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1, \"a\",active\n"),
	    "users.csv:2:5 CSV-QUOTE error\n" },
	{ "a blank behind a quote", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,\"a\" ,active\n"),
	    "users.csv:2:7 CSV-QUOTE error\n" },
	{ "quotes, doubled quotes and line breaks in quotes are fine", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "\"u1\",\"a\"\"b\",\"active\"\n"
		    "\"u\n"
		    "2\",b,active\n"),
	    "" },
	{ "a quote that is never closed", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"
		    "u2,\"b,active\n"
		    "u3,c,active\n"),
	    "users.csv:3:4 CSV-OPEN-QUOTE error\n" },
	{ "CRLF is fine", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status\r\n"
		    "u1,a,active\r\n"),
	    "" },
	{ "CR alone is fine", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status\ru1,a,active\r"),
	    "" },
	{ "a last line without an end is fine", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active"),
	    "" },
	{ "CRLF after LF", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\r\n"
		    "u2,b,active\n"),
	    "users.csv:2:12 CSV-LINE-END error\n" },
	{ "LF after CRLF", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status\r\n"
		    "u1,a,active\n"
		    "u2,b,active\r\n"),
	    "u.csv:2:12 CSV-LINE-END error\n" },
	{ "LF after CR", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status\ru1,a,active\n"),
	    "u.csv:2:12 CSV-LINE-END error\n" },
	{ "a lone CR in a cell", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a\rb,active\n"),
	    "users.csv:2:1 ROW-FEWER-CELLS info\n"
	    "users.csv:2:5 CSV-LINE-END error\n"
	    "users.csv:2:5 ROW-REQUIRED error\n"
	    "users.csv:3:1 ROW-FEWER-CELLS info\n"
	    "users.csv:3:9 ROW-REQUIRED error\n" },
	{ "a CR in quotes does not matter", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,\"a\r\n"
		    "b\",active\n"),
	    "users.csv:2:4 ROW-LOGIN error\n" },
	{ "the first line end counts even in quotes", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,\"status\r\n"
		    "\"\n"
		    "u1,a,active\n"),
	    "u.csv:1:18 HEADER-BLANK error\n"
	    "u.csv:2:2 CSV-LINE-END error\n" },
	{ "a NUL inside a cell", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a\000b,active\n"
		    "u2,b,active\n"),
	    "users.csv:2:5 CSV-NUL error\n" },
	{ "a NUL at the end of a cell is taken off", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a\000,active\n"),
	    "" },
};

static void
syntax_is_judged_as_by_the_parser_of_canvas(void **state)
{
	(void)state;
	LINT_TEXT_CHECK(csv_cases);
}

static const struct lint_case header_cases[] = {
	{ "columns of no kind", 0,
	    PACKAGE("== a.csv\n"
		    "foo,bar\n"
		    "1,2\n"),
	    "a.csv:1:1 HEADER-UNKNOWN error\n" },
	{ "a misspelled column is named, the first line is not shown", 0,
	    PACKAGE("== a.csv\n"
		    "user_id,loginid,status\n"
		    "u1,a,active\n"),
	    "a.csv:1:9 HEADER-UNKNOWN error\n" },
	{ "enrollments with name are sections", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status,name\n"
		    "s1,u1,student,active,x\n"),
	    "e.csv:1:1 HEADER-TRAP error\n" },
	{ "courses with name and term_id are terms", 0,
	    PACKAGE("== c.csv\n"
		    "course_id,short_name,long_name,account_id,term_id,status,"
		    "name\n"
		    "c1,a,b,,t1,active,n\n"),
	    "c.csv:1:1 HEADER-TRAP error\n" },
	{ "sections with account_id are sections", 0,
	    PACKAGE("== s.csv\n"
		    "section_id,course_id,name,status,account_id\n"
		    "s1,c1,x,active,a1\n"),
	    "s.csv:1:34 HEADER-EXTRA info\n" },
	{ "blanks around a needed column", 0,
	    PACKAGE("== u.csv\n"
		    "user_id, login_id,status\n"
		    "u1,a,active\n"),
	    "u.csv:1:9 HEADER-BLANK error\n" },
	{ "blanks around another column", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status,email \n"
		    "u1,a,active,x@example.org\n"),
	    "u.csv:1:25 HEADER-BLANK warning\n" },
	{ "case and quotes do not matter", 0,
	    PACKAGE("== u.csv\n"
		    "\"User_ID\",LOGIN_ID,Status\n"
		    "u1,a,active\n"),
	    "" },
	{ "no status", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id\n"
		    "u1,a\n"
		    "u2,b\n"),
	    "u.csv:1:1 HEADER-MISSING error\n" },
	{ "no role and no role_id", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,status\n"
		    "s1,u1,active\n"),
	    "e.csv:1:1 HEADER-MISSING error\n" },
	{ "long_name may be missing beside abstract_course_id", 0,
	    PACKAGE("== c.csv\n"
		    "course_id,short_name,abstract_course_id,status\n"
		    "c1,,x1,active\n"),
	    "" },
	{ "no status in accounts", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,parent_account_id,name\n"
		    "a1,,N\n"),
	    "a.csv:1:1 HEADER-MISSING warning\n" },
	{ "a column twice", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status,status\n"
		    "u1,a,active,enabled\n"),
	    "u.csv:1:25 HEADER-DUPLICATE warning\n" },
	{ "unknown columns", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status,canvas_user_id,e-mail,\n"
		    "u1,a,active,1,2,\n"),
	    "u.csv:1:25 HEADER-EXTRA info\n"
	    "u.csv:1:40 HEADER-EXTRA warning\n"
	    "u.csv:1:47 HEADER-NAMELESS info\n" },
};

static void
headers_are_matched_as_canvas_matches_them(void **state)
{
	(void)state;
	LINT_TEXT_CHECK(header_cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_taken_as_canvas_takes_them),
		cmocka_unit_test(syntax_is_judged_as_by_the_parser_of_canvas),
		cmocka_unit_test(headers_are_matched_as_canvas_matches_them),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
