#ifndef COMPARE_PACKAGE_H
#define COMPARE_PACKAGE_H

#include "canvas/diff_side.h"
#include "pack/unpack.h"

/* A package that is compared: its CSVs by what their headers make them. */
struct compare_package {
	const char *path;
	struct unpack *unpack;
	struct unpack_bytes *bytes; /* of each CSV */
	char **names;		    /* as errors name it */
	size_t count;
	struct diff_file *files;	  /* by kind, then in path order */
	struct diff_input sheets[SHEETS]; /* by enum sheet_kind */
	size_t *unknown, nunknown;	  /* CSVs that are no Canvas sheet */
};

/*
 * Maps all CSVs of a package; path must outlive it. 0, or -1 with EXIT_SOURCE
 * or EXIT_IO; compare_package_close() in both cases.
 */
int compare_package_open(
    struct compare_package *package, const char *path, struct err *err);
void compare_package_close(struct compare_package *package);

#endif
