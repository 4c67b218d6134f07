#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "pack/runs_purged.h"

int
runs_purged_read(const struct runs *runs, struct json **json, struct err *err)
{
	char hex[HASH_HEX_SIZE];
	const char *schema;
	uint64_t version;
	char *shown;
	int rc;

	shown = mem_printf("%s/" RUNS_PURGED, runs->out);
	rc = runs_read_json(runs->fd, RUNS_PURGED, shown, json, hex, err);
	schema = json_text(json_get(*json, "schema"));
	if (rc == 0 && *json != NULL &&
	    (schema == NULL || strcmp(schema, "rollbook-purged") != 0 ||
		!json_unsigned(json_get(*json, "version"), &version) ||
		version != 1 ||
		json_kind(json_get(*json, "purged")) != JSON_LIST)) {
		json_free(*json);
		*json = NULL;
		rc = err_set(err, EXIT_INVALID,
		    "%s is not a list of purged"
		    " runs, version 1",
		    shown);
	}
	free(shown);
	return rc;
}

const struct json *
runs_purged_first(const struct json *document)
{
	return json_first(json_get(document, "purged"));
}

static struct json *
entry_for(const struct past_run *run, int64_t now)
{
	char time[UTC_TEXT_SIZE] = "";
	struct json *entry;
	const char *previous;

	utc_format(now, time);
	previous = json_text(
	    json_get(run->manifest, "previous_manifest_sha256"));
	entry = json_object();
	json_set_text(entry, "run", run->id);
	json_set_text(entry, "time", time);
	json_set_text(entry, "manifest_sha256", run->manifest_sha256);
	if (previous == NULL)
		json_set_null(entry, "previous_manifest_sha256");
	else
		json_set_text(entry, "previous_manifest_sha256", previous);
	return entry;
}

/* Is this very run recorded already, by a purge that was cut short? */
static bool
is_recorded(const struct json *document, const struct past_run *run)
{
	const struct json *entry;
	const char *id, *hex;

	for (entry = runs_purged_first(document); entry != NULL;
	     entry = json_next(entry)) {
		id = json_text(json_get(entry, "run"));
		hex = json_text(json_get(entry, "manifest_sha256"));
		if (id != NULL && hex != NULL && strcmp(id, run->id) == 0 &&
		    strcmp(hex, run->manifest_sha256) == 0)
			return true;
	}
	return false;
}

static struct json *
document_with(const struct json *old, struct past_run *const *going,
    size_t count, int64_t now)
{
	const struct json *entry;
	struct json *document, *list;
	size_t i;

	list = json_array();
	for (entry = runs_purged_first(old); entry != NULL;
	     entry = json_next(entry))
		json_append(list, json_copy(entry));
	for (i = 0; i < count; i++) {
		if (!is_recorded(old, going[i]))
			json_append(list, entry_for(going[i], now));
	}
	document = json_object();
	json_set_text(document, "schema", "rollbook-purged");
	json_set_number(document, "version", 1);
	json_set(document, "purged", list);
	return document;
}

static int
record(struct rundir *dir, const struct runs *runs,
    struct past_run *const *going, size_t count, int64_t now, struct err *err)
{
	struct json *old, *new;
	char *text;
	int rc;

	if (runs_purged_read(runs, &old, err) != 0)
		return -1;
	new = document_with(old, going, count, now);
	text = json_print(new);
	rc = rundir_replace(dir, ".", RUNS_PURGED, text, strlen(text));
	if (rc != 0) {
		err_set_errno(err, EXIT_IO, errno,
		    "%s/" RUNS_PURGED " cannot"
		    " be written, nothing was removed",
		    runs->out);
		err_hint(err,
		    "Look at the disk's room and at who owns the"
		    " folder, then type the same again.");
	}
	free(text);
	json_free(new);
	json_free(old);
	return rc;
}

int
runs_purged_remove(struct rundir *dir, const struct runs *runs,
    struct past_run *const *going, size_t count, int64_t now, size_t *removed,
    struct err *err)
{
	size_t i;

	*removed = 0;
	for (i = 0; i < count; i++) {
		if (runs_manifest(runs, going[i], err) == NULL)
			return -1;
	}
	if (count > 0 && record(dir, runs, going, count, now, err) != 0)
		return -1;
	for (i = 0; i < count; i++) {
		if (interrupt_check(err) != 0)
			return -1;
		if (rundir_remove_run(dir, going[i]->id) != 0) {
			err_set_errno(err, EXIT_IO, errno,
			    "%s/%s%s cannot be removed; %zu of %zu"
			    " runs were removed",
			    runs->out, runs->folder, going[i]->id, *removed,
			    count);
			return err_hint(err,
			    "Look at who owns the folder,"
			    " then type the same again.");
		}
		++*removed;
	}
	return 0;
}
