#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/json.h"
#include "pack/runs.h"

/*
 * What the pipeline asks the history of runs. out is [output] dir; a folder
 * that is not there has no runs. Moments are in UTC seconds.
 */

/* A run that was published; empty when there is none. */
struct history_run {
	char id[RUN_ID_SIZE]; /* "": none */
	char *path;	      /* its folder */
};

void history_run_free(struct history_run *run);

/*
 * The run that Canvas holds, by OUT/accepted; none when the link was removed
 * or dangles, which is logged. 0, or -1 with EXIT_IO.
 */
int history_accepted(const char *out, struct history_run *run, struct err *err);

/*
 * The run that Canvas held at a moment: that of the newest acceptance not
 * after it, of the runs that are still here. One whose decisions are damaged
 * is logged and passed over. 0, or -1 with EXIT_IO.
 */
int history_accepted_at(
    const char *out, int64_t moment, struct history_run *run, struct err *err);

/* The same among runs that are listed already; *found is NULL for none. */
int history_accepted_among(const struct runs *runs, int64_t moment,
    struct past_run **found, struct err *err);

/* The run before the next one, as the next manifest will name it. */
struct history_previous {
	char id[RUN_ID_SIZE]; /* "" when it is the first */
	char manifest_sha256[HASH_HEX_SIZE];
	char decisions_sha256[HASH_HEX_SIZE]; /* "" when there are none */
};

/* Finds it: the last run that was published. 0, or -1 with EXIT_IO. */
int history_previous(
    const char *out, struct history_previous *previous, struct err *err);

/*
 * Sets previous_run, previous_manifest_sha256 and previous_decisions_sha256
 * in a manifest, each null where there is none: verify reads them.
 */
void history_set_previous(
    struct json *manifest, const struct history_previous *previous);

/*
 * Reads every file of a run again. 0, or -1 with EXIT_INVALID and the first
 * that is not as the manifest says, or with the code of a signal.
 */
int history_check_files(
    const struct runs *runs, struct past_run *run, struct err *err);

/* A package that may be sent now. */
struct history_deliverable {
	char id[RUN_ID_SIZE];
	char *path; /* of the zip */
	char sha256[HASH_HEX_SIZE];
};

void history_deliverable_free(struct history_deliverable *found);

/*
 * May the run be sent at this moment? Published, judged by the guard and let
 * pass or approved with an approval of this very package that is not void,
 * not discarded, and every file as the manifest says. typed is a run as it
 * may be typed. 0, or -1 with the reason: EXIT_USAGE (no such run, discarded),
 * EXIT_HELD, EXIT_INVALID (damaged), EXIT_IO.
 */
int history_deliverable(const struct conf *conf, const char *typed, int64_t now,
    struct history_deliverable *found, struct err *err);

/*
 * Records that the run which dir has just published counts as accepted, and
 * points OUT/accepted at it. The caller holds dir's lock and has seen that
 * the guard let it pass and that [output] accept is auto. 0, or -1 with
 * EXIT_HELD when its manifest says otherwise, EXIT_IO: the run is published
 * all the same.
 */
int history_accept_published(
    struct rundir *dir, const struct conf *conf, int64_t now, struct err *err);

/*
 * Whether run.c is to call it: no destination is configured and [output]
 * accept is auto.
 */
bool history_accepts_by_itself(const struct conf *conf);

#endif
