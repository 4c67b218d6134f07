#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "grades/canvas_link.h"

#define BLANKS " \t"

static const char *
skip_blanks(const char *at)
{
	return at + strspn(at, BLANKS);
}

/* Whether "next" is one of the words of a rel. */
static bool
says_next(const char *words, size_t len)
{
	size_t n;

	while (len > 0) {
		n = 0;
		while (n < len && strchr(BLANKS, words[n]) == NULL)
			n++;
		if (n == 4 && strncasecmp(words, "next", 4) == 0)
			return true;
		if (n < len)
			n++;
		words += n;
		len -= n;
	}
	return false;
}

/* A parameter behind its semicolon; NULL: it cannot be read. */
static const char *
read_parameter(const char *at, bool *next)
{
	const char *name, *value;
	size_t name_len, len;

	name = at = skip_blanks(at);
	name_len = strcspn(at, "=;, \t\"<>");
	at = skip_blanks(at + name_len);
	if (*at != '=')
		return at;
	at = skip_blanks(at + 1);
	if (*at == '"') {
		value = ++at;
		while (*at != '"') {
			if (*at == '\\' && at[1] != '\0')
				at++;
			if (*at++ == '\0')
				return NULL;
		}
		len = (size_t)(at++ - value);
	} else {
		value = at;
		len = strcspn(at, ";, \t");
		at += len;
	}
	if (name_len == 3 && strncasecmp(name, "rel", 3) == 0 &&
	    says_next(value, len))
		*next = true;
	return skip_blanks(at);
}

int
canvas_link_next(const char *header, char **url)
{
	const char *at, *target;
	size_t len;
	bool next;

	*url = NULL;
	at = header + strspn(header, ", \t");
	while (*at != '\0') {
		if (*at != '<')
			goto broken;
		target = at + 1;
		len = strcspn(target, ">");
		if (target[len] != '>')
			goto broken;
		at = skip_blanks(target + len + 1);
		next = false;
		while (*at == ';') {
			at = read_parameter(at + 1, &next);
			if (at == NULL)
				goto broken;
		}
		if (*at != ',' && *at != '\0')
			goto broken;
		if (next && *url == NULL)
			*url = mem_strndup(target, len);
		at += strspn(at, ", \t");
	}
	return 0;
broken:
	free(*url);
	*url = NULL;
	return -1;
}

/* The parts of an absolute url in front of its path. */
struct origin {
	bool secure;
	const char *host; /* a user in front of it makes it another one */
	size_t len; /* of host, without the port that the scheme has anyway */
	const char *path;
};

static bool
split(const char *url, struct origin *origin)
{
	const char *port;
	size_t n;

	origin->secure = strncasecmp(url, "https://", 8) == 0;
	if (!origin->secure && strncasecmp(url, "http://", 7) != 0)
		return false;
	origin->host = url + (origin->secure ? 8 : 7);
	n = strcspn(origin->host, "/?#");
	origin->path = origin->host + n;
	port = origin->secure ? ":443" : ":80";
	if (n > strlen(port) &&
	    strncmp(origin->path - strlen(port), port, strlen(port)) == 0)
		n -= strlen(port);
	origin->len = n;
	return n > 0;
}

char *
canvas_link_path(const char *base, const char *url)
{
	struct origin own, other;
	size_t len;

	if (!split(base, &own) || !split(url, &other) ||
	    own.secure != other.secure || own.len != other.len ||
	    strncasecmp(own.host, other.host, own.len) != 0)
		return NULL;
	len = strlen(own.path);
	if (strncmp(own.path, other.path, len) != 0 || other.path[len] != '/' ||
	    strchr(other.path, '#') != NULL)
		return NULL;
	return mem_strdup(other.path + len);
}
