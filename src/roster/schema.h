#ifndef ROSTER_SCHEMA_H
#define ROSTER_SCHEMA_H

#include <stddef.h>

/* The tables that a roster holds, in the order in which parents come first. */
enum table_id {
	T_SCHOOL,
	T_TERM,
	T_COURSE,
	T_SECTION,
	T_STUDENT,
	T_USER,
	T_SCHOOLSTAFF,
	T_CC,
	T_SECTIONTEACHER,
	T_ROLEDEF,
	T_STUDENTEMAIL,
	TABLES
};

/* The fields of each table, in the order of schema.c. */
enum { SCHOOL_NUMBER, SCHOOL_NAME };
enum {
	TERM_ID,
	TERM_SCHOOLID,
	TERM_YEARID,
	TERM_NAME,
	TERM_FIRSTDAY,
	TERM_LASTDAY
};
enum { COURSE_NUMBER, COURSE_NAME };
enum {
	SECTION_DCID,
	SECTION_ID,
	SECTION_COURSE_NUMBER,
	SECTION_NUMBER,
	SECTION_SCHOOLID,
	SECTION_TERMID,
	SECTION_TEACHER
};
enum {
	STUDENT_DCID,
	STUDENT_ID,
	STUDENT_FIRST_NAME,
	STUDENT_LAST_NAME,
	STUDENT_SCHOOLID,
	STUDENT_ENROLL_STATUS,
	STUDENT_NUMBER
};
enum {
	USER_DCID,
	USER_FIRST_NAME,
	USER_LAST_NAME,
	USER_HOMESCHOOLID,
	USER_TEACHERNUMBER
};
enum {
	SCHOOLSTAFF_ID,
	SCHOOLSTAFF_USERS_DCID,
	SCHOOLSTAFF_SCHOOLID,
	SCHOOLSTAFF_STATUS,
	SCHOOLSTAFF_DCID
};
enum {
	CC_STUDENTID,
	CC_SECTIONID,
	CC_DATEENROLLED,
	CC_DATELEFT,
	CC_TERMID,
	CC_ID,
	CC_DCID
};
enum {
	SECTIONTEACHER_SECTIONID,
	SECTIONTEACHER_TEACHERID,
	SECTIONTEACHER_ROLEID,
	SECTIONTEACHER_START_DATE,
	SECTIONTEACHER_END_DATE,
	SECTIONTEACHER_ID,
	SECTIONTEACHER_DCID
};
enum { ROLEDEF_ID, ROLEDEF_NAME };
enum {
	STUDENTEMAIL_STUDENTID,
	STUDENTEMAIL_STUDENTSDCID,
	STUDENTEMAIL_EMAIL,
	STUDENTEMAIL_EMAIL_ADDR,
	STUDENTEMAIL_STUDENT_EMAIL,
	STUDENTEMAIL_ISPRIMARY,
	STUDENTEMAIL_PRIMARY
};

#define FIELDS_MAX 24 /* fields of the widest table */

enum field_type {
	FIELD_TEXT,	 /* a sym */
	FIELD_SIGNED_ID, /* a sym without its minus sign, which is flagged */
	FIELD_DATE	 /* days, DATE_BLANK or DATE_BAD (base/date.h) */
};

/* What a field is for; more than one may hold. */
enum {
	FIELD_NEEDED = 1,      /* the export must have the column */
	FIELD_RULE = 2,	       /* a rule reads it: bound when present */
	FIELD_KEY = 4,	       /* part of the join key */
	FIELD_NOT_COMPARED = 8 /* not part of a row's content */
};

struct field {
	const char *name; /* PowerSchool's column name, lower case */
	enum field_type type;
	unsigned use;
};

struct table_schema {
	const char *name; /* the file's table name: "students" */
	const char *word; /* one row's name in templates: "student" */
	struct field fields[FIELDS_MAX]; /* ends with a NULL name */
};

extern const struct table_schema schema[TABLES];

/* The field of a table by its name, -1 when there is none. */
int schema_field(enum table_id table, const char *name, size_t len);

/* The table by its template word, -1 when there is none. */
int schema_table(const char *word, size_t len);

#endif
