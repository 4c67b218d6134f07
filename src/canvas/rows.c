#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/cells.h"
#include "canvas/order.h"
#include "canvas/rows.h"
#include "roster/fate.h"

/* Ids of the rows that are sent, in order. */
static uint32_t *
order_sent(
    const struct map *map, enum table_id t, const sym *ids, size_t *count)
{
	const struct table *table;
	uint32_t *order, row;
	sym *sent;

	table = &map->roster->tables[t];
	sent = mem_zalloc(table->nrows, sizeof(*sent));
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_USED)
			sent[row] = ids[row];
	}
	order = order_by_text(map->roster->intern, sent, table->nrows, count);
	free(sent);
	return order;
}

static void
order_groups(const struct map *map, struct sheet_orders *orders)
{
	size_t i;
	sym *ids;

	ids = mem_zalloc(map->ngroups, sizeof(*ids));
	for (i = 0; i < map->ngroups; i++) {
		if (map->groups[i].sent)
			ids[i] = map->groups[i].id;
	}
	orders->groups = order_by_text(
	    map->roster->intern, ids, map->ngroups, &orders->ngroups);
	free(ids);
}

static size_t
students_count(const struct map *map)
{
	return map->roster->tables[T_STUDENT].nrows;
}

/* The people by user_id, and their ids side by side for the enrollments. */
static void
order_people(const struct map *map, struct sheet_orders *orders)
{
	const struct table *students, *users;
	char digits[SYM_DIGITS];
	struct buf text = { 0 };
	struct str id;
	size_t n, i;
	sym *ids;

	students = &map->roster->tables[T_STUDENT];
	users = &map->roster->tables[T_USER];
	n = students->nrows + users->nrows;
	ids = mem_zalloc(n, sizeof(*ids));
	for (i = 0; i < students->nrows; i++) {
		if (fate_of(students, (uint32_t)i) == ROW_USED)
			ids[i] = map->students.id[i];
	}
	for (i = 0; i < users->nrows; i++) {
		if (fate_of(users, (uint32_t)i) == ROW_USED)
			ids[students->nrows + i] = map->users.id[i];
	}
	orders->people = order_by_text(
	    map->roster->intern, ids, n, &orders->npeople);
	orders->rank = mem_alloc(n * sizeof(uint32_t));
	orders->id_at = mem_alloc((orders->npeople + 1) * sizeof(uint32_t));
	for (i = 0; i < orders->npeople; i++) {
		orders->rank[orders->people[i]] = (uint32_t)i;
		orders->id_at[i] = (uint32_t)text.len;
		id = intern_text(
		    map->roster->intern, ids[orders->people[i]], digits);
		buf_add(&text, id.bytes, id.len);
	}
	orders->id_at[orders->npeople] = (uint32_t)text.len;
	orders->ids = text.data;
	free(ids);
}

struct sheet_orders *
sheet_orders_make(const struct map *map)
{
	struct sheet_orders *orders;
	size_t i;

	orders = mem_zalloc(1, sizeof(*orders));
	orders->schools = order_sent(
	    map, T_SCHOOL, map->account_id, &orders->nschools);
	orders->terms = order_sent(map, T_TERM, map->term_id, &orders->nterms);
	orders->sections = order_sent(
	    map, T_SECTION, map->section_id, &orders->nsections);
	if (map->policy->course_mode == COURSE_PER_SECTION)
		orders->courses = order_sent(
		    map, T_SECTION, map->course_id, &orders->ncourses);
	else
		order_groups(map, orders);
	order_people(map, orders);
	for (i = 0; i < 2 && map->policy->dates; i++)
		orders->days[i] = mem_zalloc(
		    DAY_SLOTS, sizeof(struct day_text));
	return orders;
}

void
sheet_orders_free(struct sheet_orders *orders)
{
	if (orders == NULL)
		return;
	free(orders->schools);
	free(orders->terms);
	free(orders->sections);
	free(orders->courses);
	free(orders->groups);
	free(orders->people);
	free(orders->rank);
	free(orders->ids);
	free(orders->id_at);
	free(orders->list);
	free(orders->ranked);
	free(orders->days[0]);
	free(orders->days[1]);
	free(orders);
}

static int
each_row(struct sheet_row *row, enum table_id t, const uint32_t *order,
    size_t n, sheet_row_fn *fn, void *arg)
{
	size_t i;

	row->table = t;
	for (i = 0; i < n; i++) {
		row->row = order[i];
		if (fn(arg, row) != 0)
			return -1;
	}
	return 0;
}

static int
group_order(const void *a, const void *b)
{
	return strcmp((*(const struct account_group *const *)a)->id,
	    (*(const struct account_group *const *)b)->id);
}

/* Parents before children, then by id (canvas-sis 5). */
int
rows_each_account(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	const struct policy *policy;
	const struct account_group **groups;
	size_t i;
	int rc;

	policy = row->map->policy;
	groups = mem_alloc(
	    policy->ngroups * sizeof(const struct account_group *));
	for (i = 0; i < policy->ngroups; i++)
		groups[i] = &policy->groups[i];
	qsort(groups, policy->ngroups, sizeof(const struct account_group *),
	    group_order);
	rc = 0;
	for (i = 0; i < policy->ngroups && rc == 0; i++) {
		row->account = groups[i];
		rc = fn(arg, row);
	}
	free(groups);
	row->account = NULL;
	return rc != 0 ? rc :
			 each_row(row, T_SCHOOL, row->orders->schools,
			     row->orders->nschools, fn, arg);
}

int
rows_each_term(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	return each_row(
	    row, T_TERM, row->orders->terms, row->orders->nterms, fn, arg);
}

int
rows_each_user(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	uint32_t place, students;
	size_t i;

	students = (uint32_t)students_count(row->map);
	for (i = 0; i < row->orders->npeople; i++) {
		place = row->orders->people[i];
		row->table = place < students ? T_STUDENT : T_USER;
		row->row = place < students ? place : place - students;
		if (fn(arg, row) != 0)
			return -1;
	}
	return 0;
}

int
rows_each_course(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	size_t i;

	if (row->map->policy->course_mode == COURSE_PER_SECTION)
		return each_row(row, T_SECTION, row->orders->courses,
		    row->orders->ncourses, fn, arg);
	for (i = 0; i < row->orders->ngroups; i++) {
		row->group = &row->map->groups[row->orders->groups[i]];
		if (fn(arg, row) != 0)
			return -1;
	}
	return 0;
}

int
rows_each_section(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	return each_row(row, T_SECTION, row->orders->sections,
	    row->orders->nsections, fn, arg);
}

static uint32_t
rank_of(const struct sheet_row *row, const struct enrollment *e)
{
	return row->orders->rank[e->table == T_STUDENT ?
		e->person :
		e->person + students_count(row->map)];
}

#define SORT_BY_HAND 64 /* enrollments; more than that go to qsort */

static int
rank_order(const void *a, const void *b)
{
	const struct ranked *x, *y;

	x = a;
	y = b;
	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static void
sort_ranked(struct ranked *ranked, size_t n)
{
	struct ranked one;
	size_t i, at;

	if (n > SORT_BY_HAND) {
		qsort(ranked, n, sizeof(*ranked), rank_order);
		return;
	}
	for (i = 1; i < n; i++) {
		one = ranked[i];
		for (at = i; at > 0 && ranked[at - 1].rank > one.rank; at--)
			ranked[at] = ranked[at - 1];
		ranked[at] = one;
	}
}

/* Lists a section's enrollments and puts them in order. */
static size_t
list_enrollments(const struct sheet_row *row)
{
	struct sheet_orders *orders;
	size_t n, i;

	orders = row->orders;
	n = enroll_of_section(row->map, row->row, &orders->list, &orders->cap);
	if (orders->capranked < n) {
		orders->capranked = orders->cap;
		orders->ranked = mem_realloc(
		    orders->ranked, orders->capranked, sizeof(*orders->ranked));
	}
	for (i = 0; i < n; i++)
		orders->ranked[i] = (struct ranked){
			rank_of(row, &orders->list[i]), (uint32_t)i
		};
	sort_ranked(orders->ranked, n);
	return n;
}

static int
each_enrollment_of(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	const struct sheet_orders *orders;
	const uint32_t *id_at;
	size_t n, i;

	orders = row->orders;
	n = list_enrollments(row);
	for (i = 0; i < n; i++) {
		row->enrollment = &orders->list[orders->ranked[i].at];
		id_at = &orders->id_at[orders->ranked[i].rank];
		row->user_id = (struct str){ orders->ids + id_at[0],
			id_at[1] - id_at[0] };
		if (fn(arg, row) != 0)
			return -1;
	}
	return 0;
}

int
rows_each_enrollment(struct sheet_row *row, sheet_row_fn *fn, void *arg)
{
	struct buf id = { 0 };
	size_t i;
	int rc;

	rc = 0;
	row->table = T_SECTION;
	for (i = 0; i < row->orders->nsections && rc == 0; i++) {
		row->row = row->orders->sections[i];
		row->section_id = cell_section_id(row, &id);
		rc = each_enrollment_of(row, fn, arg);
	}
	buf_free(&id);
	return rc;
}

int
rows_for_each(rows_each_fn *each, const struct map *map,
    struct sheet_orders *orders, sheet_row_fn *fn, void *arg)
{
	struct sheet_row row = { .map = map, .orders = orders };

	return each(&row, fn, arg);
}
