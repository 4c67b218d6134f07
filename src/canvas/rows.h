#ifndef CANVAS_ROWS_H
#define CANVAS_ROWS_H

#include "base/date.h"
#include "canvas/enroll.h"
#include "canvas/map.h"

/* The UTC text of one local moment of a day. */
struct day_text {
	int32_t date;
	char text[UTC_TEXT_SIZE];
};

/* An enrollment by the rank of its person. */
struct ranked {
	uint32_t rank;
	uint32_t at; /* in the section's list */
};

#define DAY_SLOTS 4096 /* days whose UTC text is remembered */

/* The map's rows in the order in which they are written. */
struct sheet_orders {
	uint32_t *schools, *terms, *sections, *groups, *people;
	size_t nschools, nterms, nsections, ngroups, npeople;
	uint32_t *courses; /* mode section: sections by course */
	size_t ncourses;
	uint32_t *rank;		 /* of each person: students, users */
	char *ids;		 /* user_ids by rank, side by side */
	uint32_t *id_at;	 /* and where each begins */
	struct enrollment *list; /* of the section at hand */
	struct ranked *ranked;	 /* their order */
	size_t cap, capranked;
	struct day_text *days[2]; /* first and last second of a day */
};

/* What the cells of one row are made from. */
struct sheet_row {
	const struct map *map;
	struct sheet_orders *orders;
	enum table_id table;
	uint32_t row;
	const struct course_group *group;    /* a course of mode course */
	const struct account_group *account; /* an account above schools */
	const struct enrollment *enrollment;
	struct str section_id, user_id; /* of an enrollment */
};

/* Called with each row in order; -1 stops. */
typedef int sheet_row_fn(void *arg, const struct sheet_row *row);

/* Calls fn with each row of one sheet in key order; 0 or what fn returned. */
typedef int rows_each_fn(struct sheet_row *row, sheet_row_fn *fn, void *arg);

rows_each_fn rows_each_account, rows_each_term, rows_each_user,
    rows_each_course, rows_each_section, rows_each_enrollment;

/* Sorts everything that is sent by its Canvas id. */
struct sheet_orders *sheet_orders_make(const struct map *map);
void sheet_orders_free(struct sheet_orders *orders);

/* Calls fn with each row of the map that each walks over. */
int rows_for_each(rows_each_fn *each, const struct map *map,
    struct sheet_orders *orders, sheet_row_fn *fn, void *arg);

#endif
