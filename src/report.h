#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "base/buf.h"
#include "manifest.h"

#define REPORT_PAST 10 /* runs before this one in the trend */

/* A run before this one, as its manifest tells. */
struct report_past {
	char id[RUN_ID_SIZE];
	char verdict[16];
	uint64_t added, changed, removed;
	uint64_t errors, warnings;
};

/* What the reports are made from. */
struct report {
	const struct account_of_run *account;
	struct report_past past[REPORT_PAST]; /* the oldest first */
	size_t npast;
	bool redact; /* no cell of a row is shown */
};

/* Reads the runs before this one in the folder out; none is no failure. */
void report_read_past(struct report *report, const char *out);

/*
 * Adds the report of a run for people: one page that loads nothing and runs
 * nothing, from templates/report.html (operations 9.6). Equal runs give equal
 * bytes.
 */
void report_html(const struct report *report, struct buf *out);

/* The same in about forty lines of text, for an e-mail. */
void report_text(const struct report *report, struct buf *out);

#endif
