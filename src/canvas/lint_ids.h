#ifndef CANVAS_LINT_IDS_H
#define CANVAS_LINT_IDS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/intern.h"

#define LINT_NOWHERE UINT32_MAX /* what is not there has this number */

/* One id; a short one stands in the slot itself, so it takes one look. */
struct lint_ids_slot {
	uint32_t value; /* plus one; 0: free */
	uint8_t len;	/* UINT8_MAX: a long one */
	char text[11];	/* of a long one: where it is, and a hash */
};

/* From the text of an id to a number; zeroed, it is empty. */
struct lint_ids {
	struct lint_ids_slot *slots;
	size_t nslots; /* 0, or a power of two */
	size_t used;
	struct buf long_texts; /* each with its length in front */
};

/* A hash of text; seed tells one use from another. */
uint64_t lint_ids_hash(uint64_t seed, struct str text);

/*
 * Fetches what finding an id will look at, while other work is done. Returns
 * the hash for lint_ids_find_hashed().
 */
uint64_t lint_ids_prefetch(const struct lint_ids *ids, struct str id);

/* The number of an id, LINT_NOWHERE when it has none. */
uint32_t lint_ids_find(const struct lint_ids *ids, struct str id);
uint32_t lint_ids_find_hashed(
    const struct lint_ids *ids, struct str id, uint64_t hash);

/* Gives an id that has no number one, or another one to an id that has. */
void lint_ids_put(struct lint_ids *ids, struct str id, uint32_t value);

/* Makes an empty one large enough for so many ids. */
void lint_ids_reserve(struct lint_ids *ids, size_t count);

void lint_ids_free(struct lint_ids *ids);

#endif
