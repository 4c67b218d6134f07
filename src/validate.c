#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "base/mem.h"
#include "canvas/lint.h"
#include "pack/unpack.h"
#include "validate.h"

/* A finding that is kept until all are known. */
struct kept {
	struct lint_finding finding;
	char *message;
	char *file; /* of a finding about the package */
};

/* A file of the package and its place in Canvas's order. */
struct member {
	size_t number; /* in the package */
	unsigned rank;
};

struct validation {
	const char *path;
	const struct validate_options *options;
	struct unpack *package;
	enum unpack_refusal refusal;
	struct member *members;
	struct lint *lint;
	struct lint_totals totals;
	struct kept *kept;
	size_t nkept, capkept;
};

static void
keep_finding(void *arg, const struct lint_finding *finding)
{
	struct validation *v;
	struct kept *kept;

	v = arg;
	v->kept = mem_grow(v->kept, v->nkept, &v->capkept, sizeof(*v->kept));
	kept = &v->kept[v->nkept++];
	kept->finding = *finding;
	kept->file = finding->file == NULL ? NULL : mem_strdup(finding->file);
	kept->message = mem_strdup(finding->message);
}

/* Packages first, then file by file, each from the top. */
static int
kept_order(const void *a, const void *b)
{
	const struct lint_finding *x, *y;

	x = &((const struct kept *)a)->finding;
	y = &((const struct kept *)b)->finding;
	if (x->file_number != y->file_number)
		return x->file_number < y->file_number ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return (int)x->rule - (int)y->rule;
}

static bool
ends_in(const char *name, const char *ending)
{
	size_t len;

	len = strlen(name);
	return len >= strlen(ending) &&
	    strcasecmp(name + len - strlen(ending), ending) == 0;
}

/* What Canvas would do with an entry that is no file of the package. */
static void
judge_passed(struct validation *v, const struct unpack_passed *passed)
{
	static const char *const texts[] = {
		[UNPACK_HIDDEN] = "a hidden file: Canvas skips it in silence",
		[UNPACK_SYSTEM] = "macOS's own: Canvas skips it in silence",
		[UNPACK_NOT_CSV] = "not a CSV: Canvas says \"Skipping unknown"
				   " file type\"",
		[UNPACK_NOT_A_FILE] = "a symbolic link or a device: Canvas"
				      " skips it in silence",
		[UNPACK_UNSAFE] = "no name that a file can have: Canvas skips"
				  " it in silence",
		[UNPACK_REPEATED] = "a second entry of this name: Canvas"
				    " skips it in silence",
		[UNPACK_METHOD] = "compressed in a way that Canvas lacks: it"
				  " skips it in silence",
	};
	enum lint_rule rule;

	if (passed->why == UNPACK_NOT_CSV)
		rule = LINT_PKG_NOT_CSV;
	else if (passed->csv && strstr(passed->name, "._") == NULL)
		rule = LINT_PKG_LOST_CSV;
	else
		rule = LINT_PKG_SKIPPED;
	lint_package(v->lint, rule, lint_rules[rule].severity, passed->name,
	    texts[passed->why]);
}

static void
judge_package(struct validation *v)
{
	static const char *const refusals[] = {
		[UNPACK_MANY] = "more than 100 000 entries",
		[UNPACK_LARGE] = "unpacks to more than 100 times its size, or"
				 " to more than 50 GiB",
		[UNPACK_ENCRYPTED] = "an entry needs a password",
	};
	const struct unpack_passed *passed;
	size_t n, i;

	if (!unpack_is_folder(v->package) && !ends_in(v->path, ".zip") &&
	    !ends_in(v->path, ".csv"))
		lint_package(v->lint, LINT_PKG_NAME, SEVERITY_ERROR, NULL,
		    "the name ends in neither .zip nor .csv: Canvas imports"
		    " nothing");
	if (v->refusal != UNPACK_WELCOME)
		lint_package(v->lint, LINT_PKG_REFUSED, SEVERITY_ERROR, NULL,
		    refusals[v->refusal]);
	else if (unpack_count(v->package) == 0)
		lint_package(v->lint, LINT_PKG_EMPTY, SEVERITY_ERROR, NULL,
		    "there is no CSV in the package");
	passed = unpack_passed(v->package, &n);
	for (i = 0; i < n; i++)
		judge_passed(v, &passed[i]);
}

static int
member_order(const void *a, const void *b)
{
	const struct member *x, *y;

	x = a;
	y = b;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Puts the files into Canvas's order: by kind, then by path. */
static int
announce_files(struct validation *v, struct err *err)
{
	struct unpack_bytes bytes;
	size_t n, i;

	n = unpack_count(v->package);
	v->members = mem_zalloc(n, sizeof(*v->members));
	for (i = 0; i < n; i++) {
		if (interrupt_check(err) != 0 ||
		    unpack_map(v->package, i, &bytes, err) != 0)
			return -1;
		v->members[i].number = i;
		v->members[i].rank = lint_rank(
		    lint_announce(v->lint, bytes.bytes, bytes.len));
		unpack_unmap(&bytes);
	}
	if (n > 0)
		qsort(v->members, n, sizeof(*v->members), member_order);
	return 0;
}

static int
check_files(struct validation *v, struct err *err)
{
	struct unpack_bytes bytes;
	size_t n, i;

	if (v->refusal != UNPACK_WELCOME)
		return 0;
	if (announce_files(v, err) != 0)
		return -1;
	n = unpack_count(v->package);
	for (i = 0; i < n; i++) {
		if (unpack_map(v->package, v->members[i].number, &bytes, err) !=
		    0)
			return -1;
		lint_file(v->lint,
		    unpack_name(v->package, v->members[i].number), bytes.bytes,
		    bytes.len);
		unpack_unmap(&bytes);
		if (interrupt_check(err) != 0)
			return -1;
	}
	return 0;
}

static int
exit_code_of(const struct lint_totals *totals)
{
	if (totals->by_severity[SEVERITY_ERROR] > 0)
		return EXIT_INVALID;
	return totals->by_severity[SEVERITY_WARNING] > 0 ? EXIT_DIFFERENT :
							   EXIT_DONE;
}

/* How a finding's file is named: as one can open it, where one can. */
static void
print_place(const struct validation *v, const struct kept *kept)
{
	const struct lint_finding *finding;

	finding = &kept->finding;
	if (kept->file == NULL ||
	    (!unpack_is_folder(v->package) && !ends_in(v->path, ".zip")))
		fputs(v->path, stdout);
	else if (unpack_is_folder(v->package))
		printf("%s%s%s%s", v->path,
		    v->path[strlen(v->path) - 1] == '/' ? "" : "/",
		    unpack_is_run(v->package) ? "csv/" : "", kept->file);
	else
		fputs(kept->file, stdout);
	if (finding->line > 0)
		printf(":%u", finding->line);
	if (finding->column > 0)
		printf(":%zu", finding->column);
	fputs(": ", stdout);
}

static void
print_finding(
    const struct validation *v, const struct kept *kept, bool *explained)
{
	const struct lint_finding *finding;
	const struct rule_text *rule;

	finding = &kept->finding;
	rule = &lint_rules[finding->rule];
	if (v->options->quiet && finding->severity != SEVERITY_ERROR)
		return;
	print_place(v, kept);
	printf("%s %s: %s", rule->code, severity_names[finding->severity],
	    kept->message);
	if (finding->row > 0 && finding->row != finding->line)
		printf(" [Canvas's row %u]", finding->row);
	putchar('\n');
	if (!explained[finding->rule])
		printf("    %s\n", rule->fix);
	explained[finding->rule] = true;
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
print_totals(const struct validation *v)
{
	const struct lint_totals *totals;
	uint64_t errors, warnings, notes;
	size_t i;

	totals = &v->totals;
	errors = totals->by_severity[SEVERITY_ERROR];
	warnings = totals->by_severity[SEVERITY_WARNING];
	notes = totals->by_severity[SEVERITY_INFO];
	if (v->nkept > 0)
		putchar('\n');
	for (i = 0; i < LINT_RULES; i++) {
		if (totals->by_rule[i] > 0)
			printf("%-20s %10" PRIu64 "  %s\n", lint_rules[i].code,
			    totals->by_rule[i], lint_rules[i].sentence);
	}
	printf("%" PRIu64 " file%s, %" PRIu64 " row%s: %" PRIu64
	       " error%s, %" PRIu64 " warning%s, %" PRIu64 " note%s.\n",
	    totals->files, plural(totals->files), totals->rows,
	    plural(totals->rows), errors, plural(errors), warnings,
	    plural(warnings), notes, plural(notes));
	puts(errors > 0	     ? "Canvas would reject what the errors name." :
		warnings > 0 ? "Canvas would take it all; the warnings say what"
			       " may not be meant." :
			       "Canvas would take it all.");
	if (v->nkept > 0)
		puts("ps2canvas explain CODE says more about a code.");
}

static void
print_text(const struct validation *v)
{
	bool explained[LINT_RULES] = { false };
	size_t i;

	for (i = 0; i < v->nkept; i++)
		print_finding(v, &v->kept[i], explained);
	if (!v->options->quiet)
		print_totals(v);
}

static struct json *
json_findings(const struct validation *v)
{
	const struct lint_finding *finding;
	struct json *list, *object;
	size_t i;

	list = json_array();
	for (i = 0; i < v->nkept; i++) {
		finding = &v->kept[i].finding;
		object = json_object();
		json_set_text(object, "code", lint_rules[finding->rule].code);
		json_set_text(
		    object, "severity", severity_names[finding->severity]);
		if (v->kept[i].file == NULL)
			json_set_null(object, "file");
		else
			json_set_text(object, "file", v->kept[i].file);
		json_set_number(object, "line", finding->line);
		json_set_number(object, "column", finding->column);
		json_set_number(object, "row", finding->row);
		json_set_text(object, "message", v->kept[i].message);
		json_append(list, object);
	}
	return list;
}

static struct json *
json_rules(const struct validation *v)
{
	struct json *list, *object;
	size_t i;

	list = json_array();
	for (i = 0; i < LINT_RULES; i++) {
		if (v->totals.by_rule[i] == 0)
			continue;
		object = json_object();
		json_set_text(object, "code", lint_rules[i].code);
		json_set_number(object, "count", v->totals.by_rule[i]);
		json_set_text(object, "sentence", lint_rules[i].sentence);
		json_set_text(object, "fix", lint_rules[i].fix);
		json_append(list, object);
	}
	return list;
}

static void
print_json(const struct validation *v)
{
	struct json *document, *rows;
	char *text;
	size_t i;

	document = json_object();
	json_set_text(document, "schema", "rollbook-validate");
	json_set_number(document, "version", 1);
	json_set_text(document, "package", v->path);
	json_set_number(document, "exit", (uint64_t)exit_code_of(&v->totals));
	json_set_number(document, "files", v->totals.files);
	rows = json_object();
	for (i = 0; i < SHEETS; i++) {
		if (v->totals.rows_of[i] > 0)
			json_set_number(
			    rows, sheets[i].name, v->totals.rows_of[i]);
	}
	json_set(document, "rows", rows);
	for (i = 0; i < 3; i++)
		json_set_number(
		    document, severity_names[i], v->totals.by_severity[i]);
	json_set(document, "rules", json_rules(v));
	json_set(document, "findings", json_findings(v));
	text = json_print(document);
	fputs(text, stdout);
	free(text);
	json_free(document);
}

static void
validation_free(struct validation *v)
{
	size_t i;

	for (i = 0; i < v->nkept; i++) {
		free(v->kept[i].file);
		free(v->kept[i].message);
	}
	free(v->kept);
	free(v->members);
	unpack_close(v->package);
}

int
validate_package(
    const char *path, const struct validate_options *options, struct err *err)
{
	struct validation v = { .path = path, .options = options };
	struct lint_options how = { .complete = options->complete,
		.shown = options->all ? 0 : LINT_SHOWN,
		.roles = options->roles,
		.nroles = options->nroles };
	int code;

	v.package = unpack_look(path, &v.refusal, err);
	if (v.package == NULL)
		return (int)err->code;
	how.no_rows_is_fine = unpack_is_run(v.package);
	v.lint = lint_begin(&how, keep_finding, &v);
	judge_package(&v);
	check_files(&v, err);
	lint_end(v.lint, &v.totals);
	code = (int)err->code;
	if (code == EXIT_DONE) {
		if (v.nkept > 0)
			qsort(v.kept, v.nkept, sizeof(*v.kept), kept_order);
		if (options->json)
			print_json(&v);
		else
			print_text(&v);
		code = exit_code_of(&v.totals);
	}
	validation_free(&v);
	return code;
}
