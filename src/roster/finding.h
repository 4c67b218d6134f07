#ifndef ROSTER_FINDING_H
#define ROSTER_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/intern.h"
#include "roster/schema.h"

/* The rules of mapping 6, in the order of finding.c. */
enum rule {
	RULE_SRC_DATE, RULE_SRC_CONTROL, RULE_SRC_ENTITY, RULE_SRC_DUPLICATE,
	RULE_REF_SCHOOL, RULE_REF_TERM, RULE_REF_SECTION, RULE_REF_STUDENT,
	RULE_REF_STAFF, RULE_REF_COURSE, RULE_HELD_PARENT,
	RULE_ID_BLANK, RULE_ID_LENGTH, RULE_ID_DUPLICATE,
	RULE_NAME_BLANK, RULE_NAME_LENGTH,
	RULE_USER_LOGIN_BLANK, RULE_USER_LOGIN_BAD, RULE_USER_LOGIN_DUPLICATE,
	RULE_USER_EMAIL_BAD, RULE_USER_EMAIL_BLANK,
	RULE_TERM_DATES, RULE_SECTION_NO_TEACHER,
	RULES
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO };

struct rule_text {
	const char *code;	/* USER-LOGIN-BLANK */
	enum severity severity;	/* where a row's own severity does not differ */
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
	uint32_t row;
	uint8_t table;		/* TABLES: no row, as USER-EMAIL-BLANK */
	uint8_t rule;
	uint8_t severity;
	uint8_t subject;	/* enum table_id of the parent, or a field */
	uint32_t fields;	/* bit per field that the finding is about */
	sym what;		/* an id: the parent's, the school's */
};

struct findings {
	struct finding *list;
	size_t count, cap;
	size_t by_rule[RULES];
	size_t by_severity[3];
};

/* Adds a finding; rule's own severity is taken when it is not an exception. */
void findings_add(struct findings *findings, struct finding finding);
void findings_free(struct findings *findings);

#endif
