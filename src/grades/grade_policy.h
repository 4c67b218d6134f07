#ifndef GRADES_GRADE_POLICY_H
#define GRADES_GRADE_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"
#include "base/err.h"

/* Where a student number comes from. */
enum grade_number {
	GRADE_NUMBER_CROSSWALK,
	GRADE_NUMBER_SIS_ID,
	GRADE_NUMBER_LOGIN_ID,
	GRADE_NUMBER_INTEGRATION_ID
};

/* Where a section's name comes from. */
enum grade_section {
	GRADE_SECTION_CROSSWALK,
	GRADE_SECTION_SIS_ID,
	GRADE_SECTION_NAME
};

/* An assignment group, and the category that it stands for. */
struct grade_category {
	const char *group, *category;
};

/* What [grades] and [grades.categories] say; texts are the settings'. */
struct grade_policy {
	bool sis_only;	       /* which = sis */
	bool skip_unposted;    /* unposted = skip */
	bool extra_for_excess; /* extra_points = over_maximum */
	bool crlf;
	enum grade_number number;
	enum grade_section section;
	const char *code_excused, *code_missing; /* or "" */
	const char *default_category;
	const char *const *scale; /* grades of GRADESCALE, or NULL: any */
	const char *time_zone;	  /* the district's, for want of a course's */
	struct grade_category *categories;
	size_t ncategories, capcategories;
	char **scale_list;
};

/* 0, or -1 with EXIT_SETTINGS; grade_policy_free() in both cases. */
int grade_policy_load(
    struct grade_policy *policy, const struct conf *conf, struct err *err);
void grade_policy_free(struct grade_policy *policy);

/* The category of a group; *case_only: found, but not in its spelling.
 * NULL when [grades.categories] does not name the group. */
const char *grade_policy_category(
    const struct grade_policy *policy, const char *group, bool *case_only);

#endif
