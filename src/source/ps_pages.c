#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_rows.h"
#include "base/log.h"
#include "base/mem.h"
#include "source/ps_pages.h"

#define READINGS 3 /* of a table that moves while it is read */
#define TRIES 3	   /* of a page whose answer stops in the middle */
#define RANGES_MAX 4
#define AT_ONCE_MAX 4 /* pages that are asked for ahead of their turn */
#define RECORD_MAX ((size_t)1 << 20)  /* bytes of one row */
#define ANSWER_MAX ((size_t)32 << 20) /* bytes of one answer ... */
#define ROW_MAX 4096		      /* ... or of its rows, if that is more */

/* One answer on its way. */
struct page {
	struct range *range;
	unsigned number; /* from 1 */
	unsigned tries;
	bool busy;     /* in this place of the window */
	bool answered; /* whole */
	struct ps_rows rows;
	struct json_rows *json;
	bool failed; /* err says why the body is none of ours */
	struct err err;
	size_t bytes;
	char first_byte;
};

/* One range while it is read. */
struct range {
	struct ps_client *client;
	struct ps_feed *feed;
	const struct ps_question *question;
	unsigned page_size;
	uint64_t counted; /* before */
	uint64_t rows;
	uint64_t first_page; /* rows of it: what the server takes for a page */
	unsigned next, turn; /* the next page to ask for, to pass on */
	bool at_end;
	struct page window[AT_ONCE_MAX];
	struct ps_refusal *refusal;
	bool refused;
};

static int
find_column(void *arg, const char *parent, const char *key)
{
	const struct page *page;
	const struct ps_feed *feed;
	size_t i;

	page = arg;
	feed = page->range->feed;
	if (strcasecmp(parent, page->range->question->group) != 0)
		return -1;
	for (i = 0; i < feed->ncolumns; i++) {
		if (strcasecmp(feed->columns[i], key) == 0)
			return (int)i;
	}
	return -1;
}

static int
add_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct page *page;

	page = arg;
	return ps_rows_add(&page->rows, cells, ncells, line);
}

/* Called before each try: what the one before brought is forgotten. */
static int
begin_page(void *arg, struct err *err)
{
	struct page *page;
	const struct json_rows_columns columns = {
		.count = ((struct page *)arg)->range->feed->ncolumns,
		.find = find_column,
		.record = add_record,
		.arg = arg
	};
	const struct json_origin origin = {
		((struct page *)arg)->range->feed->name, RECORD_MAX, EXIT_SOURCE
	};

	(void)err;
	page = arg;
	json_rows_free(page->json);
	page->json = json_rows_begin("record", &columns, &origin);
	page->failed = false;
	page->err = (struct err){ 0 };
	page->bytes = 0;
	ps_rows_again(&page->rows);
	if (page->number == page->range->turn)
		ps_rows_turn(&page->rows);
	return 0;
}

/* A body that is no JSON is looked at once its headers are known. */
static int
add_bytes(void *arg, const char *bytes, size_t len, struct err *err)
{
	struct page *page;

	(void)err;
	page = arg;
	if (page->bytes == 0 && len > 0)
		page->first_byte = bytes[0];
	page->bytes += len;
	if (!page->failed &&
	    json_rows_add(page->json, bytes, len, &page->err) != 0)
		page->failed = true;
	return 0;
}

static int submit(struct page *page, struct err *err);

/* Is it what was asked for? 0 yes, 1 asked again, -1 no. */
static int
look_at_body(
    struct page *page, const struct net_answer *answer, struct err *err)
{
	const char *host;

	host = net_host(ps_client_net(page->range->client));
	if (page->first_byte == '<' ||
	    (answer->content_type[0] != '\0' &&
		strcasestr(answer->content_type, "json") == NULL)) {
		err_set(err, EXIT_TEMPORARY,
		    "%s: PowerSchool answered with a web page of %zu bytes"
		    " (maintenance or sign-in?); nothing was published",
		    host, page->bytes);
		return err_hint(err,
		    "Run again later; open the url in a browser if it stays"
		    " so.");
	}
	if (page->failed) {
		err_set(err, page->err.code,
		    "%s: the answer cannot be used: %s; nothing was published",
		    host, page->err.msg);
		return err_hint(err,
		    "Run again; if it stays so, something between here and"
		    " PowerSchool changes its answers.");
	}
	if (json_rows_end(page->json, &page->err) == 0)
		return 0;
	if (++page->tries < TRIES) {
		log_line(LOG_WARN,
		    "%s: the answer stops after %zu bytes; it is"
		    " asked for again",
		    page->range->feed->name, page->bytes);
		return submit(page, err) == 0 ? 1 : -1;
	}
	err_set(err, EXIT_TEMPORARY,
	    "%s: the answer for %s stops in the middle, %u times; nothing was"
	    " published",
	    host, page->range->feed->name, page->tries);
	return err_hint(err, "Run again later.");
}

static struct page *
place_of(struct range *range, unsigned number)
{
	return &range->window[number % AT_ONCE_MAX];
}

static int ask_more(struct range *range, struct err *err);

/* Passes on, in their order, the pages that are there. */
static void
pass_on(struct range *range)
{
	struct page *page;

	for (;;) {
		page = place_of(range, range->turn);
		if (!page->busy || page->number != range->turn)
			return;
		ps_rows_turn(&page->rows);
		if (!page->answered)
			return;
		range->rows += page->rows.rows;
		range->feed->bytes += page->bytes;
		if (page->number == 1)
			range->first_page = page->rows.rows;
		if (page->rows.rows == 0 || range->page_size == 0)
			range->at_end = true;
		ps_rows_free(&page->rows);
		json_rows_free(page->json);
		*page = (struct page){ 0 };
		range->turn++;
	}
}

static int
answered(void *arg, const struct net_answer *answer, struct err *err)
{
	struct range *range;
	struct page *page;
	int rc;

	page = arg;
	range = page->range;
	if (answer->status != 200) {
		ps_refusal_read(range->refusal, answer->status,
		    answer->content_type, answer->challenge, answer->body,
		    answer->len);
		range->refused = true;
		return 0;
	}
	rc = look_at_body(page, answer, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	page->answered = true;
	pass_on(range);
	return ask_more(range, err);
}

static char *
path_of(const struct page *page)
{
	const struct ps_question *question;
	const struct range *range;
	const char *glue;

	range = page->range;
	question = range->question;
	glue = strchr(question->path, '?') == NULL ? "?" : "&";
	if (range->page_size == 0)
		return mem_printf("%s%spagesize=0", question->path, glue);
	if (question->after == NULL)
		return mem_printf("%s%spagesize=%u&page=%u", question->path,
		    glue, range->page_size, page->number);
	if (page->number == 1)
		return mem_printf("%s%spagesize=%u&page=1", question->path,
		    glue, range->page_size);
	return mem_printf("%s%s%llu&pagesize=%u&page=1", question->path,
	    question->after, (unsigned long long)range->feed->last_key,
	    range->page_size);
}

/* What an answer may hold at most: nothing that nobody asked for. */
static size_t
most_bytes(const struct range *range)
{
	uint64_t rows;

	rows = range->page_size == 0 ? range->counted : range->page_size;
	return rows > ANSWER_MAX / ROW_MAX ? (size_t)rows * ROW_MAX :
					     ANSWER_MAX;
}

static int
submit(struct page *page, struct err *err)
{
	struct range *range;
	struct ps_call call = { 0 };
	char *path;
	int rc;

	range = page->range;
	path = path_of(page);
	call.method = range->question->body == NULL ? NULL : "POST";
	call.path = path;
	call.body = range->question->body;
	call.max_bytes = most_bytes(range);
	call.begin = begin_page;
	call.piece = add_bytes;
	call.done = answered;
	call.arg = page;
	rc = ps_client_submit(range->client, &call, err);
	free(path);
	return rc;
}

/* How many pages there are, as far as can be told; 1 before the first came. */
static uint64_t
pages_of(const struct range *range)
{
	if (range->page_size == 0 || range->turn == 1)
		return 1;
	if (range->first_page == 0)
		return 1;
	return (range->counted + range->first_page - 1) / range->first_page;
}

/*
 * Asks for the next pages as long as rows are missing: up to the number of
 * pages some at once, behind it one by one until an empty one comes.
 */
static int
ask_more(struct range *range, struct err *err)
{
	struct page *page;
	unsigned at_once;

	for (;;) {
		if (range->at_end || range->refused ||
		    (range->turn > 1 && range->rows >= range->counted))
			return 0;
		at_once = range->question->after == NULL &&
			range->next <= pages_of(range) ?
		    AT_ONCE_MAX :
		    1;
		if (range->next - range->turn >= at_once)
			return 0;
		page = place_of(range, range->next);
		*page = (struct page){
			.range = range, .number = range->next++, .busy = true
		};
		ps_rows_begin(&page->rows, range->feed);
		if (submit(page, err) != 0)
			return -1;
	}
}

static void
range_free(struct range *range)
{
	size_t i;

	for (i = 0; i < AT_ONCE_MAX; i++) {
		ps_rows_free(&range->window[i].rows);
		json_rows_free(range->window[i].json);
	}
}

/* 0, 1 when the server refuses, -1. */
static int
read_range(struct range *range, struct err *err)
{
	int rc;

	range->next = range->turn = 1;
	ps_feed_next_range(range->feed);
	rc = ask_more(range, err);
	if (rc == 0)
		rc = ps_client_run(range->client, err);
	range_free(range);
	if (rc != 0 || !range->refused)
		return rc;
	/* What was answered once is not refused for what was asked. */
	return range->turn == 1 ?
	    1 :
	    ps_client_fail(range->client, range->feed->name,
		schema[range->feed->table].name, range->refusal, err);
}

/* What the table is by its counts: how far it is from what was received. */
struct reading {
	uint64_t counted[RANGES_MAX], after[RANGES_MAX], rows[RANGES_MAX];
};

/* Reads every range once, with counts before and after. */
static int
read_once(struct range *range, const struct ps_question *questions, size_t n,
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
		range->rows = range->first_page = 0;
		range->at_end = range->refused = false;
		rc = read_range(range, err);
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

static int
fail_keyless(const struct range *range, struct err *err)
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
	struct range range = { .client = client,
		.feed = feed,
		.page_size = page_size,
		.refusal = refusal };
	struct reading reading;
	struct buf why = { 0 };
	unsigned i;
	bool whole;
	int rc;

	rc = 0;
	whole = false;
	for (i = 0; i < READINGS && rc == 0 && !whole; i++) {
		if (i > 0) {
			log_line(LOG_WARN, "%s: %s; it is read again",
			    feed->name, buf_str(&why));
			ps_feed_restart(feed);
		}
		rc = read_once(&range, questions, nquestions, &reading, err);
		if (rc == 0 && feed->keyless)
			rc = fail_keyless(&range, err);
		if (rc == 0)
			whole = is_whole(
			    feed, page_size != 0, &reading, nquestions, &why);
	}
	if (rc == 0 && !whole) {
		err_set(err, EXIT_TEMPORARY,
		    "%s: the roster moved while it was read: %s, %u times;"
		    " nothing was published",
		    feed->name, buf_str(&why), i);
		rc = err_hint(
		    err, "Run again at an hour when nobody changes schedules.");
	}
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
