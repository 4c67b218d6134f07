#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "sim_select.h"

#define KEPT 16		  /* selections */
#define CONDITIONS_MAX 16 /* of one filter */

struct selection {
	char *key;
	uint32_t *rows;
	size_t count;
	unsigned changes; /* of the district when it was made */
	uint64_t used;
};

struct sim_selections {
	struct selection kept[KEPT];
	uint64_t clock;
};

/* A condition on a column. */
struct test {
	struct sim_condition condition;
	int column;
	bool is_number;
	int64_t number;
};

static const struct {
	const char *text;
	enum sim_operator operator;
} operators[] = {
	{ "==", SIM_EQUAL },
	{ "=gt=", SIM_GREATER },
	{ "=ge=", SIM_GREATER_EQUAL },
	{ "=lt=", SIM_LESS },
	{ "=le=", SIM_LESS_EQUAL },
};

struct sim_selections *
sim_selections_new(void)
{
	return mem_zalloc(1, sizeof(struct sim_selections));
}

void
sim_selections_free(struct sim_selections *cache)
{
	size_t i;

	for (i = 0; i < KEPT; i++) {
		free(cache->kept[i].key);
		free(cache->kept[i].rows);
	}
	free(cache);
}

bool
sim_condition_next(char **text, struct sim_condition *condition)
{
	char *at, *end;
	size_t i, len;

	if (*text == NULL || **text == '\0')
		return false;
	at = *text;
	end = strchr(at, ';');
	if (end != NULL)
		*end++ = '\0';
	*text = end;
	*condition = (struct sim_condition){ NULL, SIM_EQUAL, at };
	end = strchr(at, '=');
	for (i = 0; end != NULL && i < sizeof(operators) / sizeof(operators[0]);
	     i++) {
		len = strlen(operators[i].text);
		if (strncmp(end, operators[i].text, len) != 0)
			continue;
		*end = '\0';
		*condition = (struct sim_condition){
			at, operators[i].operator, end + len };
		break;
	}
	return true;
}

bool
sim_meets_number(
    const struct sim_condition *condition, int64_t number, int64_t wanted)
{
	switch (condition->operator) {
	case SIM_EQUAL:
		return number == wanted;
	case SIM_GREATER:
		return number > wanted;
	case SIM_GREATER_EQUAL:
		return number >= wanted;
	case SIM_LESS:
		return number < wanted;
	case SIM_LESS_EQUAL:
		return number <= wanted;
	}
	return false;
}

bool
sim_meets_text(const struct sim_condition *condition, struct str text)
{
	size_t len, least;
	int order;

	len = strlen(condition->value);
	if (condition->operator== SIM_EQUAL && len> 0 &&
	    condition->value[len - 1] == '*')
		return text.len >= len - 1 &&
		    memcmp(text.bytes, condition->value, len - 1) == 0;
	least = text.len < len ? text.len : len;
	order = memcmp(text.bytes, condition->value, least);
	if (order == 0)
		order = text.len < len ? -1 : text.len > len;
	return sim_meets_number(condition, order, 0);
}

/* Reads a filter on columns; q is changed. */
static int
read_tests(const struct sim_table_def *def, char *q, struct test *tests,
    size_t *ntests, struct err *err)
{
	struct sim_condition condition;
	const char *field, *dot;
	struct test *test;

	*ntests = 0;
	while (sim_condition_next(&q, &condition)) {
		if (*ntests == CONDITIONS_MAX)
			return err_set(
			    err, EXIT_SOURCE, "Invalid query expression");
		field = condition.field;
		if (field == NULL)
			return err_set(err, EXIT_SOURCE,
			    "Invalid query expression %s", condition.value);
		dot = strchr(field, '.');
		if (dot != NULL)
			field = dot + 1;
		test = &tests[(*ntests)++];
		*test = (struct test){ .condition = condition };
		test->column = sim_column_find(def, field, strlen(field));
		if (test->column < 0)
			return err_set(
			    err, EXIT_SOURCE, "Invalid field %s", field);
		test->is_number = def->columns[test->column].type == SIM_NUMBER;
		if (test->is_number &&
		    !sim_number((struct str){ condition.value,
				    strlen(condition.value) },
			&test->number))
			return err_set(err, EXIT_SOURCE,
			    "Invalid number '%s' passed for comparison to "
			    "number field %s",
			    condition.value, field);
	}
	return 0;
}

static bool
passes(const struct sim_table *table, uint32_t row, const struct test *tests,
    size_t ntests)
{
	struct str text;
	int64_t number;
	size_t i;

	for (i = 0; i < ntests; i++) {
		text = sim_cell(table, row, tests[i].column);
		if (text.len == 0)
			return false;
		if (tests[i].is_number) {
			if (!sim_number(text, &number) ||
			    !sim_meets_number(
				&tests[i].condition, number, tests[i].number))
				return false;
		} else if (!sim_meets_text(&tests[i].condition, text)) {
			return false;
		}
	}
	return true;
}

/* Students of a year: active, to come, or with a class in it. */
static bool
student_in(const struct sim_district *d, uint32_t row, int year)
{
	struct str status;

	status = sim_get(d, SIM_STUDENTS, row, "enroll_status");
	return (status.len == 1 && status.bytes[0] == '0') ||
	    (status.len == 2 && memcmp(status.bytes, "-1", 2) == 0) ||
	    (year >= 0 && year < 64 &&
		(d->student_years[row] >> (unsigned)year & 1) != 0);
}

static bool
in_year(
    const struct sim_district *d, enum sim_table_id id, uint32_t row, int year)
{
	uint32_t student;

	if (year == SIM_ANY_YEAR)
		return true;
	if (d->tables[id].year != NULL)
		return d->tables[id].year[row] == year;
	if (id == SIM_STUDENTEMAIL)
		return sim_find(d, &d->student_of_dcid,
			   sim_get(d, id, row, "studentsdcid"), &student) &&
		    student_in(d, student, year);
	return id != SIM_STUDENTS || student_in(d, row, year);
}

/* What qsort_r() needs to know. */
struct sorting {
	const struct sim_table *table;
	int column;
	bool descending;
};

static int
by_column(const void *a, const void *b, void *arg)
{
	const struct sorting *s = arg;
	struct str x, y;
	int64_t m, n;
	size_t least;
	int order;

	x = sim_cell(s->table, *(const uint32_t *)a, s->column);
	y = sim_cell(s->table, *(const uint32_t *)b, s->column);
	if (s->table->def->columns[s->column].type == SIM_NUMBER &&
	    sim_number(x, &m) && sim_number(y, &n)) {
		order = m < n ? -1 : m > n;
	} else {
		least = x.len < y.len ? x.len : y.len;
		order = memcmp(x.bytes, y.bytes, least);
		if (order == 0)
			order = x.len < y.len ? -1 : x.len > y.len;
	}
	return s->descending ? -order : order;
}

static int
choose(const struct sim_district *d, const struct sim_wish *wish,
    struct selection *selection, struct err *err)
{
	const struct sim_table *table;
	struct test tests[CONDITIONS_MAX];
	struct sorting sorting;
	size_t i, ntests;
	char *q;
	int rc;

	table = &d->tables[wish->table];
	ntests = 0;
	q = wish->q == NULL ? NULL : mem_strdup(wish->q);
	rc = read_tests(table->def, q, tests, &ntests, err);
	selection->count = 0;
	selection->rows = mem_zalloc(
	    table->norder + 1, sizeof(*selection->rows));
	for (i = 0; rc == 0 && i < table->norder; i++) {
		if (in_year(d, wish->table, table->order[i], wish->year) &&
		    passes(table, table->order[i], tests, ntests))
			selection->rows[selection->count++] = table->order[i];
	}
	free(q);
	sorting = (struct sorting){ table, wish->sort, wish->descending };
	if (wish->sort >= 0 && (wish->sort > 0 || wish->descending))
		qsort_r(selection->rows, selection->count,
		    sizeof(*selection->rows), by_column, &sorting);
	return rc;
}

int
sim_select(struct sim_selections *cache, const struct sim_district *district,
    const struct sim_wish *wish, struct sim_rows *rows, struct err *err)
{
	struct selection *oldest, *s;
	char *key;
	size_t i;

	key = mem_printf("%d %d %d %d %s", wish->table, wish->year, wish->sort,
	    wish->descending, wish->q == NULL ? "" : wish->q);
	oldest = &cache->kept[0];
	for (i = 0; i < KEPT; i++) {
		s = &cache->kept[i];
		if (s->key != NULL && strcmp(s->key, key) == 0 &&
		    s->changes == district->changes)
			break;
		if (s->used < oldest->used)
			oldest = s;
	}
	if (i < KEPT) {
		free(key);
	} else {
		s = oldest;
		free(s->key);
		free(s->rows);
		*s = (struct selection){ .key = key,
			.changes = district->changes };
		if (choose(district, wish, s, err) != 0) {
			free(s->key);
			free(s->rows);
			*s = (struct selection){ 0 };
			return -1;
		}
	}
	s->used = ++cache->clock;
	*rows = (struct sim_rows){ s->rows, s->count };
	return 0;
}
