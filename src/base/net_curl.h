#ifndef BASE_NET_CURL_H
#define BASE_NET_CURL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/net.h"
#include "base/net_fault.h"
#include "base/net_job.h"
#include "base/net_peer.h"
#include "base/net_url.h"

/* The only file that includes libcurl's header (operations 3). */

/* Where requests go, and what was seen of it. */
struct net_server {
	struct net_options options; /* its strings are the server's own */
	struct net_url url;
	char *token;			    /* NULL: none */
	struct net_peer peer;		    /* that was refused */
	struct net_certificate certificate; /* of the last new connection */
};

/* How a try ended. */
struct net_end {
	enum net_fault fault;
	const char *text;  /* what libcurl or the system calls it; NULL */
	char *moved;	   /* to which server; NULL; the caller frees it */
	long proxy_status; /* of the way through the proxy; 0: none */
	int64_t date;	   /* the Date header, UTC seconds; 0: none */
	int64_t asked;	   /* Retry-After, seconds; 0: none */
	bool sent;	   /* something of the request has left */
};

/* Begins and ends the use of libcurl; may be nested. */
void net_curl_begin(void);
void net_curl_finish(void);

/* Requests that are driven together, CURLM of libcurl. */
void *net_curl_open(void);
void net_curl_close(void *multi);

/*
 * Starts a try of a job, over in timeout_ms at the latest. size: of the body
 * that is sent.
 */
void net_curl_start(void *multi, struct net_job *job, struct net_server *server,
    off_t size, uint64_t timeout_ms);

/* Ends a try of a job, over or not. */
void net_curl_stop(void *multi, struct net_job *job);

/* Sends and receives what can be without waiting. */
void net_curl_perform(void *multi);

/* Waits until something can be sent or received, at most so long. */
void net_curl_wait(void *multi, uint64_t ms);

/*
 * A job whose try is over and has not been returned yet, or NULL; what came
 * back is in the job, how it ended in *end.
 */
struct net_job *net_curl_ended(
    void *multi, struct net_server *server, struct net_end *end);

/* The library, its version and its TLS library. */
const char *net_curl_library(void);

#endif
