#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim_link.h"

#define MADE_PERSON 400000 /* added to a student's DCID */
#define YEARS 64	   /* that a set of years has room for */

struct keyed {
	int64_t key;
	uint32_t row;
};

static int
by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static void
put_in_order(struct sim_table *table)
{
	struct keyed *keys;
	bool sorted;
	uint32_t i;

	table->order = mem_zalloc(table->count + 1, sizeof(*table->order));
	table->norder = table->count;
	table->order_cap = table->count + 1;
	keys = mem_zalloc(table->count + 1, sizeof(*keys));
	sorted = true;
	for (i = 0; i < table->count; i++) {
		keys[i].row = i;
		if (!sim_number(sim_cell(table, i, 0), &keys[i].key))
			keys[i].key = 0;
		sorted = sorted && (i == 0 || keys[i - 1].key <= keys[i].key);
	}
	if (!sorted)
		qsort(keys, table->count, sizeof(*keys), by_key);
	for (i = 0; i < table->count; i++)
		table->order[i] = keys[i].row;
	free(keys);
}

/* Fills a map with the rows of a table by one column, the first row winning. */
static void
map_rows(struct sim_district *d, struct idmap *map, enum sim_table_id id,
    const char *column)
{
	struct sim_table *table;
	struct str text;
	uint32_t i;
	sym s;
	int c;

	table = &d->tables[id];
	c = sim_column_find(table->def, column, strlen(column));
	for (i = 0; i < table->count; i++) {
		text = sim_cell(table, i, c);
		if (text.len == 0)
			continue;
		s = intern_add(d->texts, text.bytes, text.len);
		if (!idmap_get(map, s.id, NULL))
			idmap_put(map, s.id, i);
	}
}

static void
map_terms(struct sim_district *d)
{
	struct str id, school;
	uint32_t i;
	sym a, b;

	for (i = 0; i < d->tables[SIM_TERMS].count; i++) {
		id = sim_get(d, SIM_TERMS, i, "id");
		school = sim_get(d, SIM_TERMS, i, "schoolid");
		a = intern_add(d->texts, school.bytes, school.len);
		b = intern_add(d->texts, id.bytes, id.len);
		if (!idmap_get(&d->term_of_id, idmap_pair(a, b), NULL))
			idmap_put(&d->term_of_id, idmap_pair(a, b), i);
	}
}

/* The year that a column says, taken as a hundredth of it or as it is. */
static uint8_t
year_of(struct str text, int64_t part)
{
	int64_t number;

	if (!sim_number(text, &number))
		return SIM_NO_YEAR;
	number = (number < 0 ? -number : number) / part;
	return number < YEARS ? (uint8_t)number : SIM_NO_YEAR;
}

static void
find_years(struct sim_district *d, enum sim_table_id id, const char *column,
    int64_t part)
{
	struct sim_table *table;
	uint32_t i;
	int c;

	table = &d->tables[id];
	table->year = mem_zalloc(table->count + 1, 1);
	c = sim_column_find(table->def, column, strlen(column));
	for (i = 0; i < table->count; i++)
		table->year[i] = year_of(sim_cell(table, i, c), part);
}

/* A co-teacher belongs to the year of the section. */
static void
find_teacher_years(struct sim_district *d)
{
	struct sim_table *table;
	struct str id;
	uint32_t i, section;

	table = &d->tables[SIM_SECTIONTEACHER];
	table->year = mem_zalloc(table->count + 1, 1);
	for (i = 0; i < table->count; i++) {
		id = sim_get(d, SIM_SECTIONTEACHER, i, "sectionid");
		table->year[i] = SIM_NO_YEAR;
		if (sim_find(d, &d->section_of_id, id, &section))
			table->year[i] = d->tables[SIM_SECTIONS].year[section];
	}
}

static void
find_student_years(struct sim_district *d)
{
	const struct sim_table *cc;
	uint32_t i, student;
	int c;

	d->student_years = mem_zalloc(
	    d->tables[SIM_STUDENTS].count + 1, sizeof(*d->student_years));
	cc = &d->tables[SIM_CC];
	c = sim_column_find(cc->def, "studentid", strlen("studentid"));
	for (i = 0; i < cc->count; i++) {
		if (cc->year[i] < YEARS &&
		    sim_find(
			d, &d->student_of_id, sim_cell(cc, i, c), &student))
			d->student_years[student] |= (uint64_t)1 << cc->year[i];
	}
}

/* The addresses of one of the two exports, behind those of the other. */
static void
add_emails(struct sim_district *d, struct sim_table *to,
    const struct sim_table *from, const struct idmap *without)
{
	struct str cells[SIM_COLUMNS_MAX];
	uint32_t i, student;
	int c;

	for (i = 0; i < from->count; i++) {
		for (c = 0; from->def->columns[c].name != NULL; c++)
			cells[c] = sim_cell(from, i, c);
		if (cells[0].len == 0 &&
		    sim_find(d, &d->student_of_id, cells[3], &student))
			cells[0] = sim_get(d, SIM_STUDENTS, student, "dcid");
		if (cells[3].len == 0 &&
		    sim_find(d, &d->student_of_dcid, cells[0], &student))
			cells[3] = sim_get(d, SIM_STUDENTS, student, "id");
		if (without == NULL || !sim_find(d, without, cells[0], NULL))
			sim_append(to, cells);
	}
}

/*
 * One table of addresses: those of the students export, and of the export of
 * addresses those of the other students, by DCID where it gave the id.
 */
static void
join_emails(struct sim_district *d)
{
	struct sim_table *table, whole;
	struct idmap own = { 0 };
	struct str dcid;
	uint32_t i;

	table = &d->tables[SIM_STUDENTEMAIL];
	whole = (struct sim_table){ .def = table->def };
	for (i = 0; i < d->addresses.count; i++) {
		dcid = sim_cell(&d->addresses, i, 0);
		idmap_put(
		    &own, intern_add(d->texts, dcid.bytes, dcid.len).id, i);
	}
	add_emails(d, &whole, &d->addresses, NULL);
	add_emails(d, &whole, table, &own);
	idmap_free(&own);
	buf_free(&table->bytes);
	free(table->at);
	*table = whole;
	put_in_order(table);
}

static struct str
number_text(uint64_t number, char text[32])
{
	snprintf(text, 32, "%llu", (unsigned long long)number);
	return (struct str){ text, strlen(text) };
}

/* person, personemailaddressassoc and emailaddress, of the addresses. */
static void
make_persons(struct sim_district *d)
{
	struct str cells[SIM_COLUMNS_MAX] = { { "", 0 } };
	char person[32], email[32], order[32];
	struct str dcid, before;
	uint64_t nth;
	int64_t number;
	uint32_t i;
	size_t n;

	before = (struct str){ "", 0 };
	nth = 0;
	for (n = 0; n < d->tables[SIM_STUDENTEMAIL].norder; n++) {
		i = d->tables[SIM_STUDENTEMAIL].order[n];
		dcid = sim_get(d, SIM_STUDENTEMAIL, i, "studentsdcid");
		if (!sim_number(dcid, &number) || number < 0)
			continue;
		nth++;
		if (dcid.len != before.len ||
		    memcmp(dcid.bytes, before.bytes, dcid.len) != 0) {
			nth = 1;
			cells[0] = cells[1] = number_text(
			    MADE_PERSON + (uint64_t)number, person);
			sim_append(&d->tables[SIM_PERSON], cells);
		}
		before = dcid;
		cells[0] = cells[2] = number_text(i + 1, email);
		cells[1] = (struct str){ person, strlen(person) };
		cells[3] = sim_get(d, SIM_STUDENTEMAIL, i, "isprimary");
		cells[4] = number_text(nth, order);
		sim_append(&d->tables[SIM_PERSONEMAIL], cells);
		cells[1] = sim_get(d, SIM_STUDENTEMAIL, i, "email");
		sim_append(&d->tables[SIM_EMAILADDRESS], cells);
	}
}

void
sim_link(struct sim_district *d)
{
	int t;

	map_rows(d, &d->school_of_number, SIM_SCHOOLS, "school_number");
	map_rows(d, &d->student_of_id, SIM_STUDENTS, "id");
	map_rows(d, &d->student_of_dcid, SIM_STUDENTS, "dcid");
	map_rows(d, &d->section_of_id, SIM_SECTIONS, "id");
	map_rows(d, &d->course_of_number, SIM_COURSES, "course_number");
	map_rows(d, &d->staff_of_id, SIM_SCHOOLSTAFF, "id");
	map_rows(d, &d->user_of_dcid, SIM_USERS, "dcid");
	map_terms(d);
	find_years(d, SIM_TERMS, "yearid", 1);
	find_years(d, SIM_SECTIONS, "termid", 100);
	find_years(d, SIM_CC, "termid", 100);
	find_teacher_years(d);
	find_student_years(d);
	join_emails(d);
	map_rows(d, &d->email_of_student, SIM_STUDENTEMAIL, "studentsdcid");
	make_persons(d);
	for (t = 0; t < SIM_TABLES; t++) {
		if (t != SIM_STUDENTEMAIL)
			put_in_order(&d->tables[t]);
	}
}
