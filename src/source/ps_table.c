#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/ps_table.h"

#define PAGE_MAX 100 /* where the server does not say (powerschool 2.6) */

size_t
ps_table_ranges(
    enum table_id table, int yearid, char filters[PS_TABLE_RANGES][64])
{
	switch (table) {
	case T_TERM:
		snprintf(filters[0], 64, "yearid==%d", yearid);
		return 1;
	case T_SECTION:
	case T_CC:
		snprintf(filters[0], 64, "termid=ge=%d;termid=lt=%d",
		    yearid * 100, (yearid + 1) * 100);
		snprintf(filters[1], 64, "termid=gt=-%d;termid=le=-%d",
		    (yearid + 1) * 100, yearid * 100);
		return 2;
	default:
		filters[0][0] = '\0';
		return 1;
	}
}

void
ps_table_put_encoded(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (isalnum((unsigned char)*text) ||
		    strchr("-._~", *text) != NULL)
			buf_addc(out, *text);
		else
			buf_printf(out, "%%%02X", (unsigned char)*text);
	}
}

/* Takes a copy of the C string in a buf. */
static char *
take(struct buf *buf)
{
	char *text;

	text = mem_strdup(buf_str(buf));
	buf_free(buf);
	return text;
}

/* How a page begins behind a key: keys are dcids, and ids where there is
 * none. */
static const char *
after_of(const char *key, bool filtered)
{
	if (strcmp(key, "dcid") == 0)
		return filtered ? "%3Bdcid%3Dgt%3D" : "&q=dcid%3Dgt%3D";
	return filtered ? "%3Bid%3Dgt%3D" : "&q=id%3Dgt%3D";
}

static void
make_question(struct ps_question *question, enum table_id table,
    const char *const *columns, size_t ncolumns, const char *filter)
{
	struct buf path = { 0 }, count = { 0 }, q = { 0 };
	const char *name, *key;
	size_t i;

	name = schema[table].name;
	key = feed_queries_of(table)->key;
	buf_adds(&q, filter[0] == '\0' ? "" : "q=");
	ps_table_put_encoded(&q, filter);
	buf_printf(&path, "/ws/schema/table/%s?projection=", name);
	for (i = 0; i < ncolumns; i++)
		buf_printf(&path, "%s%s", i == 0 ? "" : ",", columns[i]);
	buf_printf(&path, "&sort=%s", key);
	if (q.len > 0)
		buf_printf(&path, "&%s", buf_str(&q));
	question->after = after_of(key, q.len > 0);
	buf_printf(&count, "/ws/schema/table/%s/count%s%s", name,
	    q.len > 0 ? "?" : "", q.len > 0 ? buf_str(&q) : "");
	question->path = take(&path);
	question->count_path = take(&count);
	question->group = name;
	buf_free(&q);
}

/* The ranges of a table as questions; returns how many there are. */
static size_t
make_questions(struct ps_question questions[PS_TABLE_RANGES],
    enum table_id table, int yearid, const char *const *columns,
    size_t ncolumns)
{
	char filters[PS_TABLE_RANGES][64];
	size_t n, i;

	n = ps_table_ranges(table, yearid, filters);
	for (i = 0; i < n; i++)
		make_question(
		    &questions[i], table, columns, ncolumns, filters[i]);
	return n;
}

/* Leaves out a column that the server does not know; false: it is needed. */
static bool
leave_out(const struct ps_pull *pull, const struct ps_feed *feed,
    const struct ps_refusal *refusal, const char **given)
{
	const char *name;
	size_t i, n;
	int field;

	if (refusal->kind != PS_REFUSAL_COLUMN)
		return false;
	name = NULL;
	for (i = n = 0; given[i] != NULL; i++) {
		if (strcasecmp(given[i], refusal->fields[0].field) == 0)
			name = given[i];
		else
			given[n++] = given[i];
	}
	if (name == NULL ||
	    (feed->query->key != NULL && strcmp(name, feed->query->key) == 0))
		return false;
	field = schema_field(feed->table, name, strlen(name));
	if (field < 0 || (schema[feed->table].fields[field].use & FIELD_NEEDED))
		return false;
	given[n] = NULL;
	log_line(LOG_WARN,
	    "%s: PowerSchool has no column %s; it is read as"
	    " blank",
	    feed->name, name);
	source_report_gap(pull->report, feed->table, field);
	return true;
}

static unsigned
page_size_of(const struct ps_pull *pull)
{
	unsigned most, wanted;

	most = ps_client_metadata(pull->client)->table_page_max;
	if (most == 0)
		most = PAGE_MAX;
	wanted = pull->options->page_size;
	return wanted == 0 || wanted > most ? most : wanted;
}

static int
read_table(const struct ps_pull *pull, struct ps_feed *feed,
    struct ps_refusal *refusal, struct err *err)
{
	struct ps_question questions[PS_TABLE_RANGES] = { 0 };
	size_t n, i;
	int rc;

	n = make_questions(questions, feed->table, pull->yearid, feed->columns,
	    feed->ncolumns);
	rc = ps_pages_read(
	    pull->client, feed, questions, n, page_size_of(pull), refusal, err);
	for (i = 0; i < n; i++)
		ps_pages_forget(&questions[i]);
	return rc;
}

int
ps_table_count(const struct ps_pull *pull, enum table_id table, uint64_t *count,
    struct ps_refusal *refusal, struct err *err)
{
	struct ps_question questions[PS_TABLE_RANGES] = { 0 };
	size_t n, i;
	int rc;

	n = make_questions(questions, table, pull->yearid, NULL, 0);
	rc = ps_pages_count(pull->client, questions, n, count, refusal, err);
	for (i = 0; i < n; i++)
		ps_pages_forget(&questions[i]);
	return rc;
}

int
ps_table_pull(const struct ps_pull *pull, struct ps_feed *feed,
    struct ps_refusal *refusal, struct err *err)
{
	const char *given[FIELDS_MAX];
	int rc;

	/* E-mail stands in three tables that only a query can join. */
	if (feed->table == T_STUDENTEMAIL) {
		*refusal = (struct ps_refusal){ .kind = PS_REFUSAL_NOT_THERE,
			.words = "no such table" };
		return 1;
	}
	memcpy(given, feed->query->columns, sizeof(given));
	do {
		if (ps_feed_begin(feed, given, err) != 0)
			return -1;
		rc = read_table(pull, feed, refusal, err);
	} while (rc == 1 && leave_out(pull, feed, refusal, given));
	return rc;
}
