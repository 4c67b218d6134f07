#include "base/utf8.h"
#include "canvas/lint_cells.h"
#include "canvas/lint_people.h"
#include "canvas/lint_refs.h"
#include "canvas/lint_say.h"

static bool
is_deleted(const struct lint_object *object)
{
	return object != NULL && (object->flags & LINT_OBJECT_DELETED);
}

static struct str
value_of(const struct lint *lint, size_t column)
{
	return lint->row.values[column];
}

/* A file that changes the status alone has none. */
static bool
has_name_columns(const struct lint *lint)
{
	const struct lint_columns *columns;

	columns = &lint->file.columns;
	return lint->file.cell_of[columns->full_name] != -1 ||
	    lint->file.cell_of[columns->first_name] != -1 ||
	    lint->file.cell_of[columns->last_name] != -1;
}

/* Canvas shows full_name, else first and last name (canvas-sis 5, users). */
static void
check_name(struct lint *lint)
{
	const struct lint_columns *columns;
	struct str first, last;
	size_t characters;

	columns = &lint->file.columns;
	if (lint_is_filled(lint, columns->full_name))
		return;
	first = value_of(lint, columns->first_name);
	last = value_of(lint, columns->last_name);
	if (first.len + last.len == 0) {
		if (has_name_columns(lint) &&
		    !lint_is_filled(lint, columns->sortable_name) &&
		    !lint_is_filled(lint, columns->short_name))
			lint_say(lint, LINT_ROW_NAMELESS, LINT_NO_COLUMN,
			    "the row has no name");
		return;
	}
	if (first.len + last.len < SHEET_TEXT_MAX)
		return;
	characters = utf8_length(first.bytes, first.len) + 1 +
	    utf8_length(last.bytes, last.len);
	if (characters > SHEET_TEXT_MAX)
		lint_say(lint, LINT_ROW_LENGTH, columns->first_name,
		    "and last_name have %zu characters; %d are allowed",
		    characters, SHEET_TEXT_MAX);
}

/* The login as Canvas compares it; it lives in scratch. */
static struct str
lower_login(struct lint *lint)
{
	struct str login;
	size_t i;
	char c;

	login = value_of(lint, lint->file.columns.login_id);
	lint->scratch.len = 0;
	buf_reserve(&lint->scratch, login.len * UTF8_CASE_GROWTH + 1);
	for (i = 0; i < login.len; i++) {
		c = login.bytes[i];
		if ((unsigned char)c >= 0x80)
			break;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		lint->scratch.data[i] = c;
	}
	lint->scratch.len = i == login.len ?
	    i :
	    utf8_lower(login.bytes, login.len, lint->scratch.data);
	return (struct str){ lint->scratch.data, lint->scratch.len };
}

/* The same among the logins of the row's provider, if it names one. */
static struct str
provided_login(struct lint *lint)
{
	struct str provider;

	lower_login(lint);
	provider = value_of(lint, lint->file.columns.provider);
	if (provider.len > 0) {
		buf_addc(&lint->scratch, '\0');
		buf_add(&lint->scratch, provider.bytes, provider.len);
	}
	return (struct str){ lint->scratch.data, lint->scratch.len };
}

static uint32_t
login_hash(struct str login)
{
	return (uint32_t)lint_ids_hash(1, login);
}

/*
 * Says that another person holds the login: with the same provider, or with
 * any when the row names none.
 */
static void
check_login(struct lint *lint)
{
	const struct lint_object *owner;
	size_t column;
	uint32_t at;

	column = lint->file.columns.login_id;
	if (!lint_is_filled(lint, column))
		return;
	at = lint_ids_find(&lint->by_login, provided_login(lint));
	if (at == LINT_NOWHERE || at == lint_refs_place(lint, SHEET_USER))
		return;
	owner = &lint->known[SHEET_USER].objects[at];
	if (!is_deleted(owner) && owner->login == login_hash(lower_login(lint)))
		lint_say(lint, LINT_LOGIN_TAKEN, column,
		    "is that of the row %s:%u already",
		    lint->files[owner->file], owner->line);
}

/* Keeps the person, and the login when the row is not refused. */
static void
keep_person(struct lint *lint)
{
	struct lint_object *person;
	struct lint_known *users;
	uint32_t place;

	users = &lint->known[SHEET_USER];
	person = lint_refs_keep(lint, SHEET_USER);
	if (person == NULL || lint->row.refused)
		return;
	if (lint->file.kind == SHEET_LOGIN)
		person->flags |= LINT_OBJECT_LOGIN;
	person->login = login_hash(lower_login(lint));
	if (is_deleted(person))
		return;
	place = (uint32_t)(person - users->objects);
	lint_ids_put(&lint->by_login, lower_login(lint), place);
	if (lint_is_filled(lint, lint->file.columns.provider))
		lint_ids_put(&lint->by_login, provided_login(lint), place);
}

void
lint_people_prefetch(struct lint *lint)
{
	if (lint_is_filled(lint, lint->file.columns.login_id))
		lint_ids_prefetch(&lint->by_login, lower_login(lint));
}

void
lint_people_user(struct lint *lint)
{
	check_name(lint);
	check_login(lint);
	lint_refs_integration(lint, SHEET_USER);
	keep_person(lint);
}

static void
check_root_account(struct lint *lint)
{
	if (lint_is_filled(lint, lint->file.columns.root_account))
		lint_say(lint, LINT_ROW_ROOT_ACCOUNT,
		    lint->file.columns.root_account,
		    "is filled: without the"
		    " plugin Canvas drops the row in silence");
}

void
lint_people_login(struct lint *lint)
{
	const struct lint_object *person;
	size_t own;

	own = lint->file.columns.own;
	person = lint_refs_find(lint, SHEET_USER, value_of(lint, own));
	if (person != NULL && !(person->flags & LINT_OBJECT_LOGIN))
		lint_say(lint, LINT_LOGIN_TAKEN, own,
		    "%s stands in %s:%u"
		    " already; a second login needs an id of its own",
		    lint_id(lint, value_of(lint, own)),
		    lint->files[person->file], person->line);
	check_login(lint);
	lint_refs_living(lint, lint->file.columns.existing_user_id);
	lint_refs_integration_named(
	    lint, lint->file.columns.existing_integration_id);
	check_root_account(lint);
	lint_refs_integration(lint, SHEET_USER);
	if (person == NULL || (person->flags & LINT_OBJECT_LOGIN))
		keep_person(lint);
}

static void
say_deleted(struct lint *lint, enum severity severity, size_t column)
{
	lint_say_as(lint, LINT_REF_DELETED, severity, column,
	    "%s is deleted in this package",
	    lint_id(lint, value_of(lint, column)));
}

/* A file in order names one section many times on end. */
static struct lint_object *
section_of(struct lint *lint)
{
	struct lint_reading *file;
	struct lint_object *section;
	struct str id;
	size_t column;

	file = &lint->file;
	column = file->columns.section_id;
	id = value_of(lint, column);
	if (id.len > 0 && id.len == file->last_section.len &&
	    memcmp(id.bytes, file->last_section.data, id.len) == 0)
		return &lint->known[SHEET_SECTION]
			    .objects[file->last_section_object];
	section = lint_refs_named(lint, column);
	file->last_section.len = 0;
	if (section != NULL && !(section->flags & LINT_OBJECT_REFUSED)) {
		buf_add(&file->last_section, id.bytes, id.len);
		file->last_section_object = (uint32_t)(section -
		    lint->known[SHEET_SECTION].objects);
	}
	return section;
}

/* The section must be one of the course, or cross-listed into it. */
static const struct lint_object *
check_course(struct lint *lint, const struct lint_object *section)
{
	const struct lint_object *course;
	char digits[SYM_DIGITS];
	size_t column;
	sym id;

	column = lint->file.columns.course_id;
	course = lint_refs_named(lint, column);
	id = lint_refs_sym(lint, column);
	if (section == NULL || section->parent.id == 0)
		return course;
	if (id.id != 0 && id.id != section->parent.id &&
	    id.id != section->listed.id)
		lint_say_as(lint, LINT_REF_UNRELATED,
		    lint->options.complete ? SEVERITY_ERROR : SEVERITY_WARNING,
		    column,
		    "%s is not the course of"
		    " section %s",
		    lint_id(lint, value_of(lint, column)),
		    lint_id(
			lint, value_of(lint, lint->file.columns.section_id)));
	return course != NULL || lint->known[SHEET_COURSE].deleted == 0 ?
	    course :
	    lint_refs_find(lint, SHEET_COURSE,
		intern_text(lint->intern, section->parent, digits));
}

/* Canvas enrolls nobody into what is deleted. */
static void
check_place(struct lint *lint)
{
	const struct lint_object *section, *course;
	const struct lint_columns *columns;

	columns = &lint->file.columns;
	section = section_of(lint);
	course = check_course(lint, section);
	if (lint_refs_deletes(lint))
		return;
	if (is_deleted(section))
		say_deleted(lint, SEVERITY_ERROR, columns->section_id);
	else if (is_deleted(course) && lint_is_filled(lint, columns->course_id))
		say_deleted(lint, SEVERITY_ERROR, columns->course_id);
	else if (is_deleted(course))
		lint_say_as(lint, LINT_REF_DELETED, SEVERITY_ERROR,
		    columns->section_id,
		    "%s is of a course that this"
		    " package deletes",
		    lint_id(lint, value_of(lint, columns->section_id)));
}

/* The associated user counts for observers only. */
static void
check_associated(struct lint *lint)
{
	const struct lint_columns *columns;
	struct str role, id;

	columns = &lint->file.columns;
	if (!lint_is_filled(lint, columns->associated_user_id))
		return;
	role = value_of(lint, columns->role);
	id = value_of(lint, columns->user_id);
	if (role.len == 0 || lint_is_filled(lint, columns->role_id))
		return;
	if (!lint_is_any_case(role, "observer") &&
	    !lint_is(role, "ObserverEnrollment")) {
		lint_say(lint, LINT_ROW_IGNORED, columns->associated_user_id,
		    "counts for observers only");
		return;
	}
	lint_refs_named(lint, columns->associated_user_id);
	if (id.len > 0 &&
	    id.len == value_of(lint, columns->associated_user_id).len &&
	    memcmp(id.bytes, value_of(lint, columns->associated_user_id).bytes,
		id.len) == 0)
		lint_say(lint, LINT_ROW_SELF, columns->associated_user_id,
		    "is the user of the row");
}

static void
check_user(struct lint *lint, bool active)
{
	size_t column;

	column = lint->file.columns.user_id;
	if (is_deleted(lint_refs_named(lint, column)) && active)
		say_deleted(lint, SEVERITY_WARNING, column);
}

/* Answers the oldest question; the row that asked it comes back for that. */
static void
answer(struct lint *lint)
{
	const struct lint_asked *asked;
	const struct lint_known *users;
	struct str *value, id;
	uint32_t line, row;

	users = &lint->known[SHEET_USER];
	asked = &lint->file.asked[lint->file.answered++ % LINT_ASKED];
	if (users->deleted + users->refused == 0 &&
	    lint_ids_find_hashed(&users->by_id, asked->id, asked->hash) !=
		LINT_NOWHERE)
		return;
	value = &lint->row.values[lint->file.columns.user_id];
	id = *value;
	line = lint->row.line;
	row = lint->file.row;
	*value = asked->id;
	lint->row.line = asked->line;
	lint->file.row = asked->row;
	check_user(lint, asked->active);
	*value = id;
	lint->row.line = line;
	lint->file.row = row;
}

void
lint_people_answer(struct lint *lint)
{
	while (lint->file.answered < lint->file.nasked)
		answer(lint);
}

/*
 * Looking up one of a million users mostly waits for memory, so the look is
 * put off until memory has had the time of some rows. A cell that was in
 * quotes does not stay where it is, and is looked up at once.
 */
void
lint_people_ask(struct lint *lint)
{
	struct str id;
	uint64_t hash;
	bool active;

	id = value_of(lint, lint->file.columns.user_id);
	active = lint->row.word == 0;
	if (lint->ids_change || id.bytes < lint->file.block ||
	    id.bytes >= lint->file.block_end) {
		check_user(lint, active);
		return;
	}
	if (lint->file.nasked - lint->file.answered == LINT_ASKED)
		answer(lint);
	hash = lint_ids_prefetch(&lint->known[SHEET_USER].by_id, id);
	lint->file
	    .asked[lint->file.nasked++ % LINT_ASKED] = (struct lint_asked){ id,
		hash, lint->row.line, lint->file.row, active };
}

void
lint_people_enrollment(struct lint *lint)
{
	const struct lint_columns *columns;

	columns = &lint->file.columns;
	/* A user_integration_id wins over the user_id beside it. */
	if (lint_is_filled(lint, columns->user_id) &&
	    !lint_is_filled(lint, columns->user_integration_id))
		lint_people_ask(lint);
	lint_refs_integration_named(lint, columns->user_integration_id);
	check_place(lint);
	check_associated(lint);
	lint_refs_named(lint, columns->temporary_source);
	check_root_account(lint);
	lint_cells_order(lint, SEVERITY_WARNING);
	if (lint_is_filled(lint, columns->start_date) !=
	    lint_is_filled(lint, columns->end_date))
		lint_say(lint, LINT_DATE_HALF,
		    lint_is_filled(lint, columns->start_date) ?
			columns->start_date :
			columns->end_date,
		    "has no effect without the other"
		    " date");
	if (!lint_is_filled(lint, columns->section_id) &&
	    lint_is_filled(lint, columns->course_id))
		lint->file.sectionless++;
}

/* What must be there and active for a row to be taken. */
static void
check_active(struct lint *lint, size_t column)
{
	if (is_deleted(lint_refs_named(lint, column)))
		say_deleted(lint, SEVERITY_ERROR, column);
}

void
lint_people_admin(struct lint *lint)
{
	check_active(lint, lint->file.columns.account_id);
	check_active(lint, lint->file.columns.user_id);
}

void
lint_people_observer(struct lint *lint)
{
	const struct lint_columns *columns;
	struct str observer, student;

	columns = &lint->file.columns;
	check_active(lint, columns->observer_id);
	check_active(lint, columns->student_id);
	observer = value_of(lint, columns->observer_id);
	student = value_of(lint, columns->student_id);
	if (observer.len > 0 && observer.len == student.len &&
	    memcmp(observer.bytes, student.bytes, observer.len) == 0)
		lint_say(lint, LINT_ROW_SELF, columns->student_id,
		    "is the observer");
}

void
lint_people_membership(struct lint *lint)
{
	lint_refs_living(lint, lint->file.columns.group_id);
	lint_refs_living(lint, lint->file.columns.user_id);
}
