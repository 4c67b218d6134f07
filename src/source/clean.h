#ifndef SOURCE_CLEAN_H
#define SOURCE_CLEAN_H

#include <stddef.h>

/* What clean_cell() had to do. */
enum {
	CLEAN_ENTITY = 1, /* a reference was decoded */
	CLEAN_CONTROL = 2
}; /* characters outside XML 1.0 were cut */

/*
 * Cleans a cell of valid UTF-8 in place and returns its new length, which is
 * never more than len (mapping 1, 7): references are decoded once, then
 * characters outside XML 1.0 are cut, then ASCII white space is trimmed at
 * both ends, and a cell of Unicode blanks alone becomes empty. Adds to
 * *flags.
 */
size_t clean_cell(char *bytes, size_t len, unsigned *flags);

#endif
