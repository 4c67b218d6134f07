#ifndef CANVAS_POLICY_H
#define CANVAS_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "roster/tmpl.h"

enum course_mode { COURSE_PER_SECTION, COURSE_PER_NUMBER };
enum leavers { LEAVERS_KEEP, LEAVERS_SUSPENDED, LEAVERS_DELETED };

/* The naming templates of [ids], [names] and [users]. */
enum template_id {
	TMPL_ACCOUNT_ID,
	TMPL_TERM_ID,
	TMPL_COURSE_ID,
	TMPL_SECTION_ID,
	TMPL_STUDENT_ID,
	TMPL_STAFF_ID,
	TMPL_ACCOUNT_NAME,
	TMPL_TERM_NAME,
	TMPL_COURSE_SHORT,
	TMPL_COURSE_LONG,
	TMPL_SECTION_NAME,
	TMPL_STUDENT_LOGIN,
	TMPL_STAFF_LOGIN,
	TMPL_STUDENT_EMAIL,
	TMPL_STAFF_EMAIL,
	TMPL_STUDENT_INTEGRATION,
	TMPL_STAFF_INTEGRATION,
	TEMPLATES
};

/* Canvas roles by number, the highest first; [roles] adds custom ones. */
enum {
	ROLE_TEACHER,
	ROLE_TA,
	ROLE_DESIGNER,
	ROLE_OBSERVER,
	ROLE_STUDENT,
	ROLE_CUSTOM
};
#define ROLE_NONE UINT8_MAX /* no enrollment */
#define ROLES_MAX 64

/* One line of [roles]: RoleDef's id, or the letters of its name. */
struct role_rule {
	char *id;
	char *letters;
	uint8_t role;
};

/* An item of an exclude list. */
struct pattern {
	char *text;
	size_t len;
	bool prefix; /* it ended with * */
};

struct pattern_list {
	struct pattern *items;
	size_t count, cap;
};

/* An account between the root and the schools, from [accounts]. */
struct account_group {
	char *id;
	char *name;
};

/* The account under which a school stands. */
struct school_parent {
	char *school_number;
	size_t group;
};

/* Everything that the settings say about what Canvas gets. */
struct policy {
	unsigned jobs;	    /* threads that may work; 0 is 1 */
	int year;	    /* the school year's start */
	char year_text[24]; /* 2026-2027 */
	sym yearid;
	int32_t today; /* the district's date */
	enum course_mode course_mode;
	struct tmpl *templates[TEMPLATES]; /* NULL: not set */
	bool staff_teaching_only;
	enum leavers leavers;
	bool preregistered_included;
	const char *provider; /* authentication_provider_id, "" */
	const char *student_type, *staff_type; /* declared_user_type, "" */
	const char *dropped, *ended;	       /* a status; "deleted": no row */
	bool dates;
	bool zero_day_included;
	struct pattern_list schools, courses, sections, students;
	const char *roles[ROLES_MAX];
	size_t nroles;
	struct role_rule *role_rules;
	size_t nrole_rules, caprole_rules;
	struct account_group *groups;
	size_t ngroups, capgroups;
	struct school_parent *parents;
	size_t nparents, capparents;
};

/*
 * Reads the policy from the settings and compiles the templates, which marks
 * the roster's columns that they need. now is in UTC seconds; the district's
 * time zone is in use already. The policy keeps texts of conf. 0, or -1 with
 * EXIT_SETTINGS. Free it in both cases.
 */
int policy_load(struct policy *policy, const struct conf *conf,
    struct roster *roster, int64_t now, struct err *err);
void policy_free(struct policy *policy);

/* Whether a list names a text, whole or by what stands before a *. */
bool policy_lists(const struct pattern_list *list, struct str text);

/*
 * The role that [roles] or the default gives to a RoleDef row: by its id,
 * else by its name, letters only and in any case. ROLE_NONE: no enrollment.
 */
uint8_t policy_role(
    const struct policy *policy, struct str id, struct str name);

/* The role of a section's further teachers when nothing says more. */
uint8_t policy_coteacher_role(const struct policy *policy);

/* The group that a school stands under, NULL for the root. */
const struct account_group *policy_group(
    const struct policy *policy, struct str school_number);

#endif
