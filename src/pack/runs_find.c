#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "pack/runs_find.h"

#define OFFERED 3 /* ids that a message names at most */

/* Names the last runs, the newest first. */
static void
offer_newest(const struct runs *runs, struct buf *out)
{
	size_t i;

	buf_adds(out, "The last runs are");
	for (i = 0; i < runs->count && i < OFFERED; i++)
		buf_printf(out, "%s %s", i == 0 ? "" : ",",
		    runs->all[runs->count - 1 - i].id);
	buf_adds(out, ".");
}

/* Names the ids that typed was probably meant to be. */
static void
offer_nearest(const struct runs *runs, const char *typed, struct buf *out)
{
	const char **names;
	const char *near;
	size_t i, n;

	names = mem_zalloc(runs->count + 1, sizeof(*names));
	for (i = 0; i < runs->count; i++)
		names[i] = runs->all[runs->count - 1 - i].id;
	for (n = 0; n < OFFERED; n++) {
		near = nearest_name(typed, names);
		if (near == NULL)
			break;
		buf_printf(out, "%s %s", n == 0 ? "Did you mean" : " or", near);
		for (i = 0; names[i] != near; i++)
			continue;
		memmove(&names[i], &names[i + 1],
		    (runs->count - i) * sizeof(*names));
	}
	if (n > 0)
		buf_adds(out, "?");
	else
		offer_newest(runs, out);
	free(names);
}

static struct past_run *
unknown(const struct runs *runs, const char *typed, const char *why,
    struct err *err)
{
	struct buf offer = { 0 };

	err_set(err, EXIT_USAGE, "%.200s: %s; nothing was done", typed, why);
	if (runs->count == 0)
		buf_printf(&offer, "There is no run in %s yet.", runs->out);
	else
		offer_nearest(runs, typed, &offer);
	err_hint(err, "%s", buf_str(&offer));
	buf_free(&offer);
	return NULL;
}

static struct past_run *
by_link(const struct runs *runs, const char *typed,
    const struct runs_link *link, struct err *err)
{
	if (link->run != NULL)
		return link->run;
	return unknown(runs, typed,
	    link == &runs->current ? "no run is the current one" :
				     "no run has been accepted",
	    err);
}

/* OUT/current and OUT/runs/ID/ are paths to runs; so is an absolute one. */
static struct past_run *
by_path(const struct runs *runs, const char *typed, struct err *err)
{
	char *path, *here, *folder;
	struct past_run *run;
	size_t i;

	run = NULL;
	path = realpath(typed, NULL);
	folder = mem_printf("%s/%s", runs->out, runs->folder);
	here = realpath(folder, NULL);
	for (i = 0; path != NULL && here != NULL && i < runs->count; i++) {
		free(folder);
		folder = mem_printf("%s/%s", here, runs->all[i].id);
		if (strcmp(folder, path) == 0)
			run = &runs->all[i];
	}
	free(folder);
	free(here);
	free(path);
	return run != NULL ? run :
			     unknown(runs, typed,
				 "not a run folder of"
				 " [output] dir",
				 err);
}

static struct past_run *
by_number(const struct runs *runs, const char *typed)
{
	unsigned long number;
	size_t i;

	if (typed[strspn(typed, "0123456789")] != '\0' || strlen(typed) > 18)
		return NULL;
	number = strtoul(typed, NULL, 10);
	for (i = runs->count; i-- > 0;) {
		if (runs->all[i].number == number)
			return &runs->all[i];
	}
	return NULL;
}

static struct past_run *
by_beginning(const struct runs *runs, const char *typed, struct err *err)
{
	struct past_run *found, *run;
	struct buf offer = { 0 };
	size_t i, n;

	found = NULL;
	for (i = n = 0; i < runs->count; i++) {
		run = &runs->all[runs->count - 1 - i];
		if (strncmp(run->id, typed, strlen(typed)) != 0)
			continue;
		found = run;
		if (n++ < OFFERED)
			buf_printf(&offer, "%s %s", n == 1 ? "" : ",", run->id);
	}
	if (n > 1) {
		err_set(err, EXIT_USAGE,
		    "%.64s: %zu runs begin so; nothing"
		    " was done",
		    typed, n);
		err_hint(err,
		    "Write more of it, or the number. The last of"
		    " them are%s.",
		    buf_str(&offer));
		found = NULL;
	} else if (n == 0) {
		unknown(runs, typed,
		    "no run has this id, number or"
		    " beginning",
		    err);
	}
	buf_free(&offer);
	return found;
}

struct past_run *
runs_find(const struct runs *runs, const char *typed, struct err *err)
{
	struct past_run *run;

	if (strchr(typed, '/') != NULL)
		return by_path(runs, typed, err);
	if (!runs_id_is_safe(typed))
		return unknown(runs, typed, "no run can have this id", err);
	run = runs_by_id(runs, typed);
	if (run != NULL)
		return run;
	if (strcmp(typed, "current") == 0)
		return by_link(runs, typed, &runs->current, err);
	if (strcmp(typed, "accepted") == 0)
		return by_link(runs, typed, &runs->accepted, err);
	if (strcmp(typed, "latest") == 0)
		return runs->count > 0 ?
		    runs_newest(runs) :
		    unknown(runs, typed, "there is no run", err);
	run = by_number(runs, typed);
	return run != NULL ? run : by_beginning(runs, typed, err);
}
