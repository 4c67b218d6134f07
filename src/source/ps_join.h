#ifndef SOURCE_PS_JOIN_H
#define SOURCE_PS_JOIN_H

#include "source/ps_way.h"

/*
 * How tables that came in different ways fit together: /ws/v1 gives dcids,
 * and other ways' rows name rows of other tables by their ids (powerschool
 * 6.9). ways[] is the way in which each table came, NULL: not at all.
 */

/*
 * A table that cannot be joined as it came, because it names rows of *parent
 * by id, which came by v1; TABLES when there is none.
 */
enum table_id ps_join_broken(
    const struct ps_way *const ways[TABLES], enum table_id *parent);

/* Whether v1 gives that table with all that names others, so that it can be
 * read once more in that way. */
bool ps_join_mends(enum table_id child);

/* The failure when it does not, or v1 gives no more: always -1. */
int ps_join_fail(const struct ps_way *const ways[TABLES], enum table_id child,
    enum table_id parent, struct err *err);

#endif
