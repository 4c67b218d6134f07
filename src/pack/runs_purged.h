#ifndef PACK_RUNS_PURGED_H
#define PACK_RUNS_PURGED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "pack/runs.h"

/*
 * OUT/purged.json: which runs purge has removed, when, and the hashes that
 * keep the chain of manifests whole where they stood.
 */
#define RUNS_PURGED "purged.json"

/*
 * Reads it: *json is a document that the caller frees, NULL when nothing was
 * ever purged. 0, or -1 with EXIT_INVALID.
 */
int runs_purged_read(
    const struct runs *runs, struct json **json, struct err *err);

/* Its first entry; json_next() gives the ones behind. */
const struct json *runs_purged_first(const struct json *document);

/*
 * Removes runs: records all of them durably, then takes them away one by one.
 * A run that cannot be removed stays and stays recorded; verify trusts what
 * is there. dir holds the lock, now is in UTC seconds. 0, or -1 with EXIT_IO
 * or EXIT_INVALID; *removed is how many are gone.
 */
int runs_purged_remove(struct rundir *dir, const struct runs *runs,
    struct past_run *const *going, size_t count, int64_t now, size_t *removed,
    struct err *err);

#endif
