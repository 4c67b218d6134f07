#ifndef SOURCE_PS_CLIENT_H
#define SOURCE_PS_CLIENT_H

#include "base/json.h"
#include "base/net.h"
#include "source/ps_metadata.h"
#include "source/ps_refusal.h"
#include "source/source.h"

/*
 * Requests to one PowerSchool server with the plugin's token (powerschool 1):
 * a token that runs out is renewed before it does, one that is refused once
 * for each request, never in a loop.
 */
struct ps_client;

/* NULL with EXIT_SETTINGS; nothing is sent yet. */
struct ps_client *ps_client_open(
    const struct source_options *options, struct err *err);
void ps_client_close(struct ps_client *client);

/*
 * Gets a token and what the server says of itself. 0, or -1: EXIT_SETTINGS
 * for the credential files, EXIT_SOURCE when the server refuses or is older
 * than 8.3, EXIT_TEMPORARY.
 */
int ps_client_sign_in(struct ps_client *client, struct err *err);

/* Valid after ps_client_sign_in(). */
const struct ps_metadata *ps_client_metadata(const struct ps_client *client);

const struct net *ps_client_net(const struct ps_client *client);

/* The Date header of the last answer, UTC seconds; 0: none. */
int64_t ps_client_date(const struct ps_client *client);

/* One request; the strings are copied. */
struct ps_call {
	const char *method; /* NULL: GET */
	const char *path;
	const char *body; /* JSON; NULL: none */
	size_t max_bytes; /* of the answer; 0: 32 MiB */
	/* Of a body with status 200; all may be NULL: then it is kept. */
	int (*begin)(void *arg, struct err *err); /* before each try */
	net_body_fn *piece;
	/* The answer, except 401, which the client sees to. -1 ends all. */
	net_done_fn *done;
	void *arg;
};

/* Puts a request into the queue; done functions may do so too. 0, or -1 when
 * a token that was about to run out could not be renewed. */
int ps_client_submit(
    struct ps_client *client, const struct ps_call *call, struct err *err);

/* Drives all requests to their end; as net_run(). */
int ps_client_run(struct ps_client *client, struct err *err);

/*
 * One request to its end, with a small answer that holds until the next
 * call: GET, or POST when body is there. As net_fetch().
 */
int ps_client_fetch(struct ps_client *client, const char *path,
    const char *body, struct net_answer *answer, struct err *err);

/*
 * The same for an answer that is a JSON document, which the caller frees; one
 * that stops in the middle is asked for again. 0; 1 with *refusal when the
 * server refuses; or -1, EXIT_TEMPORARY for a web page.
 */
int ps_client_fetch_json(struct ps_client *client, const char *path,
    const char *body, struct json **document, struct ps_refusal *refusal,
    struct err *err);

/*
 * The number that a .../count gives, {"count":N} or
 * {"resource":{"count":N}}. 0; 1 with *refusal when the server refuses; or
 * -1.
 */
int ps_client_count(struct ps_client *client, const char *path,
    const char *body, uint64_t *count, struct ps_refusal *refusal,
    struct err *err);

#endif
