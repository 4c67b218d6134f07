#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "grades/grade_policy.h"

static bool
says(const struct conf *conf, const char *key, const char *word)
{
	return strcmp(conf_text(conf, "grades", key), word) == 0;
}

static enum grade_number
number_of(const struct conf *conf)
{
	if (says(conf, "student_number", "sis_id"))
		return GRADE_NUMBER_SIS_ID;
	if (says(conf, "student_number", "login_id"))
		return GRADE_NUMBER_LOGIN_ID;
	if (says(conf, "student_number", "integration_id"))
		return GRADE_NUMBER_INTEGRATION_ID;
	return GRADE_NUMBER_CROSSWALK;
}

static enum grade_section
section_of(const struct conf *conf)
{
	if (says(conf, "section_name", "sis_id"))
		return GRADE_SECTION_SIS_ID;
	return says(conf, "section_name", "name") ? GRADE_SECTION_NAME :
						    GRADE_SECTION_CROSSWALK;
}

static int
take_category(void *arg, const char *key, const char *value)
{
	struct grade_policy *policy;

	policy = arg;
	policy->categories = mem_grow(policy->categories, policy->ncategories,
	    &policy->capcategories, sizeof(*policy->categories));
	policy->categories[policy->ncategories++] = (struct grade_category){
		key, value
	};
	return 0;
}

static void
take_scale(struct grade_policy *policy, const struct conf *conf)
{
	const char *rest, *item;
	size_t n, len;

	n = 0;
	rest = conf_text(conf, "grades", "scale");
	while ((item = conf_next_item(&rest, &len)) != NULL) {
		policy->scale_list = mem_realloc(
		    policy->scale_list, n + 2, sizeof(*policy->scale_list));
		policy->scale_list[n++] = mem_strndup(item, len);
		policy->scale_list[n] = NULL;
	}
	policy->scale = (const char *const *)policy->scale_list;
}

/* A code is a word that a teacher types, never a number. */
static int
check_code(const struct conf *conf, const char *key, struct err *err)
{
	const char *code;
	struct buf where = { 0 };

	code = conf_text(conf, "grades", key);
	if (strpbrk(code, "0123456789") != code)
		return 0;
	if (*code == '\0')
		return 0;
	conf_where(conf, "grades", key, &where);
	err_set(err, EXIT_SETTINGS,
	    "%s: a code that begins with a digit would be taken for a score;"
	    " nothing was done",
	    buf_str(&where));
	buf_free(&where);
	return err_hint(err,
	    "Write a code that PowerTeacher has, such as EX, or leave it out:"
	    " the cell is then blank.");
}

int
grade_policy_load(
    struct grade_policy *policy, const struct conf *conf, struct err *err)
{
	policy->sis_only = says(conf, "which", "sis");
	policy->skip_unposted = says(conf, "unposted", "skip");
	policy->extra_for_excess = says(conf, "extra_points", "over_maximum");
	policy->crlf = says(conf, "line_ends", "crlf");
	policy->number = number_of(conf);
	policy->section = section_of(conf);
	policy->code_excused = conf_text(conf, "grades", "code_excused");
	policy->code_missing = conf_text(conf, "grades", "code_missing");
	policy->default_category = conf_text(
	    conf, "grades", "default_category");
	policy->time_zone = conf_text(conf, "district", "timezone");
	take_scale(policy, conf);
	(void)conf_each(conf, "grades.categories", take_category, policy);
	if (check_code(conf, "code_excused", err) != 0 ||
	    check_code(conf, "code_missing", err) != 0)
		return -1;
	return 0;
}

void
grade_policy_free(struct grade_policy *policy)
{
	size_t i;

	for (i = 0; policy->scale_list != NULL && policy->scale_list[i] != NULL;
	     i++)
		free(policy->scale_list[i]);
	free(policy->scale_list);
	free(policy->categories);
	*policy = (struct grade_policy){ 0 };
}

const char *
grade_policy_category(
    const struct grade_policy *policy, const char *group, bool *case_only)
{
	const char *near;
	size_t i;

	*case_only = false;
	near = NULL;
	for (i = 0; i < policy->ncategories; i++) {
		if (strcmp(policy->categories[i].group, group) == 0)
			return policy->categories[i].category;
		if (strcasecmp(policy->categories[i].group, group) == 0)
			near = policy->categories[i].category;
	}
	*case_only = near != NULL;
	return near;
}
