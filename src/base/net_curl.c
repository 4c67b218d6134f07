#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/net_curl.h"

#define CONNECT_MS 15000L
#define QUIET_BYTES 100L /* per second */

/* libcurl refuses to begin only when memory is out. */
static void *
never_null(void *handle)
{
	return handle == NULL ? mem_alloc(SIZE_MAX / 2) : handle;
}

void
net_curl_begin(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		never_null(NULL);
}

void
net_curl_finish(void)
{
	curl_global_cleanup();
}

void *
net_curl_open(void)
{
	return never_null(curl_multi_init());
}

void
net_curl_close(void *multi)
{
	curl_multi_cleanup(multi);
}

void
net_curl_perform(void *multi)
{
	int running;

	curl_multi_perform(multi, &running);
}

void
net_curl_wait(void *multi, uint64_t ms)
{
	curl_multi_poll(multi, NULL, 0, (int)ms, NULL);
}

const char *
net_curl_library(void)
{
	return curl_version();
}

static CURLcode
on_ssl_ctx(CURL *easy, void *ctx, void *arg)
{
	(void)easy;
	net_peer_watch(ctx, arg);
	return CURLE_OK;
}

/* Without OpenSSL a refusal names no certificate; it stays a refusal. */
static void
watch_peer(CURL *easy, struct net_peer *peer)
{
	const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;

	if (tls == NULL || strncmp(tls, "OpenSSL/", 8) != 0)
		return;
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, peer);
}

static void
set_tls(CURL *easy, struct net_server *server)
{
	const char *ca_file = server->options.ca_file;

	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
	watch_peer(easy, &server->peer);
}

static void
set_proxy(CURL *easy, const struct net_server *server)
{
	const char *proxy = server->options.proxy;

	if (server->url.plain || (proxy != NULL && strcmp(proxy, "none") == 0))
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
	else if (proxy != NULL)
		curl_easy_setopt(easy, CURLOPT_PROXY, proxy);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static void
set_server(CURL *easy, const struct net_server *server)
{
	const struct net_options *options = &server->options;
	long unit = (long)options->unit_ms;
	long quiet = (long)options->quiet_s * unit / 1000;

	curl_easy_setopt(
	    easy, CURLOPT_PROTOCOLS_STR, server->url.plain ? "http" : "https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(
	    easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, options->agent);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, QUIET_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, quiet < 1 ? 1L : quiet);
}

static void
set_identity(CURL *easy, const char *token, const struct net_request *request)
{
	if (request->basic_user != NULL) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(easy, CURLOPT_USERNAME, request->basic_user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD,
		    request->basic_secret == NULL ? "" : request->basic_secret);
	} else if (!request->anonymous && token != NULL) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, token);
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
	job->headers = never_null(list);
	free(line);
}

static void
set_body(struct net_job *job, off_t size)
{
	const struct net_request *request = &job->request;

	curl_easy_setopt(job->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(
	    job->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
	if (request->body_fd <= 0)
		curl_easy_setopt(job->easy, CURLOPT_POSTFIELDS,
		    request->body == NULL ? "" : request->body);
	curl_easy_setopt(job->easy, CURLOPT_READFUNCTION, net_job_on_send);
	curl_easy_setopt(job->easy, CURLOPT_READDATA, job);
	curl_easy_setopt(job->easy, CURLOPT_SEEKFUNCTION, net_job_on_seek);
	curl_easy_setopt(job->easy, CURLOPT_SEEKDATA, job);
	/* libcurl asks before it sends a large body; proxies dislike it. */
	add_header(job, "Expect", "");
}

static void
set_request(struct net_job *job, const char *base, off_t size)
{
	const struct net_request *request = &job->request;
	char *url;

	url = mem_printf("%s%s", base, request->path);
	curl_easy_setopt(job->easy, CURLOPT_URL, url);
	free(url);
	curl_easy_setopt(job->easy, CURLOPT_PATH_AS_IS, 1L);
	if (strcmp(request->method, "HEAD") == 0)
		curl_easy_setopt(job->easy, CURLOPT_NOBODY, 1L);
	else if (size > 0 || strcmp(request->method, "POST") == 0)
		set_body(job, size);
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

static void
set_callbacks(struct net_job *job)
{
	curl_easy_setopt(job->easy, CURLOPT_HEADERFUNCTION, net_job_on_header);
	curl_easy_setopt(job->easy, CURLOPT_HEADERDATA, job);
	curl_easy_setopt(job->easy, CURLOPT_WRITEFUNCTION, net_job_on_body);
	curl_easy_setopt(job->easy, CURLOPT_WRITEDATA, job);
	curl_easy_setopt(job->easy, CURLOPT_PRIVATE, job);
	curl_easy_setopt(job->easy, CURLOPT_ERRORBUFFER, job->text);
}

void
net_curl_start(void *multi, struct net_job *job, struct net_server *server,
    off_t size, uint64_t timeout_ms)
{
	job->easy = never_null(curl_easy_init());
	set_server(job->easy, server);
	set_tls(job->easy, server);
	set_proxy(job->easy, server);
	set_identity(job->easy, server->token, &job->request);
	set_request(job, server->url.base, size);
	set_callbacks(job);
	curl_easy_setopt(job->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	if (curl_multi_add_handle(multi, job->easy) != CURLM_OK)
		never_null(NULL);
}

void
net_curl_stop(void *multi, struct net_job *job)
{
	curl_multi_remove_handle(multi, job->easy);
	curl_easy_cleanup(job->easy);
	curl_slist_free_all(job->headers);
	job->easy = NULL;
	job->headers = NULL;
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

/* What libcurl's codes mean here; others are NET_BROKEN. */
static const struct {
	CURLcode code;
	enum net_fault fault;
} faults[] = {
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

static enum net_fault
fault_of(CURLcode code, const struct net_job *job, long proxy_status)
{
	size_t i;

	if (code == CURLE_OK) {
		/* libcurl lets a header pass that was cut off. */
		if (!job->header_whole)
			return NET_CUT;
		if (is_busy(job->status) && !job->request.once)
			return NET_BUSY;
		return job->status >= 300 && job->status <= 399 ? NET_REDIRECT :
								  NET_OK;
	}
	if (proxy_status >= 400 && job->status == 0)
		return is_busy(proxy_status) ? NET_NO_CONNECTION :
					       NET_PROXY_REFUSED;
	if (code == CURLE_SSL_CONNECT_ERROR)
		return fault_of_handshake(job->text);
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (faults[i].code == code)
			return faults[i].fault;
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

/* What libcurl or the system calls a fault, where that says more. */
static const char *
text_of(CURLcode code, CURL *easy, enum net_fault fault)
{
	long number = 0;

	if (fault == NET_BROKEN)
		return curl_easy_strerror(code);
	if (fault == NET_NO_CONNECTION)
		curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
	return number == 0 ? NULL : strerror((int)number);
}

/* The server that a redirect leads to. */
static char *
moved_to(CURL *easy)
{
	char *url = NULL;

	curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &url);
	return url == NULL ? NULL : net_url_origin(url);
}

struct net_job *
net_curl_ended(void *multi, struct net_server *server, struct net_end *end)
{
	struct net_job *job = NULL;
	CURLMsg *message;
	CURLcode code;
	CURL *easy;
	int left;

	do
		message = curl_multi_info_read(multi, &left);
	while (message != NULL && message->msg != CURLMSG_DONE);
	if (message == NULL)
		return NULL;
	code = message->data.result;
	easy = message->easy_handle;
	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&job);
	memset(end, 0, sizeof(*end));
	curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &end->proxy_status);
	end->fault = fault_of(code, job, end->proxy_status);
	end->text = text_of(code, easy, end->fault);
	end->sent = was_sent(job);
	end->date = date_of_header(easy, "Date");
	if (end->fault == NET_BUSY)
		end->asked = retry_after(easy);
	if (end->fault == NET_REDIRECT)
		end->moved = moved_to(easy);
	job->content_type = header_of(easy, "Content-Type");
	job->link = header_of(easy, "Link");
	job->location = header_of(easy, "Location");
	job->challenge = header_of(easy, "WWW-Authenticate");
	job->rate_left = header_of(easy, "X-Rate-Limit-Remaining");
	note_certificate(&server->certificate, easy);
	return job;
}
