#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text_of.h"
#include "base/utf8.h"

#define REPLACEMENT "\xEF\xBF\xBD"	/* U+FFFD */
#define DIGITS_SIZE 21			/* of a uint64_t, and the NUL */

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
static struct json *
root(cJSON *(*create)(void))
{
	cJSON_Hooks hooks = { mem_alloc, free };

	cJSON_InitHooks(&hooks);
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
		cJSON_ReplaceItemInObjectCaseSensitive(node(object), clean,
		    item);
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

const char *
json_library(void)
{
	return "cJSON " TEXT_OF(CJSON_VERSION_MAJOR) "."
	    TEXT_OF(CJSON_VERSION_MINOR) "." TEXT_OF(CJSON_VERSION_PATCH);
}
