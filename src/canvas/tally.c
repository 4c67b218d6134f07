#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/mem.h"
#include "canvas/tally.h"

/* Beyond so many forms the ids have none, and more count as other ones. */
#define SHAPES_MAX 4096

/* The columns of a sheet that are looked at. */
static const struct {
	const char *id; /* whose form is counted */
	const char *role;
} columns[KEEP_SHEETS] = {
	[SHEET_ACCOUNT] = { "account_id", NULL },
	[SHEET_TERM] = { "term_id", NULL },
	[SHEET_USER] = { "user_id", NULL },
	[SHEET_COURSE] = { "course_id", NULL },
	[SHEET_SECTION] = { "section_id", NULL },
	[SHEET_ENROLLMENT] = { "section_id", "role" },
};

/* A sheet that is being counted. */
struct count {
	enum sheet_kind kind;
	struct intern *intern;
	const struct places *places;
	struct tally_sheet *sheet;
	size_t id_at, role_at; /* cells of the file at hand */

	bool known; /* of the last row, in its file: */
	struct str id;
	struct place place;
	struct str role_text;
	sym role;
	size_t cell; /* that row's; SIZE_MAX: none */

	struct idmap cells; /* place and role -> cell */
	struct intern *shape_texts;
	struct idmap shape_index; /* text -> shape */
	struct tally_shape *shapes;
	size_t nshapes, capshapes;
	struct tally_shape *shape; /* of the last row; NULL: none */
};

size_t
tally_shape(struct str id, char shape[TALLY_SHAPE_MAX + 1])
{
	unsigned char c;
	size_t i, len;
	char form;

	len = 0;
	for (i = 0; i < id.len && len < TALLY_SHAPE_MAX; i++) {
		c = (unsigned char)id.bytes[i];
		form = id.bytes[i];
		if (c >= '0' && c <= '9')
			form = '9';
		/* What is not ASCII is taken for a letter of its script. */
		if (c >= 0x80 || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			form = 'a';
		if (len > 0 && form == shape[len - 1] &&
		    (form == '9' || form == 'a'))
			continue;
		shape[len++] = form;
	}
	shape[len] = '\0';
	return len;
}

static bool
same_text(struct str a, struct str b)
{
	return a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
}

/* The counted shape of an id; NULL when there are too many of them. */
static struct tally_shape *
find_shape(struct count *count, struct str id)
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
find_place(const struct count *count, struct str id)
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
		return places_of_section(count->places, id);
	default:
		return place;
	}
}

static size_t
add_cell(struct count *count)
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
find_cell(struct count *count)
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

/*
 * Rows that follow each other share most of what is looked up. stays: the
 * cells are still there when the next row comes.
 */
static void
count_row(struct count *count, struct str id, struct str role, bool stays)
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
	count->sheet->rows++;
	if (count->cell != SIZE_MAX)
		count->sheet->cells[count->cell].rows++;
	if (count->shape != NULL)
		count->shape->rows++;
}

/* A cell of a record without a quote, as diff_record_cut() has it. */
static struct str
plain_cell(const struct diff_record *record, size_t at)
{
	const char *cell, *end, *comma;

	cell = record->bytes;
	end = record->bytes + record->len;
	for (;; at--) {
		comma = memchr(cell, ',', (size_t)(end - cell));
		if (at == 0)
			return diff_cell_stripped((struct str){ cell,
			    (size_t)((comma == NULL ? end : comma) - cell) });
		if (comma == NULL)
			return (struct str){ "", 0 };
		cell = comma + 1;
	}
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
count_record(struct count *count, const struct diff_record *record,
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
}

static int
count_file(
    struct count *count, const struct diff_layout *layout, struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	int rc;

	count->id_at = diff_side_place(layout, columns[count->kind].id);
	count->role_at = diff_side_place(layout, columns[count->kind].role);
	count->known = false;
	diff_side_walk(layout, &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		count_record(count, &record, &walk.cells);
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
take_shapes(struct count *count)
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

/* Bytewise by text, whatever numbers the syms have in this run. */
static int
sym_order(const struct intern *intern, sym a, sym b)
{
	char digits[2][SYM_DIGITS];
	struct str x, y;
	int order;

	x = intern_text(intern, a, digits[0]);
	y = intern_text(intern, b, digits[1]);
	order = memcmp(x.bytes, y.bytes, x.len < y.len ? x.len : y.len);
	if (order != 0)
		return order;
	return x.len < y.len ? -1 : x.len > y.len;
}

int
tally_place_order(const struct intern *intern, const struct tally_cell *a,
    const struct tally_cell *b)
{
	int order;

	order = sym_order(intern, a->school, b->school);
	return order != 0 ? order : sym_order(intern, a->term, b->term);
}

static int
cell_order(const void *a, const void *b, void *intern)
{
	const struct tally_cell *x, *y;
	int order;

	x = a;
	y = b;
	order = tally_place_order(intern, x, y);
	return order != 0 ? order : sym_order(intern, x->role, y->role);
}

static void
sort_cells(struct count *count)
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

static int
count_sheet(
    struct count *count, const struct diff_input *input, struct err *err)
{
	struct diff_side side = { 0 };
	size_t i;
	int rc;

	count->shape_texts = intern_new();
	rc = diff_side_open(&side, input, err);
	for (i = 0; i < side.nlayouts && rc == 0; i++)
		rc = count_file(count, &side.layouts[i], err);
	diff_side_close(&side);
	take_shapes(count);
	sort_cells(count);
	idmap_free(&count->cells);
	idmap_free(&count->shape_index);
	intern_free(count->shape_texts);
	free(count->shapes);
	return rc;
}

int
tally_make(struct tally *tally, struct intern *intern,
    const struct places *places, const struct diff_input *inputs,
    struct err *err)
{
	enum sheet_kind kind;

	*tally = (struct tally){ 0 };
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		struct count count = { .kind = kind,
			.intern = intern,
			.places = places,
			.sheet = &tally->sheets[kind] };

		if (count_sheet(&count, &inputs[kind], err) != 0)
			return -1;
	}
	return 0;
}

void
tally_free(struct tally *tally)
{
	enum sheet_kind kind;

	for (kind = 0; kind < KEEP_SHEETS; kind++)
		free(tally->sheets[kind].cells);
	*tally = (struct tally){ 0 };
}
