#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "canvas/policy.h"

#define YEAR_TURNS_MONTH 7 /* a school year starts on 1 July */
#define YEARID_BASE 1990   /* Terms.YearID counts from here */
#define BIT(table) (1U << (table))

enum {
	SCHOOL_TABLES = BIT(T_SCHOOL),
	TERM_TABLES = BIT(T_TERM) | BIT(T_SCHOOL),
	COURSE_TABLES = BIT(T_COURSE) | BIT(T_TERM) | BIT(T_SCHOOL),
	SECTION_TABLES = BIT(T_SECTION) | BIT(T_COURSE) | BIT(T_TERM) |
	    BIT(T_SCHOOL) | BIT(T_USER),
	STUDENT_TABLES = BIT(T_STUDENT) | BIT(T_STUDENTEMAIL) | BIT(T_SCHOOL),
	STAFF_TABLES = BIT(T_USER) | BIT(T_SCHOOL)
};

/* Where each template is set and what it can reach, by course mode. */
static const struct {
	const char *section, *key;
	const char *value[2]; /* the default, by course mode */
	unsigned tables[2];
} templates[TEMPLATES] = {
	[TMPL_ACCOUNT_ID] = { "ids", "account", { 0 },
	    { SCHOOL_TABLES, SCHOOL_TABLES } },
	[TMPL_TERM_ID] = { "ids", "term", { 0 }, { TERM_TABLES, TERM_TABLES } },
	[TMPL_COURSE_ID] = { "ids", "course",
	    { "sec-{section.dcid}",
		"crs-{school.school_number}-{term.id}-{course.course_number}" },
	    { SECTION_TABLES, COURSE_TABLES } },
	[TMPL_SECTION_ID] = { "ids", "section", { 0 },
	    { SECTION_TABLES, SECTION_TABLES } },
	[TMPL_STUDENT_ID] = { "ids", "student", { 0 },
	    { STUDENT_TABLES, STUDENT_TABLES } },
	[TMPL_STAFF_ID] = { "ids", "staff", { 0 },
	    { STAFF_TABLES, STAFF_TABLES } },
	[TMPL_ACCOUNT_NAME] = { "names", "account", { 0 },
	    { SCHOOL_TABLES, SCHOOL_TABLES } },
	[TMPL_TERM_NAME] = { "names", "term", { 0 },
	    { TERM_TABLES, TERM_TABLES } },
	[TMPL_COURSE_SHORT] = { "names", "course_short",
	    { "{course.course_number}.{section.section_number}",
		"{course.course_number}" },
	    { SECTION_TABLES, COURSE_TABLES } },
	[TMPL_COURSE_LONG] = { "names", "course_long",
	    { "{course.course_name} ({section.section_number})",
		"{course.course_name}" },
	    { SECTION_TABLES, COURSE_TABLES } },
	[TMPL_SECTION_NAME] = { "names", "section", { 0 },
	    { SECTION_TABLES, SECTION_TABLES } },
	[TMPL_STUDENT_LOGIN] = { "users", "student_login", { 0 },
	    { STUDENT_TABLES, STUDENT_TABLES } },
	[TMPL_STAFF_LOGIN] = { "users", "staff_login", { 0 },
	    { STAFF_TABLES, STAFF_TABLES } },
	[TMPL_STUDENT_EMAIL] = { "users", "student_email", { 0 },
	    { STUDENT_TABLES, STUDENT_TABLES } },
	[TMPL_STAFF_EMAIL] = { "users", "staff_email", { 0 },
	    { STAFF_TABLES, STAFF_TABLES } },
	[TMPL_STUDENT_INTEGRATION] = { "users", "student_integration_id", { 0 },
	    { STUDENT_TABLES, STUDENT_TABLES } },
	[TMPL_STAFF_INTEGRATION] = { "users", "staff_integration_id", { 0 },
	    { STAFF_TABLES, STAFF_TABLES } },
};

/* What PowerSchool's delivered roles mean, by letters only. */
static const struct {
	const char *name;
	uint8_t role;
} delivered_roles[] = {
	{ "leadteacher", ROLE_TEACHER },
	{ "coteacher", ROLE_TEACHER },
	{ "jobshareteacher", ROLE_TEACHER },
	{ "jobshare", ROLE_TEACHER },
	{ "teachersaide", ROLE_TA },
	{ "teacheraide", ROLE_TA },
	{ "aide", ROLE_TA },
	{ "classobserver", ROLE_NONE },
	{ "observer", ROLE_NONE },
};

/* The letters of a role's name, in lower case; the caller frees them. */
static char *
letters_only(const char *text, size_t len)
{
	struct buf letters = { 0 };
	size_t i, step;
	uint32_t cp;

	for (i = 0; i < len; i += step) {
		step = utf8_decode(text + i, len - i, &cp);
		if (!utf8_is_letter(cp))
			continue;
		buf_reserve(&letters, step * UTF8_CASE_GROWTH);
		letters.len += utf8_lower(
		    text + i, step, letters.data + letters.len);
	}
	buf_str(&letters);
	return letters.data;
}

static int
load_year(struct policy *policy, const struct conf *conf, struct err *err)
{
	unsigned month, day;
	int year;

	date_split(policy->today, &year, &month, &day);
	if (month < YEAR_TURNS_MONTH)
		year--;
	if (conf_is_set(conf, "district", "year"))
		year = (int)conf_number(conf, "district", "year");
	if (year < YEARID_BASE + 1) {
		err_set(err, EXIT_SETTINGS,
		    "the school year %d is before"
		    " PowerSchool's first; nothing was read",
		    year);
		return err_hint(err, "Correct --now or [district] year.");
	}
	policy->year = year;
	snprintf(policy->year_text, sizeof(policy->year_text), "%d-%d", year,
	    year + 1);
	policy->yearid = sym_of_number((uint32_t)(year - YEARID_BASE));
	return 0;
}

static int
load_templates(struct policy *policy, const struct conf *conf,
    struct roster *roster, struct err *err)
{
	struct buf where = { 0 };
	const char *text;
	size_t i;

	for (i = 0; i < TEMPLATES && err->code == EXIT_DONE; i++) {
		text = conf_text(conf, templates[i].section, templates[i].key);
		if (text[0] == '\0' &&
		    templates[i].value[policy->course_mode] != NULL)
			text = templates[i].value[policy->course_mode];
		if (text[0] == '\0')
			continue;
		where.len = 0;
		conf_where(
		    conf, templates[i].section, templates[i].key, &where);
		policy->templates[i] = tmpl_compile(text,
		    templates[i].tables[policy->course_mode], roster,
		    buf_str(&where), err);
	}
	buf_free(&where);
	return err->code == EXIT_DONE ? 0 : -1;
}

static void
load_list(struct pattern_list *list, const struct conf *conf, const char *key)
{
	const char *rest, *item;
	struct pattern *pattern;
	size_t len;

	rest = conf_text(conf, "exclude", key);
	while ((item = conf_next_item(&rest, &len)) != NULL) {
		list->items = mem_grow(
		    list->items, list->count, &list->cap, sizeof(*list->items));
		pattern = &list->items[list->count++];
		pattern->prefix = item[len - 1] == '*';
		pattern->len = len - pattern->prefix;
		pattern->text = mem_strndup(item, pattern->len);
	}
}

/* The number of a Canvas role, which is added when it is a custom one. */
static uint8_t
role_number(struct policy *policy, const char *name)
{
	size_t i;

	if (strcasecmp(name, "none") == 0)
		return ROLE_NONE;
	for (i = 0; i < policy->nroles; i++) {
		if ((i < ROLE_CUSTOM ? strcasecmp : strcmp)(
			policy->roles[i], name) == 0)
			return (uint8_t)i;
	}
	if (policy->nroles < ROLES_MAX)
		policy->roles[policy->nroles] = name;
	return (uint8_t)policy->nroles++;
}

static int
load_role(void *arg, const char *key, const char *value)
{
	struct policy *policy;

	policy = arg;
	policy->role_rules = mem_grow(policy->role_rules, policy->nrole_rules,
	    &policy->caprole_rules, sizeof(*policy->role_rules));
	policy->role_rules[policy->nrole_rules++] = (struct role_rule){
		mem_strdup(key), letters_only(key, strlen(key)),
		role_number(policy, value)
	};
	return policy->nroles > ROLES_MAX ? -1 : 0;
}

/* School number = account id, name of the account. */
static int
load_account(void *arg, const char *key, const char *value)
{
	struct policy *policy;
	const char *rest, *id, *name;
	size_t idlen, namelen, i;

	policy = arg;
	rest = value;
	id = conf_next_item(&rest, &idlen);
	if (id == NULL)
		return 0;
	name = conf_next_item(&rest, &namelen);
	for (i = 0; i < policy->ngroups; i++) {
		if (strlen(policy->groups[i].id) == idlen &&
		    memcmp(policy->groups[i].id, id, idlen) == 0)
			break;
	}
	if (i == policy->ngroups) {
		policy->groups = mem_grow(policy->groups, policy->ngroups,
		    &policy->capgroups, sizeof(*policy->groups));
		policy->groups[policy->ngroups++] = (struct account_group){
			mem_strndup(id, idlen), NULL
		};
	}
	if (name != NULL && policy->groups[i].name == NULL)
		policy->groups[i].name = mem_strndup(name, namelen);
	policy->parents = mem_grow(policy->parents, policy->nparents,
	    &policy->capparents, sizeof(*policy->parents));
	policy->parents[policy->nparents++] = (struct school_parent){
		mem_strdup(key), i
	};
	return 0;
}

static void
load_choices(struct policy *policy, const struct conf *conf)
{
	const char *leavers;

	policy->course_mode = strcmp(conf_text(conf, "courses", "mode"),
				  "course") == 0 ?
	    COURSE_PER_NUMBER :
	    COURSE_PER_SECTION;
	policy->staff_teaching_only = strcmp(conf_text(conf, "users", "staff"),
					  "teaching") == 0;
	leavers = conf_text(conf, "users", "leavers");
	policy->leavers = strcmp(leavers, "keep") == 0 ? LEAVERS_KEEP :
	    strcmp(leavers, "deleted") == 0	       ? LEAVERS_DELETED :
							 LEAVERS_SUSPENDED;
	policy->preregistered_included = strcmp(conf_text(conf, "users",
						    "preregistered"),
					     "include") == 0;
	policy->provider = conf_text(
	    conf, "users", "authentication_provider_id");
	policy->student_type = conf_text(
	    conf, "users", "student_declared_user_type");
	policy->staff_type = conf_text(
	    conf, "users", "staff_declared_user_type");
	policy->dropped = conf_text(conf, "enrollments", "dropped");
	policy->ended = conf_text(conf, "enrollments", "ended");
	policy->dates = conf_yes(conf, "enrollments", "dates");
	policy->zero_day_included = strcmp(conf_text(
					       conf, "enrollments", "zero_day"),
					"include") == 0;
}

int
policy_load(struct policy *policy, const struct conf *conf,
    struct roster *roster, int64_t now, struct err *err)
{
	static const char *const roles[] = { [ROLE_TEACHER] = "teacher",
		[ROLE_TA] = "ta",
		[ROLE_DESIGNER] = "designer",
		[ROLE_OBSERVER] = "observer",
		[ROLE_STUDENT] = "student" };
	size_t i;

	*policy = (struct policy){ .today = date_at(now) };
	if (load_year(policy, conf, err) != 0)
		return -1;
	load_choices(policy, conf);
	for (i = 0; i < ROLE_CUSTOM; i++)
		policy->roles[i] = roles[i];
	policy->nroles = ROLE_CUSTOM;
	if (conf_each(conf, "roles", load_role, policy) != 0) {
		err_set(err, EXIT_SETTINGS,
		    "[roles] names more than %d roles;"
		    " nothing was read",
		    ROLES_MAX - ROLE_CUSTOM);
		return err_hint(err, "Name fewer Canvas roles.");
	}
	conf_each(conf, "accounts", load_account, policy);
	load_list(&policy->schools, conf, "schools");
	load_list(&policy->courses, conf, "courses");
	load_list(&policy->sections, conf, "sections");
	load_list(&policy->students, conf, "students");
	return load_templates(policy, conf, roster, err);
}

static void
list_free(struct pattern_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->items[i].text);
	free(list->items);
}

void
policy_free(struct policy *policy)
{
	size_t i;

	for (i = 0; i < TEMPLATES; i++)
		tmpl_free(policy->templates[i]);
	list_free(&policy->schools);
	list_free(&policy->courses);
	list_free(&policy->sections);
	list_free(&policy->students);
	for (i = 0; i < policy->nrole_rules; i++) {
		free(policy->role_rules[i].id);
		free(policy->role_rules[i].letters);
	}
	free(policy->role_rules);
	for (i = 0; i < policy->ngroups; i++) {
		free(policy->groups[i].id);
		free(policy->groups[i].name);
	}
	free(policy->groups);
	for (i = 0; i < policy->nparents; i++)
		free(policy->parents[i].school_number);
	free(policy->parents);
}

bool
policy_lists(const struct pattern_list *list, struct str text)
{
	const struct pattern *pattern;
	size_t i;

	for (i = 0; i < list->count; i++) {
		pattern = &list->items[i];
		if ((pattern->prefix ? text.len >= pattern->len :
				       text.len == pattern->len) &&
		    memcmp(pattern->text, text.bytes, pattern->len) == 0)
			return true;
	}
	return false;
}

static bool
role_by_id(const struct policy *policy, struct str id, uint8_t *role)
{
	const struct role_rule *rule;
	size_t i;

	for (i = 0; i < policy->nrole_rules; i++) {
		rule = &policy->role_rules[i];
		if (id.len > 0 && strlen(rule->id) == id.len &&
		    memcmp(rule->id, id.bytes, id.len) == 0) {
			*role = rule->role;
			return true;
		}
	}
	return false;
}

static uint8_t
role_by_letters(const struct policy *policy, const char *letters)
{
	size_t i;

	for (i = 0; i < policy->nrole_rules; i++) {
		if (strcmp(policy->role_rules[i].letters, letters) == 0)
			return policy->role_rules[i].role;
	}
	for (i = 0; i < sizeof(delivered_roles) / sizeof(delivered_roles[0]);
	     i++) {
		if (strcmp(delivered_roles[i].name, letters) == 0)
			return delivered_roles[i].role;
	}
	return ROLE_NONE;
}

uint8_t
policy_role(const struct policy *policy, struct str id, struct str name)
{
	char *letters;
	uint8_t role;

	letters = letters_only(name.bytes, name.len);
	/* The lead teacher is a teacher whatever [roles] says. */
	if (strcmp(letters, "leadteacher") == 0)
		role = ROLE_TEACHER;
	else if (!role_by_id(policy, id, &role))
		role = letters[0] == '\0' ? ROLE_NONE :
					    role_by_letters(policy, letters);
	free(letters);
	return role;
}

uint8_t
policy_coteacher_role(const struct policy *policy)
{
	return role_by_letters(policy, "coteacher");
}

const struct account_group *
policy_group(const struct policy *policy, struct str school_number)
{
	const struct school_parent *parent;
	size_t i;

	for (i = 0; i < policy->nparents; i++) {
		parent = &policy->parents[i];
		if (strlen(parent->school_number) == school_number.len &&
		    memcmp(parent->school_number, school_number.bytes,
			school_number.len) == 0)
			return &policy->groups[parent->group];
	}
	return NULL;
}
