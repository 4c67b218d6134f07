#ifndef ROSTER_FINDING_H
#define ROSTER_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/intern.h"
#include "roster/schema.h"

/* The rules of mapping 6, in the order of finding.c. */
enum rule {
	RULE_SRC_DATE,
	RULE_SRC_CONTROL,
	RULE_SRC_ENTITY,
	RULE_SRC_DUPLICATE,
	RULE_SRC_GAP,
	RULE_REF_SCHOOL,
	RULE_REF_TERM,
	RULE_REF_SECTION,
	RULE_REF_STUDENT,
	RULE_REF_STAFF,
	RULE_REF_COURSE,
	RULE_HELD_PARENT,
	RULE_ID_BLANK,
	RULE_ID_LENGTH,
	RULE_ID_DUPLICATE,
	RULE_NAME_BLANK,
	RULE_NAME_LENGTH,
	RULE_USER_LOGIN_BLANK,
	RULE_USER_LOGIN_BAD,
	RULE_USER_LOGIN_DUPLICATE,
	RULE_USER_EMAIL_BAD,
	RULE_USER_EMAIL_BLANK,
	RULE_TERM_DATES,
	RULE_SECTION_NO_TEACHER,
	RULES
};

/* What goes to Canvas, as bits of a finding's fields: see finding.c. */
enum output {
	OUT_ACCOUNT_ID,
	OUT_TERM_ID,
	OUT_COURSE_ID,
	OUT_SECTION_ID,
	OUT_USER_ID,
	OUT_INTEGRATION_ID,
	OUT_NAME,
	OUT_SHORT_NAME,
	OUT_LONG_NAME,
	OUT_SECTION_NAME,
	OUT_FIRST_NAME,
	OUT_LAST_NAME,
	OUTPUTS
};

extern const char *const output_names[OUTPUTS];

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO };

struct rule_text {
	const char *code;	/* USER-LOGIN-BLANK */
	enum severity severity; /* where a row's own severity does not differ */
	const char *sentence;	/* what is wrong, for people */
	const char *fix;	/* what to do about it */
	const char *why;	/* what Canvas or PowerSchool does; explain */
};

extern const struct rule_text rules[RULES];
extern const char *const severity_names[];

/* The rule with that code in any case, -1 when there is none. */
int rule_of_code(const char *code);

/* One row that breaks one rule; the words are made when it is written. */
struct finding {
	uint32_t row;  /* without a table: how many rows it counts */
	uint8_t table; /* TABLES: no row, as USER-EMAIL-BLANK, SRC-GAP */
	uint8_t rule;
	uint8_t severity;
	uint8_t parent;	 /* HELD-PARENT: enum table_id */
	uint32_t fields; /* bit per schema field, of ID- and NAME-
				 * rules per enum output */
	sym what;	 /* the id that is named: a parent's, a school's;
				 * of SRC-GAP the table or column */
};

struct findings {
	struct finding *list;
	size_t count, cap;
	size_t by_rule[RULES];
	size_t by_both[RULES][3]; /* by rule and severity */
	size_t by_severity[3];
};

void findings_add(struct findings *findings, struct finding finding);
/* Adds all findings of another list behind those that are there. */
void findings_append(struct findings *findings, const struct findings *other);
void findings_free(struct findings *findings);

#endif
