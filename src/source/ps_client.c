#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "source/ps_client.h"
#include "source/ps_credentials.h"
#include "source/ps_fail.h"

#define TRIES 5	       /* of one request (powerschool 5) */
#define TIMEOUT_S 3600 /* of one try: a whole table */
#define QUIET_S 300    /* a long query's first row may take so long */
#define TRIES_JSON 3   /* of an answer that is no JSON document */
#define JSON_MAX ((size_t)1 << 20) /* bytes of a small answer */
#define RENEW_EARLY_S 60	   /* before a token runs out */
#define OLDEST "8.3"		   /* PowerSchool that is supported */

struct sent;

struct ps_client {
	struct net *net;
	const struct source_options *options;
	struct sent *sent; /* requests on their way */
	struct ps_metadata metadata;
	int64_t renew_at; /* the token, UTC seconds; 0: not told */
	unsigned tokens;  /* how many there were */
	int64_t date;
};

/* A request on its way, with what it needs to be sent once more. */
struct sent {
	struct sent *next;
	struct ps_client *client;
	struct ps_call call; /* its strings are this one's */
	unsigned token;	     /* which of the tokens it went with */
	bool repeated;
};

/* What net says of a failure, and what was not done. */
static int
say_undone(int rc, struct err *err)
{
	size_t len;

	len = strlen(err->msg);
	if (rc != 0 && strstr(err->msg, "nothing was") == NULL)
		snprintf(err->msg + len, sizeof(err->msg) - len,
		    "; nothing was published");
	return rc;
}

struct ps_client *
ps_client_open(const struct source_options *options, struct err *err)
{
	const struct net_options net = { .url = options->url,
		.url_where = "[source] url",
		.ca_file = options->ca_file[0] == '\0' ? NULL :
							 options->ca_file,
		.proxy = options->proxy[0] == '\0' ? NULL : options->proxy,
		.code = EXIT_SOURCE,
		.at_once = options->at_once,
		.min_interval_ms = options->min_interval_ms,
		.tries = TRIES,
		.timeout_s = TIMEOUT_S,
		.quiet_s = QUIET_S,
		.agent = "ps2canvas",
		.undone = "nothing was published" };
	struct ps_client *client;

	client = mem_zalloc(1, sizeof(*client));
	client->options = options;
	client->net = net_open(&net, err);
	if (client->net == NULL) {
		(void)say_undone(-1, err);
		free(client);
		return NULL;
	}
	return client;
}

/* Takes a request off the list of those on their way, and frees it. */
static void
sent_end(struct sent *sent)
{
	struct sent **at;

	for (at = &sent->client->sent; *at != sent; at = &(*at)->next)
		continue;
	*at = sent->next;
	free((char *)(uintptr_t)sent->call.path);
	free((char *)(uintptr_t)sent->call.body);
	free(sent);
}

void
ps_client_close(struct ps_client *client)
{
	if (client == NULL)
		return;
	net_close(client->net);
	while (client->sent != NULL)
		sent_end(client->sent);
	free(client);
}

const struct ps_metadata *
ps_client_metadata(const struct ps_client *client)
{
	return &client->metadata;
}

const struct net *
ps_client_net(const struct ps_client *client)
{
	return client->net;
}

int64_t
ps_client_date(const struct ps_client *client)
{
	return client->date;
}

static int
fail_sign_in(const struct ps_client *client, const struct net_answer *answer,
    struct err *err)
{
	struct ps_refusal refusal;

	ps_refusal_read(&refusal, answer->status, answer->content_type,
	    answer->challenge, answer->body, answer->len);
	if (refusal.kind == PS_REFUSAL_WEB_PAGE)
		return ps_fail_page(net_host(client->net), answer->len, err);
	if (answer->status == 401 || answer->status == 400 ||
	    answer->status == 403) {
		err_set(err, EXIT_SOURCE,
		    "%s: PowerSchool gives no token (%ld%s%s): the client ID or"
		    " secret is wrong, or the plugin is not enabled; nothing"
		    " was published",
		    net_host(client->net), answer->status,
		    refusal.words[0] == '\0' ? "" : ", ", refusal.words);
		return err_hint(err,
		    "Enable the plugin under System, Plugin Management"
		    " Configuration, and copy both from its Data Configuration"
		    " page.");
	}
	err_set(err, EXIT_SOURCE,
	    "%s: there is no PowerSchool at this address (/oauth/access_token:"
	    " %ld); nothing was published",
	    net_host(client->net), answer->status);
	return err_hint(err,
	    "Correct [source] url: https:// and the server's name, no more.");
}

/* expires_in is a text on real servers, a number on some others. */
static int64_t
life_of(const struct json *document)
{
	const struct json *value;
	const char *text;
	long long life;

	value = json_get(document, "expires_in");
	text = json_text(value);
	if (text == NULL)
		text = json_digits(value);
	life = text == NULL ? 0 : strtoll(text, NULL, 10);
	return life > 0 ? life : 0;
}

/* A token goes into a header: visible ASCII, or it could say more there. */
static bool
is_token(const char *text)
{
	size_t i;

	for (i = 0; text[i] > ' ' && text[i] <= '~'; i++)
		continue;
	return i > 0 && text[i] == '\0';
}

static int
keep_token(
    struct ps_client *client, const struct net_answer *answer, struct err *err)
{
	const struct json_origin origin = { net_host(client->net), 65536,
		EXIT_SOURCE };
	struct err ignored = { 0 };
	struct json *document;
	const char *token;
	int64_t life, early;
	document = answer->status == 200 ?
	    json_parse(answer->body, answer->len, &origin, &ignored) :
	    NULL;
	token = json_text(json_get(document, "access_token"));
	if (token == NULL || !is_token(token)) {
		json_free(document);
		return fail_sign_in(client, answer, err);
	}
	net_set_token(client->net, token);
	life = life_of(document);
	early = life / 2 < RENEW_EARLY_S ? life / 2 : RENEW_EARLY_S;
	client->renew_at = life == 0 ? 0 : clock_now() + life - early;
	client->tokens++;
	explicit_bzero((char *)(uintptr_t)token, strlen(token));
	json_free(document);
	return 0;
}

static int
get_token(struct ps_client *client, struct err *err)
{
	struct ps_credentials credentials;
	struct net_request request = { .method = "POST",
		.path = "/oauth/access_token",
		.content_type =
		    "application/x-www-form-urlencoded;charset=UTF-8",
		.body = "grant_type=client_credentials",
		.anonymous = true };
	struct net_answer answer;
	int rc;

	rc = ps_credentials_read(&credentials, client->options, err);
	request.body_len = strlen(request.body);
	request.basic_user = credentials.id;
	request.basic_secret = credentials.secret;
	if (rc == 0)
		rc = net_fetch(client->net, &request, &answer, err);
	ps_credentials_wipe(&credentials);
	if (rc != 0)
		return -1;
	client->date = answer.date;
	return keep_token(client, &answer, err);
}

static int
keep_token_fresh(struct ps_client *client, struct err *err)
{
	if (client->tokens > 0 &&
	    (client->renew_at == 0 || clock_now() < client->renew_at))
		return 0;
	return get_token(client, err);
}

static int answered(
    void *arg, const struct net_answer *answer, struct err *err);
static int
begins(void *arg, struct err *err)
{
	struct sent *sent;

	sent = arg;
	return sent->call.begin(sent->call.arg, err);
}

static int
piece_comes(void *arg, const char *bytes, size_t len, struct err *err)
{
	struct sent *sent;

	sent = arg;
	return sent->call.piece(sent->call.arg, bytes, len, err);
}

static void
send_it(struct sent *sent)
{
	const struct ps_call *call;
	struct net_request request = { 0 };

	call = &sent->call;
	request.method = call->method;
	request.path = call->path;
	request.max_bytes = call->max_bytes;
	if (call->body != NULL) {
		request.content_type = "application/json";
		request.body = call->body;
		request.body_len = strlen(call->body);
	}
	if (call->piece != NULL) {
		request.begin = begins;
		request.piece = piece_comes;
	}
	request.done = answered;
	request.arg = sent;
	sent->token = sent->client->tokens;
	net_submit(sent->client->net, &request);
}

/* A token that the server no longer takes: another one, and once more. */
static bool
token_is_refused(const struct net_answer *answer)
{
	struct ps_refusal refusal;

	if (answer->status != 401)
		return false;
	ps_refusal_read(&refusal, answer->status, answer->content_type,
	    answer->challenge, answer->body, answer->len);
	return refusal.kind == PS_REFUSAL_TOKEN;
}

static int
answered(void *arg, const struct net_answer *answer, struct err *err)
{
	struct ps_client *client;
	struct sent *sent;
	int rc;

	sent = arg;
	client = sent->client;
	client->date = answer->date;
	if (token_is_refused(answer) && !sent->repeated) {
		sent->repeated = true;
		if (sent->token == client->tokens &&
		    get_token(client, err) != 0)
			return -1;
		send_it(sent);
		return 0;
	}
	rc = sent->call.done(sent->call.arg, answer, err);
	sent_end(sent);
	return rc;
}

int
ps_client_submit(
    struct ps_client *client, const struct ps_call *call, struct err *err)
{
	struct sent *sent;

	if (keep_token_fresh(client, err) != 0)
		return -1;
	sent = mem_zalloc(1, sizeof(*sent));
	sent->client = client;
	sent->call = *call;
	sent->call.path = mem_strdup(call->path);
	if (call->body != NULL)
		sent->call.body = mem_strdup(call->body);
	sent->next = client->sent;
	client->sent = sent;
	send_it(sent);
	return 0;
}

int
ps_client_run(struct ps_client *client, struct err *err)
{
	return say_undone(net_run(client->net, err), err);
}

int
ps_client_fetch(struct ps_client *client, const char *path, const char *body,
    struct net_answer *answer, struct err *err)
{
	struct net_request request = { .path = path };

	if (body != NULL) {
		request.method = "POST";
		request.content_type = "application/json";
		request.body = body;
		request.body_len = strlen(body);
	}
	if (keep_token_fresh(client, err) != 0 ||
	    say_undone(net_fetch(client->net, &request, answer, err), err) != 0)
		return -1;
	client->date = answer->date;
	if (!token_is_refused(answer))
		return 0;
	if (get_token(client, err) != 0)
		return -1;
	return say_undone(net_fetch(client->net, &request, answer, err), err);
}

static bool
number_of(const struct json *value, uint64_t *number)
{
	const char *text;
	char *end;

	if (json_unsigned(value, number))
		return true;
	text = json_text(value);
	if (text == NULL || text[0] < '0' || text[0] > '9')
		return false;
	*number = strtoull(text, &end, 10);
	return *end == '\0';
}

int
ps_client_fetch_json(struct ps_client *client, const char *path,
    const char *body, struct json **document, struct ps_refusal *refusal,
    struct err *err)
{
	const struct json_origin origin = { net_host(client->net), JSON_MAX,
		EXIT_SOURCE };
	struct net_answer answer;
	struct err why = { 0 };
	unsigned i;

	for (i = 0; i < TRIES_JSON; i++) {
		if (ps_client_fetch(client, path, body, &answer, err) != 0)
			return -1;
		if (answer.status != 200 ||
		    ps_refusal_is_page(
			answer.content_type, answer.body, answer.len)) {
			ps_refusal_read(refusal, answer.status,
			    answer.content_type, answer.challenge, answer.body,
			    answer.len);
			return refusal->kind == PS_REFUSAL_WEB_PAGE ?
			    ps_fail_page(
				net_host(client->net), answer.len, err) :
			    1;
		}
		*document = json_parse(answer.body, answer.len, &origin, &why);
		if (*document != NULL)
			return 0;
	}
	err_set(err, EXIT_SOURCE,
	    "%s: an answer cannot be used: %s; nothing was published",
	    origin.name, why.msg);
	return err_hint(err,
	    "Run again; if it stays so, something between here and"
	    " PowerSchool changes its answers.");
}

int
ps_client_count(struct ps_client *client, const char *path, const char *body,
    uint64_t *count, struct ps_refusal *refusal, struct err *err)
{
	struct json *document = NULL;
	bool known;
	int rc;

	rc = ps_client_fetch_json(client, path, body, &document, refusal, err);
	if (rc != 0)
		return rc;
	known = number_of(json_get(document, "count"), count) ||
	    number_of(json_get(json_get(document, "resource"), "count"), count);
	json_free(document);
	if (known)
		return 0;
	err_set(err, EXIT_SOURCE,
	    "%s: PowerSchool was asked for a count and gave none; nothing was"
	    " published",
	    net_host(client->net));
	return err_hint(err, "Run: ps2canvas check");
}

/* Before 9.0 nothing says the version; the list of queries is there from 8.3
 * on. */
static int
look_at_version(struct ps_client *client, struct err *err)
{
	const char *version;
	struct net_answer answer;

	version = client->metadata.version;
	if (version[0] != '\0') {
		if (ps_metadata_at_least(version, OLDEST))
			return 0;
	} else {
		if (ps_client_fetch(client, "/ws/schema/query/api", NULL,
			&answer, err) != 0)
			return -1;
		if (answer.status != 404)
			return 0;
	}
	err_set(err, EXIT_SOURCE,
	    "%s: PowerSchool %s is older than " OLDEST
	    "; nothing was published",
	    net_host(client->net), version);
	return err_hint(
	    err, "Export the tables instead: [source] url = files:DIR");
}

int
ps_client_sign_in(struct ps_client *client, struct err *err)
{
	struct ps_refusal refusal;
	struct json *document = NULL;
	int rc;

	if (get_token(client, err) != 0)
		return -1;
	rc = ps_client_fetch_json(
	    client, "/ws/v1/metadata", NULL, &document, &refusal, err);
	if (rc > 0)
		ps_fail(net_host(client->net), "/ws/v1/metadata", "", &refusal,
		    err);
	if (rc != 0)
		return -1;
	ps_metadata_read(&client->metadata, document);
	json_free(document);
	return look_at_version(client, err);
}
