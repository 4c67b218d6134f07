#ifndef PLUGIN_H
#define PLUGIN_H

#include <stdbool.h>

#include "base/err.h"

/* How `ps2canvas plugin` was called. */
struct plugin_options {
	/* Parts that a district does not want; ends with NULL; may be NULL. */
	const char *const *without;
	bool quiet; /* print nothing */
};

/*
 * Writes the PowerSchool plugin (templates/plugin) as a zip, mode 0600, and
 * prints its SHA-256 and what to do next. The bytes depend on the parts
 * alone. A file of that name is replaced in one step, after the new one is
 * whole; anything else of that name is left alone. EXIT_DONE, or EXIT_USAGE
 * for a part that is none or a path that is no file's, EXIT_IO when the zip
 * cannot be written. (powerschool 3.4)
 */
int plugin_write(
    const char *path, const struct plugin_options *options, struct err *err);

#endif
