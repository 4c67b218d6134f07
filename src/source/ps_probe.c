#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "source/ps_fail.h"
#include "source/ps_probe.h"
#include "source/ps_query.h"
#include "source/ps_v1.h"
#include "source/ps_v1_cells.h"

#define YEARID_BASE 1990

/* 0 when the server answers with rows, 1 with *refusal, -1. */
static int
ask(struct ps_probe *probe, const char *path, const char *body,
    struct ps_refusal *refusal, struct err *err)
{
	struct net_answer answer;

	if (ps_client_fetch(probe->client, path, body, &answer, err) != 0)
		return -1;
	if (answer.status == 200 &&
	    !ps_refusal_is_page(answer.content_type, answer.body, answer.len))
		return 0;
	ps_refusal_read(refusal, answer.status, answer.content_type,
	    answer.challenge, answer.body, answer.len);
	if (refusal->kind != PS_REFUSAL_WEB_PAGE &&
	    refusal->kind != PS_REFUSAL_TOKEN)
		return 1;
	return ps_fail(
	    net_host(ps_client_net(probe->client)), path, "", refusal, err);
}

static void
note(struct ps_probe_result *result, const char *way,
    const struct ps_refusal *refusal, const char *what)
{
	buf_printf(&result->why, "%s%s: %s", result->why.len > 0 ? "; " : "",
	    way, what);
	if (refusal != NULL && refusal->words[0] != '\0')
		buf_printf(&result->why, " (%s)", refusal->words);
}

static int
probe_query(struct ps_probe *probe, enum table_id table,
    struct ps_probe_result *result, struct err *err)
{
	const struct feed_query *query;
	struct ps_refusal refusal;
	char *path, *body;
	int rc;

	query = feed_queries_of(table);
	path = mem_printf("/ws/schema/query/%s?pagesize=1&page=1", query->name);
	body = ps_query_body(query, probe->options->year - YEARID_BASE);
	rc = ask(probe, path, body, &refusal, err);
	free(path);
	free(body);
	if (rc != 1)
		return rc;
	result->withheld = ps_refusal_withholds(&refusal);
	if (refusal.kind == PS_REFUSAL_GRANT) {
		ps_refusal_put_grants(
		    &refusal, schema[table].name, &result->grants);
		note(result, "query", NULL, "fields are not granted");
	} else {
		note(result, "query", &refusal,
		    refusal.kind == PS_REFUSAL_NOT_THERE ? "is not installed" :
							   "is refused");
	}
	return 1;
}

/* Takes a column out of the list; false: it is not there. */
static bool
take_out(const char **columns, const char *name)
{
	size_t i, n;
	bool found;

	found = false;
	for (i = n = 0; columns[i] != NULL; i++) {
		if (strcasecmp(columns[i], name) == 0)
			found = true;
		else
			columns[n++] = columns[i];
	}
	columns[n] = NULL;
	return found;
}

static char *
table_path(enum table_id table, const char *const *columns)
{
	struct buf path = { 0 };
	size_t i;

	buf_printf(
	    &path, "/ws/schema/table/%s?projection=", schema[table].name);
	for (i = 0; columns[i] != NULL; i++)
		buf_printf(&path, "%s%s", i == 0 ? "" : ",", columns[i]);
	buf_adds(&path, "&pagesize=1&page=1");
	buf_str(&path);
	return path.data;
}

static bool
is_needed(enum table_id table, const char *name)
{
	int field;

	field = schema_field(table, name, strlen(name));
	return field >= 0 &&
	    (schema[table].fields[field].use & FIELD_NEEDED) != 0;
}

static int
probe_fields(struct ps_probe *probe, enum table_id table,
    struct ps_probe_result *result, struct err *err)
{
	const char *columns[FIELDS_MAX];
	struct ps_refusal refusal;
	bool usable;
	char *path;
	int rc;

	memcpy(columns, feed_queries_of(table)->columns, sizeof(columns));
	usable = true;
	while (columns[0] != NULL) {
		path = table_path(table, columns);
		rc = ask(probe, path, NULL, &refusal, err);
		free(path);
		if (rc <= 0)
			return rc < 0 ? -1 : usable ? 0 : 1;
		result->withheld = result->withheld ||
		    (refusal.kind != PS_REFUSAL_GRANT &&
			refusal.kind != PS_REFUSAL_FORBIDDEN &&
			ps_refusal_withholds(&refusal));
		if (refusal.nfields == 0 ||
		    !take_out(columns, refusal.fields[0].field)) {
			note(result, "table", &refusal, "is refused");
			return 1;
		}
		if (refusal.kind == PS_REFUSAL_GRANT) {
			usable = false;
			refusal.nfields = 1;
			ps_refusal_put_grants(
			    &refusal, schema[table].name, &result->grants);
		} else {
			usable = usable &&
			    !is_needed(table, refusal.fields[0].field);
			note(result, "table", &refusal, "lacks a column");
		}
	}
	return 1;
}

/* One level of access opens all of /ws/v1, so that one count tells. */
static int
probe_v1(struct ps_probe *probe, enum table_id table,
    struct ps_probe_result *result, struct err *err)
{
	struct err refused = { 0 };
	struct ps_refusal refusal;
	char *path;
	int rc;

	if (ps_v1_cells_kind(table) == PS_V1_KINDS) {
		note(result, "v1", NULL, "does not carry it");
		return 1;
	}
	if (ps_v1_refuses_templates(probe->roster, table, &refused)) {
		note(result, "v1", NULL, refused.msg);
		return 1;
	}
	path = ps_v1_def_count_path(PS_V1_SCHOOL, 0, probe->options->year);
	rc = ask(probe, path, NULL, &refusal, err);
	free(path);
	if (rc == 1)
		note(result, "v1", &refusal, "is refused");
	return rc;
}

static int
probe_one(struct ps_probe *probe, const struct ps_way *way, enum table_id table,
    struct ps_probe_result *result, struct err *err)
{
	int rc;

	if (strcmp(way->name, "query") == 0)
		return probe_query(probe, table, result, err);
	if (strcmp(way->name, "v1") == 0)
		return probe_v1(probe, table, result, err);
	if (table == T_STUDENTEMAIL) {
		note(result, way->name, NULL, "does not carry it");
		return 1;
	}
	rc = probe_fields(probe, table, result, err);
	if (rc == 1 && result->grants.len > 0)
		note(result, "table", NULL, "fields are not granted");
	return rc;
}

int
ps_probe_table(struct ps_probe *probe, enum table_id table,
    struct ps_probe_result *result, struct err *err)
{
	const struct ps_way *way;
	size_t i;
	int rc;

	*result = (struct ps_probe_result){ 0 };
	for (i = 0; (way = ps_way_of(probe->options, i, err)) != NULL; i++) {
		rc = probe_one(probe, way, table, result, err);
		if (rc < 0)
			break;
		if (rc == 0) {
			result->way = way;
			result->first = i == 0;
			return 0;
		}
		/* A query that lacks fields is to be mended, not gone round. */
		if (result->grants.len > 0 && strcmp(way->name, "query") == 0)
			return 0;
	}
	if (err->code == EXIT_DONE)
		return 0;
	ps_probe_result_free(result);
	return -1;
}

void
ps_probe_result_free(struct ps_probe_result *result)
{
	buf_free(&result->why);
	buf_free(&result->grants);
}
