#include <stdlib.h>
#include <string.h>

#include "base/json_rows.h"
#include "base/log.h"
#include "base/mem.h"
#include "source/ps_v1_list.h"

#define READINGS 3 /* of a list that moves while it is read */
#define TRIES 3	   /* of a page whose answer is no JSON */
#define ANSWER_MAX ((size_t)32 << 20)

static int
no_column(void *arg, const char *parent, const char *key)
{
	(void)arg;
	(void)parent;
	(void)key;
	return -1;
}

static int
no_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	(void)arg;
	(void)cells;
	(void)ncells;
	(void)line;
	return 0;
}

/* Whether bytes are JSON as far as they go, but stop too early. */
static bool
is_cut(const char *bytes, size_t len)
{
	const struct json_rows_columns columns = { .find = no_column,
		.record = no_record };
	const struct json_origin origin = { "answer", ANSWER_MAX, EXIT_SOURCE };
	struct err ignored = { 0 };
	struct json_rows *rows;
	bool cut;

	rows = json_rows_begin("record", &columns, &origin);
	cut = json_rows_add(rows, bytes, len, &ignored) == 0 &&
	    json_rows_end(rows, &ignored) != 0;
	json_rows_free(rows);
	return cut;
}

static int
fail_answer(const struct ps_v1_list *list, enum exit_code code, const char *why,
    struct err *err)
{
	const struct ps_v1_lists *all;

	all = list->all;
	err_set(err, code,
	    "%s: an answer of /ws/v1 for %s cannot be used: %s; nothing was"
	    " published",
	    net_host(ps_client_net(all->client)), all->name, why);
	return err_hint(err,
	    code == EXIT_TEMPORARY ?
		"Run again later; open the url in a browser if it stays so." :
		"Run again; if it stays so, something between here and"
		" PowerSchool changes its answers.");
}

static int ask(struct ps_v1_list *list, struct err *err);

/* An answer that is no JSON document: asked for again, some times. */
static int
ask_again(struct ps_v1_list *list, const struct net_answer *answer,
    const struct err *why, struct err *err)
{
	bool cut;

	cut = is_cut(answer->body, answer->len);
	if (++list->tries < TRIES) {
		log_line(LOG_WARN,
		    "%s: an answer of %zu bytes is not whole; it is asked for"
		    " again",
		    list->all->name, answer->len);
		return ask(list, err);
	}
	return fail_answer(list, cut ? EXIT_TEMPORARY : EXIT_SOURCE,
	    cut ? "it stops in the middle" : why->msg, err);
}

/* One more page came: is that all, as far as its count tells? */
static int
ask_more(struct ps_v1_list *list, uint64_t came, struct err *err)
{
	struct ps_v1_lists *all;

	all = list->all;
	if (list->counted && came > 0 && list->rows.count < list->before) {
		list->page++;
		list->tries = 0;
		return ask(list, err);
	}
	progress_step(all->progress, all->name, ++all->done, all->count);
	return 0;
}

static int
take(struct ps_v1_list *list, const struct net_answer *answer, struct err *err)
{
	const struct json_origin origin = { "answer", ANSWER_MAX, EXIT_SOURCE };
	struct ps_v1_lists *all;
	struct err why = { 0 };
	struct json *document;
	const char *wrong;
	uint64_t before;
	int rc;

	all = list->all;
	if (ps_refusal_is_page(answer->content_type, answer->body, answer->len))
		return fail_answer(list, EXIT_TEMPORARY,
		    "it is a web page (maintenance or sign-in?)", err);
	document = json_parse(answer->body, answer->len, &origin, &why);
	if (document == NULL)
		return ask_again(list, answer, &why, err);
	before = list->rows.count;
	rc = list->count_path != NULL ?
	    ps_v1_rows_add_list(&list->rows, all->kind, list->owner, list->page,
		document, &wrong) :
	    ps_v1_rows_add_one(
		&list->rows, all->kind, list->owner, document, &wrong);
	json_free(document);
	if (rc != 0)
		return fail_answer(list, EXIT_SOURCE, wrong, err);
	all->bytes += answer->len;
	return ask_more(list, list->rows.count - before, err);
}

static int
answered(void *arg, const struct net_answer *answer, struct err *err)
{
	struct ps_v1_lists *all;
	struct ps_v1_list *list;

	list = arg;
	all = list->all;
	if (all->refused)
		return 0;
	if (answer->status == 200)
		return take(list, answer, err);
	if (answer->status == 404 && list->count_path == NULL)
		return 0;
	ps_refusal_read(all->refusal, answer->status, answer->content_type,
	    answer->challenge, answer->body, answer->len);
	all->refused = true;
	return 0;
}

/* Asks for the list's page, or for its one object. */
static int
ask(struct ps_v1_list *list, struct err *err)
{
	struct ps_call call = {
		.max_bytes = ANSWER_MAX, .done = answered, .arg = list
	};
	char *path;
	int rc;

	path = list->count_path == NULL ?
	    mem_strdup(list->path) :
	    mem_printf("%s%spagesize=%u&page=%u", list->path,
		strchr(list->path, '?') == NULL ? "?" : "&",
		list->all->page_size, list->page);
	call.path = path;
	rc = ps_client_submit(list->all->client, &call, err);
	free(path);
	return rc;
}

/* Asks for the first pages of every open list, and reads all of them. */
static int
read_open(struct ps_v1_lists *all, struct err *err)
{
	struct ps_v1_list *list;
	size_t i;
	int rc;

	for (i = 0; i < all->count; i++) {
		list = &all->list[i];
		if (!list->open || !list->counted)
			continue;
		rc = ps_client_count(all->client, list->count_path, NULL,
		    &list->before, all->refusal, err);
		if (rc != 0)
			return rc;
	}
	for (i = 0; i < all->count; i++) {
		list = &all->list[i];
		if (!list->open)
			continue;
		ps_v1_rows_free(&list->rows);
		list->page = 1;
		list->tries = 0;
		if (ask(list, err) != 0)
			return -1;
	}
	if (ps_client_run(all->client, err) != 0)
		return -1;
	return all->refused ? 1 : 0;
}

/* Closes a counted list that is whole; else says why it is not. */
static int
judge_counted(struct ps_v1_list *list, struct buf *why, struct err *err)
{
	uint64_t after;
	int rc;

	rc = ps_client_count(list->all->client, list->count_path, NULL, &after,
	    list->all->refusal, err);
	if (rc != 0)
		return rc;
	if (list->before != after || list->rows.count != after) {
		why->len = 0;
		buf_printf(why,
		    "%llu counted, %zu received, %llu counted afterwards",
		    (unsigned long long)list->before, list->rows.count,
		    (unsigned long long)after);
	} else if (ps_v1_rows_repeat(&list->rows) &&
	    !ps_v1_rows_equal(&list->rows, &list->last)) {
		/* It moved from page to page, and another one may be missing;
		 * what is so each time is what the list holds. */
		why->len = 0;
		buf_adds(why, "one came twice");
		ps_v1_rows_free(&list->last);
		list->last = list->rows;
		list->rows = (struct ps_v1_rows){ 0 };
	} else {
		list->open = false;
	}
	return 0;
}

/* Counts a list that came in one page; one that is longer is read in more. */
static int
judge_fullest(struct ps_v1_list *list, struct buf *why, struct err *err)
{
	uint64_t count;
	int rc;

	rc = ps_client_count(list->all->client, list->count_path, NULL, &count,
	    list->all->refusal, err);
	if (rc != 0)
		return rc;
	list->open = list->counted = count != list->rows.count;
	if (list->open) {
		why->len = 0;
		buf_printf(why, "%zu received, %llu counted", list->rows.count,
		    (unsigned long long)count);
	}
	return 0;
}

static size_t
most_rows(const struct ps_v1_lists *all)
{
	size_t i, most;

	most = 0;
	for (i = 0; i < all->count; i++) {
		if (all->list[i].open && !all->list[i].counted &&
		    all->list[i].rows.count > most)
			most = all->list[i].rows.count;
	}
	return most;
}

/* Closes every list that is whole. */
static int
judge(struct ps_v1_lists *all, struct buf *why, struct err *err)
{
	struct ps_v1_list *list;
	size_t i, most;
	int rc;

	most = most_rows(all);
	rc = 0;
	for (i = 0; i < all->count && rc == 0; i++) {
		list = &all->list[i];
		if (!list->open)
			continue;
		if (list->counted)
			rc = judge_counted(list, why, err);
		else if (list->count_path != NULL && most > 0 &&
		    list->rows.count == most)
			rc = judge_fullest(list, why, err);
		else
			list->open = false;
	}
	return rc;
}

static size_t
open_lists(const struct ps_v1_lists *all)
{
	size_t i, n;

	n = 0;
	for (i = 0; i < all->count; i++)
		n += all->list[i].open;
	return n;
}

int
ps_v1_lists_read(struct ps_v1_lists *all, struct ps_client *client,
    unsigned page_size, struct progress *progress, struct ps_refusal *refusal,
    struct err *err)
{
	struct buf why = { 0 };
	unsigned n;
	size_t i;
	int rc;

	all->client = client;
	all->page_size = page_size;
	all->progress = progress;
	all->refusal = refusal;
	all->refused = false;
	for (i = 0; i < all->count; i++) {
		all->list[i].all = all;
		all->list[i].open = true;
	}
	rc = 0;
	for (n = 0; n < READINGS && rc == 0 && open_lists(all) > 0; n++) {
		if (n > 0)
			log_line(LOG_WARN, "%s: %s; %zu lists are read again",
			    all->name, buf_str(&why), open_lists(all));
		rc = read_open(all, err);
		if (rc == 0)
			rc = judge(all, &why, err);
	}
	if (rc == 0 && open_lists(all) > 0) {
		err_set(err, EXIT_TEMPORARY,
		    "%s: the roster moved while it was read: %s, %u times;"
		    " nothing was published",
		    all->name, buf_str(&why), n);
		rc = err_hint(
		    err, "Run again at an hour when nobody changes schedules.");
	}
	buf_free(&why);
	return rc;
}

struct ps_v1_list *
ps_v1_lists_add(
    struct ps_v1_lists *all, uint64_t owner, char *path, char *count_path)
{
	struct ps_v1_list *list;

	all->list = mem_grow(
	    all->list, all->count, &all->cap, sizeof(*all->list));
	list = &all->list[all->count++];
	*list = (struct ps_v1_list){
		.owner = owner, .path = path, .count_path = count_path
	};
	return list;
}

void
ps_v1_lists_free(struct ps_v1_lists *all)
{
	size_t i;

	for (i = 0; i < all->count; i++) {
		free(all->list[i].path);
		free(all->list[i].count_path);
		ps_v1_rows_free(&all->list[i].rows);
		ps_v1_rows_free(&all->list[i].last);
	}
	free(all->list);
	*all = (struct ps_v1_lists){ 0 };
}
