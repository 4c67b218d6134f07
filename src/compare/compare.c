#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "canvas/diff_changes.h"
#include "compare/compare.h"
#include "compare/compare_find.h"
#include "compare/compare_html.h"
#include "compare/compare_json.h"
#include "compare/compare_package.h"
#include "compare/compare_result.h"
#include "compare/compare_text.h"

/* Colors are for a terminal that can show them, and who does not mind. */
static bool
wants_color(void)
{
	const char *no_color, *term;

	no_color = getenv("NO_COLOR");
	term = getenv("TERM");
	return (no_color == NULL || *no_color == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0 && isatty(STDOUT_FILENO);
}

static int
show(const struct compare_options *options, struct compare_result *result,
    struct err *err)
{
	switch (options->form) {
	case COMPARE_JSON:
		return compare_json(result, stdout, err);
	case COMPARE_HTML:
		return compare_html(result, stdout, err);
	default:
		return compare_text(result, wants_color(), stdout, err);
	}
}

static int
print_bytes(void *arg, const void *bytes, size_t len, struct err *err)
{
	(void)arg;
	(void)err;
	return fwrite(bytes, 1, len, stdout) == len ? 0 : -1;
}

/* One sheet on its way into changes.csv. */
struct listing {
	struct diff_changes *changes;
	enum sheet_kind kind;
	bool different;
};

static int
list_row(void *arg, const struct diff_event *event, struct err *err)
{
	struct listing *listing;

	listing = arg;
	listing->different = true;
	return diff_changes_add(listing->changes, listing->kind, event, err);
}

/* In the form of a run's changes.csv, which needs no numbers first. */
static int
list_changes(
    struct compare_package packages[2], bool *different, struct err *err)
{
	struct compare_schools schools;
	struct listing listing = { 0 };
	const struct diff_sink sink = { &listing, list_row };
	size_t i;
	int rc;

	rc = compare_schools_open(&schools, packages, err);
	if (rc == 0)
		listing.changes = diff_changes_new(
		    schools.owners, print_bytes, NULL);
	for (i = 0; i < SHEETS && rc == 0; i++) {
		listing.kind = sheets_in_order[i];
		rc = diff_sheets(&sheets[listing.kind],
		    &packages[0].sheets[listing.kind],
		    &packages[1].sheets[listing.kind], &sink, NULL, err);
	}
	if (rc == 0)
		rc = diff_changes_end(listing.changes, err);
	*different = listing.different;
	diff_changes_free(listing.changes);
	compare_schools_close(&schools);
	return rc;
}

static int
compare_opened(const struct compare_options *options,
    const struct compare_found found[2], struct compare_package packages[2],
    struct err *err)
{
	const char *const labels[2] = { found[0].label, found[1].label };
	struct compare_result result;
	bool different;
	int rc;

	if (options->form == COMPARE_CSV && !options->quiet) {
		rc = list_changes(packages, &different, err);
	} else {
		rc = compare_result_make(
		    &result, labels, packages, options->all, err);
		different = result.different;
		if (rc == 0 && !options->quiet)
			rc = show(options, &result, err);
		compare_result_free(&result);
	}
	if (rc != 0 && err->code != EXIT_DONE)
		return (int)err->code;
	return options->exit_code && different ? EXIT_DIFFERENT : EXIT_DONE;
}

int
compare_packages(const struct compare_options *options, struct err *err)
{
	struct compare_package packages[2] = { { 0 }, { 0 } };
	struct compare_found found[2];
	int code;

	if (compare_find(options, found, err) == 0 &&
	    compare_package_open(&packages[0], found[0].path, err) == 0 &&
	    compare_package_open(&packages[1], found[1].path, err) == 0)
		code = compare_opened(options, found, packages, err);
	else
		code = (int)err->code;
	compare_package_close(&packages[0]);
	compare_package_close(&packages[1]);
	compare_find_free(found);
	return code;
}
