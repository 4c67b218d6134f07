#ifndef BASE_NET_URL_H
#define BASE_NET_URL_H

#include <stdbool.h>

#include "base/err.h"

/* The address of a server as a setting gives it, taken apart. */
struct net_url {
	char *base; /* scheme://host[:port][/path], no slash at its end */
	char *host; /* host[:port] */
	char *name; /* host */
	bool plain; /* http:// to this computer itself */
};

/*
 * Takes apart https://host[:port][/path]; http:// is for 127.0.0.1, [::1] and
 * localhost alone. A user, a password, ? and # are refused and never shown.
 * where names the setting. 0, or -1 with EXIT_SETTINGS (operations 3).
 */
int net_url_parse(
    struct net_url *url, const char *text, const char *where, struct err *err);

/* Frees the parts. */
void net_url_free(struct net_url *url);

/*
 * The scheme, host and port of an address that a server sent, without user,
 * path and query; NULL when it is none. The caller frees it.
 */
char *net_url_origin(const char *text);

/*
 * host[:port] of the proxy that libcurl will use for url, without its user and
 * password; NULL when it uses none. setting: a proxy, "none", or NULL for what
 * the environment says. The caller frees it.
 */
char *net_url_proxy(const struct net_url *url, const char *setting);

/* Whether path begins with / and holds visible ASCII only, without #. */
bool net_url_path_ok(const char *path);

#endif
