#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "history/history.h"
#include "history/history_record.h"
#include "history/history_state.h"
#include "pack/runs_decisions.h"
#include "pack/runs_find.h"
#include "pack/runs_verify.h"

void
history_run_free(struct history_run *run)
{
	free(run->path);
	*run = (struct history_run){ 0 };
}

/* *runs is NULL when there is no such folder yet. 0, or -1 with EXIT_IO. */
static int
open_runs(const char *out, struct runs **runs, struct err *err)
{
	*runs = NULL;
	if (access(out, F_OK) == -1 && errno == ENOENT)
		return 0;
	*runs = runs_open(out, err);
	return *runs == NULL ? -1 : 0;
}

static void
name_run(const struct runs *runs, const struct past_run *past,
    struct history_run *run)
{
	if (past == NULL)
		return;
	memcpy(run->id, past->id, sizeof(run->id));
	run->path = runs_path(runs, past, NULL);
}

int
history_accepted(const char *out, struct history_run *run, struct err *err)
{
	struct runs *runs;

	*run = (struct history_run){ 0 };
	if (open_runs(out, &runs, err) != 0)
		return -1;
	if (runs != NULL)
		name_run(runs, runs->accepted.run, run);
	runs_close(runs);
	return 0;
}

/* When the run was last accepted until a moment; false when it was not. */
static bool
last_acceptance(const struct past_run *run, int64_t moment, int64_t *when)
{
	const struct json *one;
	const char *what;
	int64_t at;
	bool found;

	found = false;
	for (one = runs_decisions_first(run); one != NULL;
	     one = json_next(one)) {
		what = json_text(json_get(one, "decision"));
		if (what == NULL || strcmp(what, DECISION_ACCEPTED) != 0 ||
		    !runs_decisions_moment(one, "time", &at) || at > moment)
			continue;
		if (!found || at > *when)
			*when = at;
		found = true;
	}
	return found;
}

int
history_accepted_among(const struct runs *runs, int64_t moment,
    struct past_run **found, struct err *err)
{
	int64_t when, latest;
	struct past_run *run;
	size_t i;

	*found = NULL;
	when = latest = 0;
	for (i = 0; i < runs->count; i++) {
		struct err trouble = { 0 };

		run = &runs->all[i];
		if (runs_decisions(runs, run, &trouble) != 0) {
			if (trouble.code != EXIT_INVALID) {
				*err = trouble;
				return -1;
			}
			log_line(LOG_WARN, "%s; it counts as never accepted",
			    trouble.msg);
		} else if (last_acceptance(run, moment, &when) &&
		    (*found == NULL || when >= latest)) {
			*found = run;
			latest = when;
		}
	}
	return 0;
}

int
history_accepted_at(
    const char *out, int64_t moment, struct history_run *run, struct err *err)
{
	struct past_run *found;
	struct runs *runs;
	int rc;

	*run = (struct history_run){ 0 };
	if (open_runs(out, &runs, err) != 0)
		return -1;
	rc = runs == NULL ? 0 :
			    history_accepted_among(runs, moment, &found, err);
	if (rc == 0 && runs != NULL)
		name_run(runs, found, run);
	runs_close(runs);
	return rc;
}

int
history_previous(
    const char *out, struct history_previous *previous, struct err *err)
{
	struct err trouble = { 0 };
	struct past_run *newest;
	struct runs *runs;

	*previous = (struct history_previous){ 0 };
	if (open_runs(out, &runs, err) != 0)
		return -1;
	newest = runs == NULL ? NULL : runs_newest(runs);
	if (newest != NULL) {
		memcpy(previous->id, newest->id, sizeof(previous->id));
		/* What is damaged leaves a gap, which verify shows. */
		runs_file_hash(runs, newest, RUNS_MANIFEST,
		    previous->manifest_sha256, &trouble);
		runs_file_hash(runs, newest, RUNS_DECISIONS,
		    previous->decisions_sha256, &trouble);
	}
	runs_close(runs);
	if (trouble.code != EXIT_IO)
		return 0;
	*err = trouble;
	return -1;
}

static void
set_or_null(struct json *manifest, const char *key, const char *text)
{
	if (text[0] == '\0')
		json_set_null(manifest, key);
	else
		json_set_text(manifest, key, text);
}

void
history_set_previous(
    struct json *manifest, const struct history_previous *previous)
{
	set_or_null(manifest, "previous_run", previous->id);
	set_or_null(
	    manifest, "previous_manifest_sha256", previous->manifest_sha256);
	set_or_null(
	    manifest, "previous_decisions_sha256", previous->decisions_sha256);
}

void
history_deliverable_free(struct history_deliverable *found)
{
	free(found->path);
	*found = (struct history_deliverable){ 0 };
}

static int
refuse_held(const struct past_run *run, const struct history_standing *standing,
    struct err *err)
{
	if (standing->held && !standing->newest)
		err_set(err, EXIT_HELD,
		    "the guard held %s and a newer run"
		    " took its place; nothing was sent",
		    run->id);
	else if (standing->held && standing->approval != NULL)
		err_set(err, EXIT_HELD,
		    "the approval of %s is void after 24"
		    " hours; nothing was sent",
		    run->id);
	else if (standing->held)
		err_set(err, EXIT_HELD,
		    "the guard holds %s; nothing was"
		    " sent",
		    run->id);
	else
		err_set(err, EXIT_HELD,
		    "no guard has looked at %s; nothing"
		    " was sent",
		    run->id);
	return err_hint(err,
	    standing->held && standing->newest ?
		"Look at ps2canvas show %s, then: ps2canvas approve %s --reason"
		" TEXT" :
		"Make a new run: ps2canvas run",
	    run->id, run->id);
}

/* Is the approval that is in force one of the package that is to be sent? */
static int
check_approval(const struct past_run *run,
    const struct history_standing *standing,
    const struct history_package *package, struct err *err)
{
	const char *approved;

	if (standing->judged && !standing->held)
		return 0;
	if (!standing->approval_in_force)
		return refuse_held(run, standing, err);
	approved = json_text(json_get(standing->approval, "package"));
	if (approved != NULL && strcmp(approved, package->file) == 0)
		return 0;
	err_set(err, EXIT_HELD,
	    "%s was approved with another package than"
	    " [output] package now asks for; nothing was sent",
	    run->id);
	return err_hint(err, "Set [output] package as it was.");
}

static void
keep_first(void *arg, const char *run, const char *file, const char *why)
{
	struct err *err;

	err = arg;
	err_set(err, EXIT_INVALID,
	    "%s is not as it was published: %s: %s;"
	    " nothing was done",
	    run, file, why);
	err_hint(
	    err, "ps2canvas verify %s shows all of it. Make a new run.", run);
}

int
history_check_files(
    const struct runs *runs, struct past_run *run, struct err *err)
{
	struct runs_verdict verdict = { .arg = err, .bad = keep_first };

	if (runs_verify_files(runs, run, &verdict, err) != 0)
		return -1;
	return verdict.faults == 0 ? 0 : -1;
}

static int
check_deliverable(const struct conf *conf, const struct runs *runs,
    struct past_run *run, int64_t now, struct history_package *package,
    struct err *err)
{
	struct history_standing standing;

	if (history_state_of(runs, run, now, &standing, err) != 0)
		return -1;
	if (standing.state == HISTORY_DISCARDED)
		return err_set(err, EXIT_USAGE,
		    "%s was discarded; nothing"
		    " was sent",
		    run->id);
	if (history_state_package(conf, run, package, err) != 0 ||
	    check_approval(run, &standing, package, err) != 0)
		return -1;
	return history_check_files(runs, run, err);
}

int
history_deliverable(const struct conf *conf, const char *typed, int64_t now,
    struct history_deliverable *found, struct err *err)
{
	struct history_package package = { 0 };
	struct past_run *run;
	struct runs *runs;
	int rc;

	*found = (struct history_deliverable){ 0 };
	runs = runs_open(conf_text(conf, "output", "dir"), err);
	run = runs == NULL ? NULL : runs_find(runs, typed, err);
	rc = run == NULL ?
	    -1 :
	    check_deliverable(conf, runs, run, now, &package, err);
	if (rc == 0) {
		memcpy(found->id, run->id, sizeof(found->id));
		snprintf(found->sha256, HASH_HEX_SIZE, "%s", package.sha256);
		found->path = runs_path(runs, run, package.file);
	}
	runs_close(runs);
	return rc;
}

bool
history_accepts_by_itself(const struct conf *conf)
{
	return strcmp(conf_text(conf, "output", "accept"), "auto") == 0 &&
	    !history_state_delivers(conf);
}

/* The run is there all the same; err says what went wrong behind it. */
static void
not_accepted(const struct rundir *dir, struct err *err)
{
	struct err why;

	why = *err;
	*err = (struct err){ 0 };
	err_set(err, EXIT_IO,
	    "the run %s is published, but it was not recorded that Canvas"
	    " holds it: %s",
	    rundir_id(dir),
	    why.code == EXIT_DONE ? "it cannot be found again" : why.msg);
	err_hint(err,
	    "Run again, or upload its package in Canvas and type:"
	    " ps2canvas accept %s",
	    rundir_id(dir));
}

int
history_accept_published(
    struct rundir *dir, const struct conf *conf, int64_t now, struct err *err)
{
	struct history_package package;
	struct history_standing standing;
	struct history_record record = { .now = now,
		.package = &package,
		.reason = "automatic: the guard let it pass and no destination"
			  " is configured" };
	struct past_run *run;
	struct runs *runs;
	struct json *list;
	int rc;

	rc = -1;
	runs = runs_open(rundir_out(dir), err);
	run = runs == NULL ? NULL : runs_by_id(runs, rundir_id(dir));
	if (run == NULL ||
	    history_state_of(runs, run, now, &standing, err) != 0 ||
	    history_state_package(conf, run, &package, err) != 0) {
		not_accepted(dir, err);
		goto out;
	}
	if (standing.held) {
		refuse_held(run, &standing, err);
		goto out;
	}
	record.replaces = runs->accepted.id;
	list = json_array();
	json_append(list, history_record_decision(DECISION_ACCEPTED, &record));
	rc = runs_decisions_add(dir, runs, run, list, err);
out:
	runs_close(runs);
	return rc;
}
