#include <stdint.h>
#include <string.h>

#include "base/json_cells.h"

#define BEHIND 16 /* bytes that can be read behind the cells */

int
json_cells_column(const struct json_rows_columns *columns, const char *parent,
    const char *key)
{
	int column;

	column = columns->find(columns->arg, parent, key);
	return column >= 0 && (size_t)column < columns->count ? column : -1;
}

/* A cell's bytes are the document's for now: place() gives it its own. */
static struct csv_cell
cell_of(const struct json *member)
{
	const char *text;

	text = json_text(member);
	if (text == NULL)
		text = json_digits(member);
	if (text == NULL && json_kind(member) == JSON_YESNO)
		text = json_is_yes(member) ? "true" : "false";
	if (text == NULL)
		text = "";
	return (struct csv_cell){ (char *)(uintptr_t)text, strlen(text) };
}

/* At most JSON_DEPTH_MAX calls deep. */
static bool
fill(const struct json_rows_columns *columns, const char *parent,
    const struct json *object, struct csv_cell *cells)
{
	const struct json *member;
	bool more;
	int column;

	for (member = json_first(object); member != NULL;
	     member = json_next(member)) {
		more = json_kind(member) == JSON_OBJECT ||
		    json_kind(member) == JSON_LIST;
		column = json_cells_column(columns, parent, json_key(member));
		if (column >= 0 && more && json_first(member) != NULL)
			return false;
		if (column >= 0)
			cells[column] = cell_of(member);
		if (json_kind(member) == JSON_OBJECT &&
		    !fill(columns, json_key(member), member, cells))
			return false;
	}
	return true;
}

static void
place(struct csv_cell *cells, size_t ncells, struct buf *text)
{
	size_t i, total;
	char *to;

	for (i = total = 0; i < ncells; i++)
		total += cells[i].len;
	text->len = 0;
	to = buf_reserve(text, total + BEHIND);
	memset(to + total, 0, BEHIND);
	for (i = 0; i < ncells; i++) {
		if (cells[i].len > 0)
			memcpy(to, cells[i].bytes, cells[i].len);
		cells[i].bytes = to;
		to += cells[i].len;
	}
}

bool
json_cells_fill(const struct json_rows_columns *columns,
    const struct json *record, struct csv_cell *cells, struct buf *text)
{
	size_t i;

	for (i = 0; i < columns->count; i++)
		cells[i] = (struct csv_cell){ 0 };
	if (!fill(columns, "", record, cells))
		return false;
	place(cells, columns->count, text);
	return true;
}
