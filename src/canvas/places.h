#ifndef CANVAS_PLACES_H
#define CANVAS_PLACES_H

#include "canvas/diff.h"

/*
 * Where the rows of one package belong: a section to the account and the term
 * of its course, an enrollment to those of its section. Memory is bounded by
 * the ids of courses and sections.
 */
struct places;

#define PLACE_NOWHERE UINT32_MAX

/* Ids as the package has them; the empty sym: it names none. */
struct place {
	sym school, term;
	uint32_t number; /* from 0, below places_count() */
};

/*
 * Reads courses.csv and sections.csv; either may lack files. The intern, which
 * takes their ids in, must outlive the result; places_free() frees it. NULL
 * with EXIT_SOURCE, or when a signal came.
 */
struct places *places_read(struct intern *intern,
    const struct diff_input *courses, const struct diff_input *sections,
    struct err *err);
void places_free(struct places *places);

/*
 * The same while the package is written, row by row: courses and then
 * sections, the cells as cut. at says which of them count, by the headers of
 * their file. Returns where the row belongs.
 */
#define PLACES_CELLS 3
struct places *places_new(struct intern *intern);
void places_bind(const struct diff_layout *layout, enum sheet_kind kind,
    size_t at[PLACES_CELLS]);
struct place places_take_row(struct places *places, enum sheet_kind kind,
    const struct diff_cells *cells, const size_t at[PLACES_CELLS]);

/* How many different places there are, and each of them. */
size_t places_count(const struct places *places);
struct place places_at(const struct places *places, uint32_t number);

/* By id; number is PLACE_NOWHERE when the package has no such row. */
struct place places_of_course(const struct places *places, struct str id);
struct place places_of_section(const struct places *places, struct str id);

/*
 * The same for ids that are asked for in the order of the sections: looks
 * first at those from *near on, which is 0 at first and is moved on.
 */
struct place places_near_section(
    const struct places *places, struct str id, size_t *near);

/* The school of a term's courses; several of them or none: the empty sym. */
sym places_school_of_term(const struct places *places, struct str id);

/*
 * Where the row of one version of a difference belongs. An account is its own
 * school; a user belongs nowhere.
 */
struct place places_of_event(const struct places *places, enum sheet_kind kind,
    const struct diff_event *event, enum diff_version version);

/* One cell of such a row by its header, blank when it has no such column. */
struct str places_event_cell(const struct diff_event *event,
    enum diff_version version, const char *header);

#endif
