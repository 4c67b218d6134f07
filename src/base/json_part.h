#ifndef BASE_JSON_PART_H
#define BASE_JSON_PART_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where a value ends whose bytes come piece by piece. Brackets are counted,
 * not matched: whether it is a value at all is json_parse_part()'s to say. A
 * zeroed one is at the first byte of a value.
 */
struct json_part {
	size_t open; /* lists and objects */
	bool begun, in_text;
	bool escaping; /* the byte before is a backslash in a text */
	bool ended;
};

/*
 * How many of the bytes belong to the value; ended is set when it is whole,
 * which a number or a word is when something else stands behind it.
 */
size_t json_part_pass(struct json_part *part, const char *bytes, size_t len);

#endif
