#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lint_text.h"

static const struct lint_case key_cases[] = {
	{ "one user twice, differently and alike", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"
		    "u1,b,active\n"
		    "u2,c,active\n"
		    "u2,c,active\n"),
	    "users.csv:3:1 KEY-DUPLICATE warning\n"
	    "users.csv:5:1 KEY-REPEATED info\n" },
	{ "enrollments in order", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,student,active\n"
		    "s1,u1,ta,active\n"
		    "s1,u2,student,active\n"
		    "s2,u1,student,active\n"),
	    "" },
	{ "an enrollment twice, out of order", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s2,u1,student,active\n"
		    "s1,u1,student,active\n"
		    "s2,u1,student,completed\n"
		    "s1,u1,student,active\n"),
	    "e.csv:4:1 KEY-DUPLICATE warning\n"
	    "e.csv:5:1 KEY-REPEATED info\n" },
	{ "an enrollment twice, side by side", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,student,active\n"
		    "s1,u1,student,active\n"),
	    "e.csv:3:1 KEY-REPEATED info\n" },
	{ "an enrollment twice, in two files", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,student,active\n"
		    "== f.csv\n"
		    "user_id,section_id,role,status\n"
		    "u1,s1,student,deleted\n"),
	    "f.csv:1:0 PKG-SAME-KIND info\n"
	    "f.csv:2:1 KEY-DUPLICATE warning\n" },
	{ "two roles of one admin, one of them twice", ROLES,
	    PACKAGE("== a.csv\n"
		    "account_id,user_id,role,status\n"
		    "a1,u1,AccountAdmin,active\n"
		    "a1,u1,Boss,active\n"
		    "a1,u1,Boss,deleted\n"),
	    "a.csv:4:1 KEY-DUPLICATE warning\n" },
	{ "a term and its overrides", 0,
	    PACKAGE(
		"== t.csv\n"
		"term_id,name,status,start_date,end_date,date_override_enroll"
		"ment_type\n"
		"t1,a,active,,,\n"
		"t1,,active,,,StudentEnrollment\n"
		"t1,,active,,,TeacherEnrollment\n"),
	    "t.csv:1:0 ROW-CLEARS info\n"
	    "t.csv:1:0 ROW-CLEARS info\n" },
	{ "the same override of a term twice", 0,
	    PACKAGE("== t.csv\n"
		    "term_id,name,status,date_override_enrollment_type\n"
		    "t1,a,active,\n"
		    "t1,,active,TaEnrollment\n"
		    "t1,,deleted,TaEnrollment\n"
		    "t1,,active,TeacherEnrollment\n"
		    "t1,,active,TaEnrollment\n"),
	    "t.csv:4:1 KEY-DUPLICATE warning\n"
	    "t.csv:6:1 KEY-REPEATED info\n" },
	{ "the integration id of someone deleted is still taken", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,full_name,status,integration_id\n"
		    "u1,a,A,deleted,i1\n"
		    "u2,b,B,active,i1\n"
		    "u3,c,C,deleted,i1\n"),
	    "u.csv:3:15 INTEGRATION-TAKEN error\n" },
	{ "new integration ids are taken once", 0,
	    PACKAGE("== i.csv\n"
		    "old_integration_id,new_integration_id,type\n"
		    "a,b,user\n"
		    "c,b,user\n"
		    "d,d,user\n"
		    "e,<delete>,user\n"
		    "f,<delete>,user\n"
		    "g,a,user\n"
		    "b,h,user\n"),
	    "i.csv:3:3 CHANGE-TAKEN error\n"
	    "i.csv:4:3 CHANGE-SAME error\n"
	    "i.csv:7:3 CHANGE-CHAIN warning\n"
	    "i.csv:8:1 CHANGE-CHAIN warning\n" },
	{ "an override before its term", 0,
	    PACKAGE(
		"== t.csv\n"
		"term_id,name,status,start_date,end_date,date_override_enroll"
		"ment_type\n"
		"t1,,active,,,StudentEnrollment\n"
		"t1,a,active,,,\n"
		"t2,,active,,,StudentEnrollment\n"
		"t1,,active,,,studentenrollment\n"),
	    "t.csv:1:0 ROW-CLEARS info\n"
	    "t.csv:1:0 ROW-CLEARS info\n"
	    "t.csv:2:1 ROW-OVERRIDE error\n"
	    "t.csv:4:1 REF-NOT-HERE info\n"
	    "t.csv:5:14 ROW-WORD error\n" },
	{ "a login in another case", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,ann,active\n"
		    "u2,ANN,active\n"
		    "u3,ZO\303\213,active\n"
		    "u4,zo\303\253,deleted\n"),
	    "users.csv:3:4 LOGIN-TAKEN error\n"
	    "users.csv:5:4 LOGIN-TAKEN error\n" },
	{ "a login of a deleted user is free", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,ann,deleted\n"
		    "u2,ann,active\n"),
	    "" },
	{ "a login that its owner gave up is free", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,ann,active\n"
		    "u1,bob,active\n"
		    "u2,ann,active\n"),
	    "users.csv:3:1 KEY-DUPLICATE warning\n" },
	{ "a login of two providers", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status,authentication_provider_id\n"
		    "u1,ann,active,saml\n"
		    "u2,ann,active,ldap\n"
		    "u3,ann,active,saml\n"),
	    "u.csv:4:4 LOGIN-TAKEN error\n" },
	{ "an integration_id twice", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,status,integration_id\n"
		    "u1,a,active,i1\n"
		    "u2,b,active,i1\n"
		    "u3,c,deleted,i1\n"
		    "== s.csv\n"
		    "section_id,course_id,name,status,integration_id\n"
		    "s1,c1,n,active,i1\n"
		    "s2,c1,n,active,i1\n"),
	    "s.csv:3:16 INTEGRATION-TAKEN error\n"
	    "u.csv:3:13 INTEGRATION-TAKEN error\n" },
	{ "logins.csv gives a user a second id", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"
		    "== l.csv\n"
		    "user_id,login_id,existing_user_id\n"
		    "x1,b,u1\n"
		    "u1,c,u1\n"
		    "x2,A,u1\n"
		    "x3,d,u9\n"),
	    "l.csv:3:1 LOGIN-TAKEN error\n"
	    "l.csv:4:4 LOGIN-TAKEN error\n"
	    "l.csv:5:6 REF-NOT-HERE info\n" },
};

static void
keys_logins_and_ids_are_unique(void **state)
{
	(void)state;
	LINT_TEXT_CHECK(key_cases);
}

static const struct lint_case ref_cases[] = {
	{ "ids that are not here", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,parent_account_id,name,status\n"
		    "a1,,N,active\n"
		    "== c.csv\n"
		    "course_id,short_name,long_name,account_id,status\n"
		    "c1,a,b,a1,active\n"
		    "c2,a,b,a2,active\n"
		    "== s.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,n,active\n"
		    "s2,c3,n,active\n"),
	    "c.csv:3:8 REF-NOT-HERE info\n"
	    "s.csv:3:4 REF-NOT-HERE info\n" },
	{ "kinds that are not here are not missed", 0,
	    PACKAGE("== s.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,n,active\n"),
	    "" },
	{ "a complete package misses them", COMPLETE,
	    PACKAGE("== s.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,n,active\n"
		    "== e2.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,student,active\n"),
	    "s.csv:2:4 REF-NOT-HERE error\n"
	    "e2.csv:2:1 REF-REFUSED error\n"
	    "e2.csv:2:4 REF-NOT-HERE error\n" },
	{ "an override in a term that is deleted, refused or renamed", 0,
	    PACKAGE("== a.csv\n"
		    "old_id,new_id,type\n"
		    "t0,t4,term\n"
		    "== t.csv\n"
		    "term_id,name,status,date_override_enrollment_type\n"
		    "t1,a,deleted,\n"
		    "t2,b,enabled,\n"
		    "t1,,active,TaEnrollment\n"
		    "t1,,deleted,TeacherEnrollment\n"
		    "t2,,active,TaEnrollment\n"
		    "t0,,active,TaEnrollment\n"),
	    "t.csv:3:6 ROW-STATUS error\n"
	    "t.csv:4:1 REF-DELETED warning\n"
	    "t.csv:6:1 REF-REFUSED warning\n"
	    "t.csv:7:1 REF-NOT-HERE info\n"
	    "t.csv:7:1 CHANGE-OLD-ID warning\n" },
	{ "groups and memberships of what is deleted", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,full_name,status\n"
		    "u1,a,A,deleted\n"
		    "== b.csv\n"
		    "group_category_id,category_name,status\n"
		    "k1,K,deleted\n"
		    "== c.csv\n"
		    "group_id,name,status,group_category_id\n"
		    "g1,G,available,k1\n"
		    "g2,G,deleted,k1\n"
		    "g3,G,available,\n"
		    "== d.csv\n"
		    "group_id,user_id,status\n"
		    "g2,u1,accepted\n"
		    "g2,u1,deleted\n"
		    "g3,u1,accepted\n"
		    "== l.csv\n"
		    "user_id,login_id,existing_user_id\n"
		    "l1,b,u1\n"),
	    "l.csv:2:6 REF-DELETED warning\n"
	    "c.csv:2:16 REF-DELETED warning\n"
	    "d.csv:2:1 REF-DELETED warning\n"
	    "d.csv:2:4 REF-DELETED warning\n"
	    "d.csv:3:1 KEY-DUPLICATE warning\n"
	    "d.csv:4:4 REF-DELETED warning\n" },
	{ "people by their integration id", 0,
	    PACKAGE("== i.csv\n"
		    "old_integration_id,new_integration_id,type\n"
		    "i8,i9,user\n"
		    "== u.csv\n"
		    "user_id,login_id,full_name,status,integration_id\n"
		    "u1,a,A,active,i1\n"
		    "u2,b,B,deleted,i2\n"
		    "== e.csv\n"
		    "section_id,user_integration_id,role,status\n"
		    "s1,i1,student,active\n"
		    "s1,i2,student,active\n"
		    "s1,i2,ta,deleted\n"
		    "s1,i3,student,active\n"
		    "s1,i9,student,active\n"),
	    "e.csv:3:4 REF-DELETED warning\n"
	    "e.csv:5:4 REF-NOT-HERE info\n" },
	{ "a course whose status only begins with deleted stays", 0,
	    PACKAGE("== c.csv\n"
		    "course_id,short_name,long_name,status\n"
		    "c1,C,C,deleted!\n"
		    "== s.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,S,active\n"),
	    "c.csv:2:8 ROW-PREFIX warning\n" },
	{ "cross-lists to old and refused courses", 0,
	    PACKAGE("== i.csv\n"
		    "old_id,new_id,type\n"
		    "c0,c9,course\n"
		    "== c.csv\n"
		    "course_id,short_name,long_name,status\n"
		    "c1,C,C,active\n"
		    "c2,C,C,enabled\n"
		    "== s.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,S,active\n"
		    "s2,c1,S,active\n"
		    "s3,c9,S,active\n"
		    "== x.csv\n"
		    "xlist_course_id,section_id,status\n"
		    "c2,s1,active\n"
		    "c0,s2,active\n"),
	    "c.csv:3:8 ROW-STATUS error\n"
	    "x.csv:2:1 XLIST-CREATES info\n"
	    "x.csv:3:1 XLIST-CREATES info\n"
	    "x.csv:3:1 CHANGE-OLD-ID warning\n" },
	{ "rows without course and section go nowhere", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status\n"
		    ",u1,student,active\n"),
	    "e.csv:2:1 ROW-REQUIRED error\n" },
	{ "a parent that this package deletes", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,parent_account_id,name,status\n"
		    "a1,,N,deleted\n"
		    "a2,a1,N,active\n"
		    "a3,a1,N,deleted\n"),
	    "a.csv:3:4 REF-DELETED warning\n" },
	{ "a parent that comes later", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,parent_account_id,name,status\n"
		    "a2,a1,N,active\n"
		    "a1,,N,active\n"
		    "a3,a9,N,active\n"),
	    "a.csv:2:4 REF-LATER error\n"
	    "a.csv:4:4 REF-NOT-HERE info\n" },
	{ "a row that is refused", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,parent_account_id,name,status\n"
		    "a1,,N,enabled\n"
		    "== c.csv\n"
		    "course_id,short_name,long_name,account_id,status\n"
		    "c1,a,b,a1,active\n"),
	    "a.csv:2:7 ROW-STATUS error\n"
	    "c.csv:2:8 REF-REFUSED warning\n" },
	{ "a term that is not here is not missed by Canvas", 0,
	    PACKAGE("== t.csv\n"
		    "term_id,name,status\n"
		    "t1,N,active\n"
		    "t2,N,deleted\n"
		    "== c.csv\n"
		    "course_id,short_name,long_name,term_id,status\n"
		    "c1,a,b,t1,active\n"
		    "c2,a,b,t2,active\n"
		    "c3,a,b,t3,active\n"),
	    "c.csv:3:8 REF-TERM-SILENT warning\n"
	    "c.csv:4:8 REF-TERM-SILENT warning\n" },
	{ "an account that is deleted", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,parent_account_id,name,status\n"
		    "a1,,N,deleted\n"
		    "== c.csv\n"
		    "course_id,short_name,long_name,account_id,status\n"
		    "c1,a,b,a1,active\n"),
	    "c.csv:2:8 REF-DELETED warning\n" },
	{ "a stand-in for an unknown account", 0,
	    PACKAGE(
		"== a.csv\n"
		"account_id,parent_account_id,name,status\n"
		"a1,,N,active\n"
		"== c.csv\n"
		"course_id,short_name,long_name,account_id,fallback_account_i"
		"d,status\n"
		"c1,a,b,a9,a1,active\n"
		"c2,a,b,a9,a8,active\n"),
	    "c.csv:3:11 REF-NOT-HERE info\n" },
	{ "an account in use is not deleted", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,parent_account_id,name,status\n"
		    "a1,,N,active\n"
		    "a2,a1,N,active\n"
		    "a1,,N,deleted\n"
		    "a2,,N,deleted\n"
		    "a1,,N,deleted\n"),
	    "a.csv:4:1 ROW-IN-USE error\n"
	    "a.csv:4:1 KEY-DUPLICATE warning\n"
	    "a.csv:5:1 KEY-DUPLICATE warning\n"
	    "a.csv:6:1 KEY-DUPLICATE warning\n" },
	{ "enrollments in what is deleted", 0,
	    PACKAGE("== c.csv\n"
		    "course_id,short_name,long_name,status\n"
		    "c1,a,b,deleted\n"
		    "c2,a,b,active\n"
		    "== s.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,n,active\n"
		    "s2,c2,n,deleted\n"
		    "== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"
		    "u2,b,deleted\n"
		    "== e.csv\n"
		    "course_id,section_id,user_id,role,status\n"
		    ",s1,u1,ta,active\n"
		    ",s2,u1,ta,completed\n"
		    "c1,,u1,ta,active\n"
		    ",s2,u1,ta,deleted\n"
		    "c2,,u2,ta,active\n"
		    "c2,,u2,ta,completed\n"),
	    "s.csv:2:4 REF-DELETED warning\n"
	    "e.csv:1:0 ROW-DEFAULT-SECTION info\n"
	    "e.csv:2:2 REF-DELETED error\n"
	    "e.csv:3:2 REF-DELETED error\n"
	    "e.csv:4:1 REF-DELETED error\n"
	    "e.csv:5:1 KEY-DUPLICATE warning\n"
	    "e.csv:6:5 REF-DELETED warning\n"
	    "e.csv:7:1 KEY-DUPLICATE warning\n" },
	{ "a section of another course", 0,
	    PACKAGE("== s.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,n,active\n"
		    "== x.csv\n"
		    "xlist_course_id,section_id,status\n"
		    "c2,s1,active\n"
		    "== e.csv\n"
		    "course_id,section_id,user_id,role,status\n"
		    "c1,s1,u1,ta,active\n"
		    "c2,s1,u2,ta,active\n"
		    "c3,s1,u3,ta,active\n"),
	    "e.csv:4:1 REF-UNRELATED warning\n" },
	{ "users of a malformed file are not missed", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"
		    "u2,\"b\"c,active\n"
		    "u3,c,active\n"
		    "== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u3,ta,active\n"),
	    "users.csv:3:7 CSV-QUOTE error\n" },
	{ "a blueprint may come later", 0,
	    PACKAGE(
		"== c.csv\n"
		"course_id,short_name,long_name,blueprint_course_id,status\n"
		"c1,a,b,c2,active\n"
		"c2,a,b,dissociate,active\n"
		"c3,a,b,c9,active\n"),
	    "c.csv:4:8 REF-NOT-HERE info\n" },
};

static void
references_are_followed_in_the_order_of_import(void **state)
{
	(void)state;
	LINT_TEXT_CHECK(ref_cases);
}

static const struct lint_case row_cases[] = {
	{ "a new account needs name and status", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,parent_account_id,name,status\n"
		    "a1,,,active\n"
		    "a2,,N,\n"
		    "a1,,N,active\n"
		    "a1,,,\n"),
	    "a.csv:2:5 ROW-REQUIRED-NEW warning\n"
	    "a.csv:3:7 ROW-REQUIRED-NEW warning\n"
	    "a.csv:4:1 KEY-DUPLICATE warning\n"
	    "a.csv:5:1 KEY-DUPLICATE warning\n" },
	{ "an active section needs a name", 0,
	    PACKAGE("== s.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,,active\n"
		    "s2,c1,,deleted\n"),
	    "s.csv:2:7 ROW-REQUIRED error\n"
	    "s.csv:3:7 ROW-REQUIRED-NEW warning\n" },
	{ "a person without a name", 0,
	    PACKAGE("== u.csv\n"
		    "user_id,login_id,first_name,last_name,status\n"
		    "u1,a,,,active\n"
		    "u2,b,,L,active\n"),
	    "u.csv:2:1 ROW-NAMELESS info\n" },
	{ "a root account", 0,
	    PACKAGE("== e.csv\n"
		    "section_id,user_id,role,status,root_account\n"
		    "s1,u1,ta,active,other.example.org\n"
		    "s1,u2,ta,active,\n"),
	    "e.csv:2:17 ROW-ROOT-ACCOUNT warning\n" },
	{ "observers of themselves", 0,
	    PACKAGE("== o.csv\n"
		    "observer_id,student_id,status\n"
		    "u1,u2,active\n"
		    "u1,u1,active\n"
		    "== e.csv\n"
		    "section_id,user_id,role,status,associated_user_id\n"
		    "s1,u1,observer,active,u2\n"
		    "s1,u2,observer,active,u2\n"
		    "s1,u3,student,active,u2\n"),
	    "e.csv:3:23 ROW-SELF error\n"
	    "e.csv:4:22 ROW-IGNORED warning\n"
	    "o.csv:3:4 ROW-SELF error\n" },
	{ "enrollments without a section", 0,
	    PACKAGE("== e.csv\n"
		    "course_id,section_id,user_id,role,status\n"
		    "c1,,u1,ta,active\n"
		    "c1,s1,u1,ta,active\n"),
	    "e.csv:1:0 ROW-DEFAULT-SECTION info\n" },
	{ "a group category of one place", 0,
	    PACKAGE("== g.csv\n"
		    "group_category_id,account_id,course_id,category_name,"
		    "status\n"
		    "g1,a1,,N,active\n"
		    "g2,a1,c1,N,active\n"
		    "g3,,,,active\n"),
	    "g.csv:3:7 ROW-BOTH error\n"
	    "g.csv:4:6 ROW-REQUIRED error\n" },
	{ "only deleted deletes a group", 0,
	    PACKAGE("== g.csv\n"
		    "group_id,name,status\n"
		    "g1,N,Deleted\n"
		    "g2,N,deleted\n"
		    "g3,N,available\n"),
	    "g.csv:2:6 ROW-GROUP-STAYS warning\n" },
	{ "members of groups", 0,
	    PACKAGE("== g.csv\n"
		    "group_id,name,status\n"
		    "g1,N,available\n"
		    "== m.csv\n"
		    "group_id,user_id,status\n"
		    "g1,u1,accepted\n"
		    "g2,u1,accepted\n"
		    "g1,u2,active\n"),
	    "m.csv:3:1 REF-NOT-HERE info\n"
	    "m.csv:4:7 ROW-STATUS error\n" },
	{ "admins must be active", 0,
	    PACKAGE("== a.csv\n"
		    "account_id,parent_account_id,name,status\n"
		    "a1,,N,deleted\n"
		    "== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,deleted\n"
		    "== d.csv\n"
		    "account_id,user_id,role,status\n"
		    "a1,u2,AccountAdmin,active\n"
		    ",u1,AccountAdmin,active\n"),
	    "d.csv:2:1 REF-DELETED error\n"
	    "d.csv:2:4 REF-NOT-HERE info\n"
	    "d.csv:3:2 REF-DELETED error\n" },
	{ "grade publishing", 0,
	    PACKAGE("== g.csv\n"
		    "enrollment_id,grade_publishing_status,message\n"
		    "12,Published,\n"
		    "x,lost,\n"),
	    "g.csv:3:1 ROW-NUMBER error\n"
	    "g.csv:3:3 ROW-WORD error\n" },
	{ "abstract courses", 0,
	    PACKAGE("== t.csv\n"
		    "term_id,name,status\n"
		    "t1,N,active\n"
		    "== b.csv\n"
		    "abstract_course_id,short_name,long_name,status,term_id\n"
		    "x1,a,b,active,t2\n"
		    "x2,,b,active,t1\n"),
	    "b.csv:2:15 REF-TERM-SILENT warning\n"
	    "b.csv:3:4 ROW-REQUIRED error\n" },
	{ "cross-lists", 0,
	    PACKAGE("== c.csv\n"
		    "course_id,short_name,long_name,status\n"
		    "c1,a,b,active\n"
		    "c2,a,b,deleted\n"
		    "== s.csv\n"
		    "section_id,course_id,name,status\n"
		    "s1,c1,n,active\n"
		    "s2,c1,n,deleted\n"
		    "== x.csv\n"
		    "xlist_course_id,section_id,status\n"
		    "c1,s1,active\n"
		    "c2,s1,active\n"
		    "c3,s2,active\n"
		    "c1,s3,deleted\n"),
	    "x.csv:2:1 XLIST-OWN warning\n"
	    "x.csv:3:1 KEY-DUPLICATE warning\n"
	    "x.csv:3:1 XLIST-REVIVES warning\n"
	    "x.csv:4:1 XLIST-CREATES info\n"
	    "x.csv:4:4 REF-DELETED warning\n"
	    "x.csv:5:4 REF-NOT-HERE info\n" },
	{ "ids that change", 0,
	    PACKAGE("== i.csv\n"
		    "old_id,new_id,type\n"
		    "u1,u2,user\n"
		    "u3,u3,user\n"
		    "u4,u2,User\n"
		    "u2,u5,user\n"
		    "x,y,thing\n"
		    ",z,user\n"
		    "u1,u9,course\n"
		    "== users.csv\n"
		    "user_id,login_id,status\n"
		    "u1,a,active\n"
		    "u5,b,active\n"
		    "== e.csv\n"
		    "section_id,user_id,role,status\n"
		    "s1,u1,ta,active\n"),
	    "i.csv:3:4 CHANGE-SAME error\n"
	    "i.csv:4:4 CHANGE-TAKEN error\n"
	    "i.csv:5:1 CHANGE-CHAIN warning\n"
	    "i.csv:6:5 ROW-WORD error\n"
	    "i.csv:7:1 ROW-REQUIRED error\n"
	    "users.csv:2:1 CHANGE-OLD-ID warning\n"
	    "e.csv:2:4 CHANGE-OLD-ID warning\n" },
	{ "group categories have no integration_id", 0,
	    PACKAGE("== i.csv\n"
		    "old_id,new_id,old_integration_id,new_integration_id,"
		    "type\n"
		    "a,b,,,group_category\n"
		    "c,d,,x,group_category\n"),
	    "i.csv:3:8 CHANGE-CATEGORY error\n" },
	{ "a name is never shown", 0,
	    PACKAGE("== users.csv\n"
		    "user_id,login_id,status,first_name,email\n"
		    "u1,a,Mary,Smith,Mary\n"
		    "\"x\033[2Jy\",b,active,Mary,not an address\n"),
	    "users.csv:2:6 ROW-STATUS error\n"
	    "users.csv:2:17 ROW-EMAIL warning\n"
	    "users.csv:3:24 ROW-EMAIL warning\n" },
};

static void
rows_follow_the_rules_of_their_kind(void **state)
{
	(void)state;
	LINT_TEXT_CHECK(row_cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_logins_and_ids_are_unique),
		cmocka_unit_test(
		    references_are_followed_in_the_order_of_import),
		cmocka_unit_test(rows_follow_the_rules_of_their_kind),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
