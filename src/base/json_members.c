#include <string.h>

#include "base/json_members.h"

bool
json_members_add(struct json_members *members, const char *list,
    const char *key, const char *bytes, size_t len)
{
	members->in_list = strcmp(key, list) == 0;
	members->in_count = strcmp(key, "count") == 0;
	if (members->in_list && members->has_list)
		return false;
	members->has_list |= members->in_list;
	buf_addc(&members->keys, members->keys.len == 0 ? '{' : ',');
	buf_add(&members->keys, bytes, len);
	buf_adds(&members->keys, ":0");
	return true;
}

void
json_members_count(struct json_members *members, const struct json *value,
    const struct json_origin *origin)
{
	struct err ignored = { 0 };
	struct json *number;
	const char *text;

	number = NULL;
	text = json_text(value);
	if (text != NULL)
		number = json_parse(text, strlen(text), origin, &ignored);
	members->has_stated = json_unsigned(
	    text == NULL ? value : number, &members->stated);
	json_free(number);
}

int
json_members_end(struct json_members *members, size_t line,
    const struct json_origin *origin, struct err *err)
{
	struct json_place place = { line, 0 };
	struct json *json;

	if (members->keys.len == 0)
		return 0;
	buf_addc(&members->keys, '}');
	json = json_parse_part(
	    members->keys.data, members->keys.len, &place, origin, err);
	json_free(json);
	return json == NULL ? -1 : 0;
}

void
json_members_free(struct json_members *members)
{
	buf_free(&members->keys);
}
