#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"

/*
 * Sixteen tables, each with a lock of its own, so that threads that read
 * different rows seldom wait. An id says table and index: no text moves.
 */
#define SHARD_BITS 4
#define SHARDS (1U << SHARD_BITS)
#define INDEX_BITS 27
#define INDEX_MASK ((1U << INDEX_BITS) - 1)
#define NUMBER_BIT 0x80000000U
#define CHUNK_SIZE (1U << 18)
#define LENGTH_SIZE sizeof(uint32_t)

struct slot {
	uint32_t hash;
	uint32_t index;		/* 0: free */
};

struct shard {
	pthread_mutex_t lock;
	struct slot *slots;
	size_t nslots;		/* a power of two */
	char **texts;		/* by index: length, bytes */
	size_t ntexts, captexts;
	char *chunk;		/* where the next text goes */
	size_t left;
	char **chunks;
	size_t nchunks, capchunks;
};

struct intern {
	struct shard shards[SHARDS];
};

struct intern *
intern_new(void)
{
	struct intern *intern;
	size_t i;

	intern = mem_zalloc(1, sizeof(*intern));
	for (i = 0; i < SHARDS; i++)
		pthread_mutex_init(&intern->shards[i].lock, NULL);
	return intern;
}

void
intern_free(struct intern *intern)
{
	struct shard *shard;
	size_t i, j;

	if (intern == NULL)
		return;
	for (i = 0; i < SHARDS; i++) {
		shard = &intern->shards[i];
		for (j = 0; j < shard->nchunks; j++)
			free(shard->chunks[j]);
		free(shard->chunks);
		free(shard->texts);
		free(shard->slots);
		pthread_mutex_destroy(&shard->lock);
	}
	free(intern);
}

/* A multiply-and-shift hash, eight bytes at a time. */
static uint64_t
intern_hash(const char *bytes, size_t len)
{
	uint64_t hash, word;

	hash = 0x9e3779b97f4a7c15ULL ^ len;
	for (; len >= 8; bytes += 8, len -= 8) {
		memcpy(&word, bytes, 8);
		hash = (hash ^ word) * 0xff51afd7ed558ccdULL;
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, bytes, len);
	hash = (hash ^ word) * 0xc4ceb9fe1a85ec53ULL;
	return hash ^ hash >> 29;
}

static void
shard_rehash(struct shard *shard)
{
	struct slot *old;
	size_t nold, i, at;

	old = shard->slots;
	nold = shard->nslots;
	shard->nslots = nold == 0 ? 64 : nold * 2;
	shard->slots = mem_zalloc(shard->nslots, sizeof(*shard->slots));
	for (i = 0; i < nold; i++) {
		if (old[i].index == 0)
			continue;
		at = old[i].hash & (shard->nslots - 1);
		while (shard->slots[at].index != 0)
			at = (at + 1) & (shard->nslots - 1);
		shard->slots[at] = old[i];
	}
	free(old);
}

static char *
shard_room(struct shard *shard, size_t size)
{
	char *room;

	if (size > shard->left) {
		shard->left = size > CHUNK_SIZE ? size : CHUNK_SIZE;
		shard->chunk = mem_alloc(shard->left);
		shard->chunks = mem_grow(shard->chunks, shard->nchunks,
		    &shard->capchunks, sizeof(*shard->chunks));
		shard->chunks[shard->nchunks++] = shard->chunk;
	}
	room = shard->chunk;
	shard->chunk += size;
	shard->left -= size;
	return room;
}

static uint32_t
shard_store(struct shard *shard, const char *bytes, size_t len)
{
	uint32_t length;
	char *text;

	if (shard->ntexts == 0)
		shard->ntexts = 1;	/* index 0 means "free" */
	shard->texts = mem_grow(shard->texts, shard->ntexts, &shard->captexts,
	    sizeof(*shard->texts));
	length = (uint32_t)len;
	text = shard_room(shard, LENGTH_SIZE + len);
	memcpy(text, &length, LENGTH_SIZE);
	memcpy(text + LENGTH_SIZE, bytes, len);
	shard->texts[shard->ntexts] = text;
	return (uint32_t)shard->ntexts++;
}

static struct str
shard_text(const struct shard *shard, uint32_t index)
{
	uint32_t length;

	memcpy(&length, shard->texts[index], LENGTH_SIZE);
	return (struct str){ shard->texts[index] + LENGTH_SIZE, length };
}

static uint32_t
shard_add(struct shard *shard, uint32_t hash, const char *bytes, size_t len)
{
	struct slot *slot;
	struct str text;
	size_t at;

	if (shard->ntexts * 4 >= shard->nslots * 3)
		shard_rehash(shard);
	at = hash & (shard->nslots - 1);
	for (;; at = (at + 1) & (shard->nslots - 1)) {
		slot = &shard->slots[at];
		if (slot->index == 0)
			break;
		if (slot->hash != hash)
			continue;
		text = shard_text(shard, slot->index);
		if (text.len == len && memcmp(text.bytes, bytes, len) == 0)
			return slot->index;
	}
	slot->hash = hash;
	slot->index = shard_store(shard, bytes, len);
	return slot->index;
}

static bool
intern_decimal(const char *bytes, size_t len, uint32_t *value)
{
	uint64_t number;
	size_t i;

	if (len > 10 || (bytes[0] == '0' && len > 1))
		return false;
	number = 0;
	for (i = 0; i < len; i++) {
		if (bytes[i] < '0' || bytes[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(bytes[i] - '0');
	}
	*value = (uint32_t)number;
	return number < NUMBER_BIT;
}

sym
intern_add(struct intern *intern, const char *bytes, size_t len)
{
	struct shard *shard;
	uint64_t hash;
	uint32_t value;

	if (len == 0)
		return (sym){ 0 };
	if (intern_decimal(bytes, len, &value))
		return sym_of_number(value);
	hash = intern_hash(bytes, len);
	shard = &intern->shards[hash >> (64 - SHARD_BITS)];
	pthread_mutex_lock(&shard->lock);
	value = shard_add(shard, (uint32_t)hash, bytes, len);
	pthread_mutex_unlock(&shard->lock);
	return (sym){ (uint32_t)(shard - intern->shards) << INDEX_BITS |
	    value };
}

bool
intern_find(const struct intern *intern, const char *bytes, size_t len, sym *found)
{
	const struct shard *shard;
	const struct slot *slot;
	struct str text;
	uint64_t hash;
	uint32_t value;
	size_t at;

	*found = (sym){ 0 };
	if (len == 0)
		return true;
	if (intern_decimal(bytes, len, &value)) {
		*found = sym_of_number(value);
		return true;
	}
	hash = intern_hash(bytes, len);
	shard = &intern->shards[hash >> (64 - SHARD_BITS)];
	for (at = hash & (shard->nslots - 1); shard->nslots > 0;
	    at = (at + 1) & (shard->nslots - 1)) {
		slot = &shard->slots[at];
		if (slot->index == 0)
			break;
		text = shard_text(shard, slot->index);
		if (slot->hash != (uint32_t)hash || text.len != len ||
		    memcmp(text.bytes, bytes, len) != 0)
			continue;
		*found = (sym){ (uint32_t)(shard - intern->shards) <<
		    INDEX_BITS | slot->index };
		return true;
	}
	return false;
}

static struct str
number_text(uint32_t value, char digits[SYM_DIGITS])
{
	char *at;

	at = digits + SYM_DIGITS;
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	return (struct str){ at, (size_t)(digits + SYM_DIGITS - at) };
}

struct str
intern_text(const struct intern *intern, sym s, char digits[SYM_DIGITS])
{
	if (s.id == 0)
		return (struct str){ "", 0 };
	if ((s.id & NUMBER_BIT) != 0)
		return number_text(s.id & ~NUMBER_BIT, digits);
	return shard_text(&intern->shards[s.id >> INDEX_BITS],
	    s.id & INDEX_MASK);
}

bool
sym_number(sym s, uint32_t *value)
{
	*value = s.id & ~NUMBER_BIT;
	return (s.id & NUMBER_BIT) != 0;
}

sym
sym_of_number(uint32_t value)
{
	return (sym){ value | NUMBER_BIT };
}
