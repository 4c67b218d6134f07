#ifndef SOURCE_ONEROSTER_TABLES_H
#define SOURCE_ONEROSTER_TABLES_H

#include <stddef.h>

#include "roster/schema.h"
#include "source/feeds.h"

/* The files of a OneRoster 1.1 set that are read, in this order. */
enum oneroster_table {
	OR_MANIFEST,
	OR_ORG,
	OR_SESSION,
	OR_COURSE,
	OR_CLASS,
	OR_USER,
	OR_ENROLLMENT,
	OR_TABLES
};

/* The columns of each, in the order of oneroster_tables.c. */
enum { OR_SOURCEDID, OR_STATUS }; /* in front of all but the manifest's */
enum { OR_PROPERTY, OR_VALUE };
enum { OR_ORG_NAME = OR_STATUS + 1, OR_ORG_TYPE, OR_ORG_IDENTIFIER };
enum {
	OR_SESSION_TITLE = OR_STATUS + 1,
	OR_SESSION_START,
	OR_SESSION_END,
	OR_SESSION_PARENT,
	OR_SESSION_YEAR
};
enum { OR_COURSE_TITLE = OR_STATUS + 1, OR_COURSE_CODE };
enum {
	OR_CLASS_TITLE = OR_STATUS + 1,
	OR_CLASS_COURSE,
	OR_CLASS_CODE,
	OR_CLASS_SCHOOL,
	OR_CLASS_TERMS,
	OR_CLASS_LOCATION,
	OR_CLASS_PERIODS,
	OR_CLASS_GRADES
};
enum {
	OR_USER_ENABLED = OR_STATUS + 1,
	OR_USER_ORGS,
	OR_USER_ROLE,
	OR_USER_USERNAME,
	OR_USER_GIVEN,
	OR_USER_FAMILY,
	OR_USER_MIDDLE,
	OR_USER_IDENTIFIER,
	OR_USER_EMAIL,
	OR_USER_GRADES
};
enum {
	OR_ENROLLMENT_CLASS = OR_STATUS + 1,
	OR_ENROLLMENT_USER,
	OR_ENROLLMENT_ROLE,
	OR_ENROLLMENT_PRIMARY,
	OR_ENROLLMENT_BEGIN,
	OR_ENROLLMENT_END
};

extern const struct table_schema oneroster_tables[OR_TABLES];

/* How the reader of export files sees them; in their order. */
extern const struct feed oneroster_tables_feeds[OR_TABLES];

/* What a cell of OneRoster becomes in a PowerSchool table. */
struct oneroster_fill {
	enum oneroster_table from;
	unsigned column;
	enum table_id table;
	const char *field;
	const char *how; /* the rule that makes the value; NULL: it is copied */
};

extern const struct oneroster_fill oneroster_tables_fills[]; /* ends with a
							      * NULL field */

#endif
