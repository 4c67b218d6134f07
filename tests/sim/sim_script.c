#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "sim_file.h"
#include "sim_script.h"
#include "sim_words.h"

#define CHANGES_MAX 4 /* of rows, in one line */

enum change { INSERT_ROW, DELETE_ROW, REPEAT_ROW };

/* One line. */
struct fault {
	char *method, *pattern;
	unsigned long first, last; /* which of those that match */
	unsigned long matched;
	struct sim_effect effect;
	struct {
		enum change change;
		enum sim_table_id table;
		size_t at;
	} changes[CHANGES_MAX];
	size_t nchanges;
	char *words; /* that the texts of effect lie in */
};

struct sim_script {
	struct fault *faults;
	size_t count, cap;
};

/* Reads the words of one action; they are behind its name. */
typedef int action_fn(struct fault *fault, struct sim_text *words);

static int
number_of(struct sim_text word, unsigned long *number)
{
	char *end;

	if (word.len == 0 || word.bytes[0] < '0' || word.bytes[0] > '9')
		return -1;
	*number = strtoul(word.bytes, &end, 10);
	return *end == '\0' ? 0 : -1;
}

static int
size_of(struct sim_text word, size_t *size)
{
	unsigned long number;

	if (number_of(word, &number) != 0)
		return -1;
	*size = number;
	return 0;
}

static int
do_status(struct fault *fault, struct sim_text *words)
{
	unsigned long number;

	if (number_of(words[0], &number) != 0 || number < 200 || number > 599)
		return -1;
	fault->effect.status = (unsigned)number;
	return 0;
}

static int
do_header(struct fault *fault, struct sim_text *words)
{
	struct sim_effect *effect = &fault->effect;

	if (effect->nheaders == SIM_HEADERS_MAX)
		return -1;
	effect->header_names[effect->nheaders] = words[0];
	effect->header_values[effect->nheaders++] = words[1];
	return 0;
}

static int
do_body(struct fault *fault, struct sim_text *words)
{
	fault->effect.has_body = true;
	fault->effect.body = words[0];
	return 0;
}

static int
do_type(struct fault *fault, struct sim_text *words)
{
	fault->effect.type = words[0];
	return 0;
}

static int
do_html(struct fault *fault, struct sim_text *words)
{
	(void)words;
	fault->effect.html = true;
	return 0;
}

static int
do_expired(struct fault *fault, struct sim_text *words)
{
	(void)words;
	fault->effect.expired = true;
	return 0;
}

static int
do_headers(struct fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.bomb_headers) != 0 ||
		size_of(words[1], &fault->effect.bomb_header_bytes) != 0 ?
	    -1 :
	    0;
}

static int
do_huge(struct fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.huge);
}

static int
do_gzip_bomb(struct fault *fault, struct sim_text *words)
{
	if (size_of(words[0], &fault->effect.gzip_bomb) != 0)
		return -1;
	fault->effect.huge = fault->effect.gzip_bomb;
	return 0;
}

static int
do_depth(struct fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.depth);
}

static int
do_before(struct fault *fault, struct sim_text *words)
{
	fault->effect.before = words[0];
	return 0;
}

static int
do_behind(struct fault *fault, struct sim_text *words)
{
	fault->effect.behind = words[0];
	return 0;
}

static int
do_replace(struct fault *fault, struct sim_text *words)
{
	fault->effect.replaced = words[0];
	fault->effect.replacement = words[1];
	return words[0].len == 0 ? -1 : 0;
}

static int
do_delay(struct fault *fault, struct sim_text *words)
{
	unsigned long number;

	if (number_of(words[0], &number) != 0 || number > UINT_MAX)
		return -1;
	fault->effect.delay_ms = (unsigned)number;
	return 0;
}

static int
do_drip(struct fault *fault, struct sim_text *words)
{
	unsigned long number;

	if (size_of(words[0], &fault->effect.drip_bytes) != 0 ||
	    number_of(words[1], &number) != 0 || number > UINT_MAX)
		return -1;
	fault->effect.drip_ms = (unsigned)number;
	return 0;
}

static int
do_cut(struct fault *fault, struct sim_text *words)
{
	static const char *const ways[] = { [SIM_CUT_LENGTH] = "length",
		[SIM_CUT_CHUNKED] = "chunked",
		[SIM_CUT_CLOSE] = "close" };
	unsigned i;

	for (i = SIM_CUT_LENGTH; i <= SIM_CUT_CLOSE; i++) {
		if (strcmp(words[0].bytes, ways[i]) == 0)
			fault->effect.cut = (enum sim_cut)i;
	}
	return fault->effect.cut == SIM_WHOLE ?
	    -1 :
	    size_of(words[1], &fault->effect.cut_at);
}

static int
do_reset(struct fault *fault, struct sim_text *words)
{
	fault->effect.reset = true;
	return size_of(words[0], &fault->effect.reset_at);
}

static int
do_no_answer(struct fault *fault, struct sim_text *words)
{
	(void)words;
	fault->effect.no_answer = true;
	return 0;
}

static int
do_page_max(struct fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.page_max);
}

static int
do_count(struct fault *fault, struct sim_text *words)
{
	char *end;

	fault->effect.count_shift = strtol(words[0].bytes, &end, 10);
	return *end != '\0' || words[0].len == 0 ? -1 : 0;
}

static int
do_short(struct fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.short_by);
}

static int
do_omit(struct fault *fault, struct sim_text *words)
{
	fault->effect.omits = true;
	return size_of(words[0], &fault->effect.omitted);
}

static int
do_twice(struct fault *fault, struct sim_text *words)
{
	fault->effect.repeats = true;
	return size_of(words[0], &fault->effect.repeated);
}

static int
change_rows(struct fault *fault, struct sim_text *words, enum change change)
{
	size_t n;
	int id;

	n = fault->nchanges;
	id = sim_table_find(words[0].bytes, words[0].len);
	if (n == CHANGES_MAX || id < 0 ||
	    size_of(words[1], &fault->changes[n].at) != 0)
		return -1;
	fault->changes[n].change = change;
	fault->changes[n].table = (enum sim_table_id)id;
	fault->nchanges++;
	return 0;
}

static int
do_insert(struct fault *fault, struct sim_text *words)
{
	return change_rows(fault, words, INSERT_ROW);
}

static int
do_delete(struct fault *fault, struct sim_text *words)
{
	return change_rows(fault, words, DELETE_ROW);
}

static int
do_duplicate(struct fault *fault, struct sim_text *words)
{
	return change_rows(fault, words, REPEAT_ROW);
}

/* THE TABLE of what a line can do; README.md explains each. */
static const struct {
	const char *name;
	size_t nwords;
	action_fn *read;
} actions[] = {
	{ "status", 1, do_status },
	{ "header", 2, do_header },
	{ "body", 1, do_body },
	{ "type", 1, do_type },
	{ "html", 0, do_html },
	{ "expired", 0, do_expired },
	{ "headers", 2, do_headers },
	{ "huge", 1, do_huge },
	{ "gzip-bomb", 1, do_gzip_bomb },
	{ "depth", 1, do_depth },
	{ "before", 1, do_before },
	{ "behind", 1, do_behind },
	{ "replace", 2, do_replace },
	{ "delay", 1, do_delay },
	{ "drip", 2, do_drip },
	{ "cut", 2, do_cut },
	{ "reset", 1, do_reset },
	{ "no-answer", 0, do_no_answer },
	{ "page-max", 1, do_page_max },
	{ "count", 1, do_count },
	{ "short", 1, do_short },
	{ "omit", 1, do_omit },
	{ "twice", 1, do_twice },
	{ "insert", 2, do_insert },
	{ "delete", 2, do_delete },
	{ "duplicate", 2, do_duplicate },
};

#define NACTIONS (sizeof(actions) / sizeof(actions[0]))

/* every, 3, 3-5 or 3- */
static int
read_which(struct fault *fault, struct sim_text word)
{
	char *end;

	fault->first = 1;
	fault->last = ULONG_MAX;
	if (strcmp(word.bytes, "every") == 0)
		return 0;
	fault->first = fault->last = strtoul(word.bytes, &end, 10);
	if (fault->first == 0)
		return -1;
	if (*end == '-') {
		fault->last = ULONG_MAX;
		if (*++end != '\0')
			fault->last = strtoul(end, &end, 10);
	}
	return *end == '\0' ? 0 : -1;
}

/* Reads the words of a line; returns the one that is wrong, NULL: none. */
static const char *
read_fault(struct fault *fault, struct sim_text *words, size_t nwords)
{
	size_t i, a;

	if (nwords < 4)
		return "a line has a method, a path, which of them and what";
	fault->method = words[0].bytes;
	fault->pattern = words[1].bytes;
	if (read_which(fault, words[2]) != 0)
		return words[2].bytes;
	for (i = 3; i < nwords; i += 1 + actions[a].nwords) {
		for (a = 0; a < NACTIONS; a++) {
			if (strcmp(actions[a].name, words[i].bytes) == 0)
				break;
		}
		if (a == NACTIONS || i + actions[a].nwords >= nwords ||
		    actions[a].read(fault, words + i + 1) != 0)
			return words[i].bytes;
	}
	return NULL;
}

struct sim_script *
sim_script_read(const char *path, struct err *err)
{
	struct sim_script *script;
	struct sim_text words[SIM_WORDS_MAX];
	struct fault fault;
	const char *wrong;
	char *text, *line, *next;
	unsigned number;
	size_t nwords;

	text = sim_file_read(path, err);
	if (text == NULL)
		return NULL;
	script = mem_zalloc(1, sizeof(*script));
	number = 0;
	wrong = NULL;
	for (line = text; *line != '\0' && wrong == NULL; line = next) {
		next = line + strcspn(line, "\n");
		if (*next != '\0')
			*next++ = '\0';
		number++;
		fault = (struct fault){ .words = mem_strdup(line) };
		nwords = sim_words(fault.words, words);
		if (nwords == 0) {
			free(fault.words);
			continue;
		}
		wrong = read_fault(&fault, words, nwords);
		if (wrong != NULL)
			err_set(
			    err, EXIT_USAGE, "%s:%u: %s", path, number, wrong);
		script->faults = mem_grow(script->faults, script->count,
		    &script->cap, sizeof(*script->faults));
		script->faults[script->count++] = fault;
	}
	free(text);
	if (wrong == NULL)
		return script;
	sim_script_free(script);
	return NULL;
}

void
sim_script_free(struct sim_script *script)
{
	size_t i;

	if (script == NULL)
		return;
	for (i = 0; i < script->count; i++)
		free(script->faults[i].words);
	free(script->faults);
	free(script);
}

static bool
matches(struct fault *fault, const struct sim_request *request)
{
	bool like;

	if (strcmp(fault->method, "*") != 0 &&
	    strcmp(fault->method, request->method) != 0)
		return false;
	if (strchr(fault->pattern, '*') != NULL)
		like = fnmatch(fault->pattern, request->uri, 0) == 0;
	else
		like = strncmp(fault->pattern, request->uri,
			   strlen(fault->pattern)) == 0;
	if (!like)
		return false;
	fault->matched++;
	return fault->matched >= fault->first && fault->matched <= fault->last;
}

static void
change(struct sim_server *server, const struct fault *fault)
{
	struct sim_district *district = &server->district;
	size_t i, at;
	enum sim_table_id table;
	int rc;

	for (i = 0; i < fault->nchanges; i++) {
		at = fault->changes[i].at;
		table = fault->changes[i].table;
		if (fault->changes[i].change == INSERT_ROW)
			rc = sim_insert_row(district, table, at);
		else if (fault->changes[i].change == DELETE_ROW)
			rc = sim_delete_row(district, table, at);
		else
			rc = sim_repeat_row(district, table, at);
		if (rc != 0)
			fprintf(stderr, "%s: %s has no row %zu to change\n",
			    server->product->program, sim_tables[table].name,
			    at);
	}
}

/* The first line that fits is the one that acts; all count their matches. */
void
sim_script_apply(struct sim_server *server, struct sim_request *request)
{
	struct fault *acting, *fault;
	size_t i;

	if (server->script == NULL)
		return;
	acting = NULL;
	for (i = 0; i < server->script->count; i++) {
		fault = &server->script->faults[i];
		if (matches(fault, request) && acting == NULL)
			acting = fault;
	}
	if (acting == NULL)
		return;
	request->effect = acting->effect;
	change(server, acting);
}

void
sim_script_answer(struct sim_server *server, const struct sim_effect *effect,
    struct sim_answer *answer)
{
	if (effect->expired)
		server->product->expire(server, answer);
	if (effect->html) {
		sim_answer_json(answer, 200, "%s", server->product->closed);
		answer->type = "text/html;charset=UTF-8";
	}
	if (effect->status != 0 && !effect->has_body && effect->status != 200)
		sim_answer_json(answer, effect->status, "%s", "");
	if (effect->has_body) {
		sim_answer_json(answer, 200, "%s", "");
		buf_add(&answer->text, effect->body.bytes, effect->body.len);
	}
	if (effect->status != 0)
		answer->status = effect->status;
}
