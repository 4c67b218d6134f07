#ifndef SOURCE_BLOCKS_H
#define SOURCE_BLOCKS_H

#include <stdint.h>

#include "base/csvio.h"
#include "source/bind.h"
#include "source/feeds.h"
#include "source/source.h"

/* One export file while it is read. */
struct input {
	char *name;
	const struct feed *feed;
	uint64_t size; /* bytes */
	struct binder binder;
	const char *encoding; /* as it turned out, set at the end */
	uint64_t rows;	      /* records behind the header */
	uint64_t converted;   /* lines that were not UTF-8 */
	int fd;
	struct csv_format format;
	char sha256[HASH_HEX_SIZE];
};

/*
 * Reads the header line: finds the separator and the encoding's mark, and
 * matches the columns. 0, or -1 with EXIT_SOURCE.
 */
int blocks_header(struct input *input, const struct source_options *options,
    const struct roster *roster, struct err *err);

/*
 * Reads all rows into the roster, block by block on options->jobs threads;
 * rows come in the file's order whatever the number of threads. 0, or -1
 * with the first fault's file:line:column.
 */
int blocks_read(struct input *input, const struct source_options *options,
    struct roster *roster, struct err *err);

/* Closes and frees what the input holds. */
void input_close(struct input *input);

#endif
