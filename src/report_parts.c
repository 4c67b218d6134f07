#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "canvas/guard_report.h"
#include "compare/compare_put.h"
#include "report_parts.h"
#include "roster/fate.h"

#define EXAMPLES 5 /* places of a finding that are shown */
#define BAR_WIDTH 100.0

static void
put(struct buf *out, const char *text)
{
	compare_put_html(out, text, strlen(text));
}

static void
put_number(struct buf *out, uint64_t number)
{
	char text[COMPARE_NUMBER];

	buf_printf(
	    out, "<td class=\"n\">%s</td>", compare_put_number(number, text));
}

static void
put_cell(struct buf *out, const char *text)
{
	buf_adds(out, "<td class=\"v\">");
	put(out, text);
	buf_adds(out, "</td>");
}

/* columns: names between |, those of numbers with # in front. */
static void
table_begin(struct buf *out, const char *caption, const char *columns)
{
	const char *end;

	/* A table that is wider than the window scrolls, with the keys too. */
	buf_adds(out,
	    "<div class=\"wide\" role=\"region\" tabindex=\"0\""
	    " aria-label=\"");
	put(out, caption);
	buf_adds(out, "\">\n<table>\n<caption>");
	put(out, caption);
	buf_adds(out, "</caption>\n<thead><tr>");
	for (;; columns = end + 1) {
		end = columns + strcspn(columns, "|");
		buf_printf(out, "<th scope=\"col\"%s>%.*s</th>",
		    *columns == '#' ? " class=\"n\"" : "",
		    (int)(end - columns - (*columns == '#')),
		    columns + (*columns == '#'));
		if (*end == '\0')
			break;
	}
	buf_adds(out, "</tr></thead>\n<tbody>\n");
}

static void
table_end(struct buf *out)
{
	buf_adds(out, "</tbody>\n</table>\n</div>\n");
}

static void
row_begin(struct buf *out, const char *name)
{
	buf_adds(out, "<tr><th scope=\"row\">");
	put(out, name);
	buf_adds(out, "</th>");
}

static const char *
district_name(const struct report *report)
{
	const char *name;

	name = conf_text(report->account->conf, "district", "name");
	return name[0] == '\0' ? "The district" : name;
}

void
report_parts_title_text(const struct report *report, struct buf *out)
{
	char today[DATE_TEXT_SIZE];

	date_format(report->account->policy->today, today);
	buf_printf(
	    out, "%s: PowerSchool to Canvas, %s", district_name(report), today);
}

void
report_parts_title(const struct report *report, struct buf *out)
{
	char today[DATE_TEXT_SIZE];

	date_format(report->account->policy->today, today);
	put(out, district_name(report));
	buf_printf(out, ": PowerSchool to Canvas, <time>%s</time>\n", today);
}

void
report_parts_about(const struct report *report, struct buf *out)
{
	const struct account_of_run *account;

	account = report->account;
	buf_adds(out, "<p>Run <code>");
	put(out, account->id == NULL ? "(dry run)" : account->id);
	buf_printf(out, "</code>, school year %s, time zone ",
	    account->policy->year_text);
	put(out, conf_text(account->conf, "district", "timezone"));
	buf_printf(out, ". %s</p>\n",
	    report->redact ? "Cells of people are left out." : "");
}

static const char *const verdict_lines[] = {
	[GUARD_PASSED] = "Yes: the guard let it pass.",
	[GUARD_WARNED] = "Yes, but look: the guard warns.",
	[GUARD_HELD] = "No: the guard holds it until somebody approves it.",
};

static enum guard_verdict
verdict_of(const struct report *report)
{
	return guard_verdict_of(report->account->judge->guard);
}

void
report_parts_verdict_text(const struct report *report, struct buf *out)
{
	buf_printf(
	    out, "Can this be sent? %s\n", verdict_lines[verdict_of(report)]);
}

static void
put_reasons(const struct report *report, struct buf *out)
{
	const struct guard_limit *limits;
	struct buf text = { 0 };
	size_t n, i;

	limits = guard_limits(report->account->judge->guard, &n);
	buf_adds(out, "<ul>\n");
	for (i = 0; i < n; i++) {
		if (!limits[i].holds)
			continue;
		text.len = 0;
		guard_report_say(
		    report->account->judge->guard, &limits[i], &text);
		buf_adds(out, "<li>");
		put(out, buf_str(&text));
		buf_printf(out, " <code>%s</code></li>\n",
		    guard_codes[limits[i].code].code);
	}
	buf_adds(out, "</ul>\n");
	buf_free(&text);
}

/* What usually is behind the reasons, each code once. */
static void
put_causes(const struct report *report, struct buf *out)
{
	const struct guard_limit *limits;
	bool said[GUARD_CODES] = { false };
	size_t n, i;

	limits = guard_limits(report->account->judge->guard, &n);
	for (i = 0; i < n; i++) {
		if (!limits[i].holds || said[limits[i].code])
			continue;
		said[limits[i].code] = true;
		buf_printf(out, "<p><strong>%s</strong> Usually: ",
		    guard_codes[limits[i].code].code);
		put(out, guard_codes[limits[i].code].causes);
		buf_adds(out, " What to do: ");
		put(out, guard_codes[limits[i].code].fix);
		buf_adds(out, "</p>\n");
	}
}

/* Where to look is said, too: the findings stand far below. */
static void
put_held_rows(size_t errors, struct buf *out)
{
	if (errors == 0)
		buf_adds(out, "<p>No row is held back.</p>\n");
	else
		buf_printf(out,
		    "<p>%zu %s: rows are held back, and Canvas keeps what it"
		    " has of them. <a href=\"#findings\">Findings</a> says"
		    " which ones, and what to mend in PowerSchool.</p>\n",
		    errors, errors == 1 ? "error" : "errors");
}

void
report_parts_verdict(const struct report *report, struct buf *out)
{
	const struct account_of_run *account;
	enum guard_verdict verdict;

	account = report->account;
	verdict = verdict_of(report);
	buf_printf(out,
	    "<div class=\"verdict %s\">\n<p class=\"word\">%s</p>"
	    "\n",
	    guard_verdicts[verdict], verdict_lines[verdict]);
	if (verdict != GUARD_PASSED)
		put_reasons(report, out);
	if (verdict == GUARD_PASSED && !account->update->first &&
	    update_is_empty(account->update))
		buf_adds(out,
		    "<p>But nothing has changed, so there is"
		    " nothing to send.</p>\n");
	if (verdict == GUARD_HELD && account->id != NULL) {
		buf_adds(out,
		    "<p>Until then nothing of this run goes to Canvas.</p>\n"
		    "<p>To let it pass, within 24 hours and before"
		    " the next run: <code>ps2canvas approve ");
		put(out, account->id);
		buf_adds(out,
		    " --reason TEXT</code>. To drop it: <code>"
		    "ps2canvas discard ");
		put(out, account->id);
		buf_adds(out, "</code>.</p>\n");
	}
	put_held_rows(account->findings->by_severity[SEVERITY_ERROR], out);
	buf_adds(out, "</div>\n");
	put_causes(report, out);
}

static void
put_change_row(
    const struct report *report, enum sheet_kind kind, struct buf *out)
{
	const struct delta_count *count;
	const struct update *update;

	update = report->account->update;
	count = &update->deltas[kind].count;
	row_begin(out, sheets[kind].name);
	put_number(out, count->before);
	put_number(out, count->added);
	put_number(out, count->changed);
	put_number(out, count->removed + count->with_parent);
	put_number(out, carry_count(update->carry, kind));
	put_number(out, count->let_go);
	put_number(out, count->after);
	buf_adds(out, "</tr>\n");
}

static const char *const change_words[] = { [DIFF_ADDED] = "+ added",
	[DIFF_REMOVED] = "- removed",
	[DIFF_CHANGED] = "~ changed" };

static void
put_samples(const struct report *report, struct buf *out)
{
	const struct judge_sample *sample;
	const struct judge *judge;
	enum sheet_kind kind;
	size_t i;

	judge = report->account->judge;
	buf_adds(out,
	    "<details>\n<summary>The first rows of each sheet"
	    "</summary>\n");
	table_begin(out, "Differences; all of them are in changes.csv",
	    "Sheet|Change|Key|Column|Before|After");
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		for (i = 0; i < judge->nsamples[kind]; i++) {
			sample = &judge->samples[kind][i];
			row_begin(out, sheets[kind].name);
			put_cell(out, change_words[sample->change]);
			put_cell(out, sample->key);
			put_cell(out, sample->column);
			put_cell(out, report->redact ? "" : sample->old);
			put_cell(out, report->redact ? "" : sample->new);
			buf_adds(out, "</tr>\n");
		}
	}
	table_end(out);
	buf_adds(out, "</details>\n");
}

static void
put_first_package(const struct report *report, struct buf *out)
{
	enum sheet_kind kind;

	buf_adds(out,
	    "<p>No run was accepted before, so everything in the"
	    " package is new to this program.</p>\n");
	table_begin(out, "Rows in the package", "Sheet|#Rows");
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		row_begin(out, sheets[kind].name);
		put_number(out, report->account->sheets[kind].rows);
		buf_adds(out, "</tr>\n");
	}
	table_end(out);
}

void
report_parts_changes(const struct report *report, struct buf *out)
{
	const struct update *update;
	enum sheet_kind kind;

	update = report->account->update;
	if (update->first) {
		put_first_package(report, out);
		return;
	}
	if (update_is_empty(update))
		buf_adds(out, "<p>Nothing: there is nothing to send.</p>\n");
	table_begin(out, "Rows, compared with what Canvas holds",
	    "Sheet|#Before|#+ added|#~ changed|#- removed|#Held, kept|#Past,"
	    " let go|#After");
	for (kind = 0; kind < KEEP_SHEETS; kind++)
		put_change_row(report, kind, out);
	table_end(out);
	put_samples(report, out);
}

/* One school's enrollments. */
struct school {
	struct str id;
	char digits[SYM_DIGITS];
	sym sym;
	uint64_t rows;
	struct guard_count count;
};

static int
school_order(const void *a, const void *b)
{
	const struct school *x, *y;
	size_t len;
	int order;

	x = a;
	y = b;
	len = x->id.len < y->id.len ? x->id.len : y->id.len;
	order = memcmp(x->id.bytes, y->id.bytes, len);
	if (order != 0)
		return order;
	return x->id.len < y->id.len ? -1 : x->id.len > y->id.len;
}

static void
add_schools(const struct tally_sheet *sheet, struct school *schools, size_t *n,
    bool counts)
{
	size_t i, j;

	for (i = 0; i < sheet->ncells; i++) {
		for (j = 0; j < *n; j++) {
			if (schools[j].sym.id == sheet->cells[i].school.id)
				break;
		}
		if (j == *n)
			schools[(*n)++] = (struct school){
				.sym = sheet->cells[i].school
			};
		if (counts)
			schools[j].rows += sheet->cells[i].rows;
	}
}

static void
put_bar(struct buf *out, uint64_t part, uint64_t most, const char *class)
{
	buf_printf(out,
	    "<td><svg viewBox=\"0 0 100 10\" aria-hidden=\"true\""
	    " preserveAspectRatio=\"none\"><rect class=\"%s\" width=\"%.1f\""
	    " height=\"10\"/></svg></td>",
	    class, most == 0 ? 0.0 : BAR_WIDTH * (double)part / (double)most);
}

static void
put_schools(const struct report *report, struct school *schools, size_t n,
    struct buf *out)
{
	uint64_t most, loss;
	size_t i;

	most = loss = 0;
	for (i = 0; i < n; i++) {
		most = schools[i].rows > most ? schools[i].rows : most;
		loss = schools[i].count.removed > loss ?
		    schools[i].count.removed :
		    loss;
	}
	table_begin(out,
	    report->account->update->first ?
		"Enrollments by school" :
		"Enrollments by school, and what"
		" changes; the second bar is what is removed",
	    "School|#Rows|Rows, drawn|#+|#~|#-|Removed, drawn");
	for (i = 0; i < n; i++) {
		buf_adds(out, "<tr><th scope=\"row\">");
		compare_put_html(out, schools[i].id.bytes, schools[i].id.len);
		buf_adds(out, "</th>");
		put_number(out, schools[i].rows);
		put_bar(out, schools[i].rows, most, "bar");
		put_number(out, schools[i].count.added);
		put_number(out, schools[i].count.changed);
		put_number(out, schools[i].count.removed);
		put_bar(out, schools[i].count.removed, loss, "loss");
		buf_adds(out, "</tr>\n");
	}
	table_end(out);
}

void
report_parts_schools(const struct report *report, struct buf *out)
{
	const struct tally_sheet *now, *before;
	const struct judge *judge;
	struct school *schools;
	size_t n, i;

	judge = report->account->judge;
	now = &judge->tally.sheets[SHEET_ENROLLMENT];
	before = &judge->tally_before.sheets[SHEET_ENROLLMENT];
	schools = mem_zalloc(
	    now->ncells + before->ncells + 1, sizeof(*schools));
	n = 0;
	add_schools(now, schools, &n, true);
	add_schools(before, schools, &n, false);
	for (i = 0; i < n; i++) {
		if (judge->watch != NULL)
			schools[i].count = guard_watch_count(judge->watch,
			    SHEET_ENROLLMENT, GUARD_SCHOOL, schools[i].sym);
	}
	for (i = 0; i < n; i++)
		schools[i].id = intern_text(
		    judge->intern, schools[i].sym, schools[i].digits);
	qsort(schools, n, sizeof(*schools), school_order);
	put_schools(report, schools, n, out);
	free(schools);
}

void
report_parts_guard(const struct report *report, struct buf *out)
{
	const struct guard_limit *limits, *limit;
	struct buf text = { 0 };
	size_t n, i;

	limits = guard_limits(report->account->judge->guard, &n);
	buf_printf(out, "<p>Mode: %s.</p>\n",
	    conf_text(report->account->conf, "guard", "mode"));
	table_begin(out, "What was measured, and the limit",
	    "Code|What|#Value|#Limit|Holds");
	for (i = 0; i < n; i++) {
		limit = &limits[i];
		if (!limit->holds && limit->scope != GUARD_SHEET)
			continue;
		text.len = 0;
		guard_report_say(report->account->judge->guard, limit, &text);
		row_begin(out, guard_codes[limit->code].code);
		put_cell(out, buf_str(&text));
		buf_printf(out,
		    "<td class=\"n\">%s</td><td class=\"n\">%s"
		    "</td><td>%s</td></tr>\n",
		    limit->value, limit->limit, limit->holds ? "yes" : "no");
	}
	table_end(out);
	buf_free(&text);
}

/* Where a rule was broken: the first places, file:line. */
static void
put_places(const struct report *report, size_t rule, struct buf *out)
{
	const struct findings *findings;
	const struct roster_file *file;
	const struct finding *finding;
	uint32_t line;
	size_t i, shown;

	findings = report->account->findings;
	shown = 0;
	buf_adds(out, "<td class=\"v\">");
	for (i = 0; i < findings->count && shown < EXAMPLES; i++) {
		finding = &findings->list[i];
		if (finding->rule != rule || finding->table == TABLES)
			continue;
		file = roster_place(report->account->roster,
		    (enum table_id)finding->table, finding->row, &line);
		if (file == NULL)
			continue;
		if (shown++ > 0)
			buf_adds(out, "<br>");
		put(out, file->name);
		buf_printf(out, ":%u", line);
	}
	buf_adds(out, "</td>");
}

void
report_parts_findings(const struct report *report, struct buf *out)
{
	const struct findings *findings;
	size_t severity, i;

	findings = report->account->findings;
	if (findings->count == 0) {
		buf_adds(out, "<p>None.</p>\n");
		return;
	}
	table_begin(out, "By rule; every one is in findings.csv",
	    "Code|Severity|#Count|What|What to do|First places");
	for (severity = 0; severity < 3; severity++) {
		for (i = 0; i < RULES; i++) {
			if (findings->by_both[i][severity] == 0)
				continue;
			row_begin(out, rules[i].code);
			put_cell(out, severity_names[severity]);
			put_number(out, findings->by_both[i][severity]);
			put_cell(out, rules[i].sentence);
			put_cell(out, rules[i].fix);
			put_places(report, i, out);
			buf_adds(out, "</tr>\n");
		}
	}
	table_end(out);
}

void
report_parts_tables(const struct report *report, struct buf *out)
{
	struct fate_count count;
	size_t t, i;

	table_begin(out, "Rows read = used + merged + held + skipped",
	    "Table|#Read|#Used|#Merged|#Held|#Skipped|Why skipped");
	for (t = 0; t < TABLES; t++) {
		count = fate_counted(&report->account->roster->tables[t]);
		if (count.rows == 0)
			continue;
		row_begin(out, schema[t].name);
		put_number(out, count.rows);
		put_number(out, count.used);
		put_number(out, count.merged);
		put_number(out, count.held);
		put_number(out, count.skipped);
		buf_adds(out, "<td>");
		for (i = 0; i < REASONS; i++) {
			if (count.by_reason[i] > 0)
				buf_printf(out, "%s %llu ", reason_names[i],
				    (unsigned long long)count.by_reason[i]);
		}
		buf_adds(out, "</td></tr>\n");
	}
	table_end(out);
}

void
report_parts_trend(const struct report *report, struct buf *out)
{
	const struct report_past *past;
	size_t i;

	if (report->npast == 0) {
		buf_adds(out, "<p>This is the first run.</p>\n");
		return;
	}
	table_begin(out, "The runs before this one, the oldest first",
	    "Run|Guard|#+ added|#~ changed|#- removed|#Errors|#Warnings");
	for (i = 0; i < report->npast; i++) {
		past = &report->past[i];
		row_begin(out, past->id);
		put_cell(out, past->verdict);
		put_number(out, past->added);
		put_number(out, past->changed);
		put_number(out, past->removed);
		put_number(out, past->errors);
		put_number(out, past->warnings);
		buf_adds(out, "</tr>\n");
	}
	table_end(out);
}

void
report_parts_sources(const struct report *report, struct buf *out)
{
	const struct source_report *source;
	size_t i;

	source = report->account->source;
	table_begin(out, "Exports that were read",
	    "File|#Rows|#Bytes|Came by|Encoding|SHA-256");
	for (i = 0; i < source->nfiles; i++) {
		row_begin(out, source->files[i].name);
		put_number(out, source->files[i].rows);
		put_number(out, source->files[i].bytes);
		put_cell(out, source->files[i].way);
		put_cell(out, source->files[i].encoding);
		put_cell(out, source->files[i].sha256);
		buf_adds(out, "</tr>\n");
	}
	table_end(out);
}

void
report_parts_files(const struct report *report, struct buf *out)
{
	const struct package_file *files;
	size_t n, i;

	files = package_files(report->account->package, &n);
	table_begin(out, "Files of this run, as manifest.json lists them",
	    "File|#Bytes|SHA-256");
	for (i = 0; i < n; i++) {
		row_begin(out, files[i].name);
		put_number(out, files[i].bytes);
		put_cell(out, files[i].sha256);
		buf_adds(out, "</tr>\n");
	}
	table_end(out);
	buf_adds(out, "<p>Manifest of the run before: <code>");
	put(out,
	    report->account->previous.manifest_sha256[0] == '\0' ?
		"none" :
		report->account->previous.manifest_sha256);
	buf_adds(out, "</code></p>\n");
}
