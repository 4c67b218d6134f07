#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_rows.h"
#include "base/log.h"
#include "base/mem.h"
#include "source/ps_fail.h"
#include "source/ps_range.h"

#define TRIES 3	      /* of a page whose answer stops in the middle */
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
	char first_byte; /* that is no white space */
};

/* One range while it is read. */
struct range {
	struct ps_client *client;
	struct ps_feed *feed;
	const struct ps_question *question;
	unsigned page_size;
	uint64_t counted;
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
	page->first_byte = '\0';
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
	size_t i;

	(void)err;
	page = arg;
	for (i = 0; i < len && page->first_byte == '\0'; i++) {
		if (!isspace((unsigned char)bytes[i]))
			page->first_byte = bytes[i];
	}
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
		strcasestr(answer->content_type, "json") == NULL))
		return ps_fail_page(host, page->bytes, err);
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

int
ps_range_read(struct ps_range *given, struct err *err)
{
	struct range range = { .client = given->client,
		.feed = given->feed,
		.question = given->question,
		.page_size = given->page_size,
		.counted = given->counted,
		.next = 1,
		.turn = 1,
		.refusal = given->refusal };
	int rc;

	ps_feed_next_range(range.feed);
	rc = ask_more(&range, err);
	if (rc == 0)
		rc = ps_client_run(range.client, err);
	given->rows = range.rows;
	range_free(&range);
	if (rc != 0 || !range.refused)
		return rc;
	/* What was answered once is not refused for what was asked. */
	return range.turn == 1 ?
	    1 :
	    ps_fail(net_host(ps_client_net(range.client)), range.feed->name,
		schema[range.feed->table].name, range.refusal, err);
}
