#ifndef BASE_UNZIP_H
#define BASE_UNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * A zip that somebody else made: its entries, and their bytes one entry at a
 * time. Nothing of it is trusted: names, sizes and the number of entries.
 */
struct unzip;

#define UNZIP_ENTRIES_MAX 100000      /* entries of a zip */
#define UNZIP_RATIO_MAX 100	      /* bytes out for each byte of a zip */
#define UNZIP_BYTES_MAX (50ULL << 30) /* bytes out of a zip */

/* What an entry is. */
enum unzip_kind {
	UNZIP_FILE,
	UNZIP_FOLDER, /* or a name of slashes alone */
	UNZIP_LINK,   /* a symbolic link */
	UNZIP_UNSAFE  /* .. in the path, a NUL or a part that is no name */
};

struct unzip_entry {
	char *name; /* without slashes in front, unless it is unsafe */
	enum unzip_kind kind;
	bool method_known; /* stored or deflated */
	uint64_t size;	   /* bytes, as the zip says */
	uint64_t place[2]; /* in the zip, unzip's own */
};

/* Why no entry of a zip may be inflated. */
enum unzip_refusal {
	UNZIP_WELCOME,
	UNZIP_MANY,	/* more than UNZIP_ENTRIES_MAX entries */
	UNZIP_LARGE,	/* its files are larger than the limits allow */
	UNZIP_ENCRYPTED /* an entry needs a password */
};

/*
 * Opens the zip at path, which has size bytes, and lists its entries; nothing
 * is inflated. NULL with EXIT_SOURCE when it is damaged, cut short or none.
 * The caller looks at unzip_refusal() and frees it with unzip_close().
 */
struct unzip *unzip_open(const char *path, uint64_t size, struct err *err);

/* Frees it; NULL is ignored. */
void unzip_close(struct unzip *zip);

enum unzip_refusal unzip_refusal(const struct unzip *zip);

/* The entries, in the zip's order. */
const struct unzip_entry *unzip_entries(const struct unzip *zip, size_t *count);

/* Takes the next bytes of an entry; 0, or -1 with err set. */
typedef int unzip_put_fn(
    void *arg, const char *bytes, size_t len, struct err *err);

/*
 * Inflates one entry, piece by piece, and compares its CRC. -1 with
 * EXIT_SOURCE when the zip is damaged there or was refused, with an interrupt's
 * code, or with what put set.
 */
int unzip_inflate(struct unzip *zip, const struct unzip_entry *entry,
    unzip_put_fn *put, void *arg, struct err *err);

/* Whether a file looks like a zip: by its name, else by its first bytes. */
bool unzip_looks_like(const char *path, int fd);

#endif
