#ifndef SOURCE_POWERSCHOOL_H
#define SOURCE_POWERSCHOOL_H

#include "source/source.h"

/*
 * Reads a district's tables from its PowerSchool server over HTTPS, each by
 * the first of [source] ways that gives it; see source_pull(). place is not
 * used: the whole url is.
 */
int powerschool_pull(const char *place, const struct source_options *options,
    struct roster *roster, struct source_report *report, struct err *err);

#endif
