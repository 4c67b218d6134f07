#ifndef SOURCE_ONEROSTER_FILL_H
#define SOURCE_ONEROSTER_FILL_H

#include "roster/roster.h"
#include "source/oneroster_tables.h"

/* How the rows of one OneRoster file fill one PowerSchool table. */
struct filling {
	const struct table *from;
	struct table *to;
	const struct field *fields; /* of to */
	struct {
		uint8_t column, field;
		bool made;
	} cells[FIELDS_MAX];
	size_t ncells;
	size_t mark; /* the next of from's */
};

/*
 * Asks the OneRoster files for the columns which fill those that the roster
 * wants.
 */
void oneroster_fill_want(struct roster *files, const struct roster *roster);

/* Binds the roster's columns that the bound ones of the files fill. */
void oneroster_fill_bind(const struct roster *files, struct roster *roster);

/* Begins to fill a table from a file; its rows must come in their order. */
struct filling oneroster_fill_begin(const struct roster *files,
    enum oneroster_table from, struct roster *roster, enum table_id to);

/*
 * Adds a row of the table for a row of the file: on the same line, with what
 * reading noticed, and with the cells that are copied; others are blank.
 * Returns the new row.
 */
uint32_t oneroster_fill_row(struct filling *filling, uint32_t row);

/* Sets a cell of the row, if the roster wants the column. */
void oneroster_fill_set(
    struct filling *filling, uint32_t row, unsigned field, uint32_t cell);

#endif
