#ifndef REPORT_H
#define REPORT_H

#include "base/buf.h"
#include "manifest.h"

/*
 * The report of a run for people: one page that needs no other file and runs
 * nothing, from templates/report.html (operations 9.6). redact: without the
 * names and cells of people. The bytes depend on the run alone.
 */
void report_html(const struct account_of_run *account, bool redact,
    struct buf *out);

/* The same in about forty lines of text, for an e-mail. */
void report_text(const struct account_of_run *account, struct buf *out);

/* Trend of the runs before: set by report_trend(), may be empty. */
struct report_past {
	char id[RUN_ID_SIZE];
	char verdict[16];
	uint64_t added, changed, removed, errors, warnings;
};

#endif
