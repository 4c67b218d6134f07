#ifndef BASE_NET_FAULT_H
#define BASE_NET_FAULT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/net.h"

/* Why a try came to nothing. */
enum net_fault {
	NET_OK,
	NET_NO_NAME,	   /* the host's name is not known */
	NET_NO_PROXY_NAME, /* the proxy's is not */
	NET_NO_CONNECTION,
	NET_PROXY_REFUSED, /* the way through the proxy */
	NET_TIMEOUT,
	NET_CUT,  /* the connection broke off */
	NET_BUSY, /* a status that may pass */
	NET_REDIRECT,
	NET_CERTIFICATE,
	NET_TLS, /* no common version */
	NET_CA_FILE,
	NET_LONG_HEADER,
	NET_NOT_HTTP,
	NET_BROKEN /* anything else */
};

/* What a failure is told from. */
struct net_failure {
	enum net_fault fault;
	const char *host;
	const char *proxy;   /* NULL: none */
	const char *where;   /* the setting of the url */
	const char *ca_file; /* NULL: the system's */
	const char *undone;  /* what was not done; NULL */
	const char *text;    /* what the library calls it, or where the server
			      * has moved to; NULL */
	const struct net_certificate *certificate; /* refused; NULL */
	bool other_name;     /* the certificate is another server's */
	bool dates;	     /* it is not valid now */
	int64_t skew;	     /* the server's clock minus ours, seconds */
	enum exit_code code; /* of what no retry mends */
	long status;	     /* of the answer, of the proxy's for
				  * NET_PROXY_REFUSED */
	unsigned tries;
	bool lost;  /* the request may have been carried out */
	bool spent; /* there is no time left to try again */
};

/* Whether trying again may help. */
bool net_fault_passes(enum net_fault fault);

/* Tells a failure; nothing of headers, bodies and paths is in it. -1. */
int net_fault_tell(const struct net_failure *failure, struct err *err);

/* The same in a few words, for the log. */
const char *net_fault_name(enum net_fault fault);

#endif
