#ifndef SOURCE_PS_WAY_H
#define SOURCE_PS_WAY_H

#include "source/ps_client.h"
#include "source/ps_feed.h"
#include "source/ps_v1_data.h"

struct ps_way;

/* What every way of reading a table works with. */
struct ps_pull {
	struct ps_client *client;
	const struct source_options *options;
	struct source_report *report; /* gaps are noted here */
	int yearid;		      /* powerschool 6.2 */
	struct ps_v1_data *v1;	      /* what came of /ws/v1 so far */
	const struct ps_way **ways;   /* in which each table came, so far */
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
	/* Begins the feed and puts into it what pull read without doing so,
	 * once tables of other ways, which it refers to, are in the roster.
	 * NULL: pull did it. */
	int (*put)(
	    const struct ps_pull *pull, struct ps_feed *feed, struct err *err);
};

/* THE TABLE of ways; ends with a NULL name. */
extern const struct ps_way ps_ways[];

/*
 * The n-th way that [source] ways lists, from 0; NULL behind the last. A name
 * that is none of ours is EXIT_SETTINGS in err, and NULL too.
 */
const struct ps_way *ps_way_of(
    const struct source_options *options, size_t n, struct err *err);

/* The way that gives dcids in place of ids, when [source] ways lists it. */
const struct ps_way *ps_way_v1(
    const struct source_options *options, struct err *err);

/*
 * Whether a table that a way was refused so is there and to be mended. That
 * tables are not granted is none: a plugin may open queries or v1 alone.
 */
bool ps_way_withholds(
    const struct ps_way *way, const struct ps_refusal *refusal);

#endif
