#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/lint_ids.h"

#define SLOTS_AT_FIRST 64
#define LONG UINT8_MAX
#define TAG_SIZE (sizeof(((struct lint_ids_slot *)0)->text) - sizeof(uint64_t))

uint64_t
lint_ids_hash(uint64_t seed, struct str text)
{
	uint64_t hash, word;
	size_t n;

	hash = seed ^ (text.len + 1) * 0x9e3779b97f4a7c15ULL;
	for (; text.len > 0; text.bytes += n, text.len -= n) {
		n = text.len < sizeof(word) ? text.len : sizeof(word);
		word = 0;
		memcpy(&word, text.bytes, n);
		hash = (hash ^ word) * 0xff51afd7ed558ccdULL;
		hash ^= hash >> 32;
	}
	hash *= 0xc4ceb9fe1a85ec53ULL;
	return hash ^ hash >> 32;
}

static struct lint_ids_slot *
first_slot(const struct lint_ids *ids, uint64_t hash)
{
	return &ids->slots[hash & (ids->nslots - 1)];
}

uint64_t
lint_ids_prefetch(const struct lint_ids *ids, struct str id)
{
	uint64_t hash;

	hash = lint_ids_hash(0, id);
	if (ids->nslots > 0)
		__builtin_prefetch(first_slot(ids, hash));
	return hash;
}

/* The text of a long id. */
static struct str
long_text(const struct lint_ids *ids, const struct lint_ids_slot *slot)
{
	uint64_t at;
	uint32_t len;

	memcpy(&at, slot->text, sizeof(at));
	memcpy(&len, ids->long_texts.data + at, sizeof(len));
	return (struct str){ ids->long_texts.data + at + sizeof(len), len };
}

static bool
is_of(const struct lint_ids *ids, const struct lint_ids_slot *slot,
    struct str id, uint64_t hash)
{
	struct str text;

	if (id.len <= sizeof(slot->text))
		return slot->len == id.len &&
		    memcmp(slot->text, id.bytes, id.len) == 0;
	if (slot->len != LONG ||
	    memcmp(slot->text + sizeof(uint64_t), (char *)&hash + 4,
		TAG_SIZE) != 0)
		return false;
	text = long_text(ids, slot);
	return text.len == id.len && memcmp(text.bytes, id.bytes, id.len) == 0;
}

/* The slot that has the id, or the free one where it belongs. */
static struct lint_ids_slot *
slot_of(const struct lint_ids *ids, struct str id, uint64_t hash)
{
	struct lint_ids_slot *slot, *end;

	end = ids->slots + ids->nslots;
	slot = first_slot(ids, hash);
	while (slot->value != 0 && !is_of(ids, slot, id, hash)) {
		if (++slot == end)
			slot = ids->slots;
	}
	return slot;
}

uint32_t
lint_ids_find_hashed(const struct lint_ids *ids, struct str id, uint64_t hash)
{
	if (ids->nslots == 0)
		return LINT_NOWHERE;
	/* A free slot has 0, which is one more than LINT_NOWHERE. */
	return slot_of(ids, id, hash)->value - 1;
}

uint32_t
lint_ids_find(const struct lint_ids *ids, struct str id)
{
	return lint_ids_find_hashed(ids, id, lint_ids_hash(0, id));
}

static void
grow(struct lint_ids *ids)
{
	struct lint_ids_slot *old, *slot;
	struct str id;
	size_t nold, i;

	old = ids->slots;
	nold = ids->nslots;
	ids->nslots = nold == 0 ? SLOTS_AT_FIRST : nold * 2;
	ids->slots = mem_zalloc(ids->nslots, sizeof(*ids->slots));
	for (i = 0; i < nold; i++) {
		if (old[i].value == 0)
			continue;
		id = old[i].len == LONG ?
		    long_text(ids, &old[i]) :
		    (struct str){ old[i].text, old[i].len };
		slot = slot_of(ids, id, lint_ids_hash(0, id));
		*slot = old[i];
	}
	free(old);
}

static void
fill(struct lint_ids *ids, struct lint_ids_slot *slot, struct str id,
    uint64_t hash)
{
	uint64_t at;
	uint32_t len;

	ids->used++;
	if (id.len <= sizeof(slot->text)) {
		slot->len = (uint8_t)id.len;
		memcpy(slot->text, id.bytes, id.len);
		return;
	}
	at = ids->long_texts.len;
	len = (uint32_t)id.len;
	buf_add(&ids->long_texts, &len, sizeof(len));
	buf_add(&ids->long_texts, id.bytes, id.len);
	slot->len = LONG;
	memcpy(slot->text, &at, sizeof(at));
	memcpy(slot->text + sizeof(at), (char *)&hash + 4, TAG_SIZE);
}

void
lint_ids_put(struct lint_ids *ids, struct str id, uint32_t value)
{
	struct lint_ids_slot *slot;
	uint64_t hash;

	if (ids->used * 4 >= ids->nslots * 3)
		grow(ids);
	hash = lint_ids_hash(0, id);
	slot = slot_of(ids, id, hash);
	if (slot->value == 0)
		fill(ids, slot, id, hash);
	slot->value = value + 1;
}

void
lint_ids_reserve(struct lint_ids *ids, size_t count)
{
	size_t nslots;

	if (ids->used > 0 || count == 0)
		return;
	nslots = SLOTS_AT_FIRST;
	while (count * 4 >= nslots * 3)
		nslots *= 2;
	free(ids->slots);
	ids->nslots = nslots;
	ids->slots = mem_zalloc(nslots, sizeof(*ids->slots));
}

void
lint_ids_free(struct lint_ids *ids)
{
	free(ids->slots);
	buf_free(&ids->long_texts);
	*ids = (struct lint_ids){ 0 };
}
