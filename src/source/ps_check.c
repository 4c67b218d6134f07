#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "source/ps_check.h"
#include "source/ps_join.h"
#include "source/ps_probe.h"
#include "source/ps_v1_cells.h"

#define DAY 86400
#define EXPIRES_SOON (21 * DAY) /* a certificate is then worth a warning */
#define SKEW_MAX 120		/* seconds between two clocks */
#define SMALL_PAGE 100		/* PowerSchool's own limit, when nobody chose */

/* What the parts hand on to each other. */
struct check {
	const struct source_options *options;
	struct roster *roster;
	source_say_fn *say;
	void *arg;
	struct ps_client *client;
	struct ps_probe probe;
	const struct ps_way *ways[TABLES]; /* in which each would come */
	struct buf says, fix;
};

static void
say(struct check *check, enum source_verdict verdict, const char *what)
{
	check->say(check->arg, verdict, what, buf_str(&check->says),
	    buf_str(&check->fix));
	check->says.len = check->fix.len = 0;
}

static void
say_certificate(struct check *check)
{
	const struct net_certificate *certificate;
	char from[UTC_TEXT_SIZE] = "", until[UTC_TEXT_SIZE] = "";
	bool soon;

	certificate = net_certificate(ps_client_net(check->client));
	if (certificate->not_after == 0)
		return;
	utc_format(certificate->not_before, from);
	utc_format(certificate->not_after, until);
	soon = certificate->not_after - clock_now() < EXPIRES_SOON;
	buf_printf(&check->says, "%s: %s, issued by %s, valid %.10s to %.10s",
	    net_host(ps_client_net(check->client)), certificate->subject,
	    certificate->issuer, from, until);
	if (soon)
		buf_adds(&check->fix,
		    "Have the server's certificate renewed before it runs"
		    " out.");
	say(check, soon ? SOURCE_WARN : SOURCE_PASS, "certificate");
}

static void
say_clock(struct check *check)
{
	int64_t theirs, skew;

	theirs = ps_client_date(check->client);
	if (theirs == 0)
		return;
	skew = theirs - clock_now();
	if (skew >= -SKEW_MAX && skew <= SKEW_MAX) {
		buf_adds(
		    &check->says, "this computer's and PowerSchool's agree");
		say(check, SOURCE_PASS, "clock");
		return;
	}
	buf_printf(&check->says,
	    "this computer's is %lld minutes %s PowerSchool's",
	    (long long)(skew < 0 ? -skew : skew) / 60,
	    skew < 0 ? "ahead of" : "behind");
	buf_adds(&check->fix, "Set the clock by NTP: timedatectl set-ntp true");
	say(check, SOURCE_WARN, "clock");
}

static void
say_version(struct check *check)
{
	const struct ps_metadata *metadata;

	metadata = ps_client_metadata(check->client);
	buf_printf(&check->says, "a token was given; PowerSchool %s",
	    metadata->version[0] == '\0' ? "before 9.0" : metadata->version);
	say(check, SOURCE_PASS, "token");
	if (metadata->timezone[0] == '\0' ||
	    strcmp(metadata->timezone, check->options->timezone) == 0)
		return;
	buf_printf(&check->says, "[district] timezone is %s, PowerSchool's %s",
	    check->options->timezone, metadata->timezone);
	buf_adds(&check->fix, "Correct the one that is wrong.");
	say(check, SOURCE_WARN, "timezone");
}

/* Only tables that come page by page are slowed down by small pages. */
static void
say_pages(struct check *check, bool by_pages)
{
	const struct ps_metadata *metadata;

	metadata = ps_client_metadata(check->client);
	buf_printf(
	    &check->says, "up to %u rows at a time", metadata->table_page_max);
	if (metadata->table_page_max > SMALL_PAGE || !by_pages) {
		if (!by_pages)
			buf_adds(&check->says, ", but tables come whole");
		say(check, SOURCE_PASS, "pages");
		return;
	}
	buf_adds(&check->fix,
	    "Set the plugin's maximum page size to 1000, on its Data"
	    " Configuration page.");
	say(check, SOURCE_WARN, "pages");
}

/* What the roster would get of a table. */
static void
bind_table(struct check *check, enum table_id t)
{
	const char *by_v1[PS_V1_COLUMNS + 1];
	const char *const *columns;
	struct table *table;
	size_t i;
	int field;

	columns = feed_queries_of(t)->columns;
	if (check->ways[t]->put != NULL) {
		ps_v1_cells_columns(t, by_v1);
		columns = by_v1;
	}
	table = &check->roster->tables[t];
	for (i = 0; columns[i] != NULL; i++) {
		field = schema_field(t, columns[i], strlen(columns[i]));
		if (field >= 0 && table->wanted[field])
			table->bound[field] = true;
	}
}

/* Adds the lines that are not among the others: queries share columns. */
static void
add_lines(struct buf *lines, struct buf *more)
{
	const char *at, *end;
	char *line;

	for (at = buf_str(more); *at != '\0'; at = end + 1) {
		end = strchr(at, '\n');
		line = mem_strndup(at, (size_t)(end + 1 - at));
		if (strstr(buf_str(lines), line) == NULL)
			buf_adds(lines, line);
		free(line);
	}
}

/* 0, or -1 with err. */
static int
examine_table(struct check *check, enum table_id table, struct buf *grants,
    bool *by_pages, struct err *err)
{
	struct ps_probe_result result;
	enum source_verdict verdict;

	if (ps_probe_table(&check->probe, table, &result, err) != 0)
		return -1;
	add_lines(grants, &result.grants);
	check->ways[table] = result.way;
	if (result.way != NULL) {
		bind_table(check, table);
		verdict = result.first ? SOURCE_PASS : SOURCE_WARN;
		*by_pages = *by_pages || strcmp(result.way->name, "query") != 0;
		buf_printf(&check->says, "comes by %s%s%s", result.way->name,
		    result.why.len > 0 ? "; " : "", buf_str(&result.why));
	} else {
		verdict = source_needs(table) || result.withheld ? SOURCE_FAIL :
								   SOURCE_WARN;
		buf_printf(&check->says, "%s%s",
		    verdict == SOURCE_FAIL ? "cannot be read; " :
					     "is done without; ",
		    buf_str(&result.why));
	}
	if (verdict != SOURCE_PASS)
		buf_adds(&check->fix,
		    result.grants.len > 0 ?
			"Grant the fields below." :
			"Install and enable the plugin that ps2canvas plugin"
			" writes.");
	say(check, verdict, schema[table].name);
	ps_probe_result_free(&result);
	return 0;
}

/* Tables that would come in ways that do not fit together. */
static void
say_joins(struct check *check)
{
	enum table_id child, parent;
	struct err broken = { 0 };

	while ((child = ps_join_broken(check->ways, &parent)) != TABLES) {
		if (!ps_join_mends(child)) {
			ps_join_fail(check->ways, child, parent, &broken);
			buf_adds(&check->says, broken.msg);
			buf_adds(&check->fix, broken.hint);
			say(check, SOURCE_FAIL, "joins");
			return;
		}
		check->ways[child] = check->ways[parent];
	}
}

static int
examine_tables(struct check *check, struct err *err)
{
	struct buf grants = { 0 };
	bool by_pages;
	int t, rc;

	by_pages = false;
	rc = 0;
	for (t = 0; t < TABLES && rc == 0; t++)
		rc = examine_table(
		    check, (enum table_id)t, &grants, &by_pages, err);
	if (rc == 0) {
		say_joins(check);
		say_pages(check, by_pages);
		if (grants.len == 0) {
			buf_adds(&check->says,
			    "the plugin may see every field that is asked"
			    " for");
			say(check, SOURCE_PASS, "grants");
		} else {
			buf_printf(&check->says,
			    "plugin.xml lacks these lines in"
			    " <access_request>:\n%.*s",
			    (int)grants.len - 1, grants.data);
			buf_adds(&check->fix,
			    "Add them, raise the version, install the plugin"
			    " again and enable it.");
			say(check, SOURCE_FAIL, "grants");
		}
	}
	buf_free(&grants);
	return rc;
}

int
ps_check(const struct source_options *options, struct roster *roster,
    source_say_fn *say_line, void *arg, struct err *err)
{
	struct check check = { .options = options,
		.roster = roster,
		.say = say_line,
		.arg = arg };
	int rc;

	rc = -1;
	check.client = ps_client_open(options, err);
	if (check.client == NULL)
		return -1;
	if (ps_client_sign_in(check.client, err) == 0) {
		say_certificate(&check);
		say_clock(&check);
		say_version(&check);
		check.probe = (struct ps_probe){ check.client, options,
			roster };
		rc = examine_tables(&check, err);
	}
	ps_client_close(check.client);
	buf_free(&check.says);
	buf_free(&check.fix);
	return rc;
}
