#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "pack/runs_decisions.h"

size_t
runs_decisions_count(const struct past_run *run)
{
	return json_count(json_get(run->decisions, "decisions"));
}

const struct json *
runs_decisions_first(const struct past_run *run)
{
	return json_first(json_get(run->decisions, "decisions"));
}

static bool
is_named(const struct json *decision, const char *name)
{
	const char *has;

	has = json_text(json_get(decision, "decision"));
	return has != NULL && strcmp(has, name) == 0;
}

const struct json *
runs_decisions_last(const struct past_run *run, const char *decision)
{
	const struct json *one, *last;

	last = NULL;
	for (one = runs_decisions_first(run); one != NULL;
	     one = json_next(one)) {
		if (is_named(one, decision))
			last = one;
	}
	return last;
}

bool
runs_decisions_moment(
    const struct json *decision, const char *key, int64_t *utc)
{
	const char *text;

	text = json_text(json_get(decision, key));
	return text != NULL && clock_parse(text, utc) == 0;
}

/* The document with the first count decisions about a run. */
static struct json *
document_of(const struct past_run *run, size_t count)
{
	const struct json *one;
	struct json *document, *list;

	document = json_object();
	json_set_text(document, "schema", "rollbook-decisions");
	json_set_number(document, "version", 1);
	json_set_text(document, "run", run->id);
	json_set_text(document, "manifest_sha256", run->manifest_sha256);
	list = json_array();
	for (one = runs_decisions_first(run); one != NULL && count > 0;
	     one = json_next(one), count--)
		json_append(list, json_copy(one));
	json_set(document, "decisions", list);
	return document;
}

static void
hash_text(const char *text, char hex[HASH_HEX_SIZE])
{
	struct hash *hash;

	hash = hash_begin();
	hash_add(hash, text, strlen(text));
	hash_end(hash, hex);
}

void
runs_decisions_hash(
    const struct past_run *run, size_t count, char hex[HASH_HEX_SIZE])
{
	struct json *document;
	char *text;

	hex[0] = '\0';
	if (count == 0)
		return;
	if (count == runs_decisions_count(run)) {
		memcpy(hex, run->decisions_sha256, HASH_HEX_SIZE);
		return;
	}
	document = document_of(run, count);
	text = json_print(document);
	hash_text(text, hex);
	free(text);
	json_free(document);
}

static int
not_recorded(
    const struct runs *runs, const struct past_run *run, struct err *err)
{
	err_set_errno(err, EXIT_IO, errno,
	    "%s/%s%s/" RUNS_DECISIONS
	    " cannot be written; nothing is decided unless"
	    " show lists it",
	    runs->out, runs->folder, run->id);
	return err_hint(err,
	    "Look at the disk's room and at who owns the"
	    " folder, then type the same again.");
}

static int
write_document(struct rundir *dir, const struct runs *runs,
    struct past_run *run, struct json *document, struct err *err)
{
	char *folder, *text;
	int rc;

	text = json_print(document);
	folder = mem_printf("%s%s", runs->folder, run->id);
	rc = rundir_replace(dir, folder, RUNS_DECISIONS, text, strlen(text));
	if (rc == 0)
		hash_text(text, run->decisions_sha256);
	else
		not_recorded(runs, run, err);
	free(folder);
	free(text);
	return rc;
}

static int
not_pointed(
    const struct runs *runs, const struct past_run *run, struct err *err)
{
	err_set_errno(err, EXIT_IO, errno,
	    "it was recorded that Canvas holds"
	    " %s, but %s/" RUNDIR_ACCEPTED " may still name the run before it",
	    run->id, runs->out);
	return err_hint(err,
	    "The next run, or the next decision, sets it"
	    " right.");
}

/* Ends the list with an acceptance? */
static bool
accepts(const struct json *list)
{
	const struct json *one, *last;

	last = NULL;
	for (one = json_first(list); one != NULL; one = json_next(one))
		last = one;
	return is_named(last, DECISION_ACCEPTED);
}

/* The decisions of list behind those that the run has. */
static struct json *
document_with(const struct past_run *run, const struct json *list)
{
	const struct json *one;
	struct json *document, *whole;

	whole = json_array();
	for (one = runs_decisions_first(run); one != NULL; one = json_next(one))
		json_append(whole, json_copy(one));
	for (one = json_first(list); one != NULL; one = json_next(one))
		json_append(whole, json_copy(one));
	document = document_of(run, 0);
	json_set(document, "decisions", whole);
	return document;
}

int
runs_decisions_add(struct rundir *dir, const struct runs *runs,
    struct past_run *run, struct json *list, struct err *err)
{
	struct json *document;
	bool points;
	int rc;

	document = NULL;
	rc = -1;
	points = accepts(list);
	if (runs_decisions(runs, run, err) != 0 ||
	    runs_manifest_hash(runs, run, err) != 0)
		goto out;
	document = document_with(run, list);
	/*
	 * The new link lies ready first. Whatever happens from here on, the
	 * next holder of the lock puts it in place if this was recorded.
	 */
	if (points && rundir_link_prepare(dir, RUNDIR_ACCEPTED, run->id) != 0) {
		not_recorded(runs, run, err);
		goto out;
	}
	if (write_document(dir, runs, run, document, err) != 0)
		goto out;
	json_free(run->decisions);
	run->decisions = document;
	document = NULL;
	rc = points && rundir_link_swap(dir, RUNDIR_ACCEPTED) != 0 ?
	    not_pointed(runs, run, err) :
	    0;
out:
	json_free(document);
	json_free(list);
	return rc;
}

static int
unreadable_link(const char *name, struct err *err)
{
	err_set_errno(err, EXIT_IO, errno,
	    "the link %s cannot be read, nothing was done", name);
	return err_hint(err,
	    "Look at the disk and at who owns the folder, then type the"
	    " same again.");
}

int
runs_decisions_acceptance_is_half(
    int out, const char *folder, const char *link, bool *half, struct err *err)
{
	struct past_run run = { 0 };
	char before[RUN_ID_SIZE];
	const struct json *list, *last;
	const char *replaced;
	struct err trouble = { 0 };
	char *name;

	*half = false;
	if (runs_link_target(out, folder, link, run.id) != 0)
		return unreadable_link(link, err);
	if (run.id[0] == '\0')
		return 0;
	name = mem_printf("%s%s/" RUNS_DECISIONS, folder, run.id);
	(void)runs_read_json(
	    out, name, name, &run.decisions, run.decisions_sha256, &trouble);
	free(name);
	/* What is no list of decisions records nothing. */
	if (trouble.code == EXIT_IO) {
		*err = trouble;
		return -1;
	}
	if (runs_link_target(out, folder, RUNDIR_ACCEPTED, before) != 0) {
		unreadable_link(RUNDIR_ACCEPTED, err);
	} else {
		list = json_get(run.decisions, "decisions");
		last = runs_decisions_last(&run, DECISION_ACCEPTED);
		replaced = json_text(json_get(last, "replaces"));
		*half = trouble.code == EXIT_DONE && accepts(list) &&
		    strcmp(replaced == NULL ? "" : replaced, before) == 0;
	}
	json_free(run.decisions);
	return err->code == EXIT_DONE ? 0 : -1;
}
