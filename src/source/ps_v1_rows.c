#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/ps_v1_rows.h"

#define DIGITS_MAX 18 /* of an id */

/* The schools of a person, as "2:1 5:2 ": school's dcid, status there. */
static void
put_affiliation(struct buf *text, const struct json *one)
{
	static const char *const members[] = { "school_id", "status" };
	const struct json *value;
	const char *word;
	size_t i;

	for (i = 0; i < 2; i++) {
		value = json_get(one, members[i]);
		word = json_text(value);
		if (word == NULL)
			word = json_digits(value);
		buf_printf(
		    text, "%s%c", word == NULL ? "" : word, i == 0 ? ':' : ' ');
	}
}

static void
put_value(struct buf *text, const struct json *value)
{
	const struct json *item;

	switch (json_kind(value)) {
	case JSON_TEXT:
		buf_adds(text, json_text(value));
		break;
	case JSON_NUMBER:
		buf_adds(text, json_digits(value));
		break;
	case JSON_YESNO:
		buf_adds(text, json_is_yes(value) ? "true" : "false");
		break;
	case JSON_OBJECT:
		put_affiliation(text, value);
		break;
	case JSON_LIST:
		for (item = json_first(value); item != NULL;
		     item = json_next(item))
			put_affiliation(text, item);
		break;
	case JSON_NOTHING:
	case JSON_NULL:
		break;
	}
}

/* A member by its name with dots; an object may stand in a list of one. */
static const struct json *
find_member(const struct json *object, const char *name)
{
	char part[64];
	size_t len;

	for (;;) {
		len = strcspn(name, ".");
		memcpy(part, name, len);
		part[len] = '\0';
		if (json_kind(object) == JSON_LIST)
			object = json_first(object);
		object = json_get(object, part);
		if (name[len] == '\0')
			return object;
		name += len + 1;
	}
}

bool
ps_v1_rows_number(const char *text, uint64_t *id)
{
	uint64_t number;
	size_t i;

	number = 0;
	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] < '0' || text[i] > '9' || i == DIGITS_MAX)
			return false;
		number = number * 10 + (uint64_t)(text[i] - '0');
	}
	*id = number;
	return number > 0;
}

static bool
read_id(const struct json *value, uint64_t *id)
{
	const char *text;

	text = json_text(value);
	if (text == NULL)
		text = json_digits(value);
	return text != NULL && ps_v1_rows_number(text, id);
}

static int
add_object(struct ps_v1_rows *rows, enum ps_v1_kind kind, uint64_t owner,
    const struct json *object, const char **why)
{
	const char *const *member;
	struct ps_v1_row *row;

	rows->list = mem_grow(
	    rows->list, rows->count, &rows->cap, sizeof(*rows->list));
	row = &rows->list[rows->count];
	if (json_kind(object) != JSON_OBJECT) {
		*why = "an item of its list is no object";
		return -1;
	}
	if (!read_id(json_get(object, "id"), &row->id)) {
		*why = "an object in it has no id";
		return -1;
	}
	row->owner = owner;
	row->page = 1;
	row->alone = false;
	row->at = rows->text.len;
	for (member = ps_v1_defs[kind].members; *member != NULL; member++) {
		put_value(&rows->text, find_member(object, *member));
		buf_addc(&rows->text, '\0');
	}
	rows->count++;
	return 0;
}

static bool
is_blank(const struct json *value)
{
	const char *text;

	text = json_text(value);
	return json_kind(value) == JSON_NOTHING ||
	    json_kind(value) == JSON_NULL || (text != NULL && text[0] == '\0');
}

int
ps_v1_rows_add_list(struct ps_v1_rows *rows, enum ps_v1_kind kind,
    uint64_t owner, unsigned page, const struct json *document,
    const char **why)
{
	const struct json *wrapper, *items, *item;
	size_t before, text;
	int rc;

	wrapper = json_get(document, ps_v1_defs[kind].several);
	items = json_get(wrapper, ps_v1_defs[kind].one);
	before = rows->count;
	text = rows->text.len;
	*why = "what was asked for is not in it";
	if (json_kind(document) != JSON_OBJECT ||
	    (json_kind(wrapper) == JSON_NOTHING && json_count(document) > 0) ||
	    (json_kind(wrapper) != JSON_OBJECT && !is_blank(wrapper)))
		return -1;
	rc = 0;
	if (json_kind(items) == JSON_LIST)
		for (item = json_first(items); item != NULL && rc == 0;
		     item = json_next(item))
			rc = add_object(rows, kind, owner, item, why);
	else if (!is_blank(items))
		rc = add_object(rows, kind, owner, items, why);
	if (rc != 0) {
		rows->count = before;
		rows->text.len = text;
	}
	for (; before < rows->count; before++)
		rows->list[before].page = page;
	return rc;
}

int
ps_v1_rows_add_one(struct ps_v1_rows *rows, enum ps_v1_kind kind,
    uint64_t owner, const struct json *document, const char **why)
{
	const struct json *object;

	object = json_get(document, ps_v1_defs[kind].one);
	*why = "what was asked for is not in it";
	if (json_kind(object) != JSON_OBJECT ||
	    add_object(rows, kind, owner, object, why) != 0)
		return -1;
	rows->list[rows->count - 1].alone = true;
	return 0;
}

const char *
ps_v1_rows_cell(const struct ps_v1_rows *rows, size_t row, size_t member)
{
	const char *at;

	at = rows->text.data + rows->list[row].at;
	for (; member > 0; member--)
		at += strlen(at) + 1;
	return at;
}

bool
ps_v1_rows_id(
    const struct ps_v1_rows *rows, size_t row, size_t member, uint64_t *id)
{
	return ps_v1_rows_number(ps_v1_rows_cell(rows, row, member), id);
}

void
ps_v1_rows_append(struct ps_v1_rows *rows, const struct ps_v1_rows *from)
{
	size_t i;

	for (i = 0; i < from->count; i++) {
		rows->list = mem_grow(
		    rows->list, rows->count, &rows->cap, sizeof(*rows->list));
		rows->list[rows->count] = from->list[i];
		rows->list[rows->count++].at += rows->text.len;
	}
	buf_add(&rows->text, from->text.data, from->text.len);
}

static int
row_order(const void *a, const void *b)
{
	const struct ps_v1_row *x, *y;

	x = a;
	y = b;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* How many bytes the members of a row take, their NULs included. */
static size_t
members_len(const struct ps_v1_rows *rows, enum ps_v1_kind kind, size_t row)
{
	const char *at, *start;
	size_t i;

	at = start = rows->text.data + rows->list[row].at;
	for (i = 0; ps_v1_defs[kind].members[i] != NULL; i++)
		at += strlen(at) + 1;
	return (size_t)(at - start);
}

static bool
same_members(
    const struct ps_v1_rows *rows, enum ps_v1_kind kind, size_t a, size_t b)
{
	size_t len;

	len = members_len(rows, kind, a);
	return len == members_len(rows, kind, b) &&
	    memcmp(rows->text.data + rows->list[a].at,
		rows->text.data + rows->list[b].at, len) == 0;
}

/* Whether one of the rows from first to last says the same as another one. */
static bool
is_said(const struct ps_v1_rows *rows, enum ps_v1_kind kind, size_t last,
    size_t row)
{
	size_t i;

	for (i = last; rows->list[i].id == rows->list[row].id; i--) {
		if (same_members(rows, kind, i, row))
			return true;
		if (i == 0)
			break;
	}
	return false;
}

void
ps_v1_rows_sort(struct ps_v1_rows *rows, enum ps_v1_kind kind)
{
	size_t i, n;

	if (rows->count == 0)
		return;
	qsort(rows->list, rows->count, sizeof(*rows->list), row_order);
	for (i = n = 1; i < rows->count; i++) {
		if (!is_said(rows, kind, n - 1, i))
			rows->list[n++] = rows->list[i];
	}
	rows->count = n;
}

bool
ps_v1_rows_repeat(const struct ps_v1_rows *rows)
{
	struct ps_v1_row *copy;
	bool repeats;
	size_t i;

	if (rows->count < 2)
		return false;
	copy = mem_alloc(rows->count * sizeof(*copy));
	memcpy(copy, rows->list, rows->count * sizeof(*copy));
	qsort(copy, rows->count, sizeof(*copy), row_order);
	repeats = false;
	for (i = 1; i < rows->count && !repeats; i++)
		repeats = copy[i].id == copy[i - 1].id &&
		    copy[i].page != copy[i - 1].page;
	free(copy);
	return repeats;
}

bool
ps_v1_rows_equal(const struct ps_v1_rows *a, const struct ps_v1_rows *b)
{
	size_t i;

	if (a->count != b->count || a->text.len != b->text.len)
		return false;
	for (i = 0; i < a->count; i++) {
		if (a->list[i].id != b->list[i].id)
			return false;
	}
	return a->text.len == 0 ||
	    memcmp(a->text.data, b->text.data, a->text.len) == 0;
}

static int
id_order(const void *key, const void *element)
{
	const struct ps_v1_row *row;
	const uint64_t *id;

	id = key;
	row = element;
	return *id < row->id ? -1 : *id > row->id;
}

bool
ps_v1_rows_find(const struct ps_v1_rows *rows, uint64_t id, size_t *row)
{
	const struct ps_v1_row *found;

	if (rows->count == 0)
		return false;
	found = bsearch(
	    &id, rows->list, rows->count, sizeof(*rows->list), id_order);
	if (found == NULL)
		return false;
	*row = (size_t)(found - rows->list);
	return true;
}

void
ps_v1_rows_free(struct ps_v1_rows *rows)
{
	buf_free(&rows->text);
	free(rows->list);
	*rows = (struct ps_v1_rows){ 0 };
}
