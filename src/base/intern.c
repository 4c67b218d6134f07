#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"

/*
 * Sixteen tables, each with a lock of its own, so that threads that read
 * different rows seldom wait. An id says table and index, and what leads from
 * there to the text never moves: a text is read without the lock.
 */
#define SHARD_BITS 4
#define SHARDS (1U << SHARD_BITS)
#define INDEX_BITS 27
#define INDEX_MASK ((1U << INDEX_BITS) - 1)
#define NUMBER_BIT 0x80000000U
#define LONG_TEXT 255 /* from here on four bytes hold the length */

/* A place is the number of a chunk and an offset in it. */
#define OFFSET_BITS 21
#define OFFSET_MASK ((1U << OFFSET_BITS) - 1)
#define CHUNKS_MAX (1U << (32 - OFFSET_BITS))
#define CHUNK_LEAST ((size_t)16 << 10)
#define CHUNK_MOST ((size_t)1 << OFFSET_BITS)

/* Segments of places: each is twice as long as the one before it. */
#define SEGMENT_BITS 9
#define SEGMENTS (INDEX_BITS - SEGMENT_BITS + 1)

struct shard {
	pthread_mutex_t lock;
	/* A slot is 0 when free, else five bits of hash and an index. */
	_Atomic(uint32_t *) slots;  /* atomic for intern_seek() alone */
	atomic_size_t nslots;	    /* a power of two */
	uint32_t *places[SEGMENTS]; /* of texts, by index */
	size_t ntexts;
	char **chunks; /* of texts: length, bytes; room for CHUNKS_MAX */
	size_t nchunks;
	size_t used, size; /* of the last chunk */
};

struct intern {
	struct shard *shards;
};

struct intern *
intern_new(void)
{
	pthread_mutexattr_t attributes;
	struct intern *intern;
	size_t i;

	intern = mem_zalloc(1, sizeof(*intern));
	intern->shards = mem_zalloc(SHARDS, sizeof(*intern->shards));
	/* Adding takes no longer than falling asleep: try again first. */
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
	for (i = 0; i < SHARDS; i++)
		pthread_mutex_init(&intern->shards[i].lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
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
		for (j = 0; j < SEGMENTS; j++)
			free(shard->places[j]);
		free(shard->chunks);
		free(shard->slots);
		pthread_mutex_destroy(&shard->lock);
	}
	free(intern->shards);
	free(intern);
}

/*
 * A multiply-and-shift hash, eight bytes at a time. The top four bits choose
 * the table, the next five go into the slot, the low ones choose the slot.
 */
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

static uint32_t
slot_tag(uint64_t hash)
{
	return (uint32_t)(hash >> (32 - SHARD_BITS)) & ~INDEX_MASK;
}

/* Where an index stands: its segment, and the place in that. */
static unsigned
segment_of(uint32_t index, uint32_t *at)
{
	unsigned segment;

	index += 1U << SEGMENT_BITS;
	segment = 31U - (unsigned)__builtin_clz(index);
	*at = index - (1U << segment);
	return segment - SEGMENT_BITS;
}

static struct str
shard_text(const struct shard *shard, uint32_t index)
{
	const char *text;
	uint32_t place, at, length;
	unsigned segment;

	segment = segment_of(index, &at);
	place = shard->places[segment][at];
	text = shard->chunks[place >> OFFSET_BITS] + (place & OFFSET_MASK);
	length = (unsigned char)*text++;
	if (length == LONG_TEXT) {
		memcpy(&length, text, sizeof(length));
		text += sizeof(length);
	}
	return (struct str){ text, length };
}

/* Doubles the slots. Texts were stored in the order of their indexes, so to
 * read them again is to go through memory once. */
static void
shard_rehash(struct shard *shard)
{
	struct str text;
	uint64_t hash;
	uint32_t i, *slots;
	size_t at, nslots;

	nslots = shard->nslots == 0 ? 64 : shard->nslots * 2;
	slots = mem_alloc(nslots * sizeof(*slots));
	memset(slots, 0, nslots * sizeof(*slots));
	for (i = 1; i < shard->ntexts; i++) {
		text = shard_text(shard, i);
		hash = intern_hash(text.bytes, text.len);
		at = hash & (nslots - 1);
		while (slots[at] != 0)
			at = (at + 1) & (nslots - 1);
		slots[at] = slot_tag(hash) | i;
	}
	free(shard->slots);
	shard->slots = slots;
	shard->nslots = nslots;
}

/* The next chunk's size: small tables stay small, large ones grow fast. */
static size_t
chunk_size(const struct shard *shard, size_t least)
{
	size_t size;

	size = shard->nchunks < 7 ? CHUNK_LEAST << shard->nchunks : CHUNK_MOST;
	return size < least ? least : size;
}

/* Room for size bytes; returns their place. */
static uint32_t
shard_room(struct shard *shard, size_t size)
{
	uint32_t place;

	if (shard->chunks == NULL)
		shard->chunks = mem_alloc(CHUNKS_MAX * sizeof(char *));
	if (size > shard->size - shard->used) {
		shard->used = 0;
		/* With all numbers taken there is no memory for a text. */
		shard->size = shard->nchunks == CHUNKS_MAX ?
		    SIZE_MAX :
		    chunk_size(shard, size);
		shard->chunks[shard->nchunks] = mem_alloc(shard->size);
		shard->nchunks++;
	}
	place = (uint32_t)(shard->nchunks - 1) << OFFSET_BITS |
	    (uint32_t)shard->used;
	shard->used += size;
	return place;
}

static void
put_place(struct shard *shard, uint32_t index, uint32_t place)
{
	unsigned segment;
	uint32_t at;

	segment = segment_of(index, &at);
	if (shard->places[segment] == NULL)
		shard->places[segment] = mem_alloc(
		    sizeof(uint32_t) << (SEGMENT_BITS + segment));
	shard->places[segment][at] = place;
}

static uint32_t
shard_store(struct shard *shard, const char *bytes, size_t len)
{
	uint32_t length, place;
	char *text;

	if (shard->ntexts == 0)
		shard->ntexts = 1; /* index 0 means "free" */
	length = (uint32_t)len;
	place = shard_room(
	    shard, 1 + len + (length < LONG_TEXT ? 0 : sizeof(length)));
	text = shard->chunks[place >> OFFSET_BITS] + (place & OFFSET_MASK);
	*text++ = (char)(length < LONG_TEXT ? length : LONG_TEXT);
	if (length >= LONG_TEXT) {
		memcpy(text, &length, sizeof(length));
		text += sizeof(length);
	}
	memcpy(text, bytes, len);
	put_place(shard, (uint32_t)shard->ntexts, place);
	return (uint32_t)shard->ntexts++;
}

/* The index of a text, or 0 and the slot where it may go. */
static uint32_t
shard_find(const struct shard *shard, uint64_t hash, const char *bytes,
    size_t len, size_t *at)
{
	const uint32_t *slots;
	struct str text;
	uint32_t slot;
	size_t mask;

	slots = shard->slots;
	mask = shard->nslots - 1;
	for (*at = hash & mask; (slot = slots[*at]) != 0;
	     *at = (*at + 1) & mask) {
		if ((slot & ~INDEX_MASK) != slot_tag(hash))
			continue;
		text = shard_text(shard, slot & INDEX_MASK);
		if (text.len == len && memcmp(text.bytes, bytes, len) == 0)
			return slot & INDEX_MASK;
	}
	return 0;
}

static uint32_t
shard_add(struct shard *shard, uint64_t hash, const char *bytes, size_t len)
{
	uint32_t index;
	size_t at;

	if (shard->ntexts * 4 >= shard->nslots * 3)
		shard_rehash(shard);
	index = shard_find(shard, hash, bytes, len, &at);
	if (index != 0)
		return index;
	index = shard_store(shard, bytes, len);
	shard->slots[at] = slot_tag(hash) | index;
	return index;
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

static sym
sym_of_shard(
    const struct intern *intern, const struct shard *shard, uint32_t index)
{
	return (
	    sym){ (uint32_t)(shard - intern->shards) << INDEX_BITS | index };
}

uint64_t
intern_seek(const struct intern *intern, const char *bytes, size_t len)
{
	const struct shard *shard;
	const uint32_t *slots;
	uint64_t hash;
	size_t nslots;

	hash = intern_hash(bytes, len);
	shard = &intern->shards[hash >> (64 - SHARD_BITS)];
	/* Should the table grow meanwhile, a useless place is fetched. */
	slots = atomic_load_explicit(&shard->slots, memory_order_relaxed);
	nslots = atomic_load_explicit(&shard->nslots, memory_order_relaxed);
	if (slots != NULL && nslots > 0)
		__builtin_prefetch(slots + (hash & (nslots - 1)));
	return hash;
}

sym
intern_add(struct intern *intern, const char *bytes, size_t len)
{
	return intern_add_sought(intern, bytes, len, intern_hash(bytes, len));
}

sym
intern_add_sought(
    struct intern *intern, const char *bytes, size_t len, uint64_t hash)
{
	struct shard *shard;
	uint32_t value;

	if (len == 0)
		return (sym){ 0 };
	if (intern_decimal(bytes, len, &value))
		return sym_of_number(value);
	shard = &intern->shards[hash >> (64 - SHARD_BITS)];
	pthread_mutex_lock(&shard->lock);
	value = shard_add(shard, hash, bytes, len);
	pthread_mutex_unlock(&shard->lock);
	return sym_of_shard(intern, shard, value);
}

bool
intern_find(
    const struct intern *intern, const char *bytes, size_t len, sym *found)
{
	struct shard *shard;
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
	pthread_mutex_lock(&shard->lock);
	value = shard->nslots == 0 ? 0 :
				     shard_find(shard, hash, bytes, len, &at);
	pthread_mutex_unlock(&shard->lock);
	if (value != 0)
		*found = sym_of_shard(intern, shard, value);
	return value != 0;
}

static struct str
number_text(uint32_t value, char digits[SYM_DIGITS])
{
	size_t at;

	at = SYM_DIGITS;
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	return (struct str){ &digits[at], SYM_DIGITS - at };
}

struct str
intern_text(const struct intern *intern, sym s, char digits[SYM_DIGITS])
{
	if (s.id == 0)
		return (struct str){ "", 0 };
	if ((s.id & NUMBER_BIT) != 0)
		return number_text(s.id & ~NUMBER_BIT, digits);
	return shard_text(
	    &intern->shards[s.id >> INDEX_BITS], s.id & INDEX_MASK);
}

int
intern_order(const struct intern *intern, sym a, sym b)
{
	char digits[2][SYM_DIGITS];
	struct str x, y;
	int order;

	x = intern_text(intern, a, digits[0]);
	y = intern_text(intern, b, digits[1]);
	order = memcmp(x.bytes, y.bytes, x.len < y.len ? x.len : y.len);
	if (order != 0)
		return order < 0 ? -1 : 1;
	return x.len < y.len ? -1 : x.len > y.len;
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
