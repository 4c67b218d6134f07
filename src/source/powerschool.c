#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/ps_fail.h"
#include "source/powerschool.h"
#include "source/ps_join.h"
#include "source/ps_skew.h"
#include "source/ps_v1.h"
#include "source/ps_way.h"

#define YEARID_BASE 1990 /* yearid 0 (powerschool 6.2) */

/* By name, as files are read, so that findings stand in the same order. */
static const enum table_id order[] = { T_CC, T_COURSE, T_ROLEDEF, T_SCHOOL,
	T_SCHOOLSTAFF, T_SECTION, T_SECTIONTEACHER, T_STUDENTEMAIL, T_STUDENT,
	T_TERM, T_USER };

/* What the reading of all tables works with. */
struct reading {
	struct ps_pull pull;
	struct roster *roster;
	struct ps_save *save;
	const struct ps_way *ways[TABLES]; /* in which each came */
	uint64_t rows[TABLES];
	bool mended; /* a table was read again */
};

static void
note_server(const struct reading *reading)
{
	const struct ps_metadata *metadata;
	struct source_report *report;
	struct net_counts counts;

	metadata = ps_client_metadata(reading->pull.client);
	counts = net_counts(ps_client_net(reading->pull.client));
	report = reading->pull.report;
	report->host = mem_strdup(
	    net_host(ps_client_net(reading->pull.client)));
	report->version = mem_strdup(metadata->version);
	report->requests = counts.requests;
	report->retries = counts.retries;
	log_line(LOG_DEBUG, "%s: %llu requests, %llu of them repeated",
	    report->host, (unsigned long long)counts.requests,
	    (unsigned long long)counts.retries);
}

static void
compare_zone(const struct reading *reading)
{
	const struct ps_metadata *metadata;
	const char *ours;

	metadata = ps_client_metadata(reading->pull.client);
	ours = reading->pull.options->timezone;
	if (metadata->timezone[0] != '\0' &&
	    strcmp(metadata->timezone, ours) != 0)
		log_line(LOG_WARN,
		    "[district] timezone is %s, but PowerSchool's is %s", ours,
		    metadata->timezone);
}

static void
do_without(const struct reading *reading, struct ps_feed *feed, const char *why)
{
	log_line(
	    LOG_WARN, "%s: %s; done without", schema[feed->table].name, why);
	source_report_gap(reading->pull.report, feed->table, -1);
	ps_feed_abandon(feed);
}

/*
 * A table that no way gives: a failure, unless a district can do without and
 * the server has none. One that is there but refused is to be mended: without
 * its rows e-mail would be blank, and aides would be teachers.
 */
static int
give_up(const struct reading *reading, struct ps_feed *feed,
    const struct ps_refusal *refusal, bool withheld, struct err *err)
{
	char *what;

	if (source_needs(feed->table) || withheld) {
		what = mem_printf("the table %s", schema[feed->table].name);
		ps_fail(net_host(ps_client_net(reading->pull.client)), what,
		    schema[feed->table].name, refusal, err);
		free(what);
		return -1;
	}
	do_without(reading, feed, "PowerSchool does not give it");
	return 0;
}

/* Sections may have no lead teacher, who is all that v1 knows. */
static int
refuse_empty(
    const struct ps_feed *feed, const struct ps_way *way, struct err *err)
{
	if (feed->rows > 0 || !source_needs(feed->table) ||
	    (feed->table == T_SECTIONTEACHER && way->put != NULL))
		return 0;
	err_set(err, EXIT_SOURCE,
	    "%s: PowerSchool gives no row; nothing was published", feed->name);
	return err_hint(err,
	    "Look whether [district] year is right, and whether the plugin may"
	    " see the table: ps2canvas check");
}

/* The report's line for a feed; one that is read again has its line. */
static struct source_file *
line_of(const struct reading *reading, const char *name, const char *way)
{
	struct source_report *report;
	size_t i;

	report = reading->pull.report;
	for (i = 0; i < report->nfiles; i++) {
		if (strcmp(report->files[i].name, name) == 0)
			return &report->files[i];
	}
	return source_report_add(report, name, way);
}

static int
end_feed(struct reading *reading, struct ps_feed *feed,
    const struct ps_way *way, struct err *err)
{
	struct source_file *file;

	if (ps_feed_end(feed, err) != 0)
		return -1;
	reading->ways[feed->table] = way;
	reading->rows[feed->table] = feed->rows;
	file = line_of(reading, feed->name, way->name);
	file->way = way->name;
	file->encoding = "utf-8";
	file->bytes = feed->bytes;
	file->rows = feed->rows;
	log_line(LOG_DEBUG, "%s: %llu rows by %s", feed->name,
	    (unsigned long long)feed->rows, way->name);
	return refuse_empty(feed, way, err);
}

/* Whether the next way may do what this one was refused. A query that the
 * plugin has but for which it lacks fields is to be mended, not gone round. */
static bool
is_final(const struct ps_way *way, const struct ps_refusal *refusal)
{
	return refusal->kind == PS_REFUSAL_TOKEN ||
	    (refusal->kind == PS_REFUSAL_GRANT &&
		strcmp(way->name, "query") == 0);
}

static struct ps_feed
feed_of(const struct reading *reading, enum table_id table)
{
	return (struct ps_feed){ .table = table,
		.query = feed_queries_of(table),
		.roster = reading->roster,
		.save = reading->save,
		.progress = reading->pull.options->progress };
}

/* Ends a feed, or leaves its rows for later. */
static int
came(struct reading *reading, struct ps_feed *feed, const struct ps_way *way,
    struct err *err)
{
	if (way->put == NULL)
		return end_feed(reading, feed, way, err);
	ps_feed_abandon(feed);
	reading->ways[feed->table] = way;
	return 0;
}

/* Puts the rows of a table into the roster that its way read before. */
static int
put_feed(struct reading *reading, enum table_id table, struct err *err)
{
	const struct ps_way *way;
	struct ps_feed feed;
	int rc;

	way = reading->ways[table];
	if (way == NULL || way->put == NULL)
		return 0;
	feed = feed_of(reading, table);
	rc = way->put(&reading->pull, &feed, err);
	if (rc == 0 && feed.rows == 0 && !source_needs(table)) {
		do_without(reading, &feed, "v1 gives no row");
		reading->ways[table] = NULL;
	} else if (rc == 0)
		rc = end_feed(reading, &feed, way, err);
	ps_feed_free(&feed);
	return rc;
}

/* Where v1 stands in for sectionteacher, nobody has a role. */
static void
drop_roles(struct reading *reading)
{
	const struct ps_way *way;
	struct table *roles;

	way = reading->ways[T_SECTIONTEACHER];
	roles = &reading->roster->tables[T_ROLEDEF];
	if (way == NULL || way->put == NULL || roles->nrows == 0)
		return;
	log_line(LOG_WARN, "roledef: leads alone are known by %s; done without",
	    way->name);
	table_cut(roles, 0);
	memset(roles->bound, 0, sizeof(roles->bound));
	if (reading->save != NULL)
		ps_save_remove(reading->save, "roledef.csv");
	source_report_gap(reading->pull.report, T_ROLEDEF, -1);
	reading->ways[T_ROLEDEF] = NULL;
}

static int
read_feed(struct reading *reading, enum table_id table, struct err *err)
{
	struct ps_feed feed = feed_of(reading, table);
	struct ps_refusal refusal = { 0 }, told = { 0 };
	const struct ps_way *way;
	bool withheld;
	size_t i;
	int rc;

	withheld = false;
	rc = 1;
	for (i = 0; (way = ps_way_of(reading->pull.options, i, err)) != NULL;
	     i++) {
		rc = way->pull(&reading->pull, &feed, &refusal, err);
		if (rc <= 0)
			break;
		log_line(
		    refusal.kind == PS_REFUSAL_NOT_THERE ? LOG_INFO : LOG_WARN,
		    "%s: not by %s (%ld%s%s)", schema[table].name, way->name,
		    refusal.status, refusal.words[0] == '\0' ? "" : ", ",
		    refusal.words);
		if (!withheld)
			told = refusal;
		withheld = withheld || ps_way_withholds(way, &refusal);
		if (is_final(way, &refusal))
			break;
	}
	if (rc == 0)
		rc = came(reading, &feed, way, err);
	else if (rc > 0 && err->code == EXIT_DONE)
		rc = give_up(reading, &feed, &told, withheld, err);
	ps_feed_free(&feed);
	return err->code == EXIT_DONE ? rc : -1;
}

/*
 * A table that lacks a row which another one names is read once more, when it
 * has another number of rows by now. What is still missing is a finding.
 */
static int
mend_skew(struct reading *reading, enum table_id table, struct err *err)
{
	struct ps_refusal refusal;
	uint64_t count;
	int rc;

	/* What v1 lists name and do not have was asked for by its id. */
	if (reading->ways[table] == NULL || reading->ways[table]->put != NULL ||
	    !ps_skew_lacks(reading->roster, table))
		return 0;
	if (reading->ways[table]->count != NULL) {
		rc = reading->ways[table]->count(
		    &reading->pull, table, &count, &refusal, err);
		if (rc < 0)
			return -1;
		if (rc > 0 || count == reading->rows[table])
			return 0;
	}
	log_line(LOG_WARN,
	    "%s: rows came into being while others were read; it"
	    " is read again",
	    schema[table].name);
	table_cut(&reading->roster->tables[table], 0);
	reading->mended = true;
	return read_feed(reading, table, err);
}

/*
 * What came by v1 has no ids. A table whose rows name such rows by id is read
 * once more by v1 too, when that gives it and [source] ways lists it.
 */
static int
mend_joins(struct reading *reading, struct err *err)
{
	enum table_id child, parent;
	struct ps_refusal refusal;
	const struct ps_way *v1;
	struct ps_feed feed;
	int rc;

	while ((child = ps_join_broken(reading->ways, &parent)) != TABLES) {
		v1 = ps_way_v1(reading->pull.options, err);
		if (v1 == NULL || !ps_join_mends(child))
			return ps_join_fail(reading->ways, child, parent, err);
		log_line(LOG_WARN,
		    "%s: names %s by id, but those came by v1; it is read by v1"
		    " too",
		    schema[child].name, schema[parent].name);
		table_cut(&reading->roster->tables[child], 0);
		feed = feed_of(reading, child);
		rc = v1->pull(&reading->pull, &feed, &refusal, err);
		if (rc > 0)
			return ps_join_fail(reading->ways, child, parent, err);
		if (rc < 0 || came(reading, &feed, v1, err) != 0)
			return -1;
	}
	return 0;
}

/* What others name is found in the roster, or in what v1 read. */
static int
put_all(struct reading *reading, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (put_feed(reading, order[i], err) != 0)
			return -1;
	}
	return 0;
}

static int
read_all(struct reading *reading, struct err *err)
{
	size_t i, n;

	n = sizeof(order) / sizeof(order[0]);
	for (i = 0; i < n; i++) {
		if (read_feed(reading, order[i], err) != 0)
			return -1;
	}
	drop_roles(reading);
	if (mend_joins(reading, err) != 0 || put_all(reading, err) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (mend_skew(reading, order[i], err) != 0)
			return -1;
	}
	/* What a table has now that was read again is found anew. */
	if (!reading->mended)
		return 0;
	return mend_joins(reading, err) != 0 ? -1 : put_all(reading, err);
}

/* Names in [source] ways that are none are found before anything is sent. */
static int
check_ways(const struct source_options *options, const struct roster *roster,
    struct err *err)
{
	const struct ps_way *first;
	size_t i;
	int t;

	for (i = 0; ps_way_of(options, i, err) != NULL; i++)
		continue;
	if (err->code != EXIT_DONE)
		return -1;
	first = ps_way_of(options, 0, err);
	for (t = 0; t < TABLES && first != NULL && first->put != NULL; t++) {
		if (ps_v1_refuses_templates(roster, (enum table_id)t, err))
			return -1;
	}
	if (i > 0)
		return 0;
	err_set(err, EXIT_SETTINGS,
	    "[source] ways: names no way; nothing was read");
	return err_hint(err, "Write ways = query, table");
}

/* Tables by v1 refer to others by dcid: those of the tables that need none
 * otherwise are read too. */
static void
want_dcids(const struct source_options *options, struct roster *roster,
    struct err *err)
{
	static const enum table_id tables[] = { T_TERM, T_COURSE, T_SECTION,
		T_STUDENT, T_SCHOOLSTAFF };
	size_t i;

	if (ps_way_v1(options, err) == NULL)
		return;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		roster->tables[tables[i]].wanted[schema_field(
		    tables[i], "dcid", strlen("dcid"))] = true;
}

int
powerschool_pull(const char *place, const struct source_options *options,
    struct roster *roster, struct source_report *report, struct err *err)
{
	struct reading reading = { .pull = { .options = options,
				       .report = report,
				       .yearid = options->year - YEARID_BASE },
		.roster = roster };
	int rc;

	(void)place;
	rc = -1;
	if (check_ways(options, roster, err) != 0)
		return -1;
	want_dcids(options, roster, err);
	if (options->save != NULL) {
		reading.save = ps_save_begin(options->save, err);
		if (reading.save == NULL)
			return -1;
	}
	reading.pull.client = ps_client_open(options, err);
	if (reading.pull.client == NULL ||
	    ps_client_sign_in(reading.pull.client, err) != 0)
		goto out;
	compare_zone(&reading);
	reading.pull.ways = reading.ways;
	reading.pull.v1 = ps_v1_data_new(reading.pull.client, options);
	rc = read_all(&reading, err);
	if (rc == 0 && reading.save != NULL)
		rc = ps_save_end(reading.save, err);
	note_server(&reading);
out:
	ps_v1_data_free(reading.pull.v1);
	ps_client_close(reading.pull.client);
	ps_save_free(reading.save);
	return rc;
}
