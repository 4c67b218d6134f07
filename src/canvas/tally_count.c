#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/mem.h"
#include "canvas/repeat.h"
#include "canvas/tally_count.h"

/* Beyond so many forms the ids have none, and more count as other ones. */
#define SHAPES_MAX 4096

/* The columns of a sheet that are looked at. */
static const struct {
	const char *id; /* whose form is counted */
	const char *role;
	const char *user; /* the only cell in which many rows differ */
} columns[KEEP_SHEETS] = {
	[SHEET_ACCOUNT] = { "account_id", NULL, NULL },
	[SHEET_TERM] = { "term_id", NULL, NULL },
	[SHEET_USER] = { "user_id", NULL, NULL },
	[SHEET_COURSE] = { "course_id", NULL, NULL },
	[SHEET_SECTION] = { "section_id", NULL, NULL },
	[SHEET_ENROLLMENT] = { "section_id", "role", "user_id" },
};

/* A sheet that is being counted. */
struct tally_count {
	enum sheet_kind kind;
	struct intern *intern;
	const struct places *places;
	struct tally_sheet *sheet;
	size_t near;	       /* of the sections of places */
	size_t id_at, role_at; /* cells of the file at hand */
	size_t user_at;	       /* of enrollments: the cell that differs */

	bool known; /* of the last row, in its file: */
	struct str id;
	struct place place;
	struct str role_text;
	sym role;
	size_t cell;	      /* that row's; SIZE_MAX: none */
	struct repeat repeat; /* that row, for others of its section */

	struct idmap cells; /* place and role -> cell */
	struct intern *shape_texts;
	struct idmap shape_index; /* text -> shape */
	struct tally_shape *shapes;
	size_t nshapes, capshapes;
	struct tally_shape *shape; /* of the last row; NULL: none */
};

static bool
same_text(struct str a, struct str b)
{
	return a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
}

/* The counted shape of an id; NULL when there are too many of them. */
static struct tally_shape *
find_shape(struct tally_count *count, struct str id)
{
	struct tally_shape shape = { 0 };
	uint32_t at;
	size_t len;
	sym text;

	len = tally_shape(id, shape.text);
	if (count->shape != NULL && strcmp(count->shape->text, shape.text) == 0)
		return count->shape;
	if (count->nshapes >= SHAPES_MAX) {
		if (!intern_find(count->shape_texts, shape.text, len, &text))
			return NULL;
	} else {
		text = intern_add(count->shape_texts, shape.text, len);
	}
	if (idmap_get(&count->shape_index, text.id, &at))
		return &count->shapes[at];
	if (count->nshapes >= SHAPES_MAX)
		return NULL;
	idmap_put(&count->shape_index, text.id, (uint32_t)count->nshapes);
	count->shapes = mem_grow(count->shapes, count->nshapes,
	    &count->capshapes, sizeof(*count->shapes));
	count->shapes[count->nshapes] = shape;
	return &count->shapes[count->nshapes++];
}

static struct place
find_place(struct tally_count *count, struct str id)
{
	struct place place = { .number = PLACE_NOWHERE };

	switch (count->kind) {
	case SHEET_ACCOUNT:
		place.school = intern_add(count->intern, id.bytes, id.len);
		return place;
	case SHEET_TERM:
		place.school = places_school_of_term(count->places, id);
		place.term = intern_add(count->intern, id.bytes, id.len);
		return place;
	case SHEET_COURSE:
		return places_of_course(count->places, id);
	case SHEET_SECTION:
	case SHEET_ENROLLMENT:
		return places_near_section(count->places, id, &count->near);
	default:
		return place;
	}
}

static size_t
add_cell(struct tally_count *count)
{
	struct tally_sheet *sheet;

	sheet = count->sheet;
	sheet->cells = mem_grow(sheet->cells, sheet->ncells, &sheet->capcells,
	    sizeof(*sheet->cells));
	sheet->cells[sheet->ncells] = (struct tally_cell){ count->place.school,
		count->place.term, count->role, 0 };
	return sheet->ncells++;
}

/* The cell of the row at hand; SIZE_MAX when it belongs nowhere. */
static size_t
find_cell(struct tally_count *count)
{
	uint64_t key;
	uint32_t at;

	if (count->place.school.id == 0 && count->place.term.id == 0)
		return SIZE_MAX;
	if (count->place.number == PLACE_NOWHERE)
		return add_cell(count);
	key = (uint64_t)count->place.number << 32 | count->role.id;
	if (!idmap_get(&count->cells, key, &at)) {
		at = (uint32_t)add_cell(count);
		idmap_put(&count->cells, key, at);
	}
	return at;
}

/* Adds rows to what the last row was counted under. */
static void
add_rows(struct tally_count *count, uint64_t rows)
{
	count->sheet->rows += rows;
	if (count->cell != SIZE_MAX)
		count->sheet->cells[count->cell].rows += rows;
	if (count->shape != NULL)
		count->shape->rows += rows;
}

/*
 * Rows that follow each other share most of what is looked up. stays: the
 * cells are still there when the next row comes.
 */
static void
count_row(struct tally_count *count, struct str id, struct str role, bool stays)
{
	bool same_id, same_role;

	same_id = count->known && same_text(id, count->id);
	same_role = count->known && same_text(role, count->role_text);
	if (!same_id) {
		count->place = find_place(count, id);
		count->shape = find_shape(count, id);
	}
	if (!same_role)
		count->role = intern_add(count->intern, role.bytes, role.len);
	if (!same_id || !same_role)
		count->cell = find_cell(count);
	count->known = stays;
	count->id = id;
	count->role_text = role;
	add_rows(count, 1);
}

/* The bytes of a cell of a record without a quote. */
static struct str
raw_cell(const struct diff_record *record, size_t at)
{
	const char *cell, *end, *comma;

	cell = record->bytes;
	end = record->bytes + record->len;
	for (;; at--) {
		comma = memchr(cell, ',', (size_t)(end - cell));
		if (at == 0)
			return (struct str){ cell,
				(size_t)((comma == NULL ? end : comma) -
				    cell) };
		if (comma == NULL)
			return (struct str){ "", 0 };
		cell = comma + 1;
	}
}

/* The same as diff_record_cut() has it. */
static struct str
plain_cell(const struct diff_record *record, size_t at)
{
	return diff_cell_stripped(raw_cell(record, at));
}

/* Notes a record that others may repeat for other users. */
static void
note_repeat(struct tally_count *count, const struct diff_record *record)
{
	struct str user;

	user = raw_cell(record, count->user_at);
	if (user.len == 0 || record->behind == record->len)
		return;
	count->repeat.before = record->bytes;
	count->repeat.before_len = (size_t)(user.bytes - record->bytes);
	count->repeat.after = user.bytes + user.len;
	count->repeat.after_len = record->behind - count->repeat.before_len -
	    user.len;
}

/* Counts and passes the rows that repeat the noted one. */
static void
count_repeated(struct tally_count *count, struct diff_walk *walk)
{
	uint64_t rows;
	size_t len;

	for (rows = 0;
	     (len = repeat_cell(&count->repeat, walk->at, walk->end)) > 0;
	     rows++)
		walk->at += count->repeat.before_len + len +
		    count->repeat.after_len;
	walk->line += rows;
	if (rows > 0)
		add_rows(count, rows);
}

static struct str
cut_cell(const struct diff_cells *cells, size_t at)
{
	return at < cells->ncells ? cells->cells[at] : (struct str){ "", 0 };
}

static bool
is_blank_row(const struct diff_record *record, struct diff_cells *cells)
{
	size_t i;

	if (!diff_record_may_be_blank(record->bytes, record->len))
		return false;
	diff_record_cut(record, cells);
	for (i = 0; i < cells->ncells; i++) {
		if (cells->cells[i].len > 0)
			return false;
	}
	return true;
}

static void
count_record(struct tally_count *count, const struct diff_record *record,
    struct diff_cells *cells)
{
	struct str id, role;

	if (is_blank_row(record, cells))
		return;
	if (record->quoted) {
		diff_record_cut(record, cells);
		id = cut_cell(cells, count->id_at);
		role = cut_cell(cells, count->role_at);
	} else {
		id = plain_cell(record, count->id_at);
		role = plain_cell(record, count->role_at);
	}
	count_row(count, id, role, !record->quoted);
	if (count->user_at != SIZE_MAX && !record->quoted)
		note_repeat(count, record);
}

int
tally_count_rows(struct tally_count *count, const struct diff_layout *layout,
    struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	int rc;

	count->id_at = diff_side_place(layout, columns[count->kind].id);
	count->role_at = diff_side_place(layout, columns[count->kind].role);
	count->user_at = diff_side_place(layout, columns[count->kind].user);
	count->known = false;
	diff_side_walk(layout, &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		count->repeat.before = NULL;
		count_record(count, &record, &walk.cells);
		diff_walk_pass(&walk, &record);
		count_repeated(count, &walk);
	}
	diff_walk_free(&walk);
	return rc;
}

/* Counts a row whose place is known. */
static void
count_placed(struct tally_count *count, struct str id, struct place place)
{
	count->place = place;
	count->shape = find_shape(count, id);
	count->cell = find_cell(count);
	add_rows(count, 1);
}

int
tally_count_take(struct tally_count *count, struct places *places,
    const struct diff_layout *layout, struct err *err)
{
	size_t at[PLACES_CELLS];
	struct diff_record record;
	struct diff_walk walk;
	struct place place;
	int rc;

	places_bind(layout, count->kind, at);
	diff_side_walk(layout, &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		if (!is_blank_row(&record, &walk.cells)) {
			diff_record_cut(&record, &walk.cells);
			place = places_take_row(
			    places, count->kind, &walk.cells, at);
			count_placed(
			    count, cut_cell(&walk.cells, at[0]), place);
		}
		diff_walk_pass(&walk, &record);
	}
	diff_walk_free(&walk);
	return rc;
}

static int
shape_order(const void *a, const void *b)
{
	const struct tally_shape *x, *y;

	x = a;
	y = b;
	if (x->rows != y->rows)
		return x->rows > y->rows ? -1 : 1;
	return strcmp(x->text, y->text);
}

static void
take_shapes(struct tally_count *count)
{
	struct tally_sheet *sheet;
	size_t i;

	sheet = count->sheet;
	if (count->nshapes > 0)
		qsort(count->shapes, count->nshapes, sizeof(*count->shapes),
		    shape_order);
	for (i = 0; i < count->nshapes && i < TALLY_SHAPES; i++)
		sheet->shapes[sheet->nshapes++] = count->shapes[i];
}

static int
cell_order(const void *a, const void *b, void *intern)
{
	const struct tally_cell *x, *y;
	int order;

	x = a;
	y = b;
	order = tally_place_order(intern, x, y);
	return order != 0 ? order : intern_order(intern, x->role, y->role);
}

static void
sort_cells(struct tally_count *count)
{
	struct tally_sheet *sheet;
	struct tally_cell *last;
	size_t i, n;

	sheet = count->sheet;
	if (sheet->ncells == 0)
		return;
	qsort_r(sheet->cells, sheet->ncells, sizeof(*sheet->cells), cell_order,
	    count->intern);
	n = 1;
	for (i = 1; i < sheet->ncells; i++) {
		last = &sheet->cells[n - 1];
		if (cell_order(last, &sheet->cells[i], count->intern) == 0)
			last->rows += sheet->cells[i].rows;
		else
			sheet->cells[n++] = sheet->cells[i];
	}
	sheet->ncells = n;
}

struct tally_count *
tally_count_begin(struct tally_sheet *sheet, enum sheet_kind kind,
    struct intern *intern, const struct places *places)
{
	struct tally_count *count;

	count = mem_zalloc(1, sizeof(*count));
	count->kind = kind;
	count->intern = intern;
	count->places = places;
	count->sheet = sheet;
	count->shape_texts = intern_new();
	return count;
}

void
tally_count_end(struct tally_count *count)
{
	if (count == NULL)
		return;
	take_shapes(count);
	sort_cells(count);
	idmap_free(&count->cells);
	idmap_free(&count->shape_index);
	intern_free(count->shape_texts);
	free(count->shapes);
	free(count);
}
