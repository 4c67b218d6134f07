#include <stdio.h>
#include <string.h>

#include "sim_metadata.h"
#include "sim_oauth.h"
#include "sim_query.h"
#include "sim_schema.h"
#include "sim_server.h"
#include "sim_v1.h"
#include "sim_xml.h"

#define PARTS_MAX 8

/* Whether the request came too soon; the answer names the seconds to wait. */
static bool
too_soon(struct sim_server *server, struct sim_answer *answer)
{
	int64_t now, wait_ms;
	char seconds[32];

	now = sim_now_ms();
	wait_ms = server->last_request_ms + server->options.min_interval_ms -
	    now;
	server->last_request_ms = now;
	if (server->options.min_interval_ms == 0 || wait_ms <= 0)
		return false;
	snprintf(seconds, sizeof(seconds), "%lld",
	    (long long)((wait_ms + 999) / 1000));
	sim_answer_json(answer, 429,
	    "{\"message\":\"Too many requests. Try again in %s seconds.\"}",
	    seconds);
	sim_answer_header(answer, "Retry-After", seconds);
	return true;
}

static void
no_such_page(struct sim_answer *answer)
{
	sim_answer_json(answer, 404,
	    "<!DOCTYPE html>\n<html><head><title>Page Not Found</title></head>"
	    "<body><h1>Page Not Found</h1></body></html>\n");
	answer->type = "text/html;charset=UTF-8";
}

static void
answer_v1(struct sim_server *server, const struct sim_request *request,
    const struct sim_part *parts, size_t nparts, struct sim_answer *answer,
    bool *auth_right)
{
	/* These two are open to all. */
	if (nparts == 3 && sim_part_is(parts[2], "metadata")) {
		sim_metadata(server, answer);
		return;
	}
	if (nparts == 3 && sim_part_is(parts[2], "time")) {
		sim_time(answer);
		return;
	}
	*auth_right = sim_oauth_check(server, request, answer);
	if (!*auth_right || too_soon(server, answer))
		return;
	if (!server->options.v1)
		sim_answer_v1_message(answer, 401,
		    "Plugin is missing required accessLevelV1Api READ "
		    "permission");
	else
		sim_v1(server, request, parts, nparts, answer);
}

static void
answer_schema(struct sim_server *server, const struct sim_request *request,
    const struct sim_part *parts, size_t nparts, struct sim_answer *answer,
    bool *auth_right)
{
	*auth_right = sim_oauth_check(server, request, answer);
	if (!*auth_right || too_soon(server, answer))
		return;
	if (sim_part_is(parts[2], "table"))
		sim_schema_table(server, request, parts, nparts, answer);
	else if (sim_part_is(parts[2], "query"))
		sim_query(server, request, parts, nparts, answer);
	else
		sim_answer_message(answer, 404, "Resource not found");
}

static void
answer_any(struct sim_server *server, const struct sim_request *request,
    struct sim_answer *answer, bool *auth_right)
{
	struct sim_part parts[PARTS_MAX];
	size_t nparts;

	*auth_right = false;
	nparts = sim_path_parts(request->path, parts, PARTS_MAX);
	if (nparts == 2 && sim_part_is(parts[0], "oauth") &&
	    sim_part_is(parts[1], "access_token"))
		*auth_right = sim_oauth_token(server, request, answer);
	else if (nparts > 2 && sim_part_is(parts[0], "ws") &&
	    sim_part_is(parts[1], "schema"))
		answer_schema(
		    server, request, parts, nparts, answer, auth_right);
	else if (nparts > 2 && sim_part_is(parts[0], "ws") &&
	    sim_part_is(parts[1], "v1")) {
		answer_v1(server, request, parts, nparts, answer, auth_right);
		if (strstr(request->accept, "json") == NULL)
			sim_xml_convert(answer);
	} else {
		no_such_page(answer);
	}
}

static void
expire(struct sim_server *server, struct sim_answer *answer)
{
	*server->token = '\0';
	sim_oauth_expired(answer);
}

const struct sim_product sim_powerschool = { .program = "sim_powerschool",
	.closed = "<!DOCTYPE html>\n<html><head><title>PowerSchool</title>"
		  "</head><body><h1>PowerSchool is down for maintenance"
		  "</h1></body></html>\n",
	.answer = answer_any,
	.expire = expire };
