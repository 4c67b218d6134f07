#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "grades/csv_list.h"
#include "canvas2pt/grades_accept.h"
#include "history/history_record.h"
#include "pack/rundir.h"
#include "pack/runs.h"
#include "pack/runs_decisions.h"
#include "pack/runs_find.h"

/* The score files of an export, read again. */
struct checking {
	const struct runs *runs;
	const struct past_run *run;
};

static int
is_damaged(const struct past_run *run, const char *file, struct err *err)
{
	err_set(err, EXIT_INVALID,
	    "%s: %s is not as it was exported; nothing was done", run->id,
	    file);
	return err_hint(err,
	    "A spreadsheet may have saved it. Export again, and import from"
	    " there.");
}

static int
check_line(void *arg, const char *const *cells, uint32_t line, struct err *err)
{
	const struct checking *checking;
	char hex[HASH_HEX_SIZE] = "";
	char *path;
	int rc;

	(void)line;
	checking = arg;
	if (strcmp(cells[2], "1") != 0)
		return 0;
	path = runs_path(checking->runs, checking->run, cells[0]);
	rc = hash_file(path, hex) != 0 || strcmp(hex, cells[1]) != 0 ?
	    is_damaged(checking->run, cells[0], err) :
	    0;
	free(path);
	return rc;
}

/* Every file as it was exported: the list by the manifest, the rest by it. */
static int
check_files(const struct runs *runs, struct past_run *run, struct err *err)
{
	static const char *const columns[] = { "file", "sha256", "written",
		NULL };
	struct checking checking = { runs, run };
	char hex[HASH_HEX_SIZE];
	const struct json *file;
	const char *name, *sha256;
	char *path;
	int rc;

	for (file = json_first(json_get(run->manifest, "files")); file != NULL;
	     file = json_next(file)) {
		name = json_text(json_get(file, "name"));
		sha256 = json_text(json_get(file, "sha256"));
		if (name == NULL || sha256 == NULL || strchr(name, '/') != NULL)
			return is_damaged(run, RUNS_MANIFEST, err);
		if (runs_file_hash(runs, run, name, hex, err) != 0)
			return -1;
		if (strcmp(hex, sha256) != 0)
			return is_damaged(run, name, err);
	}
	path = runs_path(runs, run, "files.csv");
	rc = csv_list_read(path, columns, check_line, &checking, err);
	free(path);
	return rc == 1 ? is_damaged(run, "files.csv", err) : rc;
}

static int
is_older(const struct runs *runs, const struct past_run *run,
    const struct history_call *call, struct err *err)
{
	if (runs->accepted.run == NULL || call->reason != NULL ||
	    run->number > runs->accepted.run->number)
		return 0;
	err_set(err, EXIT_USAGE,
	    "%s is older than %s, which was imported; nothing was done",
	    run->id, runs->accepted.run->id);
	return err_hint(err,
	    "If its files really were imported after those, say why: canvas2pt"
	    " accept %s --reason TEXT",
	    run->id);
}

static int
record(struct rundir *lock, const struct runs *runs, struct past_run *run,
    const struct history_call *call, struct err *err)
{
	const struct history_record record = { .now = call->now,
		.now_given = call->now_given,
		.reason = call->reason,
		.replaces = runs->accepted.id };
	struct json *list;

	list = json_array();
	json_append(list, history_record_decision(DECISION_ACCEPTED, &record));
	return runs_decisions_add(lock, runs, run, list, err);
}

static void
tell(const struct past_run *run, const struct history_call *call, bool again)
{
	if (call->json)
		history_call_print_json(json_copy(run->decisions));
	else if (!call->quiet && again)
		printf(
		    "%s is accepted already; nothing was changed\n", run->id);
	else if (!call->quiet)
		printf("accepted  %s: canvas2pt export --changed now leaves"
		       " out what is in it\n",
		    run->id);
}

int
grades_accept(const struct history_call *call, struct err *err)
{
	struct rundir *lock;
	struct past_run *run;
	struct runs *runs;
	bool again;

	runs = NULL;
	lock = rundir_lock_in(call->out, RUNDIR_HERE, call->now, err);
	if (lock == NULL)
		goto out;
	runs = runs_open_in(call->out, RUNDIR_HERE, err);
	if (runs == NULL)
		goto out;
	run = runs_find(
	    runs, call->run == NULL ? RUNDIR_CURRENT : call->run, err);
	if (run == NULL || runs_manifest(runs, run, err) == NULL ||
	    runs_decisions(runs, run, err) != 0)
		goto out;
	again = runs->accepted.run == run;
	if (!again &&
	    (is_older(runs, run, call, err) != 0 ||
		check_files(runs, run, err) != 0 ||
		record(lock, runs, run, call, err) != 0))
		goto out;
	tell(run, call, again);
out:
	runs_close(runs);
	rundir_close(lock);
	return (int)err->code;
}
