#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/interrupt.h"
#include "net_client.h"

/* The value of a header as the server saw it, or NULL. */
static const char *
header(const struct client *client, unsigned nth, const char *name)
{
	static char value[1024];
	const char *line = client->script->seen[nth].head;
	size_t len = strlen(name);

	for (; line != NULL; line = strstr(line + 2, "\r\n"))
		if (strncasecmp(line + 2, name, len) == 0 &&
		    line[2 + len] == ':') {
			snprintf(value, sizeof(value), "%.*s",
			    (int)strcspn(line + len + 4, "\r"), line + len + 4);
			return value;
		}
	return NULL;
}

static bool
rich_answer(struct script *script, int fd, unsigned nth)
{
	(void)script;
	(void)nth;
	return script_reply(fd, 200,
	    "Date: Tue, 24 Nov 2026 12:00:00 GMT\r\n"
	    "Link: <https://a.example/2>; rel=\"next\"\r\n"
	    "Link: <https://a.example/9>; rel=\"last\"\r\n"
	    "Location: https://a.example/made\r\n"
	    "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n"
	    "X-Rate-Limit-Remaining: 599.25\r\n"
	    "Set-Cookie: id=1\r\n",
	    "{\"n\":1}");
}

static void
a_request_carries_the_token_and_no_cookie(void **state)
{
	struct client c;

	(void)state;
	client_open(&c, rich_answer, NULL, client_options());
	client_submit(&c, "/ws/v1/school?page=1");
	client_submit(&c, "/ws/v1/school?page=2");
	client_run(&c);
	client_close(&c);
	assert_int_equal(c.script->requests, 2);
	assert_int_equal(c.script->connections, 1);
	assert_memory_equal(c.script->seen[1].head,
	    "GET /base/ws/v1/school?page=2 HTTP/1.1\r\n", 40);
	assert_string_equal(header(&c, 1, "Authorization"), "Bearer " TOKEN);
	assert_string_equal(header(&c, 1, "Accept"), "application/json");
	assert_string_equal(header(&c, 1, "Accept-Encoding"), "gzip");
	assert_string_equal(header(&c, 1, "User-Agent"), "rollbook/test");
	assert_null(header(&c, 1, "Cookie"));
	script_free(c.script);
}

static void
an_answer_brings_its_body_and_what_its_header_says(void **state)
{
	struct client c;

	(void)state;
	client_open(&c, rich_answer, NULL, client_options());
	client_submit(&c, "/x");
	client_run(&c);
	client_close(&c);
	assert_string_equal(c.text, "{\"n\":1}");
	assert_int_equal(c.last.len, 7);
	assert_int_equal(c.last.tries, 1);
	assert_int_equal(c.last.date, 1795521600);
	assert_string_equal(c.type, "application/json");
	assert_string_equal(c.link,
	    "<https://a.example/2>; rel=\"next\","
	    " <https://a.example/9>; rel=\"last\"");
	assert_string_equal(c.location, "https://a.example/made");
	assert_string_equal(c.challenge, "Bearer error=\"invalid_token\"");
	assert_string_equal(c.rate_left, "599.25");
	script_free(c.script);
}

static void
identity_is_the_token_or_basic_or_none(void **state)
{
	struct net_request request;
	struct client c;

	(void)state;
	client_open(&c, NULL, NULL, client_options());
	request = client_request(&c, "/oauth/access_token");
	request.method = "POST";
	request.content_type = "application/x-www-form-urlencoded";
	request.body = "grant_type=client_credentials";
	request.body_len = 29;
	request.basic_user = CLIENT_ID;
	request.basic_secret = CLIENT_SECRET;
	net_submit(c.net, &request);
	request = client_request(&c, "/x");
	request.anonymous = true;
	net_submit(c.net, &request);
	client_submit(&c, "/x");
	client_run(&c);
	net_set_token(c.net, NULL);
	client_submit(&c, "/x");
	client_run(&c);
	client_close(&c);
	assert_string_equal(header(&c, 0, "Authorization"),
	    "Basic Y2FuYXJ5LWlkOmNhbmFyeS1zZWNyZXQtNzdhYQ==");
	assert_string_equal(
	    header(&c, 0, "Content-Type"), "application/x-www-form-urlencoded");
	assert_string_equal(
	    c.script->seen[0].body, "grant_type=client_credentials");
	assert_null(header(&c, 1, "Authorization"));
	assert_string_equal(header(&c, 2, "Authorization"), "Bearer " TOKEN);
	assert_null(header(&c, 3, "Authorization"));
	script_free(c.script);
}

static bool
busy_once(struct script *script, int fd, unsigned nth)
{
	(void)script;
	return script_reply(fd, nth == 0 ? 503 : 200, "", "{}");
}

static void
a_file_is_sent_from_its_start_on_each_try(void **state)
{
	struct net_request request;
	char bytes[3000];
	struct client c;
	FILE *file;

	(void)state;
	memset(bytes, 'z', sizeof(bytes));
	file = tmpfile();
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, sizeof(bytes), file), 3000);
	assert_int_equal(fflush(file), 0);
	client_open(&c, busy_once, NULL, client_options());
	request = client_request(&c, "/sis_imports");
	request.method = "POST";
	request.content_type = "application/zip";
	request.body_fd = fileno(file);
	net_submit(c.net, &request);
	client_run(&c);
	client_close(&c);
	fclose(file);
	assert_int_equal(c.script->requests, 2);
	assert_int_equal(c.script->seen[0].len, 3000);
	assert_int_equal(c.script->seen[1].len, 3000);
	assert_memory_equal(c.script->seen[1].body, bytes, 3000);
	assert_null(header(&c, 0, "Expect"));
	script_free(c.script);
}

/* Answers only when as many requests as the client may send have come. */
static bool
three_together(struct script *script, int fd, unsigned nth)
{
	bool all;

	pthread_mutex_lock(&script->lock);
	script->begun++;
	script->busy++;
	if (script->busy > script->most)
		script->most = script->busy;
	pthread_cond_broadcast(&script->changed);
	pthread_mutex_unlock(&script->lock);
	all = script_await(script, (nth / 3 + 1) * 3);
	pthread_mutex_lock(&script->lock);
	script->busy--;
	pthread_mutex_unlock(&script->lock);
	return script_reply(fd, all ? 200 : 404, "", "{}");
}

static void
as_many_requests_go_on_as_allowed_and_no_more(void **state)
{
	struct net_options options = client_options();
	struct client c;
	unsigned i;

	(void)state;
	options.at_once = 3;
	client_open(&c, three_together, NULL, options);
	for (i = 0; i < 12; i++)
		client_submit(&c, "/x");
	client_run(&c);
	client_close(&c);
	assert_int_equal(c.answers, 12);
	for (i = 0; i < c.answers; i++)
		assert_int_equal(c.status[i], 200);
	assert_int_equal(c.script->most, 3);
	assert_int_equal(c.script->connections, 3);
	script_free(c.script);
}

static void
requests_start_an_interval_apart(void **state)
{
	struct net_options options = client_options();
	struct client c;
	uint64_t began;

	(void)state;
	options.at_once = 4;
	options.min_interval_ms = 40;
	client_open(&c, NULL, NULL, options);
	began = net_pace_now();
	client_submit(&c, "/1");
	client_submit(&c, "/2");
	client_submit(&c, "/3");
	client_run(&c);
	assert_true(net_pace_now() - began >= 80);
	client_close(&c);
	assert_int_equal(c.answers, 3);
	assert_memory_equal(c.script->seen[2].head, "GET /base/3 ", 12);
	script_free(c.script);
}

static void
a_hold_keeps_every_request_back(void **state)
{
	struct client c;
	uint64_t began;

	(void)state;
	client_open(&c, NULL, NULL, client_options());
	client_submit(&c, "/1");
	began = net_pace_now();
	net_hold(c.net, 15); /* of 4 ms each */
	net_hold(c.net, 1);
	client_run(&c);
	assert_true(net_pace_now() - began >= 60);
	client_close(&c);
	assert_int_equal(c.answers, 1);
	script_free(c.script);
}

static bool
token_expires(struct script *script, int fd, unsigned nth)
{
	const char *head = script->seen[nth].head;

	if (strstr(head, "Bearer " TOKEN "-new") != NULL)
		return script_reply(fd, 200, "", "{}");
	if (strstr(head, "Authorization: Basic") != NULL)
		return script_reply(fd, 200, "", TOKEN "-new");
	return script_reply(fd, 401, "", "");
}

/* Gets a new token within done, and asks again, as sources do. */
static int
renew(void *arg, const struct net_answer *answer, struct err *err)
{
	struct client *client = arg;
	struct net_request request = {
		.method = "POST",
		.path = "/oauth/access_token",
		.basic_user = CLIENT_ID,
		.basic_secret = CLIENT_SECRET,
	};
	struct net_answer token;

	client->status[client->answers++] = answer->status;
	if (answer->status != 401)
		return 0;
	if (net_fetch(client->net, &request, &token, err) != 0)
		return -1;
	assert_int_equal(token.status, 200);
	net_set_token(client->net, token.body);
	request = client_request(client, "/again");
	request.done = renew;
	net_submit(client->net, &request);
	return 0;
}

static void
a_done_function_may_fetch_and_submit(void **state)
{
	struct net_options options = client_options();
	struct net_request request;
	struct client c;
	unsigned i, ok = 0;
	uint64_t sent;

	(void)state;
	for (options.at_once = 1; options.at_once <= 4; options.at_once += 3) {
		client_open(&c, token_expires, NULL, options);
		request = client_request(&c, "/x");
		request.done = renew;
		for (i = 0; i < 6; i++)
			net_submit(c.net, &request);
		client_run(&c);
		sent = net_counts(c.net).requests;
		client_close(&c);
		for (i = 0, ok = 0; i < c.answers; i++)
			ok += c.status[i] == 200;
		assert_int_equal(ok, 6);
		assert_int_equal(c.script->requests, sent);
		script_free(c.script);
	}
}

static void
fetch_brings_the_answer_itself(void **state)
{
	const struct net_request request = { .path = "/x" };
	struct net_answer answer;
	struct client c;

	(void)state;
	client_open(&c, busy_once, NULL, client_options());
	client_submit(&c, "/waiting");
	assert_int_equal(net_fetch(c.net, &request, &answer, &c.err), 0);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.tries, 2);
	assert_string_equal(answer.body, "{}");
	assert_int_equal(c.answers, 0);
	client_run(&c);
	assert_int_equal(c.answers, 1);
	assert_int_equal(net_counts(c.net).requests, 3);
	assert_int_equal(net_counts(c.net).retries, 1);
	client_close(&c);
	script_free(c.script);
}

static int
refuse(void *arg, const struct net_answer *answer, struct err *err)
{
	(void)arg;
	(void)answer;
	return err_set(err, EXIT_INVALID, "not what was asked for");
}

static void
a_done_function_that_fails_ends_everything(void **state)
{
	struct net_request request;
	struct client c;

	(void)state;
	client_open(&c, NULL, NULL, client_options());
	request = client_request(&c, "/x");
	request.done = refuse;
	net_submit(c.net, &request);
	client_submit(&c, "/never");
	client_fails(&c, EXIT_INVALID, "not what was asked for");
	memset(&c.err, 0, sizeof(c.err));
	client_run(&c);
	client_close(&c);
	assert_int_equal(c.script->requests, 1);
	assert_int_equal(c.answers, 0);
	script_free(c.script);
}

static void
what_could_change_a_request_is_not_sent(void **state)
{
	static const struct {
		const char *method, *path, *accept, *type;
	} cases[] = {
		{ NULL, "", NULL, NULL },
		{ NULL, "x", NULL, NULL },
		{ NULL, "@evil.example/canary", NULL, NULL },
		{ NULL, "/a b", NULL, NULL },
		{ NULL, "/a\r\nHost: canary", NULL, NULL },
		{ NULL, "/a\nb", NULL, NULL },
		{ NULL, "/\xc3\xa9", NULL, NULL },
		{ NULL, "/a#b", NULL, NULL },
		{ "GET /canary", "/a", NULL, NULL },
		{ "", "/a", NULL, NULL },
		{ NULL, "/a", "x\r\nCanary: 1", NULL },
		{ NULL, "/a", NULL, "x\ncanary" },
	};
	struct net_request request;
	struct client c;
	size_t i;

	(void)state;
	client_open(&c, NULL, NULL, client_options());
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		request = client_request(&c, cases[i].path);
		request.method = cases[i].method;
		request.accept = cases[i].accept;
		request.content_type = cases[i].type;
		memset(&c.err, 0, sizeof(c.err));
		net_submit(c.net, &request);
		client_fails(&c, EXIT_SOURCE, "was not sent");
	}
	client_close(&c);
	assert_int_equal(c.script->requests, 0);
	script_free(c.script);
}

static void
options_that_cannot_be_used_are_refused(void **state)
{
	static const struct {
		unsigned at_once, tries;
		const char *url, *ca_file, *text;
	} cases[] = {
		{ 0, 1, "https://a.example", NULL, "not 0" },
		{ 5, 1, "https://a.example", NULL, "not 5" },
		{ 1, 0, "https://a.example", NULL, "not 0" },
		{ 1, 11, "https://a.example", NULL, "not 11" },
		{ 1, 1, "http://a.example", NULL, "[source] url" },
		{ 1, 1, "https://a.example", "/no/such.pem", "/no/such.pem" },
	};
	struct net_options options = client_options();
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		options.at_once = cases[i].at_once;
		options.tries = cases[i].tries;
		options.url = cases[i].url;
		options.ca_file = cases[i].ca_file;
		assert_null(net_open(&options, &err));
		assert_int_equal(err.code, EXIT_SETTINGS);
		assert_non_null(strstr(err.msg, cases[i].text));
	}
}

static bool
raise_and_wait(struct script *script, int fd, unsigned nth)
{
	(void)script;
	(void)nth;
	kill(getpid(), SIGINT);
	return script_silence(fd);
}

/* In a process of its own, for a signal once caught stays so. */
static void
a_signal_ends_what_goes_on(void **state)
{
	struct client c;
	int status;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		interrupt_install();
		client_open(&c, raise_and_wait, NULL, client_options());
		client_submit(&c, "/x");
		if (net_run(c.net, &c.err) != -1)
			_exit(1);
		client_close(&c);
		script_free(c.script);
		_exit((int)c.err.code);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_SIGINT);
}

static void
closing_cancels_what_was_never_run(void **state)
{
	struct client c;

	(void)state;
	client_open(&c, NULL, NULL, client_options());
	client_submit(&c, "/x");
	client_close(&c);
	net_close(NULL);
	assert_int_equal(c.script->requests, 0);
	assert_int_equal(c.answers, 0);
	assert_non_null(strstr(net_library(), "libcurl/"));
	script_free(c.script);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_carries_the_token_and_no_cookie),
		cmocka_unit_test(
		    an_answer_brings_its_body_and_what_its_header_says),
		cmocka_unit_test(identity_is_the_token_or_basic_or_none),
		cmocka_unit_test(a_file_is_sent_from_its_start_on_each_try),
		cmocka_unit_test(as_many_requests_go_on_as_allowed_and_no_more),
		cmocka_unit_test(requests_start_an_interval_apart),
		cmocka_unit_test(a_hold_keeps_every_request_back),
		cmocka_unit_test(a_done_function_may_fetch_and_submit),
		cmocka_unit_test(fetch_brings_the_answer_itself),
		cmocka_unit_test(a_done_function_that_fails_ends_everything),
		cmocka_unit_test(what_could_change_a_request_is_not_sent),
		cmocka_unit_test(options_that_cannot_be_used_are_refused),
		cmocka_unit_test(a_signal_ends_what_goes_on),
		cmocka_unit_test(closing_cancels_what_was_never_run),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
