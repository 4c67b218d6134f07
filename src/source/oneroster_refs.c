#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"
#include "source/oneroster_refs.h"

struct str
oneroster_refs_text(const struct oneroster_state *state,
    enum oneroster_table table, unsigned column, uint32_t row,
    char digits[SYM_DIGITS])
{
	return intern_text(state->files->intern,
	    table_sym(&state->files->tables[table], column, row), digits);
}

static bool
is_word(struct str text, const char *word)
{
	return strlen(word) == text.len &&
	    strncasecmp(word, text.bytes, text.len) == 0;
}

bool
oneroster_refs_is(const struct oneroster_state *state,
    enum oneroster_table table, unsigned column, uint32_t row,
    const char *const *words)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = oneroster_refs_text(state, table, column, row, digits);
	for (; text.len > 0 && *words != NULL; words++) {
		if (is_word(text, *words))
			return true;
	}
	return false;
}

/* The roles of the standard. */
static const struct {
	const char *name;
	enum role_kind kind;
} roles[] = {
	{ "student", ROLE_KIND_STUDENT },
	{ "teacher", ROLE_KIND_TEACHER },
	{ "aide", ROLE_KIND_STAFF },
	{ "administrator", ROLE_KIND_STAFF },
	{ "proctor", ROLE_KIND_STAFF },
	{ "parent", ROLE_KIND_FAMILY },
	{ "guardian", ROLE_KIND_FAMILY },
	{ "relative", ROLE_KIND_FAMILY },
};

enum role_kind
oneroster_refs_role(struct oneroster_state *state, enum oneroster_table table,
    unsigned column, uint32_t row)
{
	char digits[SYM_DIGITS];
	struct str text;
	uint32_t kind;
	size_t i;
	sym role;

	role = table_sym(&state->files->tables[table], column, row);
	if (idmap_get(&state->roles, role.id, &kind))
		return (enum role_kind)kind;
	text = intern_text(state->files->intern, role, digits);
	kind = ROLE_KIND_OTHER;
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (is_word(text, roles[i].name))
			kind = roles[i].kind;
	}
	idmap_put(&state->roles, role.id, kind);
	return (enum role_kind)kind;
}

bool
oneroster_refs_gone(const struct oneroster_state *state,
    enum oneroster_table table, uint32_t row)
{
	static const char *const gone[] = { "tobedeleted", NULL };

	return oneroster_refs_is(state, table, OR_STATUS, row, gone);
}

void
oneroster_refs_skip(struct oneroster_state *state, enum oneroster_table table,
    enum source_skip why)
{
	state->report->files[table].skipped[why]++;
}

void
oneroster_refs_index(
    struct oneroster_state *state, enum oneroster_table table, const bool *keep)
{
	const struct table *rows;
	uint32_t *keys, row;

	rows = &state->files->tables[table];
	keys = mem_zalloc(rows->nrows, sizeof(*keys));
	for (row = 0; row < rows->nrows; row++) {
		if ((keep == NULL || keep[row]) &&
		    !oneroster_refs_gone(state, table, row))
			keys[row] = table_sym(rows, OR_SOURCEDID, row).id;
	}
	key_index_build(&state->by_id[table], keys, rows->nrows);
	free(keys);
}

static bool
same_content(const struct table *rows, uint32_t a, uint32_t b)
{
	size_t i;

	for (i = 0; i < FIELDS_MAX; i++) {
		if (rows->columns[i] != NULL && i != OR_STATUS &&
		    rows->columns[i][a] != rows->columns[i][b])
			return false;
	}
	return true;
}

int
oneroster_refs_unique(const struct oneroster_state *state,
    enum oneroster_table table, struct err *err)
{
	const struct roster_file *file;
	const struct table *rows;
	uint32_t row, first, line;

	rows = &state->files->tables[table];
	for (row = 0; row < rows->nrows; row++) {
		first = key_index_find(
		    &state->by_id[table], table_sym(rows, OR_SOURCEDID, row));
		if (first == ROW_NONE || first == row ||
		    oneroster_refs_gone(state, table, row) ||
		    same_content(rows, first, row))
			continue;
		file = roster_place(
		    state->files, (enum table_id)table, row, &line);
		err_set(err, EXIT_SOURCE,
		    "%s:%u:1: a row above has the same sourcedId and other"
		    " content, so that nobody can tell which of the two is"
		    " meant; nothing was published",
		    file->name, line);
		return err_hint(err,
		    "Have one of the two corrected where the set is made.");
	}
	return 0;
}

/* A sourcedId in no file; it must not be taken for somebody else's number. */
static sym
foreign(struct oneroster_state *state, const struct idmap *numbers, sym id)
{
	char digits[SYM_DIGITS];
	struct buf text = { 0 };
	struct str bytes;

	if (id.id == 0 || !idmap_get(numbers, id.id, NULL))
		return id;
	bytes = intern_text(state->files->intern, id, digits);
	buf_adds(&text, "sourcedId ");
	buf_add(&text, bytes.bytes, bytes.len);
	id = intern_add(state->files->intern, text.data, text.len);
	buf_free(&text);
	return id;
}

sym
oneroster_refs_school(struct oneroster_state *state, sym org)
{
	uint32_t row;

	row = key_index_find(&state->by_id[OR_ORG], org);
	return row == ROW_NONE ? foreign(state, &state->schools, org) :
				 state->org_school[row];
}

sym
oneroster_refs_course(struct oneroster_state *state, sym course)
{
	uint32_t row;

	row = key_index_find(&state->by_id[OR_COURSE], course);
	return row == ROW_NONE ? foreign(state, &state->courses, course) :
				 state->course_number[row];
}

sym
oneroster_refs_post_id(struct oneroster_state *state, sym user, sym org)
{
	char digits[2][SYM_DIGITS];
	struct buf text = { 0 };
	struct str a, b;
	sym id;

	a = intern_text(state->files->intern, user, digits[0]);
	b = intern_text(state->files->intern, org, digits[1]);
	buf_add(&text, a.bytes, a.len);
	buf_addc(&text, '/');
	buf_add(&text, b.bytes, b.len);
	id = intern_add(state->files->intern, text.data, text.len);
	buf_free(&text);
	return id;
}

sym
oneroster_refs_post(struct oneroster_state *state, sym user, sym org)
{
	uint32_t row;
	sym id;

	row = key_index_find(&state->by_id[OR_USER], user);
	if (row == ROW_NONE || state->first_post[row].id == 0)
		return user;
	id = oneroster_refs_post_id(state, user, org);
	return idmap_get(&state->staff, id.id, NULL) ? id :
						       state->first_post[row];
}

int32_t
oneroster_refs_last_day(const struct oneroster_state *state, int32_t end)
{
	return state->options->last_days ? end : end - 1;
}

int32_t
oneroster_refs_day_over(const struct oneroster_state *state, int32_t end)
{
	return state->options->last_days ? end + 1 : end;
}
