#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/lint.h"
#include "canvas/lint_sink.h"

struct lint_sink {
	struct emit_sink own;
	const struct emit_sink *to;
	struct lint *lint;
	bool sheet;	 /* the file at hand is one of Canvas */
	char first[512]; /* the first error */
};

static void
keep_first_error(void *arg, const struct lint_finding *finding)
{
	struct lint_sink *sink;

	sink = arg;
	if (finding->severity != SEVERITY_ERROR || sink->first[0] != '\0')
		return;
	snprintf(sink->first, sizeof(sink->first), "%s:%u:%zu: %s %s",
	    finding->file, finding->line, finding->column,
	    lint_rules[finding->rule].code, finding->message);
}

static bool
is_sheet(const char *file)
{
	const struct sheet *sheet;

	for (sheet = sheets; sheet->file != NULL; sheet++) {
		if (strcmp(sheet->file, file) == 0)
			return true;
	}
	return false;
}

static int
begin(void *arg, const char *file, bool empty, struct err *err)
{
	struct lint_sink *sink;

	sink = arg;
	sink->sheet = is_sheet(file);
	if (sink->sheet)
		lint_file_begin(sink->lint, file);
	return sink->to->begin(sink->to->arg, file, empty, err);
}

static int
write_bytes(void *arg, const void *bytes, size_t len, struct err *err)
{
	struct lint_sink *sink;

	sink = arg;
	if (sink->sheet)
		lint_block(sink->lint, bytes, len);
	return sink->to->write(sink->to->arg, bytes, len, err);
}

static int
end(void *arg, struct err *err)
{
	struct lint_sink *sink;

	sink = arg;
	if (sink->sheet)
		lint_file_end(sink->lint);
	return sink->to->end(sink->to->arg, err);
}

struct lint_sink *
lint_sink_begin(
    const struct emit_sink *to, const char *const *roles, size_t nroles)
{
	const struct lint_options options = { .complete = true,
		.no_rows_is_fine = true,
		.kinds_once = true,
		.shown = 1,
		.roles = roles,
		.nroles = nroles };
	struct lint_sink *sink;

	sink = mem_zalloc(1, sizeof(*sink));
	sink->own = (struct emit_sink){ sink, begin, write_bytes, end };
	sink->to = to;
	sink->lint = lint_begin(&options, keep_first_error, sink);
	return sink;
}

void
lint_sink_expect(struct lint_sink *sink, enum sheet_kind kind, size_t rows)
{
	lint_expect(sink->lint, kind, rows);
}

const struct emit_sink *
lint_sink_get(const struct lint_sink *sink)
{
	return &sink->own;
}

int
lint_sink_end(struct lint_sink *sink, struct err *err)
{
	struct lint_totals totals;
	int rc;

	if (sink == NULL)
		return 0;
	lint_end(sink->lint, &totals);
	rc = 0;
	if (totals.by_severity[SEVERITY_ERROR] > 0) {
		err_set(err, EXIT_INVALID,
		    "Canvas would reject lines of this"
		    " package (%llu errors, the first: %s); nothing was"
		    " published",
		    (unsigned long long)totals.by_severity[SEVERITY_ERROR],
		    sink->first);
		rc = err_hint(err,
		    "Mend the row or the setting that it comes"
		    " from and run again; the last published run is"
		    " untouched.");
	}
	free(sink);
	return rc;
}
