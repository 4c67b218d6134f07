#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/powerschool.h"
#include "source/ps_way.h"

#define YEARID_BASE 1990 /* yearid 0 (powerschool 6.2) */

/* Parents before what refers to them, so that little is missing when rows
 * come into being while others are read. */
static const enum table_id order[] = { T_SCHOOL, T_TERM, T_COURSE, T_USER,
	T_SCHOOLSTAFF, T_ROLEDEF, T_SECTION, T_SECTIONTEACHER, T_STUDENT,
	T_STUDENTEMAIL, T_CC };

/* What the reading of all tables works with. */
struct reading {
	struct ps_pull pull;
	struct roster *roster;
	struct ps_save *save;
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

/* A table that no way gives: a failure, unless a district can do without. */
static int
give_up(const struct reading *reading, struct ps_feed *feed,
    const struct ps_refusal *refusal, struct err *err)
{
	char *what;

	if (source_needs(feed->table)) {
		what = mem_printf("the table %s", schema[feed->table].name);
		ps_client_fail(reading->pull.client, what,
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

static int
end_feed(const struct reading *reading, struct ps_feed *feed, const char *way,
    struct err *err)
{
	struct source_file *file;

	if (ps_feed_end(feed, err) != 0)
		return -1;
	file = source_report_add(reading->pull.report, feed->name, way);
	file->encoding = "utf-8";
	file->bytes = feed->bytes;
	file->rows = feed->rows;
	log_line(LOG_DEBUG, "%s: %llu rows by %s", feed->name,
	    (unsigned long long)feed->rows, way);
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
read_feed(const struct reading *reading, enum table_id table, struct err *err)
{
	struct ps_feed feed = { .table = table,
		.query = feed_queries_of(table),
		.roster = reading->roster,
		.save = reading->save,
		.progress = reading->pull.options->progress };
	struct ps_refusal refusal;
	const struct ps_way *way;
	size_t i;
	int rc;

	for (i = 0; (way = ps_way_of(reading->pull.options, i, err)) != NULL;
	     i++) {
		rc = way->pull(&reading->pull, &feed, &refusal, err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return end_feed(reading, &feed, way->name, err);
		log_line(
		    refusal.kind == PS_REFUSAL_NOT_THERE ? LOG_INFO : LOG_WARN,
		    "%s: not by %s (%ld%s%s)", schema[table].name, way->name,
		    refusal.status, refusal.words[0] == '\0' ? "" : ", ",
		    refusal.words);
		if (is_final(way, &refusal))
			break;
	}
	if (err->code != EXIT_DONE)
		return -1;
	return give_up(reading, &feed, &refusal, err);
}

static int
read_all(const struct reading *reading, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (read_feed(reading, order[i], err) != 0)
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
