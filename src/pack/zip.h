#ifndef PACK_ZIP_H
#define PACK_ZIP_H

#include <stddef.h>

#include "base/err.h"

/*
 * A zip that is written front to back and whose bytes depend on nothing but
 * the entries' names, their bytes and the level: not on the number of
 * threads, the clock or the host (operations 6).
 */
struct zip;

/*
 * Creates the zip as a new file, mode 0600, in the folder dirfd. level is
 * zlib's 1 to 9; jobs threads compress, with 1 the caller does it. NULL with
 * EXIT_IO.
 */
struct zip *zip_create(
    int dirfd, const char *name, int level, unsigned jobs, struct err *err);

/*
 * Begins an entry, adds bytes to it as often as needed, ends it; names are
 * ASCII. -1 with EXIT_IO when the disk is full or the entry has 4 GiB.
 */
int zip_entry_begin(struct zip *zip, const char *name, struct err *err);
int zip_add(struct zip *zip, const void *bytes, size_t len, struct err *err);
int zip_entry_end(struct zip *zip, struct err *err);

/* Writes the directory, makes all of it durable and frees the zip. */
int zip_close(struct zip *zip, struct err *err);

/* Frees a zip that is not wanted; the file stays as it is. NULL is ignored. */
void zip_abandon(struct zip *zip);

/* The library and its version. */
const char *zip_library(void);

#endif
