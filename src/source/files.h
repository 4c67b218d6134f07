#ifndef SOURCE_FILES_H
#define SOURCE_FILES_H

#include "source/source.h"

/* Reads the table exports of a folder (mapping 1 and 7); see source_pull(). */
int files_pull(const char *dir, const struct source_options *options,
    struct roster *roster, struct source_report *report, struct err *err);

#endif
