#ifndef SOURCE_FEED_QUERIES_H
#define SOURCE_FEED_QUERIES_H

#include <stdbool.h>

#include "roster/schema.h"

/* The PowerQuery, out of Rollbook's plugin, that gives one table's rows. */
struct feed_query {
	const char *name; /* /ws/schema/query/NAME */
	/* Fields of the schema, in the answer's order; ends with NULL. */
	const char *columns[FIELDS_MAX];
	const char *key;   /* no two rows share it; NULL: none is so */
	bool takes_yearid; /* needs the argument yearid */
	bool optional;	   /* a district can do without the table */
};

/*
 * The query of a table; never NULL. The argument yearid is the school year's
 * first calendar year less 1990. (powerschool 3.2, 6.2, 6.10)
 */
const struct feed_query *feed_queries_of(enum table_id table);

#endif
