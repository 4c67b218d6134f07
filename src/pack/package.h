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
	char *name; /* in the run folder: csv/users.csv */
	uint64_t bytes;
	char sha256[HASH_HEX_SIZE];
	int fd; /* open for package_map(), or -1 */
};

/*
 * The files of one run, written one after the other into the stage folder,
 * and its zips. Without a run folder (dry run) files are scratch files and no
 * zip is made.
 */
struct package;

/*
 * Starts the package; dir is NULL in a dry run and must outlive it. level is
 * zlib's 1 to 9, jobs the number of threads that compress.
 */
struct package *package_new(struct rundir *dir, int level, unsigned jobs);
void package_free(struct package *package);

/*
 * Begins a file. in_zip: it goes into the open zip too, under its last name.
 * keep: it can be mapped afterwards.
 */
int package_begin(struct package *package, const char *name, bool in_zip,
    bool keep, struct err *err);
int package_write(
    struct package *package, const void *bytes, size_t len, struct err *err);
int package_end(struct package *package, struct err *err);

/*
 * A kept file as a read-only mapping that package_free() ends; *bytes is NULL
 * when the file is empty.
 */
int package_map(struct package *package, const char *name, const char **bytes,
    size_t *len, struct err *err);

/* Begins a zip; there is one at a time. */
int package_zip_begin(struct package *package, struct err *err);

/* An entry that is no file of the folder. */
int package_entry_begin(
    struct package *package, const char *name, struct err *err);
int package_entry_add(
    struct package *package, const void *bytes, size_t len, struct err *err);
int package_entry_end(struct package *package, struct err *err);

/*
 * Ends the zip and names it PREFIX-ID-HASH.zip, HASH being the first eight
 * digits of its SHA-256.
 */
int package_zip_end(
    struct package *package, const char *prefix, struct err *err);

/* The files so far; they stay the package's. */
const struct package_file *package_files(
    const struct package *package, size_t *count);

/* The first file whose name begins so, NULL when there is none. */
const struct package_file *package_find(
    const struct package *package, const char *prefix);

#endif
