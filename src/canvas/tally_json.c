#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/tally_json.h"

#define VERSION 1 /* of the manifest's member */

/* Where each sheet's cells have been written up to. */
struct cursors {
	const struct tally *tally;
	const struct intern *intern;
	size_t at[KEEP_SHEETS];
};

/* The caller frees it. */
static char *
copy_of(const struct intern *intern, sym id)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = intern_text(intern, id, digits);
	return mem_strndup(text.bytes, text.len);
}

static void
set_sym(struct json *json, const char *key, const struct intern *intern, sym id)
{
	char *text;

	text = copy_of(intern, id);
	if (id.id != 0)
		json_set_text(json, key, text);
	free(text);
}

static struct json *
sheet_json(const struct tally_sheet *sheet)
{
	struct json *json, *ids;
	size_t i;

	ids = json_object();
	for (i = 0; i < sheet->nshapes; i++)
		json_set_number(
		    ids, sheet->shapes[i].text, sheet->shapes[i].rows);
	json = json_object();
	json_set_number(json, "rows", sheet->rows);
	json_set(json, "ids", ids);
	return json;
}

static const struct tally_cell *
cell_at(const struct cursors *cursors, enum sheet_kind kind)
{
	const struct tally_sheet *sheet;

	sheet = &cursors->tally->sheets[kind];
	return cursors->at[kind] < sheet->ncells ?
	    &sheet->cells[cursors->at[kind]] :
	    NULL;
}

/* The first place that is not written yet; NULL: all are. */
static const struct tally_cell *
next_place(const struct cursors *cursors)
{
	const struct tally_cell *first, *cell;
	enum sheet_kind kind;

	first = NULL;
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		cell = cell_at(cursors, kind);
		if (cell != NULL &&
		    (first == NULL ||
			tally_place_order(cursors->intern, cell, first) < 0))
			first = cell;
	}
	return first;
}

static bool
is_there(const struct cursors *cursors, const struct tally_cell *cell,
    const struct tally_cell *place)
{
	return cell != NULL &&
	    tally_place_order(cursors->intern, cell, place) == 0;
}

/* Enrollments of one place, by role. */
static struct json *
roles_json(struct cursors *cursors, const struct tally_cell *place)
{
	const struct tally_cell *cell;
	struct json *roles;
	char *role;

	roles = json_object();
	while (is_there(
	    cursors, cell = cell_at(cursors, SHEET_ENROLLMENT), place)) {
		role = copy_of(cursors->intern, cell->role);
		json_set_number(roles, role, cell->rows);
		free(role);
		cursors->at[SHEET_ENROLLMENT]++;
	}
	return roles;
}

static struct json *
place_json(struct cursors *cursors, const struct tally_cell *place)
{
	const struct tally_cell *cell;
	enum sheet_kind kind;
	struct json *json;

	json = json_object();
	set_sym(json, "school", cursors->intern, place->school);
	set_sym(json, "term", cursors->intern, place->term);
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		cell = cell_at(cursors, kind);
		if (!is_there(cursors, cell, place))
			continue;
		if (kind == SHEET_ENROLLMENT) {
			json_set(json, sheets[kind].name,
			    roles_json(cursors, place));
			continue;
		}
		json_set_number(json, sheets[kind].name, cell->rows);
		cursors->at[kind]++;
	}
	return json;
}

struct json *
tally_json(const struct tally *tally, const struct intern *intern)
{
	struct cursors cursors = { tally, intern, { 0 } };
	struct json *member, *all, *places;
	const struct tally_cell *place;
	enum sheet_kind kind;

	all = json_object();
	for (kind = 0; kind < KEEP_SHEETS; kind++)
		json_set(
		    all, sheets[kind].name, sheet_json(&tally->sheets[kind]));
	places = json_array();
	while ((place = next_place(&cursors)) != NULL)
		json_append(places, place_json(&cursors, place));
	member = json_object();
	json_set_number(member, "version", VERSION);
	json_set(member, "sheets", all);
	json_set(member, "places", places);
	return member;
}

static bool
read_sheet(struct tally_sheet *sheet, const struct json *json)
{
	const struct json *ids, *form;
	struct tally_shape *shape;
	size_t len;

	ids = json_get(json, "ids");
	if (!json_unsigned(json_get(json, "rows"), &sheet->rows) ||
	    json_kind(ids) != JSON_OBJECT || json_count(ids) > TALLY_SHAPES)
		return false;
	for (form = json_first(ids); form != NULL; form = json_next(form)) {
		len = strlen(json_key(form));
		if (len > TALLY_SHAPE_MAX)
			return false;
		shape = &sheet->shapes[sheet->nshapes++];
		memcpy(shape->text, json_key(form), len + 1);
		if (!json_unsigned(form, &shape->rows))
			return false;
	}
	return true;
}

static sym
read_sym(struct intern *intern, const char *text)
{
	return text == NULL ? sym_blank() :
			      intern_add(intern, text, strlen(text));
}

static bool
read_cell(
    struct tally_sheet *sheet, struct tally_cell cell, const struct json *rows)
{
	if (!json_unsigned(rows, &cell.rows))
		return false;
	sheet->cells = mem_grow(sheet->cells, sheet->ncells, &sheet->capcells,
	    sizeof(*sheet->cells));
	sheet->cells[sheet->ncells++] = cell;
	return true;
}

static bool
read_roles(struct tally_sheet *sheet, struct intern *intern,
    struct tally_cell cell, const struct json *roles)
{
	const struct json *role;

	if (json_kind(roles) != JSON_OBJECT)
		return false;
	for (role = json_first(roles); role != NULL; role = json_next(role)) {
		cell.role = read_sym(intern, json_key(role));
		if (!read_cell(sheet, cell, role))
			return false;
	}
	return true;
}

static bool
read_place(struct tally *tally, struct intern *intern, const struct json *place)
{
	struct tally_cell cell = { 0 };
	const struct json *rows;
	enum sheet_kind kind;

	cell.school = read_sym(intern, json_text(json_get(place, "school")));
	cell.term = read_sym(intern, json_text(json_get(place, "term")));
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		rows = json_get(place, sheets[kind].name);
		if (rows != NULL &&
		    !(kind == SHEET_ENROLLMENT ?
			    read_roles(
				&tally->sheets[kind], intern, cell, rows) :
			    read_cell(&tally->sheets[kind], cell, rows)))
			return false;
	}
	return true;
}

/* No sheet has more rows in its parts than in all. */
static bool
adds_up(const struct tally_sheet *sheet)
{
	uint64_t left;
	size_t i;

	left = sheet->rows;
	for (i = 0; i < sheet->ncells; i++) {
		if (sheet->cells[i].rows > left)
			return false;
		left -= sheet->cells[i].rows;
	}
	left = sheet->rows;
	for (i = 0; i < sheet->nshapes; i++) {
		if (sheet->shapes[i].rows > left)
			return false;
		left -= sheet->shapes[i].rows;
	}
	return true;
}

bool
tally_json_read(
    struct tally *tally, struct intern *intern, const struct json *member)
{
	const struct json *places, *place;
	enum sheet_kind kind;
	uint64_t version;

	*tally = (struct tally){ 0 };
	places = json_get(member, "places");
	if (!json_unsigned(json_get(member, "version"), &version) ||
	    version != VERSION || json_kind(places) != JSON_LIST)
		return false;
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		if (!read_sheet(&tally->sheets[kind],
			json_get(
			    json_get(member, "sheets"), sheets[kind].name)))
			return false;
	}
	for (place = json_first(places); place != NULL;
	     place = json_next(place)) {
		if (!read_place(tally, intern, place))
			return false;
	}
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		if (!adds_up(&tally->sheets[kind]))
			return false;
	}
	return true;
}
