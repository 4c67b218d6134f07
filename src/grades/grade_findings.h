#ifndef GRADES_GRADE_FINDINGS_H
#define GRADES_GRADE_FINDINGS_H

#include <stddef.h>

#include "base/buf.h"

/*
 * What could not travel as it is, or travelled changed, with what was done
 * about it (grades B4). Findings name Canvas ids and student numbers, never a
 * person.
 */

enum grade_severity {
	GRADE_ERROR,
	GRADE_WARNING,
	GRADE_INFO,
	GRADE_SEVERITIES
};

enum grade_rule {
	GRADE_STUDENT_UNKNOWN,
	GRADE_STUDENT_NO_ID,
	GRADE_STUDENT_TWICE,
	GRADE_STUDENT_INACTIVE,
	GRADE_SECTION_UNKNOWN,
	GRADE_SECTION_NAMED,
	GRADE_NOT_PUBLISHED,
	GRADE_NOT_GRADED,
	GRADE_NOT_FOR_SIS,
	GRADE_NO_SIS_MARK,
	GRADE_NOT_GIVEN,
	GRADE_NOTHING_GRADED,
	GRADE_ALL_UNPOSTED,
	GRADE_UNPOSTED,
	GRADE_UNGRADED,
	GRADE_DUE_MISSING,
	GRADE_DUE_BAD,
	GRADE_DUE_OUTSIDE,
	GRADE_DUE_SINGLE,
	GRADE_MASTERY_PATHS,
	GRADE_SOME_STUDENTS,
	GRADE_NAME_LONG,
	GRADE_NAME_CUT,
	GRADE_NAME_TWICE,
	GRADE_NAME_BLANK,
	GRADE_POINTS_NONE,
	GRADE_POINTS_ZERO,
	GRADE_POINTS_ROUNDED,
	GRADE_OVER_MAXIMUM,
	GRADE_NEGATIVE,
	GRADE_NO_NUMBER,
	GRADE_SCORE_ROUNDED,
	GRADE_CATEGORY_NONE,
	GRADE_CATEGORY_CASE,
	GRADE_NOT_COUNTED,
	GRADE_GONE,
	GRADE_FILE_NOTE,
	GRADE_SIDE_NOTE,
	GRADE_TEMPLATE_REFUSED,
	GRADE_TEMPLATE_UNUSED,
	GRADE_TEMPLATE_NONE,
	GRADE_TEMPLATE_AMBIGUOUS,
	GRADE_TEMPLATE_NO_ROW,
	GRADE_TEMPLATE_NO_SCORE,
	GRADE_TEMPLATE_STRANGER,
	GRADE_TEMPLATE_NAME,
	GRADE_TEMPLATE_REPLACED,
	GRADE_TEMPLATE_ROW,
	GRADE_TEMPLATE_CELL,
	GRADE_TEMPLATE_POINTS,
	GRADE_RULES
};

struct grade_rule_text {
	const char *code; /* STUDENT-UNKNOWN */
	enum grade_severity severity;
	const char *sentence; /* what was found */
	const char *done;     /* what was done about it */
	const char *fix;      /* what to do */
};

/* THE TABLE of findings: findings.csv, the reports and explain. */
extern const struct grade_rule_text grade_rules[GRADE_RULES];
extern const char *const grade_severities[GRADE_SEVERITIES];

/* The rule with that code in any case, -1 when there is none. */
int grade_rule_of_code(const char *code);

/* Where something was found; texts may be NULL for "not of one". */
struct grade_place {
	const char *course;	/* Canvas's id, or the name of a file */
	const char *section;	/* as it is written */
	const char *assignment; /* Canvas's id */
	const char *student;	/* the number, else Canvas's id */
};

/* All findings so far, as lines of findings.csv; a zeroed one is empty. */
struct grade_findings {
	struct buf lines;
	size_t count;
	size_t by_rule[GRADE_RULES];
	size_t by_severity[GRADE_SEVERITIES];
};

void grade_findings_free(struct grade_findings *findings);

/* Adds one; detail says more in a few words, or is NULL. */
void grade_findings_add(struct grade_findings *findings, enum grade_rule rule,
    const struct grade_place *place, const char *detail);

/* The header of findings.csv. */
void grade_findings_header(struct buf *out);

#endif
