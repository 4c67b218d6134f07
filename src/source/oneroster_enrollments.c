#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "source/oneroster_enrollments.h"
#include "source/oneroster_fill.h"
#include "source/oneroster_refs.h"

/* RoleDef ids of teachers, and their names as PowerSchool delivers them. */
#define LEAD "lead", "Lead Teacher"
#define CO_TEACHER "coteacher", "Co-teacher"

/* Filling the tables that enrollments.csv fills. */
struct enrollments_filling {
	struct oneroster_state *state;
	struct filling cc, teachers, roles;
	struct idmap roles_there; /* ids of roledef */
};

static uint32_t
class_of(const struct oneroster_state *state, uint32_t row)
{
	return key_index_find(&state->by_id[OR_CLASS],
	    table_sym(&state->files->tables[OR_ENROLLMENT], OR_ENROLLMENT_CLASS,
		row));
}

static bool
is_primary(const struct oneroster_state *state, uint32_t row)
{
	static const char *const yes[] = { "true", "1", "yes", NULL };

	return oneroster_refs_is(
	    state, OR_ENROLLMENT, OR_ENROLLMENT_PRIMARY, row, yes);
}

static bool
is_first_user(const struct oneroster_state *state, uint32_t a, uint32_t b)
{
	char digits[2][SYM_DIGITS];
	struct str x, y;
	int order;

	x = oneroster_refs_text(
	    state, OR_ENROLLMENT, OR_ENROLLMENT_USER, a, digits[0]);
	y = oneroster_refs_text(
	    state, OR_ENROLLMENT, OR_ENROLLMENT_USER, b, digits[1]);
	order = memcmp(x.bytes, y.bytes, x.len < y.len ? x.len : y.len);
	return order != 0 ? order < 0 : x.len < y.len;
}

/* Whether enrollment a is the lead rather than b. */
static bool
is_better_lead(const struct oneroster_state *state, uint32_t a, uint32_t b)
{
	const struct table *rows;
	int32_t x, y;

	if (is_primary(state, a) != is_primary(state, b))
		return is_primary(state, a);
	rows = &state->files->tables[OR_ENROLLMENT];
	x = table_date(rows, OR_ENROLLMENT_END, a);
	y = table_date(rows, OR_ENROLLMENT_END, b);
	if (x != y)
		return x == DATE_BLANK || (y != DATE_BLANK && x > y);
	x = table_date(rows, OR_ENROLLMENT_BEGIN, a);
	y = table_date(rows, OR_ENROLLMENT_BEGIN, b);
	return x != y ? x > y : is_first_user(state, a, b);
}

void
oneroster_enrollments_find_leads(struct oneroster_state *state)
{
	size_t nclasses, i;
	uint32_t row, class;

	nclasses = state->files->tables[OR_CLASS].nrows;
	state->lead = mem_alloc(nclasses * sizeof(*state->lead));
	for (i = 0; i < nclasses; i++)
		state->lead[i] = ROW_NONE;
	state->has_primary = mem_zalloc(nclasses, sizeof(bool));
	for (row = 0; row < state->files->tables[OR_ENROLLMENT].nrows; row++) {
		if (oneroster_refs_role(state, OR_ENROLLMENT,
			OR_ENROLLMENT_ROLE, row) != ROLE_KIND_TEACHER ||
		    oneroster_refs_gone(state, OR_ENROLLMENT, row))
			continue;
		class = class_of(state, row);
		if (class == ROW_NONE)
			continue;
		if (is_primary(state, row))
			state->has_primary[class] = true;
		if (state->lead[class] == ROW_NONE ||
		    is_better_lead(state, row, state->lead[class]))
			state->lead[class] = row;
	}
}

/*
 * The dates of the class's session. A class without one is held, and its
 * students with it, whatever their dates: any will do then.
 */
static void
session_dates(const struct oneroster_state *state, uint32_t class,
    int32_t *from, int32_t *until)
{
	const struct table *sessions;
	uint32_t session;

	sessions = &state->files->tables[OR_SESSION];
	session = class == ROW_NONE ? ROW_NONE : state->term[class].row;
	*from = 0;
	*until = 1;
	if (session == ROW_NONE ||
	    table_date(sessions, OR_SESSION_START, session) <= DATE_BAD ||
	    table_date(sessions, OR_SESSION_END, session) <= DATE_BAD)
		return;
	*from = table_date(sessions, OR_SESSION_START, session);
	*until = oneroster_refs_day_over(
	    state, table_date(sessions, OR_SESSION_END, session));
}

static void
add_student(struct enrollments_filling *filling, uint32_t row, uint32_t class)
{
	const struct oneroster_state *state;
	const struct table *rows, *cc;
	int32_t from, until, begin, end;
	uint32_t new;

	state = filling->state;
	rows = &state->files->tables[OR_ENROLLMENT];
	cc = filling->cc.to;
	new = oneroster_fill_row(&filling->cc, row);
	session_dates(state, class, &from, &until);
	begin = table_date(rows, OR_ENROLLMENT_BEGIN, row);
	end = table_date(rows, OR_ENROLLMENT_END, row);
	/* What is no date was marked as bad, and stays so. */
	if (table_date(cc, CC_DATEENROLLED, new) != DATE_BAD)
		oneroster_fill_set(&filling->cc, new, CC_DATEENROLLED,
		    (uint32_t)(begin == DATE_BLANK ? from : begin));
	if (table_date(cc, CC_DATELEFT, new) != DATE_BAD)
		oneroster_fill_set(&filling->cc, new, CC_DATELEFT,
		    (uint32_t)(end == DATE_BLANK ?
			    until :
			    oneroster_refs_day_over(state, end)));
	if (class != ROW_NONE)
		oneroster_fill_set(
		    &filling->cc, new, CC_TERMID, state->term[class].id.id);
}

/* The roledef.id of a role; its row is added the first time. */
static sym
role_named(struct enrollments_filling *filling, uint32_t row, struct str id,
    struct str name)
{
	struct intern *intern;
	uint32_t new;
	sym role;

	intern = filling->state->files->intern;
	role = intern_add(intern, id.bytes, id.len);
	if (idmap_get(&filling->roles_there, role.id, NULL))
		return role;
	idmap_put(&filling->roles_there, role.id, 0);
	new = oneroster_fill_row(&filling->roles, row);
	oneroster_fill_set(&filling->roles, new, ROLEDEF_ID, role.id);
	oneroster_fill_set(&filling->roles, new, ROLEDEF_NAME,
	    intern_add(intern, name.bytes, name.len).id);
	return role;
}

static sym
delivered_role(struct enrollments_filling *filling, uint32_t row,
    const char *id, const char *name)
{
	return role_named(filling, row, (struct str){ id, strlen(id) },
	    (struct str){ name, strlen(name) });
}

/* A teacher is a lead where primary says so, or where it says nothing. */
static sym
role_of(struct enrollments_filling *filling, uint32_t row, uint32_t class)
{
	const struct oneroster_state *state;
	char digits[SYM_DIGITS];
	struct str text;

	state = filling->state;
	if (oneroster_refs_role(filling->state, OR_ENROLLMENT,
		OR_ENROLLMENT_ROLE, row) == ROLE_KIND_TEACHER)
		return is_primary(state, row) ||
			(class != ROW_NONE && !state->has_primary[class]) ?
		    delivered_role(filling, row, LEAD) :
		    delivered_role(filling, row, CO_TEACHER);
	text = oneroster_refs_text(
	    state, OR_ENROLLMENT, OR_ENROLLMENT_ROLE, row, digits);
	return role_named(filling, row, text, text);
}

static void
add_teacher(struct enrollments_filling *filling, uint32_t row, uint32_t class)
{
	const struct table *rows;
	uint32_t new;
	int32_t end;
	sym school;

	rows = &filling->state->files->tables[OR_ENROLLMENT];
	school.id = 0;
	if (class != ROW_NONE)
		school = table_sym(&filling->state->files->tables[OR_CLASS],
		    OR_CLASS_SCHOOL, class);
	new = oneroster_fill_row(&filling->teachers, row);
	oneroster_fill_set(&filling->teachers, new, SECTIONTEACHER_TEACHERID,
	    oneroster_refs_post(filling->state,
		table_sym(rows, OR_ENROLLMENT_USER, row), school)
		.id);
	oneroster_fill_set(&filling->teachers, new, SECTIONTEACHER_ROLEID,
	    role_of(filling, row, class).id);
	end = table_date(rows, OR_ENROLLMENT_END, row);
	if (end != DATE_BLANK)
		oneroster_fill_set(&filling->teachers, new,
		    SECTIONTEACHER_END_DATE,
		    (uint32_t)oneroster_refs_last_day(filling->state, end));
}

static void
add_enrollment(struct enrollments_filling *filling, uint32_t row)
{
	struct oneroster_state *state;
	enum role_kind kind;

	state = filling->state;
	kind = oneroster_refs_role(
	    state, OR_ENROLLMENT, OR_ENROLLMENT_ROLE, row);
	if (oneroster_refs_gone(state, OR_ENROLLMENT, row))
		oneroster_refs_skip(state, OR_ENROLLMENT, SKIP_TO_BE_DELETED);
	else if (kind == ROLE_KIND_FAMILY)
		oneroster_refs_skip(state, OR_ENROLLMENT, SKIP_FAMILY);
	else if (table_sym(&state->files->tables[OR_ENROLLMENT],
		     OR_ENROLLMENT_ROLE, row)
		     .id == 0)
		oneroster_refs_skip(state, OR_ENROLLMENT, SKIP_ROLE);
	else if (kind == ROLE_KIND_STUDENT)
		add_student(filling, row, class_of(state, row));
	else
		add_teacher(filling, row, class_of(state, row));
}

void
oneroster_enrollments_add(struct oneroster_state *state)
{
	struct enrollments_filling filling = { .state = state };
	uint32_t row;

	filling.cc = oneroster_fill_begin(
	    state->files, OR_ENROLLMENT, state->roster, T_CC);
	filling.teachers = oneroster_fill_begin(
	    state->files, OR_ENROLLMENT, state->roster, T_SECTIONTEACHER);
	filling.roles = oneroster_fill_begin(
	    state->files, OR_ENROLLMENT, state->roster, T_ROLEDEF);
	for (row = 0; row < state->files->tables[OR_ENROLLMENT].nrows; row++)
		add_enrollment(&filling, row);
	idmap_free(&filling.roles_there);
}
