#ifndef GRADES_MANIFEST_H
#define GRADES_MANIFEST_H

#include <stdio.h>

#include "base/json.h"
#include "canvas2pt/grades.h"

/*
 * The manifest of an export as a JSON document that the caller frees: ids,
 * counts and hashes only. Its score files stand in files.csv, whose hash it
 * has.
 */
struct json *grades_manifest_make(const struct grades_account *account);

/* The same for people; path is the export's folder, NULL in a dry run. */
void grades_manifest_summary(
    const struct grades_account *account, const char *path, FILE *out);

#endif
