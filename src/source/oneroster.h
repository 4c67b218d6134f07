#ifndef SOURCE_ONEROSTER_H
#define SOURCE_ONEROSTER_H

#include "source/source.h"

/*
 * Reads a OneRoster 1.1 CSV export, a folder or a zip, as if it were table
 * exports; oneroster_tables.c says what fills what. See source_pull().
 */
int oneroster_pull(const char *place, const struct source_options *options,
    struct roster *roster, struct source_report *report, struct err *err);

#endif
