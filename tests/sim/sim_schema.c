#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "sim_schema.h"

bool
sim_denied(const struct sim_server *server, const struct sim_table_def *def,
    int column)
{
	const char *denied;
	size_t i, len;

	len = strlen(def->name);
	for (i = 0; i < server->options.ndenied; i++) {
		denied = server->options.denied[i];
		if (strncasecmp(denied, def->name, len) == 0 &&
		    denied[len] == '.' &&
		    strcasecmp(denied + len + 1, def->columns[column].name) ==
			0)
			return true;
	}
	return false;
}

void
sim_take_page(struct sim_answer *answer, const struct sim_rows *rows,
    size_t page, size_t size, const struct sim_effect *effect)
{
	size_t i, from, to;

	from = size == 0 ? 0 : (page - 1) * size;
	if (page == 0 || from > rows->count)
		from = rows->count;
	to = size == 0 || size > rows->count - from ? rows->count : from + size;
	if (effect->short_by > 0)
		to -= effect->short_by < to - from ? effect->short_by :
						     to - from;
	answer->rows = mem_zalloc(to - from + 2, sizeof(*answer->rows));
	for (i = from; i < to; i++) {
		if (effect->omits && i - from == effect->omitted)
			continue;
		answer->rows[answer->nrows++] = rows->rows[i];
		if (effect->repeats && i - from == effect->repeated)
			answer->rows[answer->nrows++] = rows->rows[i];
	}
}

size_t
sim_bent_count(size_t count, const struct sim_effect *effect)
{
	long bent;

	bent = (long)count + effect->count_shift;
	return bent < 0 ? 0 : (size_t)bent;
}

size_t
sim_page_size(const struct sim_server *server,
    const struct sim_request *request, const char *argument)
{
	size_t size, max;

	max = server->options.page_max;
	if (request->effect.page_max > 0 && request->effect.page_max < max)
		max = request->effect.page_max;
	size = sim_argument_number(request, argument, max);
	return size == 0 || size > max ? max : size;
}

/* The 403, which names one column. */
static void
no_access(struct sim_answer *answer, const struct sim_table_def *def, int c)
{
	sim_answer_json(answer, 403,
	    "{\"message\":\"At least one column lacks sufficient permission\","
	    "\"errors\":[{\"code\":\"NoAccess\",\"field\":\"%s\","
	    "\"resource\":\"%s\"}]}",
	    def->columns[c].name, def->shown);
}

static bool
refused(const struct sim_server *server, const struct sim_table_def *def, int c)
{
	return !server->options.table || sim_denied(server, def, c);
}

/* Marks one column of a projection; -1 with the answer set. */
static int
project(const struct sim_server *server, struct sim_form *form,
    const char *name, size_t len, struct sim_answer *answer)
{
	const struct sim_table_def *def;
	const char *dot;
	char *message;
	int c;

	def = form->table->def;
	dot = memchr(name, '.', len);
	if (dot != NULL) {
		len -= (size_t)(dot + 1 - name);
		name = dot + 1;
	}
	if (len == 1 && *name == '*') {
		for (c = 0; def->columns[c].name != NULL; c++)
			form->wanted[c] = !refused(server, def, c);
		if (server->options.table)
			return 0;
		no_access(answer, def, 0);
		return -1;
	}
	c = sim_column_find(def, name, len);
	if (c < 0) {
		message = mem_printf("Invalid field specified: %.*s is not "
				     "valid column for table: %s",
		    (int)len, name, def->shown);
		sim_answer_message(answer, 400, message);
		free(message);
		return -1;
	}
	if (refused(server, def, c)) {
		no_access(answer, def, c);
		return -1;
	}
	form->wanted[c] = true;
	return 0;
}

static int
read_projection(const struct sim_server *server, const char *projection,
    struct sim_form *form, struct sim_answer *answer)
{
	size_t len;

	if (projection == NULL || *projection == '\0') {
		sim_answer_message(answer, 400, "Projection is required");
		return -1;
	}
	while (*projection != '\0') {
		len = strcspn(projection, ",");
		if (len > 0 &&
		    project(server, form, projection, len, answer) != 0)
			return -1;
		projection += len;
		projection += *projection == ',';
	}
	return 0;
}

/* Reads sort and sortdescending; -1 with the answer set. */
static int
read_sort(const struct sim_request *request, struct sim_wish *wish,
    struct sim_answer *answer)
{
	const char *sort, *descending, *dot;
	char *message;

	wish->sort = -1;
	sort = sim_argument(request, "sort");
	if (sort == NULL)
		return 0;
	dot = strchr(sort, '.');
	if (dot != NULL)
		sort = dot + 1;
	wish->sort = sim_column_find(
	    &sim_tables[wish->table], sort, strlen(sort));
	descending = sim_argument(request, "sortdescending");
	wish->descending = descending != NULL &&
	    strcasecmp(descending, "true") == 0;
	if (wish->sort >= 0)
		return 0;
	message = mem_printf("Invalid field %s", sort);
	sim_answer_message(answer, 400, message);
	free(message);
	return -1;
}

/*
 * Without an order and without a filter the pages of a real server move; here
 * each such request begins one row further on.
 */
static void
turn(struct sim_server *server, const struct sim_request *request,
    const struct sim_rows *rows, struct sim_rows *turned, uint32_t **copy)
{
	size_t by;

	*turned = *rows;
	*copy = NULL;
	if (sim_argument(request, "sort") != NULL ||
	    sim_argument(request, "q") != NULL || rows->count < 2)
		return;
	by = server->unsorted++ % rows->count;
	*copy = mem_zalloc(rows->count, sizeof(**copy));
	memcpy(*copy, rows->rows + by, (rows->count - by) * sizeof(**copy));
	memcpy(*copy + rows->count - by, rows->rows, by * sizeof(**copy));
	turned->rows = *copy;
}

static void
table_rows(struct sim_server *server, const struct sim_request *request,
    struct sim_wish *wish, struct sim_answer *answer)
{
	struct sim_rows rows, turned;
	struct sim_form form = { 0 };
	struct err err = { 0 };
	const struct sim_table_def *def;
	uint32_t *copy;

	def = &sim_tables[wish->table];
	form.table = &server->district.tables[wish->table];
	if (read_projection(server, sim_argument(request, "projection"), &form,
		answer) != 0 ||
	    read_sort(request, wish, answer) != 0)
		return;
	if (sim_select(server->selections, &server->district, wish, &rows,
		&err) != 0) {
		sim_answer_message(answer, 400, err.msg);
		return;
	}
	turn(server, request, &rows, &turned, &copy);
	sim_answer_json(answer, 200, "{\"name\":\"%s\"", def->name);
	answer->form = form;
	sim_take_page(answer, &turned, sim_argument_number(request, "page", 1),
	    sim_page_size(server, request, "pagesize"), &request->effect);
	free(copy);
	buf_adds(&answer->text,
	    answer->nrows > 0 ? ",\"record\":[" : ",\"record\":[]");
	answer->tail = mem_strdup(answer->nrows > 0 ?
		"],\"@extensions\":\"\"}" :
		",\"@extensions\":\"\"}");
}

/* One row by its key. */
static void
table_row(struct sim_server *server, const struct sim_request *request,
    enum sim_table_id id, struct sim_part key, struct sim_answer *answer)
{
	const struct sim_table *table;
	struct sim_form form = { 0 };
	struct str cell;
	size_t i;

	table = form.table = &server->district.tables[id];
	if (read_projection(server, sim_argument(request, "projection"), &form,
		answer) != 0)
		return;
	for (i = 0; i < table->norder; i++) {
		cell = sim_cell(table, table->order[i], 0);
		if (cell.len != key.len ||
		    memcmp(cell.bytes, key.text, key.len) != 0)
			continue;
		sim_answer_json(answer, 200, "%s", "");
		sim_rows_put(&form, table->order[i], &answer->text);
		return;
	}
	sim_answer_message(answer, 404, "Resource not found");
}

static void
table_count(struct sim_server *server, const struct sim_request *request,
    struct sim_wish *wish, struct sim_answer *answer)
{
	struct sim_rows rows;
	struct err err = { 0 };

	/* An unfiltered count needs no grant. */
	if (wish->q != NULL && !server->options.table) {
		no_access(answer, &sim_tables[wish->table], 0);
		return;
	}
	if (sim_select(
		server->selections, &server->district, wish, &rows, &err) != 0)
		sim_answer_message(answer, 400, err.msg);
	else
		sim_answer_json(answer, 200, "{\"count\":%zu}",
		    sim_bent_count(rows.count, &request->effect));
}

static void
table_metadata(const struct sim_server *server, enum sim_table_id id,
    struct sim_answer *answer)
{
	const struct sim_table_def *def;
	int c;

	def = &sim_tables[id];
	sim_answer_json(
	    answer, 200, "{\"name\":\"%s\",\"columns\":[", def->name);
	for (c = 0; def->columns[c].name != NULL; c++)
		buf_printf(&answer->text,
		    "%s{\"name\":\"%s\",\"type\":\"%s\",\"access\":\"%s\"}",
		    c == 0 ? "" : ",", def->columns[c].name,
		    def->columns[c].type == SIM_NUMBER	 ? "Number" :
			def->columns[c].type == SIM_DATE ? "Date" :
							   "String",
		    refused(server, def, c) ? "None" : "ViewOnly");
	buf_adds(&answer->text, "]}");
}

static void
table_list(struct sim_answer *answer)
{
	bool first;
	int t;

	sim_answer_json(answer, 200, "{\"tables\":[");
	first = true;
	for (t = 0; t < SIM_TABLES; t++) {
		if (!sim_tables[t].readable)
			continue;
		buf_printf(&answer->text, "%s{\"name\":\"%s\"}",
		    first ? "" : ",", sim_tables[t].name);
		first = false;
	}
	buf_adds(&answer->text, "]}");
}

void
sim_schema_table(struct sim_server *server, const struct sim_request *request,
    const struct sim_part *parts, size_t nparts, struct sim_answer *answer)
{
	struct sim_wish wish = { .year = SIM_ANY_YEAR, .sort = -1 };
	int id;

	if (nparts == 3) {
		table_list(answer);
		return;
	}
	id = sim_table_find(parts[3].text, parts[3].len);
	if (parts[3].len == 8 &&
	    strncasecmp(parts[3].text, "teachers", 8) == 0) {
		sim_answer_message(
		    answer, 405, "GET, POST and PUT are not allowed on table");
		return;
	}
	if (id < 0 || !sim_tables[id].readable) {
		sim_answer_message(answer, 404, "Resource not found");
		return;
	}
	wish.table = (enum sim_table_id)id;
	wish.q = sim_argument(request, "q");
	if (nparts == 4)
		table_rows(server, request, &wish, answer);
	else if (sim_part_is(parts[4], "count"))
		table_count(server, request, &wish, answer);
	else if (sim_part_is(parts[4], "metadata"))
		table_metadata(server, wish.table, answer);
	else
		table_row(server, request, wish.table, parts[4], answer);
}
