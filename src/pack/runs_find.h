#ifndef PACK_RUNS_FIND_H
#define PACK_RUNS_FIND_H

#include "base/err.h"
#include "pack/runs.h"

/*
 * The run that somebody typed: an id or the beginning of just one, a number
 * (7 or 0007), current, accepted, latest, or a path to a run folder of this
 * folder of runs. NULL with EXIT_USAGE and the ids that come near. The run is
 * runs'.
 */
struct past_run *runs_find(
    const struct runs *runs, const char *typed, struct err *err);

#endif
