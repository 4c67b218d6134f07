#ifndef SOURCE_ONEROSTER_MANIFEST_H
#define SOURCE_ONEROSTER_MANIFEST_H

#include "roster/roster.h"
#include "source/oneroster_set.h"

/*
 * Compares what manifest.csv says, whose rows are in files, with what is
 * there (reference: powerschool 7.3). 0, or -1 with EXIT_SOURCE: another
 * version than 1.1, a delta export, a file that is bulk but not there or
 * there but absent, or a file that is needed and not bulk.
 */
int oneroster_manifest_check(const struct roster *files,
    const struct oneroster_set *set, struct err *err);

#endif
