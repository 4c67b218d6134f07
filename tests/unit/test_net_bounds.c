#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <cmocka.h>

#include "base/log.h"
#include "net_client.h"

#define BOUND 100000 /* bytes of an answer */

/* The ways to send more than is wanted. */
enum too_much { MUCH_LENGTH, MUCH_CHUNKS, MUCH_ENDLESS, MUCH_GZIP, MUCHES };

static void
send_zeros(int fd, size_t len)
{
	static const char zeros[16384];

	for (; len > sizeof(zeros); len -= sizeof(zeros))
		script_send(fd, zeros, sizeof(zeros));
	script_send(fd, zeros, len);
}

/* len zeros, packed by gzip and sent. */
static void
send_gzip(int fd, size_t len)
{
	static unsigned char zeros[1 << 20], packed[1 << 16];
	z_stream z = { 0 };

	assert_int_equal(
	    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
	    Z_OK);
	z.next_out = packed;
	z.avail_out = sizeof(packed);
	while (len > 0) {
		z.next_in = zeros;
		z.avail_in = (uInt)(len < sizeof(zeros) ? len : sizeof(zeros));
		len -= z.avail_in;
		assert_int_equal(deflate(&z, len == 0 ? Z_FINISH : Z_NO_FLUSH),
		    len == 0 ? Z_STREAM_END : Z_OK);
		assert_int_equal(z.avail_in, 0);
	}
	script_say(fd,
	    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
	    "Content-Length: %lu\r\n\r\n",
	    z.total_out);
	script_send(fd, (const char *)packed, z.total_out);
	deflateEnd(&z);
}

static bool
send_too_much(struct script *script, int fd, unsigned nth)
{
	(void)nth;
	switch (*(const enum too_much *)script->arg) {
	case MUCH_LENGTH:
		script_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
		    BOUND + 1);
		send_zeros(fd, BOUND + 1);
		break;
	case MUCH_CHUNKS:
		script_say(fd,
		    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "%x\r\n",
		    BOUND + 1);
		send_zeros(fd, BOUND + 1);
		script_say(fd, "\r\n0\r\n\r\n");
		break;
	case MUCH_ENDLESS:
		script_say(fd, "HTTP/1.1 200 OK\r\n\r\n");
		send_zeros(fd, 64 * BOUND);
		break;
	default:
		send_gzip(fd, (size_t)8 << 20);
	}
	return false;
}

static int
take_begin(void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	return 0;
}

static int
take_piece(void *arg, const char *bytes, size_t len, struct err *err)
{
	(void)arg;
	(void)bytes;
	(void)len;
	(void)err;
	return 0;
}

static void
an_answer_is_bounded_after_decoding(void **state)
{
	struct net_request request;
	struct client c;
	enum too_much how;
	int streamed;

	(void)state;
	for (how = 0; how < MUCHES; how++) {
		for (streamed = 0; streamed < 2; streamed++) {
			client_open(&c, send_too_much, &how, client_options());
			request = client_request(&c, "/x");
			request.max_bytes = BOUND;
			request.begin = streamed ? take_begin : NULL;
			request.piece = streamed ? take_piece : NULL;
			net_submit(c.net, &request);
			client_fails(
			    &c, EXIT_SOURCE, "larger than 100000 bytes");
			assert_true(net_counts(c.net).bytes <= BOUND);
			client_close(&c);
			assert_int_equal(c.script->requests, 1);
			assert_int_equal(c.answers, 0);
			script_free(c.script);
		}
	}
}

static bool
send_packed(struct script *script, int fd, unsigned nth)
{
	(void)script;
	(void)nth;
	send_gzip(fd, BOUND);
	return true;
}

static void
a_packed_answer_of_the_allowed_size_is_unpacked(void **state)
{
	struct net_request request;
	struct client c;

	(void)state;
	client_open(&c, send_packed, NULL, client_options());
	request = client_request(&c, "/x");
	request.max_bytes = BOUND;
	net_submit(c.net, &request);
	client_run(&c);
	assert_int_equal(net_counts(c.net).bytes, BOUND);
	client_close(&c);
	assert_int_equal(c.last.len, BOUND);
	script_free(c.script);
}

static bool
send_header(struct script *script, int fd, unsigned nth)
{
	const bool lines = *(const bool *)script->arg;
	unsigned i;

	(void)nth;
	script_say(fd, "HTTP/1.1 200 OK\r\nX-Canary: ");
	for (i = 0; i < 4000; i++)
		script_say(fd,
		    "canary canary canary canary canary canary canary"
		    " canary canary canary%s",
		    lines ? "\r\nX-Canary: " : " ");
	script_say(fd, "\r\nContent-Length: 0\r\n\r\n");
	return false;
}

static void
a_header_is_bounded(void **state)
{
	static const bool many_lines[] = { true, false };
	struct client c;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		client_open(&c, send_header, &many_lines[i], client_options());
		client_submit(&c, "/x");
		client_fails(&c, EXIT_SOURCE, "the header of an answer is");
		client_close(&c);
		assert_int_equal(c.script->requests, 1);
		script_free(c.script);
	}
}

/* One byte after the other, for as long as the client listens. */
static bool
drip(struct script *script, int fd, unsigned nth)
{
	struct pollfd gone = { .fd = fd, .events = POLLIN };

	(void)nth;
	script_say(fd, "HTTP/1.1 200 OK\r\n%s",
	    script->arg == NULL ? "Content-Length: 99999\r\n\r\n" : "X: ");
	while (poll(&gone, 1, 20) == 0)
		script_send(fd, "x", 1);
	return false;
}

static void
a_dripping_server_runs_out_of_time(void **state)
{
	struct net_options options = client_options();
	struct client c;
	int in_header;

	(void)state;
	options.timeout_s = 100;
	options.tries = 2;
	for (in_header = 0; in_header < 2; in_header++) {
		client_open(&c, drip, in_header ? "" : NULL, options);
		client_submit(&c, "/x");
		client_fails(&c, EXIT_TEMPORARY, "in time; tried 2 times");
		client_close(&c);
		assert_int_equal(c.script->requests, 2);
		script_free(c.script);
	}
}

static bool
stay_silent(struct script *script, int fd, unsigned nth)
{
	(void)script;
	(void)nth;
	return script_silence(fd);
}

static void
a_silent_server_runs_out_of_time_sooner(void **state)
{
	struct net_options options = client_options();
	struct client c;
	uint64_t began;

	(void)state;
	options.quiet_s = 250;	  /* one second */
	options.timeout_s = 5000; /* twenty */
	options.tries = 1;
	client_open(&c, stay_silent, NULL, options);
	client_submit(&c, "/x");
	began = net_pace_now();
	client_fails(&c, EXIT_TEMPORARY, "in time");
	assert_true(net_pace_now() - began < 15000);
	client_close(&c);
	assert_int_equal(c.script->requests, 1);
	script_free(c.script);
}

static bool
speak_ssh(struct script *script, int fd, unsigned nth)
{
	(void)script;
	(void)nth;
	script_say(fd, "SSH-2.0-OpenSSH_9.2\r\n");
	return false;
}

static void
what_is_not_http_is_told_so(void **state)
{
	struct client c;

	(void)state;
	client_open(&c, speak_ssh, NULL, client_options());
	client_submit(&c, "/x");
	client_fails(&c, EXIT_SOURCE, "does not answer in HTTP");
	client_close(&c);
	assert_int_equal(c.script->requests, 1);
	script_free(c.script);
}

static bool
refuse_connect(struct script *script, int fd, unsigned nth)
{
	(void)nth;
	return script_reply(fd, *(const int *)script->arg, "", "");
}

/* Asks https://sis.example.org/x through the proxy of a script. */
static void
ask_through(struct script *script, bool by_environment, struct err *err)
{
	struct net_options options = client_options();
	const struct net_request request = { .path = "/x" };
	struct net_answer answer;
	struct net *net;
	char proxy[96];

	memset(err, 0, sizeof(*err));
	snprintf(proxy, sizeof(proxy), "http://%s127.0.0.1:%u",
	    by_environment ? "canary:canary@" : "", script->port);
	options.url = "https://sis.example.org";
	options.tries = 2;
	if (by_environment)
		setenv("https_proxy", proxy, 1);
	else
		options.proxy = proxy;
	net = net_open(&options, err);
	assert_non_null(net);
	net_set_token(net, TOKEN);
	assert_int_equal(net_fetch(net, &request, &answer, err), -1);
	net_close(net);
	unsetenv("https_proxy");
	assert_discreet(err);
}

static void
a_proxy_is_named_and_never_gets_the_token(void **state)
{
	static const struct {
		int status;
		enum exit_code code;
		unsigned requests;
	} cases[] = {
		{ 403, EXIT_SOURCE, 1 },
		{ 407, EXIT_SOURCE, 1 },
		{ 502, EXIT_TEMPORARY, 2 },
	};
	struct script *script;
	char named[64];
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		script = script_start(refuse_connect, &cases[i / 2].status);
		snprintf(named, sizeof(named),
		    "sis.example.org via proxy 127.0.0.1:%u:", script->port);
		ask_through(script, i % 2 == 1, &err);
		script_stop(script);
		assert_int_equal(err.code, cases[i / 2].code);
		assert_non_null(strstr(err.msg, named));
		assert_int_equal(script->requests, cases[i / 2].requests);
		assert_memory_equal(script->seen[0].head,
		    "CONNECT sis.example.org:443 HTTP/1.1\r\n", 38);
		assert_null(strstr(script->seen[0].head, TOKEN));
		assert_null(strstr(script->seen[0].head, "\nAuthorization"));
		script_free(script);
	}
}

static void
the_proxy_of_the_environment_can_be_turned_off(void **state)
{
	struct net_options options = client_options();
	struct script *proxy;
	struct client c;
	char value[64];

	(void)state;
	proxy = script_start(NULL, NULL);
	snprintf(value, sizeof(value), "http://127.0.0.1:%u", proxy->port);
	setenv("https_proxy", value, 1);
	setenv("http_proxy", value, 1);
	options.proxy = "none"; /* client_open() makes it https:// */
	options.tries = 1;
	client_open(&c, speak_ssh, NULL, options);
	client_submit(&c, "/x");
	assert_int_equal(net_run(c.net, &c.err), -1);
	assert_null(strstr(c.err.msg, "proxy"));
	client_close(&c);
	script_free(c.script);
	options.proxy = NULL; /* http:// to this computer has none anyway */
	client_open(&c, NULL, NULL, options);
	client_submit(&c, "/x");
	client_run(&c);
	client_close(&c);
	script_free(c.script);
	unsetenv("https_proxy");
	unsetenv("http_proxy");
	script_stop(proxy);
	assert_int_equal(proxy->connections, 0);
	script_free(proxy);
}

static bool
always_busy(struct script *script, int fd, unsigned nth)
{
	(void)script;
	(void)nth;
	return script_reply(
	    fd, 503, "X-Canary: canary-header\r\n", "canary-body");
}

static void
the_log_holds_no_secret(void **state)
{
	struct net_request request;
	struct client c;
	char log[4096] = "";
	int saved = dup(2);
	FILE *file;

	(void)state;
	file = tmpfile();
	assert_non_null(file);
	client_open(&c, always_busy, NULL, client_options());
	request = client_request(&c, "/x?canary=1");
	request.basic_user = CLIENT_ID;
	request.basic_secret = CLIENT_SECRET;
	net_submit(c.net, &request);
	assert_int_equal(dup2(fileno(file), 2), 2);
	log_open(LOG_DEBUG);
	(void)net_run(c.net, &c.err);
	log_error(&c.err);
	assert_int_equal(dup2(saved, 2), 2);
	close(saved);
	client_close(&c);
	rewind(file);
	assert_true(fread(log, 1, sizeof(log) - 1, file) > 0);
	fclose(file);
	assert_non_null(strstr(log, "try 2 of 5 follows"));
	assert_null(strstr(log, "canary"));
	assert_null(strstr(log, "Authorization"));
	assert_discreet(&c.err);
	script_free(c.script);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_bounded_after_decoding),
		cmocka_unit_test(
		    a_packed_answer_of_the_allowed_size_is_unpacked),
		cmocka_unit_test(a_header_is_bounded),
		cmocka_unit_test(a_dripping_server_runs_out_of_time),
		cmocka_unit_test(a_silent_server_runs_out_of_time_sooner),
		cmocka_unit_test(what_is_not_http_is_told_so),
		cmocka_unit_test(a_proxy_is_named_and_never_gets_the_token),
		cmocka_unit_test(
		    the_proxy_of_the_environment_can_be_turned_off),
		cmocka_unit_test(the_log_holds_no_secret),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
