#ifndef BASE_NET_PEER_H
#define BASE_NET_PEER_H

#include <stdbool.h>

#include "base/net.h"

/* The certificate that was not trusted, as OpenSSL saw it. */
struct net_peer {
	const char *why; /* NULL: none was refused */
	bool dates;	 /* it is the dates that are wrong */
	struct net_certificate certificate;
};

/*
 * Makes connections of ctx, an SSL_CTX of OpenSSL, note in *peer which
 * certificate they refuse; what is refused stays the same (operations N1).
 */
void net_peer_watch(void *ctx, struct net_peer *peer);

#endif
