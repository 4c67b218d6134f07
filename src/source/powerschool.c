#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/ps_fail.h"
#include "source/powerschool.h"
#include "source/ps_skew.h"
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

/*
 * A table that no way gives: a failure, unless a district can do without and
 * the server has none. One that is there but refused is to be mended: without
 * its rows e-mail would be blank, and aides would be teachers.
 */
static int
give_up(const struct reading *reading, struct ps_feed *feed,
    const struct ps_refusal *refusal, struct err *err)
{
	char *what;

	if (source_needs(feed->table) || ps_refusal_withholds(refusal)) {
		what = mem_printf("the table %s", schema[feed->table].name);
		ps_fail(net_host(ps_client_net(reading->pull.client)), what,
		    schema[feed->table].name, refusal, err);
		free(what);
		return -1;
	}
	log_line(LOG_WARN, "%s: PowerSchool does not give it; done without",
	    schema[feed->table].name);
	source_report_gap(reading->pull.report, feed->table, -1);
	ps_feed_abandon(feed);
	return 0;
}

static int
refuse_empty(const struct ps_feed *feed, struct err *err)
{
	if (feed->rows > 0 || !source_needs(feed->table))
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
	file->encoding = "utf-8";
	file->bytes = feed->bytes;
	file->rows = feed->rows;
	log_line(LOG_DEBUG, "%s: %llu rows by %s", feed->name,
	    (unsigned long long)feed->rows, way->name);
	return refuse_empty(feed, err);
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

static int
read_feed(struct reading *reading, enum table_id table, struct err *err)
{
	struct ps_feed feed = { .table = table,
		.query = feed_queries_of(table),
		.roster = reading->roster,
		.save = reading->save,
		.progress = reading->pull.options->progress };
	struct ps_refusal refusal = { 0 }, told = { 0 };
	const struct ps_way *way;
	size_t i;
	int rc;

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
		if (!ps_refusal_withholds(&told))
			told = refusal;
		if (is_final(way, &refusal))
			break;
	}
	if (rc == 0)
		rc = end_feed(reading, &feed, way, err);
	else if (rc > 0 && err->code == EXIT_DONE)
		rc = give_up(reading, &feed, &told, err);
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

	if (reading->ways[table] == NULL ||
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
	return read_feed(reading, table, err);
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
	for (i = 0; i < n; i++) {
		if (mend_skew(reading, order[i], err) != 0)
			return -1;
	}
	return 0;
}

/* Names in [source] ways that are none are found before anything is sent. */
static int
check_ways(const struct source_options *options, struct err *err)
{
	size_t i;

	for (i = 0; ps_way_of(options, i, err) != NULL; i++)
		continue;
	if (err->code != EXIT_DONE)
		return -1;
	if (i > 0)
		return 0;
	err_set(err, EXIT_SETTINGS,
	    "[source] ways: names no way; nothing was read");
	return err_hint(err, "Write ways = query, table");
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
	if (check_ways(options, err) != 0)
		return -1;
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
	rc = read_all(&reading, err);
	if (rc == 0 && reading.save != NULL)
		rc = ps_save_end(reading.save, err);
	note_server(&reading);
out:
	ps_client_close(reading.pull.client);
	ps_save_free(reading.save);
	return rc;
}
