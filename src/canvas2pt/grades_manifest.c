#include <inttypes.h>

#include "base/date.h"
#include "canvas2pt/grades_manifest.h"
#include "manifest.h"
#include "version.h"

static void
set_moment(struct json *object, const char *key, int64_t utc)
{
	char text[UTC_TEXT_SIZE] = "";

	utc_format(utc, text);
	json_set_text(object, key, text);
}

static struct json *
settings_of(const struct grades_account *account)
{
	static const char *const keys[] = { "which", "unposted",
		"student_number", "section_name", "line_ends", "extra_points" };
	char hex[HASH_HEX_SIZE];
	const struct conf *conf;
	struct json *object;
	size_t i;

	conf = account->options->conf;
	object = json_object();
	manifest_settings_hash(conf, hex);
	json_set_text(object, "file", account->options->conf_path);
	json_set_text(object, "sha256", hex);
	json_set_text(object, "district", conf_text(conf, "district", "name"));
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		json_set_text(
		    object, keys[i], conf_text(conf, "grades", keys[i]));
	json_set_yes(object, "changed_only", account->options->changed);
	json_set_yes(object, "templates", account->options->templates != NULL);
	return object;
}

static struct json *
source_of(const struct grades_account *account)
{
	struct json *object, *list;
	char hex[HASH_HEX_SIZE];
	size_t i;

	object = json_object();
	if (account->host != NULL) {
		json_set_text(object, "canvas", account->host);
		json_set_number(object, "requests", account->requests.requests);
	}
	list = json_array();
	for (i = 0; i < account->options->ngradebooks; i++) {
		struct json *file = json_object();

		json_set_text(file, "name", account->options->gradebooks[i]);
		if (hash_file(account->options->gradebooks[i], hex) == 0)
			json_set_text(file, "sha256", hex);
		json_append(list, file);
	}
	json_set(object, "gradebooks", list);
	if (account->crosswalk != NULL)
		json_set_text(object, "crosswalk", account->crosswalk);
	return object;
}

static struct json *
counts_of(const struct grades_account *account)
{
	const struct grades_counts *counts;
	struct json *object;

	counts = &account->counts;
	object = json_object();
	json_set_number(object, "courses", counts->courses);
	json_set_number(object, "sections", counts->sections);
	json_set_number(object, "sections_left_out", counts->sections_left);
	json_set_number(object, "students", counts->students);
	json_set_number(object, "score_files", counts->sheets);
	json_set_number(object, "new", counts->created);
	json_set_number(object, "changed", counts->changed);
	json_set_number(object, "unchanged", counts->unchanged);
	json_set_number(object, "carried", counts->carried);
	json_set_number(object, "gone", counts->gone);
	json_set_number(object, "filled_templates", counts->filled);
	json_set_number(object, "to_create", counts->to_create);
	json_set_number(object, "left_out", counts->left);
	json_set_number(object, "scores", counts->scores);
	return object;
}

static struct json *
findings_of(const struct grade_findings *findings)
{
	struct json *object, *by_rule;
	size_t i;

	object = json_object();
	for (i = 0; i < GRADE_SEVERITIES; i++)
		json_set_number(
		    object, grade_severities[i], findings->by_severity[i]);
	by_rule = json_object();
	for (i = 0; i < GRADE_RULES; i++) {
		if (findings->by_rule[i] > 0)
			json_set_number(
			    by_rule, grade_rules[i].code, findings->by_rule[i]);
	}
	json_set(object, "by_rule", by_rule);
	return object;
}

static struct json *
files_of(const struct grades_out *out)
{
	struct json *list, *object;
	size_t i;

	list = json_array();
	for (i = 0; i < GRADES_LISTS; i++) {
		object = json_object();
		json_set_text(object, "name", grades_list_names[i]);
		json_set_number(object, "bytes", out->lists[i].bytes);
		json_set_text(object, "sha256", out->lists[i].sha256);
		json_append(list, object);
	}
	return list;
}

struct json *
grades_manifest_make(const struct grades_account *account)
{
	struct json *manifest;

	manifest = json_object();
	json_set_text(manifest, "schema", "rollbook-manifest");
	json_set_number(manifest, "version", 1);
	json_set_text(manifest, "program", "canvas2pt " ROLLBOOK_VERSION);
	json_set(manifest, "libraries", version_libraries());
	if (account->id == NULL)
		json_set_null(manifest, "run");
	else
		json_set_text(manifest, "run", account->id);
	set_moment(manifest, "started", account->now);
	manifest_set_who(manifest);
	json_set(manifest, "settings", settings_of(account));
	json_set(manifest, "source", source_of(account));
	if (account->accepted[0] == '\0')
		json_set_null(manifest, "compared_with");
	else
		json_set_text(manifest, "compared_with", account->accepted);
	json_set(manifest, "counts", counts_of(account));
	json_set(manifest, "findings", findings_of(account->findings));
	json_set(manifest, "files", files_of(account->out));
	return manifest;
}

static void
print_findings(const struct grade_findings *findings, FILE *out)
{
	size_t severity, i;

	fprintf(out, "\nfindings: %zu errors, %zu warnings, %zu notes\n",
	    findings->by_severity[GRADE_ERROR],
	    findings->by_severity[GRADE_WARNING],
	    findings->by_severity[GRADE_INFO]);
	for (severity = 0; severity < GRADE_SEVERITIES; severity++) {
		for (i = 0; i < GRADE_RULES; i++) {
			if (findings->by_rule[i] > 0 &&
			    grade_rules[i].severity == severity)
				fprintf(out, "%-8s %-20s %7zu  %s\n",
				    grade_severities[severity],
				    grade_rules[i].code, findings->by_rule[i],
				    grade_rules[i].sentence);
		}
	}
}

void
grades_manifest_summary(
    const struct grades_account *account, const char *path, FILE *out)
{
	const struct grades_counts *counts;

	counts = &account->counts;
	fprintf(out,
	    "read         %7zu courses, %zu sections, %zu students in them\n"
	    "score files  %7zu: %zu new, %zu changed, %zu unchanged%s\n"
	    "scores       %7" PRIu64 "\n"
	    "to create    %7zu assignments that PowerTeacher may not have yet\n"
	    "left out     %7zu assignments of sections, %zu whole sections\n",
	    counts->courses, counts->sections, counts->students, counts->sheets,
	    counts->created, counts->changed, counts->unchanged,
	    account->options->changed ? " (not written)" : "", counts->scores,
	    counts->to_create, counts->left, counts->sections_left);
	if (counts->filled > 0)
		fprintf(out, "in templates %7zu\n", counts->filled);
	if (account->accepted[0] != '\0')
		fprintf(out, "compared     with %s, which was accepted\n",
		    account->accepted);
	print_findings(account->findings, out);
	if (path == NULL) {
		fputs("\ndry run: nothing was written\n", out);
		return;
	}
	fprintf(out,
	    "\npublished    %s\n"
	    "report       %s/report.html\n"
	    "next         import the files, then type: canvas2pt accept %s\n",
	    path, path, account->id);
}
