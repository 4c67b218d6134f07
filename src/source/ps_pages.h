#ifndef SOURCE_PS_PAGES_H
#define SOURCE_PS_PAGES_H

#include "source/ps_client.h"
#include "source/ps_feed.h"

/* One range of a table, in the words of one way of asking for it. */
struct ps_question {
	char *path;	  /* what follows it are more arguments */
	char *count_path; /* gives {"count":N} of the same rows */
	char *body;
	    /* of both; NULL: none, and GET */ /* Each page begins behind the last key of the one before, so that none
	 * is passed over when rows go away: the argument q gets this clause.
	 * NULL: pages have numbers. */
	const char *after;
	const char *group; /* the object around a record's members; "" is the
			    * record itself */
};

/*
 * Reads all ranges of a table into a feed, page after page, some at once, and
 * makes sure that it is all of it (operations 2.1 N15 to N17): the count of
 * each range before and after, rows received, keys in order and none twice. A
 * page that is shorter than asked is not the end. When the table moved, it is
 * read again, at most twice.
 * page_size is in rows; 0: one answer without pages. 0; 1 with *refusal when
 * the server refuses the first request; or -1.
 */
int ps_pages_read(struct ps_client *client, struct ps_feed *feed,
    const struct ps_question *questions, size_t nquestions, unsigned page_size,
    struct ps_refusal *refusal, struct err *err);

/* Adds the rows of all ranges; as ps_client_count(). */
int ps_pages_count(struct ps_client *client,
    const struct ps_question *questions, size_t nquestions, uint64_t *count,
    struct ps_refusal *refusal, struct err *err);

/* Frees what a question holds. */
void ps_pages_forget(struct ps_question *question);

#endif
