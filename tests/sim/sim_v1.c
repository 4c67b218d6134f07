#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "sim_schema.h"
#include "sim_v1.h"
#include "sim_v1_list.h"
#include "sim_v1_object.h"

#define CONDITIONS_MAX 8
#define DISTRICT_EXPANSIONS "entry_codes, exit_codes"

/* What one request asks for. */
struct ask {
	struct sim_server *server;
	const struct sim_request *request;
	struct sim_maker maker;
	struct sim_answer *answer;
	struct sim_condition conditions[CONDITIONS_MAX];
	size_t nconditions;
};

static void
not_found(struct sim_answer *answer)
{
	sim_answer_v1_message(answer, 404, "Resource not found");
}

static bool
is_field(enum sim_resource resource, const char *name)
{
	const char *const *field;

	for (field = sim_resources[resource].fields; *field != NULL; field++) {
		if (strcmp(*field, name) == 0)
			return true;
	}
	return false;
}

/* Reads q, which is changed; -1 with the answer set. */
static int
read_conditions(struct ask *ask, enum sim_resource resource, char *q)
{
	struct sim_condition condition;
	char *message;

	ask->nconditions = 0;
	while (sim_condition_next(&q, &condition)) {
		if (condition.field != NULL &&
		    is_field(resource, condition.field) &&
		    ask->nconditions < CONDITIONS_MAX) {
			ask->conditions[ask->nconditions++] = condition;
			continue;
		}
		message = mem_printf("Invalid query expression: %s",
		    condition.field == NULL ? condition.value :
					      condition.field);
		sim_answer_v1_message(ask->answer, 400, message);
		free(message);
		return -1;
	}
	return 0;
}

/* The member of an object by a dotted name, as text; the caller frees it. */
static char *
member_text(const cJSON *object, const char *name)
{
	const char *dot;
	char *part, *text;

	while (object != NULL && (dot = strchr(name, '.')) != NULL) {
		part = mem_strndup(name, (size_t)(dot - name));
		object = cJSON_GetObjectItemCaseSensitive(object, part);
		free(part);
		name = dot + 1;
	}
	object = cJSON_GetObjectItemCaseSensitive(object, name);
	if (object == NULL)
		return NULL;
	if (cJSON_IsString(object) || cJSON_IsRaw(object))
		return mem_strdup(object->valuestring);
	text = cJSON_PrintUnformatted(object);
	part = mem_strdup(text);
	cJSON_free(text);
	return part;
}

/* Whether a text is one of a list such as (A,P). */
static bool
in_list(const char *list, const char *text)
{
	size_t len;

	for (list++; *list != '\0' && *list != ')'; list += len) {
		list += strspn(list, ", ");
		len = strcspn(list, ",) ");
		if (len == strlen(text) && memcmp(list, text, len) == 0)
			return true;
	}
	return false;
}

static bool
meets(const struct sim_condition *condition, const char *text)
{
	struct str wanted, have;
	int64_t m, n;

	if (condition->operator== SIM_EQUAL && * condition->value == '(')
		return in_list(condition->value, text);
	wanted = (struct str){ condition->value, strlen(condition->value) };
	have = (struct str){ text, strlen(text) };
	if (sim_number(wanted, &n) && sim_number(have, &m))
		return sim_meets_number(condition, m, n);
	return sim_meets_text(condition, have);
}

static bool
passes(const struct ask *ask, enum sim_resource resource, uint32_t row)
{
	struct sim_maker maker;
	cJSON *object;
	char *text;
	size_t i;
	bool ok;

	maker = ask->maker;
	maker.expansions = "school_enrollment,term";
	object = sim_v1_object(&maker, resource, row);
	ok = true;
	for (i = 0; i < ask->nconditions && ok; i++) {
		text = member_text(object, ask->conditions[i].field);
		ok = text != NULL && meets(&ask->conditions[i], text);
		free(text);
	}
	cJSON_Delete(object);
	return ok;
}

static void
filter(const struct ask *ask, enum sim_resource resource, struct sim_list *list)
{
	size_t i, n;

	n = 0;
	for (i = 0; i < list->count; i++) {
		if (ask->nconditions == 0 ||
		    passes(ask, resource, list->rows[i]))
			list->rows[n++] = list->rows[i];
	}
	list->count = n;
}

static void
put_members(cJSON *object, const char *expansions, const char *extensions)
{
	if (*expansions != '\0')
		cJSON_AddStringToObject(object, "@expansions", expansions);
	if (*extensions != '\0')
		cJSON_AddStringToObject(object, "@extensions", extensions);
}

static void
finish(struct ask *ask, cJSON *root)
{
	char *text;

	text = cJSON_PrintUnformatted(root);
	sim_answer_json(ask->answer, 200, "%s", text);
	cJSON_free(text);
	cJSON_Delete(root);
}

/* One page of a list under its wrapper. */
static void
answer_page(struct ask *ask, enum sim_resource resource, struct sim_list *list)
{
	const struct sim_resource_def *def = &sim_resources[resource];
	struct sim_rows rows = { list->rows, list->count };
	struct sim_answer page = { 0 };
	cJSON *root, *wrapper, *items;
	size_t i;

	sim_take_page(&page, &rows,
	    sim_argument_number(ask->request, "page", 1),
	    sim_page_size(ask->server, ask->request, "pagesize"),
	    &ask->request->effect);
	root = cJSON_CreateObject();
	wrapper = cJSON_AddObjectToObject(root, def->several);
	put_members(wrapper, def->expansions, def->extensions);
	items = cJSON_CreateArray();
	for (i = 0; i < page.nrows; i++)
		cJSON_AddItemToArray(
		    items, sim_v1_object(&ask->maker, resource, page.rows[i]));
	sim_v1_put_list(&ask->maker, wrapper, def->one, items);
	sim_answer_free(&page);
	finish(ask, root);
}

static void
answer_list(
    struct ask *ask, enum sim_resource resource, uint32_t owner, bool count)
{
	struct sim_list list;
	const char *q;
	char *copy;

	q = sim_argument(ask->request, "q");
	copy = q == NULL ? NULL : mem_strdup(q);
	if (read_conditions(ask, resource, copy) == 0) {
		list = sim_v1_rows(ask->server, resource, owner, q != NULL);
		filter(ask, resource, &list);
		if (count)
			sim_answer_json(ask->answer, 200,
			    "{\"resource\":{\"count\":%zu}}",
			    sim_bent_count(list.count, &ask->request->effect));
		else
			answer_page(ask, resource, &list);
		free(list.rows);
	}
	free(copy);
}

/* The row of a resource by its DCID. */
static bool
row_of(const struct ask *ask, enum sim_resource resource, struct sim_part part,
    uint32_t *row)
{
	const struct sim_table *table;
	struct str dcid;
	size_t i;

	table = &ask->server->district.tables[sim_resources[resource].table];
	for (i = 0; i < table->norder; i++) {
		dcid = sim_cell(table, table->order[i], 0);
		if (dcid.len == part.len &&
		    memcmp(dcid.bytes, part.text, part.len) == 0) {
			*row = table->order[i];
			return true;
		}
	}
	return false;
}

/* A single object, with the @ members inside it. */
static void
answer_one(struct ask *ask, enum sim_resource resource, uint32_t row)
{
	const struct sim_resource_def *def = &sim_resources[resource];
	cJSON *root, *object, *made, *child;

	root = cJSON_CreateObject();
	object = cJSON_AddObjectToObject(root, def->one);
	put_members(object, def->expansions, def->extensions);
	made = sim_v1_object(&ask->maker, resource, row);
	while ((child = cJSON_DetachItemFromArray(made, 0)) != NULL)
		cJSON_AddItemToObject(object, child->string, child);
	cJSON_Delete(made);
	finish(ask, root);
}

static void
answer_district(struct ask *ask)
{
	const struct sim_district *d = &ask->server->district;
	cJSON *root, *district;
	uint32_t row;

	root = cJSON_CreateObject();
	district = cJSON_AddObjectToObject(root, "district");
	put_members(district, DISTRICT_EXPANSIONS, "");
	cJSON_AddStringToObject(
	    district, "uuid", "6f1c0f5e-0000-4000-8000-1d2c3b4a5968");
	if (sim_find(d, &d->school_of_number, (struct str){ "0", 1 }, &row))
		sim_v1_put(
		    district, "name", sim_get(d, SIM_SCHOOLS, row, "name"));
	else
		cJSON_AddStringToObject(district, "name", "Simulated District");
	cJSON_AddNumberToObject(district, "district_number", 4471);
	cJSON_AddStringToObject(district, "addresses", "");
	cJSON_AddStringToObject(district, "phones", "");
	finish(ask, root);
}

/* Lists below an owner: the path's third part, the list's name, what it is. */
static const struct {
	const char *owner, *list;
	enum sim_resource resource;
} lists[] = {
	{ "district", "school", SIM_V1_SCHOOL },
	{ "district", "student", SIM_V1_STUDENT },
	{ "school", "student", SIM_V1_STUDENT },
	{ "school", "staff", SIM_V1_STAFF },
	{ "school", "term", SIM_V1_TERM },
	{ "school", "course", SIM_V1_COURSE },
	{ "school", "section", SIM_V1_SECTION },
	{ "section", "section_enrollment", SIM_V1_ENROLLMENT },
};

/* parts: owner, list [, count]; false: there is no such list. */
static bool
find_list(struct ask *ask, const struct sim_part *owner,
    const struct sim_part *list, size_t nlist, uint32_t row)
{
	size_t i;
	bool count;

	count = nlist == 2 && sim_part_is(list[1], "count");
	if (nlist != 1 && !count)
		return false;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (sim_part_is(*owner, lists[i].owner) &&
		    sim_part_is(*list, lists[i].list)) {
			answer_list(ask, lists[i].resource, row, count);
			return true;
		}
	}
	return false;
}

void
sim_v1(struct sim_server *server, const struct sim_request *request,
    const struct sim_part *parts, size_t nparts, struct sim_answer *answer)
{
	struct ask ask = { .server = server,
		.request = request,
		.maker = { &server->district, "", server->options.arrays },
		.answer = answer };
	const char *expansions;
	uint32_t row;
	int r;

	if (strcmp(request->method, "GET") != 0) {
		sim_answer_v1_message(answer, 405, "Method Not Allowed");
		return;
	}
	expansions = sim_argument(request, "expansions");
	if (expansions != NULL)
		ask.maker.expansions = expansions;
	if (sim_part_is(parts[2], "district")) {
		if (nparts == 3)
			answer_district(&ask);
		else if (!find_list(&ask, &parts[2], parts + 3, nparts - 3,
			     UINT32_MAX))
			not_found(answer);
		return;
	}
	for (r = 0; r < SIM_V1_RESOURCES; r++) {
		if (sim_part_is(parts[2], sim_resources[r].one))
			break;
	}
	if (nparts < 4 || r == SIM_V1_RESOURCES ||
	    !row_of(&ask, (enum sim_resource)r, parts[3], &row))
		not_found(answer);
	else if (nparts == 4)
		answer_one(&ask, (enum sim_resource)r, row);
	else if (!find_list(&ask, &parts[2], parts + 4, nparts - 4, row))
		not_found(answer);
}
