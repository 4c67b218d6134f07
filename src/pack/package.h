#ifndef PACK_PACKAGE_H
#define PACK_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "pack/rundir.h"

/* One finished file of a run folder. */
struct package_file {
	char *name;			/* in the run folder: csv/users.csv */
	uint64_t bytes;
	char sha256[HASH_HEX_SIZE];
};

/*
 * The files of one run: written one after the other into the stage folder,
 * and some of them into the zip as well. Without a run folder (dry run) all
 * bytes are dropped.
 */
struct package;

/*
 * Starts the package; dir is NULL in a dry run and must outlive it. level is
 * zlib's 1 to 9, jobs the number of threads that compress. NULL on failure.
 */
struct package *package_new(struct rundir *dir, int level, unsigned jobs,
    struct err *err);
void package_free(struct package *package);

/* Begins a file; in_zip: it goes into the zip under its last name. */
int package_begin(struct package *package, const char *name, bool in_zip,
    struct err *err);
int package_write(struct package *package, const void *bytes, size_t len,
    struct err *err);
int package_end(struct package *package, struct err *err);

/*
 * Closes the zip and names it PREFIX-ID-HASH.zip, HASH being the first eight
 * digits of its SHA-256. 0 or -1.
 */
int package_close_zip(struct package *package, const char *prefix,
    struct err *err);

/* The files so far, the zip last; they stay the package's. */
const struct package_file *package_files(const struct package *package,
    size_t *count);

/* The zip's name in the run folder, NULL while there is none. */
const char *package_zip_name(const struct package *package);

#endif
