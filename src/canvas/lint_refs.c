#include <stdlib.h>

#include "base/mem.h"
#include "canvas/lint_refs.h"
#include "canvas/lint_say.h"

sym
lint_refs_sym(struct lint *lint, size_t column)
{
	struct str value;

	value = lint->row.values[column];
	return value.len == 0 ?
	    sym_blank() :
	    intern_add(lint->intern, value.bytes, value.len);
}

struct lint_object *
lint_refs_find(struct lint *lint, enum sheet_kind kind, struct str id)
{
	uint32_t at;

	at = id.len == 0 ? LINT_NOWHERE :
			   lint_ids_find(&lint->known[kind].by_id, id);
	return at == LINT_NOWHERE ? NULL : &lint->known[kind].objects[at];
}

static enum severity
severity_of_missing(const struct lint *lint, enum lint_rule rule)
{
	return lint->options.complete ? SEVERITY_ERROR :
					lint_rules[rule].severity;
}

/* Whether this package claims to have everything of a kind. */
static bool
is_supplied(const struct lint *lint, enum sheet_kind kind)
{
	if (lint->known[kind].cut)
		return false;
	return lint->options.complete || lint->known[kind].files > 0;
}

static void
say_not_here(struct lint *lint, const struct sheet_column *column, size_t i)
{
	enum lint_rule rule;

	rule = !(column->use & COLUMN_SILENT) ? LINT_REF_NOT_HERE :
	    column->kind == SHEET_TERM	      ? LINT_REF_TERM_SILENT :
						LINT_REF_SILENT;
	lint_say_as(lint, rule,
	    column->use & COLUMN_SILENT ? SEVERITY_WARNING :
					  severity_of_missing(lint, rule),
	    i, "%s is no %s of this package",
	    lint_id(lint, lint->row.values[i]), sheets[column->kind].word);
}

void
lint_refs_changed(struct lint *lint, enum sheet_kind kind, size_t i)
{
	sym id;

	if (!lint->ids_change)
		return;
	id = lint_refs_sym(lint, i);
	if (lint_map_find(&lint->known[kind].changed, id) != LINT_NOWHERE &&
	    lint_map_find(&lint->known[kind].changed_to, id) == LINT_NOWHERE)
		lint_say(lint, LINT_CHANGE_OLD_ID, i,
		    "%s has a new id by"
		    " change_sis_id",
		    lint_id(lint, lint->row.values[i]));
}

/* Canvas knows a new id of change_sis_id by the old one. */
static bool
is_new_id(struct lint *lint, enum sheet_kind kind, size_t i)
{
	return lint->ids_change &&
	    lint_map_find(&lint->known[kind].changed_to,
		lint_refs_sym(lint, i)) != LINT_NOWHERE;
}

void
lint_refs_wait(struct lint *lint, enum lint_rule later, size_t column)
{
	struct lint_waiting *waiting;

	lint->waiting = mem_grow(lint->waiting, lint->nwaiting,
	    &lint->capwaiting, sizeof(*lint->waiting));
	waiting = &lint->waiting[lint->nwaiting++];
	waiting->later = later;
	waiting->id = lint_refs_sym(lint, column);
	waiting->file = lint->file.number;
	waiting->row = lint->file.row;
	waiting->header = lint->file.sheet->columns[column].header;
	lint_place(lint, (size_t)lint->file.cell_of[column], &waiting->line,
	    &waiting->at);
}

struct lint_object *
lint_refs_named(struct lint *lint, size_t column)
{
	const struct sheet_column *of_sheet;
	struct lint_object *object;

	if (!lint_is_filled(lint, column))
		return NULL;
	of_sheet = &lint->file.sheet->columns[column];
	lint_refs_changed(lint, of_sheet->kind, column);
	object = lint_refs_find(lint, of_sheet->kind, lint->row.values[column]);
	if (object == NULL) {
		if (!is_supplied(lint, of_sheet->kind) ||
		    is_new_id(lint, of_sheet->kind, column))
			return NULL;
		if (of_sheet->kind != lint->file.kind) {
			say_not_here(lint, of_sheet, column);
			return NULL;
		}
		lint_refs_wait(lint, LINT_REF_LATER, column);
		/* Its place is judged at the end, the row already now. */
		lint->row.refused = lint->row.refused ||
		    (lint->options.complete && of_sheet->kind == SHEET_ACCOUNT);
		return NULL;
	}
	if (object->flags & LINT_OBJECT_REFUSED)
		lint_say_as(lint, LINT_REF_REFUSED,
		    of_sheet->use & COLUMN_SILENT ?
			SEVERITY_WARNING :
			severity_of_missing(lint, LINT_REF_REFUSED),
		    column, "%s is refused in %s:%u",
		    lint_id(lint, lint->row.values[column]),
		    lint->files[object->file], object->line);
	return object;
}

struct lint_object *
lint_refs_living(struct lint *lint, size_t column)
{
	struct lint_object *object;

	object = lint_refs_named(lint, column);
	if (object != NULL && object->flags & LINT_OBJECT_DELETED &&
	    !lint_refs_deletes(lint))
		lint_say(lint, LINT_REF_DELETED, column,
		    "%s is deleted in"
		    " this package",
		    lint_id(lint, lint->row.values[column]));
	return object;
}

static uint32_t
content_of(const struct lint *lint)
{
	uint64_t hash;
	size_t n;

	hash = 0;
	for (n = 0; n < lint->file.nbound; n++)
		hash = lint_ids_hash(
		    hash, lint->row.values[lint->file.bound[n]]);
	return (uint32_t)hash;
}

static void
say_duplicate(
    struct lint *lint, const struct lint_object *object, uint32_t content)
{
	enum lint_rule rule;

	rule = object->content == content ? LINT_KEY_REPEATED :
					    LINT_KEY_DUPLICATE;
	lint_say(lint, rule, lint->file.columns.own,
	    "%s stands already in"
	    " %s:%u%s",
	    lint_id(lint, lint->row.values[lint->file.columns.own]),
	    lint->files[object->file], object->line,
	    rule == LINT_KEY_REPEATED ? ", in the same row" : "");
}

static struct lint_object *
new_object(struct lint *lint, enum sheet_kind kind, struct str id)
{
	struct lint_object *object;
	struct lint_known *known;

	known = &lint->known[kind];
	known->objects = mem_grow(known->objects, known->nobjects,
	    &known->capobjects, sizeof(*known->objects));
	lint_ids_put(&known->by_id, id, (uint32_t)known->nobjects);
	object = &known->objects[known->nobjects++];
	*object = (struct lint_object){ .file = lint->file.number,
		.line = lint->row.line,
		.flags = LINT_OBJECT_REFUSED };
	return object;
}

/*
 * A status that only begins with deleted makes a user active and leaves a
 * course as it is.
 */
bool
lint_refs_deletes(const struct lint *lint)
{
	const struct sheet_column *status;
	size_t i;

	i = lint->file.columns.status;
	if (i == LINT_NO_COLUMN || lint->row.word == -1)
		return false;
	status = &lint->file.sheet->columns[i];
	if (strcmp(status->words[lint->row.word], "deleted") != 0)
		return false;
	if (lint->file.kind == SHEET_GROUP)
		return lint_is(lint->row.values[i], "deleted");
	return (lint->file.kind != SHEET_USER &&
		   lint->file.kind != SHEET_COURSE) ||
	    lint_is_any_case(lint->row.values[i], "deleted");
}

uint32_t
lint_refs_place(struct lint *lint, enum sheet_kind kind)
{
	struct str id;
	uint32_t at;

	id = lint->row.values[lint->file.columns.own];
	at = id.len == 0 ? LINT_NOWHERE :
			   lint_ids_find(&lint->known[kind].by_id, id);
	return at != LINT_NOWHERE ? at : (uint32_t)lint->known[kind].nobjects;
}

void
lint_refs_integration(struct lint *lint, enum sheet_kind kind)
{
	struct lint_known *known;
	uint32_t owner, self;
	size_t column;
	sym id;

	column = lint->file.columns.integration_id;
	id = lint_refs_sym(lint, column);
	if (id.id == 0)
		return;
	known = &lint->known[kind];
	self = lint_refs_place(lint, kind);
	owner = lint_map_find(&known->by_integration, id);
	if (owner != LINT_NOWHERE && owner != self) {
		if (kind == SHEET_USER && lint_refs_deletes(lint))
			return;
		lint_say(lint, LINT_INTEGRATION_TAKEN, column,
		    "is that of the row %s:%u already",
		    lint->files[known->objects[owner].file],
		    known->objects[owner].line);
	} else if (!lint->row.refused)
		lint_map_put(&known->by_integration, id, self);
}

struct lint_object *
lint_refs_keep(struct lint *lint, enum sheet_kind kind)
{
	struct lint_object *object;
	uint32_t content;
	struct str id;

	id = lint->row.values[lint->file.columns.own];
	if (id.len == 0)
		return NULL;
	lint_refs_changed(lint, kind, lint->file.columns.own);
	content = content_of(lint);
	object = lint_refs_find(lint, kind, id);
	if (object == NULL) {
		object = new_object(lint, kind, id);
		object->content = content;
	} else {
		say_duplicate(lint, object, content);
	}
	if (lint->row.refused) {
		lint->known[kind].refused++;
		return object;
	}
	object->flags &= ~(unsigned)(LINT_OBJECT_REFUSED | LINT_OBJECT_DELETED);
	if (lint_refs_deletes(lint)) {
		object->flags |= LINT_OBJECT_DELETED;
		lint->known[kind].deleted++;
	}
	return object;
}

void
lint_refs_keep_pair(struct lint *lint, enum sheet_kind kind, size_t column)
{
	struct lint_object *object;
	uint32_t content;
	struct str pair;

	pair = lint->row.values[lint->file.columns.own];
	lint->scratch.len = 0;
	buf_add(&lint->scratch, pair.bytes, pair.len);
	buf_addc(&lint->scratch, '\0');
	buf_add(&lint->scratch, lint->row.values[column].bytes,
	    lint->row.values[column].len);
	pair = (struct str){ lint->scratch.data, lint->scratch.len };
	content = content_of(lint);
	object = lint_refs_find(lint, kind, pair);
	if (object != NULL)
		say_duplicate(lint, object, content);
	else
		new_object(lint, kind, pair)->content = content;
}

void
lint_refs_integration_named(struct lint *lint, size_t column)
{
	const struct lint_known *users;
	uint32_t at;
	sym id;

	users = &lint->known[SHEET_USER];
	/* Without one integration id the package claims to know none. */
	if (!lint_is_filled(lint, column) || users->by_integration.used == 0 ||
	    !is_supplied(lint, SHEET_USER))
		return;
	id = lint_refs_sym(lint, column);
	at = lint_map_find(&users->by_integration, id);
	if (at == LINT_NOWHERE &&
	    lint_map_find(&users->integration_changed_to, id) == LINT_NOWHERE)
		lint_say_as(lint, LINT_REF_NOT_HERE,
		    severity_of_missing(lint, LINT_REF_NOT_HERE), column,
		    "%s is the integration_id of no user of this package",
		    lint_id(lint, lint->row.values[column]));
	else if (at != LINT_NOWHERE &&
	    users->objects[at].flags & LINT_OBJECT_DELETED &&
	    !lint_refs_deletes(lint))
		lint_say(lint, LINT_REF_DELETED, column,
		    "%s is of a user whom this package deletes",
		    lint_id(lint, lint->row.values[column]));
}

void
lint_refs_keep_named(struct lint *lint, enum sheet_kind kind, struct str id)
{
	if (lint_refs_find(lint, kind, id) == NULL)
		new_object(lint, kind, id)->flags = 0;
}

static void
judge_waiting(
    struct lint *lint, enum sheet_kind kind, const struct lint_waiting *waiting)
{
	char digits[SYM_DIGITS];
	struct str id;
	bool here;

	id = intern_text(lint->intern, waiting->id, digits);
	here = lint_refs_find(lint, kind, id) != NULL;
	/* Blueprints are linked when all rows are in. */
	if (here ? kind == SHEET_COURSE : !is_supplied(lint, kind))
		return;
	lint->message.len = 0;
	if (here)
		buf_printf(&lint->message,
		    "%s %s comes later in this"
		    " package",
		    waiting->header, lint_id(lint, id));
	else
		buf_printf(&lint->message, "%s %s is no %s of this package",
		    waiting->header, lint_id(lint, id), sheets[kind].word);
	lint_say_of(lint, here ? waiting->later : LINT_REF_NOT_HERE,
	    here ? lint_rules[waiting->later].severity :
		   severity_of_missing(lint, LINT_REF_NOT_HERE),
	    waiting->file, waiting->line, waiting->at, waiting->row,
	    buf_str(&lint->message));
}

void
lint_refs_kind_end(struct lint *lint, enum sheet_kind kind)
{
	size_t i;

	for (i = 0; i < lint->nwaiting; i++)
		judge_waiting(lint, kind, &lint->waiting[i]);
	lint->nwaiting = 0;
}

void
lint_refs_free(struct lint *lint)
{
	struct lint_known *known;
	size_t i;

	for (i = 0; i < SHEETS; i++) {
		known = &lint->known[i];
		free(known->objects);
		lint_ids_free(&known->by_id);
		lint_map_free(&known->by_integration);
		lint_map_free(&known->changed);
		lint_map_free(&known->changed_to);
		lint_map_free(&known->integration_changed);
		lint_map_free(&known->integration_changed_to);
	}
	lint_ids_free(&lint->by_login);
	free(lint->waiting);
}
