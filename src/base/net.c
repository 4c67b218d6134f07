#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/date.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/net.h"
#include "base/net_fault.h"
#include "base/net_job.h"
#include "base/net_pace.h"
#include "base/net_url.h"

#define CONNECT_S 15
#define QUIET_S 30
#define QUIET_BYTES 100L /* per second */
#define TIMEOUT_S 300
#define BUDGET_S 7200
#define UNIT_MS 1000
#define LOOK_MS 250 /* how late an interrupt may be noticed */
#define SKEW_S 3600 /* a clock so far off is worth a word */

/* Requests that are driven together. */
struct lane {
	CURLM *multi;
	struct net_job *waiting, **last;
	struct net_job *running;
};

struct net {
	struct net_options options; /* its strings are net's own */
	struct net_url url;
	char *proxy; /* for messages */
	char *token;
	struct net_pace pace;
	struct lane main, side; /* side: net_fetch() */
	unsigned running;	/* in both */
	struct net_job *fetched;
	struct net_certificate certificate;
	struct net_counts counts;
	int64_t skew; /* the server's clock minus ours, seconds */
};

static char *
copy_of(const char *text)
{
	return text == NULL ? NULL : mem_strdup(text);
}

static void
lane_open(struct lane *lane)
{
	lane->multi = curl_multi_init();
	if (lane->multi == NULL)
		mem_alloc(SIZE_MAX / 2);
	lane->last = &lane->waiting;
}

static void
lane_put(struct lane *lane, struct net_job *job)
{
	job->next = NULL;
	*lane->last = job;
	lane->last = &job->next;
}

static void
lane_take(struct lane *lane, struct net_job **at)
{
	struct net_job *job = *at;

	*at = job->next;
	if (lane->last == &job->next)
		lane->last = at;
	job->next = NULL;
}

/* Ends the try of a job that goes on. */
static void
job_stop(struct net *net, struct lane *lane, struct net_job *job)
{
	struct net_job **at;

	for (at = &lane->running; *at != job; at = &(*at)->next)
		;
	*at = job->next;
	job->next = NULL;
	net->running--;
	curl_multi_remove_handle(lane->multi, job->easy);
	curl_easy_cleanup(job->easy);
	curl_slist_free_all(job->headers);
	job->easy = NULL;
	job->headers = NULL;
}

static void
lane_cancel(struct net *net, struct lane *lane)
{
	struct net_job *job;

	while ((job = lane->running) != NULL) {
		job_stop(net, lane, job);
		net_job_free(job);
	}
	while ((job = lane->waiting) != NULL) {
		lane_take(lane, &lane->waiting);
		net_job_free(job);
	}
}

static int
check_options(const struct net_options *options, struct err *err)
{
	if (options->at_once < 1 || options->at_once > 4)
		return err_set(err, EXIT_SETTINGS,
		    "%s: 1 to 4 requests at a time are possible, not %u",
		    options->url_where, options->at_once);
	if (options->tries < 1 || options->tries > 10)
		return err_set(err, EXIT_SETTINGS,
		    "%s: 1 to 10 tries are possible, not %u",
		    options->url_where, options->tries);
	if (options->ca_file != NULL && access(options->ca_file, R_OK) != 0)
		return err_set_errno(err, EXIT_SETTINGS, errno,
		    "%s: the file of certificates cannot be read",
		    options->ca_file);
	return 0;
}

static unsigned
or_default(unsigned value, unsigned otherwise)
{
	return value == 0 ? otherwise : value;
}

static void
copy_options(struct net_options *own, const struct net_options *options)
{
	*own = *options;
	own->url = NULL; /* net->url has it */
	own->url_where = mem_strdup(options->url_where);
	own->ca_file = copy_of(options->ca_file);
	own->proxy = copy_of(options->proxy);
	own->agent = mem_strdup(
	    options->agent == NULL ? "rollbook" : options->agent);
	own->undone = copy_of(options->undone);
	own->timeout_s = or_default(options->timeout_s, TIMEOUT_S);
	own->quiet_s = or_default(options->quiet_s, QUIET_S);
	own->budget_s = or_default(options->budget_s, BUDGET_S);
	own->unit_ms = or_default(options->unit_ms, UNIT_MS);
}

struct net *
net_open(const struct net_options *options, struct err *err)
{
	struct net_url url;
	struct net *net;

	if (check_options(options, err) != 0 ||
	    net_url_parse(&url, options->url, options->url_where, err) != 0)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		mem_alloc(SIZE_MAX / 2);
	net = mem_zalloc(1, sizeof(*net));
	net->url = url;
	copy_options(&net->options, options);
	net->pace.unit_ms = net->options.unit_ms;
	net->pace.interval_ms = net->options.min_interval_ms;
	net->pace.budget_ms = (uint64_t)net->options.budget_s *
	    net->options.unit_ms;
	net->proxy = net_url_proxy(&net->url, net->options.proxy);
	if (net->proxy != NULL)
		log_line(
		    LOG_INFO, "%s via proxy %s", net->url.host, net->proxy);
	lane_open(&net->main);
	lane_open(&net->side);
	return net;
}

void
net_close(struct net *net)
{
	if (net == NULL)
		return;
	lane_cancel(net, &net->main);
	lane_cancel(net, &net->side);
	curl_multi_cleanup(net->main.multi);
	curl_multi_cleanup(net->side.multi);
	net_job_free(net->fetched);
	net_job_wipe(net->token);
	net_url_free(&net->url);
	free(net->proxy);
	free((char *)net->options.url_where);
	free((char *)net->options.ca_file);
	free((char *)net->options.proxy);
	free((char *)net->options.agent);
	free((char *)net->options.undone);
	free(net);
	curl_global_cleanup();
}

void
net_set_token(struct net *net, const char *token)
{
	char *old = net->token;

	net->token = copy_of(token);
	net_job_wipe(old);
}

static void
set_server(struct net *net, CURL *easy)
{
	const struct net_options *options = &net->options;
	long unit = (long)options->unit_ms;
	long quiet = (long)options->quiet_s * unit / 1000;

	curl_easy_setopt(
	    easy, CURLOPT_PROTOCOLS_STR, net->url.plain ? "http" : "https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (options->ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(
	    easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, options->agent);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_S * unit);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, QUIET_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, quiet < 1 ? 1L : quiet);
	if (net->url.plain ||
	    (options->proxy != NULL && strcmp(options->proxy, "none") == 0))
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
	else if (options->proxy != NULL)
		curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static void
set_identity(struct net *net, CURL *easy, const struct net_request *request)
{
	if (request->basic_user != NULL) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(easy, CURLOPT_USERNAME, request->basic_user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD,
		    request->basic_secret == NULL ? "" : request->basic_secret);
	} else if (!request->anonymous && net->token != NULL) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, net->token);
	}
}

/* Adds "Name: value" to the headers of a job. */
static void
add_header(struct net_job *job, const char *name, const char *value)
{
	struct curl_slist *list;
	char *line;

	line = mem_printf("%s: %s", name, value);
	list = curl_slist_append(job->headers, line);
	if (list == NULL)
		mem_alloc(SIZE_MAX / 2);
	job->headers = list;
	free(line);
}

static void
set_request(struct net *net, struct net_job *job, off_t size)
{
	const struct net_request *request = &job->request;
	char *url;

	url = mem_printf("%s%s", net->url.base, request->path);
	curl_easy_setopt(job->easy, CURLOPT_URL, url);
	free(url);
	curl_easy_setopt(job->easy, CURLOPT_PATH_AS_IS, 1L);
	if (strcmp(request->method, "HEAD") == 0)
		curl_easy_setopt(job->easy, CURLOPT_NOBODY, 1L);
	else if (size > 0 || strcmp(request->method, "POST") == 0) {
		curl_easy_setopt(job->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(
		    job->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
		if (request->body_fd <= 0)
			curl_easy_setopt(job->easy, CURLOPT_POSTFIELDS,
			    request->body == NULL ? "" : request->body);
		curl_easy_setopt(
		    job->easy, CURLOPT_READFUNCTION, net_job_on_send);
		curl_easy_setopt(job->easy, CURLOPT_READDATA, job);
		curl_easy_setopt(
		    job->easy, CURLOPT_SEEKFUNCTION, net_job_on_seek);
		curl_easy_setopt(job->easy, CURLOPT_SEEKDATA, job);
	}
	curl_easy_setopt(job->easy, CURLOPT_CUSTOMREQUEST, request->method);
	/* libcurl sends a request again when a connection that was kept turns
	 * out to be dead: never where that could do it twice. */
	if (request->once)
		curl_easy_setopt(job->easy, CURLOPT_FRESH_CONNECT, 1L);
	add_header(job, "Accept", request->accept);
	if (request->content_type != NULL)
		add_header(job, "Content-Type", request->content_type);
	curl_easy_setopt(job->easy, CURLOPT_HTTPHEADER, job->headers);
}

/* Starts a try; 0, or -1 with err when the file to be sent is unusable. */
static int
start(struct net *net, struct lane *lane, struct net_job *job, struct err *err)
{
	uint64_t now = net_pace_now(), left = net_pace_left(&net->pace, now);
	uint64_t timeout = (uint64_t)net->options.timeout_s *
	    net->options.unit_ms;
	off_t size = net_job_body_size(job);

	if (size < 0)
		return err_set_errno(err, EXIT_IO, errno,
		    "%s: the file to be sent cannot be read", job->host);
	net_job_restart(job);
	job->tries++;
	job->easy = curl_easy_init();
	if (job->easy == NULL)
		mem_alloc(SIZE_MAX / 2);
	set_server(net, job->easy);
	set_identity(net, job->easy, &job->request);
	/* libcurl asks before it sends a large body; proxies dislike it. */
	add_header(job, "Expect", "");
	set_request(net, job, size);
	curl_easy_setopt(job->easy, CURLOPT_TIMEOUT_MS,
	    (long)(left < timeout ? left : timeout));
	curl_easy_setopt(job->easy, CURLOPT_HEADERFUNCTION, net_job_on_header);
	curl_easy_setopt(job->easy, CURLOPT_HEADERDATA, job);
	curl_easy_setopt(job->easy, CURLOPT_WRITEFUNCTION, net_job_on_body);
	curl_easy_setopt(job->easy, CURLOPT_WRITEDATA, job);
	curl_easy_setopt(job->easy, CURLOPT_PRIVATE, job);
	curl_easy_setopt(job->easy, CURLOPT_ERRORBUFFER, job->text);
	if (curl_multi_add_handle(lane->multi, job->easy) != CURLM_OK)
		mem_alloc(SIZE_MAX / 2);
	job->next = lane->running;
	lane->running = job;
	net->running++;
	net_pace_start(&net->pace, now);
	net->counts.requests++;
	net->counts.retries += job->tries > 1;
	return 0;
}

/* All values of a header of the answer, with commas between; NULL: none. */
static char *
header_of(CURL *easy, const char *name)
{
	struct curl_header *header;
	struct buf buf = { 0 };
	size_t i = 0;

	while (curl_easy_header(easy, name, i++, CURLH_HEADER, -1, &header) ==
	    CURLHE_OK) {
		if (buf.len > 0)
			buf_adds(&buf, ", ");
		buf_adds(&buf, header->value);
	}
	if (buf.len == 0) {
		buf_free(&buf);
		return NULL;
	}
	buf_str(&buf);
	return buf.data;
}

/* The moment of a header, UTC seconds; 0 when there is none. */
static int64_t
date_of_header(CURL *easy, const char *name)
{
	char *text;
	time_t date = -1;

	text = header_of(easy, name);
	if (text != NULL)
		date = curl_getdate(text, NULL);
	free(text);
	return date == -1 ? 0 : (int64_t)date;
}

/* Seconds that Retry-After asks for, by the server's own clock; 0: none. */
static int64_t
retry_after(CURL *easy)
{
	int64_t seconds = 0, until, now;
	char *text;

	text = header_of(easy, "Retry-After");
	if (text == NULL)
		return 0;
	if (text[strspn(text, "0123456789")] == '\0') {
		seconds = strlen(text) > 9 ? INT32_MAX : atol(text);
	} else {
		until = date_of_header(easy, "Retry-After");
		now = date_of_header(easy, "Date");
		if (until != 0)
			seconds = until - (now == 0 ? clock_now() : now);
	}
	free(text);
	return seconds < 1 ? 1 : seconds;
}

static void
copy_field(char *to, size_t size, const char *line, const char *name)
{
	size_t len = strlen(name), i;

	if (strncmp(line, name, len) != 0)
		return;
	for (i = 0; i + 1 < size && line[len + i] != '\0'; i++)
		to[i] = line[len + i];
	to[i] = '\0';
}

/* What the first certificate of the chain says, when a connection was new. */
static void
note_certificate(struct net_certificate *certificate, CURL *easy)
{
	struct net_certificate seen = { 0 };
	struct curl_certinfo *chain = NULL;
	struct curl_slist *line;
	char from[64] = "", to[64] = "";

	if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK ||
	    chain == NULL || chain->num_of_certs < 1)
		return;
	for (line = chain->certinfo[0]; line != NULL; line = line->next) {
		copy_field(
		    seen.subject, sizeof(seen.subject), line->data, "Subject:");
		copy_field(
		    seen.issuer, sizeof(seen.issuer), line->data, "Issuer:");
		copy_field(from, sizeof(from), line->data, "Start date:");
		copy_field(to, sizeof(to), line->data, "Expire date:");
	}
	seen.not_before = curl_getdate(from, NULL);
	seen.not_after = curl_getdate(to, NULL);
	*certificate = seen;
}

static bool
is_busy(long status)
{
	return status == 408 || status == 425 || status == 429 ||
	    (status >= 500 && status <= 504);
}

/* A failed TLS handshake: cut off, or no version in common. */
static enum net_fault
fault_of_handshake(const char *text)
{
	if (strstr(text, "SSL_ERROR_SYSCALL") != NULL ||
	    strstr(text, "reset") != NULL || strstr(text, "eof") != NULL)
		return NET_CUT;
	return NET_TLS;
}

static enum net_fault
fault_of(CURLcode code, const struct net_job *job)
{
	static const struct {
		CURLcode code;
		enum net_fault fault;
	} table[] = {
		{ CURLE_COULDNT_RESOLVE_HOST, NET_NO_NAME },
		{ CURLE_COULDNT_RESOLVE_PROXY, NET_NO_PROXY_NAME },
		{ CURLE_COULDNT_CONNECT, NET_NO_CONNECTION },
		{ CURLE_OPERATION_TIMEDOUT, NET_TIMEOUT },
		{ CURLE_PARTIAL_FILE, NET_CUT },
		{ CURLE_GOT_NOTHING, NET_CUT },
		{ CURLE_SEND_ERROR, NET_CUT },
		{ CURLE_RECV_ERROR, NET_CUT },
		{ CURLE_HTTP2, NET_CUT },
		{ CURLE_HTTP2_STREAM, NET_CUT },
		{ CURLE_BAD_CONTENT_ENCODING, NET_CUT },
		{ CURLE_PEER_FAILED_VERIFICATION, NET_CERTIFICATE },
		{ CURLE_SSL_CACERT_BADFILE, NET_CA_FILE },
		{ CURLE_OUT_OF_MEMORY, NET_LONG_HEADER },
		{ CURLE_WEIRD_SERVER_REPLY, NET_NOT_HTTP },
		{ CURLE_UNSUPPORTED_PROTOCOL, NET_NOT_HTTP },
	};
	long connect = 0;
	size_t i;

	if (code == CURLE_OK) {
		if (is_busy(job->status) && !job->request.once)
			return NET_BUSY;
		return job->status >= 300 && job->status <= 399 ? NET_REDIRECT :
								  NET_OK;
	}
	curl_easy_getinfo(job->easy, CURLINFO_HTTP_CONNECTCODE, &connect);
	if (connect >= 400 && job->status == 0)
		return is_busy(connect) ? NET_NO_CONNECTION : NET_PROXY_REFUSED;
	if (code == CURLE_SSL_CONNECT_ERROR)
		return fault_of_handshake(job->text);
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].code == code)
			return table[i].fault;
	return NET_BROKEN;
}

/* Whether something of the request has left. */
static bool
was_sent(const struct net_job *job)
{
	long sent = 0;

	curl_easy_getinfo(job->easy, CURLINFO_REQUEST_SIZE, &sent);
	return sent > 0 || job->status != 0;
}

static void
describe(const struct net *net, const struct net_job *job, CURLcode code,
    struct net_failure *failure)
{
	failure->host = net->url.host;
	failure->proxy = net->proxy;
	failure->where = net->options.url_where;
	failure->ca_file = net->options.ca_file;
	failure->undone = net->options.undone;
	failure->code = net->options.code;
	failure->status = job->status;
	failure->tries = job->tries;
	if (failure->fault == NET_PROXY_REFUSED)
		curl_easy_getinfo(
		    job->easy, CURLINFO_HTTP_CONNECTCODE, &failure->status);
	if (failure->fault == NET_BROKEN)
		failure->text = curl_easy_strerror(code);
}

static int
tell(struct net *net, struct net_job *job, CURLcode code,
    struct net_failure *failure, struct err *err)
{
	char *url = NULL, *origin = NULL;
	long number = 0;

	describe(net, job, code, failure);
	if (failure->fault == NET_REDIRECT &&
	    curl_easy_getinfo(job->easy, CURLINFO_REDIRECT_URL, &url) ==
		CURLE_OK &&
	    url != NULL)
		failure->text = origin = net_url_origin(url);
	if (failure->fault == NET_NO_CONNECTION &&
	    curl_easy_getinfo(job->easy, CURLINFO_OS_ERRNO, &number) ==
		CURLE_OK &&
	    number != 0)
		failure->text = strerror((int)number);
	net_fault_tell(failure, err);
	free(origin);
	return -1;
}

/* When to try again; 0 when that is no longer possible. */
static uint64_t
next_try(struct net *net, const struct net_job *job, enum net_fault fault)
{
	uint64_t now = net_pace_now(), wait;
	int64_t asked = 0;
	uint32_t random = 0;

	if (fault == NET_BUSY)
		asked = retry_after(job->easy);
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = UINT32_MAX;
	wait = asked > 0 ? net_pace_asked(&net->pace, asked) :
			   net_pace_backoff(&net->pace, job->tries, random);
	if (wait >= net_pace_left(&net->pace, now))
		return 0;
	/* Who asks for patience means every request. */
	if (asked > 0)
		net_pace_hold(&net->pace, now + wait);
	return now + wait;
}

static void
fill_answer(const struct net *net, struct net_job *job,
    struct net_answer *answer, int64_t date)
{
	(void)net;
	answer->status = job->status;
	answer->content_type = job->content_type == NULL ? "" :
							   job->content_type;
	answer->link = job->link == NULL ? "" : job->link;
	answer->location = job->location == NULL ? "" : job->location;
	answer->challenge = job->challenge == NULL ? "" : job->challenge;
	answer->date = date;
	answer->body = buf_str(&job->body);
	answer->len = job->body.len;
	answer->tries = job->tries;
}

/* An answer that counts: hands it to done, or keeps it for net_fetch(). */
static int
deliver(struct net *net, struct lane *lane, struct net_job *job,
    struct net_answer *fetched, struct err *err)
{
	struct net_answer answer;
	int64_t date = date_of_header(job->easy, "Date");
	int rc = 0;

	job->content_type = header_of(job->easy, "Content-Type");
	job->link = header_of(job->easy, "Link");
	job->location = header_of(job->easy, "Location");
	job->challenge = header_of(job->easy, "WWW-Authenticate");
	job_stop(net, lane, job);
	if (net_job_streams(job) && net_job_begin(job) != 0) {
		*err = job->err;
		net_job_free(job);
		return -1;
	}
	fill_answer(net, job, &answer, date);
	if (fetched != NULL) {
		*fetched = answer;
		net->fetched = job;
		return 0;
	}
	if (job->request.done != NULL)
		rc = job->request.done(job->request.arg, &answer, err);
	if (rc != 0)
		err_set(err, EXIT_BUG, "done failed without a reason");
	net_job_free(job);
	return rc == 0 ? 0 : -1;
}

/* What becomes of a try that has ended: an answer, another try, a failure. */
static int
settle(struct net *net, struct lane *lane, struct net_job *job, CURLcode code,
    struct net_answer *fetched, struct err *err)
{
	struct net_failure failure = { .fault = fault_of(code, job) };
	uint64_t again = 0;
	int64_t date = date_of_header(job->easy, "Date");

	net->counts.bytes += job->body_bytes;
	if (date != 0)
		net->skew = date - clock_now();
	note_certificate(&net->certificate, job->easy);
	if (job->err.code != EXIT_DONE) {
		*err = job->err;
	} else if (failure.fault == NET_OK) {
		return deliver(net, lane, job, fetched, err);
	} else {
		failure.lost = job->request.once && was_sent(job) &&
		    failure.fault != NET_REDIRECT;
		if (net_fault_passes(failure.fault) && !failure.lost &&
		    job->tries < net->options.tries) {
			again = next_try(net, job, failure.fault);
			failure.spent = again == 0;
		}
		if (again == 0)
			tell(net, job, code, &failure, err);
	}
	job_stop(net, lane, job);
	if (again == 0) {
		net_job_free(job);
		return -1;
	}
	log_line(LOG_INFO, "%s: %s; try %u of %u follows", job->host,
	    net_fault_name(failure.fault), job->tries + 1, net->options.tries);
	job->due = again;
	lane_put(lane, job);
	return 0;
}

/* Settles all tries that have ended; 1 when there were any, -1 on failure. */
static int
collect(struct net *net, struct lane *lane, struct net_answer *fetched,
    struct err *err)
{
	struct net_job *job;
	CURLMsg *message;
	CURLcode code;
	int left, any = 0;

	while ((message = curl_multi_info_read(lane->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		code = message->data.result;
		curl_easy_getinfo(
		    message->easy_handle, CURLINFO_PRIVATE, (char **)&job);
		if (settle(net, lane, job, code, fetched, err) != 0)
			return -1;
		any = 1;
	}
	return any;
}

/*
 * Starts what may start now. *wait becomes how long nothing can, bounded by
 * what it was.
 */
static int
start_due(struct net *net, struct lane *lane, uint64_t *wait, struct err *err)
{
	struct net_job **at = &lane->waiting, *job;
	uint64_t now, until;

	while (*at != NULL && net->running < net->options.at_once) {
		now = net_pace_now();
		job = *at;
		if (job->err.code != EXIT_DONE) {
			*err = job->err;
			return -1;
		}
		until = net_pace_wait(&net->pace, now);
		if (job->due > now && job->due - now > until)
			until = job->due - now;
		if (until > 0) {
			if (until < *wait)
				*wait = until;
			at = &job->next;
			continue;
		}
		lane_take(lane, at);
		if (start(net, lane, job, err) != 0) {
			net_job_free(job);
			return -1;
		}
	}
	return 0;
}

static int
check_budget(struct net *net, struct lane *lane, struct err *err)
{
	if (net_pace_left(&net->pace, net_pace_now()) > 0 ||
	    lane->running != NULL)
		return 0;
	err_set(err, EXIT_TEMPORARY,
	    "%s: the time for all requests (%u s) is used up%s%s",
	    net->url.host, net->options.budget_s,
	    net->options.undone == NULL ? "" : "; ",
	    net->options.undone == NULL ? "" : net->options.undone);
	return err_hint(err, "Run again later.");
}

/* Drives the requests of a lane until none is left. */
static int
drive(struct net *net, struct lane *lane, struct net_answer *fetched,
    struct err *err)
{
	uint64_t wait;
	int any = 0, running;

	net_pace_enter(&net->pace, net_pace_now());
	while (any >= 0 && (lane->waiting != NULL || lane->running != NULL)) {
		wait = LOOK_MS;
		any = -1;
		if (interrupt_check(err) != 0 ||
		    check_budget(net, lane, err) != 0 ||
		    start_due(net, lane, &wait, err) != 0)
			break;
		curl_multi_perform(lane->multi, &running);
		any = collect(net, lane, fetched, err);
		if (any == 0)
			curl_multi_poll(lane->multi, NULL, 0, (int)wait, NULL);
	}
	net_pace_leave(&net->pace, net_pace_now());
	if (any >= 0)
		return 0;
	lane_cancel(net, lane);
	return -1;
}

void
net_submit(struct net *net, const struct net_request *request)
{
	lane_put(
	    &net->main, net_job_new(request, net->url.host, net->options.code));
}

int
net_run(struct net *net, struct err *err)
{
	return drive(net, &net->main, NULL, err);
}

int
net_fetch(struct net *net, const struct net_request *request,
    struct net_answer *answer, struct err *err)
{
	net_job_free(net->fetched);
	net->fetched = NULL;
	memset(answer, 0, sizeof(*answer));
	lane_put(
	    &net->side, net_job_new(request, net->url.host, net->options.code));
	return drive(net, &net->side, answer, err);
}

const struct net_certificate *
net_certificate(const struct net *net)
{
	return &net->certificate;
}

struct net_counts
net_counts(const struct net *net)
{
	return net->counts;
}

const char *
net_host(const struct net *net)
{
	return net->url.host;
}

const char *
net_library(void)
{
	return curl_version();
}
