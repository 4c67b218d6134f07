#ifndef HISTORY_FACTS_H
#define HISTORY_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"

/*
 * Facts that runs and show both take from a manifest, whatever is missing in
 * it.
 */

/* How many rows of a sheet would be added, removed and changed in Canvas. */
struct history_changes {
	uint64_t added, removed, changed;
};

/*
 * What the manifest's changes say of a sheet's file, users.csv; false when
 * they say nothing, as in a first run.
 */
bool history_facts_changes(const struct json *manifest, const char *file,
    struct history_changes *changes);

/* Adds "+18 -3 ~41". */
void history_facts_add_changes(
    const struct history_changes *changes, struct buf *out);

/*
 * Adds the changes of every sheet that has any: "users +18 -3 ~41,
 * enrollments +310 -95 ~12"; "none" when there are none, nothing when the
 * manifest does not say.
 */
void history_facts_all_changes(const struct json *manifest, struct buf *out);

/* How many findings of a severity ("error") there are. */
uint64_t history_facts_findings(
    const struct json *manifest, const char *severity);

/* Adds a number of bytes as people read it: 512 bytes, 1.2 MiB. */
void history_facts_size(uint64_t bytes, struct buf *out);

/* The text of a member, or otherwise when it has none. */
const char *history_facts_text(
    const struct json *object, const char *key, const char *otherwise);

#endif
