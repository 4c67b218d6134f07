#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/net_url.h"

#define HOST_MAX 253 /* RFC 1035, 2.3.4 */

/* The length of a host name or of [an IPv6 address]; 0 when it is neither. */
static size_t
host_len(const char *text)
{
	const char *end;
	size_t len;

	if (text[0] == '[') {
		len = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
		return len > 2 && text[len] == ']' ? len + 1 : 0;
	}
	for (end = text; isalnum((unsigned char)*end) || *end == '-' ||
	     *end == '.' || *end == '_';)
		end++;
	len = (size_t)(end - text);
	return len > HOST_MAX || text[0] == '.' || text[0] == '-' ? 0 : len;
}

/* The length of :port, 0 when there is none, or -1 when it is not a port. */
static int
port_len(const char *text)
{
	size_t digits;
	long port;

	if (text[0] != ':')
		return 0;
	digits = strspn(text + 1, "0123456789");
	if (digits == 0 || digits > 5)
		return -1;
	port = strtol(text + 1, NULL, 10);
	return port < 1 || port > 65535 ? -1 : (int)digits + 1;
}

static bool
is_loopback(const char *name)
{
	return strcmp(name, "127.0.0.1") == 0 || strcmp(name, "[::1]") == 0 ||
	    strcasecmp(name, "localhost") == 0;
}

bool
net_url_path_ok(const char *path)
{
	const char *p;

	for (p = path; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || *p == '#')
			return false;
	return path[0] == '/';
}

/* What is wrong with the part behind scheme://, or NULL. */
static const char *
parse_rest(struct net_url *url, const char *rest)
{
	size_t name, path;
	int port;

	if (memchr(rest, '@', strcspn(rest, "/")) != NULL)
		return "holds a user or password, which has no place there";
	if (strpbrk(rest, "?#") != NULL)
		return "must end before ? and #";
	name = host_len(rest);
	if (name == 0)
		return "has no usable host name (letters, digits, - and .)";
	port = port_len(rest + name);
	if (port == -1)
		return "has no usable port (1 to 65535)";
	url->name = mem_strndup(rest, name);
	url->host = mem_strndup(rest, name + (size_t)port);
	rest += name + (size_t)port;
	if (rest[0] != '\0' && !net_url_path_ok(rest))
		return "has characters that must be written as %XX";
	for (path = strlen(rest); path > 0 && rest[path - 1] == '/';)
		path--;
	url->base = mem_printf("%s://%s%.*s", url->plain ? "http" : "https",
	    url->host, (int)path, rest);
	return NULL;
}

int
net_url_parse(
    struct net_url *url, const char *text, const char *where, struct err *err)
{
	const char *wrong = "must begin with https://";

	memset(url, 0, sizeof(*url));
	if (text == NULL)
		text = "";
	url->plain = strncasecmp(text, "http://", 7) == 0;
	if (url->plain)
		wrong = parse_rest(url, text + 7);
	else if (strncasecmp(text, "https://", 8) == 0)
		wrong = parse_rest(url, text + 8);
	if (wrong == NULL && url->plain && !is_loopback(url->name))
		wrong = "must begin with https://, for http:// shows the"
			" token to everybody on the way";
	if (wrong == NULL)
		return 0;
	net_url_free(url);
	err_set(err, EXIT_SETTINGS, "%s %s", where, wrong);
	return err_hint(err, "Write it like this: https://sis.example.org");
}

void
net_url_free(struct net_url *url)
{
	free(url->base);
	free(url->host);
	free(url->name);
	memset(url, 0, sizeof(*url));
}

/* Where the host begins: behind :// and behind user:password@. */
static const char *
authority(const char *text)
{
	const char *at, *scheme;

	scheme = strstr(text, "://");
	if (scheme != NULL && scheme < text + strcspn(text, "/?#"))
		text = scheme + 3;
	at = memrchr(text, '@', strcspn(text, "/?#"));
	return at == NULL ? text : at + 1;
}

char *
net_url_origin(const char *text)
{
	const char *host;
	size_t len;
	int port;

	if (strncasecmp(text, "https://", 8) != 0 &&
	    strncasecmp(text, "http://", 7) != 0)
		return NULL;
	host = authority(text);
	len = host_len(host);
	port = len == 0 ? -1 : port_len(host + len);
	if (port == -1)
		return NULL;
	return mem_printf("%s://%.*s",
	    strncasecmp(text, "https", 5) == 0 ? "https" : "http",
	    (int)len + port, host);
}

/* Whether one word of $no_proxy means name: itself or a domain above it. */
static bool
word_means(const char *word, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	if (len == 1 && word[0] == '*')
		return true;
	if (len > 0 && word[0] == '.') {
		word++;
		len--;
	}
	if (len == 0 || len > name_len ||
	    strncasecmp(name + name_len - len, word, len) != 0)
		return false;
	return len == name_len || name[name_len - len - 1] == '.';
}

static bool
without_proxy(const char *name)
{
	const char *list;
	size_t len;

	list = getenv("no_proxy");
	if (list == NULL)
		list = getenv("NO_PROXY");
	for (; list != NULL && *list != '\0'; list += len) {
		list += strspn(list, ", ");
		len = strcspn(list, ", ");
		if (word_means(list, len, name))
			return true;
	}
	return false;
}

/* The first of the variables that is set, in libcurl's order. */
static const char *
proxy_of_environment(void)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY",
		"all_proxy", "ALL_PROXY" };
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

char *
net_url_proxy(const struct net_url *url, const char *setting)
{
	const char *host;
	size_t len;
	int port;

	if (url->plain || (setting != NULL && strcmp(setting, "none") == 0))
		return NULL;
	if (setting == NULL)
		setting = proxy_of_environment();
	if (setting == NULL || without_proxy(url->name))
		return NULL;
	host = authority(setting);
	len = host_len(host);
	port = port_len(host + len);
	return mem_strndup(host, len + (size_t)(port < 0 ? 0 : port));
}
