#ifndef SOURCE_PS_WAY_H
#define SOURCE_PS_WAY_H

#include "source/ps_client.h"
#include "source/ps_feed.h"

/* What every way of reading a table works with. */
struct ps_pull {
	struct ps_client *client;
	const struct source_options *options;
	struct source_report *report; /* gaps are noted here */
	int yearid;		      /* powerschool 6.2 */
};

/*
 * A way in which a server gives tables. pull begins the feed, reads it whole
 * and leaves its end to the caller. 0; 1 when the server does not give this
 * table in this way, with *refusal; or -1.
 */
struct ps_way {
	const char *name; /* as [source] ways spells it */
	int (*pull)(const struct ps_pull *pull, struct ps_feed *feed,
	    struct ps_refusal *refusal, struct err *err);
	/* How many rows the table has now; as pull. NULL: cannot be told. */
	int (*count)(const struct ps_pull *pull, enum table_id table,
	    uint64_t *count, struct ps_refusal *refusal, struct err *err);
};

/* THE TABLE of ways; ends with a NULL name. */
extern const struct ps_way ps_ways[];

/*
 * The n-th way that [source] ways lists, from 0; NULL behind the last. A name
 * that is none of ours is EXIT_SETTINGS in err, and NULL too.
 */
const struct ps_way *ps_way_of(
    const struct source_options *options, size_t n, struct err *err);

#endif
