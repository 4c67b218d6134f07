#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/oneroster_classes.h"
#include "source/oneroster_enrollments.h"
#include "source/oneroster_fill.h"
#include "source/oneroster_people.h"
#include "source/oneroster_refs.h"
#include "source/oneroster_rows.h"

#define DISTRICT_OFFICE 0 /* the school_number of what is no school */

/* The number of an org or a course: its own, else its sourcedId. */
static sym
number_of(const struct table *rows, unsigned column, uint32_t row)
{
	sym number;

	number = table_sym(rows, column, row);
	return number.id != 0 ? number : table_sym(rows, OR_SOURCEDID, row);
}

static void
add_schools(struct oneroster_state *state)
{
	static const char *const school[] = { "school", NULL };
	const struct table *orgs;
	struct filling filling;
	uint32_t row, new;
	sym number;

	orgs = &state->files->tables[OR_ORG];
	state->org_school = mem_zalloc(orgs->nrows, sizeof(*state->org_school));
	filling = oneroster_fill_begin(
	    state->files, OR_ORG, state->roster, T_SCHOOL);
	for (row = 0; row < orgs->nrows; row++) {
		state->org_school[row] = sym_of_number(DISTRICT_OFFICE);
		if (oneroster_refs_gone(state, OR_ORG, row)) {
			oneroster_refs_skip(state, OR_ORG, SKIP_TO_BE_DELETED);
		} else if (!oneroster_refs_is(
			       state, OR_ORG, OR_ORG_TYPE, row, school)) {
			oneroster_refs_skip(state, OR_ORG, SKIP_NOT_A_SCHOOL);
		} else {
			number = number_of(orgs, OR_ORG_IDENTIFIER, row);
			state->org_school[row] = number;
			idmap_put(&state->schools, number.id, 0);
			new = oneroster_fill_row(&filling, row);
			oneroster_fill_set(
			    &filling, new, SCHOOL_NUMBER, number.id);
		}
	}
}

static void
add_courses(struct oneroster_state *state)
{
	const struct table *courses;
	struct filling filling;
	uint32_t row, new;
	sym number;

	courses = &state->files->tables[OR_COURSE];
	state->course_number = mem_zalloc(
	    courses->nrows, sizeof(*state->course_number));
	filling = oneroster_fill_begin(
	    state->files, OR_COURSE, state->roster, T_COURSE);
	for (row = 0; row < courses->nrows; row++) {
		if (oneroster_refs_gone(state, OR_COURSE, row)) {
			oneroster_refs_skip(
			    state, OR_COURSE, SKIP_TO_BE_DELETED);
			continue;
		}
		number = number_of(courses, OR_COURSE_CODE, row);
		state->course_number[row] = number;
		idmap_put(&state->courses, number.id, 0);
		new = oneroster_fill_row(&filling, row);
		oneroster_fill_set(&filling, new, COURSE_NUMBER, number.id);
	}
}

/* A table without rows is no ordinary day, as with table exports. */
static int
refuse_empty(const struct roster *roster, struct err *err)
{
	static const struct {
		enum table_id table;
		enum oneroster_table file;
		const char *what;
	} needed[] = {
		{ T_SCHOOL, OR_ORG, "a school" },
		{ T_TERM, OR_SESSION, "a session that stays" },
		{ T_COURSE, OR_COURSE, "a course that stays" },
		{ T_SECTION, OR_CLASS, "a class that stays" },
		{ T_STUDENT, OR_USER, "a student" },
		{ T_USER, OR_USER, "a teacher or other staff" },
		{ T_SCHOOLSTAFF, OR_USER, "staff of an org" },
		{ T_CC, OR_ENROLLMENT, "a student's" },
		{ T_SECTIONTEACHER, OR_ENROLLMENT, "a teacher's" },
	};
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (roster->tables[needed[i].table].nrows > 0)
			continue;
		err_set(err, EXIT_SOURCE,
		    "%s.csv:1:1: no row of it is %s; nothing was published",
		    oneroster_tables[needed[i].file].name, needed[i].what);
		return err_hint(err,
		    "The set is not whole: export all of the district again.");
	}
	return 0;
}

static void
warn_of_roles(const struct source_report *report)
{
	static const enum oneroster_table with_roles[] = { OR_USER,
		OR_ENROLLMENT };
	const struct source_file *file;
	unsigned long long n;
	size_t i;

	for (i = 0; i < sizeof(with_roles) / sizeof(with_roles[0]); i++) {
		file = &report->files[with_roles[i]];
		n = file->skipped[SKIP_ROLE];
		if (n > 0)
			log_line(LOG_WARN,
			    "%s: %llu row%s a role that OneRoster 1.1 lacks,"
			    " and %s left out",
			    file->name, n, n == 1 ? " has" : "s have",
			    n == 1 ? "is" : "are");
	}
}

static void
state_free(struct oneroster_state *state)
{
	int t;

	for (t = 0; t < OR_TABLES; t++)
		key_index_free(&state->by_id[t]);
	idmap_free(&state->schools);
	idmap_free(&state->courses);
	idmap_free(&state->staff);
	idmap_free(&state->roles);
	free(state->org_school);
	free(state->course_number);
	free(state->first_post);
	free(state->term);
	free(state->lead);
	free(state->has_primary);
}

int
oneroster_rows_translate(struct roster *files,
    const struct source_options *options, struct roster *roster,
    struct source_report *report, struct err *err)
{
	struct oneroster_state state = { .files = files,
		.roster = roster,
		.options = options,
		.report = report };
	int t, rc;

	rc = -1;
	for (t = OR_ORG; t <= OR_CLASS; t++)
		oneroster_refs_index(&state, (enum oneroster_table)t, NULL);
	if (oneroster_refs_unique(&state, OR_ORG, err) != 0 ||
	    oneroster_refs_unique(&state, OR_COURSE, err) != 0)
		goto out;
	add_schools(&state);
	add_courses(&state);
	oneroster_people_add(&state);
	oneroster_classes_choose(&state);
	if (oneroster_classes_add_terms(&state, err) != 0)
		goto out;
	oneroster_enrollments_find_leads(&state);
	oneroster_classes_add(&state);
	oneroster_enrollments_add(&state);
	warn_of_roles(report);
	rc = refuse_empty(roster, err);
out:
	state_free(&state);
	return rc;
}
