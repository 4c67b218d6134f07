#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "history/history_purge.h"
#include "pack/runs_decisions.h"
#include "pack/runs_purged.h"

#define DAY ((int64_t)24 * 60 * 60)

/* One run that is weighed. */
struct weighed {
	struct past_run *run;
	size_t newer; /* how many runs were made after it */
	bool readable;
	struct history_standing standing;
	int64_t started;
	const char *kept_because; /* NULL: it goes */
};

struct purge {
	const struct history_call *call;
	struct runs *runs;
	struct past_run *baseline; /* of the guard, or NULL */
	int64_t baseline_moment;
	struct weighed *weighed; /* one for each run, oldest first */
	struct past_run **going;
	size_t ngoing;
};

static bool
is_damaged(const struct purge *purge, const struct weighed *weighed)
{
	(void)purge;
	return !weighed->readable;
}

static bool
is_among_kept(const struct purge *purge, const struct weighed *weighed)
{
	return weighed->newer <
	    (size_t)conf_number(purge->call->conf, "output", "keep_runs");
}

static bool
is_young(const struct purge *purge, const struct weighed *weighed)
{
	return weighed->started >= purge->call->now -
	    DAY * conf_number(purge->call->conf, "output", "keep_days");
}

static bool
is_newest(const struct purge *purge, const struct weighed *weighed)
{
	(void)purge;
	return weighed->standing.newest;
}

static bool
is_current(const struct purge *purge, const struct weighed *weighed)
{
	(void)purge;
	return weighed->standing.current;
}

static bool
is_accepted(const struct purge *purge, const struct weighed *weighed)
{
	(void)purge;
	return weighed->standing.accepted;
}

static bool
waits(const struct purge *purge, const struct weighed *weighed)
{
	(void)purge;
	return weighed->standing.state == HISTORY_HELD ||
	    weighed->standing.state == HISTORY_APPROVED;
}

/*
 * What Canvas held baseline_days ago, and what it has held since: on one of
 * the coming days that is the baseline.
 */
static bool
is_baseline(const struct purge *purge, const struct weighed *weighed)
{
	const struct json *acceptance;
	int64_t when;

	if (weighed->run == purge->baseline)
		return true;
	acceptance = runs_decisions_last(weighed->run, DECISION_ACCEPTED);
	return runs_decisions_moment(acceptance, "time", &when) &&
	    when >= purge->baseline_moment;
}

/* THE TABLE of what keeps a run; the first reason that holds is said. */
static const struct {
	bool (*keeps)(const struct purge *purge, const struct weighed *weighed);
	const char *why;
	bool said; /* it is not plain from keep_runs and keep_days */
} reasons[] = {
	{ is_among_kept, "it is one of the last [output] keep_runs", false },
	{ is_young, "it is not older than [output] keep_days", false },
	{ is_newest, "it is the newest run", true },
	{ is_current, "it is the current run", true },
	{ is_accepted, "Canvas holds it", true },
	{ waits, "it waits for approval or for being sent", true },
	{ is_baseline, "the guard compares with it ([guard] baseline_days)",
	    true },
	{ is_damaged, "it is damaged: ps2canvas verify says how", true },
};
#define REASONS_COUNT (sizeof(reasons) / sizeof(reasons[0]))

static int
weigh(struct purge *purge, size_t i, struct err *err)
{
	struct weighed *weighed;
	struct err trouble = { 0 };
	size_t r;

	weighed = &purge->weighed[i];
	weighed->run = &purge->runs->all[i];
	weighed->newer = purge->runs->count - 1 - i;
	weighed->readable = history_state_of(purge->runs, weighed->run,
				purge->call->now, &weighed->standing,
				&trouble) == 0 &&
	    runs_decisions_moment(
		weighed->run->manifest, "started", &weighed->started);
	if (trouble.code == EXIT_IO) {
		*err = trouble;
		return -1;
	}
	for (r = 0; r < REASONS_COUNT && weighed->kept_because == NULL; r++) {
		if (reasons[r].keeps(purge, weighed))
			weighed->kept_because = reasons[r].why;
	}
	if (weighed->kept_because == NULL)
		purge->going[purge->ngoing++] = weighed->run;
	return 0;
}

static int
weigh_all(struct purge *purge, struct err *err)
{
	size_t i;

	purge->baseline_moment = purge->call->now -
	    DAY * conf_number(purge->call->conf, "guard", "baseline_days");
	if (history_accepted_among(purge->runs, purge->baseline_moment,
		&purge->baseline, err) != 0)
		return -1;
	purge->weighed = mem_zalloc(
	    purge->runs->count + 1, sizeof(*purge->weighed));
	purge->going = mem_zalloc(
	    purge->runs->count + 1, sizeof(struct past_run *));
	for (i = 0; i < purge->runs->count; i++) {
		if (weigh(purge, i, err) != 0)
			return -1;
	}
	return 0;
}

/* Whether a reason is worth a line: the two settings explain themselves. */
static bool
is_said(const char *why)
{
	size_t r;

	for (r = 0; r < REASONS_COUNT; r++) {
		if (reasons[r].why == why)
			return reasons[r].said;
	}
	return false;
}

static void
print_people(const struct purge *purge, size_t removed)
{
	const struct weighed *weighed;
	size_t i;

	for (i = 0; i < (purge->call->dry_run ? purge->ngoing : removed); i++)
		printf("%s %s\n",
		    purge->call->dry_run ? "would remove" : "removed",
		    purge->going[i]->id);
	for (i = 0; i < purge->runs->count; i++) {
		weighed = &purge->weighed[i];
		if (weighed->kept_because != NULL &&
		    is_said(weighed->kept_because))
			printf("kept    %s: %s\n", weighed->run->id,
			    weighed->kept_because);
	}
	if (purge->call->dry_run)
		printf("%zu of %zu runs would be removed; nothing was"
		       " changed\n",
		    purge->ngoing, purge->runs->count);
	else
		printf("%zu runs removed, %zu kept\n", removed,
		    purge->runs->count - removed);
}

static void
print_json(const struct purge *purge, size_t removed)
{
	struct json *document, *list, *kept, *object;
	size_t i;

	list = json_array();
	for (i = 0; i < (purge->call->dry_run ? purge->ngoing : removed); i++)
		json_append_text(list, purge->going[i]->id);
	kept = json_array();
	for (i = 0; i < purge->runs->count; i++) {
		if (purge->weighed[i].kept_because == NULL)
			continue;
		object = json_object();
		json_set_text(object, "run", purge->weighed[i].run->id);
		json_set_text(object, "why", purge->weighed[i].kept_because);
		json_append(kept, object);
	}
	document = json_object();
	json_set_text(document, "schema", "rollbook-purge");
	json_set_number(document, "version", 1);
	json_set_yes(document, "dry_run", purge->call->dry_run);
	json_set(document, "removed", list);
	json_set(document, "kept", kept);
	history_call_print_json(document);
}

static int
purge_locked(struct purge *purge, struct rundir *lock, struct err *err)
{
	size_t removed;
	int rc;

	purge->runs = runs_open(purge->call->out, err);
	if (purge->runs == NULL)
		return -1;
	if (weigh_all(purge, err) != 0)
		return -1;
	removed = 0;
	rc = lock == NULL ? 0 :
			    runs_purged_remove(lock, purge->runs, purge->going,
				purge->ngoing, purge->call->now, &removed, err);
	if (rc == 0 && purge->call->json)
		print_json(purge, removed);
	else if (!purge->call->json && !purge->call->quiet)
		print_people(purge, removed);
	return rc;
}

int
history_purge(const struct history_call *call, struct err *err)
{
	struct purge purge = { .call = call };
	struct rundir *lock;

	lock = NULL;
	if (!call->dry_run)
		lock = rundir_lock(call->out, call->now, err);
	if (call->dry_run || lock != NULL)
		purge_locked(&purge, lock, err);
	free(purge.weighed);
	free(purge.going);
	runs_close(purge.runs);
	rundir_close(lock);
	return (int)err->code;
}
