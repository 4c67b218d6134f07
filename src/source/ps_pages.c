#include <stdlib.h>

#include "base/log.h"
#include "source/ps_pages.h"

#define PAGE_SIZE 1000 /* where a whole table is not given */
#define PAGE_CUT 100   /* rows of an answer, when nobody chose (3.2) */
#define READINGS 3     /* of a table that moves while it is read */
#define RANGES_MAX 4

/* What the table is by its counts: how far it is from what was received. */
struct reading {
	uint64_t counted[RANGES_MAX], after[RANGES_MAX], rows[RANGES_MAX];
};

/* Reads every range once, with counts before and after. */
static int
read_once(struct ps_range *range, const struct ps_question *questions, size_t n,
    struct reading *reading, struct err *err)
{
	size_t i;
	int rc;

	range->feed->expected = 0;
	for (i = 0; i < n; i++) {
		rc = ps_pages_count(range->client, &questions[i], 1,
		    &reading->counted[i], range->refusal, err);
		if (rc != 0)
			return rc;
		range->feed->expected += reading->counted[i];
	}
	for (i = 0; i < n; i++) {
		range->question = &questions[i];
		range->counted = reading->counted[i];
		rc = ps_range_read(range, err);
		if (rc != 0)
			return rc;
		reading->rows[i] = range->rows;
	}
	for (i = 0; i < n; i++) {
		rc = ps_pages_count(range->client, &questions[i], 1,
		    &reading->after[i], range->refusal, err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

/*
 * Whether that was all of the table; else why not. A key that stands in two
 * pages is a row that moved, and another one may be missing for it; in one
 * answer it is what the table holds, and for others to judge.
 */
static bool
is_whole(struct ps_feed *feed, bool in_pages, const struct reading *reading,
    size_t n, struct buf *why)
{
	size_t i;

	why->len = 0;
	for (i = 0; i < n; i++) {
		if (reading->counted[i] != reading->after[i] ||
		    reading->counted[i] != reading->rows[i]) {
			buf_printf(why,
			    "%llu rows counted, %llu received, %llu counted"
			    " afterwards",
			    (unsigned long long)reading->counted[i],
			    (unsigned long long)reading->rows[i],
			    (unsigned long long)reading->after[i]);
			return false;
		}
	}
	if (in_pages && ps_feed_repeats(feed)) {
		buf_printf(why, "a %s came twice", feed->query->key);
		return false;
	}
	return true;
}

/* Whether a server gives its page when it was asked for everything. */
static bool
is_cut(const struct ps_range *range, const struct reading *reading)
{
	unsigned most;

	most = ps_client_metadata(range->client)->table_page_max;
	return range->page_size == 0 &&
	    reading->counted[0] == reading->after[0] &&
	    reading->rows[0] < reading->counted[0] &&
	    (reading->rows[0] == PAGE_CUT || reading->rows[0] == most);
}

static bool
counts_agree(const struct reading *reading, size_t n)
{
	size_t i;

	for (i = 0; i < n && reading->counted[i] == reading->after[i]; i++)
		continue;
	return i == n;
}

/* steady: its number of rows stayed the same all the time. */
static int
fail_moving(
    const struct ps_feed *feed, struct buf *why, bool steady, struct err *err)
{
	err_set(err, EXIT_TEMPORARY,
	    "%s: the roster moved while it was read: %s, %d times;"
	    " nothing was published",
	    feed->name, buf_str(why), READINGS);
	return err_hint(err, "%s",
	    steady ? "Run again; if it stays so, ask in other steps: [source]"
		     " page_size = 500, or ways = table, query." :
		     "Run again at an hour when nobody changes schedules.");
}

static int
fail_keyless(const struct ps_range *range, struct err *err)
{
	err_set(err, EXIT_SOURCE,
	    "%s: PowerSchool sends rows of %s without %s; nothing was"
	    " published",
	    net_host(ps_client_net(range->client)), range->feed->name,
	    range->feed->query->key);
	return err_hint(err,
	    "Install the plugin that ps2canvas plugin writes, and type"
	    " ps2canvas check.");
}

int
ps_pages_read(struct ps_client *client, struct ps_feed *feed,
    const struct ps_question *questions, size_t nquestions, unsigned page_size,
    struct ps_refusal *refusal, struct err *err)
{
	struct ps_range range = { .client = client,
		.feed = feed,
		.page_size = page_size,
		.refusal = refusal };
	struct reading reading;
	struct buf why = { 0 };
	unsigned i;
	bool whole, steady;
	int rc;

	rc = 0;
	whole = false;
	steady = true;
	for (i = 0; i < READINGS && rc == 0 && !whole; i++) {
		if (i > 0) {
			log_line(LOG_WARN, "%s: %s; it is read again",
			    feed->name, buf_str(&why));
			if (is_cut(&range, &reading))
				range.page_size = PAGE_SIZE;
			ps_feed_restart(feed);
		}
		rc = read_once(&range, questions, nquestions, &reading, err);
		if (rc == 0 && feed->keyless)
			rc = fail_keyless(&range, err);
		if (rc == 0)
			whole = is_whole(feed, range.page_size != 0, &reading,
			    nquestions, &why);
		steady = steady && rc == 0 &&
		    counts_agree(&reading, nquestions);
	}
	if (rc == 0 && !whole)
		rc = fail_moving(feed, &why, steady, err);
	buf_free(&why);
	return rc;
}

int
ps_pages_count(struct ps_client *client, const struct ps_question *questions,
    size_t nquestions, uint64_t *count, struct ps_refusal *refusal,
    struct err *err)
{
	uint64_t part;
	size_t i;
	int rc;

	*count = 0;
	for (i = 0; i < nquestions; i++) {
		rc = ps_client_count(client, questions[i].count_path,
		    questions[i].body, &part, refusal, err);
		if (rc != 0)
			return rc;
		*count += part;
	}
	return 0;
}

void
ps_pages_forget(struct ps_question *question)
{
	free(question->path);
	free(question->count_path);
	free(question->body);
	*question = (struct ps_question){ 0 };
}
