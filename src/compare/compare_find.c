#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "compare/compare_find.h"
#include "history/history_state.h"
#include "pack/runs.h"
#include "pack/runs_find.h"

enum { OLD, NEW };

/* Runs are NULL where there is no folder of runs. */
struct search {
	const char *out;
	struct runs *runs;
	struct err *err;
};

static int
take_run(const struct search *search, const struct past_run *run,
    const char *why, struct compare_found *found)
{
	found->path = runs_path(search->runs, run, NULL);
	found->label = *why == '\0' ? mem_strdup(run->id) :
				      mem_printf("%s (%s)", run->id, why);
	return 0;
}

static int
not_found(const struct search *search, const char *text)
{
	const char *near, **ids;
	size_t i, n;

	n = search->runs == NULL ? 0 : search->runs->count;
	ids = mem_zalloc(n + 1, sizeof(*ids));
	for (i = 0; i < n; i++)
		ids[i] = search->runs->all[i].id;
	near = nearest_name(text, ids);
	err_set(search->err, EXIT_USAGE,
	    "%s: neither a run in %s/runs nor a"
	    " file or folder; nothing was compared",
	    text, search->out);
	if (near != NULL)
		err_hint(search->err, "Did you mean the run %s?", near);
	else
		err_hint(search->err, "ps2canvas runs lists the runs.");
	free(ids);
	return -1;
}

static struct past_run *
linked_run(const struct search *search, const char *link)
{
	if (search->runs == NULL)
		return NULL;
	return strcmp(link, "accepted") == 0 ? search->runs->accepted.run :
					       search->runs->current.run;
}

static int
find_linked(
    const struct search *search, const char *link, struct compare_found *found)
{
	const struct past_run *run;

	run = linked_run(search, link);
	if (run != NULL)
		return take_run(search, run, link, found);
	err_set(search->err, EXIT_USAGE,
	    "there is no %s run in %s; nothing"
	    " was compared",
	    link, search->out);
	return err_hint(search->err, "ps2canvas runs lists the runs.");
}

/*
 * What somebody typed: a run by its id, else a path, else a run by its number
 * or the beginning of its id.
 */
static int
find_typed(
    const struct search *search, const char *text, struct compare_found *found)
{
	const struct past_run *run;
	struct err quiet = { 0 };

	if (strcmp(text, "accepted") == 0 || strcmp(text, "current") == 0)
		return find_linked(search, text, found);
	run = search->runs == NULL ? NULL : runs_by_id(search->runs, text);
	if (run != NULL)
		return take_run(search, run, "", found);
	if (access(text, F_OK) == -1) {
		if (search->runs != NULL)
			run = runs_find(search->runs, text, &quiet);
		return run != NULL ? take_run(search, run, "", found) :
				     not_found(search, text);
	}
	found->path = mem_strdup(text);
	found->label = mem_strdup(text);
	return 0;
}

static bool
same_place(const char *a, const char *b)
{
	char *x, *y;
	bool same;

	x = realpath(a, NULL);
	y = realpath(b, NULL);
	same = x != NULL && y != NULL && strcmp(x, y) == 0;
	free(x);
	free(y);
	return same;
}

static bool
was_accepted(const struct search *search, struct past_run *run)
{
	struct history_standing standing;
	struct err damaged = { 0 };

	return history_state_of(
		   search->runs, run, clock_now(), &standing, &damaged) == 0 &&
	    standing.state == HISTORY_ACCEPTED;
}

/* How many runs came before the one at path; none when it is no run. */
static size_t
runs_before(const struct search *search, const char *path)
{
	char *run;
	size_t i;
	bool same;

	for (i = 0; i < search->runs->count; i++) {
		run = runs_path(search->runs, &search->runs->all[i], NULL);
		same = same_place(run, path);
		free(run);
		if (same)
			return i;
	}
	return 0;
}

/* What Canvas held before a run: the last accepted one, else the last one. */
static int
find_before(
    const struct search *search, const char *path, struct compare_found *found)
{
	size_t n, i;

	n = search->runs == NULL ? 0 : runs_before(search, path);
	for (i = n; i-- > 0;) {
		if (was_accepted(search, &search->runs->all[i]))
			return take_run(
			    search, &search->runs->all[i], "", found);
	}
	if (n > 0)
		return take_run(search, &search->runs->all[n - 1], "", found);
	err_set(search->err, EXIT_USAGE,
	    "%s has no accepted run and no run"
	    " before this one to compare with; nothing was compared",
	    search->out);
	return err_hint(search->err, "Name both: ps2canvas diff A B");
}

/* What one package is compared with when nothing else was typed. */
static int
find_other(
    const struct search *search, const char *path, struct compare_found *found)
{
	const struct past_run *accepted;
	char *place;
	bool same;

	accepted = linked_run(search, "accepted");
	if (accepted == NULL)
		return find_before(search, path, found);
	place = runs_path(search->runs, accepted, NULL);
	same = same_place(place, path);
	free(place);
	return same ? find_before(search, path, found) :
		      take_run(search, accepted, "accepted", found);
}

int
compare_find(const struct compare_options *options,
    struct compare_found found[2], struct err *err)
{
	struct search search = { .out = options->out, .err = err };
	struct err no_runs = { 0 };
	int rc;

	found[OLD] = found[NEW] = (struct compare_found){ NULL, NULL };
	search.runs = runs_open(search.out, &no_runs);
	if (search.runs == NULL && no_runs.code != EXIT_USAGE) {
		*err = no_runs;
		return -1;
	}
	if (options->b != NULL) {
		rc = find_typed(&search, options->a, &found[OLD]);
		if (rc == 0)
			rc = find_typed(&search, options->b, &found[NEW]);
	} else {
		rc = find_typed(&search,
		    options->a == NULL ? "current" : options->a, &found[NEW]);
		if (rc == 0)
			rc = find_other(&search, found[NEW].path, &found[OLD]);
	}
	runs_close(search.runs);
	return rc;
}

void
compare_find_free(struct compare_found found[2])
{
	size_t i;

	for (i = 0; i < 2; i++) {
		free(found[i].path);
		free(found[i].label);
	}
}
