#ifndef SOURCE_FEEDS_H
#define SOURCE_FEEDS_H

#include <stdbool.h>
#include <stddef.h>

#include "roster/schema.h"

#define FEED_COLUMNS_MAX 8 /* aliases of the widest feed */
#define FEED_TABLES_MAX 2

/* A column that goes by another name than the field that it fills. */
struct feed_alias {
	const char *column;
	enum table_id table;
	unsigned field;
};

/*
 * One kind of export: which file names it goes by and which tables its rows
 * fill. A column fills the field of the same name in each of the tables.
 */
struct feed {
	const char *name;   /* as file names spell it, no _ */
	const char *prefix; /* TABLE. before a column's name; NULL: a header is
			     * a name as a whole, its dots and all */
	int number;	    /* [nn] before a column's name */
	size_t ntables;
	enum table_id tables[FEED_TABLES_MAX];
	struct feed_alias aliases[FEED_COLUMNS_MAX];
};

extern const struct feed feeds[]; /* ends with a NULL name */

/*
 * The feed that a file name stands for: the table's name in any case, with or
 * without _, perhaps followed by - or _ and anything, then .csv, .tsv or
 * .txt. NULL when it is none of ours. (mapping 1, 7)
 */
const struct feed *feed_of_file(const char *file_name);

/*
 * Writes a header cell as a bare column name: no TABLE. or [nn] in front,
 * lower case, letters and digits only. False when the prefix names another
 * table, so that the column is none of this feed's. name needs len + 1 bytes.
 */
bool feed_column(
    const struct feed *feed, const char *cell, size_t len, char *name);

/* Whether a bare column name is that of a field: "studentid", "student_id". */
bool feed_column_is(const char *bare, const char *field);

#endif
