#include <string.h>
#include <strings.h>

#include "sim_tables.h"

/*
 * THE TABLE of what the server knows. The columns that are marked true are
 * those that the PowerQueries of the plugin declare; passwords and other
 * private columns of an export are not there at all.
 */
const struct sim_table_def sim_tables[SIM_TABLES] = {
	[SIM_SCHOOLS] = { "schools", "Schools", true, false,
	    {
		{ "dcid", SIM_NUMBER, true },
		{ "id", SIM_NUMBER, true },
		{ "school_number", SIM_NUMBER, true },
		{ "name", SIM_TEXT, true },
		{ "abbreviation", SIM_TEXT, true },
		{ "low_grade", SIM_NUMBER, true },
		{ "high_grade", SIM_NUMBER, true },
		{ "alternate_school_number", SIM_NUMBER, true },
		{ "issummerschool", SIM_NUMBER, true },
		{ "schoolgroup", SIM_NUMBER, false },
		{ "sortorder", SIM_NUMBER, false },
		{ "principalemail", SIM_TEXT, false },
	    } },
	[SIM_TERMS] = { "terms", "Terms", true, true,
	    {
		{ "dcid", SIM_NUMBER, true },
		{ "id", SIM_NUMBER, true },
		{ "schoolid", SIM_NUMBER, true },
		{ "yearid", SIM_NUMBER, true },
		{ "name", SIM_TEXT, true },
		{ "abbreviation", SIM_TEXT, true },
		{ "firstday", SIM_DATE, true },
		{ "lastday", SIM_DATE, true },
		{ "portion", SIM_NUMBER, true },
		{ "isyearrec", SIM_NUMBER, true },
	    } },
	[SIM_COURSES] = { "courses", "Courses", true, false,
	    {
		{ "dcid", SIM_NUMBER, true },
		{ "id", SIM_NUMBER, true },
		{ "course_number", SIM_TEXT, true },
		{ "course_name", SIM_TEXT, true },
		{ "schoolid", SIM_NUMBER, true },
		{ "status", SIM_NUMBER, true },
		{ "code", SIM_TEXT, false },
		{ "credittype", SIM_TEXT, false },
		{ "credit_hours", SIM_NUMBER, false },
	    } },
	[SIM_SECTIONS] = { "sections", "Sections", true, true,
	    {
		{ "dcid", SIM_NUMBER, true },
		{ "id", SIM_NUMBER, true },
		{ "course_number", SIM_TEXT, true },
		{ "section_number", SIM_TEXT, true },
		{ "schoolid", SIM_NUMBER, true },
		{ "termid", SIM_NUMBER, true },
		{ "teacher", SIM_NUMBER, true },
		{ "room", SIM_TEXT, true },
		{ "expression", SIM_TEXT, true },
		{ "external_expression", SIM_TEXT, true },
		{ "grade_level", SIM_NUMBER, false },
		{ "no_of_students", SIM_NUMBER, false },
		{ "maxenrollment", SIM_NUMBER, false },
		{ "gradebooktype", SIM_TEXT, false },
	    } },
	[SIM_SECTIONTEACHER] = { "sectionteacher", "SectionTeacher", true, true,
	    {
		{ "id", SIM_NUMBER, true },
		{ "sectionid", SIM_NUMBER, true },
		{ "teacherid", SIM_NUMBER, true },
		{ "roleid", SIM_NUMBER, true },
		{ "start_date", SIM_DATE, true },
		{ "end_date", SIM_DATE, true },
		{ "allocation", SIM_NUMBER, false },
		{ "priorityorder", SIM_NUMBER, false },
	    } },
	[SIM_ROLEDEF] = { "roledef", "RoleDef", true, false,
	    {
		{ "id", SIM_NUMBER, true },
		{ "name", SIM_TEXT, true },
		{ "rolekey", SIM_TEXT, false },
		{ "sortorder", SIM_NUMBER, false },
	    } },
	[SIM_USERS] = { "users", "Users", true, false,
	    {
		{ "dcid", SIM_NUMBER, true },
		{ "first_name", SIM_TEXT, true },
		{ "middle_name", SIM_TEXT, true },
		{ "last_name", SIM_TEXT, true },
		{ "preferredname", SIM_TEXT, true },
		{ "email_addr", SIM_TEXT, true },
		{ "loginid", SIM_TEXT, true },
		{ "teacherloginid", SIM_TEXT, true },
		{ "teachernumber", SIM_TEXT, true },
		{ "homeschoolid", SIM_NUMBER, true },
		{ "lastfirst", SIM_TEXT, false },
		{ "title", SIM_TEXT, false },
		{ "psaccess", SIM_NUMBER, false },
		{ "ptaccess", SIM_NUMBER, false },
	    } },
	[SIM_SCHOOLSTAFF] = { "schoolstaff", "SchoolStaff", true, false,
	    {
		{ "dcid", SIM_NUMBER, true },
		{ "id", SIM_NUMBER, true },
		{ "users_dcid", SIM_NUMBER, true },
		{ "schoolid", SIM_NUMBER, true },
		{ "status", SIM_NUMBER, true },
		{ "staffstatus", SIM_NUMBER, true },
	    } },
	[SIM_STUDENTS] = { "students", "Students", true, true,
	    {
		{ "dcid", SIM_NUMBER, true },
		{ "id", SIM_NUMBER, true },
		{ "student_number", SIM_NUMBER, true },
		{ "state_studentnumber", SIM_TEXT, true },
		{ "first_name", SIM_TEXT, true },
		{ "middle_name", SIM_TEXT, true },
		{ "last_name", SIM_TEXT, true },
		{ "schoolid", SIM_NUMBER, true },
		{ "grade_level", SIM_NUMBER, true },
		{ "enroll_status", SIM_NUMBER, true },
		{ "student_web_id", SIM_TEXT, true },
		{ "person_id", SIM_NUMBER, true },
		{ "next_school", SIM_NUMBER, true },
		{ "enrollment_schoolid", SIM_NUMBER, false },
		{ "entrydate", SIM_DATE, false },
		{ "exitdate", SIM_DATE, false },
		{ "lastfirst", SIM_TEXT, false },
		{ "home_room", SIM_TEXT, false },
		{ "web_id", SIM_TEXT, false },
	    } },
	[SIM_STUDENTEMAIL] = { "studentemail", "StudentEmail", false, true,
	    {
		{ "studentsdcid", SIM_NUMBER, true },
		{ "email", SIM_TEXT, true },
		{ "isprimary", SIM_NUMBER, true },
		{ "studentid", SIM_NUMBER, false },
	    } },
	[SIM_CC] = { "cc", "CC", true, true,
	    {
		{ "dcid", SIM_NUMBER, true },
		{ "id", SIM_NUMBER, true },
		{ "studentid", SIM_NUMBER, true },
		{ "sectionid", SIM_NUMBER, true },
		{ "termid", SIM_NUMBER, true },
		{ "dateenrolled", SIM_DATE, true },
		{ "dateleft", SIM_DATE, true },
		{ "origsectionid", SIM_NUMBER, false },
		{ "schoolid", SIM_NUMBER, false },
		{ "teacherid", SIM_NUMBER, false },
		{ "course_number", SIM_TEXT, false },
		{ "section_number", SIM_TEXT, false },
		{ "expression", SIM_TEXT, false },
	    } },
	[SIM_PERSON] = { "person", "Person", true, false,
	    {
		{ "dcid", SIM_NUMBER, false },
		{ "id", SIM_NUMBER, false },
	    } },
	[SIM_PERSONEMAIL] = { "personemailaddressassoc",
	    "PersonEmailAddressAssoc", true, false,
	    {
		{ "personemailaddressassocid", SIM_NUMBER, false },
		{ "personid", SIM_NUMBER, false },
		{ "emailaddressid", SIM_NUMBER, false },
		{ "isprimaryemailaddress", SIM_NUMBER, false },
		{ "emailaddresspriorityorder", SIM_NUMBER, false },
	    } },
	[SIM_EMAILADDRESS] = { "emailaddress", "EmailAddress", true, false,
	    {
		{ "emailaddressid", SIM_NUMBER, false },
		{ "emailaddress", SIM_TEXT, false },
	    } },
};

int
sim_table_find(const char *name, size_t len)
{
	int t;

	for (t = 0; t < SIM_TABLES; t++) {
		if (strlen(sim_tables[t].name) == len &&
		    strncasecmp(sim_tables[t].name, name, len) == 0)
			return t;
	}
	return -1;
}

int
sim_column_find(const struct sim_table_def *def, const char *name, size_t len)
{
	int c;

	for (c = 0; def->columns[c].name != NULL; c++) {
		if (strlen(def->columns[c].name) == len &&
		    strncasecmp(def->columns[c].name, name, len) == 0)
			return c;
	}
	return -1;
}
