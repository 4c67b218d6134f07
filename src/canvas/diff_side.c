#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/diff_side.h"

static char *
lower_case(struct str text)
{
	char *copy;
	size_t i;

	copy = mem_strndup(text.bytes, text.len);
	for (i = 0; i < text.len; i++) {
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] - 'A' + 'a');
	}
	return copy;
}

size_t
diff_side_place(const struct diff_layout *layout, const char *header)
{
	size_t i;

	for (i = 0; header != NULL && i < layout->nheaders; i++) {
		if (layout->headers[i] != NULL &&
		    strcmp(layout->headers[i], header) == 0)
			return i;
	}
	return SIZE_MAX;
}

/*
 * Of columns with one name the first is read; white space around a name makes
 * it another one, which Canvas does not read (canvas-sis 3).
 */
static void
take_headers(struct diff_layout *layout, const struct diff_cells *cells)
{
	char *name;
	size_t i;

	layout->headers = mem_zalloc(cells->ncells, sizeof(char *));
	for (i = 0; i < cells->ncells; i++) {
		name = lower_case(cells->cells[i]);
		if (diff_cell_stripped(cells->cells[i]).len == 0 ||
		    diff_side_place(layout, name) != SIZE_MAX) {
			free(name);
			name = NULL;
		}
		layout->headers[i] = name;
		layout->nheaders = i + 1;
	}
}

static int
open_file(struct diff_side *side, const struct diff_file *file, struct err *err)
{
	struct diff_layout *layout;
	struct diff_record header;
	struct diff_walk walk;
	int rc;

	diff_walk_begin(&walk, file);
	rc = diff_walk_peek(&walk, &header, err);
	if (rc == 1) {
		layout = &side->layouts[side->nlayouts++];
		*layout = (struct diff_layout){ .file = file };
		diff_record_cut_raw(&header, &walk.cells);
		take_headers(layout, &walk.cells);
		diff_walk_pass(&walk, &header);
		layout->rows_at = (size_t)(walk.at - file->bytes);
		layout->rows_line = walk.line;
	}
	diff_walk_free(&walk);
	return rc == -1 ? -1 : 0;
}

int
diff_side_open(
    struct diff_side *side, const struct diff_input *input, struct err *err)
{
	size_t i;

	side->nlayouts = 0;
	side->layouts = mem_zalloc(input->nfiles, sizeof(*side->layouts));
	for (i = 0; i < input->nfiles; i++) {
		if (open_file(side, &input->files[i], err) != 0)
			return -1;
	}
	return 0;
}

void
diff_side_close(struct diff_side *side)
{
	struct diff_layout *layout;
	size_t i, j;

	for (i = 0; i < side->nlayouts; i++) {
		layout = &side->layouts[i];
		for (j = 0; j < layout->nheaders; j++)
			free(layout->headers[j]);
		free(layout->headers);
		free(layout->cells);
	}
	free(side->layouts);
	*side = (struct diff_side){ 0 };
}

static bool
some_file_has(const struct diff_side *side, const char *header)
{
	size_t i;

	for (i = 0; i < side->nlayouts; i++) {
		if (diff_side_place(&side->layouts[i], header) != SIZE_MAX)
			return true;
	}
	return false;
}

static bool
every_file_has(const struct diff_side *side, const char *header)
{
	size_t i;

	for (i = 0; i < side->nlayouts; i++) {
		if (diff_side_place(&side->layouts[i], header) == SIZE_MAX)
			return false;
	}
	return true;
}

static size_t
column_place(const struct diff_columns *columns, const char *header)
{
	size_t i;

	for (i = 0; i < columns->count; i++) {
		if (strcmp(columns->columns[i].header, header) == 0)
			return i;
	}
	return SIZE_MAX;
}

static void
add_columns(struct diff_columns *columns, const struct diff_side *side,
    const struct diff_side *old, const struct diff_side *new)
{
	const struct diff_layout *layout;
	const char *header;
	size_t i, j;

	for (i = 0; i < side->nlayouts; i++) {
		layout = &side->layouts[i];
		columns->columns = mem_realloc(columns->columns,
		    columns->count + layout->nheaders,
		    sizeof(*columns->columns));
		for (j = 0; j < layout->nheaders; j++) {
			header = layout->headers[j];
			if (header == NULL ||
			    column_place(columns, header) != SIZE_MAX)
				continue;
			columns
			    ->columns[columns->count++] = (struct diff_column){
				header, some_file_has(old, header),
				some_file_has(new, header)
			};
		}
	}
}

/* Columns that add nothing beside another one (canvas-sis 5, 8). */
static const char *
stands_in_for(const char *header)
{
	static const char *const stand_ins[][2] = {
		{ "course_id", "section_id" },
		{ "user_integration_id", "user_id" },
		{ "role_id", "role" },
	};
	size_t i;

	for (i = 0; i < sizeof(stand_ins) / sizeof(stand_ins[0]); i++) {
		if (strcmp(stand_ins[i][0], header) == 0)
			return stand_ins[i][1];
	}
	return NULL;
}

/*
 * A column that only some files have tells their rows apart as well, a blank
 * standing for it in the others. But a course_id beside the section_id would
 * part rows that are the same, unless all files have both.
 */
static bool
key_counts(const struct diff_side *old, const struct diff_side *new,
    const char *header)
{
	const char *other;

	if (!some_file_has(old, header) && !some_file_has(new, header))
		return false;
	other = stands_in_for(header);
	return other == NULL ||
	    (every_file_has(old, header) && every_file_has(new, header)) ||
	    !every_file_has(old, other) || !every_file_has(new, other);
}

static void
choose_keys(const struct diff_side *old, const struct diff_side *new,
    const char *const *headers, size_t max, struct diff_columns *columns)
{
	size_t i;

	for (i = 0; i < max && headers[i] != NULL; i++) {
		if (key_counts(old, new, headers[i]))
			columns->keys[columns->nkeys++] = column_place(
			    columns, headers[i]);
	}
}

static void
bind_layout(struct diff_layout *layout, const struct diff_columns *columns)
{
	size_t i;

	layout->cells = mem_zalloc(columns->count, sizeof(*layout->cells));
	for (i = 0; i < columns->count; i++)
		layout->cells[i] = diff_side_place(
		    layout, columns->columns[i].header);
	layout->nkeys = columns->nkeys;
	layout->leading = true;
	for (i = 0; i < columns->nkeys; i++) {
		layout->keys[i] = layout->cells[columns->keys[i]];
		layout->leading = layout->leading && layout->keys[i] == i;
	}
}

static int
bind_side(struct diff_side *side, const struct diff_columns *columns,
    const struct sheet *sheet, struct err *err)
{
	const struct diff_layout *layout;
	size_t i, j;

	for (i = 0; i < side->nlayouts; i++) {
		layout = &side->layouts[i];
		bind_layout(&side->layouts[i], columns);
		for (j = 0; j < layout->nkeys; j++) {
			if (layout->keys[j] != SIZE_MAX)
				break;
		}
		if (j < layout->nkeys)
			continue;
		err_set(err, EXIT_SOURCE,
		    "%s:1:1: no column %s by which rows"
		    " of %s are told apart; nothing was compared",
		    layout->file->name,
		    sheet->key[0] != NULL ? sheet->key[0] : sheet->also[0],
		    sheet->name);
		return err_hint(err,
		    "Look at the file's first line: it must"
		    " name Canvas's columns.");
	}
	return 0;
}

int
diff_side_match(struct diff_side *old, struct diff_side *new,
    const struct sheet *sheet, struct diff_columns *columns, struct err *err)
{
	*columns = (struct diff_columns){ 0 };
	add_columns(columns, new, old, new);
	add_columns(columns, old, old, new);
	choose_keys(old, new, sheet->key, SHEET_KEY_MAX, columns);
	choose_keys(old, new, sheet->also, 3, columns);
	if (bind_side(old, columns, sheet, err) != 0)
		return -1;
	return bind_side(new, columns, sheet, err);
}

void
diff_columns_free(struct diff_columns *columns)
{
	free(columns->columns);
	*columns = (struct diff_columns){ 0 };
}

static bool
same_headers(const struct diff_layout *a, const struct diff_layout *b)
{
	size_t i;

	if (a->nheaders != b->nheaders)
		return false;
	for (i = 0; i < a->nheaders; i++) {
		if ((a->headers[i] == NULL) != (b->headers[i] == NULL) ||
		    (a->headers[i] != NULL &&
			strcmp(a->headers[i], b->headers[i]) != 0))
			return false;
	}
	return true;
}

bool
diff_side_same_form(const struct diff_side *old, const struct diff_side *new)
{
	size_t i;

	if (old->nlayouts == 0 || new->nlayouts == 0)
		return false;
	for (i = 0; i < old->nlayouts; i++) {
		if (!same_headers(&old->layouts[i], &new->layouts[0]))
			return false;
	}
	for (i = 1; i < new->nlayouts; i++) {
		if (!same_headers(&old->layouts[0], &new->layouts[i]))
			return false;
	}
	return true;
}

struct str
diff_side_cell(const struct diff_layout *layout, const struct diff_cells *cells,
    size_t column)
{
	size_t place;

	place = layout->cells[column];
	return place < cells->ncells ? cells->cells[place] :
				       (struct str){ "", 0 };
}

bool
diff_side_differ(const struct diff_columns *columns,
    const struct diff_layout *old_layout, const struct diff_cells *old_cells,
    const struct diff_layout *new_layout, const struct diff_cells *new_cells)
{
	struct str old, new;
	size_t i;

	for (i = 0; i < columns->count; i++) {
		old = diff_side_cell(old_layout, old_cells, i);
		new = diff_side_cell(new_layout, new_cells, i);
		if (old.len != new.len ||
		    memcmp(old.bytes, new.bytes, old.len) != 0)
			return true;
	}
	return false;
}

void
diff_side_walk(const struct diff_layout *layout, struct diff_walk *walk)
{
	diff_walk_begin(walk, layout->file);
	walk->at = layout->file->bytes + layout->rows_at;
	walk->line = layout->rows_line;
}

static bool
all_blank(const struct diff_cells *cells)
{
	size_t i;

	for (i = 0; i < cells->ncells; i++) {
		if (cells->cells[i].len > 0)
			return false;
	}
	return true;
}

bool
diff_side_key(const struct diff_layout *layout,
    const struct diff_record *record, struct diff_cells *cells, struct buf *key)
{
	size_t i, place;

	diff_record_cut(record, cells);
	if (diff_record_may_be_blank(record->bytes, record->len) &&
	    all_blank(cells))
		return false;
	key->len = 0;
	buf_reserve(key, 1);
	for (i = 0; i < layout->nkeys; i++) {
		if (i > 0)
			buf_addc(key, '\0');
		place = layout->keys[i];
		if (place < cells->ncells)
			buf_add(key, cells->cells[place].bytes,
			    cells->cells[place].len);
	}
	return true;
}

int
diff_side_key_order(const struct buf *a, const struct buf *b)
{
	int order;

	order = memcmp(a->data, b->data, a->len < b->len ? a->len : b->len);
	if (order != 0)
		return order;
	return a->len < b->len ? -1 : a->len > b->len;
}
