#ifndef COMPARE_FIND_H
#define COMPARE_FIND_H

#include "compare/compare.h"

/* One of the two packages that are compared; free both members. */
struct compare_found {
	char *path;
	char *label; /* as it is called in the output */
};

/*
 * Finds out which packages are meant: found[0] is the old one, found[1] the
 * new one. 0, or -1 with EXIT_USAGE; compare_find_free() in both cases.
 */
int compare_find(const struct compare_options *options,
    struct compare_found found[2], struct err *err);
void compare_find_free(struct compare_found found[2]);

#endif
