#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define JSON_DEPTH_MAX 64	/* lists and objects in each other */
#define JSON_VALUES_MAX 2000000 /* values of a document that is read */

/*
 * A JSON document, or a part of one. One that is written here keeps its keys
 * in the order in which they were first set; setting a key again replaces its
 * value. Text and keys are copied; a byte of theirs that is not UTF-8 becomes
 * U+FFFD. Not for several threads at once.
 */
struct json;

struct json *json_object(void);
struct json *json_array(void);

/* Frees a document and all that was put into it; NULL is ignored. */
void json_free(struct json *json);

void json_set_text(struct json *object, const char *key, const char *text);
void json_set_number(struct json *object, const char *key, uint64_t number);
void json_set_yes(struct json *object, const char *key, bool yes);
void json_set_null(struct json *object, const char *key);

/* Puts child into object, which frees it from now on. */
void json_set(struct json *object, const char *key, struct json *child);

/* Puts child at the end of array, which frees it from now on. */
void json_append(struct json *array, struct json *child);
void json_append_text(struct json *array, const char *text);

/*
 * The document as indented text that ends with a newline; equal documents
 * give equal bytes, and so does one that was printed, read and printed again.
 * The caller frees it.
 */
char *json_print(const struct json *json);

/* A copy of a document or of a part of one; the caller frees it. */
struct json *json_copy(const struct json *json);

/* Whose bytes are read, and what they may be. */
struct json_origin {
	const char *name; /* as errors name it: a file, a host */
	size_t max_bytes;
	enum exit_code code; /* of the failure when they are refused */
};

/*
 * Reads one document, the only door for JSON from outside (operations 5).
 * Refused with name:line and the reason, never with what stands there: more
 * than max_bytes, JSON_DEPTH_MAX or JSON_VALUES_MAX, a byte order mark, bytes
 * that are not UTF-8, NUL or \u0000, a control character that is not escaped,
 * a number that JSON does not know (007, 1., NaN), a key that an object has
 * twice, anything behind the document, and whatever else is no JSON. Numbers
 * keep every digit as it was written. The caller frees the result; NULL with
 * origin->code.
 */
struct json *json_parse(const char *bytes, size_t len,
    const struct json_origin *origin, struct err *err);

/* Where a part of a document stands in it. */
struct json_place {
	size_t line;  /* of its first byte, from 1 */
	size_t depth; /* lists and objects around it */
};

/*
 * Like json_parse(), for one value of a larger document: lines and depth are
 * those of the document, max_bytes and JSON_VALUES_MAX those of the value.
 */
struct json *json_parse_part(const char *bytes, size_t len,
    const struct json_place *place, const struct json_origin *origin,
    struct err *err);

enum json_kind {
	JSON_NOTHING, /* not there: the kind of NULL */
	JSON_NULL,
	JSON_YESNO,
	JSON_NUMBER,
	JSON_TEXT,
	JSON_LIST,
	JSON_OBJECT
};

/*
 * The functions below take any part of a document and NULL, which is what
 * they return for a part that is not there; so a look-up can be passed on
 * without a question: json_text(json_get(json_get(run, "guard"), "verdict")).
 * What they return belongs to the document.
 */
enum json_kind json_kind(const struct json *json);

/* The member of an object with that key, in exactly that spelling. */
const struct json *json_get(const struct json *object, const char *key);

/* The first item of a list or member of an object, and the one behind. */
const struct json *json_first(const struct json *json);
const struct json *json_next(const struct json *item);
size_t json_count(const struct json *json);

/* The key of an object's member, "" else. */
const char *json_key(const struct json *member);

/* The text; NULL when it is not a text. */
const char *json_text(const struct json *json);

/*
 * A whole number as it was written, without point and exponent; false, and
 * *number untouched, when it is something else or out of range.
 */
bool json_integer(const struct json *json, int64_t *number);
bool json_unsigned(const struct json *json, uint64_t *number);

/* Any number, as near as a double comes; false when it is infinite there. */
bool json_double(const struct json *json, double *number);

/* The number as it was written: 87.50; NULL when it is not a number. */
const char *json_digits(const struct json *json);

/* Is it true? False, and anything else, is not. */
bool json_is_yes(const struct json *json);

/* The library and its version. */
const char *json_library(void);

#endif
