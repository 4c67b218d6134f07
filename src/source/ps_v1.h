#ifndef SOURCE_PS_V1_H
#define SOURCE_PS_V1_H

#include "source/ps_way.h"

/*
 * Reads what a table is made of from /ws/v1 (powerschool 2): list after list,
 * for each school and each section. There are dcids only, and neither
 * co-teachers nor roles: what it lacks is noted in the report, and a template
 * that names something of it is EXIT_SETTINGS. As struct ps_way says, but
 * that the rows come with ps_v1_put().
 */
int ps_v1_pull(const struct ps_pull *pull, struct ps_feed *feed,
    struct ps_refusal *refusal, struct err *err);

/*
 * Makes the rows of a table that ps_v1_pull() read, from its first one on:
 * what they refer to and came in other ways must be in the roster. Leaves the
 * feed's end to the caller. 0 or -1.
 */
int ps_v1_put(
    const struct ps_pull *pull, struct ps_feed *feed, struct err *err);

/*
 * Whether a template names a column that /ws/v1 does not give though other
 * ways do; then EXIT_SETTINGS in err. The setting is named, and what to write
 * or to grant.
 */
bool ps_v1_refuses_templates(
    const struct roster *roster, enum table_id table, struct err *err);

#endif
