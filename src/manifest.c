#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "canvas/guard_report.h"
#include "canvas/tally_json.h"
#include "manifest.h"
#include "roster/fate.h"
#include "version.h"

/* Rows that the source left out, by reason; nothing when there are none. */
static void
set_skipped(struct json *object, const struct source_file *file)
{
	struct json *skipped;
	size_t i;
	bool any;

	skipped = json_object();
	any = false;
	for (i = 0; i < SOURCE_SKIPS; i++) {
		if (file->skipped[i] == 0)
			continue;
		any = true;
		json_set_number(
		    skipped, source_skip_names[i], file->skipped[i]);
	}
	if (any)
		json_set(object, "skipped", skipped);
	else
		json_free(skipped);
}

static struct json *
source_files(const struct source_report *report)
{
	const struct source_file *file;
	struct json *list, *object;
	size_t i;

	list = json_array();
	for (i = 0; i < report->nfiles; i++) {
		file = &report->files[i];
		object = json_object();
		json_set_text(object, "name", file->name);
		json_set_text(object, "way", file->way);
		json_set_text(object, "encoding", file->encoding);
		json_set_number(object, "bytes", file->bytes);
		json_set_number(object, "rows", file->rows);
		json_set_number(object, "converted_lines", file->converted);
		json_set_text(object, "sha256", file->sha256);
		set_skipped(object, file);
		json_append(list, object);
	}
	return list;
}

/* What the next run's guard compares its own with. */
static struct json *
gaps(const struct source_report *report)
{
	struct json *list;
	char *name;
	size_t i;

	list = json_array();
	for (i = 0; i < report->ngaps; i++) {
		name = source_gap_name(&report->gaps[i]);
		json_append_text(list, name);
		free(name);
	}
	return list;
}

/* The server that the tables came from; nothing when they were files. */
static void
set_server(struct json *manifest, const struct source_report *report)
{
	struct json *object;

	if (report->host == NULL)
		return;
	object = json_object();
	json_set_text(object, "host", report->host);
	json_set_text(object, "powerschool_version", report->version);
	json_set_number(object, "requests", report->requests);
	json_set_number(object, "retries", report->retries);
	json_set(manifest, "server", object);
}

static struct json *
table_counts(const struct table *table)
{
	struct fate_count count;
	struct json *object, *skipped;
	size_t i;

	count = fate_counted(table);
	object = json_object();
	json_set_number(object, "rows", count.rows);
	json_set_number(object, "used", count.used);
	json_set_number(object, "merged", count.merged);
	json_set_number(object, "held", count.held);
	skipped = json_object();
	for (i = 0; i < REASONS; i++) {
		if (count.by_reason[i] > 0)
			json_set_number(
			    skipped, reason_names[i], count.by_reason[i]);
	}
	json_set(object, "skipped", skipped);
	return object;
}

static struct json *
tables(const struct roster *roster)
{
	struct json *object;
	size_t t;

	object = json_object();
	for (t = 0; t < TABLES; t++)
		json_set(
		    object, schema[t].name, table_counts(&roster->tables[t]));
	return object;
}

static struct json *
findings(const struct findings *findings)
{
	struct json *object, *by_rule;
	size_t i;

	object = json_object();
	for (i = 0; i < 3; i++)
		json_set_number(
		    object, severity_names[i], findings->by_severity[i]);
	by_rule = json_object();
	for (i = 0; i < RULES; i++) {
		if (findings->by_rule[i] > 0)
			json_set_number(
			    by_rule, rules[i].code, findings->by_rule[i]);
	}
	json_set(object, "by_rule", by_rule);
	return object;
}

/* Rows of a sheet in csv/, yesterday's of what is held included. */
static uint64_t
rows_of_sheet(const struct account_of_run *account, size_t i)
{
	return account->update->first ? account->sheets[i].rows :
					account->update->deltas[i].count.after;
}

static struct json *
sheets_written(const struct account_of_run *account)
{
	struct json *object;
	size_t i;

	object = json_object();
	for (i = 0; i < account->nsheets; i++)
		json_set_number(
		    object, account->sheets[i].file, rows_of_sheet(account, i));
	return object;
}

static struct json *
changes(const struct update *update)
{
	const struct delta_count *count;
	struct json *object, *sheet;
	enum sheet_kind kind;

	object = json_object();
	for (kind = 0; kind < KEEP_SHEETS && !update->first; kind++) {
		count = &update->deltas[kind].count;
		sheet = json_object();
		json_set_number(sheet, "before", count->before);
		json_set_number(sheet, "after", count->after);
		json_set_number(sheet, "added", count->added);
		json_set_number(sheet, "changed", count->changed);
		json_set_number(sheet, "removed", count->removed);
		json_set_number(
		    sheet, "removed_with_section", count->with_parent);
		json_set_number(sheet, "let_go", count->let_go);
		json_set_number(
		    sheet, "kept", carry_count(update->carry, kind));
		json_set(object, sheets[kind].name, sheet);
	}
	return object;
}

static struct json *
files_written(const struct package *package)
{
	const struct package_file *files;
	struct json *list, *object;
	size_t n, i;

	list = json_array();
	files = package_files(package, &n);
	for (i = 0; i < n; i++) {
		object = json_object();
		json_set_text(object, "name", files[i].name);
		json_set_number(object, "bytes", files[i].bytes);
		json_set_text(object, "sha256", files[i].sha256);
		json_append(list, object);
	}
	return list;
}

void
manifest_settings_hash(const struct conf *conf, char hex[HASH_HEX_SIZE])
{
	struct buf text = { 0 };
	struct hash *hash;

	conf_list(conf, &text);
	hash = hash_begin();
	hash_add(hash, text.data, text.len);
	hash_end(hash, hex);
	buf_free(&text);
}

static void
set_settings(struct json *manifest, const struct account_of_run *account)
{
	char hex[HASH_HEX_SIZE], today[DATE_TEXT_SIZE];
	struct json *object;

	object = json_object();
	manifest_settings_hash(account->conf, hex);
	date_format(account->policy->today, today);
	json_set_text(object, "file", account->conf_path);
	json_set_text(object, "sha256", hex);
	json_set_text(
	    object, "district", conf_text(account->conf, "district", "name"));
	json_set_text(object, "timezone",
	    conf_text(account->conf, "district", "timezone"));
	json_set_text(object, "today", today);
	json_set_text(object, "school_year", account->policy->year_text);
	json_set_text(
	    object, "course_mode", conf_text(account->conf, "courses", "mode"));
	json_set(manifest, "settings", object);
}

void
manifest_set_who(struct json *manifest)
{
	char host[256] = "";
	struct json *object;

	gethostname(host, sizeof(host) - 1);
	object = json_object();
	json_set_text(object, "host", host);
	json_set_number(object, "uid", (uint64_t)getuid());
	json_set(manifest, "who", object);
}

struct json *
manifest_make(const struct account_of_run *account)
{
	char started[UTC_TEXT_SIZE] = "";
	struct json *manifest;

	utc_format(account->now, started);
	manifest = json_object();
	json_set_text(manifest, "schema", "rollbook-manifest");
	json_set_number(manifest, "version", 1);
	json_set_text(manifest, "program", "ps2canvas " ROLLBOOK_VERSION);
	json_set(manifest, "libraries", version_libraries());
	if (account->id == NULL)
		json_set_null(manifest, "run");
	else
		json_set_text(manifest, "run", account->id);
	json_set_text(manifest, "started", started);
	manifest_set_who(manifest);
	set_settings(manifest, account);
	json_set(manifest, "source", source_files(account->source));
	set_server(manifest, account->source);
	if (account->source->ngaps > 0)
		json_set(manifest, "gaps", gaps(account->source));
	json_set(manifest, "tables", tables(account->roster));
	json_set(manifest, "findings", findings(account->findings));
	json_set(manifest, "sheets", sheets_written(account));
	json_set_number(manifest, "crosswalk", account->crosswalk_rows);
	json_set(manifest, "files", files_written(account->package));
	json_set(manifest, "changes", changes(account->update));
	json_set(manifest, "guard", guard_report_json(account->judge->guard));
	json_set(manifest, "tally",
	    tally_json(&account->judge->tally, account->roster->intern));
	json_set(manifest, "blank", guard_blank_json(&account->judge->blanks));
	history_set_previous(manifest, &account->previous);
	return manifest;
}

static void
print_tables(const struct roster *roster, FILE *out)
{
	struct fate_count count;
	size_t t;

	fprintf(out, "%-16s %10s %10s %10s %10s %10s\n", "read", "rows", "used",
	    "merged", "held", "skipped");
	for (t = 0; t < TABLES; t++) {
		count = fate_counted(&roster->tables[t]);
		if (count.rows > 0)
			fprintf(out,
			    "%-16s %10llu %10llu %10llu %10llu"
			    " %10llu\n",
			    schema[t].name, (unsigned long long)count.rows,
			    (unsigned long long)count.used,
			    (unsigned long long)count.merged,
			    (unsigned long long)count.held,
			    (unsigned long long)count.skipped);
	}
}

/* Begins a line of what was skipped; *any: it is not the first. */
static void
begin_skipped(const char *name, bool *any, FILE *out)
{
	if (!*any)
		fputs("\nskipped because a rule says so\n", out);
	*any = true;
	fprintf(out, "%-16s", name);
}

static void
print_skipped(const struct roster *roster, bool *any, FILE *out)
{
	struct fate_count count;
	size_t t, i;

	for (t = 0; t < TABLES; t++) {
		count = fate_counted(&roster->tables[t]);
		if (count.skipped == 0)
			continue;
		begin_skipped(schema[t].name, any, out);
		for (i = 0; i < REASONS; i++) {
			if (count.by_reason[i] > 0)
				fprintf(out, " %s %llu", reason_names[i],
				    (unsigned long long)count.by_reason[i]);
		}
		fputc('\n', out);
	}
}

/* Rows of files that became no row of a table. */
static void
print_skipped_of_files(const struct source_report *source, bool *any, FILE *out)
{
	const struct source_file *file;
	bool begun;
	size_t f, i;

	for (f = 0; f < source->nfiles; f++) {
		file = &source->files[f];
		begun = false;
		for (i = 0; i < SOURCE_SKIPS; i++) {
			if (file->skipped[i] == 0)
				continue;
			if (!begun)
				begin_skipped(file->name, any, out);
			begun = true;
			fprintf(out, " %s %llu", source_skip_names[i],
			    (unsigned long long)file->skipped[i]);
		}
		if (begun)
			fputc('\n', out);
	}
}

static void
print_count(FILE *out, size_t n, const char *word, const char *behind)
{
	fprintf(out, "%zu %s%s%s", n, word, n == 1 ? "" : "s", behind);
}

static void
print_findings(const struct findings *findings, FILE *out)
{
	size_t severity, i;

	fputs("\nfindings: ", out);
	print_count(out, findings->by_severity[SEVERITY_ERROR], "error",
	    " (held rows), ");
	print_count(
	    out, findings->by_severity[SEVERITY_WARNING], "warning", ", ");
	print_count(out, findings->by_severity[SEVERITY_INFO], "note", "\n");
	for (severity = 0; severity < 3; severity++) {
		for (i = 0; i < RULES; i++) {
			if (findings->by_both[i][severity] > 0)
				fprintf(out, "%-8s %-20s %7zu  %s\n",
				    severity_names[severity], rules[i].code,
				    findings->by_both[i][severity],
				    rules[i].sentence);
		}
	}
}

/* Whether any file of a table was read. */
static bool
table_is_there(const struct table *table)
{
	unsigned f;

	for (f = 0; f < FIELDS_MAX; f++) {
		if (table->bound[f])
			return true;
	}
	return false;
}

size_t
manifest_missing_columns(const struct roster *roster, struct buf *out)
{
	const struct table *table;
	size_t t, f, n;

	n = 0;
	for (t = 0; t < TABLES; t++) {
		table = &roster->tables[t];
		for (f = 0;
		     table_is_there(table) && schema[t].fields[f].name != NULL;
		     f++) {
			if (!table->wanted[f] || table->bound[f] ||
			    (schema[t].fields[f].use &
				(FIELD_NOT_COMPARED | FIELD_NEEDED)))
				continue;
			buf_printf(out, "%s%s.%s",
			    n++ == 0 ? "in no export, so read as blank: " :
				       ", ",
			    schema[t].name, schema[t].fields[f].name);
		}
	}
	return n;
}

static void
print_missing_columns(const struct roster *roster, FILE *out)
{
	struct buf line = { 0 };

	if (manifest_missing_columns(roster, &line) > 0)
		fprintf(out, "\n%s\n", buf_str(&line));
	buf_free(&line);
}

static void
print_sheets(const struct account_of_run *account, FILE *out)
{
	size_t i;

	fputs("\nfor Canvas             rows\n", out);
	for (i = 0; i < account->nsheets; i++)
		fprintf(out, "%-16s %10llu\n", account->sheets[i].file,
		    (unsigned long long)rows_of_sheet(account, i));
}

static void
print_zip(const struct account_of_run *account, const char *path,
    const char *which, FILE *out)
{
	const struct package_file *zip;
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "canvas-sis-%s", which);
	zip = package_find(account->package, prefix);
	if (zip != NULL)
		fprintf(out, "%s zip%*s %s/%s\n", which,
		    (int)(7 - strlen(which)), "", path, zip->name);
}

/* What will be different in Canvas. */
static void
print_changes(const struct update *update, FILE *out)
{
	const struct delta_count *count;
	enum sheet_kind kind;

	if (update->first)
		return;
	fprintf(out, "\n%-16s %10s %10s %10s %10s %10s\n", "in Canvas",
	    "before", "added", "changed", "removed", "let go");
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		count = &update->deltas[kind].count;
		fprintf(out, "%-16s %10llu %10llu %10llu %10llu %10llu\n",
		    sheets[kind].name, (unsigned long long)count->before,
		    (unsigned long long)count->added,
		    (unsigned long long)count->changed,
		    (unsigned long long)count->removed + count->with_parent,
		    (unsigned long long)count->let_go);
	}
	if (update_is_empty(update))
		fputs("nothing to send\n", out);
}

void
manifest_summary(
    const struct account_of_run *account, const char *path, FILE *out)
{
	char today[DATE_TEXT_SIZE];
	const char *name;
	bool any;

	any = false;
	name = conf_text(account->conf, "district", "name");
	date_format(account->policy->today, today);
	fprintf(out, "%s%sschool year %s, today is %s in %s\n\n", name,
	    name[0] == '\0' ? "" : ", ", account->policy->year_text, today,
	    conf_text(account->conf, "district", "timezone"));
	print_tables(account->roster, out);
	print_skipped(account->roster, &any, out);
	print_skipped_of_files(account->source, &any, out);
	print_findings(account->findings, out);
	print_missing_columns(account->roster, out);
	print_sheets(account, out);
	print_changes(account->update, out);
	guard_report_print(account->judge->guard, out);
	if (path == NULL) {
		fputs("\ndry run: nothing was written\n", out);
		return;
	}
	fprintf(out, "\npublished   %s\n", path);
	print_zip(account, path, "full", out);
	print_zip(account, path, "delta", out);
	fprintf(out, "findings    %s/findings.csv\n", path);
}
