#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include <signal.h>

#include "base/net.h"
#include "http_script.h"

#define TOKEN "canary-token-5d1c"
#define CLIENT_ID "canary-id"
#define CLIENT_SECRET "canary-secret-77aa"

/* A client of a server that follows a script, and what it got. */
struct client {
	struct script *script;
	struct net *net;
	struct err err;
	char url[64];
	long status[SCRIPT_SEEN]; /* of the answers, in their order */
	unsigned answers;
	struct net_answer last; /* without its texts */
	char text[4096], link[256], location[256], challenge[256], type[64],
	    rate_left[32];
	unsigned begins;
	char streamed[4096];
	size_t streamed_len;
};

static inline struct net_options
client_options(void)
{
	const struct net_options options = {
		.url_where = "[source] url",
		.code = EXIT_SOURCE,
		.at_once = 1,
		.tries = 5,
		.unit_ms = 4,
		.timeout_s = 5000, /* twenty seconds of the tests' unit */
		.quiet_s = 5000,
		.budget_s = 10000,
		.agent = "rollbook/test",
		.undone = "nothing was published",
	};

	return options;
}

static inline void
client_open(struct client *client, script_fn *answer, const void *arg,
    struct net_options options)
{
	memset(client, 0, sizeof(*client));
	signal(SIGPIPE, SIG_IGN);
	client->script = script_start(answer, arg);
	snprintf(client->url, sizeof(client->url), "%s://127.0.0.1:%u/base/",
	    options.proxy == NULL ? "http" : "https", client->script->port);
	options.url = client->url;
	client->net = net_open(&options, &client->err);
	assert_non_null(client->net);
	net_set_token(client->net, TOKEN);
}

/* Ends both; what was seen and got stays until the next client_open(). */
static inline void
client_close(struct client *client)
{
	net_close(client->net);
	client->net = NULL;
	script_stop(client->script);
}

static inline int
client_done(void *arg, const struct net_answer *answer, struct err *err)
{
	struct client *client = arg;

	(void)err;
	assert_int_equal(answer->body[answer->len], '\0');
	client->status[client->answers++] = answer->status;
	client->last = *answer;
	snprintf(client->text, sizeof(client->text), "%s", answer->body);
	snprintf(client->link, sizeof(client->link), "%s", answer->link);
	snprintf(
	    client->location, sizeof(client->location), "%s", answer->location);
	snprintf(client->challenge, sizeof(client->challenge), "%s",
	    answer->challenge);
	snprintf(client->rate_left, sizeof(client->rate_left), "%s",
	    answer->rate_left);
	snprintf(
	    client->type, sizeof(client->type), "%s", answer->content_type);
	return 0;
}

static inline int
client_begin(void *arg, struct err *err)
{
	struct client *client = arg;

	(void)err;
	client->begins++;
	client->streamed_len = 0;
	return 0;
}

static inline int
client_piece(void *arg, const char *bytes, size_t len, struct err *err)
{
	struct client *client = arg;

	(void)err;
	assert_true(client->begins > 0);
	assert_true(len <= sizeof(client->streamed) - client->streamed_len);
	memcpy(client->streamed + client->streamed_len, bytes, len);
	client->streamed_len += len;
	return 0;
}

/* A request whose answer goes to client_done(). */
static inline struct net_request
client_request(struct client *client, const char *path)
{
	const struct net_request request = {
		.path = path,
		.done = client_done,
		.arg = client,
	};

	return request;
}

static inline void
client_submit(struct client *client, const char *path)
{
	struct net_request request = client_request(client, path);

	net_submit(client->net, &request);
}

/* Runs what was submitted; it must succeed. */
static inline void
client_run(struct client *client)
{
	if (net_run(client->net, &client->err) != 0)
		print_error("%s\n", client->err.msg);
	assert_int_equal(client->err.code, EXIT_DONE);
}

/* What no failure may say: secrets, paths, bodies, queries. */
static inline void
assert_discreet(const struct err *err)
{
	assert_null(strstr(err->msg, "canary"));
	assert_null(strstr(err->hint, "canary"));
}

/* Runs what was submitted; it must fail with code and say text. */
static inline void
client_fails(struct client *client, enum exit_code code, const char *text)
{
	assert_int_equal(net_run(client->net, &client->err), -1);
	if (client->err.code != code || strstr(client->err.msg, text) == NULL)
		print_error("%d %s\n", client->err.code, client->err.msg);
	assert_int_equal(client->err.code, code);
	assert_non_null(strstr(client->err.msg, text));
	assert_discreet(&client->err);
}

#endif
