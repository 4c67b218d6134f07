#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "compare_find.h"

enum { OLD, NEW };

/* The ids of all runs, the oldest first. */
struct runs {
	char **ids;		/* ends with NULL */
	size_t count, cap;
};

/* The number behind the last run's, which counts on if a clock goes back. */
static unsigned long
run_number(const char *id)
{
	const char *dash;

	dash = strrchr(id, '-');
	return dash == NULL ? 0 : strtoul(dash + 1, NULL, 10);
}

static int
run_order(const void *a, const void *b)
{
	const char *x, *y;
	unsigned long number_x, number_y;

	x = *(const char *const *)a;
	y = *(const char *const *)b;
	number_x = run_number(x);
	number_y = run_number(y);
	if (number_x != number_y)
		return number_x < number_y ? -1 : 1;
	return strcmp(x, y);
}

static void
runs_list(struct runs *runs, const char *out)
{
	struct dirent *entry;
	char *path;
	DIR *dir;

	*runs = (struct runs){ 0 };
	path = mem_printf("%s/runs", out);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		runs->ids = mem_grow(runs->ids, runs->count, &runs->cap,
		    sizeof(*runs->ids));
		runs->ids[runs->count++] = mem_strdup(entry->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	free(path);
	if (runs->count > 0)
		qsort(runs->ids, runs->count, sizeof(*runs->ids), run_order);
	runs->ids = mem_grow(runs->ids, runs->count, &runs->cap,
	    sizeof(*runs->ids));
	runs->ids[runs->count] = NULL;
}

static void
runs_free(struct runs *runs)
{
	size_t i;

	for (i = 0; i < runs->count; i++)
		free(runs->ids[i]);
	free(runs->ids);
}

/* A name that can be that of a run: one that leads nowhere else. */
static bool
is_run_name(const char *text)
{
	return *text != '\0' && *text != '.' && strlen(text) <= 64 &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-") == strlen(text);
}

/* The id of the run that OUT/name points at; NULL: there is none. */
static char *
linked_run(const char *out, const char *name)
{
	char target[PATH_MAX], *path, *slash;
	ssize_t len;

	path = mem_printf("%s/%s", out, name);
	len = readlink(path, target, sizeof(target) - 1);
	free(path);
	if (len <= 0)
		return NULL;
	target[len] = '\0';
	slash = strrchr(target, '/');
	return mem_strdup(slash == NULL ? target : slash + 1);
}

static bool
is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static int
take_run(struct compare_found *found, const char *out, const char *id,
    const char *why)
{
	found->path = mem_printf("%s/runs/%s", out, id);
	found->label = *why == '\0' ? mem_strdup(id) :
	    mem_printf("%s (%s)", id, why);
	return 0;
}

static int
not_found(const char *text, const char *out, struct err *err)
{
	struct runs runs;
	const char *near;

	runs_list(&runs, out);
	near = nearest_name(text, (const char *const *)runs.ids);
	err_set(err, EXIT_USAGE, "%s: neither a run in %s/runs nor a file or"
	    " folder; nothing was compared", text, out);
	if (near != NULL)
		err_hint(err, "Did you mean the run %s?", near);
	else
		err_hint(err, "ps2canvas runs lists the runs.");
	runs_free(&runs);
	return -1;
}

/* What somebody typed: a run by id or by its part, else a path. */
static int
find_typed(const char *text, const char *out, struct compare_found *found,
    struct err *err)
{
	char *id, *path;
	bool run;

	if (strcmp(text, "accepted") == 0 || strcmp(text, "current") == 0) {
		id = linked_run(out, text);
		if (id == NULL) {
			err_set(err, EXIT_USAGE, "there is no %s run in %s;"
			    " nothing was compared", text, out);
			return err_hint(err, "ps2canvas runs lists the runs.");
		}
		take_run(found, out, id, text);
		free(id);
		return 0;
	}
	path = mem_printf("%s/runs/%s", out, text);
	run = is_run_name(text) && is_there(path);
	free(path);
	if (run)
		return take_run(found, out, text, "");
	if (!is_there(text))
		return not_found(text, out, err);
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

/* The run before the one at path, if that is a run of out at all. */
static int
find_before(const char *path, const char *out, struct compare_found *found,
    struct err *err)
{
	struct runs runs;
	char *run;
	size_t i;
	bool same;

	runs_list(&runs, out);
	same = false;
	for (i = 0; i < runs.count && !same; i++) {
		run = mem_printf("%s/runs/%s", out, runs.ids[i]);
		same = same_place(run, path);
		free(run);
	}
	if (same && i >= 2) {		/* i is one behind it */
		take_run(found, out, runs.ids[i - 2], "");
	} else {
		err_set(err, EXIT_USAGE, "%s has no accepted run and no run"
		    " before this one to compare with; nothing was compared",
		    out);
		err_hint(err, "Name both: ps2canvas diff A B");
	}
	runs_free(&runs);
	return found->path == NULL ? -1 : 0;
}

int
compare_find(const struct compare_options *options,
    struct compare_found found[2], struct err *err)
{
	const char *out;

	out = options->out == NULL ? "out" : options->out;
	found[OLD] = found[NEW] = (struct compare_found){ NULL, NULL };
	if (options->b != NULL)
		return find_typed(options->a, out, &found[OLD], err) != 0 ?
		    -1 : find_typed(options->b, out, &found[NEW], err);
	if (find_typed(options->a == NULL ? "current" : options->a, out,
	    &found[NEW], err) != 0)
		return -1;
	if (find_typed("accepted", out, &found[OLD], &(struct err){ 0 }) == 0
	    && !same_place(found[OLD].path, found[NEW].path))
		return 0;
	free(found[OLD].path);
	free(found[OLD].label);
	found[OLD] = (struct compare_found){ NULL, NULL };
	return find_before(found[NEW].path, out, &found[OLD], err);
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
