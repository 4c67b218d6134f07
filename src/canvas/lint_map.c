#include <stdlib.h>

#include "base/mem.h"
#include "canvas/lint_map.h"

#define SLOTS_AT_FIRST 64

/* The slot that has the key, or the free one where it belongs. */
static struct lint_map_slot *
slot_of(const struct lint_map *map, uint32_t key)
{
	struct lint_map_slot *slot;
	size_t at;

	at = (size_t)((uint64_t)key * 0x9e3779b97f4a7c15ULL >> 32);
	for (;; at++) {
		slot = &map->slots[at & (map->nslots - 1)];
		if (slot->key == key || slot->key == 0)
			return slot;
	}
}

uint32_t
lint_map_find(const struct lint_map *map, sym key)
{
	const struct lint_map_slot *slot;

	if (map->nslots == 0 || key.id == 0)
		return LINT_NOWHERE;
	slot = slot_of(map, key.id);
	return slot->key == 0 ? LINT_NOWHERE : slot->value;
}

static void
grow(struct lint_map *map)
{
	struct lint_map old;
	size_t i;

	old = *map;
	map->nslots = old.nslots == 0 ? SLOTS_AT_FIRST : old.nslots * 2;
	map->slots = mem_zalloc(map->nslots, sizeof(*map->slots));
	for (i = 0; i < old.nslots; i++) {
		if (old.slots[i].key != 0)
			*slot_of(map, old.slots[i].key) = old.slots[i];
	}
	free(old.slots);
}

void
lint_map_put(struct lint_map *map, sym key, uint32_t value)
{
	struct lint_map_slot *slot;

	if (map->used * 4 >= map->nslots * 3)
		grow(map);
	slot = slot_of(map, key.id);
	map->used += slot->key == 0;
	*slot = (struct lint_map_slot){ key.id, value };
}

void
lint_map_free(struct lint_map *map)
{
	free(map->slots);
	*map = (struct lint_map){ 0 };
}
