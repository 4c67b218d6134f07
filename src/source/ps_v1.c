#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/log.h"
#include "base/mem.h"
#include "source/ps_fail.h"
#include "source/ps_v1.h"
#include "source/ps_v1_cells.h"

/* What stands in for a table, where /ws/v1 has no more of it. */
static const char *const instead[TABLES] = {
	[T_SECTIONTEACHER] = "/ws/v1 names the lead teachers alone: nobody else"
			     " who teaches or helps in a section is sent",
	[T_STUDENTEMAIL] = "/ws/v1 knows the address of the contact page, not"
			   " those of the Person tables",
	[T_USER] = "/ws/v1 lists staff who are active; of those who have left,"
		   " lead teachers alone are asked for",
};

/* Of {term.id}: what to write, or to grant. */
static int
refuse_template(const struct roster *roster, enum table_id table,
    const char *name, int field, struct err *err)
{
	char upper[2][64];
	const char *from[2];
	size_t i, n;

	from[0] = schema[table].name;
	from[1] = name;
	for (i = 0; i < 2; i++) {
		for (n = 0; from[i][n] != '\0' && n + 1 < sizeof(upper[i]); n++)
			upper[i][n] = (char)toupper((unsigned char)from[i][n]);
		upper[i][n] = '\0';
	}
	err_set(err, EXIT_SETTINGS,
	    "%s: names {%s.%s}, but %s come by v1, and /ws/v1 does not give"
	    " that; nothing was published",
	    roster->tables[table].named[field], schema[table].word, name,
	    schema[table].name);
	if (strcmp(name, "id") == 0)
		return err_hint(err,
		    "Write {%s.dcid} in its place: that makes other ids in"
		    " Canvas than {%s.id} did. Or let the plugin see the table,"
		    " <field table=\"%s\" field=\"%s\" access=\"ViewOnly\"/>"
		    " and its other columns: ps2canvas check lists them.",
		    schema[table].word, schema[table].word, upper[0], upper[1]);
	return err_hint(err,
	    "Name another column there, or let the plugin see the table,"
	    " <field table=\"%s\" field=\"%s\" access=\"ViewOnly\"/> and its"
	    " other columns: ps2canvas check lists them.",
	    upper[0], upper[1]);
}

bool
ps_v1_refuses_templates(
    const struct roster *roster, enum table_id table, struct err *err)
{
	const char *const *column;
	int field;

	for (column = feed_queries_of(table)->columns; *column != NULL;
	     column++) {
		field = schema_field(table, *column, strlen(*column));
		if (field >= 0 && roster->tables[table].named[field] != NULL &&
		    !ps_v1_cells_carries(table, *column)) {
			refuse_template(roster, table, *column, field, err);
			return true;
		}
	}
	return false;
}

/* Columns that a rule reads and only other ways give. */
static void
note_gaps(const struct ps_pull *pull, const struct ps_feed *feed)
{
	const char *given[PS_V1_COLUMNS + 1];
	const char *const *column;
	enum table_id table;
	int field;
	size_t i;

	table = feed->table;
	if (instead[table] != NULL)
		log_line(table == T_SECTIONTEACHER ? LOG_WARN : LOG_INFO,
		    "%s: %s", schema[table].name, instead[table]);
	if (table == T_SECTIONTEACHER) {
		source_report_gap(pull->report, table, -1);
		return;
	}
	ps_v1_cells_columns(table, given);
	for (column = feed->query->columns; *column != NULL; column++) {
		for (i = 0; given[i] != NULL; i++) {
			if (strcmp(given[i], *column) == 0)
				break;
		}
		field = schema_field(table, *column, strlen(*column));
		if (given[i] != NULL || field < 0 ||
		    !feed->roster->tables[table].wanted[field])
			continue;
		log_line(LOG_WARN,
		    "%s: /ws/v1 does not give %s; it is read as"
		    " blank",
		    schema[table].name, *column);
		source_report_gap(pull->report, table, field);
	}
}

int
ps_v1_pull(const struct ps_pull *pull, struct ps_feed *feed,
    struct ps_refusal *refusal, struct err *err)
{
	enum ps_v1_kind kind;
	int rc;

	kind = ps_v1_cells_kind(feed->table);
	if (kind == PS_V1_KINDS) {
		*refusal = (struct ps_refusal){ .kind = PS_REFUSAL_NOT_THERE,
			.words = "/ws/v1 has no such list" };
		return 1;
	}
	rc = ps_v1_data_read(pull->v1, PS_V1_SCHOOL, refusal, err);
	if (rc != 0)
		return rc;
	if (ps_v1_refuses_templates(feed->roster, feed->table, err))
		return -1;
	rc = ps_v1_data_read(pull->v1, kind, refusal, err);
	if (rc == 0)
		note_gaps(pull, feed);
	return rc;
}

/* Whether a person has a row already, for another school. */
static bool
is_known(struct idmap *persons, const struct ps_v1_rows *staff, size_t row)
{
	uint64_t id;

	if (!ps_v1_rows_id(
		staff, row, ps_v1_def_member(PS_V1_STAFF, "users_dcid"), &id))
		return false;
	if (idmap_get(persons, id, NULL))
		return true;
	idmap_put(persons, id, 0);
	return false;
}

static void
put_row(struct ps_rows *rows, struct ps_v1_maker *maker, size_t row,
    struct buf *text)
{
	struct csv_cell cells[PS_COLUMNS_MAX];
	const struct ps_feed *feed;
	size_t i, starts[PS_COLUMNS_MAX + 1];

	feed = rows->feed;
	text->len = 0;
	for (i = 0; i < feed->ncolumns; i++) {
		starts[i] = text->len;
		ps_v1_cells_put(
		    maker, feed->table, feed->columns[i], row, text);
	}
	starts[i] = text->len;
	buf_reserve(text, 16);
	for (i = 0; i < feed->ncolumns; i++)
		cells[i] = (struct csv_cell){ text->data + starts[i],
			starts[i + 1] - starts[i] };
	(void)ps_rows_add(rows, cells, feed->ncolumns, 0);
}

static void
put_rows(const struct ps_pull *pull, struct ps_feed *feed)
{
	struct ps_v1_maker maker = { .data = pull->v1, .roster = feed->roster };
	const struct ps_v1_rows *objects;
	struct idmap persons = { 0 };
	struct buf text = { 0 };
	struct ps_rows rows;
	size_t i;
	int t;

	for (t = 0; t < TABLES; t++)
		maker.by_v1[t] = pull->ways[t] != NULL &&
		    pull->ways[t]->put != NULL;
	objects = &pull->v1->rows[ps_v1_cells_kind(feed->table)];
	feed->bytes = pull->v1->bytes[ps_v1_cells_kind(feed->table)];
	ps_rows_begin(&rows, feed);
	ps_rows_turn(&rows);
	for (i = 0; i < objects->count; i++) {
		if (ps_v1_cells_skips(pull->v1, feed->table, i) ||
		    (feed->table == T_USER && is_known(&persons, objects, i)))
			continue;
		put_row(&rows, &maker, i, &text);
	}
	ps_rows_turn(&rows);
	ps_rows_free(&rows);
	ps_v1_cells_end(&maker);
	idmap_free(&persons);
	buf_free(&text);
}

int
ps_v1_put(const struct ps_pull *pull, struct ps_feed *feed, struct err *err)
{
	const char *given[PS_V1_COLUMNS + 1];
	struct ps_refusal refusal;
	int kind, rc;

	rc = 0;
	for (kind = 0; kind < PS_V1_KINDS && rc == 0; kind++)
		rc = ps_v1_data_complete(
		    pull->v1, (enum ps_v1_kind)kind, &refusal, err);
	if (rc > 0)
		return ps_fail(net_host(ps_client_net(pull->client)),
		    "an object of /ws/v1", schema[feed->table].name, &refusal,
		    err);
	if (rc < 0)
		return -1;
	ps_v1_cells_columns(feed->table, given);
	if (ps_feed_begin(feed, given, err) != 0)
		return -1;
	put_rows(pull, feed);
	if (!feed->keyless)
		return 0;
	err_set(err, EXIT_SOURCE,
	    "%s: PowerSchool sends rows for %s without %s; nothing was"
	    " published",
	    net_host(ps_client_net(pull->client)), feed->name,
	    feed->query->key);
	return err_hint(err, "Type ps2canvas check.");
}
