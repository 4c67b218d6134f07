#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A JSON document to be written. Keys stay in the order in which they were
 * first set; setting a key again replaces its value. Text and keys are
 * copied; a byte of theirs that is not UTF-8 becomes U+FFFD. Not for several
 * threads at once.
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
 * give equal bytes. The caller frees it.
 */
char *json_print(const struct json *json);

/* The library and its version. */
const char *json_library(void);

#endif
