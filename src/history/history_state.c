#include <string.h>

#include "history/history_state.h"
#include "pack/runs_decisions.h"

const char *const history_state_names[] = {
	[HISTORY_PUBLISHED] = "published",
	[HISTORY_HELD] = "held",
	[HISTORY_APPROVED] = "approved",
	[HISTORY_ACCEPTED] = "accepted",
	[HISTORY_DISCARDED] = "discarded",
	[HISTORY_SUPERSEDED] = "superseded",
};

/* The manifest's entry of a file, NULL when it names no such file. */
static const struct json *
file_entry(const struct json *manifest, const char *name)
{
	const struct json *entry;
	const char *has;

	for (entry = json_first(json_get(manifest, "files")); entry != NULL;
	     entry = json_next(entry)) {
		has = json_text(json_get(entry, "name"));
		if (has != NULL && strcmp(has, name) == 0)
			return entry;
	}
	return NULL;
}

/* Is it about a package of this run, by name and by hash? */
static bool
is_bound(const struct json *manifest, const struct json *approval)
{
	const char *file, *hash, *has;

	file = json_text(json_get(approval, "package"));
	hash = json_text(json_get(approval, "package_sha256"));
	if (file == NULL || hash == NULL)
		return false;
	has = json_text(json_get(file_entry(manifest, file), "sha256"));
	return has != NULL && strcmp(has, hash) == 0;
}

/* An unknown verdict is no licence to go on. */
static int
read_verdict(const struct past_run *run, struct history_standing *standing,
    struct err *err)
{
	const struct json *guard;
	const char *verdict;

	guard = json_get(run->manifest, "guard");
	if (json_kind(guard) == JSON_NULL || json_kind(guard) == JSON_NOTHING)
		return 0;
	standing->judged = true;
	verdict = json_text(json_get(guard, "verdict"));
	if (verdict != NULL && strcmp(verdict, "held") == 0)
		standing->held = true;
	else if (verdict == NULL ||
	    (strcmp(verdict, "passed") != 0 && strcmp(verdict, "warned") != 0))
		return err_set(err, EXIT_INVALID,
		    "the manifest of %s has a"
		    " guard's verdict that is not known here",
		    run->id);
	return 0;
}

static enum history_state
state_of(const struct past_run *run, const struct history_standing *standing)
{
	if (runs_decisions_last(run, DECISION_DISCARDED) != NULL)
		return HISTORY_DISCARDED;
	if (standing->accepted ||
	    runs_decisions_last(run, DECISION_ACCEPTED) != NULL)
		return HISTORY_ACCEPTED;
	if (!standing->held)
		return HISTORY_PUBLISHED;
	if (standing->approval_in_force)
		return HISTORY_APPROVED;
	return standing->newest ? HISTORY_HELD : HISTORY_SUPERSEDED;
}

int
history_state_of(const struct runs *runs, struct past_run *run, int64_t now,
    struct history_standing *standing, struct err *err)
{
	const struct json *approval;
	int64_t until;

	*standing = (struct history_standing){
		.newest = run == runs_newest(runs),
		.current = run == runs->current.run,
		.accepted = run == runs->accepted.run,
	};
	if (runs_manifest(runs, run, err) == NULL ||
	    runs_decisions(runs, run, err) != 0 ||
	    read_verdict(run, standing, err) != 0)
		return -1;
	approval = runs_decisions_last(run, DECISION_APPROVED);
	if (approval != NULL && is_bound(run->manifest, approval)) {
		standing->approval = approval;
		standing->approval_in_force = standing->newest &&
		    runs_decisions_moment(approval, "until", &until) &&
		    now <= until;
	}
	standing->state = state_of(run, standing);
	return 0;
}

static bool
is_zip_of(const char *name, const char *prefix)
{
	size_t len;

	len = strlen(name);
	return strncmp(name, prefix, strlen(prefix)) == 0 && len > 4 &&
	    strcmp(name + len - 4, ".zip") == 0;
}

static bool
find_package(const struct json *manifest, const char *prefix,
    struct history_package *package)
{
	const struct json *entry;

	for (entry = json_first(json_get(manifest, "files")); entry != NULL;
	     entry = json_next(entry)) {
		package->file = json_text(json_get(entry, "name"));
		package->sha256 = json_text(json_get(entry, "sha256"));
		if (package->file != NULL && package->sha256 != NULL &&
		    json_unsigned(json_get(entry, "bytes"), &package->bytes) &&
		    is_zip_of(package->file, prefix))
			return true;
	}
	return false;
}

int
history_state_package(const struct conf *conf, const struct past_run *run,
    struct history_package *package, struct err *err)
{
	if (strcmp(conf_text(conf, "output", "package"), "delta") == 0 &&
	    find_package(run->manifest, "canvas-sis-delta-", package))
		return 0;
	if (find_package(run->manifest, "canvas-sis-full-", package))
		return 0;
	return err_set(err, EXIT_INVALID, "the run %s has no package", run->id);
}

bool
history_state_delivers(const struct conf *conf)
{
	static const char *const kinds[] = { "dir", "sftp", "canvas" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (conf_instance(conf, kinds[i], 0) != NULL)
			return true;
	}
	return false;
}
