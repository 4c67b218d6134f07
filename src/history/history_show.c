#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/history_facts.h"
#include "history/history_show.h"
#include "pack/runs_decisions.h"
#include "pack/runs_find.h"

#define REASONS_SHOWN 6 /* of the guard */
#define RULES_SHOWN 8	/* of the findings */

/* One run that is shown. */
struct shown {
	const struct history_call *call;
	const struct runs *runs;
	const struct past_run *run;
	struct history_standing standing;
};

/* Prints "name      text" with the text made safe. */
static void
print_fact(const char *name, const char *text)
{
	printf("%-10s", name);
	history_call_print_text(text);
	putchar('\n');
}

static void
print_buf(const char *name, struct buf *text)
{
	print_fact(name, buf_str(text));
	buf_free(text);
}

static void
print_head(const struct shown *shown)
{
	const struct json *manifest, *settings, *who;
	struct buf line = { 0 };
	const char *district, *digits;
	char *path;

	manifest = shown->run->manifest;
	settings = json_get(manifest, "settings");
	who = json_get(manifest, "who");
	buf_printf(&line, "%s: %s%s%s", shown->run->id,
	    history_state_names[shown->standing.state],
	    shown->standing.accepted ? ", Canvas holds it" : "",
	    shown->standing.current ? ", the current run" : "");
	print_buf("run", &line);
	digits = json_digits(json_get(who, "uid"));
	buf_printf(&line, "%s by uid %s on %s, %s",
	    history_facts_text(manifest, "started", "?"),
	    digits == NULL ? "?" : digits, history_facts_text(who, "host", "?"),
	    history_facts_text(manifest, "program", "?"));
	print_buf("started", &line);
	district = history_facts_text(settings, "district", "");
	buf_printf(&line, "%s%sschool year %s, today was %s in %s", district,
	    district[0] == '\0' ? "" : ", ",
	    history_facts_text(settings, "school_year", "?"),
	    history_facts_text(settings, "today", "?"),
	    history_facts_text(settings, "timezone", "?"));
	print_buf("district", &line);
	path = runs_path(shown->runs, shown->run, NULL);
	print_fact("folder", path);
	free(path);
}

static void
print_reason(const struct json *reason)
{
	struct buf line = { 0 };

	buf_printf(&line, "%s: %s", history_facts_text(reason, "code", "?"),
	    history_facts_text(reason, "sentence", "?"));
	print_buf("", &line);
}

static void
print_guard(const struct shown *shown)
{
	const struct json *guard, *reason;
	struct buf more = { 0 };
	size_t n;

	guard = json_get(shown->run->manifest, "guard");
	print_fact("guard",
	    history_facts_text(guard, "verdict", "did not look at it"));
	n = 0;
	for (reason = json_first(json_get(guard, "reasons")); reason != NULL;
	     reason = json_next(reason)) {
		if (n++ < REASONS_SHOWN)
			print_reason(reason);
	}
	if (n > REASONS_SHOWN) {
		buf_printf(&more, "and %zu more, in %s", n - REASONS_SHOWN,
		    RUNS_MANIFEST);
		print_buf("", &more);
	}
}

static void
print_package(const struct shown *shown)
{
	struct history_package package;
	struct err none = { 0 };
	struct buf line = { 0 };

	if (history_state_package(
		shown->call->conf, shown->run, &package, &none) != 0) {
		print_fact("package", "none");
		return;
	}
	buf_printf(&line, "%s, ", package.file);
	history_facts_size(package.bytes, &line);
	print_buf("package", &line);
	print_fact("sha256", package.sha256);
}

static void
print_sheets(const struct shown *shown)
{
	struct history_changes changes;
	const struct json *manifest, *sheet;
	struct buf line = { 0 };
	uint64_t rows;

	manifest = shown->run->manifest;
	for (sheet = json_first(json_get(manifest, "sheets")); sheet != NULL;
	     sheet = json_next(sheet)) {
		rows = 0;
		json_unsigned(sheet, &rows);
		buf_printf(&line, "%-18s %10llu", json_key(sheet),
		    (unsigned long long)rows);
		if (history_facts_changes(
			manifest, json_key(sheet), &changes)) {
			buf_adds(&line, "  ");
			history_facts_add_changes(&changes, &line);
		}
		print_buf(sheet == json_first(json_get(manifest, "sheets")) ?
			"rows" :
			"",
		    &line);
	}
}

static void
print_findings(const struct shown *shown)
{
	const struct json *manifest, *rule;
	struct buf line = { 0 };
	const char *digits;
	size_t n;

	manifest = shown->run->manifest;
	buf_printf(&line,
	    "%llu errors (their rows are held), %llu warnings,"
	    " %llu notes",
	    (unsigned long long)history_facts_findings(manifest, "error"),
	    (unsigned long long)history_facts_findings(manifest, "warning"),
	    (unsigned long long)history_facts_findings(manifest, "info"));
	print_buf("findings", &line);
	n = 0;
	for (rule = json_first(
		 json_get(json_get(manifest, "findings"), "by_rule"));
	     rule != NULL; rule = json_next(rule)) {
		digits = json_digits(rule);
		if (n++ < RULES_SHOWN)
			buf_printf(&line, "%s%s %s", n == 1 ? "" : ", ",
			    json_key(rule), digits == NULL ? "?" : digits);
	}
	if (n > RULES_SHOWN)
		buf_printf(&line, " and %zu other rules", n - RULES_SHOWN);
	if (n > 0)
		print_buf("", &line);
}

static void
print_decision(const struct json *one, bool first)
{
	const char *digits, *until;
	struct buf line = { 0 };

	digits = json_digits(json_get(one, "uid"));
	until = json_text(json_get(one, "until"));
	buf_printf(&line, "%s %s by %s (uid %s) on %s%s%s",
	    history_facts_text(one, "time", "?"),
	    history_facts_text(one, "decision", "?"),
	    history_facts_text(one, "login", "?"),
	    digits == NULL ? "?" : digits, history_facts_text(one, "host", "?"),
	    until == NULL ? "" : ", until ", until == NULL ? "" : until);
	print_buf(first ? "decided" : "", &line);
	buf_printf(&line, "  %s",
	    history_facts_text(one, "reason", "no reason was given"));
	print_buf("", &line);
}

static void
print_decisions(const struct shown *shown)
{
	const struct json *one, *first;

	first = runs_decisions_first(shown->run);
	if (first == NULL)
		print_fact("decided", "nothing");
	for (one = first; one != NULL; one = json_next(one))
		print_decision(one, one == first);
}

/* What can be typed next about the run, if anything. */
static void
print_next(const struct shown *shown)
{
	const char *id;

	id = shown->run->id;
	switch (shown->standing.state) {
	case HISTORY_HELD:
		printf("%-10sps2canvas approve %s --reason TEXT\n%-10s"
		       "ps2canvas discard %s\n",
		    "next", id, "", id);
		break;
	case HISTORY_PUBLISHED:
	case HISTORY_APPROVED:
		if (shown->standing.newest)
			printf("%-10sps2canvas %s %s\n", "next",
			    history_state_delivers(shown->call->conf) ?
				"deliver" :
				"accept",
			    id);
		break;
	case HISTORY_ACCEPTED:
	case HISTORY_DISCARDED:
	case HISTORY_SUPERSEDED:
		break;
	}
}

static void
print_run(const struct shown *shown)
{
	const char *previous;

	print_head(shown);
	print_guard(shown);
	print_package(shown);
	putchar('\n');
	print_sheets(shown);
	print_findings(shown);
	print_decisions(shown);
	previous = history_facts_text(
	    shown->run->manifest, "previous_manifest_sha256", NULL);
	print_fact("before it",
	    previous == NULL ? "no run" :
			       history_facts_text(shown->run->manifest,
				   "previous_run", previous));
	print_next(shown);
}

static void
print_as_json(const struct shown *shown)
{
	struct json *document;

	document = json_object();
	json_set_text(document, "schema", "rollbook-run");
	json_set_number(document, "version", 1);
	json_set_text(document, "run", shown->run->id);
	json_set_text(
	    document, "verdict", history_state_names[shown->standing.state]);
	json_set_yes(document, "current", shown->standing.current);
	json_set_yes(document, "accepted", shown->standing.accepted);
	json_set(document, "manifest", json_copy(shown->run->manifest));
	if (shown->run->decisions == NULL)
		json_set_null(document, "decisions");
	else
		json_set(
		    document, "decisions", json_copy(shown->run->decisions));
	history_call_print_json(document);
}

int
history_show(const struct history_call *call, struct err *err)
{
	struct shown shown = { .call = call };
	struct past_run *run;
	struct runs *runs;

	runs = runs_open(call->out, err);
	run = runs == NULL ? NULL : runs_find(runs, call->run, err);
	if (run != NULL &&
	    history_state_of(runs, run, call->now, &shown.standing, err) == 0) {
		shown.runs = runs;
		shown.run = run;
		if (call->json)
			print_as_json(&shown);
		else
			print_run(&shown);
	}
	runs_close(runs);
	return (int)err->code;
}
