#ifndef BASE_ENTITY_H
#define BASE_ENTITY_H

#include <stddef.h>
#include <stdint.h>

/*
 * The characters that references of XML and HTML stand for; 0 when there is
 * none. name is what stands between & and ;.
 */

/* The five names of XML and those of HTML 4 for U+00A0 to U+00FF. */
uint32_t entity_named_latin1(const char *name, size_t len);

/* All names of HTML 4, and those of HTML 5 that editors write. */
uint32_t entity_named(const char *name, size_t len);

/* Of a number: the digits behind &#, or an x and hexadecimal digits. */
uint32_t entity_numbered(const char *text, size_t len);

#endif
