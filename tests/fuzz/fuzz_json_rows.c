#include <string.h>

#include "base/buf.h"
#include "base/json_rows.h"
#include "base/mem.h"
#include "fuzz.h"

/*
 * Whatever the bytes: plain records and parsed ones give the same rows and the
 * same error, in one piece or cut anywhere; and they are those of the whole
 * document, read by json_parse().
 */

/* Members first, so that many inputs are whole records. */
const char *const fuzz_words[] = { "\"a\":\"1\",", "\"b\":-0.50,",
	"\"c\":true,", "\"a\":null,", "\"b\":\"Zo\xc3\xab\",", "\"d\":{},",
	"\"t\":{\"a\":3,\"b\":[]},", "\"e\":[{\"a\":1},{\"a\":2}],",
	"\"c\":\"\\n\\\"\\u00e9\",", "\"b\":false,", "\"f\":1e5,",
	"\"b\":\"\\ud83d\\ude00\",", "\"z\":0},{", "\"z\":0},{", "\"z\":0}\n,{",
	"\"abcdefghijklmnopqrstuvwxyz\":\"abcdefghijklmnopqrstuvwxyz\",",
	"\"abcdefghijklmnopqrstuvwxyY\": 1,", " ", "\n", "{\"record\":[{", "]}",
	"{", "}", "[", "]", ":", ",", "\"a\"", "\"t\":{", "\\u0000", "007",
	"\"count\":\"7\",", "\"", "\\", "\xc3\xa9", "\xff", NULL };

#define LIST "record"
#define COLUMNS 4

struct seen {
	struct buf text;
	struct err err;
	uint64_t stated;
	bool has_stated;
};

static int
find(void *arg, const char *parent, const char *key)
{
	(void)arg;
	if (strcmp(parent, "t") == 0)
		return key[0] == 'a' ? 3 : -1;
	if (strlen(key) > 20)
		return key[strlen(key) - 1] == 'z' ? 1 : -1;
	if (key[0] >= 'a' && key[0] <= 'c')
		return key[0] - 'a';
	/* Out of range: none. */
	return key[0] == 'x' ? COLUMNS : -1;
}

static int
see_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct seen *seen;
	size_t i;

	seen = arg;
	must(ncells == COLUMNS);
	buf_printf(&seen->text, "%u:", line);
	for (i = 0; i < ncells; i++) {
		buf_printf(&seen->text, "[%zu ", cells[i].len);
		buf_add(&seen->text, cells[i].bytes, cells[i].len);
		buf_addc(&seen->text, ']');
		/* They are the reader's to change. */
		memset(cells[i].bytes, '"', cells[i].len);
	}
	return 0;
}

static void
see(struct seen *seen, const char *bytes, size_t len, size_t step, size_t max,
    bool plain)
{
	const struct json_origin origin = { "in.json", max, EXIT_SOURCE };
	const struct json_rows_columns columns = { COLUMNS, find, see_record,
		seen };
	struct json_rows *rows;
	uint8_t *piece;
	size_t from, n;
	int rc;

	rows = json_rows_begin(LIST, &columns, &origin);
	if (!plain)
		json_rows_parse_all(rows);
	rc = 0;
	for (from = 0; rc == 0 && from < len; from += n) {
		n = len - from < step ? len - from : step;
		piece = mem_alloc(n);
		memcpy(piece, bytes + from, n);
		rc = json_rows_add(rows, (char *)piece, n, &seen->err);
		free(piece);
	}
	if (rc == 0)
		rc = json_rows_end(rows, &seen->err);
	must((rc == 0) == (seen->err.code == EXIT_DONE));
	must(rc == 0 || seen->err.code == EXIT_SOURCE);
	must(rc == 0 || strncmp(seen->err.msg, "in.json:", 8) == 0);
	seen->has_stated = json_rows_stated(rows, &seen->stated);
	json_rows_free(rows);
}

static void
must_be_same(const struct seen *a, const struct seen *b)
{
	must(a->text.len == b->text.len);
	must(a->text.len == 0 ||
	    memcmp(a->text.data, b->text.data, a->text.len) == 0);
	must(strcmp(a->err.msg, b->err.msg) == 0);
	must(a->has_stated == b->has_stated && a->stated == b->stated);
}

static void
walk_object(
    const struct json *object, const char *parent, struct csv_cell *cells)
{
	const struct json *item;
	const char *text;
	int column;

	for (item = json_first(object); item != NULL; item = json_next(item)) {
		if (json_kind(item) == JSON_OBJECT) {
			walk_object(item, json_key(item), cells);
			continue;
		}
		column = find(NULL, parent, json_key(item));
		if (json_kind(item) == JSON_LIST || column < 0 ||
		    column >= COLUMNS)
			continue;
		text = json_kind(item) == JSON_TEXT ? json_text(item) :
		    json_kind(item) == JSON_NUMBER  ? json_digits(item) :
		    json_kind(item) == JSON_NULL    ? "" :
		    json_is_yes(item)		    ? "true" :
						      "false";
		free(cells[column].bytes);
		cells[column].bytes = mem_strdup(text);
		cells[column].len = strlen(text);
	}
}

static bool
walk_record(struct seen *seen, const struct json *record, uint32_t line)
{
	struct csv_cell cells[COLUMNS] = { 0 };
	size_t i;

	if (json_kind(record) != JSON_OBJECT)
		return false;
	for (i = 0; i < COLUMNS; i++)
		cells[i].bytes = mem_strdup("");
	walk_object(record, "", cells);
	see_record(seen, cells, COLUMNS, line);
	for (i = 0; i < COLUMNS; i++)
		free(cells[i].bytes);
	return true;
}

/* The rows of a document that was parsed; false: it has none to give. */
static bool
walk(struct seen *seen, const struct json *json)
{
	const struct json *list, *record;
	uint32_t line;

	list = json_get(json, LIST);
	switch (json_kind(list)) {
	case JSON_NOTHING:
		return json_kind(json) == JSON_OBJECT;
	case JSON_NULL:
		return true;
	case JSON_TEXT:
		return json_text(list)[0] == '\0';
	case JSON_OBJECT:
		return walk_record(seen, list, 0);
	case JSON_LIST:
		break;
	default:
		return false;
	}
	line = 0;
	for (record = json_first(list); record != NULL;
	     record = json_next(record)) {
		if (!walk_record(seen, record, line++))
			return false;
	}
	return true;
}

static void
compare_with_whole(const struct seen *seen, const char *bytes, size_t len)
{
	const struct json_origin origin = { "in.json", 1 << 20, EXIT_SOURCE };
	struct seen whole = { 0 };
	struct json *json;
	bool good;

	json = json_parse(bytes, len, &origin, &whole.err);
	good = json != NULL && walk(&whole, json);
	must(good == (seen->err.code == EXIT_DONE));
	if (good)
		must(whole.text.len == seen->text.len &&
		    (whole.text.len == 0 ||
			memcmp(whole.text.data, seen->text.data,
			    whole.text.len) == 0));
	json_free(json);
	buf_free(&whole.text);
}

static void
seen_free(struct seen *seen)
{
	buf_free(&seen->text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct seen plain = { 0 }, parsed = { 0 }, steps = { 0 };
	struct buf document = { 0 };
	size_t step, max;

	if (len < 1)
		return 0;
	step = bytes[0] % 37 + 1;
	max = (bytes[0] & 0x40) != 0 ? 24 : 1 << 20;
	/* Most inputs start as records do, so that the rest means more. */
	if ((bytes[0] & 0x80) != 0)
		buf_adds(&document, "{\"record\":[{");
	buf_add(&document, bytes + 1, len - 1);
	if ((bytes[0] & 0xa0) == 0xa0)
		buf_adds(&document, "\"z\":0}]}");
	buf_str(&document);
	see(&plain, document.data, document.len, document.len + 1, max, true);
	see(&parsed, document.data, document.len, document.len + 1, max, false);
	must_be_same(&plain, &parsed);
	see(&steps, document.data, document.len, step, max, true);
	must_be_same(&plain, &steps);
	if (max > 24)
		compare_with_whole(&plain, document.data, document.len);
	seen_free(&plain);
	seen_free(&parsed);
	seen_free(&steps);
	buf_free(&document);
	return 0;
}
