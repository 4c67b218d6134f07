#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "sim_canvas.h"

#define PARTS_MAX 8
#define BOOKMARK "bookmark:"

bool
sim_lms_asked(const struct sim_ask *ask, const char *name, const char *value)
{
	const struct sim_request *request = ask->request;
	size_t i;

	for (i = 0; i < request->narguments; i++) {
		if (strcmp(request->arguments[i].name, name) == 0 &&
		    strcmp(request->arguments[i].value, value) == 0)
			return true;
	}
	return false;
}

bool
sim_lms_has(const struct sim_ask *ask, const char *name)
{
	return sim_argument(ask->request, name) != NULL;
}

static void
refuse_token(struct sim_answer *answer, const char *message)
{
	sim_answer_json(
	    answer, 401, "{\"errors\":[{\"message\":\"%s\"}]}", message);
	sim_answer_header(
	    answer, "WWW-Authenticate", "Bearer realm=\"canvas-lms\"");
}

static void
no_such_thing(struct sim_answer *answer)
{
	sim_answer_json(answer, 404,
	    "{\"errors\":[{\"message\":\"The specified resource does not"
	    " exist.\"}]}");
}

static bool
right_token(const struct sim_canvas *canvas, const struct sim_request *request,
    struct sim_answer *answer)
{
	if (strncasecmp(request->authorization, "Bearer ", 7) != 0) {
		refuse_token(answer, "user authorization required");
		return false;
	}
	if (canvas->token[0] != '\0' &&
	    strcmp(request->authorization + 7, canvas->token) == 0)
		return true;
	refuse_token(answer, "Invalid access token.");
	return false;
}

/* Lets flow off what has flown off by now, and pours in the cost. */
static bool
too_many(struct sim_canvas *canvas)
{
	int64_t now;
	bool full;

	if (canvas->cost <= 0)
		return false;
	now = sim_now_ms();
	canvas->bucket -= (double)(now - canvas->bucket_ms) / 1000 *
	    canvas->outflow;
	canvas->bucket_ms = now;
	if (canvas->bucket < 0)
		canvas->bucket = 0;
	full = canvas->bucket >= canvas->bucket_size;
	if (!full)
		canvas->bucket += canvas->cost;
	return full;
}

static void
say_limit(const struct sim_canvas *canvas, bool full, struct sim_answer *answer)
{
	char text[32];

	if (full) {
		sim_answer_json(
		    answer, 403, "403 Forbidden (Rate Limit Exceeded)\n");
		answer->type = "text/plain; charset=utf-8";
		sim_answer_header(answer, "X-Rate-Limit-Remaining", "0.0");
		return;
	}
	snprintf(text, sizeof(text), "%.6f", canvas->cost);
	sim_answer_header(answer, "X-Request-Cost", text);
	snprintf(
	    text, sizeof(text), "%.6f", canvas->bucket_size - canvas->bucket);
	sim_answer_header(answer, "X-Rate-Limit-Remaining", text);
}

/* One page of a list. */
struct page {
	size_t first, size, count;
};

static struct page
page_of(
    const struct sim_canvas *canvas, const struct sim_ask *ask, size_t count)
{
	const char *text;
	struct page page = { .count = count };
	size_t max, number;

	max = ask->request->effect.page_max > 0 ?
	    ask->request->effect.page_max :
	    canvas->page_max;
	page.size = sim_argument_number(
	    ask->request, "per_page", canvas->page_default);
	if (page.size == 0 || page.size > max)
		page.size = page.size == 0 ? canvas->page_default : max;
	text = sim_argument(ask->request, "page");
	if (text != NULL && strncmp(text, BOOKMARK, strlen(BOOKMARK)) == 0) {
		page.first = strtoul(text + strlen(BOOKMARK), NULL, 16);
	} else {
		number = sim_argument_number(ask->request, "page", 1);
		page.first = number < 2 ? 0 : (number - 1) * page.size;
	}
	if (page.first > count)
		page.first = count;
	return page;
}

/* Adds <url>; rel="..." for the page that begins at first. */
static void
add_link(struct buf *link, const struct sim_canvas *canvas,
    const struct sim_ask *ask, const struct page *page, size_t first,
    const char *rel)
{
	const char *at, *end;
	size_t path;

	path = strcspn(ask->request->uri, "?");
	buf_printf(link, "%s<https://%s%.*s?", link->len > 0 ? "," : "",
	    ask->request->host, (int)path, ask->request->uri);
	at = ask->request->uri + path;
	while (*at != '\0') {
		at++;
		end = at + strcspn(at, "&");
		if (strncmp(at, "page=", 5) != 0 &&
		    strncmp(at, "per_page=", 9) != 0 &&
		    strncmp(at, "access_token=", 13) != 0)
			buf_printf(link, "%.*s&", (int)(end - at), at);
		at = end;
	}
	if (canvas->bookmarks && strcmp(rel, "first") != 0)
		buf_printf(link, "page=" BOOKMARK "%08zx", first);
	else
		buf_printf(link, "page=%zu", first / page->size + 1);
	buf_printf(link, "&per_page=%zu>; rel=\"%s\"", page->size, rel);
}

static void
say_pages(const struct sim_canvas *canvas, const struct sim_ask *ask,
    const struct page *page, struct sim_answer *answer)
{
	struct buf link = { 0 };
	size_t last;

	add_link(&link, canvas, ask, page, page->first, "current");
	if (page->first + page->size < page->count)
		add_link(
		    &link, canvas, ask, page, page->first + page->size, "next");
	if (page->first >= page->size && !canvas->bookmarks)
		add_link(
		    &link, canvas, ask, page, page->first - page->size, "prev");
	add_link(&link, canvas, ask, page, 0, "first");
	last = page->count == 0 ? 0 :
				  (page->count - 1) / page->size * page->size;
	if (!canvas->no_last && !canvas->bookmarks)
		add_link(&link, canvas, ask, page, last, "last");
	sim_answer_header(answer, "Link", buf_str(&link));
	buf_free(&link);
}

static void
answer_list(const struct sim_canvas *canvas, const struct sim_ask *ask,
    size_t count, struct sim_answer *answer)
{
	const struct sim_effect *effect = &ask->request->effect;
	struct page page;
	size_t i, end;

	sim_answer_json(answer, 200, "[");
	page = page_of(canvas, ask, count);
	end = page.first + page.size < count ? page.first + page.size : count;
	for (i = page.first; i < end; i++) {
		if (effect->omits && i - page.first == effect->omitted)
			continue;
		if (answer->text.len > 1)
			buf_addc(&answer->text, ',');
		canvas->lms->put(canvas->lms_data, ask, i, &answer->text);
		if (effect->repeats && i - page.first == effect->repeated) {
			buf_addc(&answer->text, ',');
			canvas->lms->put(
			    canvas->lms_data, ask, i, &answer->text);
		}
	}
	buf_addc(&answer->text, ']');
	say_pages(canvas, ask, &page, answer);
}

/* What the path asks for; false: there is no such page. */
static bool
read_path(
    struct sim_ask *ask, const struct sim_part *parts, size_t nparts, char **id)
{
	static const struct {
		const char *under, *name, *more;
		enum lms_kind kind;
	} paths[] = {
		{ "accounts", "courses", NULL, LMS_COURSES },
		{ "courses", NULL, NULL, LMS_COURSE },
		{ "courses", "sections", NULL, LMS_SECTIONS },
		{ "courses", "assignment_groups", NULL, LMS_GROUPS },
		{ "courses", "assignments", NULL, LMS_ASSIGNMENTS },
		{ "courses", "enrollments", NULL, LMS_ENROLLMENTS },
		{ "sections", "students", "submissions", LMS_SUBMISSIONS },
	};
	size_t i, want;

	if (nparts < 4 || !sim_part_is(parts[0], "api") ||
	    !sim_part_is(parts[1], "v1"))
		return false;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		want = paths[i].more != NULL ? 6 :
		    paths[i].name != NULL    ? 5 :
					       4;
		if (nparts != want || !sim_part_is(parts[2], paths[i].under) ||
		    (want > 4 && !sim_part_is(parts[4], paths[i].name)) ||
		    (want > 5 && !sim_part_is(parts[5], paths[i].more)))
			continue;
		ask->kind = paths[i].kind;
		*id = mem_strndup(parts[3].text, parts[3].len);
		ask->id = *id;
		return true;
	}
	return false;
}

static void
answer_ask(const struct sim_canvas *canvas, struct sim_ask *ask,
    struct sim_answer *answer)
{
	long count;

	count = canvas->lms->count(canvas->lms_data, ask);
	if (count < 0) {
		no_such_thing(answer);
	} else if (ask->kind == LMS_COURSE) {
		sim_answer_json(answer, 200, "%s", "");
		canvas->lms->put(canvas->lms_data, ask, 0, &answer->text);
	} else if (ask->kind == LMS_SUBMISSIONS &&
	    (!sim_lms_has(ask, "student_ids[]") ||
		!sim_lms_has(ask, "grouped"))) {
		sim_answer_json(answer, 400,
		    "{\"errors\":[{\"message\":\"this server knows"
		    " student_ids[] and grouped only\"}]}");
	} else {
		answer_list(canvas, ask, (size_t)count, answer);
	}
	free(ask->items);
}

static void
answer_any(struct sim_server *server, const struct sim_request *request,
    struct sim_answer *answer, bool *auth_right)
{
	struct sim_canvas *canvas = server->data;
	struct sim_part parts[PARTS_MAX];
	struct sim_ask ask = { .request = request, .no_sis = canvas->no_sis };
	size_t nparts;
	char *id = NULL;
	bool full;

	*auth_right = right_token(canvas, request, answer);
	if (!*auth_right)
		return;
	full = too_many(canvas);
	nparts = sim_path_parts(request->path, parts, PARTS_MAX);
	ask.text_ids = strstr(request->accept,
			   "application/json+canvas-string-ids") != NULL;
	if (!full && read_path(&ask, parts, nparts, &id))
		answer_ask(canvas, &ask, answer);
	else if (!full)
		no_such_thing(answer);
	answer->type = "application/json; charset=utf-8";
	if (canvas->cost > 0)
		say_limit(canvas, full, answer);
	free(id);
}

static void
expire(struct sim_server *server, struct sim_answer *answer)
{
	struct sim_canvas *canvas = server->data;

	canvas->token[0] = '\0';
	refuse_token(answer, "Invalid access token.");
}

const struct sim_product sim_canvas = { .program = "sim_canvas",
	.closed = "<!DOCTYPE html>\n<html><head><title>Canvas</title></head>"
		  "<body><h1>Canvas is down for maintenance</h1></body>"
		  "</html>\n",
	.answer = answer_any,
	.expire = expire };
