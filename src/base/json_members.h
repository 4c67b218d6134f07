#ifndef BASE_JSON_MEMBERS_H
#define BASE_JSON_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"

/*
 * The members of a long answer's own object: their keys, of which none may
 * stand there twice, and the count that it states. A zeroed one is empty.
 */
struct json_members {
	struct buf keys; /* "a":0,"b":0 */
	bool in_list;	 /* the member at hand holds the records */
	bool in_count;	 /* it is "count" */
	bool has_list;	 /* the records' member was there */
	bool has_stated; /* a count was, and was a number */
	uint64_t stated;
};

/*
 * Notes the next member: key as it was read, from the len bytes at bytes, its
 * quotes included; list is the key of the records. False when that one was
 * there before: the keys of others are compared at the end.
 */
bool json_members_add(struct json_members *members, const char *list,
    const char *key, const char *bytes, size_t len);

/* Keeps the value of the member "count": a whole number, also as text. */
void json_members_count(struct json_members *members, const struct json *value,
    const struct json_origin *origin);

/* Refuses keys that are there twice, in that line, the last; 0 or -1. */
int json_members_end(struct json_members *members, size_t line,
    const struct json_origin *origin, struct err *err);

void json_members_free(struct json_members *members);

#endif
