#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim_request.h"

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at;

	at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)(at - digits) % 16;
}

static char *
decoded(const char *text, size_t len, bool plus)
{
	char *copy, *at;
	size_t i;

	at = copy = mem_alloc(len + 1);
	for (i = 0; i < len; i++) {
		if (text[i] == '%' && i + 2 < len &&
		    hex_digit(text[i + 1]) >= 0 &&
		    hex_digit(text[i + 2]) >= 0) {
			*at++ = (char)(hex_digit(text[i + 1]) * 16 +
			    hex_digit(text[i + 2]));
			i += 2;
		} else {
			*at++ = text[i] == '+' && plus ? ' ' : text[i];
		}
	}
	*at = '\0';
	return copy;
}

void
sim_request_init(
    struct sim_request *request, const char *method, const char *uri)
{
	const char *query, *end, *equal;
	size_t n;

	*request = (struct sim_request){ 0 };
	request->method = mem_strdup(method);
	request->uri = mem_strdup(uri);
	query = strchr(uri, '?');
	request->path = decoded(
	    uri, query == NULL ? strlen(uri) : (size_t)(query - uri), false);
	while (query != NULL && request->narguments < SIM_ARGUMENTS_MAX) {
		query++;
		end = strchr(query, '&');
		n = end == NULL ? strlen(query) : (size_t)(end - query);
		equal = memchr(query, '=', n);
		if (equal != NULL) {
			request->arguments[request->narguments].name = decoded(
			    query, (size_t)(equal - query), true);
			request->arguments[request->narguments++]
			    .value = decoded(
			    equal + 1, n - (size_t)(equal + 1 - query), true);
		}
		query = end;
	}
}

void
sim_request_free(struct sim_request *request)
{
	size_t i;

	for (i = 0; i < request->narguments; i++) {
		free(request->arguments[i].name);
		free(request->arguments[i].value);
	}
	free(request->method);
	free(request->uri);
	free(request->path);
	free(request->authorization);
	free(request->host);
	free(request->accept);
	free(request->accept_encoding);
	free(request->content_type);
	buf_free(&request->body);
}

const char *
sim_argument(const struct sim_request *request, const char *name)
{
	size_t i;

	for (i = 0; i < request->narguments; i++) {
		if (strcmp(request->arguments[i].name, name) == 0)
			return request->arguments[i].value;
	}
	return NULL;
}

size_t
sim_argument_number(
    const struct sim_request *request, const char *name, size_t otherwise)
{
	const char *text;
	char *end;
	unsigned long number;

	text = sim_argument(request, name);
	if (text == NULL || *text < '0' || *text > '9')
		return otherwise;
	number = strtoul(text, &end, 10);
	return *end == '\0' ? number : otherwise;
}

size_t
sim_path_parts(const char *path, struct sim_part *parts, size_t max)
{
	size_t n;

	n = 0;
	while (*path != '\0' && n < max) {
		path += strspn(path, "/");
		if (*path == '\0')
			break;
		parts[n] = (struct sim_part){ path, strcspn(path, "/") };
		path += parts[n++].len;
	}
	return n;
}

bool
sim_part_is(struct sim_part part, const char *text)
{
	return strlen(text) == part.len &&
	    memcmp(part.text, text, part.len) == 0;
}
