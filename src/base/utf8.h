#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * UTF-8 (RFC 3629) and the Unicode properties that Canvas asks for, by
 * utf8proc. Only utf8_valid() and utf8_fold() take bytes that may be wrong; the
 * others want valid UTF-8.
 */

/* Room for a change of case: bytes out for each byte in, at most. */
#define UTF8_CASE_GROWTH 3

/* Offset of the first byte that is not valid UTF-8; len when all is well. */
size_t utf8_valid(const char *bytes, size_t len);

/* How many characters (code points) there are. */
size_t utf8_length(const char *bytes, size_t len);

/* The first character of len > 0 bytes; returns its number of bytes. */
size_t utf8_decode(const char *bytes, size_t len, uint32_t *cp);

/* Writes a character that may stand in UTF-8; returns its 1 to 4 bytes. */
size_t utf8_encode(uint32_t cp, char out[4]);

/*
 * Lower or upper case, character by character (Unicode simple case mapping;
 * U+0130 alone becomes two, as in full mapping). out has room for len times
 * UTF8_CASE_GROWTH bytes. Returns the bytes written.
 */
size_t utf8_lower(const char *bytes, size_t len, char *out);
size_t utf8_upper(const char *bytes, size_t len, char *out);

/*
 * A form that is the same for texts which differ in case alone, or in how an
 * accent is spelled (caseless, NFC); bytes that are not valid stay as they
 * are. The caller frees it.
 */
char *utf8_fold(const char *bytes, size_t len);

/* How many UTF-16 units there are, which is how JavaScript and Java count. */
size_t utf8_units(const char *bytes, size_t len);

/* Has the Unicode property White_Space. */
bool utf8_is_blank(uint32_t cp);

/* In one of the categories L*: a letter of any script. */
bool utf8_is_letter(uint32_t cp);

/* In none of the categories Cc, Cs, Cn, Zl and Zp. */
bool utf8_is_printable(uint32_t cp);

/* The library and its version. */
const char *utf8_library(void);

#endif
