#include "canvas/lint_cells.h"
#include "canvas/lint_people.h"
#include "canvas/lint_refs.h"
#include "canvas/lint_rows.h"
#include "canvas/lint_say.h"

static bool
is_deleted(const struct lint_object *object)
{
	return object != NULL && (object->flags & LINT_OBJECT_DELETED);
}

static bool
is_active(const struct lint_object *object)
{
	return object != NULL &&
	    !(object->flags & (LINT_OBJECT_DELETED | LINT_OBJECT_REFUSED));
}

/*
 * What an object new to Canvas needs: said unless a row before this one has
 * the object already.
 */
static void
check_new(struct lint *lint, enum sheet_kind kind)
{
	const struct sheet_column *column;
	size_t n, i;

	for (n = 0; n < lint->file.nbound; n++) {
		i = lint->file.bound[n];
		column = &lint->file.sheet->columns[i];
		if (!(column->use & COLUMN_NEEDED_NEW) ||
		    lint_is_filled(lint, i))
			continue;
		if (is_active(lint_refs_find(
			lint, kind, lint->row.values[lint->file.columns.own])))
			return;
		lint_say_as(lint, LINT_ROW_REQUIRED_NEW,
		    lint->options.complete ? SEVERITY_ERROR : SEVERITY_WARNING,
		    i, "is blank; a new %s needs it", lint->file.sheet->word);
	}
}

/* Counts an active sub-account at its parent, or takes it away there. */
static void
count_child(struct lint *lint, const struct lint_object *account, int by)
{
	struct lint_object *parent;
	char digits[SYM_DIGITS];

	parent = lint_refs_find(lint, SHEET_ACCOUNT,
	    intern_text(lint->intern, account->parent, digits));
	if (is_active(account) && parent != NULL)
		parent->children += (uint32_t)by;
}

static void
account_row(struct lint *lint)
{
	struct lint_object *account;
	sym parent;

	lint_refs_living(lint, lint->file.columns.parent_account_id);
	check_new(lint, SHEET_ACCOUNT);
	parent = lint_refs_sym(lint, lint->file.columns.parent_account_id);
	account = lint_refs_find(
	    lint, SHEET_ACCOUNT, lint->row.values[lint->file.columns.own]);
	if (account != NULL && account->children > 0 && lint_refs_deletes(lint))
		lint_say(lint, LINT_ROW_IN_USE, lint->file.columns.own,
		    "%s still has active sub-accounts in this package",
		    lint_id(lint, lint->row.values[lint->file.columns.own]));
	if (account != NULL)
		count_child(lint, account, -1);
	account = lint_refs_keep(lint, SHEET_ACCOUNT);
	if (account == NULL)
		return;
	account->parent = parent;
	count_child(lint, account, 1);
}

/* Dates for one role in a term that must be there already. */
static void
override_row(struct lint *lint)
{
	size_t own;

	own = lint->file.columns.own;
	if (!lint_is_filled(lint, own))
		return;
	if (lint_refs_find(lint, SHEET_TERM, lint->row.values[own]) != NULL) {
		lint_refs_living(lint, own);
	} else {
		lint_refs_changed(lint, SHEET_TERM, own);
		lint_refs_wait(lint, LINT_ROW_OVERRIDE, own);
	}
	if (!lint->row.refused)
		lint_refs_keep_pair(
		    lint, SHEET_TERM, lint->file.columns.override_type);
}

static void
term_row(struct lint *lint)
{
	lint_cells_order(lint, SEVERITY_WARNING);
	if (lint_is_filled(lint, lint->file.columns.override_type))
		override_row(lint);
	else
		lint_refs_keep(lint, SHEET_TERM);
}

/* The account of a course: an unknown one may have a stand-in. */
static void
check_account(struct lint *lint)
{
	const struct lint_object *account;
	size_t fallback;

	fallback = lint->file.columns.fallback_account_id;
	if (lint_is_filled(lint, fallback) &&
	    lint_refs_find(lint, SHEET_ACCOUNT,
		lint->row.values[lint->file.columns.account_id]) == NULL) {
		lint_refs_named(lint, fallback);
		return;
	}
	account = lint_refs_named(lint, lint->file.columns.account_id);
	if (is_deleted(account))
		lint_say(lint, LINT_REF_DELETED, lint->file.columns.account_id,
		    "%s is deleted in this"
		    " package; a new course goes to the root account",
		    lint_id(
			lint, lint->row.values[lint->file.columns.account_id]));
}

static void
check_term(struct lint *lint)
{
	size_t column;

	column = lint->file.columns.term_id;
	if (is_deleted(lint_refs_named(lint, column)))
		lint_say(lint, LINT_REF_TERM_SILENT, column,
		    "%s is deleted"
		    " in this package; the course goes to the default term",
		    lint_id(lint, lint->row.values[column]));
}

static void
course_row(struct lint *lint)
{
	size_t blueprint;

	check_account(lint);
	check_term(lint);
	lint_refs_named(lint, lint->file.columns.abstract_course_id);
	blueprint = lint->file.columns.blueprint_course_id;
	if (!lint_is(lint->row.values[blueprint], "dissociate"))
		lint_refs_named(lint, blueprint);
	lint_cells_order(lint, SEVERITY_ERROR);
	lint_refs_integration(lint, SHEET_COURSE);
	lint_refs_keep(lint, SHEET_COURSE);
}

static void
abstract_course_row(struct lint *lint)
{
	check_account(lint);
	check_term(lint);
	lint_refs_keep(lint, SHEET_ABSTRACT_COURSE);
}

static void
section_row(struct lint *lint)
{
	struct lint_object *section;
	size_t course;

	course = lint->file.columns.course_id;
	lint_refs_living(lint, course);
	if (!lint_is_filled(lint, lint->file.columns.name) &&
	    !lint_refs_deletes(lint))
		lint_say(lint, LINT_ROW_REQUIRED, lint->file.columns.name,
		    "is blank");
	else
		check_new(lint, SHEET_SECTION);
	lint_cells_order(lint, SEVERITY_ERROR);
	lint_refs_integration(lint, SHEET_SECTION);
	section = lint_refs_keep(lint, SHEET_SECTION);
	if (section != NULL && !lint->row.refused &&
	    lint_is_filled(lint, course))
		section->parent = lint_refs_sym(lint, course);
}

/* Canvas makes the course of a cross-list, or brings it back. */
static void
check_xlist_course(struct lint *lint)
{
	struct lint_object *course;
	size_t column;

	column = lint->file.columns.xlist_course_id;
	course = lint_refs_find(lint, SHEET_COURSE, lint->row.values[column]);
	if (course == NULL) {
		if (lint->known[SHEET_COURSE].files > 0 &&
		    !lint->known[SHEET_COURSE].cut)
			lint_say(lint, LINT_XLIST_CREATES, column,
			    "%s is no"
			    " course of this package",
			    lint_id(lint, lint->row.values[column]));
		return;
	}
	if (course->flags & LINT_OBJECT_REFUSED) {
		lint_say(lint, LINT_XLIST_CREATES, column,
		    "%s is refused in %s:%u",
		    lint_id(lint, lint->row.values[column]),
		    lint->files[course->file], course->line);
		course->flags &= ~(unsigned)LINT_OBJECT_REFUSED;
	}
	if (is_deleted(course)) {
		lint_say(lint, LINT_XLIST_REVIVES, column,
		    "%s is deleted in"
		    " this package",
		    lint_id(lint, lint->row.values[column]));
		course->flags &= ~(unsigned)LINT_OBJECT_DELETED;
	}
}

static void
xlist_row(struct lint *lint)
{
	struct lint_object *section;
	size_t column;
	sym course;

	column = lint->file.columns.section_id;
	section = lint_refs_living(lint, column);
	course = lint_refs_sym(lint, lint->file.columns.xlist_course_id);
	lint_refs_changed(
	    lint, SHEET_COURSE, lint->file.columns.xlist_course_id);
	if (lint_refs_deletes(lint))
		return;
	if (section != NULL && course.id != 0 &&
	    section->parent.id == course.id)
		lint_say(lint, LINT_XLIST_OWN,
		    lint->file.columns.xlist_course_id,
		    "is the course of section %s already",
		    lint_id(lint, lint->row.values[column]));
	if (lint->row.refused || course.id == 0)
		return;
	check_xlist_course(lint);
	lint_refs_keep_named(lint, SHEET_COURSE,
	    lint->row.values[lint->file.columns.xlist_course_id]);
	if (section != NULL)
		section->listed = course;
}

static void
group_category_row(struct lint *lint)
{
	size_t account, course;

	account = lint->file.columns.account_id;
	course = lint->file.columns.course_id;
	if (lint_is_filled(lint, account) && lint_is_filled(lint, course))
		lint_say(lint, LINT_ROW_BOTH, course,
		    "is filled, and so is account_id");
	lint_refs_living(lint, account);
	lint_refs_living(lint, course);
	lint_refs_keep(lint, SHEET_GROUP_CATEGORY);
}

static void
group_row(struct lint *lint)
{
	struct str status;

	lint_refs_living(lint, lint->file.columns.group_category_id);
	lint_refs_living(lint, lint->file.columns.account_id);
	lint_refs_living(lint, lint->file.columns.course_id);
	status = lint->row.values[lint->file.columns.status];
	if (lint_is_any_case(status, "deleted") && !lint_is(status, "deleted"))
		lint_say(lint, LINT_ROW_GROUP_STAYS, lint->file.columns.status,
		    "%sdeletes nothing; only"
		    " deleted in lower case does",
		    lint_word(lint, status));
	lint_refs_keep(lint, SHEET_GROUP);
}

/* By the words of the column type in sheets[]. */
static const enum sheet_kind changed_kinds[] = { SHEET_USER, SHEET_COURSE,
	SHEET_SECTION, SHEET_TERM, SHEET_ACCOUNT, SHEET_GROUP_CATEGORY,
	SHEET_GROUP };

/* One id becomes another: among the rows of this file only. */
static void
check_changed(struct lint *lint, size_t old_id, size_t new_id,
    struct lint_map *changed, struct lint_map *changed_to)
{
	sym from, to;

	from = lint_refs_sym(lint, old_id);
	to = lint_refs_sym(lint, new_id);
	if (from.id == 0 || to.id == 0 ||
	    lint_is(lint->row.values[new_id], "<delete>"))
		return;
	if (from.id == to.id)
		lint_say(lint, LINT_CHANGE_SAME, new_id, "is the old id");
	else if (lint_map_find(changed_to, to) != LINT_NOWHERE)
		lint_say(lint, LINT_CHANGE_TAKEN, new_id,
		    "%s is the new id"
		    " of another row already",
		    lint_id(lint, lint->row.values[new_id]));
	else if (lint_map_find(changed, to) != LINT_NOWHERE)
		lint_say(lint, LINT_CHANGE_CHAIN, new_id,
		    "%s is the old id of the row in line %u",
		    lint_id(lint, lint->row.values[new_id]),
		    lint_map_find(changed, to));
	else if (lint_map_find(changed_to, from) != LINT_NOWHERE)
		lint_say(lint, LINT_CHANGE_CHAIN, old_id,
		    "%s is the new id of the row in line %u",
		    lint_id(lint, lint->row.values[old_id]),
		    lint_map_find(changed_to, from));
	if (lint->row.refused)
		return;
	lint_map_put(changed, from, lint->row.line);
	lint_map_put(changed_to, to, lint->row.line);
}

static void
change_row(struct lint *lint)
{
	const struct lint_columns *columns;
	const struct lint_memo *memo;
	struct lint_known *known;

	columns = &lint->file.columns;
	lint->ids_change = true;
	memo = &lint->file.memo[columns->type];
	if (!lint_is_filled(lint, columns->type) || memo->word == -1)
		return;
	if (changed_kinds[memo->word] == SHEET_GROUP_CATEGORY &&
	    (lint_is_filled(lint, columns->old_integration_id) ||
		lint_is_filled(lint, columns->new_integration_id)))
		lint_say(lint, LINT_CHANGE_CATEGORY, columns->type,
		    "has no integration id");
	known = &lint->known[changed_kinds[memo->word]];
	check_changed(lint, columns->old_id, columns->new_id, &known->changed,
	    &known->changed_to);
	check_changed(lint, columns->old_integration_id,
	    columns->new_integration_id, &known->integration_changed,
	    &known->integration_changed_to);
}

static void (*const row_rules[SHEETS])(struct lint *lint) = {
	[SHEET_ACCOUNT] = account_row,
	[SHEET_TERM] = term_row,
	[SHEET_USER] = lint_people_user,
	[SHEET_COURSE] = course_row,
	[SHEET_SECTION] = section_row,
	[SHEET_ENROLLMENT] = lint_people_enrollment,
	[SHEET_CHANGE_SIS_ID] = change_row,
	[SHEET_ABSTRACT_COURSE] = abstract_course_row,
	[SHEET_XLIST] = xlist_row,
	[SHEET_LOGIN] = lint_people_login,
	[SHEET_ADMIN] = lint_people_admin,
	[SHEET_GROUP_CATEGORY] = group_category_row,
	[SHEET_GROUP] = group_row,
	[SHEET_GROUP_MEMBERSHIP] = lint_people_membership,
	[SHEET_USER_OBSERVER] = lint_people_observer,
};

/* Columns that another one makes needless. */
static uint32_t
exempt(const struct lint *lint)
{
	const struct lint_columns *columns;

	columns = &lint->file.columns;
	if (lint->file.kind == SHEET_TERM &&
	    lint_is_filled(lint, columns->override_type))
		return UINT32_MAX & ~(1U << columns->own) &
		    ~(1U << columns->status);
	if (lint->file.kind == SHEET_COURSE &&
	    lint_is_filled(lint, columns->abstract_course_id))
		return 1U << columns->short_name | 1U << columns->long_name;
	return 0;
}

void
lint_rows_check(struct lint *lint)
{
	if (lint_is_filled(lint, lint->file.columns.own)) {
		lint_ids_prefetch(&lint->known[lint->file.kind].by_id,
		    lint->row.values[lint->file.columns.own]);
		lint_people_prefetch(lint);
	}
	lint->row.refused = false;
	lint->row.exempt = exempt(lint);
	lint_cells_check(lint);
	if (row_rules[lint->file.kind] != NULL)
		row_rules[lint->file.kind](lint);
}
