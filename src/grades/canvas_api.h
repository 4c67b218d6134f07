#ifndef GRADES_CANVAS_API_H
#define GRADES_CANVAS_API_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"
#include "base/net.h"

/*
 * Reads lists and objects over the Canvas API (grades B2): with a token, ids
 * as text, page by page as the Link header says, no faster than Canvas lets
 * us. A list that cannot be read to its end is a failure, never a shorter
 * list.
 */
struct canvas_api;

struct canvas_api_options {
	const char *url;	  /* https://canvas.example.org */
	const char *url_where;	  /* for messages: "[grades] url" */
	const char *token_file;	  /* NULL or "": canvas_token in
				 * $CREDENTIALS_DIRECTORY */
	const char *token_where;  /* for messages: "[grades] token_file" */
	const char *ca_file;	  /* PEM; NULL or "": the system's */
	const char *proxy;	  /* NULL or "": as the environment says */
	unsigned at_once;	  /* requests at a time, 1 to 4 */
	unsigned min_interval_ms; /* between the starts of two requests */
	unsigned tries;		  /* of one request; 0: 5 */
	unsigned budget_s;	  /* of everything; 0: 12 hours */
	unsigned unit_ms;	  /* as in net_options; 0: 1000 */
	const char *agent;	  /* User-Agent */
};

/* Reads the token; nothing is sent yet. NULL with EXIT_SETTINGS. */
struct canvas_api *canvas_api_open(
    const struct canvas_api_options *options, struct err *err);

/* Cancels what is under way and frees it; NULL is ignored. */
void canvas_api_close(struct canvas_api *api);

/* An item of a list, in the order of the list; it goes with its page. -1 ends
 * everything. It may queue more. */
typedef int canvas_api_fn(void *arg, const struct json *item, struct err *err);

struct canvas_api_list {
	const char *path; /* /api/v1/..., encoded; pages are asked for by it */
	bool single;	  /* one object instead of a list */
	const char *what; /* for messages: "the sections of course 17" */
	canvas_api_fn *item;
	void *arg;
};

/* Queues the reading of a whole list; everything is copied. */
void canvas_api_read(
    struct canvas_api *api, const struct canvas_api_list *list);

/*
 * Reads all lists that are queued to their ends, at most at_once requests at
 * a time; the pages of one list come one after the other. 0, or -1 with
 * EXIT_SETTINGS when the token is not taken, EXIT_SOURCE when something is
 * not there, not allowed or unusable, EXIT_TEMPORARY when it may be better
 * later, and what an item function set. Nothing is queued any more then.
 */
int canvas_api_run(struct canvas_api *api, struct err *err);

/* host[:port], for messages. */
const char *canvas_api_host(const struct canvas_api *api);

/* Requests that were sent, and bytes of their answers. */
struct net_counts canvas_api_counts(const struct canvas_api *api);

/* What failures say last: nothing was published. */
extern const char canvas_api_undone[];

#endif
