#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "history/history_facts.h"
#include "history/history_list.h"
#include "pack/runs_decisions.h"

/* One run with what is printed of it. */
struct listed {
	const struct past_run *run;
	const char *state;
	const struct history_standing *standing;
	const struct history_package *package; /* NULL: none */
};

static void
print_heading(void)
{
	printf("%-22s %-20s %-10s %7s %7s %10s  %-17s %s\n", "run", "started",
	    "verdict", "errors", "warns", "package", "is", "changes in Canvas");
}

static const char *
what_it_is(const struct history_standing *standing)
{
	if (standing->current && standing->accepted)
		return "current, accepted";
	return standing->current ? "current" :
	    standing->accepted	 ? "accepted" :
				   "";
}

static void
print_line(const struct listed *listed)
{
	const struct json *manifest;
	struct buf line = { 0 }, size = { 0 };
	char started[UTC_TEXT_SIZE] = "";
	int64_t utc;

	manifest = listed->run->manifest;
	if (runs_decisions_moment(manifest, "started", &utc))
		utc_format(utc, started);
	if (listed->package != NULL)
		history_facts_size(listed->package->bytes, &size);
	buf_printf(&line, "%-22s %-20s %-10s %7llu %7llu %10s  %-17s ",
	    listed->run->id, started, listed->state,
	    (unsigned long long)history_facts_findings(manifest, "error"),
	    (unsigned long long)history_facts_findings(manifest, "warning"),
	    buf_str(&size), what_it_is(listed->standing));
	history_facts_all_changes(manifest, &line);
	while (line.len > 0 && line.data[line.len - 1] == ' ')
		line.len--;
	history_call_print_text(buf_str(&line));
	putchar('\n');
	buf_free(&line);
	buf_free(&size);
}

/* Copies a member as it stands, or null. */
static void
copy_member(struct json *to, const struct json *from, const char *key)
{
	const struct json *member;

	member = json_get(from, key);
	if (member == NULL)
		json_set_null(to, key);
	else
		json_set(to, key, json_copy(member));
}

static struct json *
as_json(const struct listed *listed)
{
	static const char *const copied[] = { "started", "sheets", "changes",
		"findings", "guard" };
	struct json *object, *package;
	size_t i;

	object = json_object();
	json_set_text(object, "run", listed->run->id);
	json_set_text(object, "verdict", listed->state);
	json_set_yes(object, "current", listed->standing->current);
	json_set_yes(object, "accepted", listed->standing->accepted);
	for (i = 0; i < sizeof(copied) / sizeof(copied[0]); i++)
		copy_member(object, listed->run->manifest, copied[i]);
	if (listed->package == NULL) {
		json_set_null(object, "package");
	} else {
		package = json_object();
		json_set_text(package, "name", listed->package->file);
		json_set_number(package, "bytes", listed->package->bytes);
		json_set_text(package, "sha256", listed->package->sha256);
		json_set(object, "package", package);
	}
	copy_member(object, listed->run->decisions, "decisions");
	return object;
}

/* Prints one run, or adds it to list when there is one. */
static void
list_one(const struct history_call *call, const struct runs *runs,
    struct past_run *run, struct json *list)
{
	struct history_package package;
	struct history_standing standing;
	struct err trouble = { 0 };
	struct listed listed = { run, "damaged", &standing, NULL };

	if (history_state_of(runs, run, call->now, &standing, &trouble) == 0)
		listed.state = history_state_names[standing.state];
	else
		log_line(LOG_WARN, "%s", trouble.msg);
	if (history_state_package(call->conf, run, &package, &trouble) == 0)
		listed.package = &package;
	if (list == NULL)
		print_line(&listed);
	else
		json_append(list, as_json(&listed));
}

static void
set_link(struct json *document, const char *name, const struct runs_link *link)
{
	if (link->run == NULL)
		json_set_null(document, name);
	else
		json_set_text(document, name, link->run->id);
}

int
history_list(const struct history_call *call, struct err *err)
{
	struct json *document, *list;
	struct runs *runs;
	size_t i;

	runs = runs_open(call->out, err);
	if (runs == NULL)
		return (int)err->code;
	list = call->json ? json_array() : NULL;
	if (list == NULL && runs->count > 0)
		print_heading();
	else if (list == NULL)
		printf("there are no runs in %s yet\n", call->out);
	for (i = 0; i < runs->count; i++)
		list_one(call, runs, &runs->all[i], list);
	if (list != NULL) {
		document = json_object();
		json_set_text(document, "schema", "rollbook-runs");
		json_set_number(document, "version", 1);
		set_link(document, "current", &runs->current);
		set_link(document, "accepted", &runs->accepted);
		json_set(document, "runs", list);
		history_call_print_json(document);
	}
	runs_close(runs);
	return EXIT_DONE;
}
