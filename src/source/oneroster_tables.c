#include "source/oneroster_tables.h"

#define ROW_ID                                                                 \
	{ "sourcedId", FIELD_TEXT, FIELD_NEEDED },                             \
	{                                                                      \
		"status", FIELD_TEXT, FIELD_RULE                               \
	}

/*
 * The files and columns of OneRoster 1.1 CSV that are read (reference:
 * powerschool 7.3). A column without NEEDED or RULE is read only when what it
 * fills is asked for. demographics.csv and passwords are not here: nothing
 * needs them, so nothing reads them.
 */
const struct table_schema oneroster_tables[OR_TABLES] = {
	[OR_MANIFEST] = { "manifest", "property",
	    {
		{ "propertyName", FIELD_TEXT, FIELD_NEEDED },
		{ "value", FIELD_TEXT, FIELD_NEEDED },
	    } },
	[OR_ORG] = { "orgs", "org",
	    {
		ROW_ID,
		{ "name", FIELD_TEXT, FIELD_NEEDED },
		{ "type", FIELD_TEXT, FIELD_NEEDED },
		{ "identifier", FIELD_TEXT, FIELD_RULE },
	    } },
	[OR_SESSION] = { "academicSessions", "session",
	    {
		ROW_ID,
		{ "title", FIELD_TEXT, FIELD_NEEDED },
		{ "startDate", FIELD_DATE, FIELD_NEEDED },
		{ "endDate", FIELD_DATE, FIELD_NEEDED },
		{ "parentSourcedId", FIELD_TEXT, FIELD_RULE },
		{ "schoolYear", FIELD_TEXT, FIELD_RULE },
	    } },
	[OR_COURSE] = { "courses", "course",
	    {
		ROW_ID,
		{ "title", FIELD_TEXT, FIELD_NEEDED },
		{ "courseCode", FIELD_TEXT, FIELD_RULE },
	    } },
	[OR_CLASS] = { "classes", "class",
	    {
		ROW_ID,
		{ "title", FIELD_TEXT, FIELD_RULE },
		{ "courseSourcedId", FIELD_TEXT, FIELD_NEEDED },
		{ "classCode", FIELD_TEXT, FIELD_RULE },
		{ "schoolSourcedId", FIELD_TEXT, FIELD_NEEDED },
		{ "termSourcedIds", FIELD_TEXT, FIELD_NEEDED },
		{ "location", FIELD_TEXT, 0 },
		{ "periods", FIELD_TEXT, 0 },
		{ "grades", FIELD_TEXT, 0 },
	    } },
	[OR_USER] = { "users", "user",
	    {
		ROW_ID,
		{ "enabledUser", FIELD_TEXT, FIELD_RULE },
		{ "orgSourcedIds", FIELD_TEXT, FIELD_NEEDED },
		{ "role", FIELD_TEXT, FIELD_NEEDED },
		{ "username", FIELD_TEXT, 0 },
		{ "givenName", FIELD_TEXT, FIELD_NEEDED },
		{ "familyName", FIELD_TEXT, FIELD_NEEDED },
		{ "middleName", FIELD_TEXT, 0 },
		{ "identifier", FIELD_TEXT, 0 },
		{ "email", FIELD_TEXT, 0 },
		{ "grades", FIELD_TEXT, 0 },
	    } },
	[OR_ENROLLMENT] = { "enrollments", "enrollment",
	    {
		{ "sourcedId", FIELD_TEXT, FIELD_RULE },
		{ "status", FIELD_TEXT, FIELD_RULE },
		{ "classSourcedId", FIELD_TEXT, FIELD_NEEDED },
		{ "userSourcedId", FIELD_TEXT, FIELD_NEEDED },
		{ "role", FIELD_TEXT, FIELD_NEEDED },
		{ "primary", FIELD_TEXT, FIELD_RULE },
		{ "beginDate", FIELD_DATE, FIELD_RULE },
		{ "endDate", FIELD_DATE, FIELD_RULE },
	    } },
};

/* A header cell is a name as a whole: metadata.role is not role. */
#define FEED(name, table)                                                      \
	{                                                                      \
		name, NULL, 0, 1, { (enum table_id)(table) },                  \
		{                                                              \
			{                                                      \
				0                                              \
			}                                                      \
		}                                                              \
	}

const struct feed oneroster_tables_feeds[OR_TABLES] = {
	FEED("manifest", OR_MANIFEST),
	FEED("orgs", OR_ORG),
	FEED("academicSessions", OR_SESSION),
	FEED("courses", OR_COURSE),
	FEED("classes", OR_CLASS),
	FEED("users", OR_USER),
	FEED("enrollments", OR_ENROLLMENT),
};

#define AS_IT_IS NULL

/*
 * THE TABLE of what fills what. course.id and course.dcid stay blank: a set
 * may hold one course once for each school, each with its own sourcedId.
 */
const struct oneroster_fill oneroster_tables_fills[] = {
	{ OR_ORG, OR_ORG_IDENTIFIER, T_SCHOOL, "school_number",
	    "the sourcedId where it is blank" },
	{ OR_ORG, OR_ORG_NAME, T_SCHOOL, "name", AS_IT_IS },
	{ OR_ORG, OR_SOURCEDID, T_SCHOOL, "dcid", AS_IT_IS },
	{ OR_ORG, OR_SOURCEDID, T_SCHOOL, "id", AS_IT_IS },
	{ OR_ORG, OR_ORG_IDENTIFIER, T_SCHOOL, "alternate_school_number",
	    AS_IT_IS },

	{ OR_SESSION, OR_SOURCEDID, T_TERM, "id", AS_IT_IS },
	{ OR_CLASS, OR_CLASS_SCHOOL, T_TERM, "schoolid",
	    "one term for each school with a class in the session" },
	{ OR_SESSION, OR_SESSION_YEAR, T_TERM, "yearid",
	    "the year in which the school year ends, less 1991; where it "
	    "is blank, the year of startDate, turning over on 1 July" },
	{ OR_SESSION, OR_SESSION_TITLE, T_TERM, "name", AS_IT_IS },
	{ OR_SESSION, OR_SESSION_START, T_TERM, "firstday", AS_IT_IS },
	{ OR_SESSION, OR_SESSION_END, T_TERM, "lastday", "the day before" },
	{ OR_SESSION, OR_SOURCEDID, T_TERM, "dcid", AS_IT_IS },

	{ OR_COURSE, OR_COURSE_CODE, T_COURSE, "course_number",
	    "the sourcedId where it is blank" },
	{ OR_COURSE, OR_COURSE_TITLE, T_COURSE, "course_name", AS_IT_IS },
	{ OR_COURSE, OR_COURSE_CODE, T_COURSE, "code", AS_IT_IS },

	{ OR_CLASS, OR_SOURCEDID, T_SECTION, "dcid", AS_IT_IS },
	{ OR_CLASS, OR_SOURCEDID, T_SECTION, "id", AS_IT_IS },
	{ OR_CLASS, OR_CLASS_COURSE, T_SECTION, "course_number",
	    "the course_number of that course" },
	{ OR_CLASS, OR_CLASS_CODE, T_SECTION, "section_number",
	    "the title where it is blank" },
	{ OR_CLASS, OR_CLASS_SCHOOL, T_SECTION, "schoolid",
	    "the school_number of that org" },
	{ OR_CLASS, OR_CLASS_TERMS, T_SECTION, "termid",
	    "of several sessions the shortest that covers them all, a "
	    "parent of theirs if need be, else the longest" },
	{ OR_ENROLLMENT, OR_ENROLLMENT_PRIMARY, T_SECTION, "teacher",
	    "the primary teacher" },
	{ OR_CLASS, OR_CLASS_LOCATION, T_SECTION, "room", AS_IT_IS },
	{ OR_CLASS, OR_CLASS_PERIODS, T_SECTION, "expression", AS_IT_IS },
	{ OR_CLASS, OR_CLASS_GRADES, T_SECTION, "grade_level", AS_IT_IS },

	{ OR_USER, OR_SOURCEDID, T_STUDENT, "dcid", AS_IT_IS },
	{ OR_USER, OR_SOURCEDID, T_STUDENT, "id", AS_IT_IS },
	{ OR_USER, OR_USER_GIVEN, T_STUDENT, "first_name", AS_IT_IS },
	{ OR_USER, OR_USER_FAMILY, T_STUDENT, "last_name", AS_IT_IS },
	{ OR_USER, OR_USER_ORGS, T_STUDENT, "schoolid",
	    "the school_number of the first school" },
	{ OR_USER, OR_USER_ENABLED, T_STUDENT, "enroll_status",
	    "false is 1, all else 0" },
	{ OR_USER, OR_USER_IDENTIFIER, T_STUDENT, "student_number", AS_IT_IS },
	{ OR_USER, OR_USER_EMAIL, T_STUDENT, "email", AS_IT_IS },
	{ OR_USER, OR_USER_USERNAME, T_STUDENT, "student_web_id", AS_IT_IS },
	{ OR_USER, OR_USER_MIDDLE, T_STUDENT, "middle_name", AS_IT_IS },
	{ OR_USER, OR_USER_GRADES, T_STUDENT, "grade_level", AS_IT_IS },

	{ OR_USER, OR_SOURCEDID, T_USER, "dcid", AS_IT_IS },
	{ OR_USER, OR_USER_GIVEN, T_USER, "first_name", AS_IT_IS },
	{ OR_USER, OR_USER_FAMILY, T_USER, "last_name", AS_IT_IS },
	{ OR_USER, OR_USER_ORGS, T_USER, "homeschoolid",
	    "the school_number of the first school" },
	{ OR_USER, OR_USER_IDENTIFIER, T_USER, "teachernumber", AS_IT_IS },
	{ OR_USER, OR_USER_EMAIL, T_USER, "email_addr", AS_IT_IS },
	{ OR_USER, OR_USER_USERNAME, T_USER, "teacherloginid", AS_IT_IS },
	{ OR_USER, OR_USER_MIDDLE, T_USER, "middle_name", AS_IT_IS },

	{ OR_USER, OR_SOURCEDID, T_SCHOOLSTAFF, "id",
	    "with a slash and the org's sourcedId behind it" },
	{ OR_USER, OR_SOURCEDID, T_SCHOOLSTAFF, "users_dcid", AS_IT_IS },
	{ OR_USER, OR_USER_ORGS, T_SCHOOLSTAFF, "schoolid",
	    "one row for each org; the district office, 0, for an org "
	    "that is no school" },
	{ OR_USER, OR_USER_ENABLED, T_SCHOOLSTAFF, "status",
	    "false is 2, all else 1" },

	{ OR_ENROLLMENT, OR_SOURCEDID, T_CC, "id", AS_IT_IS },
	{ OR_ENROLLMENT, OR_ENROLLMENT_USER, T_CC, "studentid", AS_IT_IS },
	{ OR_ENROLLMENT, OR_ENROLLMENT_CLASS, T_CC, "sectionid", AS_IT_IS },
	{ OR_CLASS, OR_CLASS_TERMS, T_CC, "termid",
	    "the session of the class" },
	{ OR_ENROLLMENT, OR_ENROLLMENT_BEGIN, T_CC, "dateenrolled",
	    "startDate of the class's session where it is blank" },
	{ OR_ENROLLMENT, OR_ENROLLMENT_END, T_CC, "dateleft",
	    "endDate of the class's session where it is blank" },

	{ OR_ENROLLMENT, OR_SOURCEDID, T_SECTIONTEACHER, "id", AS_IT_IS },
	{ OR_ENROLLMENT, OR_ENROLLMENT_CLASS, T_SECTIONTEACHER, "sectionid",
	    AS_IT_IS },
	{ OR_ENROLLMENT, OR_ENROLLMENT_USER, T_SECTIONTEACHER, "teacherid",
	    "that user at the class's school, else at the first org" },
	{ OR_ENROLLMENT, OR_ENROLLMENT_ROLE, T_SECTIONTEACHER, "roleid",
	    "the role; of a teacher Lead Teacher or Co-teacher, by "
	    "primary" },
	{ OR_ENROLLMENT, OR_ENROLLMENT_BEGIN, T_SECTIONTEACHER, "start_date",
	    AS_IT_IS },
	{ OR_ENROLLMENT, OR_ENROLLMENT_END, T_SECTIONTEACHER, "end_date",
	    "the day before" },

	{ OR_ENROLLMENT, OR_ENROLLMENT_ROLE, T_ROLEDEF, "id",
	    "one row for each role that there is" },
	{ OR_ENROLLMENT, OR_ENROLLMENT_ROLE, T_ROLEDEF, "name", "the same" },
	{ 0 },
};
