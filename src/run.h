#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"

/* How `ps2canvas run` was called. */
struct run_options {
	const struct conf *conf;
	const char *conf_path;
	const char *now; /* --now, or NULL: the clock */
	unsigned jobs;	 /* threads */
	bool dry_run;	 /* -n: write nothing */
	bool json;	 /* the result is the manifest */
	bool quiet;
	bool strict;	  /* findings make the exit code 1 */
	bool redact;	  /* no names in report.html */
	const char *save; /* --save: folder for what was read, or NULL */
};

/*
 * Runs the pipeline: PowerSchool tables in, a published run folder out, the
 * result on stdout. Returns the exit code, with err set when it is not 0 or
 * 1 (architecture 1 to 3).
 */
int run_pipeline(const struct run_options *options, struct err *err);

#endif
