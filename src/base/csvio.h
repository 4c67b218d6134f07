#ifndef BASE_CSVIO_H
#define BASE_CSVIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Records of delimited text, block by block. Reading follows RFC 4180 as
 * libcsv's strict mode enforces it; LF, CRLF and CR all end a line, empty
 * lines are passed over, blanks around a cell are kept.
 */

#define CSV_FIELD_MAX ((size_t)1 << 20) /* bytes of one field */

struct csv_format {
	char separator;	 /* ',' or '\t' */
	bool quotes;	 /* '"' encloses a field; else it is ordinary */
	bool plain_path; /* false: every record goes through libcsv */
};

/* One cell of a record; the reader of a record may change it in place. */
struct csv_cell {
	char *bytes;
	size_t len;
};

/*
 * One record. line counts the physical lines of the block from 0 and names
 * the line that the record starts on. Returns 0, or -1 to stop.
 */
typedef int csv_record_fn(
    void *arg, struct csv_cell *cells, size_t ncells, uint32_t line);

enum csv_fault {
	CSV_FAULT_NONE,
	CSV_FAULT_NUL,	       /* a NUL byte */
	CSV_FAULT_STRAY_QUOTE, /* a quote inside a field, text behind one */
	CSV_FAULT_OPEN_QUOTE,  /* the block ends inside quotes */
	CSV_FAULT_LONG_FIELD,  /* a field of more than CSV_FIELD_MAX bytes */
	CSV_FAULT_STOPPED      /* the record function returned -1 */
};

/* Where and why reading a block ended early. */
struct csv_problem {
	enum csv_fault fault;
	uint32_t line; /* physical line in the block, from 0 */
	size_t column; /* byte in that line, from 1 */
};

/*
 * How many bytes at the start of a block are whole records, line ends
 * included; 0 when no record ends here. at_end says that nothing follows.
 */
size_t csv_whole_records(const struct csv_format *format, const char *bytes,
    size_t len, bool at_end);

/*
 * Calls record for each record of a block of whole records (the bytes may be
 * changed; the block needs 16 readable bytes behind it). *lines is set to the
 * number of physical lines. Returns 0, or -1 with *problem filled.
 */
int csv_read_block(const struct csv_format *format, char *bytes, size_t len,
    csv_record_fn *record, void *arg, uint32_t *lines,
    struct csv_problem *problem);

/*
 * Writes one field in RFC 4180 form to out, quoted only where it must be;
 * out has room for 2 * len + 2 bytes. Returns the number of bytes written.
 */
size_t csv_put_field(char *out, const char *bytes, size_t len);

/* The same, behind the bytes of a buf. */
void csv_add_field(struct buf *out, const char *bytes, size_t len);

/* The library and its version. */
const char *csv_library(void);

#endif
