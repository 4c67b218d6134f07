#include <stdlib.h>
#include <string.h>

#include "source/files.h"
#include "source/oneroster.h"
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
	int (*pull)(const char *place, const struct source_options *options,
	    struct roster *roster, struct source_report *report,
	    struct err *err); /* 0 only when the source said "that was all" */
};

static const struct source_ops sources[] = {
	{ "files:", files_pull },
	{ "oneroster:", oneroster_pull },
	{ 0 },
};

int
source_pull(const struct source_options *options, struct roster *roster,
    struct source_report *report, struct err *err)
{
	const struct source_ops *ops;
	size_t len;

	for (ops = sources; ops->scheme != NULL; ops++) {
		len = strlen(ops->scheme);
		if (strncmp(options->url, ops->scheme, len) == 0)
			return ops->pull(
			    options->url + len, options, roster, report, err);
	}
	err_set(err, EXIT_SETTINGS,
	    "[source] url: \"%s\" is no source that"
	    " this version reads; nothing was read",
	    options->url);
	return err_hint(err,
	    "Write url = files:DIR, with the folder that"
	    " holds the exported tables, or oneroster:DIR or"
	    " oneroster:FILE.zip for OneRoster 1.1 CSV.");
}

void
source_report_free(struct source_report *report)
{
	size_t i;

	for (i = 0; i < report->nfiles; i++)
		free(report->files[i].name);
	free(report->files);
	*report = (struct source_report){ 0 };
}
