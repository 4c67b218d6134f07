#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/mem.h"
#include "canvas/places.h"

/* A section and where it is. */
struct placed {
	sym id;
	uint32_t number;
};

struct places {
	struct intern *intern;
	struct place *list;
	size_t count, cap;
	struct placed *sections; /* in the order of their rows */
	size_t nsections, capsections;
	struct idmap pairs;	 /* school and term -> number */
	struct idmap courses;	 /* id -> number */
	struct idmap section_at; /* id -> which of sections */
	struct idmap terms;	 /* id -> school; blank: several */
};

#define CELLS PLACES_CELLS
#define SECTIONS_AHEAD 4 /* that are looked at before all are */

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

static uint32_t
take_course(struct places *places, const sym cells[CELLS])
{
	sym school, term, other;
	uint32_t number;

	school = cells[1];
	term = cells[2];
	number = number_of(places, school, term);
	idmap_put(&places->courses, cells[0].id, number);
	if (term.id == 0)
		return number;
	if (!idmap_get(&places->terms, term.id, &other.id))
		idmap_put(&places->terms, term.id, school.id);
	else if (other.id != school.id)
		idmap_put(&places->terms, term.id, 0);
	return number;
}

static uint32_t
take_section(struct places *places, const sym cells[CELLS])
{
	uint32_t number, at;

	if (!idmap_get(&places->courses, cells[1].id, &number))
		return PLACE_NOWHERE;
	if (!idmap_get(&places->section_at, cells[0].id, &at)) {
		at = (uint32_t)places->nsections++;
		idmap_put(&places->section_at, cells[0].id, at);
		places->sections = mem_grow(places->sections, at,
		    &places->capsections, sizeof(*places->sections));
	}
	places->sections[at] = (struct placed){ cells[0], number };
	return number;
}

static bool
same_text(struct str a, struct str b)
{
	return a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
}

void
places_bind(const struct diff_layout *layout, enum sheet_kind kind,
    size_t at[PLACES_CELLS])
{
	static const char *const of_courses[CELLS] = { "course_id",
		"account_id", "term_id" };
	static const char *const of_sections[CELLS] = { "section_id",
		"course_id" };
	const char *const *headers;
	size_t i;

	headers = kind == SHEET_COURSE ? of_courses : of_sections;
	for (i = 0; i < CELLS; i++)
		at[i] = diff_side_place(layout, headers[i]);
}

struct place
places_take_row(struct places *places, enum sheet_kind kind,
    const struct diff_cells *cells, const size_t at[PLACES_CELLS])
{
	sym syms[CELLS];
	struct str text[CELLS];
	uint32_t number;
	size_t i;

	for (i = 0; i < CELLS; i++) {
		text[i] = at[i] < cells->ncells ? cells->cells[at[i]] :
						  (struct str){ "", 0 };
		/* Often a section and its course share one id. */
		syms[i] = i > 0 && same_text(text[i], text[0]) ?
		    syms[0] :
		    intern_add(places->intern, text[i].bytes, text[i].len);
	}
	number = PLACE_NOWHERE;
	if (syms[0].id != 0)
		number = kind == SHEET_COURSE ? take_course(places, syms) :
						take_section(places, syms);
	return number != PLACE_NOWHERE ?
	    places->list[number] :
	    (struct place){ .number = PLACE_NOWHERE };
}

static int
take_file(struct places *places, enum sheet_kind kind,
    const struct diff_layout *layout, struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	size_t at[CELLS];
	int rc;

	places_bind(layout, kind, at);
	diff_side_walk(layout, &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		diff_record_cut(&record, &walk.cells);
		places_take_row(places, kind, &walk.cells, at);
		diff_walk_pass(&walk, &record);
	}
	diff_walk_free(&walk);
	return rc;
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
		rc = take_file(places, kind, &side.layouts[i], err);
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
	free(places->sections);
	idmap_free(&places->section_at);
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

static const struct place nowhere = { .number = PLACE_NOWHERE };

/* What a map has under an id. */
static bool
find(const struct places *places, const struct idmap *ids, struct str id,
    uint32_t *value)
{
	sym found;

	return intern_find(places->intern, id.bytes, id.len, &found) &&
	    idmap_get(ids, found.id, value);
}

struct place
places_of_course(const struct places *places, struct str id)
{
	uint32_t number;

	return find(places, &places->courses, id, &number) ?
	    places->list[number] :
	    nowhere;
}

struct place
places_of_section(const struct places *places, struct str id)
{
	size_t near;

	near = SIZE_MAX;
	return places_near_section(places, id, &near);
}

struct place
places_near_section(const struct places *places, struct str id, size_t *near)
{
	char digits[SYM_DIGITS];
	uint32_t at;
	size_t i;

	for (i = *near; i < places->nsections && i - *near < SECTIONS_AHEAD;
	     i++) {
		if (same_text(intern_text(places->intern,
				  places->sections[i].id, digits),
			id))
			break;
	}
	at = (uint32_t)i;
	if ((i >= places->nsections || i - *near == SECTIONS_AHEAD) &&
	    !find(places, &places->section_at, id, &at))
		return nowhere;
	*near = (size_t)at + 1;
	return places->list[places->sections[at].number];
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
