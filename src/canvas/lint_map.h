#ifndef CANVAS_LINT_MAP_H
#define CANVAS_LINT_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "canvas/lint_ids.h"

struct lint_map_slot {
	uint32_t key, value;
};

/* From a sym that is not blank to a number; zeroed, it is empty. */
struct lint_map {
	struct lint_map_slot *slots; /* key 0: free */
	size_t nslots;		     /* 0, or a power of two */
	size_t used;
};

/* The number of a key, LINT_NOWHERE when it has none. */
uint32_t lint_map_find(const struct lint_map *map, sym key);

/* Gives a key a number, in place of the one that it had. */
void lint_map_put(struct lint_map *map, sym key, uint32_t value);

void lint_map_free(struct lint_map *map);

#endif
