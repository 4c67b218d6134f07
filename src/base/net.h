#ifndef BASE_NET_H
#define BASE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * HTTPS to one server, the only user of libcurl's HTTP (operations 2.1, 3).
 * Peer and host are always verified, TLS is 1.2 or later, redirects are never
 * followed, the token goes to this server alone, and nothing of a request's
 * headers or body is ever logged. One thread drives all requests.
 */
struct net;

struct net_options {
	const char *url;	  /* https://host[:port][/path]; http://
				   * to loopback alone */
	const char *url_where;	  /* for messages: "[source] url" */
	const char *ca_file;	  /* PEM; NULL: the system's */
	const char *proxy;	  /* NULL: as the environment says;
				   * "none": not at all */
	enum exit_code code;	  /* of a refusal that no retry mends */
	unsigned at_once;	  /* requests at a time, 1 to 4 */
	unsigned min_interval_ms; /* between the starts of two requests */
	unsigned tries;		  /* of one request, 1 to 10 */
	unsigned timeout_s;	  /* of one try; 0: 300 */
	unsigned quiet_s;	  /* below 100 bytes/s for so long, also
				   * before the first one, is a failure;
				   * 0: 30 */
	unsigned budget_s;	  /* of all requests and waits; 0: 7200 */
	unsigned unit_ms;	  /* how long a second of these and of waits
				   * is; 0: 1000. Tests have shorter ones */
	const char *agent;	  /* User-Agent: program/version */
	const char *undone;	  /* what failures say last: "nothing was
				   * published"; NULL: nothing */
};

/* One piece of an answer's body, decoded; -1 ends everything. */
typedef int net_body_fn(
    void *arg, const char *bytes, size_t len, struct err *err);

/* What came back in the end. */
struct net_answer {
	long status;		  /* of HTTP */
	const char *content_type; /* "" when there was none */
	const char *link;	  /* the Link header, "" */
	const char *location;	  /* the Location header, "" */
	const char *challenge;	  /* the WWW-Authenticate header, "" */
	const char *rate_left;	  /* X-Rate-Limit-Remaining, "" */
	int64_t date;		  /* the Date header, UTC seconds; 0: none */
	const char *body;	  /* NUL behind it; "" when it was streamed */
	size_t len;
	unsigned tries;
};

/* An answer that is not tried again; it belongs to net. -1 ends everything. */
typedef int net_done_fn(
    void *arg, const struct net_answer *answer, struct err *err);

struct net_request {
	const char *method; /* NULL: GET */
	const char *path;   /* behind the url; begins with /; visible ASCII */
	const char *accept; /* NULL: application/json */
	const char *content_type;
	const char *body; /* copied */
	size_t body_len;
	int body_fd;		  /* a file to be sent instead, when > 0; it is
				   * read from its start on each try */
	bool once;		  /* never sent twice: every status goes to
				   * done, and a lost answer fails with
				   * EXIT_TEMPORARY and *err says so; only
				   * what never left is tried again */
	bool anonymous;		  /* without the token */
	const char *basic_user;	  /* HTTP Basic instead of the token */
	const char *basic_secret; /* (wiped after use) */
	size_t max_bytes;	  /* of the answer, decoded; 0: 32 MiB */
	/* Both or none: a body with status 200 is streamed to them; begin is
	 * called before the first piece of every try, also when there is none,
	 * so that what a broken try delivered can be dropped. Bodies of other
	 * statuses are kept. Neither may call net_*. */
	int (*begin)(void *arg, struct err *err);
	net_body_fn *piece;
	net_done_fn *done;
	void *arg;
};

/* NULL with EXIT_SETTINGS when an option is unusable. */
struct net *net_open(const struct net_options *options, struct err *err);

/* Cancels what is under way, wipes secrets, frees it; NULL is ignored. */
void net_close(struct net *net);

/* The bearer token of all later requests, copied; NULL: none any more. */
void net_set_token(struct net *net, const char *token);

/*
 * Puts a request into the queue; everything but body_fd is copied. One whose
 * path or header values could change the request (CR, LF and the like) is not
 * sent; net_run() fails with options->code.
 */
void net_submit(struct net *net, const struct net_request *request);

/*
 * Drives requests until none is left; done functions may submit more.
 * Retries by itself: connection failures, timeouts, cut bodies, 408, 425, 429
 * and 500 to 504, with Retry-After (1 to 300 s) or full jitter. Every other
 * status goes to done. 0, or -1 with the first failure: EXIT_TEMPORARY when
 * tries or the budget are used up, options->code when the server cannot be
 * trusted (certificate, redirect, too much), EXIT_SETTINGS when ca_file
 * cannot be used, EXIT_IO when body_fd cannot be read, EXIT_SIGINT or
 * EXIT_SIGTERM when interrupted. A failure cancels all other requests.
 * A body that was cut where nothing says how long it is looks whole: the
 * reader of the body must notice (operations N8).
 */
int net_run(struct net *net, struct err *err);

/*
 * One request to its end, also from within a done function while others wait:
 * it goes over a connection of its own. done is not used; *answer holds until
 * the next net_fetch() or net_close(). As net_run(), but a failure leaves
 * the other requests alone.
 */
int net_fetch(struct net *net, const struct net_request *request,
    struct net_answer *answer, struct err *err);

/* Lets no request start for so many seconds: the server is near its limit. */
void net_hold(struct net *net, unsigned seconds);

/* How the certificate of the server looked; "" and 0 before a connection. */
struct net_certificate {
	char subject[256], issuer[256];
	int64_t not_before, not_after; /* UTC seconds */
};
const struct net_certificate *net_certificate(const struct net *net);

/* Requests that were sent, tries included, and bytes of bodies, decoded. */
struct net_counts {
	uint64_t requests, retries, bytes;
};
struct net_counts net_counts(const struct net *net);

/* host[:port] of the url, for messages. */
const char *net_host(const struct net *net);

/* The library, its version and its TLS library. */
const char *net_library(void);

#endif
