#ifndef CANVAS_SHEETS_H
#define CANVAS_SHEETS_H

#include <stdbool.h>

#include "canvas/enroll.h"
#include "canvas/map.h"

#define SHEET_COLUMNS_MAX 12

/* The map's rows in the order in which Canvas gets them. */
struct sheet_orders;

/* What the cells of one row are made from. */
struct sheet_row {
	const struct map *map;
	struct sheet_orders *orders;
	enum table_id table;
	uint32_t row;
	const struct course_group *group;	/* a course of mode course */
	const struct account_group *account;	/* an account above schools */
	const struct enrollment *enrollment;
	struct str section_id, user_id;		/* of an enrollment */
};

/* Makes one cell; scratch is free to use and lives until the next row. */
typedef struct str sheet_cell_fn(const struct sheet_row *row,
    struct buf *scratch);

struct sheet_column {
	const char *header;
	sheet_cell_fn *cell;
	/* NULL: always there; else asks whether the settings want it. */
	bool (*wanted)(const struct policy *policy);
};

/* Called with each row in order; -1 stops. */
typedef int sheet_row_fn(void *arg, const struct sheet_row *row);

/* One Canvas SIS CSV (canvas-sis 4, 5). */
struct sheet {
	const char *file;	/* accounts.csv */
	struct sheet_column columns[SHEET_COLUMNS_MAX];
	int (*each)(struct sheet_row *row, sheet_row_fn *fn, void *arg);
};

/* In the order in which Canvas imports them; ends with a NULL file. */
extern const struct sheet sheets[];

/* Sorts everything that is sent by its Canvas id. */
struct sheet_orders *sheet_orders_make(const struct map *map);
void sheet_orders_free(struct sheet_orders *orders);

/* Calls fn with each row of a sheet in key order; 0 or what fn returned. */
int sheet_each(const struct sheet *sheet, const struct map *map,
    struct sheet_orders *orders, sheet_row_fn *fn, void *arg);

/* Calls fn with each person, then each section that is sent. */
int sheet_each_person(const struct map *map, struct sheet_orders *orders,
    sheet_row_fn *fn, void *arg);
int sheet_each_section(const struct map *map, struct sheet_orders *orders,
    sheet_row_fn *fn, void *arg);

#endif
