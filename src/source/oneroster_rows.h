#ifndef SOURCE_ONEROSTER_ROWS_H
#define SOURCE_ONEROSTER_ROWS_H

#include "roster/roster.h"
#include "source/source.h"

/*
 * Makes rows of PowerSchool's tables of the rows of OneRoster files, as
 * oneroster_tables.c says. report has the files in the order of enum
 * oneroster_table and gets what was skipped. 0, or -1 with EXIT_SOURCE: a
 * sourcedId of an org or a course that two rows claim, a session of no year,
 * or a table that gets no row at all.
 */
int oneroster_rows_translate(struct roster *files,
    const struct source_options *options, struct roster *roster,
    struct source_report *report, struct err *err);

#endif
