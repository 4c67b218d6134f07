#ifndef SIM_DISTRICT_H
#define SIM_DISTRICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/idmap.h"
#include "base/intern.h"
#include "sim_tables.h"

/*
 * The rows of one table. A row lies in bytes as one byte that says whether
 * JSON must escape something in it, then for each column of the table its
 * length (one byte, 255: four more follow) and its text; an empty text is
 * null.
 */
struct sim_table {
	const struct sim_table_def *def;
	struct buf bytes;
	uint64_t *at; /* where each row begins */
	size_t count, cap;
	uint32_t *order; /* the rows that exist, by key */
	size_t norder, order_cap;
	uint8_t *year; /* of each row; SIM_NO_YEAR; NULL: no such thing */
};

struct sim_district {
	struct sim_table tables[SIM_TABLES];
	struct sim_table addresses; /* of the students export itself */
	uint64_t *student_years;    /* bit y: a class of year y */
	struct intern *texts;
	/* What a row is found by; idmap_pair() where it takes two. */
	struct idmap school_of_number, student_of_id, student_of_dcid,
	    section_of_id, course_of_number, staff_of_id, user_of_dcid,
	    term_of_id, email_of_student;
	unsigned changes; /* how often rows were put in or taken out */
};

/*
 * Reads the table exports of a folder, under the names and with the headers
 * that ps2canvas takes (UTF-8). 0, or -1 with file:line and the reason.
 */
int sim_district_read(
    struct sim_district *district, const char *folder, struct err *err);
void sim_district_free(struct sim_district *district);

/* The text of a cell, empty when it is null. */
struct str sim_cell(const struct sim_table *table, uint32_t row, int column);

/* The same by the column's name, which must be one of the table's. */
struct str sim_get(const struct sim_district *district, enum sim_table_id table,
    uint32_t row, const char *column);

/* Reads a number with or without a minus sign; false when it is none. */
bool sim_number(struct str text, int64_t *number);

/* The row that a map has for a text, and for two; false: there is none. */
bool sim_find(const struct sim_district *district, const struct idmap *map,
    struct str text, uint32_t *row);
bool sim_find_two(const struct sim_district *district, const struct idmap *map,
    struct str a, struct str b, uint32_t *row);

/* Puts a row behind the others; cells has one for each column. */
uint32_t sim_append(struct sim_table *table, const struct str *cells);

/*
 * Puts a copy of the row at a place of the order in front of it, with a key
 * of its own; takes the row there away; has it twice.
 */
int sim_insert_row(struct sim_district *d, enum sim_table_id table, size_t at);
int sim_delete_row(struct sim_district *d, enum sim_table_id table, size_t at);
int sim_repeat_row(struct sim_district *d, enum sim_table_id table, size_t at);

#endif
