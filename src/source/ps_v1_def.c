#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "source/ps_table.h"
#include "source/ps_v1_def.h"

/* Without a filter a school lists its active students alone (2.2). */
#define EVERY_STATUS "school_enrollment.enroll_status_code=gt=-2147483648"

const struct ps_v1_def ps_v1_defs[PS_V1_KINDS] = {
	[PS_V1_SCHOOL] = { "school", "schools", "school", "", "", PS_V1_KINDS,
	    true,
	    { "school_number", "name", "low_grade", "high_grade",
		"alternate_school_number" } },
	[PS_V1_TERM] = { "term", "terms", "term", "", "start_year==%d",
	    PS_V1_SCHOOL, true,
	    { "school_id", "start_year", "portion", "start_date", "end_date",
		"abbreviation", "name" } },
	[PS_V1_COURSE] = { "course", "courses", "course", "", "", PS_V1_SCHOOL,
	    true, { "course_number", "course_name" } },
	[PS_V1_SECTION] = { "section", "sections", "section", "term",
	    "term.start_year==%d", PS_V1_SCHOOL, true,
	    { "school_id", "course_id", "term_id", "staff_id", "section_number",
		"expression", "external_expression" } },
	[PS_V1_STUDENT] = { "student", "students", "student",
	    "school_enrollment,contact_info", EVERY_STATUS, PS_V1_SCHOOL, true,
	    { "local_id", "state_province_id", "student_username",
		"name.first_name", "name.middle_name", "name.last_name",
		"school_enrollment.enroll_status_code",
		"school_enrollment.grade_level",
		"school_enrollment.school_number", "contact_info.email" } },
	[PS_V1_STAFF] = { "staff", "staffs", "staff",
	    "emails,school_affiliations", "", PS_V1_SCHOOL, true,
	    { "users_dcid", "local_id", "admin_username", "teacher_username",
		"name.first_name", "name.middle_name", "name.last_name",
		"emails.work_email",
		"school_affiliations.school_affiliation" } },
	/* One request for each section; its count would be another one. */
	[PS_V1_ENROLLMENT] = { "section_enrollment", "section_enrollments",
	    "section_enrollment", "", "", PS_V1_SECTION, false,
	    { "student_id", "entry_date", "exit_date", "dropped" } },
};

size_t
ps_v1_def_member(enum ps_v1_kind kind, const char *name)
{
	size_t i;

	for (i = 0; strcmp(ps_v1_defs[kind].members[i], name) != 0; i++)
		continue;
	return i;
}

/* Adds one argument, with ? or & in front. */
static void
put_argument(struct buf *path, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	buf_printf(path,
	    "%s%s=", memchr(path->data, '?', path->len) == NULL ? "?" : "&",
	    name);
	ps_table_put_encoded(path, value);
}

static void
put_filter(struct buf *path, enum ps_v1_kind kind, int year)
{
	const char *filter, *place;
	char *text;

	filter = ps_v1_defs[kind].filter;
	place = strstr(filter, "%d");
	if (place == NULL) {
		put_argument(path, "q", filter);
		return;
	}
	text = mem_printf("%.*s%d%s", (int)(place - filter), filter, year,
	    place + strlen("%d"));
	put_argument(path, "q", text);
	free(text);
}

static void
put_list(struct buf *path, enum ps_v1_kind kind, uint64_t owner)
{
	const struct ps_v1_def *def;

	def = &ps_v1_defs[kind];
	if (def->owner == PS_V1_KINDS)
		buf_printf(path, "/ws/v1/district/%s", def->list);
	else
		buf_printf(path, "/ws/v1/%s/%llu/%s",
		    ps_v1_defs[def->owner].one, (unsigned long long)owner,
		    def->list);
}

char *
ps_v1_def_list_path(enum ps_v1_kind kind, uint64_t owner, int year)
{
	struct buf path = { 0 };

	put_list(&path, kind, owner);
	put_argument(&path, "expansions", ps_v1_defs[kind].expansions);
	put_filter(&path, kind, year);
	buf_str(&path);
	return path.data;
}

char *
ps_v1_def_count_path(enum ps_v1_kind kind, uint64_t owner, int year)
{
	struct buf path = { 0 };

	put_list(&path, kind, owner);
	buf_adds(&path, "/count");
	put_filter(&path, kind, year);
	buf_str(&path);
	return path.data;
}

char *
ps_v1_def_path(enum ps_v1_kind kind, uint64_t id)
{
	struct buf path = { 0 };

	buf_printf(&path, "/ws/v1/%s/%llu", ps_v1_defs[kind].one,
	    (unsigned long long)id);
	put_argument(&path, "expansions", ps_v1_defs[kind].expansions);
	buf_str(&path);
	return path.data;
}
