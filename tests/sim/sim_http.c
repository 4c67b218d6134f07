#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "sim_body.h"
#include "sim_file.h"
#include "sim_http.h"
#include "sim_record.h"
#include "sim_script.h"

#define CONNECTION_MEMORY ((size_t)1 << 20) /* a header bomb fits */
#define BODY_MAX ((size_t)1 << 20)
#define LONGEST_WAIT_MS 250 /* until a signal is seen at the latest */
#define PROMISED 4096	    /* bytes that a cut body lacks */

/* One request and its answer. */
struct exchange {
	struct http *http;
	struct exchange *next; /* of those that sleep */
	struct MHD_Connection *connection;
	struct sim_request request;
	struct sim_answer answer;
	struct sim_body *body;
	struct sim_entry entry;
	bool headed, delayed, dripped, asleep;
	int64_t wakes_ms;
};

struct http {
	struct sim_server *server;
	struct MHD_Daemon *daemon;
	struct exchange *sleepers;
	uint64_t sequence;
	unsigned in_flight;
};

/* A signal handler can reach nothing else. */
static volatile sig_atomic_t stopped;

int64_t
sim_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
stop(int number)
{
	(void)number;
	stopped = 1;
}

static void
sleep_for(struct exchange *exchange, unsigned ms)
{
	exchange->wakes_ms = sim_now_ms() + ms;
	exchange->asleep = true;
	exchange->next = exchange->http->sleepers;
	exchange->http->sleepers = exchange;
	MHD_suspend_connection(exchange->connection);
}

/* Wakes who slept long enough; returns how long the next one still sleeps. */
static int64_t
wake_sleepers(struct http *http)
{
	struct exchange **at, *exchange;
	int64_t now, wait;

	now = sim_now_ms();
	wait = LONGEST_WAIT_MS;
	for (at = &http->sleepers; (exchange = *at) != NULL;) {
		if (exchange->wakes_ms <= now) {
			*at = exchange->next;
			exchange->asleep = false;
			MHD_resume_connection(exchange->connection);
			wait = 0;
			continue;
		}
		if (exchange->wakes_ms - now < wait)
			wait = exchange->wakes_ms - now;
		at = &exchange->next;
	}
	return wait;
}

/* Ends a connection with a reset, whatever TLS would say goodbye with. */
static void
reset(struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info;
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	info = MHD_get_connection_info(
	    exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info != NULL)
		connect(info->connect_fd, &none, sizeof(none));
}

/* How many bytes may go out before the script ends the body. */
static size_t
room_before_end(const struct exchange *exchange, size_t max)
{
	const struct sim_effect *effect = &exchange->request.effect;
	size_t sent, end;

	sent = exchange->entry.sent;
	end = SIZE_MAX;
	if (effect->cut != SIM_WHOLE)
		end = effect->cut_at;
	if (effect->reset && effect->reset_at < end)
		end = effect->reset_at;
	return end - sent < max ? end - sent : max;
}

static ssize_t
read_body(void *arg, uint64_t position, char *to, size_t max)
{
	struct exchange *exchange = arg;
	const struct sim_effect *effect = &exchange->request.effect;
	size_t n;

	(void)position;
	max = room_before_end(exchange, max);
	if (max == 0) {
		if (effect->reset)
			reset(exchange);
		return effect->cut == SIM_CUT_CLOSE ?
		    MHD_CONTENT_READER_END_OF_STREAM :
		    MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (effect->drip_bytes > 0) {
		exchange->dripped = !exchange->dripped;
		if (!exchange->dripped) {
			sleep_for(exchange, effect->drip_ms);
			return 0;
		}
		if (max > effect->drip_bytes)
			max = effect->drip_bytes;
	}
	n = sim_body_take(exchange->body, to, max);
	exchange->entry.sent += n;
	if (n > 0)
		return (ssize_t)n;
	return effect->cut == SIM_CUT_LENGTH ?
	    MHD_CONTENT_READER_END_WITH_ERROR :
	    MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *
make_response(struct exchange *exchange)
{
	const struct sim_effect *effect = &exchange->request.effect;
	struct MHD_Response *response;
	uint64_t size;
	size_t length;

	size = MHD_SIZE_UNKNOWN;
	if (effect->cut == SIM_WHOLE || effect->cut == SIM_CUT_LENGTH) {
		if (sim_body_length(exchange->body, &length))
			size = length;
	}
	if (effect->cut == SIM_CUT_LENGTH &&
	    (size == MHD_SIZE_UNKNOWN || size <= effect->cut_at))
		size = effect->cut_at + PROMISED;
	response = MHD_create_response_from_callback(
	    size, PROMISED * 16, read_body, exchange, NULL);
	if (effect->cut == SIM_CUT_CLOSE)
		MHD_set_response_options(
		    response, MHD_RF_HTTP_1_0_SERVER, MHD_RO_END);
	return response;
}

static void
add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (MHD_add_response_header(response, name, value) != MHD_YES)
		fprintf(stderr, "the header %s was refused\n", name);
}

static void
add_bomb(struct MHD_Response *response, const struct sim_effect *effect)
{
	char *value;
	char name[32];
	size_t i;

	value = mem_alloc(effect->bomb_header_bytes + 1);
	memset(value, 'x', effect->bomb_header_bytes);
	value[effect->bomb_header_bytes] = '\0';
	for (i = 0; i < effect->bomb_headers; i++) {
		snprintf(name, sizeof(name), "X-Bomb-%zu", i);
		add_header(response, name, value);
	}
	free(value);
}

static bool
wants_gzip(const struct exchange *exchange)
{
	return exchange->http->server->options.gzip > 0 &&
	    strstr(exchange->request.accept_encoding, "gzip") != NULL;
}

static enum MHD_Result
send_answer(struct exchange *exchange)
{
	const struct sim_effect *effect = &exchange->request.effect;
	const struct sim_answer *answer = &exchange->answer;
	struct MHD_Response *response;
	enum MHD_Result result;
	size_t i;
	int level;

	level = wants_gzip(exchange) ? exchange->http->server->options.gzip : 0;
	if (effect->gzip_bomb > 0)
		level = 6;
	exchange->body = sim_body_new(&exchange->answer, effect, level);
	response = make_response(exchange);
	if (effect->type.len > 0)
		add_header(response, "Content-Type", effect->type.bytes);
	else if (answer->type != NULL)
		add_header(response, "Content-Type", answer->type);
	if (level > 0)
		add_header(response, "Content-Encoding", "gzip");
	for (i = 0; i < answer->nheaders; i++)
		add_header(response, answer->headers[i].name,
		    answer->headers[i].value);
	for (i = 0; i < effect->nheaders; i++)
		add_header(response, effect->header_names[i].bytes,
		    effect->header_values[i].bytes);
	if (effect->bomb_headers > 0)
		add_bomb(response, effect);
	exchange->entry.status = answer->status;
	result = MHD_queue_response(
	    exchange->connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
respond(struct exchange *exchange)
{
	struct sim_server *server = exchange->http->server;
	struct sim_effect *effect = &exchange->request.effect;

	if (!exchange->delayed) {
		exchange->delayed = true;
		sim_script_apply(server, &exchange->request);
		if (effect->delay_ms > 0) {
			sleep_for(exchange, effect->delay_ms);
			return MHD_YES;
		}
	}
	if (effect->reset && effect->reset_at == 0)
		reset(exchange);
	if (effect->no_answer || (effect->reset && effect->reset_at == 0))
		return MHD_NO;
	server->product->answer(server, &exchange->request, &exchange->answer,
	    &exchange->entry.auth_right);
	sim_script_answer(server, effect, &exchange->answer);
	return send_answer(exchange);
}

static char *
header_of(struct MHD_Connection *connection, const char *name)
{
	const char *value;

	value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
	return mem_strdup(value == NULL ? "" : value);
}

static void *
begin(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct http *http = arg;
	struct exchange *exchange;

	exchange = mem_zalloc(1, sizeof(*exchange));
	exchange->http = http;
	exchange->connection = connection;
	sim_request_init(&exchange->request, "", uri);
	exchange->entry = (struct sim_entry){ .sequence = ++http->sequence,
		.start_ms = sim_now_ms(),
		.in_flight = ++http->in_flight };
	return exchange;
}

static enum MHD_Result
handle(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *bytes, size_t *len,
    void **context)
{
	struct exchange *exchange = *context;
	struct sim_request *request = &exchange->request;

	(void)arg;
	(void)url;
	(void)version;
	if (!exchange->headed) {
		exchange->headed = true;
		free(request->method);
		request->method = mem_strdup(method);
		request->authorization = header_of(connection, "Authorization");
		request->host = header_of(connection, "Host");
		request->accept = header_of(connection, "Accept");
		request->accept_encoding = header_of(
		    connection, "Accept-Encoding");
		request->content_type = header_of(connection, "Content-Type");
		return MHD_YES;
	}
	if (*len > 0) {
		if (request->body.len + *len > BODY_MAX)
			return MHD_NO;
		buf_add(&request->body, bytes, *len);
		*len = 0;
		return MHD_YES;
	}
	return respond(exchange);
}

static void
end(void *arg, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct http *http = arg;
	struct exchange *exchange = *context, **at;

	(void)connection;
	(void)code;
	if (exchange == NULL)
		return;
	for (at = &http->sleepers; exchange->asleep && *at != NULL;) {
		if (*at == exchange) {
			*at = exchange->next;
			break;
		}
		at = &(*at)->next;
	}
	http->in_flight--;
	exchange->entry.end_ms = sim_now_ms();
	exchange->entry.request = &exchange->request;
	if (exchange->headed)
		sim_record_put(http->server->record, &exchange->entry);
	sim_body_free(exchange->body);
	sim_answer_free(&exchange->answer);
	sim_request_free(&exchange->request);
	free(exchange);
	*context = NULL;
}

/* Does what libmicrohttpd would do to a text; we decode ourselves. */
static size_t
leave_escaped(void *arg, struct MHD_Connection *connection, char *text)
{
	(void)arg;
	(void)connection;
	return strlen(text);
}

static struct MHD_Daemon *
start(struct http *http, const char *key, const char *cert, struct err *err)
{
	const struct sim_options *options = &http->server->options;
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(options->port) };
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key },
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)cert },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0,
		    (void *)(uintptr_t)options->priorities },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_Daemon *daemon;

	if (options->plain)
		tls[0] = tls[3];
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
		MHD_USE_ERROR_LOG | (options->plain ? 0U : MHD_USE_TLS),
	    options->port, NULL, NULL, handle, http, MHD_OPTION_SOCK_ADDR,
	    &address, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
	    MHD_OPTION_URI_LOG_CALLBACK, begin, http,
	    MHD_OPTION_NOTIFY_COMPLETED, end, http,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_ARRAY,
	    tls, MHD_OPTION_END);
	if (daemon == NULL)
		err_set(err, EXIT_SETTINGS, "the server cannot be started");
	return daemon;
}

static int
write_port(const struct http *http, struct err *err)
{
	const union MHD_DaemonInfo *info;
	char text[16];

	info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
	snprintf(text, sizeof(text), "%u\n", info->port);
	return sim_file_write(http->server->options.port_file, text, err);
}

static void
serve(struct http *http)
{
	struct sigaction action = { .sa_handler = stop };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	while (!stopped)
		MHD_run_wait(http->daemon, (int32_t)wake_sleepers(http));
	/* A connection that sleeps cannot be closed. */
	while (http->sleepers != NULL) {
		http->sleepers->asleep = false;
		MHD_resume_connection(http->sleepers->connection);
		http->sleepers = http->sleepers->next;
	}
	MHD_run_wait(http->daemon, 0);
}

int
sim_http_serve(struct sim_server *server, struct err *err)
{
	struct http http = { .server = server };
	char *key, *cert;
	int rc;

	rc = -1;
	key = cert = NULL;
	if (!server->options.plain &&
	    ((key = sim_file_read(server->options.key_file, err)) == NULL ||
		(cert = sim_file_read(server->options.cert_file, err)) == NULL))
		goto out;
	http.daemon = start(&http, key, cert, err);
	if (http.daemon == NULL)
		goto out;
	rc = write_port(&http, err);
	if (rc == 0)
		serve(&http);
	MHD_stop_daemon(http.daemon);
out:
	free(key);
	free(cert);
	return rc;
}
