#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>

#include "base/err.h"

enum compare_form {
	COMPARE_TEXT, /* for people */
	COMPARE_CSV,  /* as changes.csv of a run */
	COMPARE_JSON, /* one document */
	COMPARE_HTML  /* one page that needs no other file */
};

/* How `ps2canvas diff` was called. */
struct compare_options {
	const char *out; /* [output] dir, which may lack runs */
	/*
	 * What was typed: the id of a run, "accepted" or "current", or the
	 * path of a run, a folder, a zip or one CSV; NULL when it was not.
	 */
	const char *a, *b;
	enum compare_form form;
	bool all;	/* every row, not the first of each sheet */
	bool exit_code; /* EXIT_DIFFERENT when there is a difference */
	bool quiet;	/* print nothing */
};

/*
 * Prints what is different between two packages on stdout, from a to b.
 * Without b, a is compared with the accepted run; without both, the current
 * run is. The accepted run itself is compared with the one accepted before it,
 * or with the run before it. Returns EXIT_DONE or EXIT_DIFFERENT; with err
 * set, EXIT_USAGE when there is nothing to compare with, EXIT_SOURCE when a
 * package cannot be read, EXIT_IO (operations 9.3).
 */
int compare_packages(const struct compare_options *options, struct err *err);

#endif
