#ifndef PACK_RUNS_DECISIONS_H
#define PACK_RUNS_DECISIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "pack/runs.h"

/*
 * What was decided about a run after it was published, in
 * runs/ID/decisions.json: a list to which decisions are added and of which
 * none is ever changed. The manifest stays as it is.
 */
#define DECISION_APPROVED "approved"   /* the guard's hold is lifted */
#define DECISION_DISCARDED "discarded" /* never to be sent or accepted */
#define DECISION_ACCEPTED "accepted"   /* its package is in Canvas */

/* How many decisions were made; of a run without decisions.json, none. */
size_t runs_decisions_count(const struct past_run *run);

/* The first decision; json_next() gives the ones behind. NULL when none. */
const struct json *runs_decisions_first(const struct past_run *run);

/* The last decision of that name, or NULL. */
const struct json *runs_decisions_last(
    const struct past_run *run, const char *decision);

/* The moment that a member of a decision names; false when it has none. */
bool runs_decisions_moment(
    const struct json *decision, const char *key, int64_t *utc);

/*
 * Adds the decisions in list, which is freed, to those about the run, in one
 * step and durably; run->decisions holds them afterwards. An acceptance at
 * the end of list also points OUT/accepted at the run: after a crash the next
 * holder of the lock completes both or neither. dir holds the lock. 0, or -1
 * with EXIT_INVALID or EXIT_IO.
 */
int runs_decisions_add(struct rundir *dir, const struct runs *runs,
    struct past_run *run, struct json *list, struct err *err);

/*
 * The SHA-256 that decisions.json had when it held the first count decisions;
 * "" for none. run->decisions is read.
 */
void runs_decisions_hash(
    const struct past_run *run, size_t count, char hex[HASH_HEX_SIZE]);

/*
 * Was an acceptance recorded for the run that link names, in the folder with
 * the descriptor out, while OUT/accepted still names the run before it?
 * -1 with EXIT_IO when that cannot be read.
 */
int runs_decisions_acceptance_is_half(
    int out, const char *folder, const char *link, bool *half, struct err *err);

#endif
