#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/json.h"
#include "doctor.h"
#include "manifest.h"
#include "settle.h"

#define ROOM_FACTOR 3 /* a run takes up to this much of the exports' size */

enum verdict { VERDICT_PASS, VERDICT_WARN, VERDICT_FAIL };

static const char *const verdict_words[] = { "PASS", "WARN", "FAIL" };

/* What the examinations hand on to each other. */
struct exam {
	const struct doctor_options *options;
	struct roster *roster;
	struct policy policy;
	int64_t now;
	struct source_report source;
	struct err err;	 /* of the examination at hand */
	struct buf says; /* what it found */
	struct buf fix;
	enum verdict worst;
	struct json *list; /* of verdicts; NULL: they are printed */
};

static void
print_verdict(const struct exam *exam, enum verdict verdict, const char *what)
{
	printf("%s  %-9s %.*s\n", verdict_words[verdict], what,
	    (int)exam->says.len, exam->says.len > 0 ? exam->says.data : "");
	if (exam->fix.len > 0)
		printf("      %-9s %.*s\n", "", (int)exam->fix.len,
		    exam->fix.data);
}

static struct json *
verdict_as_json(struct exam *exam, enum verdict verdict, const char *what)
{
	struct json *object;

	object = json_object();
	json_set_text(object, "check", what);
	json_set_text(object, "verdict", verdict_words[verdict]);
	json_set_text(object, "says", buf_str(&exam->says));
	json_set_text(object, "fix", buf_str(&exam->fix));
	return object;
}

/* Puts down what an examination found. */
static void
show(struct exam *exam, enum verdict verdict, const char *what)
{
	if (verdict > exam->worst)
		exam->worst = verdict;
	if (exam->list != NULL)
		json_append(exam->list, verdict_as_json(exam, verdict, what));
	else
		print_verdict(exam, verdict, what);
	exam->says.len = exam->fix.len = 0;
}

static enum verdict
failed(struct exam *exam)
{
	buf_adds(&exam->says, exam->err.msg);
	buf_adds(&exam->fix, exam->err.hint);
	return VERDICT_FAIL;
}

static enum verdict
examine_settings(struct exam *exam)
{
	const struct doctor_options *options;

	options = exam->options;
	if (settle_policy(options->conf, options->now, exam->roster,
		&exam->policy, &exam->now, &exam->err) != 0)
		return failed(exam);
	buf_printf(&exam->says, "%s: school year %s", options->conf_path,
	    exam->policy.year_text);
	return VERDICT_PASS;
}

/* A line that the source itself has to say. */
static void
source_says(void *arg, enum source_verdict verdict, const char *what,
    const char *says, const char *fix)
{
	static const enum verdict verdicts[] = {
		[SOURCE_PASS] = VERDICT_PASS,
		[SOURCE_WARN] = VERDICT_WARN,
		[SOURCE_FAIL] = VERDICT_FAIL,
	};
	struct exam *exam;

	exam = arg;
	buf_adds(&exam->says, says);
	buf_adds(&exam->fix, fix);
	show(exam, verdicts[verdict], what);
}

static enum verdict
examine_source(struct exam *exam)
{
	struct source_options source;
	int rc;

	source = settle_source(exam->options->conf, &exam->policy);
	source.headers_only = true;
	source.jobs = 1;
	rc = source_examine(
	    &source, exam->roster, source_says, exam, &exam->err);
	if (rc < 0)
		return failed(exam);
	if (rc == 0) {
		if (exam->worst == VERDICT_FAIL)
			exam->err.code = EXIT_SOURCE;
		buf_printf(&exam->says, "%s: %s", source.url,
		    exam->worst == VERDICT_FAIL ? "cannot be read as it is" :
						  "can be read");
		return exam->worst == VERDICT_FAIL ? VERDICT_FAIL :
						     VERDICT_PASS;
	}
	if (source_pull(&source, exam->roster, &exam->source, &exam->err) != 0)
		return failed(exam);
	buf_printf(&exam->says, "%s: %zu files, every needed column is there",
	    source.url, exam->source.nfiles);
	return VERDICT_PASS;
}

static enum verdict
examine_columns(struct exam *exam)
{
	if (manifest_missing_columns(exam->roster, &exam->says) == 0) {
		buf_adds(&exam->says,
		    "every column that a setting or a rule"
		    " names is in an export");
		return VERDICT_PASS;
	}
	buf_adds(&exam->fix,
	    "Nothing, if the district does not use them; else"
	    " export them too, or name others in the settings.");
	return VERDICT_WARN;
}

static uint64_t
bytes_of_source(const struct source_report *source)
{
	uint64_t bytes;
	size_t i;

	bytes = 0;
	for (i = 0; i < source->nfiles; i++)
		bytes += source->files[i].bytes;
	return bytes;
}

static enum verdict
examine_output(struct exam *exam)
{
	const char *dir;
	struct stat st;
	struct statvfs fs;
	uint64_t need, have;

	dir = conf_text(exam->options->conf, "output", "dir");
	if (stat(dir, &st) == -1 && errno == ENOENT) {
		buf_printf(
		    &exam->says, "%s: will be made by the first run", dir);
		return VERDICT_PASS;
	}
	if (!S_ISDIR(st.st_mode) || access(dir, W_OK | X_OK) == -1 ||
	    statvfs(dir, &fs) == -1) {
		buf_printf(&exam->says,
		    "%s: is no folder that can be written"
		    " to",
		    dir);
		buf_adds(&exam->fix,
		    "Correct [output] dir, or who owns the"
		    " folder.");
		exam->err.code = EXIT_IO;
		return VERDICT_FAIL;
	}
	need = bytes_of_source(&exam->source) * ROOM_FACTOR;
	have = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (have < need) {
		buf_printf(&exam->says,
		    "%s: %llu MiB are free, a run may need"
		    " %llu",
		    dir, (unsigned long long)(have >> 20),
		    (unsigned long long)(need >> 20));
		buf_adds(&exam->fix, "Make room on the disk.");
		return VERDICT_WARN;
	}
	if ((st.st_mode & 077) != 0) {
		buf_printf(&exam->says, "%s: others may look into it", dir);
		buf_printf(&exam->fix,
		    "chmod 700 %s (runs inside it are"
		    " closed to others in any case).",
		    dir);
		return VERDICT_WARN;
	}
	buf_printf(&exam->says, "%s: can be written to", dir);
	return VERDICT_PASS;
}

/* In this order; after a failure the rest is not looked at. */
static const struct {
	const char *what;
	enum verdict (*look)(struct exam *exam);
} examinations[] = {
	{ "settings", examine_settings },
	{ "source", examine_source },
	{ "columns", examine_columns },
	{ "output", examine_output },
};

static void
print_json(struct json *list)
{
	struct json *document;
	char *text;

	document = json_object();
	json_set_text(document, "schema", "rollbook-check");
	json_set_number(document, "version", 1);
	json_set(document, "checks", list);
	text = json_print(document);
	fputs(text, stdout);
	free(text);
	json_free(document);
}

static void
exam_free(struct exam *exam)
{
	policy_free(&exam->policy);
	source_report_free(&exam->source);
	roster_free(exam->roster);
	buf_free(&exam->says);
	buf_free(&exam->fix);
}

int
doctor_examine(const struct doctor_options *options, struct err *err)
{
	struct exam exam = { .options = options, .roster = roster_new() };
	int code;
	size_t i;

	(void)err;
	exam.list = options->json ? json_array() : NULL;
	for (i = 0; i < sizeof(examinations) / sizeof(examinations[0]) &&
	     exam.worst != VERDICT_FAIL;
	     i++)
		show(&exam, examinations[i].look(&exam), examinations[i].what);
	if (exam.list != NULL)
		print_json(exam.list);
	code = exam.worst == VERDICT_FAIL ? (int)exam.err.code :
	    exam.worst == VERDICT_WARN	  ? EXIT_DIFFERENT :
					    EXIT_DONE;
	exam_free(&exam);
	return code;
}
