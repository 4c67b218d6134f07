#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "roster/roster.h"

static struct roster *
make(const struct table_schema *tables, size_t n)
{
	struct roster *roster;
	size_t t, f;

	roster = mem_zalloc(1, sizeof(*roster));
	roster->schema = tables;
	for (t = 0; t < n; t++) {
		for (f = 0; tables[t].fields[f].name != NULL; f++)
			roster->tables[t].wanted[f] = tables[t].fields[f].use !=
			    0;
	}
	return roster;
}

struct roster *
roster_new(void)
{
	struct roster *roster;

	roster = make(schema, TABLES);
	roster->intern = intern_new();
	return roster;
}

struct roster *
roster_new_of(
    const struct table_schema *tables, size_t n, struct intern *intern)
{
	struct roster *roster;

	roster = make(tables, n);
	roster->intern = intern;
	roster->intern_is_shared = true;
	return roster;
}

static void
table_free(struct table *table)
{
	size_t i;

	for (i = 0; i < FIELDS_MAX; i++) {
		free(table->columns[i]);
		free(table->named[i]);
	}
	free(table->lines.runs);
	free(table->flags);
	free(table->states);
	free(table->reasons);
	free(table->marks);
	key_index_free(&table->index);
	idmap_free(&table->few);
	free(table->counted);
}

void
roster_free(struct roster *roster)
{
	size_t i;

	if (roster == NULL)
		return;
	for (i = 0; i < TABLES; i++)
		table_free(&roster->tables[i]);
	for (i = 0; i < roster->nfiles; i++)
		free(roster->files[i].name);
	free(roster->files);
	if (!roster->intern_is_shared)
		intern_free(roster->intern);
	free(roster);
}

void
table_reserve(struct table *table, size_t more)
{
	size_t cap, i;

	if (table->cap - table->nrows >= more)
		return;
	cap = table->cap + table->cap / 2;
	if (cap < table->nrows + more)
		cap = table->nrows + more;
	for (i = 0; i < FIELDS_MAX; i++) {
		if (table->bound[i])
			table->columns[i] = mem_realloc(
			    table->columns[i], cap, sizeof(uint32_t));
	}
	table->flags = mem_realloc(table->flags, cap, 1);
	table->states = mem_realloc(table->states, cap, 1);
	table->reasons = mem_realloc(table->reasons, cap, 1);
	table->cap = cap;
}

void
table_forget(struct table *table, unsigned field)
{
	free(table->columns[field]);
	table->columns[field] = NULL;
}

void
table_keep_few(
    struct table *table, unsigned field, const uint32_t *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		idmap_put(&table->few, (uint64_t)field << 32 | rows[i],
		    table_sym(table, field, rows[i]).id);
	table_forget(table, field);
}

sym
table_few(const struct table *table, unsigned field, uint32_t row)
{
	sym cell;

	return idmap_get(&table->few, (uint64_t)field << 32 | row, &cell.id) ?
	    cell :
	    table_sym(table, field, row);
}

void
table_cut(struct table *table, size_t nrows)
{
	table->nrows = nrows;
	while (
	    table->nmarks > 0 && table->marks[table->nmarks - 1].row >= nrows)
		table->nmarks--;
	row_lines_cut(&table->lines, nrows);
}

void
row_lines_add(struct row_lines *lines, uint32_t row, uint32_t line)
{
	const struct line_run *last;

	if (lines->nruns > 0) {
		last = &lines->runs[lines->nruns - 1];
		if (line - last->line == row - last->row)
			return;
	}
	lines->runs = mem_grow(
	    lines->runs, lines->nruns, &lines->capruns, sizeof(*lines->runs));
	lines->runs[lines->nruns++] = (struct line_run){ row, line };
}

uint32_t
row_lines_find(const struct row_lines *lines, uint32_t row)
{
	size_t low, high, middle;

	low = 0;
	high = lines->nruns;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (lines->runs[middle].row <= row)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ?
	    0 :
	    lines->runs[low - 1].line + row - lines->runs[low - 1].row;
}

void
row_lines_cut(struct row_lines *lines, size_t nrows)
{
	while (lines->nruns > 0 && lines->runs[lines->nruns - 1].row >= nrows)
		lines->nruns--;
}

/* Spreads the bits of a key over the table (Knuth's multiplier). */
static size_t
key_slot(const struct key_index *index, uint32_t key)
{
	return (size_t)(((uint64_t)key * 0x9e3779b97f4a7c15ULL) >> 32) &
	    (index->size - 1);
}

static bool
keys_are_small(const uint32_t *keys, size_t n, size_t *size)
{
	uint32_t value, most;
	size_t i;

	most = 0;
	for (i = 0; i < n; i++) {
		if (keys[i] == 0)
			continue;
		if (!sym_number((sym){ keys[i] }, &value))
			return false;
		if (value > most)
			most = value;
	}
	*size = (size_t)most + 1;
	return *size <= n * 8 + 1024;
}

/* False: the key is there already, with a row before this one. */
static bool
key_index_put(struct key_index *index, uint32_t key, uint32_t row)
{
	uint32_t value;
	size_t at;

	if (index->keys == NULL) {
		sym_number((sym){ key }, &value);
		if (index->rows[value] != ROW_NONE)
			return false;
		index->rows[value] = row;
		return true;
	}
	at = key_slot(index, key);
	while (index->rows[at] != ROW_NONE) {
		if (index->keys[at] == key)
			return false;
		at = (at + 1) & (index->size - 1);
	}
	index->keys[at] = key;
	index->rows[at] = row;
	return true;
}

bool
key_index_build(struct key_index *index, const uint32_t *keys, size_t n)
{
	bool repeated;
	size_t i;

	key_index_free(index);
	if (!keys_are_small(keys, n, &index->size)) {
		for (index->size = 64; index->size < n * 2; index->size *= 2)
			continue;
		index->keys = mem_zalloc(index->size, sizeof(uint32_t));
	}
	index->rows = mem_alloc(index->size * sizeof(uint32_t));
	memset(index->rows, 0xff, index->size * sizeof(uint32_t));
	repeated = false;
	for (i = 0; i < n; i++) {
		if (keys[i] != 0 && !key_index_put(index, keys[i], (uint32_t)i))
			repeated = true;
	}
	return repeated;
}

static bool
test_bit(const uint64_t *bits, size_t i)
{
	return (bits[i / 64] >> i % 64 & 1) != 0;
}

static void
set_bit(uint64_t *bits, size_t i)
{
	bits[i / 64] |= 1ULL << i % 64;
}

static uint64_t *
bits_new(size_t n)
{
	return mem_zalloc(n / 64 + 1, sizeof(uint64_t));
}

/* Sets the bit of each row whose key, a small number, is there twice. */
static void
mark_small(const uint32_t *keys, size_t n, size_t size, uint64_t *repeated)
{
	uint64_t *seen, *twice;
	uint32_t value;
	size_t i;

	seen = bits_new(size);
	twice = bits_new(size);
	for (i = 0; i < n; i++) {
		sym_number((sym){ keys[i] }, &value);
		if (keys[i] != 0)
			set_bit(test_bit(seen, value) ? twice : seen, value);
	}
	for (i = 0; i < n; i++) {
		sym_number((sym){ keys[i] }, &value);
		if (keys[i] != 0 && test_bit(twice, value))
			set_bit(repeated, i);
	}
	free(seen);
	free(twice);
}

/*
 * The same for any keys: a table of the first row of each, which is looked up
 * in keys itself.
 */
static void
mark_any(const uint32_t *keys, size_t n, uint64_t *repeated)
{
	struct key_index index = { .size = 64 };
	size_t i, at;

	while (index.size < n + n / 2)
		index.size *= 2;
	index.rows = mem_alloc(index.size * sizeof(uint32_t));
	memset(index.rows, 0xff, index.size * sizeof(uint32_t));
	for (i = 0; i < n; i++) {
		if (keys[i] == 0)
			continue;
		at = key_slot(&index, keys[i]);
		while (index.rows[at] != ROW_NONE &&
		    keys[index.rows[at]] != keys[i])
			at = (at + 1) & (index.size - 1);
		if (index.rows[at] == ROW_NONE) {
			index.rows[at] = (uint32_t)i;
			continue;
		}
		set_bit(repeated, index.rows[at]);
		set_bit(repeated, i);
	}
	key_index_free(&index);
}

uint32_t *
key_index_repeated(const uint32_t *keys, size_t n, size_t *count)
{
	uint64_t *repeated;
	uint32_t *rows;
	size_t size, cap, i;

	repeated = bits_new(n);
	if (keys_are_small(keys, n, &size))
		mark_small(keys, n, size, repeated);
	else
		mark_any(keys, n, repeated);
	rows = NULL;
	*count = cap = 0;
	for (i = 0; i < n; i++) {
		if (!test_bit(repeated, i))
			continue;
		rows = mem_grow(rows, *count, &cap, sizeof(*rows));
		rows[(*count)++] = (uint32_t)i;
	}
	free(repeated);
	return rows;
}

uint32_t
key_index_find(const struct key_index *index, sym key)
{
	uint32_t value;
	size_t at;

	if (index->rows == NULL || key.id == 0)
		return ROW_NONE;
	if (index->keys == NULL)
		return sym_number(key, &value) && value < index->size ?
		    index->rows[value] :
		    ROW_NONE;
	at = key_slot(index, key.id);
	while (index->rows[at] != ROW_NONE && index->keys[at] != key.id)
		at = (at + 1) & (index->size - 1);
	return index->rows[at];
}

void
key_index_free(struct key_index *index)
{
	free(index->rows);
	free(index->keys);
	*index = (struct key_index){ 0 };
}

struct roster_file *
roster_add_file(struct roster *roster, const char *name, enum table_id table)
{
	const struct roster_file *last;
	uint32_t first;

	first = 0;
	if (roster->nfiles > 0) {
		last = &roster->files[roster->nfiles - 1];
		first = last->first_line + last->lines;
	}
	roster->files = mem_grow(roster->files, roster->nfiles,
	    &roster->capfiles, sizeof(*roster->files));
	roster->files[roster->nfiles] = (struct roster_file){
		.name = mem_strdup(name), .table = table, .first_line = first
	};
	return &roster->files[roster->nfiles++];
}

const struct roster_file *
roster_place(const struct roster *roster, enum table_id table, uint32_t row,
    uint32_t *line)
{
	const struct roster_file *file;
	uint32_t all;
	size_t i;

	all = row_lines_find(&roster->tables[table].lines, row);
	file = NULL;
	for (i = 0; i < roster->nfiles; i++) {
		if (roster->files[i].first_line > all)
			break;
		file = &roster->files[i];
	}
	*line = file == NULL ? 0 : all - file->first_line + 1;
	return file;
}
