#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csvio.h"
#include "base/mem.h"
#include "source/ps_feed.h"

#define BATCH_ROWS 8192 /* that go into the roster at once */

/* The feed that stands for a table, as files of its name do. */
static const struct feed *
feed_named(const char *name)
{
	const struct feed *feed;

	for (feed = feeds; strcmp(feed->name, name) != 0; feed++)
		continue;
	return feed;
}

static void
choose_columns(struct ps_feed *feed, const char *const *given)
{
	const struct table *table;
	int field;

	table = &feed->roster->tables[feed->table];
	feed->ncolumns = 0;
	feed->key = -1;
	for (; *given != NULL; given++) {
		field = schema_field(feed->table, *given, strlen(*given));
		if (feed->query->key != NULL &&
		    strcmp(*given, feed->query->key) == 0)
			feed->key = (int)feed->ncolumns;
		else if (field < 0 || !table->wanted[field])
			continue;
		feed->columns[feed->ncolumns++] = *given;
	}
}

static void
save_header(struct ps_feed *feed)
{
	size_t i;

	for (i = 0; i < feed->ncolumns; i++) {
		ps_save_add(
		    feed->save, feed->columns[i], strlen(feed->columns[i]));
		ps_save_add(feed->save, i + 1 < feed->ncolumns ? "," : "\n", 1);
	}
}

/* Whether the roster holds the key, or there is none. */
static bool
keeps_key(const struct ps_feed *feed)
{
	int field;

	if (feed->key < 0)
		return true;
	field = schema_field(
	    feed->table, feed->query->key, strlen(feed->query->key));
	return field >= 0 && feed->roster->tables[feed->table].bound[field];
}

int
ps_feed_begin(struct ps_feed *feed, const char *const *given, struct err *err)
{
	struct csv_cell cells[PS_COLUMNS_MAX];
	struct table *table;
	size_t i;

	snprintf(
	    feed->name, sizeof(feed->name), "%s.csv", schema[feed->table].name);
	choose_columns(feed, given);
	for (i = 0; i < feed->ncolumns; i++)
		cells[i] = (struct csv_cell){
			(char *)(uintptr_t)feed->columns[i],
			strlen(feed->columns[i])
		};
	if (bind_header(&feed->binder, feed_named(schema[feed->table].name),
		feed->roster, feed->name, cells, feed->ncolumns, err) != 0)
		return -1;
	table = &feed->roster->tables[feed->table];
	memset(table->bound, 0, sizeof(table->bound));
	for (i = 0; i < feed->binder.tables[0].ncolumns; i++)
		table->bound[feed->binder.tables[0].columns[i].field] = true;
	if (!feed->open) {
		roster_add_file(feed->roster, feed->name, feed->table);
		if (feed->save != NULL &&
		    ps_save_file(feed->save, feed->name, err) != 0)
			return -1;
	}
	feed->open = true;
	feed->keeps_keys = !keeps_key(feed);
	feed->bytes = 0;
	ps_feed_restart(feed);
	return 0;
}

void
ps_feed_restart(struct ps_feed *feed)
{
	table_cut(&feed->roster->tables[feed->table], 0);
	if (feed->save != NULL) {
		ps_save_cut(feed->save, 0);
		save_header(feed);
	}
	feed->lines = 1;
	feed->rows = 0;
	feed->nkeys = 0;
	feed->keyless = false;
	ps_feed_next_range(feed);
	feed->unordered = feed->moved = false;
}

void
ps_feed_next_range(struct ps_feed *feed)
{
	feed->last_key = 0;
	feed->any_key = false;
	feed->range_row = feed->roster->tables[feed->table].nrows;
}

/* The roster's column of the key; NULL when it does not hold it. */
static const uint32_t *
key_column(const struct ps_feed *feed)
{
	int field;

	if (feed->key < 0 || feed->keeps_keys)
		return NULL;
	field = schema_field(
	    feed->table, feed->query->key, strlen(feed->query->key));
	return feed->roster->tables[feed->table].columns[field];
}

static int
number_order(const void *a, const void *b)
{
	const uint64_t *x, *y;

	x = a;
	y = b;
	return *x < *y ? -1 : *x > *y;
}

static bool
any_equal(const struct ps_feed *feed, const uint32_t *column)
{
	size_t i, count;
	bool equal;

	if (column == NULL) {
		if (feed->nkeys > 1)
			qsort(feed->keys, feed->nkeys, sizeof(*feed->keys),
			    number_order);
		equal = false;
		for (i = 1; i < feed->nkeys && !equal; i++)
			equal = feed->keys[i] == feed->keys[i - 1];
		return equal;
	}
	free(key_index_repeated(
	    column, feed->roster->tables[feed->table].nrows, &count));
	return count > 0;
}

/* Whether the last range has a key of the one before; both are in order, and
 * so are the syms of numbers. */
static bool
ranges_meet(const struct ps_feed *feed, const uint32_t *column)
{
	size_t a, b, n;

	n = feed->roster->tables[feed->table].nrows;
	a = 0;
	b = feed->range_row;
	while (a < feed->range_row && b < n) {
		if (column[a] == column[b])
			return true;
		if (column[a] < column[b])
			a++;
		else
			b++;
	}
	return false;
}

bool
ps_feed_repeats(struct ps_feed *feed)
{
	const uint32_t *column;

	column = key_column(feed);
	if (feed->key < 0)
		return false;
	if (feed->unordered || (column == NULL && feed->range_row > 0))
		return any_equal(feed, column);
	return feed->moved ||
	    (column != NULL && feed->range_row > 0 &&
		ranges_meet(feed, column));
}

void
ps_feed_free(struct ps_feed *feed)
{
	free(feed->keys);
	feed->keys = NULL;
	feed->nkeys = feed->capkeys = 0;
}

int
ps_feed_end(struct ps_feed *feed, struct err *err)
{
	feed->roster->files[feed->roster->nfiles - 1].lines = feed->lines;
	return feed->save == NULL ? 0 : ps_save_end_file(feed->save, err);
}

void
ps_feed_abandon(struct ps_feed *feed)
{
	struct roster *roster;

	if (!feed->open)
		return;
	roster = feed->roster;
	table_cut(&roster->tables[feed->table], 0);
	memset(roster->tables[feed->table].bound, 0,
	    sizeof(roster->tables[feed->table].bound));
	free(roster->files[--roster->nfiles].name);
	if (feed->save != NULL)
		ps_save_drop_file(feed->save);
	feed->open = false;
}

void
ps_rows_begin(struct ps_rows *rows, struct ps_feed *feed)
{
	*rows = (struct ps_rows){ .feed = feed };
	rows->batch.binder = &feed->binder;
	rows->batch.intern = feed->roster->intern;
}

static void
empty(struct ps_rows *rows)
{
	batch_empty(&rows->batch);
	rows->text.len = 0;
	rows->lines = 0;
	rows->any_key = false;
	rows->nkeys = 0;
}

void
ps_rows_again(struct ps_rows *rows)
{
	struct ps_feed *feed;

	feed = rows->feed;
	if (rows->begun) {
		rows->before.keys = feed->keys;
		rows->before.capkeys = feed->capkeys;
		*feed = rows->before;
		table_cut(&feed->roster->tables[feed->table], rows->nrows);
		if (feed->save != NULL)
			ps_save_cut(feed->save, rows->mark);
	}
	rows->begun = rows->passed = false;
	rows->unordered = rows->keyless = false;
	rows->rows = 0;
	empty(rows);
}

static bool
read_key(const struct csv_cell *cell, uint64_t *key)
{
	uint64_t number;
	size_t i;

	number = 0;
	for (i = 0; i < cell->len; i++) {
		if (cell->bytes[i] < '0' || cell->bytes[i] > '9' || i == 18)
			return false;
		number = number * 10 + (uint64_t)(cell->bytes[i] - '0');
	}
	*key = number;
	return cell->len > 0;
}

static void
note_key(struct ps_rows *rows, const struct csv_cell *cell)
{
	uint64_t key;

	if (!read_key(cell, &key)) {
		rows->keyless = true;
		return;
	}
	if (!rows->any_key)
		rows->first = key;
	else if (key < rows->last)
		rows->unordered = true;
	/* The highest one: the next page begins behind it. */
	rows->last = rows->any_key && key < rows->last ? rows->last : key;
	rows->any_key = true;
	if (!rows->feed->keeps_keys)
		return;
	rows->keys = mem_grow(
	    rows->keys, rows->nkeys, &rows->capkeys, sizeof(*rows->keys));
	rows->keys[rows->nkeys++] = key;
}

/* How many line ends stand in a cell: the saved file has them too. */
static uint32_t
line_ends(const struct csv_cell *cell)
{
	uint32_t n;
	size_t i;

	n = 0;
	for (i = 0; i < cell->len; i++) {
		if (cell->bytes[i] == '\n' ||
		    (cell->bytes[i] == '\r' &&
			(i + 1 == cell->len || cell->bytes[i + 1] != '\n')))
			n++;
	}
	return n;
}

static void
put_text(struct buf *text, const struct csv_cell *cells, size_t ncells)
{
	size_t i;
	char *at;

	for (i = 0; i < ncells; i++) {
		at = buf_reserve(text, cells[i].len * 2 + 3);
		at += csv_put_field(at, cells[i].bytes, cells[i].len);
		*at++ = i + 1 < ncells ? ',' : '\n';
		text->len = (size_t)(at - text->data);
	}
}

int
ps_rows_add(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct ps_rows *rows;
	uint32_t lines;
	size_t i;

	(void)line;
	rows = arg;
	if (rows->feed->key >= 0)
		note_key(rows, &cells[rows->feed->key]);
	if (rows->feed->save != NULL)
		put_text(&rows->text, cells, ncells);
	lines = 1;
	for (i = 0; i < ncells; i++)
		lines += line_ends(&cells[i]);
	(void)bind_record(&rows->batch, cells, ncells, rows->lines);
	rows->lines += lines;
	rows->rows++;
	if (rows->first_in_line && rows->batch.tables[0].nrows >= BATCH_ROWS)
		ps_rows_turn(rows);
	return 0;
}

static void
reserve(struct ps_feed *feed)
{
	struct table *table;

	table = &feed->roster->tables[feed->table];
	if (feed->expected > table->nrows &&
	    feed->expected < (uint64_t)UINT32_MAX)
		table_reserve(table, (size_t)feed->expected - table->nrows);
}

static void
pass_keys_on(const struct ps_rows *rows)
{
	struct ps_feed *feed;
	size_t i;

	feed = rows->feed;
	for (i = 0; i < rows->nkeys; i++) {
		feed->keys = mem_grow(feed->keys, feed->nkeys, &feed->capkeys,
		    sizeof(*feed->keys));
		feed->keys[feed->nkeys++] = rows->keys[i];
	}
}

void
ps_rows_turn(struct ps_rows *rows)
{
	const struct roster_file *file;
	struct ps_feed *feed;

	feed = rows->feed;
	rows->first_in_line = true;
	if (!rows->begun) {
		rows->begun = true;
		rows->before = *feed;
		rows->nrows = feed->roster->tables[feed->table].nrows;
		rows->mark = feed->save == NULL ? 0 : ps_save_mark(feed->save);
	}
	if (rows->batch.tables[0].nrows > 0)
		reserve(feed);
	file = &feed->roster->files[feed->roster->nfiles - 1];
	feed->rows += rows->batch.tables[0].nrows;
	bind_commit(&rows->batch, feed->roster, file->first_line + feed->lines);
	feed->lines += rows->lines;
	if (rows->any_key) {
		feed->unordered = feed->unordered || rows->unordered ||
		    (feed->any_key && rows->first < feed->last_key);
		feed->moved = feed->moved ||
		    (!rows->passed && feed->any_key &&
			rows->first == feed->last_key);
		rows->passed = true;
		feed->any_key = true;
		if (feed->last_key < rows->last)
			feed->last_key = rows->last;
	}
	feed->keyless = feed->keyless || rows->keyless;
	pass_keys_on(rows);
	if (feed->save != NULL)
		ps_save_add(feed->save, rows->text.data, rows->text.len);
	empty(rows);
	progress_step(feed->progress, feed->name, feed->rows, feed->expected);
}

void
ps_rows_free(struct ps_rows *rows)
{
	batch_free(&rows->batch);
	buf_free(&rows->text);
	free(rows->keys);
}
