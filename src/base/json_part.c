#include <string.h>

#include "base/json_part.h"

/* Is that the byte behind a number or a word? */
static bool
ends_word(char c)
{
	return c != '\0' && strchr(" \t\r\n,]}[{\":", c) != NULL;
}

/* Passes one byte of the value; true when it ends behind it. */
static bool
ends_with(struct json_part *part, char c)
{
	if (part->escaping) {
		part->escaping = false;
	} else if (part->in_text) {
		part->escaping = c == '\\';
		part->in_text = c != '"';
		return c == '"' && part->open == 0;
	} else if (c == '"') {
		part->in_text = true;
	} else if (c == '{' || c == '[') {
		part->open++;
	} else if (c == '}' || c == ']') {
		return --part->open == 0;
	}
	return false;
}

size_t
json_part_pass(struct json_part *part, const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len && !part->ended; i++) {
		if (part->begun && part->open == 0 && !part->in_text &&
		    ends_word(bytes[i])) {
			part->ended = true;
			return i;
		}
		part->begun = true;
		part->ended = ends_with(part, bytes[i]);
	}
	return i;
}
