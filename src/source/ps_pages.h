#ifndef SOURCE_PS_PAGES_H
#define SOURCE_PS_PAGES_H

#include "source/ps_range.h"

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
