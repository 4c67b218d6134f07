#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text_of.h"
#include "base/utf8.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define DIGITS_SIZE 21		   /* of a uint64_t, and the NUL */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define NUMBER_MARK '\xFF' /* no byte of any UTF-8 */

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

/*
 * Bytes on their way to cJSON. It would let pass much that is no JSON, and it
 * rounds numbers to doubles; so the bytes are looked over here first, and each
 * number becomes a text that starts with NUMBER_MARK, which no text of theirs
 * can do. Afterwards those texts become numbers with their digits.
 */
struct scan {
	const struct json_origin *origin;
	const char *at, *end;
	size_t line;
	size_t depth, values;
	struct buf out;
	struct err *err;
};

int
json_refuse(const struct json_origin *origin, size_t line, const char *why,
    struct err *err)
{
	return err_set(err, origin->code,
	    "%s:%zu: this is not"
	    " JSON that can be read: %s",
	    origin->name, line, why);
}

static int
refuse(const struct scan *scan, const char *why)
{
	return json_refuse(scan->origin, scan->line, why, scan->err);
}

/* How many digits stand at p. */
static size_t
digits_at(const char *p, const char *end)
{
	size_t n;

	for (n = 0; p + n < end && isdigit((unsigned char)p[n]); n++)
		continue;
	return n;
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][-+]?[0-9]+)?, and then no more of it. */
static int
scan_number(struct scan *scan)
{
	const char *p, *start;
	size_t n;

	start = scan->at;
	p = start + (*start == '-');
	n = digits_at(p, scan->end);
	if (n == 0 || (n > 1 && *p == '0'))
		return refuse(scan,
		    "a number with a sign or zeros in front"
		    " that do not belong there");
	p += n;
	if (p < scan->end && *p == '.') {
		n = digits_at(++p, scan->end);
		if (n == 0)
			return refuse(scan,
			    "a number without digits behind"
			    " the point");
		p += n;
	}
	if (p < scan->end && (*p == 'e' || *p == 'E')) {
		p++;
		p += p < scan->end && (*p == '-' || *p == '+');
		n = digits_at(p, scan->end);
		if (n == 0)
			return refuse(scan,
			    "a number without digits in its"
			    " exponent");
		p += n;
	}
	if (p < scan->end &&
	    (isalnum((unsigned char)*p) || *p == '.' || *p == '-' ||
		*p == '+' || *p == '_'))
		return refuse(scan, "something that starts like a number");
	buf_addc(&scan->out, '"');
	buf_addc(&scan->out, NUMBER_MARK);
	buf_add(&scan->out, start, (size_t)(p - start));
	buf_addc(&scan->out, '"');
	scan->at = p;
	return 0;
}

/* cJSON ends a text at \u0000, and at \uXYZ! too, without a word. */
static int
scan_escape(struct scan *scan, const char *p)
{
	size_t i;

	if (scan->end - p < 6 || p[1] != 'u')
		return 0;
	for (i = 2; i < 6; i++) {
		if (!isxdigit((unsigned char)p[i]))
			return refuse(scan,
			    "a \\u without four hex digits"
			    " in a text");
	}
	return memcmp(p, "\\u0000", 6) == 0 ?
	    refuse(scan, "\\u0000 in a text") :
	    0;
}

static int
scan_text(struct scan *scan)
{
	const char *p;

	for (p = scan->at + 1; p < scan->end && *p != '"'; p++) {
		if ((unsigned char)*p < 0x20)
			return refuse(scan, "a control character in a text");
		if (*p != '\\')
			continue;
		if (scan_escape(scan, p) != 0)
			return -1;
		if (++p == scan->end)
			break;
	}
	if (p >= scan->end)
		return refuse(scan, "it ends within a text");
	p++;
	buf_add(&scan->out, scan->at, (size_t)(p - scan->at));
	scan->at = p;
	return 0;
}

/* Any other byte: a bracket, a comma, a letter of true, white space. */
static int
scan_byte(struct scan *scan)
{
	char c;

	c = *scan->at++;
	if (((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
	    c == 0x7f)
		return refuse(scan, c == '\0' ? JSON_NUL : JSON_CONTROL);
	if ((c == '{' || c == '[') && ++scan->depth > JSON_DEPTH_MAX)
		return refuse(scan,
		    "too many lists and objects in each"
		    " other");
	if ((c == '}' || c == ']') && scan->depth > 0)
		scan->depth--;
	if ((c == '{' || c == '[' || c == ',') &&
	    ++scan->values > JSON_VALUES_MAX)
		return refuse(scan, "too many values");
	if (c == '\n')
		scan->line++;
	buf_addc(&scan->out, c);
	return 0;
}

static size_t
lines_in(const char *bytes, size_t len)
{
	size_t i, n;

	for (i = n = 0; i < len; i++)
		n += bytes[i] == '\n';
	return n;
}

static int
scan_all(struct scan *scan, size_t len)
{
	const char *bytes;
	size_t good;
	int rc;

	bytes = scan->at;
	if (len > scan->origin->max_bytes)
		return err_set(scan->err, scan->origin->code,
		    "%s: more than"
		    " the %zu bytes that are read of it",
		    scan->origin->name, scan->origin->max_bytes);
	if (len >= 3 && memcmp(bytes, BYTE_ORDER_MARK, 3) == 0)
		return refuse(scan, JSON_MARKED);
	good = utf8_valid(bytes, len);
	if (good != len) {
		scan->line += lines_in(bytes, good);
		return refuse(scan, JSON_NOT_UTF8);
	}
	rc = 0;
	while (rc == 0 && scan->at < scan->end) {
		if (*scan->at == '"')
			rc = scan_text(scan);
		else if (*scan->at == '-' || isdigit((unsigned char)*scan->at))
			rc = scan_number(scan);
		else
			rc = scan_byte(scan);
	}
	return rc;
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

/* Gives numbers their digits back; at most JSON_DEPTH_MAX calls deep. */
static int
restore(const struct scan *scan, cJSON *item)
{
	cJSON *child;
	char *text;

	if (item->string != NULL && item->string[0] == NUMBER_MARK)
		return refuse(scan, "a number where a key should stand");
	text = item->valuestring;
	if (cJSON_IsString(item) && text[0] == NUMBER_MARK) {
		memmove(text, text + 1, strlen(text));
		item->type = cJSON_Raw;
	}
	if (cJSON_IsObject(item) && has_key_twice(item))
		return refuse(scan, JSON_TWICE);
	cJSON_ArrayForEach(child, item)
	{
		if (restore(scan, child) != 0)
			return -1;
	}
	return 0;
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
	struct scan scan = { .origin = origin,
		.line = place->line,
		.depth = place->depth,
		.err = err };
	const char *stop, *end;
	cJSON *item;

	item = NULL;
	scan.at = len == 0 ? "" : bytes;
	scan.end = scan.at + len;
	if (scan_all(&scan, len) != 0)
		goto out;
	use_hooks();
	item = cJSON_ParseWithLengthOpts(
	    buf_str(&scan.out), scan.out.len, &stop, false);
	end = scan.out.data + scan.out.len;
	stop = behind_blanks(stop, end);
	/* A line of theirs is a line of what cJSON was given. */
	scan.line = place->line +
	    lines_in(scan.out.data, (size_t)(stop - scan.out.data));
	if (item == NULL) {
		refuse(&scan, scan.out.len == 0 ? JSON_EMPTY : JSON_MISPLACED);
	} else if ((stop < end && refuse(&scan, JSON_BEHIND) != 0) ||
	    restore(&scan, item) != 0) {
		cJSON_Delete(item);
		item = NULL;
	}
out:
	buf_free(&scan.out);
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
