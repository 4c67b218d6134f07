#ifndef BASE_IDMAP_H
#define BASE_IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/intern.h"

/* A growing map from a number to a number; a zeroed one is empty. */
struct idmap {
	uint64_t *keys; /* key + 1; 0: free */
	uint32_t *values;
	size_t size, count; /* size is a power of two */
};

void idmap_free(struct idmap *map);

/* Puts a value under a key, in place of an older one. */
void idmap_put(struct idmap *map, uint64_t key, uint32_t value);

/* The value under a key; false when there is none. value may be NULL. */
bool idmap_get(const struct idmap *map, uint64_t key, uint32_t *value);

/* One key of two syms. */
static inline uint64_t
idmap_pair(sym a, sym b)
{
	return (uint64_t)a.id << 32 | b.id;
}

#endif
