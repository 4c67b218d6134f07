#ifndef GRADES_CHECK_H
#define GRADES_CHECK_H

#include <stdbool.h>

#include "base/conf.h"
#include "base/err.h"

/* How `canvas2pt check` was called. */
struct grades_check_options {
	const struct conf *conf;
	const char *conf_path;
	const char *now;       /* --now, or NULL */
	const char *crosswalk; /* the file, or NULL */
	bool json;
};

/*
 * Examines settings, crosswalk, the way to Canvas and the output folder, and
 * changes nothing. Returns as exam_run() does.
 */
int grades_check(const struct grades_check_options *options, struct err *err);

#endif
