#ifndef GRADES_GRADEBOOK_FILE_H
#define GRADES_GRADEBOOK_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/csvio.h"
#include "base/err.h"

/* The bytes of a small CSV in memory, and how they are written. */
struct gradebook_file {
	const char *name; /* for messages */
	char *bytes;	  /* behind a byte order mark */
	size_t len;
	struct csv_format format;
};

/*
 * Reads a whole file of up to max bytes into an empty buf, with 16 bytes
 * readable behind it. 0, or -1 with EXIT_SOURCE.
 */
int gradebook_file_load(
    const char *path, size_t max, struct buf *buf, struct err *err);

/* Is a header of these cells one that the caller reads? */
typedef bool gradebook_file_fits_fn(
    const struct csv_cell *cells, size_t ncells);

/*
 * Passes over a byte order mark and finds the separator: the one of , ; and
 * tab with which the header fits. 0, or -1 with EXIT_SOURCE when the bytes
 * are not UTF-8, or when the header fits with none: the message says what the
 * file seems to be, or that a header of what is wanted.
 */
int gradebook_file_open(struct gradebook_file *file, const char *name,
    char *bytes, size_t len, gradebook_file_fits_fn *fits, const char *wanted,
    struct err *err);

/*
 * Hands on every record. -1 with EXIT_SOURCE and file:line:column when
 * quotes or bytes are broken; when record ends it, it has said why.
 */
int gradebook_file_records(const struct gradebook_file *file,
    csv_record_fn *record, void *arg, struct err *err);

/*
 * The byte, from 1, at which a cell starts in its line (cell from 0; both as
 * the record function was given them).
 */
size_t gradebook_file_column(
    const struct gradebook_file *file, uint32_t line, size_t cell);

#endif
