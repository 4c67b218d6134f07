#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "roster/finding.h"
#include "source/bind.h"
#include "source/clean.h"

#define HEADER_SHOWN 60 /* bytes of a header in a message */

/* The bare names of a header row; a column of another table is blank. */
struct header {
	char *names;
	const char **bare;
	const struct csv_cell *cells;
	size_t count;
};

static void
header_read(struct header *header, const struct feed *feed,
    const struct csv_cell *cells, size_t ncells)
{
	size_t i, total;
	char *at;

	total = 0;
	for (i = 0; i < ncells; i++)
		total += cells[i].len + 1;
	header->names = mem_alloc(total);
	header->bare = mem_zalloc(ncells, sizeof(*header->bare));
	header->cells = cells;
	header->count = ncells;
	at = header->names;
	for (i = 0; i < ncells; i++) {
		header->bare[i] = at;
		if (!feed_column(feed, cells[i].bytes, cells[i].len, at))
			*at = '\0';
		at += strlen(at) + 1;
	}
}

static void
header_free(struct header *header)
{
	free(header->names);
	free(header->bare);
}

/* The cell whose header is that name, -1: none, -2: more than one. */
static int
header_find(const struct header *header, const char *name)
{
	size_t i;
	int found;

	found = -1;
	for (i = 0; i < header->count; i++) {
		if (!feed_column_is(header->bare[i], name))
			continue;
		if (found >= 0)
			return -2;
		found = (int)i;
	}
	return found;
}

static int
bind_missing(const struct header *header, const char *name, const char *file,
    struct err *err)
{
	const char **names;
	const char *nearest;
	struct csv_cell cell = { 0 };
	size_t i;

	names = mem_zalloc(header->count + 1, sizeof(*names));
	for (i = 0; i < header->count; i++)
		names[i] = header->bare[i];
	nearest = nearest_name(name, names);
	for (i = 0; i < header->count && nearest != NULL; i++) {
		if (names[i] == nearest)
			cell = header->cells[i];
	}
	free(names);
	err_set(err, EXIT_SOURCE,
	    "%s:1:1: the column %s is missing%s%.*s%s;"
	    " nothing was published",
	    file, name, nearest == NULL ? "" : " (the nearest header is \"",
	    (int)(cell.len < HEADER_SHOWN ? cell.len : HEADER_SHOWN),
	    nearest == NULL ? "" : cell.bytes, nearest == NULL ? "" : "\")");
	return err_hint(err,
	    "Add %s to the export, with its header, and run"
	    " again.",
	    name);
}

static uint16_t
bind_cell(struct binder *binder, uint16_t cell)
{
	size_t i;

	for (i = 0; i < binder->ncells; i++) {
		if (binder->cells[i] == cell)
			return (uint16_t)i;
	}
	binder->cells[binder->ncells] = cell;
	return (uint16_t)binder->ncells++;
}

/* The name under which a feed has a field. */
static const char *
column_name(const struct feed *feed, const struct binder *binder,
    enum table_id table, unsigned field)
{
	const struct feed_alias *alias;

	for (alias = feed->aliases; alias->column != NULL; alias++) {
		if (alias->table == table && alias->field == field)
			return alias->column;
	}
	return binder->schema[table].fields[field].name;
}

/* Student Schedules rows take their dates from the term, not from columns. */
static bool
is_needed(const struct binder *binder, const struct field *field)
{
	return (field->use & FIELD_NEEDED) != 0 &&
	    !(binder->schedule && field->type == FIELD_DATE);
}

static int
bind_field(struct binder *binder, struct bind_table *table, unsigned field,
    const char *name, const struct header *header, const char *file,
    struct err *err)
{
	const struct field *f;
	int cell;

	f = &binder->schema[table->table].fields[field];
	cell = header_find(header, name);
	if (cell == -2) {
		err_set(err, EXIT_SOURCE,
		    "%s:1:1: the column %s is there"
		    " twice; nothing was published",
		    file, name);
		return err_hint(err, "Export the column once.");
	}
	if (cell < 0)
		return is_needed(binder, f) ?
		    bind_missing(header, name, file, err) :
		    0;
	table->columns[table->ncolumns] = (struct bind_column){
		bind_cell(binder, (uint16_t)cell), (uint8_t)field,
		(uint8_t)f->type
	};
	binder->is_date[table->columns[table->ncolumns++].cell] = f->type ==
	    FIELD_DATE;
	return 0;
}

int
bind_header(struct binder *binder, const struct feed *feed,
    const struct roster *roster, const char *file, const struct csv_cell *cells,
    size_t ncells, struct err *err)
{
	struct header header;
	struct bind_table *table;
	size_t i;
	unsigned f;
	int rc;

	rc = -1;
	if (ncells > UINT16_MAX) {
		err_set(err, EXIT_SOURCE,
		    "%s:1:1: the header has %zu columns;"
		    " nothing was published",
		    file, ncells);
		return err_hint(err,
		    "Export the table with its own columns"
		    " only.");
	}
	*binder = (struct binder){ .schema = roster->schema,
		.width = ncells,
		.ntables = feed->ntables };
	binder->schedule = strstr(feed->name, "schedules") != NULL;
	header_read(&header, feed, cells, ncells);
	for (i = 0; i < feed->ntables; i++) {
		table = &binder->tables[i];
		table->table = feed->tables[i];
		for (f = 0; roster->schema[table->table].fields[f].name != NULL;
		     f++) {
			if (roster->tables[table->table].wanted[f] &&
			    bind_field(binder, table, f,
				column_name(feed, binder, table->table, f),
				&header, file, err) != 0)
				goto out;
		}
	}
	rc = 0;
out:
	header_free(&header);
	return rc;
}

static void
batch_grow(struct batch_table *rows, const struct bind_table *table)
{
	size_t i;

	if (rows->nrows < rows->cap)
		return;
	rows->cap = rows->cap == 0 ? 1024 : rows->cap * 2;
	for (i = 0; i < table->ncolumns; i++) {
		uint32_t **column = &rows->columns[table->columns[i].field];

		*column = mem_realloc(*column, rows->cap, sizeof(uint32_t));
	}
	rows->flags = mem_realloc(rows->flags, rows->cap, 1);
}

static void
batch_mark(struct batch_table *rows, enum rule rule, unsigned field)
{
	rows->marks = mem_grow(
	    rows->marks, rows->nmarks, &rows->capmarks, sizeof(*rows->marks));
	rows->marks[rows->nmarks++] = (struct mark){ (uint32_t)rows->nrows,
		(uint8_t)rule, (uint8_t)field };
	rows->flags[rows->nrows] |= ROW_MARKED;
}

static int32_t
read_date(struct date_memo memos[DATE_MEMOS], const struct csv_cell *cell)
{
	struct date_memo *memo;

	if (cell->len == 0)
		return DATE_BLANK;
	memo = &memos[(unsigned char)cell->bytes[cell->len - 1] &
	    (DATE_MEMOS - 1)];
	if (cell->len == memo->len &&
	    memcmp(memo->text, cell->bytes, cell->len) == 0)
		return memo->date;
	memo->date = date_parse(cell->bytes, cell->len);
	memo->len = 0;
	if (memo->date != DATE_BAD && cell->len <= sizeof(memo->text)) {
		memcpy(memo->text, cell->bytes, cell->len);
		memo->len = cell->len;
	}
	return memo->date;
}

/* A cell that is a number or a date as it stands needs no cleaning. */
static void
read_value(struct bind_value *value, bool is_date, struct date_memo *memos,
    const struct intern *intern)
{
	struct csv_cell *cell;

	cell = &value->cell;
	value->flags = 0;
	value->number = (sym){ 0 };
	if (is_date) {
		value->date = read_date(memos, cell);
		if (value->date != DATE_BAD)
			return;
	} else {
		value->number = sym_of_digits(cell->bytes, cell->len);
		if (value->number.id != 0)
			return;
	}
	cell->len = clean_cell(cell->bytes, cell->len, &value->flags);
	if (is_date)
		value->date = read_date(memos, cell);
	else
		value->hash = intern_seek(intern, cell->bytes, cell->len);
}

static uint32_t
bind_text(struct intern *intern, const struct bind_value *value)
{
	return value->number.id != 0 ?
	    value->number.id :
	    intern_add_sought(
		intern, value->cell.bytes, value->cell.len, value->hash)
		.id;
}

static uint32_t
bind_signed_id(
    struct intern *intern, const struct bind_value *value, uint8_t *flags)
{
	const struct csv_cell *cell;

	cell = &value->cell;
	if (value->number.id != 0 || cell->len < 2 || cell->bytes[0] != '-')
		return bind_text(intern, value);
	*flags |= ROW_MINUS;
	return intern_add(intern, cell->bytes + 1, cell->len - 1).id;
}

static uint32_t
bind_date(struct batch_table *rows, const struct field *field,
    const struct bind_column *column, const struct bind_value *value)
{
	if (value->date != DATE_BAD)
		return (uint32_t)value->date;
	batch_mark(rows, RULE_SRC_DATE, column->field);
	return (field->use & FIELD_NEEDED) != 0 ? (uint32_t)DATE_BAD :
						  (uint32_t)DATE_BLANK;
}

/* Notes what cleaning did to a cell of the row at hand. */
static void
bind_marks(struct batch_table *rows, unsigned flags, unsigned field)
{
	if (flags & CLEAN_CONTROL)
		batch_mark(rows, RULE_SRC_CONTROL, field);
	if (flags & CLEAN_ENTITY)
		batch_mark(rows, RULE_SRC_ENTITY, field);
}

/* Makes one row of one table of the cells' values. */
static void
bind_row(struct batch *batch, size_t t, const struct bind_value *values,
    uint32_t line)
{
	const struct bind_table *table;
	const struct bind_column *column;
	const struct bind_value *value;
	const struct field *fields;
	struct batch_table *rows;
	uint32_t cell;
	size_t i;

	table = &batch->binder->tables[t];
	fields = batch->binder->schema[table->table].fields;
	rows = &batch->tables[t];
	batch_grow(rows, table);
	rows->flags[rows->nrows] = batch->binder->schedule ? ROW_SCHEDULE : 0;
	for (i = 0; i < table->ncolumns; i++) {
		column = &table->columns[i];
		value = &values[column->cell];
		if (value->flags != 0)
			bind_marks(rows, value->flags, column->field);
		if (column->type == FIELD_DATE)
			cell = bind_date(
			    rows, &fields[column->field], column, value);
		else if (column->type == FIELD_SIGNED_ID)
			cell = bind_signed_id(
			    batch->intern, value, &rows->flags[rows->nrows]);
		else
			cell = bind_text(batch->intern, value);
		rows->columns[column->field][rows->nrows] = cell;
	}
	row_lines_add(&rows->lines, (uint32_t)rows->nrows++, line);
}

int
bind_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	const struct binder *binder;
	struct bind_value *values;
	struct batch *batch;
	size_t i;

	batch = arg;
	values = batch->values;
	binder = batch->binder;
	if (batch->skip > 0) {
		batch->skip--;
		return 0;
	}
	if (ncells != binder->width) {
		batch->wrong_cells = ncells;
		return -1;
	}
	for (i = 0; i < binder->ncells; i++) {
		values[i].cell = cells[binder->cells[i]];
		read_value(&values[i], binder->is_date[i], batch->memos[i],
		    batch->intern);
	}
	for (i = 0; i < binder->ntables; i++)
		bind_row(batch, i, values, line);
	return 0;
}

static void
commit_column(struct table *to, unsigned field, enum field_type type,
    const uint32_t *from, size_t n)
{
	uint32_t *at, blank;
	size_t i;

	if (!to->bound[field])
		return;
	at = to->columns[field] + to->nrows;
	if (from != NULL) {
		memcpy(at, from, n * sizeof(*at));
		return;
	}
	blank = type == FIELD_DATE ? (uint32_t)DATE_BLANK : 0;
	for (i = 0; i < n; i++)
		at[i] = blank;
}

void
bind_commit(struct batch *batch, struct roster *roster, uint32_t first_line)
{
	const struct field *fields;
	struct batch_table *from;
	struct table *to;
	size_t t, i;
	unsigned f;

	for (t = 0; t < batch->binder->ntables; t++) {
		from = &batch->tables[t];
		if (from->nrows == 0)
			continue;
		to = &roster->tables[batch->binder->tables[t].table];
		fields = roster->schema[batch->binder->tables[t].table].fields;
		table_reserve(to, from->nrows);
		for (f = 0; f < FIELDS_MAX; f++)
			commit_column(to, f, fields[f].type, from->columns[f],
			    from->nrows);
		for (i = 0; i < from->lines.nruns; i++)
			row_lines_add(&to->lines,
			    (uint32_t)to->nrows + from->lines.runs[i].row,
			    first_line + from->lines.runs[i].line);
		memcpy(to->flags + to->nrows, from->flags, from->nrows);
		for (i = 0; i < from->nmarks; i++) {
			to->marks = mem_grow(to->marks, to->nmarks,
			    &to->capmarks, sizeof(*to->marks));
			to->marks[to->nmarks] = from->marks[i];
			to->marks[to->nmarks++].row += (uint32_t)to->nrows;
		}
		to->nrows += from->nrows;
	}
}

void
batch_empty(struct batch *batch)
{
	size_t t;

	for (t = 0; t < FEED_TABLES_MAX; t++) {
		batch->tables[t].nrows = batch->tables[t].nmarks = 0;
		row_lines_cut(&batch->tables[t].lines, 0);
	}
	batch->skip = batch->wrong_cells = 0;
}

void
batch_free(struct batch *batch)
{
	struct batch_table *rows;
	size_t t, f;

	for (t = 0; t < FEED_TABLES_MAX; t++) {
		rows = &batch->tables[t];
		for (f = 0; f < FIELDS_MAX; f++)
			free(rows->columns[f]);
		free(rows->lines.runs);
		free(rows->flags);
		free(rows->marks);
	}
}
