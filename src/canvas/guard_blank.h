#ifndef CANVAS_GUARD_BLANK_H
#define CANVAS_GUARD_BLANK_H

#include "base/json.h"
#include "roster/finding.h"
#include "roster/roster.h"

/* The cells whose blanks are watched. */
enum guard_blank_kind {
	BLANK_SCHOOL_ID,
	BLANK_SCHOOL_NAME,
	BLANK_TERM_ID,
	BLANK_TERM_NAME,
	BLANK_COURSE_NAME,
	BLANK_SECTION_ID,
	BLANK_SECTION_NAME,
	BLANK_STUDENT_ID,
	BLANK_STUDENT_NAME,
	BLANK_STUDENT_LOGIN,
	BLANK_STAFF_ID,
	BLANK_STAFF_NAME,
	BLANK_STAFF_LOGIN,
	BLANK_EMAIL,
	BLANKS
};

struct guard_blank_cell {
	const char *name;    /* students.login */
	const char *words;   /* logins of students */
	enum table_id table; /* TABLES: students and users */
	enum rule rule;	     /* the finding about a blank one */
};

extern const struct guard_blank_cell guard_blank_cells[BLANKS];

/* Of how many rows in scope how many have a blank there. */
struct guard_blanks {
	struct {
		uint64_t blank, rows;
	} of[BLANKS];
};

/* Counts them from the findings of a run. */
struct guard_blanks guard_blank_count(
    const struct roster *roster, const struct findings *findings);

/* As the manifest's member "blank"; the caller frees it. */
struct json *guard_blank_json(const struct guard_blanks *blanks);

/* The same back; false when the member is NULL or not whole. */
bool guard_blank_read(struct guard_blanks *blanks, const struct json *member);

#endif
