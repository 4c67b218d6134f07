#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* The folder of scratch files: $TMPDIR, else /var/tmp. */
const char *scratch_folder(void);

/*
 * Opens a file that has no name and goes with its descriptor, mode 0600, in
 * scratch_folder(). -1 with EXIT_IO.
 */
int scratch_open(struct err *err);

/*
 * Bytes that are put by and read again, in memory while they are few, else in
 * a scratch file. A zeroed spool is empty; spool_free() ends it.
 */
struct spool {
	struct buf buf; /* what is not in the file */
	int fd;		/* valid while in_file > 0 */
	uint64_t in_file;
};

int spool_add(
    struct spool *spool, const void *bytes, size_t len, struct err *err);

/* Called with the bytes, block by block; 0, or -1 with err set. */
typedef int spool_fn(void *arg, const void *bytes, size_t len, struct err *err);
int spool_each(struct spool *spool, spool_fn *fn, void *arg, struct err *err);

/* How many bytes there are. */
uint64_t spool_size(const struct spool *spool);

void spool_free(struct spool *spool);

#endif
