#ifndef ACCEPTED_H
#define ACCEPTED_H

#include "canvas/keep.h"
#include "pack/unpack.h"

#define ACCEPTED_FILES (KEEP_SHEETS + 2) /* crosswalk, released */

/* The sheets of a run that was accepted: what Canvas holds. */
struct accepted {
	struct unpack *unpacks[ACCEPTED_FILES];
	struct unpack_bytes bytes[ACCEPTED_FILES];
	struct diff_file files[ACCEPTED_FILES];
	char *names[ACCEPTED_FILES];
	struct keep_source source;
};

/*
 * Maps the CSVs of the run in folder; a sheet that is not there counts as
 * empty. 0, or -1 with EXIT_IO; accepted_close() in both cases.
 */
int accepted_open(
    struct accepted *accepted, const char *folder, struct err *err);
void accepted_close(struct accepted *accepted);

#endif
