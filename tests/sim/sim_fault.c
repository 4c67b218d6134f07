#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fault.h"

/* Reads the words of one action; they are behind its name. */
typedef int action_fn(struct sim_fault *fault, struct sim_text *words);

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
do_status(struct sim_fault *fault, struct sim_text *words)
{
	unsigned long number;

	if (number_of(words[0], &number) != 0 || number < 200 || number > 599)
		return -1;
	fault->effect.status = (unsigned)number;
	return 0;
}

static int
do_header(struct sim_fault *fault, struct sim_text *words)
{
	struct sim_effect *effect = &fault->effect;

	if (effect->nheaders == SIM_HEADERS_MAX)
		return -1;
	effect->header_names[effect->nheaders] = words[0];
	effect->header_values[effect->nheaders++] = words[1];
	return 0;
}

static int
do_body(struct sim_fault *fault, struct sim_text *words)
{
	fault->effect.has_body = true;
	fault->effect.body = words[0];
	return 0;
}

static int
do_type(struct sim_fault *fault, struct sim_text *words)
{
	fault->effect.type = words[0];
	return 0;
}

static int
do_html(struct sim_fault *fault, struct sim_text *words)
{
	(void)words;
	fault->effect.html = true;
	return 0;
}

static int
do_expired(struct sim_fault *fault, struct sim_text *words)
{
	(void)words;
	fault->effect.expired = true;
	return 0;
}

static int
do_headers(struct sim_fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.bomb_headers) != 0 ||
		size_of(words[1], &fault->effect.bomb_header_bytes) != 0 ?
	    -1 :
	    0;
}

static int
do_huge(struct sim_fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.huge);
}

static int
do_gzip_bomb(struct sim_fault *fault, struct sim_text *words)
{
	if (size_of(words[0], &fault->effect.gzip_bomb) != 0)
		return -1;
	fault->effect.huge = fault->effect.gzip_bomb;
	return 0;
}

static int
do_depth(struct sim_fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.depth);
}

static int
do_before(struct sim_fault *fault, struct sim_text *words)
{
	fault->effect.before = words[0];
	return 0;
}

static int
do_behind(struct sim_fault *fault, struct sim_text *words)
{
	fault->effect.behind = words[0];
	return 0;
}

static int
do_replace(struct sim_fault *fault, struct sim_text *words)
{
	fault->effect.replaced = words[0];
	fault->effect.replacement = words[1];
	return words[0].len == 0 ? -1 : 0;
}

static int
do_delay(struct sim_fault *fault, struct sim_text *words)
{
	unsigned long number;

	if (number_of(words[0], &number) != 0 || number > UINT_MAX)
		return -1;
	fault->effect.delay_ms = (unsigned)number;
	return 0;
}

static int
do_drip(struct sim_fault *fault, struct sim_text *words)
{
	unsigned long number;

	if (size_of(words[0], &fault->effect.drip_bytes) != 0 ||
	    number_of(words[1], &number) != 0 || number > UINT_MAX)
		return -1;
	fault->effect.drip_ms = (unsigned)number;
	return 0;
}

static int
do_cut(struct sim_fault *fault, struct sim_text *words)
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
do_reset(struct sim_fault *fault, struct sim_text *words)
{
	fault->effect.reset = true;
	return size_of(words[0], &fault->effect.reset_at);
}

static int
do_no_answer(struct sim_fault *fault, struct sim_text *words)
{
	(void)words;
	fault->effect.no_answer = true;
	return 0;
}

static int
do_page_max(struct sim_fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.page_max);
}

static int
do_count(struct sim_fault *fault, struct sim_text *words)
{
	char *end;

	fault->effect.count_shift = strtol(words[0].bytes, &end, 10);
	return *end != '\0' || words[0].len == 0 ? -1 : 0;
}

static int
do_short(struct sim_fault *fault, struct sim_text *words)
{
	return size_of(words[0], &fault->effect.short_by);
}

static int
do_omit(struct sim_fault *fault, struct sim_text *words)
{
	fault->effect.omits = true;
	return size_of(words[0], &fault->effect.omitted);
}

static int
do_twice(struct sim_fault *fault, struct sim_text *words)
{
	fault->effect.repeats = true;
	return size_of(words[0], &fault->effect.repeated);
}

static int
change_rows(
    struct sim_fault *fault, struct sim_text *words, enum sim_change change)
{
	size_t n;
	int id;

	n = fault->nchanges;
	id = sim_table_find(words[0].bytes, words[0].len);
	if (n == SIM_CHANGES_MAX || id < 0 ||
	    size_of(words[1], &fault->changes[n].at) != 0)
		return -1;
	fault->changes[n].change = change;
	fault->changes[n].table = (enum sim_table_id)id;
	fault->nchanges++;
	return 0;
}

static int
do_insert(struct sim_fault *fault, struct sim_text *words)
{
	return change_rows(fault, words, SIM_INSERT_ROW);
}

static int
do_delete(struct sim_fault *fault, struct sim_text *words)
{
	return change_rows(fault, words, SIM_DELETE_ROW);
}

static int
do_duplicate(struct sim_fault *fault, struct sim_text *words)
{
	return change_rows(fault, words, SIM_REPEAT_ROW);
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
read_which(struct sim_fault *fault, struct sim_text word)
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

const char *
sim_fault_read(struct sim_fault *fault, struct sim_text *words, size_t nwords)
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
