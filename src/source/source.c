#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/files.h"
#include "source/oneroster.h"
#include "source/powerschool.h"
#include "source/ps_check.h"
#include "source/source.h"

const char *const source_skip_names[SOURCE_SKIPS] = {
	[SKIP_TO_BE_DELETED] = "tobedeleted",
	[SKIP_NOT_A_SCHOOL] = "not-a-school",
	[SKIP_FAMILY] = "family",
	[SKIP_ROLE] = "unknown-role",
};

/* A way to get at a district's tables. */
struct source_ops {
	const char *scheme; /* how [source] url begins */
	bool saves;	    /* can keep what it read */
	int (*pull)(const char *place, const struct source_options *options,
	    struct roster *roster, struct source_report *report,
	    struct err *err); /* 0 only when the source said "that was all" */
	/* source_examine(); NULL: pull does it */
	int (*examine)(const struct source_options *options,
	    struct roster *roster, source_say_fn *say, void *arg,
	    struct err *err);
};

static int
refuse_to_save(struct err *err)
{
	err_set(err, EXIT_USAGE,
	    "--save: keeps what a server gave, but [source] url names"
	    " exports; nothing was read");
	return err_hint(err, "Leave --save out: the exports are there.");
}

static const struct source_ops sources[] = { { "files:", false, files_pull,
						 NULL },
	{ "oneroster:", false, oneroster_pull, NULL },
	{ "https://", true, powerschool_pull, ps_check },
	{ "http://", true, powerschool_pull, ps_check }, { 0 } };

/* How a url begins names the source; NULL with EXIT_SETTINGS. */
static const struct source_ops *
find(const char *url, struct err *err)
{
	const struct source_ops *ops;

	for (ops = sources; ops->scheme != NULL; ops++) {
		if (strncmp(url, ops->scheme, strlen(ops->scheme)) == 0)
			return ops;
	}
	err_set(err, EXIT_SETTINGS,
	    "[source] url: \"%s\" is no source that"
	    " this version reads; nothing was read",
	    url);
	err_hint(err,
	    "Write url = files:DIR, with the folder that holds the exported"
	    " tables, url = https://HOST, with the PowerSchool server, or"
	    " oneroster:DIR or oneroster:FILE.zip for OneRoster 1.1 CSV.");
	return NULL;
}

int
source_pull(const struct source_options *options, struct roster *roster,
    struct source_report *report, struct err *err)
{
	const struct source_ops *ops;

	ops = find(options->url, err);
	if (ops == NULL)
		return -1;
	if (options->save != NULL && !ops->saves)
		return refuse_to_save(err);
	return ops->pull(
	    options->url + strlen(ops->scheme), options, roster, report, err);
}

int
source_examine(const struct source_options *options, struct roster *roster,
    source_say_fn *say, void *arg, struct err *err)
{
	const struct source_ops *ops;

	ops = find(options->url, err);
	if (ops == NULL)
		return -1;
	return ops->examine == NULL ?
	    1 :
	    ops->examine(options, roster, say, arg, err);
}

struct source_file *
source_report_add(
    struct source_report *report, const char *name, const char *way)
{
	struct source_file *file;

	report->files = mem_realloc(
	    report->files, report->nfiles + 1, sizeof(*report->files));
	file = &report->files[report->nfiles++];
	*file = (struct source_file){ .name = mem_strdup(name), .way = way };
	return file;
}

void
source_report_gap(struct source_report *report, enum table_id table, int field)
{
	report->gaps = mem_realloc(
	    report->gaps, report->ngaps + 1, sizeof(*report->gaps));
	report->gaps[report->ngaps++] = (struct source_gap){ table, field };
}

bool
source_needs(enum table_id table)
{
	return table != T_ROLEDEF && table != T_STUDENTEMAIL;
}

void
source_report_free(struct source_report *report)
{
	size_t i;

	for (i = 0; i < report->nfiles; i++)
		free(report->files[i].name);
	free(report->files);
	free(report->gaps);
	free(report->host);
	free(report->version);
	*report = (struct source_report){ 0 };
}
