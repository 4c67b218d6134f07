#ifndef PACK_UNPACK_H
#define PACK_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * A package to be read: a folder, a zip or one CSV, seen as Canvas sees it
 * (canvas-sis 2). Of a folder all CSVs at any depth belong to it; of a run
 * folder (it has manifest.json and csv/) only those in csv/.
 */
struct unpack;

/* The bytes of one file, with 16 zero bytes readable behind them. */
struct unpack_bytes {
	const char *bytes; /* may be NULL while len is 0 */
	size_t len;
	void *map; /* what is mapped, unpack's own */
	size_t map_len;
};

/* Why an entry of a package is no file of it. */
enum unpack_why {
	UNPACK_HIDDEN,	   /* a name that starts with a dot */
	UNPACK_SYSTEM,	   /* __MACOSX, Desktop DB, Desktop DF */
	UNPACK_NOT_CSV,	   /* "Skipping unknown file type" */
	UNPACK_NOT_A_FILE, /* a symbolic link, a device, a pipe */
	UNPACK_UNSAFE,	   /* .. in the path, a NUL in the name */
	UNPACK_REPEATED,   /* a second entry of that name */
	UNPACK_METHOD	   /* compressed in a way that Canvas lacks */
};

struct unpack_passed {
	char *name;
	enum unpack_why why;
	bool csv; /* the name ends in .csv */
};

/* Why Canvas would refuse a zip as a whole: the limits of base/unzip.h. */
enum unpack_refusal {
	UNPACK_WELCOME,
	UNPACK_MANY,	 /* more than UNZIP_ENTRIES_MAX entries */
	UNPACK_LARGE,	 /* unpacks to more than the limits allow */
	UNPACK_ENCRYPTED /* an entry needs a password */
};

/*
 * Opens what stands at path and lists it; nothing is inflated yet. NULL with
 * EXIT_SOURCE when it is not there, no zip although it is called one, or a
 * zip that Canvas would refuse as a whole; with EXIT_IO when it cannot be
 * read. The caller frees it with unpack_close().
 */
struct unpack *unpack_open(const char *path, struct err *err);

/*
 * The same, but a zip that Canvas would refuse is listed and *refusal says
 * why; unpack_map() then does nothing but fail.
 */
struct unpack *unpack_look(
    const char *path, enum unpack_refusal *refusal, struct err *err);

/* Frees it; mappings that were not given back stay. NULL is ignored. */
void unpack_close(struct unpack *unpack);

/* How many CSVs there are, and their names in the package, in path order. */
size_t unpack_count(const struct unpack *unpack);
const char *unpack_name(const struct unpack *unpack, size_t i);

/* Whether it is a folder, and whether one that a run of this program made. */
bool unpack_is_folder(const struct unpack *unpack);
bool unpack_is_run(const struct unpack *unpack);

/* The entries that are passed over, in the order in which they were found. */
const struct unpack_passed *unpack_passed(
    const struct unpack *unpack, size_t *count);

/*
 * Maps the i-th CSV as a whole, read-only. An entry of a zip is inflated the
 * first time into an unlinked file in $TMPDIR (or /tmp). -1 with EXIT_SOURCE
 * when the zip is damaged, with EXIT_IO when the disk is full. Give it back
 * with unpack_unmap().
 */
int unpack_map(struct unpack *unpack, size_t i, struct unpack_bytes *bytes,
    struct err *err);

/* Gives a mapping back; one that is empty is ignored. */
void unpack_unmap(struct unpack_bytes *bytes);

#endif
