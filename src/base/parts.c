#include <pthread.h>
#include <stdbool.h>

#include "base/parts.h"

struct part {
	parts_fn *fn;
	void *arg;
	size_t number, from, to;
	pthread_t thread;
	bool running;
};

size_t
parts_count(unsigned jobs, size_t n, size_t least)
{
	size_t parts;

	parts = jobs < PARTS_MAX ? jobs : PARTS_MAX;
	if (parts > n / least)
		parts = n / least;
	return parts == 0 ? 1 : parts;
}

static void *
work(void *arg)
{
	const struct part *part;

	part = arg;
	part->fn(part->arg, part->number, part->from, part->to);
	return NULL;
}

void
parts_run(size_t parts, size_t n, parts_fn *fn, void *arg)
{
	struct part all[PARTS_MAX];
	struct part *part;
	size_t i;

	for (i = 0; i < parts; i++) {
		part = &all[i];
		*part = (struct part){ .fn = fn,
			.arg = arg,
			.number = i,
			.from = n / parts * i,
			.to = i + 1 == parts ? n : n / parts * (i + 1) };
		part->running = i > 0 &&
		    pthread_create(&part->thread, NULL, work, part) == 0;
	}
	/* The first part, and those for which there was no thread. */
	for (i = 0; i < parts; i++) {
		if (!all[i].running)
			work(&all[i]);
	}
	for (i = 0; i < parts; i++) {
		if (all[i].running)
			pthread_join(all[i].thread, NULL);
	}
}
