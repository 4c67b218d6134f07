#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "grades/canvas_field.h"

#define DIGITS "0123456789"
#define DATE_TEXT_LEN 10 /* YYYY-MM-DD */

const char *
canvas_field_text(const struct json *object, const char *key)
{
	const struct json *value;
	const char *text;

	value = json_get(object, key);
	text = json_text(value);
	return text != NULL ? text : json_digits(value);
}

const char *
canvas_field_keep(
    struct course *course, const struct json *object, const char *key)
{
	const char *text;

	text = canvas_field_text(object, key);
	return text == NULL ? "" : course_keep(course, text, strlen(text));
}

const char *
canvas_field_id(const struct json *object, const char *key, const char *what,
    struct err *err)
{
	const char *id;

	id = canvas_field_text(object, key);
	if (id == NULL || id[0] == '\0') {
		err_set(err, EXIT_SOURCE,
		    "%s has no \"%s\" in Canvas's answer; nothing was"
		    " published",
		    what, key);
		return NULL;
	}
	return id;
}

/* Reads a time; parts of a second, which some answers have, do not count. */
static int
parse_time(const char *text, int64_t *seconds)
{
	char whole[UTC_TEXT_SIZE + 8]; /* an offset in place of Z */
	size_t len, fraction;
	int n;

	/* A date alone would be a guess at its time of day. */
	len = strcspn(text, ".");
	if (len <= DATE_TEXT_LEN || len >= sizeof(whole))
		return -1;
	fraction = text[len] == '.' ? 1 + strspn(text + len + 1, DIGITS) : 0;
	if (fraction == 1)
		return -1;
	n = snprintf(whole, sizeof(whole), "%.*s%s", (int)len, text,
	    text + len + fraction);
	if (n < 0 || (size_t)n >= sizeof(whole))
		return -1;
	return clock_parse(whole, seconds);
}

int
canvas_field_time(const struct json *object, const char *key, const char *what,
    int64_t *seconds, struct err *err)
{
	const struct json *value;
	const char *text;

	*seconds = 0;
	value = json_get(object, key);
	text = json_text(value);
	if (json_kind(value) == JSON_NOTHING || json_kind(value) == JSON_NULL ||
	    (text != NULL && text[0] == '\0'))
		return 0;
	if (text != NULL && parse_time(text, seconds) == 0)
		return 0;
	return err_set(err, EXIT_SOURCE,
	    "%s: \"%s\" in Canvas's answer is no time; nothing was published",
	    what, key);
}

enum course_answer
canvas_field_answer(const struct json *object, const char *key)
{
	const struct json *value;

	value = json_get(object, key);
	if (json_kind(value) != JSON_YESNO)
		return COURSE_UNKNOWN;
	return json_is_yes(value) ? COURSE_YES : COURSE_NO;
}

bool
canvas_field_yes(const struct json *object, const char *key)
{
	return json_is_yes(json_get(object, key));
}

bool
canvas_field_is(const struct json *object, const char *key, const char *text)
{
	const char *value;

	value = json_text(json_get(object, key));
	return value != NULL && strcmp(value, text) == 0;
}
