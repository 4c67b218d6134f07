#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/mem.h"
#include "base/text_of.h"
#include "base/utf8.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define DIGITS_SIZE 21		   /* of a uint64_t, and the NUL */

/* A struct json is a cJSON under a name that keeps its header out of ours. */
static cJSON *
node(const struct json *json)
{
	return (cJSON *)(uintptr_t)json;
}

/*
 * Every document starts here, so cJSON never allocates by itself: with these
 * hooks its functions cannot return NULL for want of memory.
 */
static void
use_hooks(void)
{
	cJSON_Hooks hooks = { mem_alloc, free };

	cJSON_InitHooks(&hooks);
}

static struct json *
root(cJSON *(*create)(void))
{
	use_hooks();
	return (struct json *)create();
}

struct json *
json_object(void)
{
	return root(cJSON_CreateObject);
}

struct json *
json_array(void)
{
	return root(cJSON_CreateArray);
}

void
json_free(struct json *json)
{
	cJSON_Delete(node(json));
}

/* The text with each byte that is not UTF-8 replaced; the caller frees it. */
static char *
as_utf8(const char *text)
{
	struct buf clean = { 0 };
	size_t len, good;

	len = strlen(text);
	for (;;) {
		good = utf8_valid(text, len);
		buf_add(&clean, text, good);
		if (good == len)
			break;
		buf_adds(&clean, REPLACEMENT);
		text += good + 1;
		len -= good + 1;
	}
	buf_str(&clean);
	return clean.data;
}

static cJSON *
new_text(const char *text)
{
	cJSON *item;
	char *clean;

	clean = as_utf8(text);
	item = cJSON_CreateString(clean);
	free(clean);
	return item;
}

static void
set_item(struct json *object, const char *key, cJSON *item)
{
	char *clean;

	clean = as_utf8(key);
	if (cJSON_GetObjectItemCaseSensitive(node(object), clean) == NULL)
		cJSON_AddItemToObject(node(object), clean, item);
	else
		cJSON_ReplaceItemInObjectCaseSensitive(
		    node(object), clean, item);
	free(clean);
}

void
json_set_text(struct json *object, const char *key, const char *text)
{
	set_item(object, key, new_text(text));
}

/* As raw digits: cJSON's numbers are doubles, exact to 2^53 only. */
void
json_set_number(struct json *object, const char *key, uint64_t number)
{
	char digits[DIGITS_SIZE];

	snprintf(digits, sizeof(digits), "%" PRIu64, number);
	set_item(object, key, cJSON_CreateRaw(digits));
}

void
json_set_yes(struct json *object, const char *key, bool yes)
{
	set_item(object, key, cJSON_CreateBool(yes));
}

void
json_set_null(struct json *object, const char *key)
{
	set_item(object, key, cJSON_CreateNull());
}

void
json_set(struct json *object, const char *key, struct json *child)
{
	set_item(object, key, node(child));
}

void
json_append(struct json *array, struct json *child)
{
	cJSON_AddItemToArray(node(array), node(child));
}

void
json_append_text(struct json *array, const char *text)
{
	cJSON_AddItemToArray(node(array), new_text(text));
}

char *
json_print(const struct json *json)
{
	char *text, *tab, *whole;

	text = cJSON_Print(node(json));
	/* Inside strings a tab is escaped: these tabs stand behind keys. */
	for (tab = text; (tab = strstr(tab, ":\t")) != NULL; tab++)
		tab[1] = ' ';
	whole = mem_printf("%s\n", text);
	free(text);
	return whole;
}

struct json *
json_copy(const struct json *json)
{
	use_hooks();
	return (struct json *)cJSON_Duplicate(node(json), true);
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* cJSON keeps both of two equal keys and finds the first. */
static bool
has_key_twice(const cJSON *object)
{
	const cJSON *member;
	const char **keys;
	size_t i, n;
	bool twice;

	n = (size_t)cJSON_GetArraySize(object);
	keys = mem_zalloc(n + 1, sizeof(*keys));
	i = 0;
	cJSON_ArrayForEach(member, object) keys[i++] = member->string;
	qsort(keys, n, sizeof(*keys), compare_keys);
	twice = false;
	for (i = 1; i < n && !twice; i++)
		twice = strcmp(keys[i - 1], keys[i]) == 0;
	free(keys);
	return twice;
}

/*
 * Gives numbers the digits back that json_scan() made texts of; the reason for
 * which the document is refused, or NULL. At most JSON_DEPTH_MAX calls deep.
 */
static const char *
restore(cJSON *item)
{
	const char *why;
	cJSON *child;
	char *text;

	if (item->string != NULL && item->string[0] == JSON_SCAN_MARK)
		return "a number where a key should stand";
	text = item->valuestring;
	if (cJSON_IsString(item) && text[0] == JSON_SCAN_MARK) {
		memmove(text, text + 1, strlen(text));
		item->type = cJSON_Raw;
	}
	if (cJSON_IsObject(item) && has_key_twice(item))
		return JSON_SCAN_TWICE;
	why = NULL;
	cJSON_ArrayForEach(child, item)
	{
		if (why == NULL)
			why = restore(child);
	}
	return why;
}

/* The first byte from p on that is no white space, or end. */
static const char *
behind_blanks(const char *p, const char *end)
{
	while (p < end && strchr(" \t\r\n", *p) != NULL)
		p++;
	return p;
}

struct json *
json_parse(const char *bytes, size_t len, const struct json_origin *origin,
    struct err *err)
{
	return json_parse_part(
	    bytes, len, &(struct json_place){ .line = 1 }, origin, err);
}

struct json *
json_parse_part(const char *bytes, size_t len, const struct json_place *place,
    const struct json_origin *origin, struct err *err)
{
	const char *stop, *end, *why;
	struct buf text = { 0 };
	cJSON *item;

	item = NULL;
	if (json_scan(len == 0 ? "" : bytes, len, place, origin, &text, err) !=
	    0)
		goto out;
	use_hooks();
	item = cJSON_ParseWithLengthOpts(
	    buf_str(&text), text.len, &stop, false);
	end = text.data + text.len;
	stop = behind_blanks(stop, end);
	if (item == NULL)
		why = text.len == 0 ? JSON_SCAN_EMPTY : JSON_SCAN_MISPLACED;
	else
		why = stop < end ? JSON_SCAN_BEHIND : restore(item);
	if (why != NULL) {
		json_scan_refuse(origin,
		    place->line +
			json_scan_lines(text.data, (size_t)(stop - text.data)),
		    why, err);
		cJSON_Delete(item);
		item = NULL;
	}
out:
	buf_free(&text);
	return (struct json *)item;
}

enum json_kind
json_kind(const struct json *json)
{
	if (json == NULL)
		return JSON_NOTHING;
	switch (node(json)->type & 0xff) {
	case cJSON_False:
	case cJSON_True:
		return JSON_YESNO;
	case cJSON_Raw:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_TEXT;
	case cJSON_Array:
		return JSON_LIST;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

const struct json *
json_get(const struct json *object, const char *key)
{
	if (json_kind(object) != JSON_OBJECT)
		return NULL;
	return (struct json *)cJSON_GetObjectItemCaseSensitive(
	    node(object), key);
}

const struct json *
json_first(const struct json *json)
{
	return json == NULL ? NULL : (struct json *)node(json)->child;
}

const struct json *
json_next(const struct json *item)
{
	return item == NULL ? NULL : (struct json *)node(item)->next;
}

size_t
json_count(const struct json *json)
{
	return json == NULL ? 0 : (size_t)cJSON_GetArraySize(node(json));
}

const char *
json_key(const struct json *member)
{
	if (member == NULL || node(member)->string == NULL)
		return "";
	return node(member)->string;
}

const char *
json_text(const struct json *json)
{
	return json_kind(json) == JSON_TEXT ? node(json)->valuestring : NULL;
}

const char *
json_digits(const struct json *json)
{
	return json_kind(json) == JSON_NUMBER ? node(json)->valuestring : NULL;
}

/* The digits of a number that has neither point nor exponent, or NULL. */
static const char *
whole_digits(const struct json *json)
{
	const char *digits;

	digits = json_digits(json);
	return digits == NULL || strpbrk(digits, ".eE") != NULL ? NULL : digits;
}

bool
json_integer(const struct json *json, int64_t *number)
{
	const char *digits;
	long long value;

	digits = whole_digits(json);
	if (digits == NULL)
		return false;
	errno = 0;
	value = strtoll(digits, NULL, 10);
	if (errno != 0)
		return false;
	*number = value;
	return true;
}

bool
json_unsigned(const struct json *json, uint64_t *number)
{
	const char *digits;
	unsigned long long value;

	digits = whole_digits(json);
	if (digits == NULL || digits[0] == '-')
		return false;
	errno = 0;
	value = strtoull(digits, NULL, 10);
	if (errno != 0)
		return false;
	*number = value;
	return true;
}

bool
json_double(const struct json *json, double *number)
{
	const char *digits;
	double value;

	digits = json_digits(json);
	if (digits == NULL)
		return false;
	value = strtod(digits, NULL);
	if (!isfinite(value))
		return false;
	*number = value;
	return true;
}

bool
json_is_yes(const struct json *json)
{
	return json != NULL && cJSON_IsTrue(node(json));
}

const char *
json_library(void)
{
	return "cJSON " TEXT_OF(CJSON_VERSION_MAJOR) "." TEXT_OF(
	    CJSON_VERSION_MINOR) "." TEXT_OF(CJSON_VERSION_PATCH);
}
