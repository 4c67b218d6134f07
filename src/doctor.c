#include "doctor.h"
#include "exam.h"
#include "manifest.h"
#include "settle.h"

#define ROOM_FACTOR 3 /* a run takes up to this much of the exports' size */

/* What the examinations hand on to each other. */
struct exam {
	const struct doctor_options *options;
	struct roster *roster;
	struct policy policy;
	int64_t now;
	struct source_report source;
};

static enum exam_verdict
examine_settings(void *arg, struct exam_words *words)
{
	const struct doctor_options *options;
	struct exam *exam;

	exam = arg;
	options = exam->options;
	if (settle_policy(options->conf, options->now, exam->roster,
		&exam->policy, &exam->now, &words->err) != 0)
		return exam_failed(words);
	buf_printf(&words->says, "%s: school year %s", options->conf_path,
	    exam->policy.year_text);
	return EXAM_PASS;
}

/* A line that the source itself has to say. */
static void
source_says(void *arg, enum source_verdict verdict, const char *what,
    const char *says, const char *fix)
{
	static const enum exam_verdict verdicts[] = {
		[SOURCE_PASS] = EXAM_PASS,
		[SOURCE_WARN] = EXAM_WARN,
		[SOURCE_FAIL] = EXAM_FAIL,
	};
	struct exam_words *words;

	words = arg;
	buf_adds(&words->says, says);
	buf_adds(&words->fix, fix);
	exam_show(words, verdicts[verdict], what);
}

static enum exam_verdict
examine_source(void *arg, struct exam_words *words)
{
	struct source_options source;
	struct exam *exam;
	int rc;

	exam = arg;
	source = settle_source(exam->options->conf, &exam->policy);
	source.headers_only = true;
	source.jobs = 1;
	rc = source_examine(
	    &source, exam->roster, source_says, words, &words->err);
	if (rc < 0)
		return exam_failed(words);
	if (rc == 0) {
		if (words->worst == EXAM_FAIL)
			words->err.code = EXIT_SOURCE;
		buf_printf(&words->says, "%s: %s", source.url,
		    words->worst == EXAM_FAIL ? "cannot be read as it is" :
						"can be read");
		return words->worst == EXAM_FAIL ? EXAM_FAIL : EXAM_PASS;
	}
	if (source_pull(&source, exam->roster, &exam->source, &words->err) != 0)
		return exam_failed(words);
	buf_printf(&words->says, "%s: %zu files, every needed column is there",
	    source.url, exam->source.nfiles);
	return EXAM_PASS;
}

static enum exam_verdict
examine_columns(void *arg, struct exam_words *words)
{
	const struct exam *exam;

	exam = arg;
	if (manifest_missing_columns(exam->roster, &words->says) == 0) {
		buf_adds(&words->says,
		    "every column that a setting or a rule"
		    " names is in an export");
		return EXAM_PASS;
	}
	buf_adds(&words->fix,
	    "Nothing, if the district does not use them; else"
	    " export them too, or name others in the settings.");
	return EXAM_WARN;
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

static enum exam_verdict
examine_output(void *arg, struct exam_words *words)
{
	const struct exam *exam;

	exam = arg;
	return exam_folder(words,
	    conf_text(exam->options->conf, "output", "dir"),
	    bytes_of_source(&exam->source) * ROOM_FACTOR);
}

/* In this order. */
static const struct examination examinations[] = {
	{ "settings", examine_settings },
	{ "source", examine_source },
	{ "columns", examine_columns },
	{ "output", examine_output },
	{ NULL, NULL },
};

int
doctor_examine(const struct doctor_options *options, struct err *err)
{
	struct exam exam = { .options = options, .roster = roster_new() };
	int code;

	(void)err;
	code = exam_run(examinations, &exam, options->json);
	policy_free(&exam.policy);
	source_report_free(&exam.source);
	roster_free(exam.roster);
	return code;
}
