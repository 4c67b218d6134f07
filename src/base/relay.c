#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/relay.h"

#define BLOCKS 4			 /* that may wait, and one at work */
#define WORTH_A_THREAD ((size_t)1 << 20) /* bytes in all */

struct block {
	int what;
	struct buf bytes;
};

struct relay {
	relay_fn *fn;
	void *arg;
	bool threaded; /* a thread may be started */
	bool running;  /* it was */
	size_t given;  /* bytes, before that */

	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	struct block blocks[BLOCKS]; /* a ring */
	size_t next;		     /* to be filled */
	size_t count;		     /* filled, the one at work included */
	bool over;
};

struct relay *
relay_begin(bool threaded, relay_fn *fn, void *arg)
{
	struct relay *relay;

	relay = mem_zalloc(1, sizeof(*relay));
	relay->fn = fn;
	relay->arg = arg;
	relay->threaded = threaded;
	pthread_mutex_init(&relay->lock, NULL);
	pthread_cond_init(&relay->filled, NULL);
	pthread_cond_init(&relay->emptied, NULL);
	return relay;
}

static void *
work(void *arg)
{
	const struct block *block;
	struct relay *relay;

	relay = arg;
	pthread_mutex_lock(&relay->lock);
	for (;;) {
		while (relay->count == 0 && !relay->over)
			pthread_cond_wait(&relay->filled, &relay->lock);
		if (relay->count == 0)
			break;
		block = &relay->blocks[(relay->next + BLOCKS - relay->count) %
		    BLOCKS];
		pthread_mutex_unlock(&relay->lock);
		relay->fn(relay->arg, block->what, block->bytes.data,
		    block->bytes.len);
		pthread_mutex_lock(&relay->lock);
		relay->count--;
		pthread_cond_signal(&relay->emptied);
	}
	pthread_mutex_unlock(&relay->lock);
	return NULL;
}

/* Whether there is a thread; one is started when it is worth it. */
static bool
has_thread(struct relay *relay, size_t len)
{
	if (relay->running || !relay->threaded)
		return relay->running;
	relay->given += len;
	if (relay->given < WORTH_A_THREAD)
		return false;
	relay->running = pthread_create(&relay->thread, NULL, work, relay) == 0;
	relay->threaded = relay->running;
	return relay->running;
}

static void
fill(struct block *block, int what, const void *bytes, size_t len)
{
	block->what = what;
	block->bytes.len = 0;
	buf_reserve(&block->bytes, len + RELAY_SPARE);
	buf_add(&block->bytes, bytes, len);
	memset(block->bytes.data + len, 0, RELAY_SPARE);
}

void
relay_give(struct relay *relay, int what, const void *bytes, size_t len)
{
	if (!has_thread(relay, len)) {
		fill(&relay->blocks[0], what, bytes, len);
		relay->fn(relay->arg, what, relay->blocks[0].bytes.data, len);
		return;
	}
	pthread_mutex_lock(&relay->lock);
	while (relay->count == BLOCKS)
		pthread_cond_wait(&relay->emptied, &relay->lock);
	pthread_mutex_unlock(&relay->lock);
	/* The thread looks at blocks that count has, and this is none. */
	fill(&relay->blocks[relay->next], what, bytes, len);
	pthread_mutex_lock(&relay->lock);
	relay->next = (relay->next + 1) % BLOCKS;
	relay->count++;
	pthread_cond_signal(&relay->filled);
	pthread_mutex_unlock(&relay->lock);
}

void
relay_end(struct relay *relay)
{
	size_t i;

	if (relay == NULL)
		return;
	if (relay->running) {
		pthread_mutex_lock(&relay->lock);
		relay->over = true;
		pthread_cond_signal(&relay->filled);
		pthread_mutex_unlock(&relay->lock);
		pthread_join(relay->thread, NULL);
	}
	for (i = 0; i < BLOCKS; i++)
		buf_free(&relay->blocks[i].bytes);
	pthread_mutex_destroy(&relay->lock);
	pthread_cond_destroy(&relay->filled);
	pthread_cond_destroy(&relay->emptied);
	free(relay);
}
