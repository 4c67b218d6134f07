#ifndef SOURCE_PS_TABLE_H
#define SOURCE_PS_TABLE_H

#include "source/ps_pages.h"
#include "source/ps_way.h"

#define PS_TABLE_RANGES 2 /* of one table, at most */

/*
 * Reads a table by /ws/schema/table (powerschool 3.1): page after page in the
 * order of its key, tables that have a year by ranges of that year. A column
 * that the server's table does not have is left out when no rule needs it. As
 * struct ps_way says.
 */
int ps_table_pull(const struct ps_pull *pull, struct ps_feed *feed,
    struct ps_refusal *refusal, struct err *err);

int ps_table_count(const struct ps_pull *pull, enum table_id table,
    uint64_t *count, struct ps_refusal *refusal, struct err *err);

/*
 * The filters of the ranges that a school year's rows stand in, not encoded;
 * "" is the whole table. A term's or section's id has a minus sign when it
 * was dropped. Returns how many there are. (powerschool 6.2, 6.7, 6.10)
 */
size_t ps_table_ranges(
    enum table_id table, int yearid, char filters[PS_TABLE_RANGES][64]);

/* Adds text as it may stand in a URL's query. */
void ps_table_put_encoded(struct buf *out, const char *text);

#endif
