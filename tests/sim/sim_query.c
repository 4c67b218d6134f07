#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/mem.h"
#include "sim_query.h"
#include "sim_schema.h"

#define FRONT "org.rollbook.roster."
#define BEHIND ".list"
#define BODY_MAX ((size_t)1 << 20)
#define DEFAULT_SIZE 100

/* The table that a query's name stands for; -1 when it is not installed. */
static int
query_table(struct sim_part name)
{
	size_t front, behind;
	int id;

	front = strlen(FRONT);
	behind = strlen(BEHIND);
	if (name.len <= front + behind ||
	    memcmp(name.text, FRONT, front) != 0 ||
	    memcmp(name.text + name.len - behind, BEHIND, behind) != 0)
		return -1;
	id = sim_table_find(name.text + front, name.len - front - behind);
	return id >= 0 && sim_tables[id].columns[0].queried ? id : -1;
}

static void
list_queries(const struct sim_server *server, struct sim_answer *answer)
{
	bool first;
	int t;

	sim_answer_json(answer, 200, "{\"queries\":[");
	first = true;
	for (t = 0; t < SIM_TABLES && server->options.query; t++) {
		if (!sim_tables[t].columns[0].queried)
			continue;
		buf_printf(&answer->text,
		    "%s{\"name\":\"" FRONT "%s" BEHIND "\"}", first ? "" : ",",
		    sim_tables[t].name);
		first = false;
	}
	buf_adds(&answer->text, "]}");
}

/* Names every column of the query that was not granted; false: none. */
static bool
lacks_grants(const struct sim_server *server, const struct sim_table_def *def,
    struct sim_answer *answer)
{
	struct buf errors = { 0 };
	int c;

	for (c = 0; def->columns[c].name != NULL; c++) {
		if (!def->columns[c].queried || !sim_denied(server, def, c))
			continue;
		buf_printf(&errors,
		    "%s{\"resource\":\"" FRONT "%s" BEHIND "\",\"field\":"
		    "\"%s.%s\",\"code\":\"No access to the field\"}",
		    errors.len == 0 ? "" : ",", def->name, def->name,
		    def->columns[c].name);
	}
	if (errors.len == 0)
		return false;
	sim_answer_json(answer, 400,
	    "{\"message\":\"Validation Failed\",\"errors\":[%s]}",
	    buf_str(&errors));
	buf_free(&errors);
	return true;
}

/* The year in the arguments, as text or number; -1 with the answer set. */
static int
read_year(
    const struct json *body, struct sim_wish *wish, struct sim_answer *answer)
{
	const struct json *member;
	const char *text;
	int64_t number;

	wish->year = SIM_ANY_YEAR;
	member = json_get(body, "yearid");
	if (member == NULL) {
		if (!sim_tables[wish->table].by_year ||
		    wish->table == SIM_STUDENTEMAIL)
			return 0;
		sim_answer_json(answer, 400,
		    "{\"message\":\"Validation Failed\",\"errors\":[{"
		    "\"resource\":\"" FRONT "%s" BEHIND "\",\"field\":"
		    "\"yearid\",\"code\":\"Missing required argument\"}]}",
		    sim_tables[wish->table].name);
		return -1;
	}
	text = json_text(member);
	if (text == NULL)
		text = json_digits(member);
	if (text == NULL ||
	    !sim_number((struct str){ text, strlen(text) }, &number) ||
	    number < 0 || number > 1000) {
		sim_answer_message(answer, 400, "Invalid argument yearid");
		return -1;
	}
	if (sim_tables[wish->table].by_year)
		wish->year = (int)number;
	return 0;
}

/* order=table.col;desc: the first column alone counts. */
static void
read_order(const struct sim_request *request, struct sim_wish *wish)
{
	const char *order, *dot;
	size_t len;

	wish->sort = -1;
	order = sim_argument(request, "order");
	if (order == NULL)
		return;
	dot = strchr(order, '.');
	if (dot != NULL)
		order = dot + 1;
	len = strcspn(order, ";,");
	wish->sort = sim_column_find(&sim_tables[wish->table], order, len);
	wish->descending = strncasecmp(order + len, ";desc", 5) == 0;
}

static void
answer_rows(struct sim_server *server, const struct sim_request *request,
    const struct sim_wish *wish, const struct sim_rows *rows,
    struct sim_answer *answer)
{
	const struct sim_table_def *def;
	const char *count;
	size_t i, size;
	int c;

	def = &sim_tables[wish->table];
	sim_answer_json(answer, 200, "{\"name\":\"");
	for (i = 0; def->name[i] != '\0'; i++)
		buf_addc(&answer->text, (char)(def->name[i] - 'a' + 'A'));
	buf_adds(&answer->text, "\"");
	count = sim_argument(request, "count");
	if (count != NULL && strcasecmp(count, "true") == 0)
		buf_printf(&answer->text, ",\"count\":%zu",
		    sim_bent_count(rows->count, &request->effect));
	answer->form.table = &server->district.tables[wish->table];
	answer->form.flattened = true;
	for (c = 0; def->columns[c].name != NULL; c++)
		answer->form.wanted[c] = def->columns[c].queried;
	size = sim_argument_number(request, "pagesize", DEFAULT_SIZE);
	if (request->effect.page_max > 0 &&
	    (size == 0 || size > request->effect.page_max))
		size = request->effect.page_max;
	sim_take_page(answer, rows, sim_argument_number(request, "page", 1),
	    size, &request->effect);
	if (answer->nrows > 0)
		buf_adds(&answer->text, ",\"record\":[");
	answer->tail = mem_strdup(answer->nrows > 0 ?
		"],\"@extensions\":\"\"}" :
		",\"@extensions\":\"\"}");
}

static void
run_query(struct sim_server *server, const struct sim_request *request,
    enum sim_table_id id, bool count, struct sim_answer *answer)
{
	struct json_origin origin = { "the body", BODY_MAX, EXIT_SOURCE };
	struct sim_wish wish = { .table = id };
	struct sim_rows rows;
	struct err err = { 0 };
	struct json *body;

	body = json_parse(request->body.len == 0 ? "" : request->body.data,
	    request->body.len, &origin, &err);
	if (body == NULL || json_kind(body) != JSON_OBJECT) {
		sim_answer_message(answer, 400, "Invalid request body");
		json_free(body);
		return;
	}
	wish.q = json_text(json_get(body, "$q"));
	read_order(request, &wish);
	if (read_year(body, &wish, answer) == 0) {
		if (sim_select(server->selections, &server->district, &wish,
			&rows, &err) != 0)
			sim_answer_message(answer, 400, err.msg);
		else if (count)
			sim_answer_json(answer, 200, "{\"count\":%zu}",
			    sim_bent_count(rows.count, &request->effect));
		else
			answer_rows(server, request, &wish, &rows, answer);
	}
	json_free(body);
}

void
sim_query(struct sim_server *server, const struct sim_request *request,
    const struct sim_part *parts, size_t nparts, struct sim_answer *answer)
{
	char *message;
	int id;

	if (nparts == 4 && sim_part_is(parts[3], "api")) {
		list_queries(server, answer);
		return;
	}
	id = nparts < 4 || !server->options.query ? -1 : query_table(parts[3]);
	if (id < 0 || nparts > 5 ||
	    (nparts == 5 && !sim_part_is(parts[4], "count"))) {
		message = mem_printf("Query %.*s not found",
		    nparts < 4 ? 0 : (int)parts[3].len,
		    nparts < 4 ? "" : parts[3].text);
		sim_answer_message(answer, 404, message);
		free(message);
	} else if (strcmp(request->method, "POST") != 0) {
		sim_answer_message(answer, 405, "Method Not Allowed");
	} else if (strstr(request->content_type, "application/json") == NULL) {
		sim_answer_message(answer, 415, "Unsupported Media Type");
	} else if (!lacks_grants(server, &sim_tables[id], answer)) {
		run_query(server, request, (enum sim_table_id)id, nparts == 5,
		    answer);
	}
}
