#ifndef HISTORY_STATE_H
#define HISTORY_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "pack/runs.h"

/* What became of a run, by its manifest and by what was decided since. */
enum history_state {
	HISTORY_PUBLISHED, /* the guard let it pass */
	HISTORY_HELD,	   /* the guard held it: it waits for approval */
	HISTORY_APPROVED,  /* held, approved, not yet accepted */
	HISTORY_ACCEPTED,  /* it is or was in Canvas */
	HISTORY_DISCARDED, /* never to be sent or accepted */
	HISTORY_SUPERSEDED /* held, and a newer run took its place */
};

extern const char *const history_state_names[];

/* Where a run stands at a moment. The JSON is the run's. */
struct history_standing {
	enum history_state state;
	bool judged;		     /* a guard looked at it */
	bool held;		     /* and held it */
	bool newest;		     /* no run was published after it */
	bool current, accepted;	     /* what the links name */
	const struct json *approval; /* the last one of its package */
	bool approval_in_force;	     /* no newer run, not 24 hours old */
};

/*
 * Finds out where a run stands at a moment in UTC seconds. 0, or -1 with
 * EXIT_INVALID when its manifest or its decisions are damaged.
 */
int history_state_of(const struct runs *runs, struct past_run *run, int64_t now,
    struct history_standing *standing, struct err *err);

/* The zip that is sent of a run; the texts are the manifest's. */
struct history_package {
	const char *file;
	const char *sha256;
	uint64_t bytes;
};

/*
 * Chooses it as [output] package says: canvas-sis-delta-*.zip where that is
 * wanted and there is one, else canvas-sis-full-*.zip. 0, or -1 with
 * EXIT_INVALID when the run has none.
 */
int history_state_package(const struct conf *conf, const struct past_run *run,
    struct history_package *package, struct err *err);

/* Is a destination configured, so that packages are delivered? */
bool history_state_delivers(const struct conf *conf);

#endif
