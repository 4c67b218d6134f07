#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "net_client.h"

/* The status of the first answer comes from the test; the second is 200. */
static bool
status_then_ok(struct script *script, int fd, unsigned nth)
{
	return script_reply(
	    fd, nth == 0 ? *(const int *)script->arg : 200, "", "canary");
}

static void
statuses_that_may_pass_are_tried_again(void **state)
{
	static const int passing[] = { 408, 425, 429, 500, 501, 502, 503, 504 };
	struct client c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
		client_open(&c, status_then_ok, &passing[i], client_options());
		client_submit(&c, "/x");
		client_run(&c);
		assert_int_equal(net_counts(c.net).retries, 1);
		client_close(&c);
		assert_int_equal(c.script->requests, 2);
		assert_int_equal(c.status[0], 200);
		assert_int_equal(c.last.tries, 2);
		script_free(c.script);
	}
}

static void
all_other_statuses_are_answers(void **state)
{
	static const int lasting[] = { 200, 201, 204, 400, 401, 403, 404, 409,
		410, 413, 422, 505 };
	struct client c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
		client_open(&c, status_then_ok, &lasting[i], client_options());
		client_submit(&c, "/x");
		client_run(&c);
		client_close(&c);
		assert_int_equal(c.script->requests, 1);
		assert_int_equal(c.answers, 1);
		assert_int_equal(c.status[0], lasting[i]);
		script_free(c.script);
	}
}

static bool
always_busy(struct script *script, int fd, unsigned nth)
{
	(void)nth;
	return script_reply(fd, 503, script->arg, "canary");
}

static void
tries_come_to_an_end(void **state)
{
	struct net_options options = client_options();
	struct client c;

	(void)state;
	options.tries = 3;
	client_open(&c, always_busy, "", options);
	client_submit(&c, "/canary");
	client_submit(&c, "/canary");
	client_fails(&c, EXIT_TEMPORARY, "503");
	assert_non_null(strstr(c.err.msg, "tried 3 times"));
	assert_non_null(strstr(c.err.msg, "nothing was published"));
	assert_non_null(strstr(c.err.hint, "later"));
	client_close(&c);
	assert_true(c.script->requests >= 3 && c.script->requests <= 6);
	assert_int_equal(c.answers, 0);
	script_free(c.script);
}

static bool
ask_for_patience(struct script *script, int fd, unsigned nth)
{
	if (nth > 0)
		return script_reply(fd, 200, "", "{}");
	return script_reply(fd, 429, script->arg, "");
}

static void
what_the_server_asks_for_is_waited_by_all(void **state)
{
	static const struct {
		const char *headers;
		unsigned units;
	} cases[] = {
		{ "Retry-After: 20\r\n", 20 },
		{ "Retry-After: 0\r\n", 1 },
		{ "Retry-After: 99999999999999999999\r\n", 300 },
		{ "Date: Tue, 24 Nov 2026 12:00:00 GMT\r\n"
		  "Retry-After: Tue, 24 Nov 2026 12:00:20 GMT\r\n",
		    20 },
		{ "Retry-After: Thu, 24 Nov 2099 12:00:20 GMT\r\n", 300 },
	};
	struct net_options options = client_options();
	struct client c;
	uint64_t began, took;
	size_t i;

	(void)state;
	options.unit_ms = 1;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		client_open(&c, ask_for_patience, cases[i].headers, options);
		client_submit(&c, "/x");
		client_submit(&c, "/y");
		began = net_pace_now();
		client_run(&c);
		took = net_pace_now() - began;
		client_close(&c);
		assert_true(took >= (uint64_t)cases[i].units);
		assert_true(took < (uint64_t)cases[i].units + 1000);
		assert_int_equal(c.script->requests, 3);
		assert_int_equal(c.answers, 2);
		assert_true(c.script->seen[1].at - c.script->seen[0].at >=
		    cases[i].units);
		script_free(c.script);
	}
}

static void
the_budget_ends_waiting_before_it_begins(void **state)
{
	struct net_options options = client_options();
	struct client c;
	uint64_t began;

	(void)state;
	options.unit_ms = 1000;
	options.budget_s = 60;
	client_open(&c, always_busy, "Retry-After: 300\r\n", options);
	client_submit(&c, "/x");
	began = net_pace_now();
	client_fails(&c, EXIT_TEMPORARY, "used up");
	assert_true(net_pace_now() - began < 30000);
	client_close(&c);
	assert_int_equal(c.script->requests, 1);
	script_free(c.script);
}

static bool
stay_silent(struct script *script, int fd, unsigned nth)
{
	(void)script;
	(void)nth;
	return script_silence(fd);
}

static void
the_budget_ends_what_goes_on(void **state)
{
	struct net_options options = client_options();
	struct client c;

	(void)state;
	options.budget_s = 1500; /* 1.5 s: the request has to arrive */
	client_open(&c, stay_silent, NULL, options);
	client_submit(&c, "/x");
	client_fails(&c, EXIT_TEMPORARY, "used up");
	memset(&c.err, 0, sizeof(c.err));
	client_submit(&c, "/x");
	client_fails(&c, EXIT_TEMPORARY, "used up");
	client_close(&c);
	assert_int_equal(c.script->requests, 1);
	script_free(c.script);
}

/* The ways in which a connection breaks off, all on the first request. */
enum breaks {
	BREAK_RESET,
	BREAK_NOTHING,
	BREAK_HEADER,
	BREAK_LENGTH,
	BREAK_CHUNK,
	BREAK_RESET_IN_BODY,
	BREAK_GZIP,
	BREAKS
};

static bool
break_off(struct script *script, int fd, unsigned nth)
{
	if (nth > 0)
		return script_reply(fd, 200, "", "whole");
	switch (*(const enum breaks *)script->arg) {
	case BREAK_RESET:
		return script_reset(fd);
	case BREAK_HEADER:
		script_say(fd, "HTTP/1.1 200 OK\r\nContent-");
		break;
	case BREAK_LENGTH:
		script_say(
		    fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbrok");
		break;
	case BREAK_CHUNK:
		script_say(fd,
		    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "4\r\nbrok\r\n");
		break;
	case BREAK_RESET_IN_BODY:
		script_say(
		    fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbrok");
		return script_reset(fd);
	case BREAK_GZIP:
		script_say(fd,
		    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
		    "Content-Length: 8\r\n\r\nnot gzip");
		break;
	default:
		break;
	}
	return false;
}

static void
what_breaks_off_is_tried_again_from_its_start(void **state)
{
	struct net_request request;
	struct client c;
	enum breaks how;

	(void)state;
	for (how = 0; how < BREAKS; how++) {
		client_open(&c, break_off, &how, client_options());
		request = client_request(&c, "/x");
		request.begin = client_begin;
		request.piece = client_piece;
		net_submit(c.net, &request);
		client_run(&c);
		client_close(&c);
		assert_int_equal(c.script->requests, 2);
		assert_int_equal(c.streamed_len, 5);
		assert_memory_equal(c.streamed, "whole", 5);
		assert_int_equal(c.last.len, 0);
		script_free(c.script);
	}
}

static bool
cut_without_length(struct script *script, int fd, unsigned nth)
{
	(void)script;
	(void)nth;
	script_say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a\":");
	return false;
}

static void
a_body_cut_where_no_length_is_given_reaches_its_reader(void **state)
{
	struct client c;

	(void)state;
	client_open(&c, cut_without_length, NULL, client_options());
	client_submit(&c, "/x");
	client_run(&c);
	client_close(&c);
	assert_int_equal(c.status[0], 200);
	assert_string_equal(c.text, "{\"a\":");
	script_free(c.script);
}

static bool
nothing_then_missing(struct script *script, int fd, unsigned nth)
{
	(void)script;
	return script_reply(
	    fd, nth == 0 ? 200 : 404, "", nth == 0 ? "" : "not here");
}

static void
only_bodies_of_status_200_are_streamed(void **state)
{
	struct net_request request;
	struct client c;

	(void)state;
	client_open(&c, nothing_then_missing, NULL, client_options());
	request = client_request(&c, "/x");
	request.begin = client_begin;
	request.piece = client_piece;
	net_submit(c.net, &request);
	client_run(&c);
	assert_int_equal(c.begins, 1);
	net_submit(c.net, &request);
	client_run(&c);
	client_close(&c);
	assert_int_equal(c.begins, 1);
	assert_int_equal(c.streamed_len, 0);
	assert_string_equal(c.text, "not here");
	script_free(c.script);
}

static int
fail_to_begin(void *arg, struct err *err)
{
	(void)arg;
	return err_set(err, EXIT_IO, "no room for it");
}

static void
a_reader_that_fails_ends_everything(void **state)
{
	struct net_request request;
	struct client c;

	(void)state;
	client_open(&c, NULL, NULL, client_options());
	request = client_request(&c, "/x");
	request.begin = fail_to_begin;
	request.piece = client_piece;
	net_submit(c.net, &request);
	client_fails(&c, EXIT_IO, "no room for it");
	client_close(&c);
	assert_int_equal(c.script->requests, 1);
	script_free(c.script);
}

static void
what_must_not_be_sent_twice_is_not(void **state)
{
	static const enum breaks ways[] = { BREAK_RESET, BREAK_NOTHING,
		BREAK_HEADER, BREAK_LENGTH };
	struct net_request request;
	struct client c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		client_open(&c, break_off, &ways[i], client_options());
		request = client_request(&c, "/sis_imports");
		request.method = "POST";
		request.body = "canary";
		request.body_len = 6;
		request.once = true;
		net_submit(c.net, &request);
		client_fails(&c, EXIT_TEMPORARY, "may have been done");
		assert_null(strstr(c.err.msg, "nothing was published"));
		assert_non_null(strstr(c.err.hint, "before you run again"));
		client_close(&c);
		assert_int_equal(c.script->requests, 1);
		script_free(c.script);
	}
}

/* A kept connection that dies with the second request on it. */
static bool
die_when_used_again(struct script *script, int fd, unsigned nth)
{
	if (nth == 0)
		return script_reply(fd, 200, "", "{}");
	return script->seen[nth].connection != 0 ?
	    script_reply(fd, 200, "", "{}") :
	    false;
}

static void
what_must_not_be_sent_twice_has_a_new_connection(void **state)
{
	struct net_request request;
	struct client c;

	(void)state;
	client_open(&c, die_when_used_again, NULL, client_options());
	client_submit(&c, "/x");
	client_run(&c);
	request = client_request(&c, "/sis_imports");
	request.method = "POST";
	request.once = true;
	net_submit(c.net, &request);
	client_run(&c);
	client_close(&c);
	assert_int_equal(c.script->requests, 2);
	assert_int_equal(c.script->seen[1].connection, 1);
	assert_int_equal(c.answers, 2);
	script_free(c.script);
}

static void
a_status_for_what_must_not_be_sent_twice_is_its_answer(void **state)
{
	struct net_request request;
	struct client c;

	(void)state;
	client_open(&c, always_busy, "", client_options());
	request = client_request(&c, "/sis_imports");
	request.method = "POST";
	request.once = true;
	net_submit(c.net, &request);
	client_run(&c);
	client_close(&c);
	assert_int_equal(c.script->requests, 1);
	assert_int_equal(c.status[0], 503);
	script_free(c.script);
}

static void
a_port_where_nobody_listens_is_tried_again(void **state)
{
	struct net_options options = client_options();
	struct net_request request = { .path = "/x", .once = true };
	struct net_answer answer;
	struct script *script;
	struct err err = { 0 };
	struct net *net;
	char url[64];

	(void)state;
	script = script_start(NULL, NULL);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", script->port);
	script_stop(script);
	script_free(script);
	options.url = url;
	options.tries = 3;
	net = net_open(&options, &err);
	assert_non_null(net);
	assert_int_equal(net_fetch(net, &request, &answer, &err), -1);
	assert_int_equal(err.code, EXIT_TEMPORARY);
	assert_non_null(strstr(err.msg, "Connection refused"));
	assert_non_null(strstr(err.msg, net_host(net)));
	assert_null(strstr(err.msg, "may have been done"));
	assert_int_equal(net_counts(net).requests, 3);
	net_close(net);
}

static bool
redirect(struct script *script, int fd, unsigned nth)
{
	(void)nth;
	return script_reply(fd, 302, script->arg, "<a>canary</a>");
}

static void
redirects_are_told_and_not_followed(void **state)
{
	static const struct {
		const char *header, *says;
	} cases[] = {
		{ "Location: https://new.example:8443/p?canary=1#f\r\n",
		    "server moved to https://new.example:8443 (HTTP" },
		{ "Location: https://u:canary@new.example/p\r\n",
		    "server moved to https://new.example (HTTP" },
		{ "Location: /public/canary\r\n", "another page of its own" },
		{ "Location: file:///etc/canary\r\n", "does not name" },
		{ "Location: ftp://canary.example/\r\n", "does not name" },
		{ "", "does not name" },
	};
	struct client c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		client_open(&c, redirect, cases[i].header, client_options());
		client_submit(&c, "/x");
		client_fails(&c, EXIT_SOURCE, cases[i].says);
		assert_non_null(strstr(c.err.hint, "[source] url"));
		client_close(&c);
		assert_int_equal(c.script->requests, 1);
		assert_int_equal(c.answers, 0);
		script_free(c.script);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses_that_may_pass_are_tried_again),
		cmocka_unit_test(all_other_statuses_are_answers),
		cmocka_unit_test(tries_come_to_an_end),
		cmocka_unit_test(what_the_server_asks_for_is_waited_by_all),
		cmocka_unit_test(the_budget_ends_waiting_before_it_begins),
		cmocka_unit_test(the_budget_ends_what_goes_on),
		cmocka_unit_test(what_breaks_off_is_tried_again_from_its_start),
		cmocka_unit_test(
		    a_body_cut_where_no_length_is_given_reaches_its_reader),
		cmocka_unit_test(only_bodies_of_status_200_are_streamed),
		cmocka_unit_test(a_reader_that_fails_ends_everything),
		cmocka_unit_test(what_must_not_be_sent_twice_is_not),
		cmocka_unit_test(
		    what_must_not_be_sent_twice_has_a_new_connection),
		cmocka_unit_test(
		    a_status_for_what_must_not_be_sent_twice_is_its_answer),
		cmocka_unit_test(a_port_where_nobody_listens_is_tried_again),
		cmocka_unit_test(redirects_are_told_and_not_followed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
