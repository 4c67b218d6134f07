#include <stdlib.h>
#include <string.h>

#include "base/credential.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/net_url.h"
#include "grades/canvas_api.h"
#include "grades/canvas_link.h"
#include "grades/canvas_refusal.h"

#define ACCEPT "application/json+canvas-string-ids"
#define TRIES 5		/* of one request */
#define TRIES_JSON 3	/* of an answer that is no JSON document */
#define TRIES_SLOWER 8	/* of a request that came too soon */
#define BUDGET_S 43200	/* a night */
#define PAGES_MAX 20000 /* of one list; Canvas's smallest page has 10 */
#define PAGE_MAX ((size_t)128 << 20) /* bytes of one page */
/* Of the 600 units that Canvas's bucket has, at 10 that flow off a second. */
#define LEFT_LITTLE 150
#define LEFT_HARDLY 60

const char canvas_api_undone[] = "nothing was published";

/* A list that is being read. */
struct reading {
	struct reading *next;
	struct canvas_api *api;
	char *path; /* of the page that is asked for */
	bool single;
	char *what;
	canvas_api_fn *item;
	void *arg;
	char **seen; /* the paths of pages */
	size_t nseen, capseen;
	unsigned broken, refused; /* tries of this page */
};

struct canvas_api {
	struct net *net;
	struct net_url url;
	struct reading *readings;
};

static const char *
or_null(const char *text)
{
	return text == NULL || text[0] == '\0' ? NULL : text;
}

static int
sign_in(struct canvas_api *api, const struct canvas_api_options *options,
    struct err *err)
{
	const struct credential credential = { .setting = options->token_where,
		.path = options->token_file,
		.name = "canvas_token",
		.source = "Canvas",
		.how = "Make an access token in Canvas under Account,"
		       " Settings, put it into a file, chmod 600, and name"
		       " that file." };
	char token[CREDENTIAL_MAX];
	int rc;

	rc = credential_read(&credential, token, err);
	if (rc == 0)
		net_set_token(api->net, token);
	credential_wipe(token);
	return rc;
}

struct canvas_api *
canvas_api_open(const struct canvas_api_options *options, struct err *err)
{
	const struct net_options net = { .url = options->url,
		.url_where = options->url_where,
		.ca_file = or_null(options->ca_file),
		.proxy = or_null(options->proxy),
		.code = EXIT_SOURCE,
		.at_once = options->at_once,
		.min_interval_ms = options->min_interval_ms,
		.tries = options->tries == 0 ? TRIES : options->tries,
		.budget_s = options->budget_s == 0 ? BUDGET_S :
						     options->budget_s,
		.unit_ms = options->unit_ms,
		.agent = options->agent,
		.undone = canvas_api_undone };
	struct canvas_api *api;

	api = mem_zalloc(1, sizeof(*api));
	api->net = net_open(&net, err);
	if (api->net == NULL ||
	    net_url_parse(&api->url, options->url, options->url_where, err) !=
		0 ||
	    sign_in(api, options, err) != 0) {
		canvas_api_close(api);
		return NULL;
	}
	return api;
}

static void
reading_free(struct reading *reading)
{
	size_t i;

	for (i = 0; i < reading->nseen; i++)
		free(reading->seen[i]);
	free(reading->seen);
	free(reading->path);
	free(reading->what);
	free(reading);
}

/* Takes a list off those that are read, and frees it. */
static void
reading_end(struct reading *reading)
{
	struct reading **at;

	for (at = &reading->api->readings; *at != reading; at = &(*at)->next)
		continue;
	*at = reading->next;
	reading_free(reading);
}

static void
end_all(struct canvas_api *api)
{
	struct reading *reading;

	while ((reading = api->readings) != NULL) {
		api->readings = reading->next;
		reading_free(reading);
	}
}

void
canvas_api_close(struct canvas_api *api)
{
	if (api == NULL)
		return;
	net_close(api->net);
	end_all(api);
	net_url_free(&api->url);
	free(api);
}

static int answered(
    void *arg, const struct net_answer *answer, struct err *err);

static void
ask(struct reading *reading)
{
	const struct net_request request = { .path = reading->path,
		.accept = ACCEPT,
		.max_bytes = PAGE_MAX,
		.done = answered,
		.arg = reading };

	net_submit(reading->api->net, &request);
}

void
canvas_api_read(struct canvas_api *api, const struct canvas_api_list *list)
{
	struct reading *reading;

	reading = mem_zalloc(1, sizeof(*reading));
	reading->api = api;
	reading->path = mem_strdup(list->path);
	reading->single = list->single;
	reading->what = mem_strdup(list->what);
	reading->item = list->item;
	reading->arg = list->arg;
	reading->next = api->readings;
	api->readings = reading;
	ask(reading);
}

static int
fail(const struct reading *reading, enum exit_code code, const char *why,
    struct err *err)
{
	return err_set(err, code, "%s: %s cannot be read: %s; %s",
	    net_host(reading->api->net), reading->what, why, canvas_api_undone);
}

/* The bucket is nearly full: the less is left, the longer is the wait. */
static void
heed_limit(struct canvas_api *api, const struct net_answer *answer)
{
	double left;
	unsigned wait;
	char *end;

	left = strtod(answer->rate_left, &end);
	if (end == answer->rate_left || left >= LEFT_LITTLE)
		return;
	wait = left < LEFT_HARDLY ? 5 : 1;
	log_line(LOG_DEBUG, "%s: near the limit of requests; waiting %u s",
	    net_host(api->net), wait);
	net_hold(api->net, wait);
}

/* Asks once more, later: true; false: it was asked often enough. */
static bool
ask_later(struct reading *reading)
{
	unsigned wait;

	if (++reading->refused >= TRIES_SLOWER)
		return false;
	wait = 1U << (reading->refused - 1);
	log_line(LOG_INFO, "%s: too many requests; waiting %u s",
	    net_host(reading->api->net), wait);
	net_hold(reading->api->net, wait);
	ask(reading);
	return true;
}

/* What is not the answer that was asked for. 0: it is asked for once more. */
static int
refused(
    struct reading *reading, const struct net_answer *answer, struct err *err)
{
	enum canvas_refusal refusal;

	refusal = canvas_refusal_of(answer);
	if (refusal == CANVAS_REFUSAL_TOO_FAST && ask_later(reading))
		return 0;
	return canvas_refusal_tell(refusal, answer->status,
	    net_host(reading->api->net), reading->what, canvas_api_undone, err);
}

/*
 * The document of a page; NULL with *again when it is to be asked for once
 * more, for a cut body without a length looks whole (operations N8).
 */
static struct json *
parse_page(struct reading *reading, const struct net_answer *answer,
    bool *again, struct err *err)
{
	const struct json_origin origin = { "the answer", PAGE_MAX,
		EXIT_TEMPORARY };
	struct err broken = { 0 };
	struct json *page;

	*again = false;
	page = json_parse(answer->body, answer->len, &origin, &broken);
	if (page != NULL)
		return page;
	*again = ++reading->broken < TRIES_JSON;
	if (!*again) {
		fail(reading, EXIT_TEMPORARY, broken.msg, err);
		err_hint(err, "Run again later.");
	}
	return NULL;
}

/* Gives the items of a page to who asked for them. */
static int
give_items(
    const struct reading *reading, const struct json *page, struct err *err)
{
	const struct json *item;

	if (reading->single) {
		if (json_kind(page) != JSON_OBJECT)
			return fail(reading, EXIT_SOURCE,
			    "the answer is no JSON object", err);
		return reading->item(reading->arg, page, err);
	}
	if (json_kind(page) != JSON_LIST)
		return fail(
		    reading, EXIT_SOURCE, "the answer is no JSON list", err);
	for (item = json_first(page); item != NULL; item = json_next(item)) {
		if (json_kind(item) != JSON_OBJECT)
			return fail(reading, EXIT_SOURCE,
			    "an item of the list is no JSON object", err);
		if (reading->item(reading->arg, item, err) != 0)
			return -1;
	}
	return 0;
}

/* Moves on to a page that was not seen yet. */
static int
move_to(struct reading *reading, char *path, struct err *err)
{
	size_t i;

	reading->seen = mem_grow(reading->seen, reading->nseen,
	    &reading->capseen, sizeof(*reading->seen));
	reading->seen[reading->nseen++] = reading->path;
	reading->path = path;
	reading->broken = reading->refused = 0;
	for (i = 0; i < reading->nseen; i++) {
		if (strcmp(reading->seen[i], path) == 0)
			return fail(reading, EXIT_SOURCE,
			    "its next page is one that was read already", err);
	}
	if (reading->nseen >= PAGES_MAX)
		return fail(
		    reading, EXIT_SOURCE, "it has more than 20000 pages", err);
	ask(reading);
	return 0;
}

/* Goes to the next page, or ends the list. */
static int
turn_page(struct reading *reading, const char *link, struct err *err)
{
	char *url, *path;

	if (reading->single) {
		reading_end(reading);
		return 0;
	}
	if (canvas_link_next(link, &url) != 0)
		return fail(reading, EXIT_SOURCE,
		    "the Link header, which names the next page, is damaged",
		    err);
	if (url == NULL) {
		reading_end(reading);
		return 0;
	}
	path = canvas_link_path(reading->api->url.base, url);
	free(url);
	if (path == NULL) {
		fail(reading, EXIT_SOURCE,
		    "its next page is said to be on another server", err);
		return err_hint(err,
		    "Use the address that Canvas itself has, without a proxy"
		    " that changes it.");
	}
	return move_to(reading, path, err);
}

static int
answered(void *arg, const struct net_answer *answer, struct err *err)
{
	struct reading *reading = arg;
	struct json *page;
	bool again;
	int rc;

	heed_limit(reading->api, answer);
	if (canvas_refusal_of(answer) != CANVAS_REFUSAL_NONE)
		return refused(reading, answer, err);
	page = parse_page(reading, answer, &again, err);
	if (again) {
		log_line(LOG_INFO,
		    "%s: an answer is no whole JSON; asking again",
		    net_host(reading->api->net));
		ask(reading);
		return 0;
	}
	if (page == NULL)
		return -1;
	rc = give_items(reading, page, err);
	json_free(page);
	return rc != 0 ? -1 : turn_page(reading, answer->link, err);
}

int
canvas_api_run(struct canvas_api *api, struct err *err)
{
	int rc;

	rc = net_run(api->net, err);
	end_all(api);
	return rc;
}

const char *
canvas_api_host(const struct canvas_api *api)
{
	return net_host(api->net);
}

struct net_counts
canvas_api_counts(const struct canvas_api *api)
{
	return net_counts(api->net);
}
