#ifndef GRADES_CANVAS_FIELD_H
#define GRADES_CANVAS_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "grades/course.h"

/* Members of the objects that the Canvas API gives (grades B2). */

/* A text, or the digits of a number; NULL for null, absent and others. */
const char *canvas_field_text(const struct json *object, const char *key);

/* The same, kept as long as the course; "" for what is not there. */
const char *canvas_field_keep(
    struct course *course, const struct json *object, const char *key);

/* The id under a key, as text; NULL with EXIT_SOURCE when there is none, and
 * what says whose it would have been. */
const char *canvas_field_id(const struct json *object, const char *key,
    const char *what, struct err *err);

/* A time as UTC seconds, 0 for null and absent; -1 with EXIT_SOURCE when it
 * is none. */
int canvas_field_time(const struct json *object, const char *key,
    const char *what, int64_t *seconds, struct err *err);

/* true, false, or neither. */
enum course_answer canvas_field_answer(
    const struct json *object, const char *key);

/* Whether it is true. */
bool canvas_field_yes(const struct json *object, const char *key);

/* Whether the text under the key is that one. */
bool canvas_field_is(
    const struct json *object, const char *key, const char *text);

#endif
