#ifndef GRADES_OUT_H
#define GRADES_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "pack/rundir.h"

/*
 * The folder of one export while it is written: lists that grow side by side
 * and score files, as many as there are. In a dry run nothing is written.
 */

enum grades_list {
	GRADES_LIST_ASSIGNMENTS,
	GRADES_LIST_STATUS,
	GRADES_LIST_FINDINGS,
	GRADES_LIST_FILES,
	GRADES_LIST_HTML,
	GRADES_LIST_TEXT,
	GRADES_LISTS
};

extern const char *const grades_list_names[GRADES_LISTS];

struct grades_out {
	struct rundir *dir; /* NULL: a dry run */
	struct grades_out_list {
		int fd;
		struct buf waiting; /* to be written */
		struct hash *hash;
		uint64_t bytes;
		char sha256[HASH_HEX_SIZE]; /* once it is ended */
	} lists[GRADES_LISTS];
};

/* Makes the lists; dir outlives out. grades_out_free() in both cases. */
int grades_out_begin(
    struct grades_out *out, struct rundir *dir, struct err *err);
void grades_out_free(struct grades_out *out);

/* Where to add to a list; grades_out_flush() writes when there is much. */
struct buf *grades_out_list(struct grades_out *out, enum grades_list list);
int grades_out_flush(struct grades_out *out, struct err *err);

/* Ends all lists; their sizes and hashes stay. */
int grades_out_end(struct grades_out *out, struct err *err);

/* Writes a whole file, which may have a folder in front; hex is its hash. */
int grades_out_file(struct grades_out *out, const char *name,
    const struct buf *bytes, struct err *err);

/* The SHA-256 of bytes. */
void grades_out_hash(const struct buf *bytes, char hex[HASH_HEX_SIZE]);

#endif
