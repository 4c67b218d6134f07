#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

#define JSON_SCAN_BOM "\xEF\xBB\xBF"
#define JSON_SCAN_MARK '\xFF' /* no byte of any UTF-8 */

/*
 * Bytes on their way to cJSON. It would let pass much that is no JSON, and it
 * rounds numbers to doubles; so the bytes are looked over here first, and each
 * number becomes a text that starts with JSON_SCAN_MARK, which no text of
 * theirs can do. Adds to out what cJSON is to read, which has the same lines.
 * Returns 0, or -1 with origin->code.
 */
int json_scan(const char *bytes, size_t len, const struct json_place *place,
    const struct json_origin *origin, struct buf *out, struct err *err);

/* How many line ends there are. */
size_t json_scan_lines(const char *bytes, size_t len);

/* Reasons that are found in more than one place. */
#define JSON_SCAN_BEHIND "something stands behind its end"
#define JSON_SCAN_CONTROL "a control character"
#define JSON_SCAN_EMPTY "nothing is there"
#define JSON_SCAN_MARKED "a byte order mark in front"
#define JSON_SCAN_MISPLACED "something is missing or stands where it may not"
#define JSON_SCAN_NOT_UTF8 "bytes that are not UTF-8"
#define JSON_SCAN_NUL "a NUL"
#define JSON_SCAN_TWICE "an object that has a key twice"

/* Refuses what stands in that line, from 1, and says why; -1. */
int json_scan_refuse(const struct json_origin *origin, size_t line,
    const char *why, struct err *err);

#endif
