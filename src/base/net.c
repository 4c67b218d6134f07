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
#include "base/net_curl.h"
#include "base/net_fault.h"
#include "base/net_job.h"
#include "base/net_pace.h"
#include "base/net_url.h"

#define QUIET_S 30
#define TIMEOUT_S 300
#define BUDGET_S 7200
#define UNIT_MS 1000
#define LOOK_MS 250 /* how late an interrupt may be noticed */

/* Requests that are driven together. */
struct lane {
	void *multi;
	struct net_job *waiting, **last; /* in the order of their coming */
	struct net_job *running;
};

struct net {
	struct net_server server;
	char *proxy; /* for messages */
	struct net_pace pace;
	struct lane main, side; /* side: net_fetch() */
	unsigned running;	/* in both */
	struct net_job *fetched;
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
	lane->multi = net_curl_open();
	lane->last = &lane->waiting;
}

static void
lane_put(struct lane *lane, struct net_job *job)
{
	job->next = NULL;
	*lane->last = job;
	lane->last = &job->next;
}

static struct net_job *
lane_take(struct lane *lane, struct net_job **at)
{
	struct net_job *job = *at;

	*at = job->next;
	if (lane->last == &job->next)
		lane->last = at;
	job->next = NULL;
	return job;
}

/* Ends the try of a job that goes on. */
static void
stop(struct net *net, struct lane *lane, struct net_job *job)
{
	struct net_job **at;

	for (at = &lane->running; *at != job; at = &(*at)->next)
		;
	*at = job->next;
	job->next = NULL;
	net->running--;
	net_curl_stop(lane->multi, job);
}

static void
lane_cancel(struct net *net, struct lane *lane)
{
	struct net_job *job;

	while ((job = lane->running) != NULL) {
		stop(net, lane, job);
		net_job_free(job);
	}
	while (lane->waiting != NULL)
		net_job_free(lane_take(lane, &lane->waiting));
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
	own->url = NULL; /* net_url has it */
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

static void
free_options(struct net_options *own)
{
	free((char *)own->url_where);
	free((char *)own->ca_file);
	/* A proxy may have a password in it. */
	net_job_wipe((char *)own->proxy);
	free((char *)own->agent);
	free((char *)own->undone);
}

struct net *
net_open(const struct net_options *options, struct err *err)
{
	const struct net_options *own;
	struct net_url url;
	struct net *net;

	if (check_options(options, err) != 0 ||
	    net_url_parse(&url, options->url, options->url_where, err) != 0)
		return NULL;
	net_curl_begin();
	net = mem_zalloc(1, sizeof(*net));
	net->server.url = url;
	copy_options(&net->server.options, options);
	own = &net->server.options;
	net->pace.unit_ms = own->unit_ms;
	net->pace.interval_ms = own->min_interval_ms;
	net->pace.budget_ms = (uint64_t)own->budget_s * own->unit_ms;
	net->proxy = net_url_proxy(&net->server.url, own->proxy);
	if (net->proxy != NULL)
		log_line(LOG_INFO, "%s via proxy %s", url.host, net->proxy);
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
	net_curl_close(net->main.multi);
	net_curl_close(net->side.multi);
	net_job_free(net->fetched);
	net_job_wipe(net->server.token);
	net_url_free(&net->server.url);
	free_options(&net->server.options);
	free(net->proxy);
	free(net);
	net_curl_finish();
}

void
net_set_token(struct net *net, const char *token)
{
	char *old = net->server.token;

	net->server.token = copy_of(token);
	net_job_wipe(old);
}

/* Starts a try; -1 with EXIT_IO when the file to be sent is unusable. */
static int
start(struct net *net, struct lane *lane, struct net_job *job, struct err *err)
{
	const struct net_options *options = &net->server.options;
	uint64_t now = net_pace_now(), left = net_pace_left(&net->pace, now);
	uint64_t timeout = (uint64_t)options->timeout_s * options->unit_ms;
	off_t size = net_job_body_size(job);

	if (size < 0)
		return err_set_errno(err, EXIT_IO, errno,
		    "%s: the file to be sent cannot be read", job->host);
	net_job_restart(job);
	job->tries++;
	net_curl_start(lane->multi, job, &net->server, size,
	    left < timeout ? left : timeout);
	job->next = lane->running;
	lane->running = job;
	net->running++;
	net_pace_start(&net->pace, now);
	net->counts.requests++;
	net->counts.retries += job->tries > 1;
	return 0;
}

static void
tell(const struct net *net, const struct net_job *job,
    const struct net_end *end, bool lost, bool spent, struct err *err)
{
	const struct net_options *options = &net->server.options;
	struct net_failure failure = {
		.fault = end->fault,
		.host = job->host,
		.proxy = net->proxy,
		.where = options->url_where,
		.ca_file = options->ca_file,
		.undone = options->undone,
		.text = end->moved == NULL ? end->text : end->moved,
		.code = options->code,
		.status = end->fault == NET_PROXY_REFUSED ? end->proxy_status :
							    job->status,
		.tries = job->tries,
		.lost = lost,
		.spent = spent,
		.skew = net->skew,
	};
	const struct net_peer *peer = &net->server.peer;

	if (end->fault == NET_CERTIFICATE && peer->why != NULL) {
		failure.text = peer->why;
		failure.dates = peer->dates;
		failure.certificate = &peer->certificate;
	} else if (end->fault == NET_CERTIFICATE &&
	    net->server.certificate.not_after != 0) {
		failure.text = "it is for another host name";
		failure.other_name = true;
		failure.certificate = &net->server.certificate;
	}
	net_fault_tell(&failure, err);
}

/* When to try again; 0 when the budget ends before. */
static uint64_t
next_try(struct net *net, const struct net_job *job, int64_t asked)
{
	uint64_t now = net_pace_now(), wait;
	uint32_t random = 0;

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

static const char *
or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

/* An answer that counts goes to done, or to net_fetch(). Owns the job. */
static int
deliver(struct net *net, struct net_job *job, int64_t date,
    struct net_answer *fetched, struct err *err)
{
	struct net_answer answer = {
		.status = job->status,
		.content_type = or_empty(job->content_type),
		.link = or_empty(job->link),
		.location = or_empty(job->location),
		.challenge = or_empty(job->challenge),
		.rate_left = or_empty(job->rate_left),
		.date = date,
		.body = buf_str(&job->body),
		.len = job->body.len,
		.tries = job->tries,
	};
	int rc = 0;

	if (net_job_streams(job) && net_job_begin(job) != 0) {
		*err = job->err;
		rc = -1;
	} else if (fetched != NULL) {
		*fetched = answer;
		net->fetched = job;
		return 0;
	} else if (job->request.done != NULL &&
	    job->request.done(job->request.arg, &answer, err) != 0) {
		rc = err_set(err, EXIT_BUG, "done failed without a reason");
	}
	net_job_free(job);
	return rc;
}

/*
 * What becomes of a try that did not bring an answer: 0 when there will be
 * another one, else -1 with err. Owns the job.
 */
static int
fail(struct net *net, struct lane *lane, struct net_job *job,
    const struct net_end *end, struct err *err)
{
	bool lost = job->request.once && end->sent &&
	    net_fault_passes(end->fault);
	bool spent = false;

	job->due = 0;
	if (job->err.code == EXIT_DONE && net_fault_passes(end->fault) &&
	    !lost && job->tries < net->server.options.tries) {
		job->due = next_try(net, job, end->asked);
		spent = job->due == 0;
	}
	if (job->due == 0) {
		if (job->err.code != EXIT_DONE)
			*err = job->err;
		else
			tell(net, job, end, lost, spent, err);
		net_job_free(job);
		return -1;
	}
	log_line(LOG_INFO, "%s: %s; try %u of %u follows", job->host,
	    net_fault_name(end->fault), job->tries + 1,
	    net->server.options.tries);
	lane_put(lane, job);
	return 0;
}

/* Settles all tries that have ended; 1 when there were any, -1 on failure. */
static int
collect(struct net *net, struct lane *lane, struct net_answer *fetched,
    struct err *err)
{
	struct net_job *job;
	struct net_end end;
	int any = 0, rc;

	while (any >= 0 &&
	    (job = net_curl_ended(lane->multi, &net->server, &end)) != NULL) {
		net->counts.bytes += job->body_bytes;
		if (end.date != 0)
			net->skew = end.date - clock_now();
		stop(net, lane, job);
		if (end.fault == NET_OK && job->err.code == EXIT_DONE)
			rc = deliver(net, job, end.date, fetched, err);
		else
			rc = fail(net, lane, job, &end, err);
		free(end.moved);
		any = rc == 0 ? 1 : -1;
	}
	return any;
}

/*
 * Starts what may start now. *wait becomes how long nothing more can, bounded
 * by what it was.
 */
static int
start_due(struct net *net, struct lane *lane, uint64_t *wait, struct err *err)
{
	struct net_job **at = &lane->waiting, *job;
	uint64_t now, until;

	while (*at != NULL && net->running < net->server.options.at_once) {
		job = *at;
		if (job->err.code != EXIT_DONE) {
			*err = job->err;
			return -1;
		}
		now = net_pace_now();
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

/* Tries that go on end with the budget by themselves. */
static int
check_budget(const struct net *net, const struct lane *lane, struct err *err)
{
	const struct net_options *options = &net->server.options;

	if (lane->running != NULL ||
	    net_pace_left(&net->pace, net_pace_now()) > 0)
		return 0;
	err_set(err, EXIT_TEMPORARY,
	    "%s: the time for all requests (%u s) is used up%s%s",
	    net->server.url.host, options->budget_s,
	    options->undone == NULL ? "" : "; ", or_empty(options->undone));
	return err_hint(err, "Run again later.");
}

/* Drives the requests of a lane until none is left. */
static int
drive(struct net *net, struct lane *lane, struct net_answer *fetched,
    struct err *err)
{
	uint64_t wait;
	int any = 0;

	net_pace_enter(&net->pace, net_pace_now());
	while (any >= 0 && (lane->waiting != NULL || lane->running != NULL)) {
		wait = LOOK_MS;
		any = -1;
		if (interrupt_check(err) != 0 ||
		    check_budget(net, lane, err) != 0 ||
		    start_due(net, lane, &wait, err) != 0)
			break;
		net_curl_perform(lane->multi);
		any = collect(net, lane, fetched, err);
		if (any == 0)
			net_curl_wait(lane->multi, wait);
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
	lane_put(&net->main,
	    net_job_new(
		request, net->server.url.host, net->server.options.code));
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
	lane_put(&net->side,
	    net_job_new(
		request, net->server.url.host, net->server.options.code));
	return drive(net, &net->side, answer, err);
}

void
net_hold(struct net *net, unsigned seconds)
{
	net_pace_hold(&net->pace,
	    net_pace_now() + (uint64_t)seconds * net->server.options.unit_ms);
}

const struct net_certificate *
net_certificate(const struct net *net)
{
	return &net->server.certificate;
}

struct net_counts
net_counts(const struct net *net)
{
	return net->counts;
}

const char *
net_host(const struct net *net)
{
	return net->server.url.host;
}

const char *
net_library(void)
{
	return net_curl_library();
}
