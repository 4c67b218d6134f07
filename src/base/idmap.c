#include <stdlib.h>

#include "base/idmap.h"
#include "base/mem.h"

void
idmap_free(struct idmap *map)
{
	free(map->keys);
	free(map->values);
	*map = (struct idmap){ 0 };
}

/* The slot of a key, or the free one where it would stand. */
static size_t
slot_of(const struct idmap *map, uint64_t key)
{
	uint64_t hash;
	size_t at;

	hash = (key ^ key >> 32) * 0x9e3779b97f4a7c15ULL;
	at = (size_t)(hash >> 32) & (map->size - 1);
	while (map->keys[at] != 0 && map->keys[at] != key + 1)
		at = (at + 1) & (map->size - 1);
	return at;
}

static void
enlarge(struct idmap *map)
{
	struct idmap old;
	size_t i, at;

	old = *map;
	map->size = old.size == 0 ? 64 : old.size * 2;
	map->keys = mem_zalloc(map->size, sizeof(*map->keys));
	map->values = mem_alloc(map->size * sizeof(*map->values));
	for (i = 0; i < old.size; i++) {
		if (old.keys[i] == 0)
			continue;
		at = slot_of(map, old.keys[i] - 1);
		map->keys[at] = old.keys[i];
		map->values[at] = old.values[i];
	}
	free(old.keys);
	free(old.values);
}

void
idmap_put(struct idmap *map, uint64_t key, uint32_t value)
{
	size_t at;

	if ((map->count + 1) * 4 > map->size * 3)
		enlarge(map);
	at = slot_of(map, key);
	map->count += map->keys[at] == 0;
	map->keys[at] = key + 1;
	map->values[at] = value;
}

bool
idmap_get(const struct idmap *map, uint64_t key, uint32_t *value)
{
	size_t at;

	if (map->size == 0)
		return false;
	at = slot_of(map, key);
	if (map->keys[at] == 0)
		return false;
	if (value != NULL)
		*value = map->values[at];
	return true;
}
