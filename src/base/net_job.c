#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/net_job.h"
#include "base/net_url.h"

#define MIB ((size_t)1 << 20)
#define BODY_MAX (32 * MIB)	/* unless the request says otherwise */
#define HEADER_MAX (64u << 10)	/* of one answer; real ones are below 8 KiB */
#define SECRET_ROOM (64u << 10) /* a token's answer never has to move */
#define SEND_FAILED 0x10000000	/* CURL_READFUNC_ABORT */

static char *
copy_of(const char *text)
{
	return text == NULL ? NULL : mem_strdup(text);
}

static bool
is_header_value(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static bool
is_method(const char *text)
{
	size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return len > 0 && text[len] == '\0';
}

/* Bytes that could change the request are refused (operations 3). */
static void
check(struct net_job *job)
{
	const struct net_request *request = &job->request;
	const char *what = NULL;

	if (!is_method(request->method))
		what = "method";
	else if (!net_url_path_ok(request->path))
		what = "path";
	else if (!is_header_value(request->accept) ||
	    !is_header_value(request->content_type))
		what = "header";
	if (what != NULL)
		err_set(&job->err, job->code,
		    "%s: a request was not sent, for its %s has characters"
		    " that do not belong there",
		    job->host, what);
}

struct net_job *
net_job_new(
    const struct net_request *request, const char *host, enum exit_code code)
{
	struct net_job *job;
	struct net_request *own;

	job = mem_zalloc(1, sizeof(*job));
	job->host = host;
	job->code = code;
	own = &job->request;
	*own = *request;
	own->method = mem_strdup(
	    request->method == NULL ? "GET" : request->method);
	own->path = mem_strdup(request->path == NULL ? "" : request->path);
	own->accept = mem_strdup(
	    request->accept == NULL ? "application/json" : request->accept);
	own->content_type = copy_of(request->content_type);
	own->body = request->body == NULL ?
	    NULL :
	    mem_strndup(request->body, request->body_len);
	own->basic_user = copy_of(request->basic_user);
	own->basic_secret = copy_of(request->basic_secret);
	if (own->max_bytes == 0)
		own->max_bytes = BODY_MAX;
	check(job);
	return job;
}

void
net_job_wipe(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

void
net_job_restart(struct net_job *job)
{
	job->status = 0;
	job->header_bytes = 0;
	job->header_whole = false;
	job->body_bytes = 0;
	job->begun = false;
	/* What an id and a secret are changed for is a secret, too. */
	if (job->body.data != NULL && job->request.basic_secret != NULL)
		explicit_bzero(job->body.data, job->body.cap);
	buf_free(&job->body);
	free(job->content_type);
	free(job->link);
	free(job->location);
	free(job->challenge);
	free(job->rate_left);
	job->content_type = NULL;
	job->link = NULL;
	job->location = NULL;
	job->challenge = NULL;
	job->rate_left = NULL;
	job->sent = 0;
}

void
net_job_free(struct net_job *job)
{
	struct net_request *own;

	if (job == NULL)
		return;
	net_job_restart(job);
	own = &job->request;
	if (own->body != NULL)
		explicit_bzero((char *)own->body, own->body_len);
	free((char *)own->method);
	free((char *)own->path);
	free((char *)own->accept);
	free((char *)own->content_type);
	free((char *)own->body);
	free((char *)own->basic_user);
	net_job_wipe((char *)own->basic_secret);
	free(job);
}

off_t
net_job_body_size(const struct net_job *job)
{
	struct stat st;

	if (job->request.body_fd <= 0)
		return (off_t)job->request.body_len;
	return fstat(job->request.body_fd, &st) == 0 ? st.st_size : -1;
}

bool
net_job_streams(const struct net_job *job)
{
	return job->request.piece != NULL && job->status == 200;
}

int
net_job_begin(struct net_job *job)
{
	if (job->begun)
		return 0;
	job->begun = true;
	if (job->request.begin(job->request.arg, &job->err) == 0)
		return 0;
	return err_set(&job->err, EXIT_BUG, "begin failed without a reason");
}

size_t
net_job_on_header(char *line, size_t one, size_t len, void *arg)
{
	struct net_job *job = arg;
	char text[32];

	len *= one;
	if (len > 5 && memcmp(line, "HTTP/", 5) == 0) {
		/* Behind each 1xx another header follows. */
		snprintf(text, sizeof(text), "%.*s", (int)len, line);
		if (sscanf(text, "%*s %ld", &job->status) != 1)
			job->status = 0;
		job->header_whole = false;
	} else if (len <= 2 && line[0] < ' ') {
		job->header_whole = true;
	}
	job->header_bytes += len;
	if (job->header_bytes <= HEADER_MAX)
		return len;
	err_set(&job->err, job->code,
	    "%s: the header of an answer is longer than %u KiB", job->host,
	    HEADER_MAX >> 10);
	return 0;
}

/* Whether so many more bytes are within the bound. */
static bool
has_room(struct net_job *job, size_t len)
{
	size_t max = job->request.max_bytes;

	if (len <= max - job->body_bytes)
		return true;
	if (max >= MIB)
		err_set(&job->err, job->code,
		    "%s: an answer is larger than %zu MiB", job->host,
		    max / MIB);
	else
		err_set(&job->err, job->code,
		    "%s: an answer is larger than %zu bytes", job->host, max);
	return false;
}

size_t
net_job_on_body(char *bytes, size_t one, size_t len, void *arg)
{
	struct net_job *job = arg;

	len *= one;
	if (!has_room(job, len))
		return 0;
	job->body_bytes += len;
	if (!net_job_streams(job)) {
		if (job->request.basic_secret != NULL)
			buf_reserve(&job->body, SECRET_ROOM);
		buf_add(&job->body, bytes, len);
		return len;
	}
	if (net_job_begin(job) != 0)
		return 0;
	if (job->request.piece(job->request.arg, bytes, len, &job->err) == 0)
		return len;
	err_set(&job->err, EXIT_BUG, "piece failed without a reason");
	return 0;
}

size_t
net_job_on_send(char *bytes, size_t one, size_t len, void *arg)
{
	struct net_job *job = arg;
	ssize_t got;

	do
		got = pread(job->request.body_fd, bytes, one * len, job->sent);
	while (got == -1 && errno == EINTR);
	if (got == -1) {
		err_set_errno(&job->err, EXIT_IO, errno,
		    "%s: the file to be sent cannot be read", job->host);
		return SEND_FAILED;
	}
	job->sent += got;
	return (size_t)got;
}

int
net_job_on_seek(void *arg, int64_t offset, int origin)
{
	struct net_job *job = arg;

	if (origin != SEEK_SET)
		return 1;
	job->sent = offset;
	return 0;
}
