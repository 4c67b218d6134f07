#include "source/feed_queries.h"

/* Five parts, as PowerSchool wants them; the fourth is the schema's name. */
#define NAME(table) "org.rollbook.roster." table ".list"

/*
 * THE TABLE of what the API gives. templates/plugin holds a query of the
 * same name and columns for each row; every column is one that public lists
 * of PowerSchool's columns agree on, because one wrong name keeps the whole
 * plugin from being enabled (powerschool 3.4, 6.10).
 */
static const struct feed_query queries[TABLES] = {
	[T_SCHOOL] = { NAME("schools"),
	    { "dcid", "id", "school_number", "name", "abbreviation",
		"low_grade", "high_grade", "alternate_school_number",
		"issummerschool" },
	    "dcid", false, false },
	[T_TERM] = { NAME("terms"),
	    { "dcid", "id", "schoolid", "yearid", "name", "abbreviation",
		"firstday", "lastday", "portion", "isyearrec" },
	    "dcid", true, false },
	[T_COURSE] = { NAME("courses"),
	    { "dcid", "id", "course_number", "course_name", "schoolid",
		"status" },
	    "dcid", false, false },
	[T_SECTION] = { NAME("sections"),
	    { "dcid", "id", "course_number", "section_number", "schoolid",
		"termid", "teacher", "room", "expression",
		"external_expression" },
	    "dcid", true, false },
	[T_SECTIONTEACHER] = { NAME("sectionteacher"),
	    { "id", "sectionid", "teacherid", "roleid", "start_date",
		"end_date" },
	    "id", true, false },
	[T_ROLEDEF] = { NAME("roledef"), { "id", "name" }, "id", false, true },
	[T_USER] = { NAME("users"),
	    { "dcid", "first_name", "middle_name", "last_name", "preferredname",
		"email_addr", "loginid", "teacherloginid", "teachernumber",
		"homeschoolid" },
	    "dcid", false, false },
	[T_SCHOOLSTAFF] = { NAME("schoolstaff"),
	    { "dcid", "id", "users_dcid", "schoolid", "status", "staffstatus" },
	    "dcid", false, false },
	[T_STUDENT] = { NAME("students"),
	    { "dcid", "id", "student_number", "state_studentnumber",
		"first_name", "middle_name", "last_name", "schoolid",
		"grade_level", "enroll_status", "student_web_id", "person_id",
		"next_school" },
	    "dcid", true, false },
	/* A student may have several addresses, and one address several. */
	[T_STUDENTEMAIL] = { NAME("studentemail"),
	    { "studentsdcid", "email", "isprimary" }, NULL, true, true },
	[T_CC] = { NAME("cc"),
	    { "dcid", "id", "studentid", "sectionid", "termid", "dateenrolled",
		"dateleft" },
	    "dcid", true, false },
};

const struct feed_query *
feed_queries_of(enum table_id table)
{
	return &queries[table];
}
