#include <stdio.h>
#include <string.h>

#include "canvas/guard_report.h"
#include "history/history_facts.h"
#include "pack/runs.h"
#include "report.h"
#include "report_parts.h"
#include "report_table.h"
#include "templates.h"

void
report_read_past(struct report *report, const char *out)
{
	struct history_changes changes;
	const struct json *manifest;
	struct report_past *past;
	struct err ignored = { 0 };
	struct runs *runs;
	enum sheet_kind kind;
	size_t i;

	runs = runs_open(out, &ignored);
	if (runs == NULL)
		return;
	for (i = runs->count > REPORT_PAST ? runs->count - REPORT_PAST : 0;
	     i < runs->count; i++) {
		manifest = runs_manifest(runs, &runs->all[i], &ignored);
		if (manifest == NULL)
			continue;
		past = &report->past[report->npast++];
		memcpy(past->id, runs->all[i].id, sizeof(past->id));
		snprintf(past->verdict, sizeof(past->verdict), "%s",
		    json_text(
			json_get(json_get(manifest, "guard"), "verdict")));
		past->errors = history_facts_findings(manifest, "error");
		past->warnings = history_facts_findings(manifest, "warning");
		for (kind = 0; kind < KEEP_SHEETS; kind++) {
			if (!history_facts_changes(
				manifest, sheets[kind].file, &changes))
				continue;
			past->added += changes.added;
			past->changed += changes.changed;
			past->removed += changes.removed;
		}
	}
	runs_close(runs);
}

/* THE TABLE of what {{name}} in templates/report.html stands for. */
static const struct {
	const char *name;
	void (*add)(const struct report *report, struct buf *out);
} parts[] = {
	{ "title", report_parts_title },
	{ "about", report_parts_about },
	{ "verdict", report_parts_verdict },
	{ "changes", report_parts_changes },
	{ "schools", report_parts_schools },
	{ "guard", report_parts_guard },
	{ "findings", report_parts_findings },
	{ "tables", report_parts_tables },
	{ "trend", report_parts_trend },
	{ "sources", report_parts_sources },
	{ "files", report_parts_files },
};

static bool
add_part(const void *arg, const char *name, struct buf *out)
{
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(parts[i].name, name) == 0) {
			parts[i].add(arg, out);
			return true;
		}
	}
	return false;
}

void
report_html(const struct report *report, struct buf *out)
{
	report_table_page(templates_report_html, add_part, report, out);
}

static void
text_changes(const struct report *report, struct buf *out)
{
	const struct delta_count *count;
	const struct update *update;
	enum sheet_kind kind;

	update = report->account->update;
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		count = &update->deltas[kind].count;
		buf_printf(out, "  %-12s %10llu rows", sheets[kind].name,
		    (unsigned long long)(update->first ?
			    report->account->sheets[kind].rows :
			    count->after));
		if (!update->first)
			buf_printf(out,
			    "  +%llu -%llu ~%llu, %llu held,"
			    " %llu let go",
			    (unsigned long long)count->added,
			    (unsigned long long)count->removed +
				count->with_parent,
			    (unsigned long long)count->changed,
			    (unsigned long long)carry_count(
				update->carry, kind),
			    (unsigned long long)count->let_go);
		buf_addc(out, '\n');
	}
}

static void
text_guard(const struct report *report, struct buf *out)
{
	const struct guard_limit *limits;
	const struct guard *guard;
	size_t n, i, shown;

	guard = report->account->judge->guard;
	limits = guard_limits(guard, &n);
	shown = 0;
	for (i = 0; i < n && shown < GUARD_REPORT_LINES; i++) {
		if (!limits[i].holds)
			continue;
		buf_adds(out, "  ");
		guard_report_say(guard, &limits[i], out);
		buf_printf(out, " (%s)\n", guard_codes[limits[i].code].code);
		shown++;
	}
	if (guard_reasons(guard) > shown)
		buf_printf(out, "  and %zu more in report.html\n",
		    guard_reasons(guard) - shown);
}

static void
text_findings(const struct report *report, struct buf *out)
{
	const struct findings *findings;
	size_t i, shown;

	findings = report->account->findings;
	buf_printf(out,
	    "Findings: %zu errors (held rows), %zu warnings, %zu"
	    " notes\n",
	    findings->by_severity[SEVERITY_ERROR],
	    findings->by_severity[SEVERITY_WARNING],
	    findings->by_severity[SEVERITY_INFO]);
	shown = 0;
	for (i = 0; i < RULES && shown < 12; i++) {
		if (findings->by_rule[i] == 0)
			continue;
		buf_printf(out, "  %6zu %-20s %s\n", findings->by_rule[i],
		    rules[i].code, rules[i].sentence);
		shown++;
	}
}

void
report_text(const struct report *report, struct buf *out)
{
	const struct account_of_run *account;

	account = report->account;
	report_parts_title_text(report, out);
	buf_adds(out, "\n\n");
	report_parts_verdict_text(report, out);
	text_guard(report, out);
	buf_adds(out,
	    account->update->first ?
		"\nIn the package\n" :
		"\nIn the package, and what changes in Canvas\n");
	text_changes(report, out);
	if (update_is_empty(account->update))
		buf_adds(out, "  nothing to send\n");
	buf_addc(out, '\n');
	text_findings(report, out);
	buf_adds(out,
	    "\nThe whole report is report.html beside this file,"
	    " every finding is in findings.csv,\nevery changed cell in"
	    " changes.csv.\n");
}
