#ifndef CANVAS_TALLY_JSON_H
#define CANVAS_TALLY_JSON_H

#include "base/json.h"
#include "canvas/tally.h"

/* The tally as the manifest's member "tally"; the caller frees it. */
struct json *tally_json(const struct tally *tally, const struct intern *intern);

/*
 * The same back. false when the member is NULL, of another version or not
 * whole: the caller counts the CSVs instead. tally_free() in both cases.
 */
bool tally_json_read(
    struct tally *tally, struct intern *intern, const struct json *member);

#endif
