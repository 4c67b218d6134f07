#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim_district.h"
#include "sim_link.h"
#include "sim_load.h"

static bool
needs_escape(struct str cell)
{
	size_t i;

	for (i = 0; i < cell.len; i++) {
		if ((unsigned char)cell.bytes[i] < ' ' ||
		    cell.bytes[i] == '"' || cell.bytes[i] == '\\')
			return true;
	}
	return false;
}

uint32_t
sim_append(struct sim_table *table, const struct str *cells)
{
	uint32_t len32;
	char *flag;
	size_t at;
	int c;

	if (table->count == table->cap)
		table->at = mem_grow(
		    table->at, table->count, &table->cap, sizeof(*table->at));
	at = table->bytes.len;
	table->at[table->count] = at;
	buf_addc(&table->bytes, 0);
	for (c = 0; table->def->columns[c].name != NULL; c++) {
		if (cells[c].len < 255) {
			buf_addc(&table->bytes, (char)cells[c].len);
		} else {
			len32 = (uint32_t)cells[c].len;
			buf_addc(&table->bytes, (char)255);
			buf_add(&table->bytes, &len32, sizeof(len32));
		}
		buf_add(&table->bytes, cells[c].bytes, cells[c].len);
		flag = table->bytes.data + at;
		if (needs_escape(cells[c]))
			*flag = 1;
	}
	return (uint32_t)table->count++;
}

struct str
sim_cell(const struct sim_table *table, uint32_t row, int column)
{
	const char *at;
	uint32_t len;
	int c;

	at = table->bytes.data + table->at[row] + 1;
	for (c = 0;; c++) {
		len = (unsigned char)*at++;
		if (len == 255) {
			memcpy(&len, at, sizeof(len));
			at += sizeof(len);
		}
		if (c == column)
			return (struct str){ at, len };
		at += len;
	}
}

struct str
sim_get(const struct sim_district *district, enum sim_table_id table,
    uint32_t row, const char *column)
{
	int c;

	c = sim_column_find(&sim_tables[table], column, strlen(column));
	if (c < 0)
		abort(); /* a mistake of this program */
	return sim_cell(&district->tables[table], row, c);
}

bool
sim_number(struct str text, int64_t *number)
{
	int64_t value;
	size_t i;

	i = text.len > 0 && text.bytes[0] == '-' ? 1 : 0;
	if (text.len == i || text.len > 18)
		return false;
	value = 0;
	for (; i < text.len; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
		value = value * 10 + (text.bytes[i] - '0');
	}
	*number = text.bytes[0] == '-' ? -value : value;
	return true;
}

bool
sim_find(const struct sim_district *district, const struct idmap *map,
    struct str text, uint32_t *row)
{
	sym s;

	return text.len > 0 &&
	    intern_find(district->texts, text.bytes, text.len, &s) &&
	    idmap_get(map, s.id, row);
}

bool
sim_find_two(const struct sim_district *district, const struct idmap *map,
    struct str a, struct str b, uint32_t *row)
{
	sym sa, sb;

	return intern_find(district->texts, a.bytes, a.len, &sa) &&
	    intern_find(district->texts, b.bytes, b.len, &sb) &&
	    idmap_get(map, idmap_pair(sa, sb), row);
}

int
sim_district_read(
    struct sim_district *district, const char *folder, struct err *err)
{
	int t;

	*district = (struct sim_district){ .texts = intern_new() };
	for (t = 0; t < SIM_TABLES; t++)
		district->tables[t].def = &sim_tables[t];
	district->addresses.def = &sim_tables[SIM_STUDENTEMAIL];
	if (sim_load(district, folder, err) != 0)
		return -1;
	sim_link(district);
	return 0;
}

void
sim_district_free(struct sim_district *district)
{
	struct sim_table *table;
	int t;

	for (t = 0; t < SIM_TABLES; t++) {
		table = &district->tables[t];
		buf_free(&table->bytes);
		free(table->at);
		free(table->order);
		free(table->year);
	}
	buf_free(&district->addresses.bytes);
	free(district->addresses.at);
	free(district->student_years);
	idmap_free(&district->school_of_number);
	idmap_free(&district->student_of_id);
	idmap_free(&district->student_of_dcid);
	idmap_free(&district->section_of_id);
	idmap_free(&district->course_of_number);
	idmap_free(&district->staff_of_id);
	idmap_free(&district->user_of_dcid);
	idmap_free(&district->term_of_id);
	idmap_free(&district->email_of_student);
	intern_free(district->texts);
}

/* Puts a row's number into the order at a place. */
static void
order_put(struct sim_table *table, size_t at, uint32_t row)
{
	table->order = mem_grow(table->order, table->norder, &table->order_cap,
	    sizeof(*table->order));
	memmove(table->order + at + 1, table->order + at,
	    (table->norder - at) * sizeof(*table->order));
	table->order[at] = row;
	table->norder++;
}

int
sim_insert_row(struct sim_district *d, enum sim_table_id id, size_t at)
{
	struct sim_table *table;
	struct str cells[SIM_COLUMNS_MAX];
	char *copy, *key;
	uint32_t row, old;
	size_t len;
	int c;

	table = &d->tables[id];
	if (at >= table->norder)
		return -1;
	old = table->order[at];
	len = (old + 1 < table->count ? table->at[old + 1] : table->bytes.len) -
	    table->at[old];
	/* The bytes move when the new row makes them grow. */
	copy = mem_alloc(len);
	memcpy(copy, table->bytes.data + table->at[old], len);
	key = mem_printf("%zu", 990000000 + table->count);
	for (c = 0; table->def->columns[c].name != NULL; c++) {
		cells[c] = sim_cell(table, old, c);
		cells[c].bytes = copy +
		    (cells[c].bytes - (table->bytes.data + table->at[old]));
		if (c == 0 || strcmp(table->def->columns[c].name, "id") == 0)
			cells[c] = (struct str){ key, strlen(key) };
	}
	row = sim_append(table, cells);
	if (table->year != NULL) {
		table->year = mem_realloc(table->year, table->count, 1);
		table->year[row] = table->year[old];
	}
	if (id == SIM_STUDENTS) {
		d->student_years = mem_realloc(
		    d->student_years, table->count, sizeof(uint64_t));
		d->student_years[row] = d->student_years[old];
	}
	order_put(table, at, row);
	d->changes++;
	free(key);
	free(copy);
	return 0;
}

int
sim_delete_row(struct sim_district *d, enum sim_table_id id, size_t at)
{
	struct sim_table *table;

	table = &d->tables[id];
	if (at >= table->norder)
		return -1;
	table->norder--;
	memmove(table->order + at, table->order + at + 1,
	    (table->norder - at) * sizeof(*table->order));
	d->changes++;
	return 0;
}

int
sim_repeat_row(struct sim_district *d, enum sim_table_id id, size_t at)
{
	if (at >= d->tables[id].norder)
		return -1;
	order_put(&d->tables[id], at, d->tables[id].order[at]);
	d->changes++;
	return 0;
}
