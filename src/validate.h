#ifndef VALIDATE_H
#define VALIDATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* How `ps2canvas validate` was called. */
struct validate_options {
	bool json;     /* the result is one JSON document */
	bool quiet;    /* errors only, and no totals */
	bool all;      /* every finding, not the first of each rule */
	bool complete; /* the package is all that Canvas will hold */
	const char *const *roles; /* custom roles that Canvas knows */
	size_t nroles;
};

/*
 * Checks a folder, a zip or one CSV of Canvas SIS files by the importer's
 * rules (canvas-sis 2 to 5) and prints what it found on stdout. Returns 0
 * when all is well, EXIT_DIFFERENT with warnings, EXIT_INVALID with errors;
 * with err set, EXIT_SOURCE or EXIT_IO when path cannot be read, and nothing
 * is printed.
 */
int validate_package(
    const char *path, const struct validate_options *options, struct err *err);

#endif
