#include <string.h>

#include "roster/schema.h"

#define NEEDED_KEY (FIELD_NEEDED | FIELD_KEY)
#define RULE_KEY (FIELD_RULE | FIELD_KEY)
#define RULE_ASIDE (FIELD_RULE | FIELD_NOT_COMPARED)

/*
 * THE TABLE of what a roster holds: every PowerSchool column that a rule or a
 * naming template can reach (reference: powerschool 6). A field without
 * NEEDED or RULE is read only when a template names it.
 */
const struct table_schema schema[TABLES] = {
	[T_SCHOOL] = { "schools", "school",
	    {
		{ "school_number", FIELD_TEXT, NEEDED_KEY },
		{ "name", FIELD_TEXT, FIELD_NEEDED },
		{ "dcid", FIELD_TEXT, 0 },
		{ "id", FIELD_TEXT, 0 },
		{ "abbreviation", FIELD_TEXT, 0 },
		{ "low_grade", FIELD_TEXT, 0 },
		{ "high_grade", FIELD_TEXT, 0 },
		{ "schoolgroup", FIELD_TEXT, 0 },
		{ "alternate_school_number", FIELD_TEXT, 0 },
		{ "issummerschool", FIELD_TEXT, 0 },
	    } },
	[T_TERM] = { "terms", "term",
	    {
		{ "id", FIELD_SIGNED_ID, NEEDED_KEY },
		{ "schoolid", FIELD_TEXT, NEEDED_KEY },
		{ "yearid", FIELD_TEXT, FIELD_NEEDED },
		{ "name", FIELD_TEXT, FIELD_NEEDED },
		{ "firstday", FIELD_DATE, FIELD_NEEDED },
		{ "lastday", FIELD_DATE, FIELD_NEEDED },
		{ "dcid", FIELD_TEXT, 0 },
		{ "abbreviation", FIELD_TEXT, 0 },
		{ "portion", FIELD_TEXT, 0 },
		{ "isyearrec", FIELD_TEXT, 0 },
	    } },
	[T_COURSE] = { "courses", "course",
	    {
		{ "course_number", FIELD_TEXT, NEEDED_KEY },
		{ "course_name", FIELD_TEXT, FIELD_NEEDED },
		{ "dcid", FIELD_TEXT, 0 },
		{ "id", FIELD_TEXT, 0 },
		{ "schoolid", FIELD_TEXT, 0 },
		{ "status", FIELD_TEXT, 0 },
		{ "credittype", FIELD_TEXT, 0 },
		{ "code", FIELD_TEXT, 0 },
	    } },
	[T_SECTION] = { "sections", "section",
	    {
		{ "dcid", FIELD_TEXT, FIELD_NEEDED },
		{ "id", FIELD_SIGNED_ID, NEEDED_KEY },
		{ "course_number", FIELD_TEXT, FIELD_NEEDED },
		{ "section_number", FIELD_TEXT, FIELD_NEEDED },
		{ "schoolid", FIELD_TEXT, FIELD_NEEDED },
		{ "termid", FIELD_SIGNED_ID, FIELD_NEEDED },
		{ "teacher", FIELD_TEXT, FIELD_RULE },
		{ "room", FIELD_TEXT, 0 },
		{ "expression", FIELD_TEXT, 0 },
		{ "external_expression", FIELD_TEXT, 0 },
		{ "grade_level", FIELD_TEXT, 0 },
	    } },
	[T_STUDENT] = { "students", "student",
	    {
		{ "dcid", FIELD_TEXT, FIELD_NEEDED },
		{ "id", FIELD_TEXT, NEEDED_KEY },
		{ "first_name", FIELD_TEXT, FIELD_NEEDED },
		{ "last_name", FIELD_TEXT, FIELD_NEEDED },
		{ "schoolid", FIELD_TEXT, FIELD_NEEDED },
		{ "enroll_status", FIELD_TEXT, FIELD_NEEDED },
		{ "student_number", FIELD_TEXT, FIELD_RULE },
		{ "email", FIELD_TEXT, 0 },
		{ "email_addr", FIELD_TEXT, 0 },
		{ "student_email", FIELD_TEXT, 0 },
		{ "student_web_id", FIELD_TEXT, 0 },
		{ "state_studentnumber", FIELD_TEXT, 0 },
		{ "middle_name", FIELD_TEXT, 0 },
		{ "grade_level", FIELD_TEXT, 0 },
		{ "home_room", FIELD_TEXT, 0 },
		{ "next_school", FIELD_TEXT, 0 },
		{ "person_id", FIELD_TEXT, 0 },
		{ "web_id", FIELD_TEXT, 0 },
	    } },
	[T_USER] = { "users", "user",
	    {
		{ "dcid", FIELD_TEXT, NEEDED_KEY },
		{ "first_name", FIELD_TEXT, FIELD_NEEDED },
		{ "last_name", FIELD_TEXT, FIELD_NEEDED },
		{ "homeschoolid", FIELD_TEXT, FIELD_RULE },
		{ "teachernumber", FIELD_TEXT, FIELD_RULE },
		{ "email_addr", FIELD_TEXT, 0 },
		{ "loginid", FIELD_TEXT, 0 },
		{ "teacherloginid", FIELD_TEXT, 0 },
		{ "middle_name", FIELD_TEXT, 0 },
		{ "preferredname", FIELD_TEXT, 0 },
		{ "title", FIELD_TEXT, 0 },
	    } },
	[T_SCHOOLSTAFF] = { "schoolstaff", "schoolstaff",
	    {
		{ "id", FIELD_TEXT, NEEDED_KEY },
		{ "users_dcid", FIELD_TEXT, FIELD_NEEDED },
		{ "schoolid", FIELD_TEXT, FIELD_NEEDED },
		{ "status", FIELD_TEXT, FIELD_RULE },
		{ "dcid", FIELD_TEXT, RULE_ASIDE },
		{ "staffstatus", FIELD_TEXT, 0 },
	    } },
	[T_CC] = { "cc", "cc",
	    {
		{ "studentid", FIELD_TEXT, FIELD_NEEDED },
		{ "sectionid", FIELD_SIGNED_ID, FIELD_NEEDED },
		{ "dateenrolled", FIELD_DATE, FIELD_NEEDED },
		{ "dateleft", FIELD_DATE, FIELD_NEEDED },
		{ "termid", FIELD_SIGNED_ID, FIELD_RULE },
		{ "id", FIELD_TEXT, RULE_KEY },
		{ "dcid", FIELD_TEXT, RULE_ASIDE },
	    } },
	[T_SECTIONTEACHER] = { "sectionteacher", "sectionteacher",
	    {
		{ "sectionid", FIELD_SIGNED_ID, FIELD_NEEDED },
		{ "teacherid", FIELD_TEXT, FIELD_NEEDED },
		{ "roleid", FIELD_TEXT, FIELD_RULE },
		{ "start_date", FIELD_DATE, FIELD_RULE },
		{ "end_date", FIELD_DATE, FIELD_RULE },
		{ "id", FIELD_TEXT, RULE_KEY },
		{ "dcid", FIELD_TEXT, RULE_ASIDE },
	    } },
	[T_ROLEDEF] = { "roledef", "roledef",
	    {
		{ "id", FIELD_TEXT, NEEDED_KEY },
		{ "name", FIELD_TEXT, FIELD_NEEDED },
	    } },
	[T_STUDENTEMAIL] = { "studentemail", "studentemail",
	    {
		{ "studentid", FIELD_TEXT, FIELD_RULE },
		{ "studentsdcid", FIELD_TEXT, FIELD_RULE },
		{ "email", FIELD_TEXT, FIELD_RULE },
		{ "email_addr", FIELD_TEXT, FIELD_RULE },
		{ "student_email", FIELD_TEXT, FIELD_RULE },
		{ "isprimary", FIELD_TEXT, FIELD_RULE },
		{ "primary", FIELD_TEXT, FIELD_RULE },
	    } },
};

int
schema_field(enum table_id table, const char *name, size_t len)
{
	const struct field *fields;
	int i;

	fields = schema[table].fields;
	for (i = 0; fields[i].name != NULL; i++) {
		if (strlen(fields[i].name) == len &&
		    memcmp(fields[i].name, name, len) == 0)
			return i;
	}
	return -1;
}

int
schema_table(const char *word, size_t len)
{
	int i;

	for (i = 0; i < TABLES; i++) {
		if (strlen(schema[i].word) == len &&
		    memcmp(schema[i].word, word, len) == 0)
			return i;
	}
	return -1;
}
