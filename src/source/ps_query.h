#ifndef SOURCE_PS_QUERY_H
#define SOURCE_PS_QUERY_H

#include "source/ps_way.h"

/*
 * Reads a table by the PowerQuery of the plugin (powerschool 3.2): in one
 * answer from version 9 on, unless [source] page_size says otherwise, else
 * page after page. As struct ps_way says.
 */
int ps_query_pull(const struct ps_pull *pull, struct ps_feed *feed,
    struct ps_refusal *refusal, struct err *err);

int ps_query_count(const struct ps_pull *pull, enum table_id table,
    uint64_t *count, struct ps_refusal *refusal, struct err *err);

/* The body of a query's requests: {"yearid":"36"} or {}. The caller frees
 * it. */
char *ps_query_body(const struct feed_query *query, int yearid);

#endif
