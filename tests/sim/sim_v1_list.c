#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "sim_v1_list.h"

#define SORT_KEYS 3

/* By which columns a list is in order; the first one is compared first. */
static const char *const orders[SIM_V1_RESOURCES][SORT_KEYS] = {
	[SIM_V1_TERM] = { "portion", "firstday" },
	[SIM_V1_COURSE] = { "course_number" },
	[SIM_V1_SECTION] = { "section_number", "course_number", "termid" },
	[SIM_V1_ENROLLMENT] = { "studentid", "dateenrolled" },
	[SIM_V1_STAFF] = { "dcid" },
};

struct sorting {
	const struct sim_table *table;
	int columns[SORT_KEYS];
};

static int
compare(struct str x, struct str y)
{
	size_t least;
	int64_t m, n;
	int order;

	if (sim_number(x, &m) && sim_number(y, &n))
		return m < n ? -1 : m > n;
	least = x.len < y.len ? x.len : y.len;
	order = memcmp(x.bytes, y.bytes, least);
	return order != 0 ? order : x.len < y.len ? -1 : x.len > y.len;
}

static int
by_columns(const void *a, const void *b, void *arg)
{
	const struct sorting *s = arg;
	uint32_t x, y;
	int i, order;

	x = *(const uint32_t *)a;
	y = *(const uint32_t *)b;
	for (i = 0; i < SORT_KEYS && s->columns[i] >= 0; i++) {
		order = compare(sim_cell(s->table, x, s->columns[i]),
		    sim_cell(s->table, y, s->columns[i]));
		if (order != 0)
			return order;
	}
	return x < y ? -1 : x > y;
}

static void
sort(const struct sim_server *server, enum sim_resource resource,
    struct sim_list *list)
{
	struct sorting sorting;
	const char *name;
	int i;

	if (orders[resource][0] == NULL || list->count < 2)
		return;
	sorting.table = &server->district.tables[sim_resources[resource].table];
	for (i = 0; i < SORT_KEYS; i++) {
		name = orders[resource][i];
		sorting.columns[i] = name == NULL ?
		    -1 :
		    sim_column_find(sorting.table->def, name, strlen(name));
	}
	qsort_r(
	    list->rows, list->count, sizeof(*list->rows), by_columns, &sorting);
}

static bool
same(struct str a, struct str b)
{
	return a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
}

static struct str
without_sign(struct str text)
{
	if (text.len > 0 && text.bytes[0] == '-')
		return (struct str){ text.bytes + 1, text.len - 1 };
	return text;
}

int
sim_v1_year(const struct sim_server *server)
{
	const struct sim_district *d = &server->district;
	const struct sim_table *terms = &d->tables[SIM_TERMS];
	struct str first, last;
	int32_t from, to;
	int newest, year;
	size_t i;

	newest = -1;
	for (i = 0; i < terms->count; i++) {
		year = terms->year[i];
		first = sim_get(d, SIM_TERMS, (uint32_t)i, "firstday");
		last = sim_get(d, SIM_TERMS, (uint32_t)i, "lastday");
		from = date_parse(first.bytes, first.len);
		to = date_parse(last.bytes, last.len);
		if (year == SIM_NO_YEAR)
			continue;
		if (from <= server->options.today &&
		    server->options.today <= to)
			return year;
		if (year > newest)
			newest = year;
	}
	return newest;
}

/* Whether a course is taught at a school this year. */
static bool *
courses_taught(const struct sim_server *server, struct str school)
{
	const struct sim_district *d = &server->district;
	const struct sim_table *sections = &d->tables[SIM_SECTIONS];
	uint32_t row, course;
	bool *taught;
	size_t i;
	int year;

	taught = mem_zalloc(d->tables[SIM_COURSES].count + 1, sizeof(*taught));
	year = sim_v1_year(server);
	for (i = 0; i < sections->norder; i++) {
		row = sections->order[i];
		if (sections->year[row] == year &&
		    same(sim_get(d, SIM_SECTIONS, row, "schoolid"), school) &&
		    sim_find(d, &d->course_of_number,
			sim_get(d, SIM_SECTIONS, row, "course_number"),
			&course))
			taught[course] = true;
	}
	return taught;
}

/* Whether a row belongs to a school's list when the request has no q. */
static bool
is_listed(const struct sim_server *server, enum sim_resource resource,
    uint32_t row, bool filtered)
{
	const struct sim_district *d = &server->district;

	if (resource == SIM_V1_SCHOOL)
		return !same(sim_get(d, SIM_SCHOOLS, row, "school_number"),
		    (struct str){ "999999", 6 });
	if (resource == SIM_V1_STAFF)
		return same(sim_get(d, SIM_SCHOOLSTAFF, row, "status"),
		    (struct str){ "1", 1 });
	if (filtered)
		return true;
	if (resource == SIM_V1_STUDENT)
		return same(sim_get(d, SIM_STUDENTS, row, "enroll_status"),
		    (struct str){ "0", 1 });
	return resource != SIM_V1_SECTION ||
	    d->tables[SIM_SECTIONS].year[row] == sim_v1_year(server);
}

static bool
belongs(const struct sim_district *d, enum sim_resource resource, uint32_t row,
    struct str owner)
{
	if (resource == SIM_V1_ENROLLMENT)
		return same(
		    without_sign(sim_get(d, SIM_CC, row, "sectionid")), owner);
	return same(
	    sim_get(d, sim_resources[resource].table, row, "schoolid"), owner);
}

struct sim_list
sim_v1_rows(const struct sim_server *server, enum sim_resource resource,
    uint32_t row, bool filtered)
{
	const struct sim_district *d = &server->district;
	const struct sim_table *table;
	struct sim_list list = { 0 };
	struct str owner;
	bool *taught;
	uint32_t at;
	size_t i;

	table = &d->tables[sim_resources[resource].table];
	owner = (struct str){ "", 0 };
	if (row != UINT32_MAX && resource == SIM_V1_ENROLLMENT)
		owner = sim_get(d, SIM_SECTIONS, row, "id");
	else if (row != UINT32_MAX)
		owner = sim_get(d, SIM_SCHOOLS, row, "school_number");
	taught = resource == SIM_V1_COURSE ? courses_taught(server, owner) :
					     NULL;
	list.rows = mem_zalloc(table->norder + 1, sizeof(*list.rows));
	for (i = 0; i < table->norder; i++) {
		at = table->order[i];
		if ((row == UINT32_MAX || (taught != NULL && taught[at]) ||
			belongs(d, resource, at, owner)) &&
		    is_listed(server, resource, at, filtered))
			list.rows[list.count++] = at;
	}
	free(taught);
	sort(server, resource, &list);
	return list;
}
