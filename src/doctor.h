#ifndef DOCTOR_H
#define DOCTOR_H

#include <stdbool.h>

#include "base/conf.h"
#include "base/err.h"

/* How `ps2canvas check` was called. */
struct doctor_options {
	const struct conf *conf;
	const char *conf_path;
	const char *now; /* --now, or NULL */
	bool json;
};

/*
 * Examines settings, source and output folder without changing anything and
 * prints PASS, WARN or FAIL with the fix for each. Returns EXIT_DONE,
 * EXIT_DIFFERENT after a warning, or the exit code of the first failure.
 */
int doctor_examine(const struct doctor_options *options, struct err *err);

#endif
