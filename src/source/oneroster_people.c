#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/oneroster_fill.h"
#include "source/oneroster_people.h"
#include "source/oneroster_refs.h"

#define STATUS_ACTIVE 0	  /* Students.Enroll_Status */
#define STATUS_INACTIVE 1 /* the same */
#define STATUS_CURRENT 1  /* SchoolStaff.Status */
#define STATUS_LEFT 2	  /* the same */

/* Filling the three tables of people. */
struct people_filling {
	struct oneroster_state *state;
	struct filling students, users, posts;
	uint32_t row;	     /* of users.csv */
	sym school;	     /* of the first org that is a school */
	sym first;	     /* of the first org at all */
	bool enabled, staff; /* the person at hand */
};

static bool
is_enabled(const struct oneroster_state *state, uint32_t row)
{
	static const char *const no[] = { "false", "0", "no", NULL };

	return !oneroster_refs_is(state, OR_USER, OR_USER_ENABLED, row, no);
}

static void
add_post(struct people_filling *people, sym org, sym school)
{
	struct oneroster_state *state;
	uint32_t new;
	sym user, id;

	state = people->state;
	user = table_sym(
	    &state->files->tables[OR_USER], OR_SOURCEDID, people->row);
	id = oneroster_refs_post_id(state, user, org);
	idmap_put(&state->staff, id.id, 0);
	if (state->first_post[people->row].id == 0)
		state->first_post[people->row] = id;
	new = oneroster_fill_row(&people->posts, people->row);
	oneroster_fill_set(&people->posts, new, SCHOOLSTAFF_ID, id.id);
	oneroster_fill_set(
	    &people->posts, new, SCHOOLSTAFF_SCHOOLID, school.id);
	oneroster_fill_set(&people->posts, new, SCHOOLSTAFF_STATUS,
	    sym_of_number(people->enabled ? STATUS_CURRENT : STATUS_LEFT).id);
}

/* An oneroster_id_fn: takes in one org of the person at hand. */
static void
take_org(void *arg, struct str id)
{
	struct people_filling *people;
	sym org, school;

	people = arg;
	org = intern_add(people->state->files->intern, id.bytes, id.len);
	school = oneroster_refs_school(people->state, org);
	if (people->first.id == 0)
		people->first = school;
	if (people->school.id == 0 &&
	    idmap_get(&people->state->schools, school.id, NULL))
		people->school = school;
	if (people->staff)
		add_post(people, org, school);
}

static void
add_person(struct people_filling *people)
{
	struct oneroster_state *state;
	char digits[SYM_DIGITS];
	uint32_t new;

	state = people->state;
	people->school = people->first = (sym){ 0 };
	people->enabled = is_enabled(state, people->row);
	oneroster_terms_each(oneroster_refs_text(state, OR_USER, OR_USER_ORGS,
				 people->row, digits),
	    take_org, people);
	if (people->school.id == 0)
		people->school = people->first;
	if (people->staff) {
		new = oneroster_fill_row(&people->users, people->row);
		oneroster_fill_set(
		    &people->users, new, USER_HOMESCHOOLID, people->school.id);
		return;
	}
	new = oneroster_fill_row(&people->students, people->row);
	oneroster_fill_set(
	    &people->students, new, STUDENT_SCHOOLID, people->school.id);
	oneroster_fill_set(&people->students, new, STUDENT_ENROLL_STATUS,
	    sym_of_number(people->enabled ? STATUS_ACTIVE : STATUS_INACTIVE)
		.id);
}

/* Says which rows are of people who go into the roster. */
static bool
is_wanted(struct oneroster_state *state, uint32_t row, bool *staff)
{
	enum role_kind kind;

	kind = oneroster_refs_role(state, OR_USER, OR_USER_ROLE, row);
	*staff = kind == ROLE_KIND_TEACHER || kind == ROLE_KIND_STAFF;
	if (oneroster_refs_gone(state, OR_USER, row))
		oneroster_refs_skip(state, OR_USER, SKIP_TO_BE_DELETED);
	else if (kind == ROLE_KIND_FAMILY)
		oneroster_refs_skip(state, OR_USER, SKIP_FAMILY);
	else if (kind == ROLE_KIND_OTHER)
		oneroster_refs_skip(state, OR_USER, SKIP_ROLE);
	else
		return true;
	*staff = false;
	return false;
}

void
oneroster_people_add(struct oneroster_state *state)
{
	struct people_filling people = { .state = state };
	size_t n;
	bool *staff;

	n = state->files->tables[OR_USER].nrows;
	staff = mem_zalloc(n, sizeof(*staff));
	state->first_post = mem_zalloc(n, sizeof(*state->first_post));
	people.students = oneroster_fill_begin(
	    state->files, OR_USER, state->roster, T_STUDENT);
	people.users = oneroster_fill_begin(
	    state->files, OR_USER, state->roster, T_USER);
	people.posts = oneroster_fill_begin(
	    state->files, OR_USER, state->roster, T_SCHOOLSTAFF);
	for (people.row = 0; people.row < n; people.row++) {
		if (!is_wanted(state, people.row, &staff[people.row]))
			continue;
		people.staff = staff[people.row];
		add_person(&people);
	}
	oneroster_refs_index(state, OR_USER, staff);
	free(staff);
}
