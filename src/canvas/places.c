#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/mem.h"
#include "canvas/places.h"

struct places {
	struct intern *intern;
	struct place *list;
	size_t count, cap;
	struct idmap pairs;		/* school and term -> number */
	struct idmap courses, sections; /* id -> number */
	struct idmap terms;		/* id -> school; blank: several */
};

enum { CELLS = 3 }; /* of a row that are read */

/* Called with the syms of the cells asked for. */
typedef void row_fn(struct places *places, const sym cells[CELLS]);

static size_t
place_of_header(const struct diff_layout *layout, const char *header)
{
	size_t i;

	for (i = 0; i < layout->nheaders; i++) {
		if (layout->headers[i] != NULL &&
		    strcmp(layout->headers[i], header) == 0)
			return i;
	}
	return SIZE_MAX;
}

/* Calls fn with the cells of each row that has an id, the first of them. */
static int
each_row(struct places *places, const struct diff_layout *layout,
    const char *const headers[CELLS], row_fn *fn, struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	size_t at[CELLS], i;
	sym cells[CELLS];
	struct str text;
	int rc;

	for (i = 0; i < CELLS; i++)
		at[i] = headers[i] == NULL ?
		    SIZE_MAX :
		    place_of_header(layout, headers[i]);
	diff_side_walk(layout, &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		diff_record_cut(&record, &walk.cells);
		for (i = 0; i < CELLS; i++) {
			text = at[i] < walk.cells.ncells ?
			    walk.cells.cells[at[i]] :
			    (struct str){ "", 0 };
			cells[i] = intern_add(
			    places->intern, text.bytes, text.len);
		}
		if (cells[0].id != 0)
			fn(places, cells);
		diff_walk_pass(&walk, &record);
	}
	diff_walk_free(&walk);
	return rc;
}

static uint32_t
number_of(struct places *places, sym school, sym term)
{
	uint32_t number;

	if (idmap_get(&places->pairs, idmap_pair(school, term), &number))
		return number;
	number = (uint32_t)places->count;
	places->list = mem_grow(
	    places->list, places->count, &places->cap, sizeof(*places->list));
	places->list[places->count++] = (struct place){ school, term, number };
	idmap_put(&places->pairs, idmap_pair(school, term), number);
	return number;
}

static void
take_course(struct places *places, const sym cells[CELLS])
{
	sym school, term, other;

	school = cells[1];
	term = cells[2];
	idmap_put(
	    &places->courses, cells[0].id, number_of(places, school, term));
	if (term.id == 0)
		return;
	if (!idmap_get(&places->terms, term.id, &other.id))
		idmap_put(&places->terms, term.id, school.id);
	else if (other.id != school.id)
		idmap_put(&places->terms, term.id, 0);
}

static void
take_section(struct places *places, const sym cells[CELLS])
{
	uint32_t number;

	if (idmap_get(&places->courses, cells[1].id, &number))
		idmap_put(&places->sections, cells[0].id, number);
}

int
places_take(struct places *places, enum sheet_kind kind,
    const struct diff_layout *layout, struct err *err)
{
	static const char *const of_courses[CELLS] = { "course_id",
		"account_id", "term_id" };
	static const char *const of_sections[CELLS] = { "section_id",
		"course_id" };

	if (kind == SHEET_COURSE)
		return each_row(places, layout, of_courses, take_course, err);
	return each_row(places, layout, of_sections, take_section, err);
}

static int
take_input(struct places *places, enum sheet_kind kind,
    const struct diff_input *input, struct err *err)
{
	struct diff_side side = { 0 };
	size_t i;
	int rc;

	rc = diff_side_open(&side, input, err);
	for (i = 0; i < side.nlayouts && rc == 0; i++)
		rc = places_take(places, kind, &side.layouts[i], err);
	diff_side_close(&side);
	return rc;
}

struct places *
places_new(struct intern *intern)
{
	struct places *places;

	places = mem_zalloc(1, sizeof(*places));
	places->intern = intern;
	return places;
}

struct places *
places_read(struct intern *intern, const struct diff_input *courses,
    const struct diff_input *sections, struct err *err)
{
	struct places *places;

	places = places_new(intern);
	if (take_input(places, SHEET_COURSE, courses, err) == 0 &&
	    take_input(places, SHEET_SECTION, sections, err) == 0)
		return places;
	places_free(places);
	return NULL;
}

void
places_free(struct places *places)
{
	if (places == NULL)
		return;
	free(places->list);
	idmap_free(&places->pairs);
	idmap_free(&places->courses);
	idmap_free(&places->sections);
	idmap_free(&places->terms);
	free(places);
}

size_t
places_count(const struct places *places)
{
	return places->count;
}

struct place
places_at(const struct places *places, uint32_t number)
{
	return places->list[number];
}

static struct place
find(const struct places *places, const struct idmap *ids, struct str id)
{
	uint32_t number;
	sym found;

	if (intern_find(places->intern, id.bytes, id.len, &found) &&
	    idmap_get(ids, found.id, &number))
		return places->list[number];
	return (struct place){ .number = PLACE_NOWHERE };
}

struct place
places_of_course(const struct places *places, struct str id)
{
	return find(places, &places->courses, id);
}

struct place
places_of_section(const struct places *places, struct str id)
{
	return find(places, &places->sections, id);
}

sym
places_school_of_term(const struct places *places, struct str id)
{
	sym term, school;

	if (intern_find(places->intern, id.bytes, id.len, &term) &&
	    idmap_get(&places->terms, term.id, &school.id))
		return school;
	return (sym){ 0 };
}

struct str
places_event_cell(const struct diff_event *event, enum diff_version version,
    const char *header)
{
	const struct diff_columns *columns;
	size_t i;

	columns = diff_columns_of(event->diff);
	for (i = 0; i < columns->count; i++) {
		if (strcmp(columns->columns[i].header, header) == 0)
			return diff_cell(event, version, i);
	}
	return (struct str){ "", 0 };
}

struct place
places_of_event(const struct places *places, enum sheet_kind kind,
    const struct diff_event *event, enum diff_version version)
{
	struct place place = { .number = PLACE_NOWHERE };
	struct str id;

	switch (kind) {
	case SHEET_ACCOUNT:
		id = places_event_cell(event, version, "account_id");
		place.school = intern_add(places->intern, id.bytes, id.len);
		return place;
	case SHEET_TERM:
		id = places_event_cell(event, version, "term_id");
		place.school = places_school_of_term(places, id);
		place.term = intern_add(places->intern, id.bytes, id.len);
		return place;
	case SHEET_COURSE:
		return places_of_course(
		    places, places_event_cell(event, version, "course_id"));
	case SHEET_SECTION:
	case SHEET_ENROLLMENT:
		return places_of_section(
		    places, places_event_cell(event, version, "section_id"));
	default:
		return place;
	}
}
