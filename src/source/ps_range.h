#ifndef SOURCE_PS_RANGE_H
#define SOURCE_PS_RANGE_H

#include "source/ps_client.h"
#include "source/ps_feed.h"

/* One range of a table, in the words of one way of asking for it. */
struct ps_question {
	char *path;	  /* what follows it are more arguments */
	char *count_path; /* gives {"count":N} of the same rows */
	char *body;	  /* of both; NULL: none, and GET */
	/* Each page begins behind the last key of the one before, so that none
	 * is passed over when rows go away: the argument q gets this clause.
	 * NULL: pages have numbers. */
	const char *after;
	/* The object around a record's members; "": the record itself. */
	const char *group;
};

/* What a range is read with, and what came of it. */
struct ps_range {
	struct ps_client *client;
	struct ps_feed *feed;
	const struct ps_question *question;
	unsigned page_size; /* 0: one answer without pages */
	uint64_t counted;   /* rows, before */
	uint64_t rows;	    /* that were received */
	struct ps_refusal *refusal;
};

/*
 * Reads one range into its feed: page after page, numbered ones some at a
 * time, each in its turn. A page is not the last because it is short: it goes
 * on until as many rows came as were counted, or an empty page. An answer that
 * stops in the middle is asked for again. 0; 1 with *range->refusal when the
 * server refuses the first page; or -1.
 */
int ps_range_read(struct ps_range *range, struct err *err);

#endif
