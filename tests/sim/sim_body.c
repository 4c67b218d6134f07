#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "sim_body.h"

#define PIECE ((size_t)128 << 10) /* made at a time */
#define SHORT_ROWS 2000		  /* that many are made at once */
#define FILL_MAX ((size_t)1 << 20)

struct sim_body {
	struct sim_answer *answer;
	const struct sim_effect *effect;
	struct buf raw;	  /* made, not yet packed */
	struct buf ready; /* what goes out next, from sent on */
	size_t sent;
	size_t row;	/* the next one */
	size_t padding; /* blanks of a huge body that are to come */
	bool begun, replaced, ended; /* ended: all is in ready */
	bool packs;
	z_stream zip;
};

struct sim_body *
sim_body_new(
    struct sim_answer *answer, const struct sim_effect *effect, int gzip_level)
{
	struct sim_body *body;

	body = mem_zalloc(1, sizeof(*body));
	body->answer = answer;
	body->effect = effect;
	body->padding = effect->huge;
	if (gzip_level > 0) {
		body->packs = true;
		if (deflateInit2(&body->zip, gzip_level, Z_DEFLATED,
			MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
			abort();
	}
	return body;
}

void
sim_body_free(struct sim_body *body)
{
	if (body == NULL)
		return;
	if (body->packs)
		deflateEnd(&body->zip);
	buf_free(&body->raw);
	buf_free(&body->ready);
	free(body);
}

static void
add_text(struct buf *out, struct sim_text text)
{
	if (text.len > 0)
		buf_add(out, text.bytes, text.len);
}

/* Puts one text in place of another, where it first stands in the piece. */
static void
replace(struct sim_body *body, size_t from)
{
	const struct sim_effect *effect = body->effect;
	struct buf *raw = &body->raw;
	char *at;
	size_t where;

	if (effect->replaced.len == 0 || body->replaced)
		return;
	at = memmem(raw->data + from, raw->len - from, effect->replaced.bytes,
	    effect->replaced.len);
	if (at == NULL)
		return;
	body->replaced = true;
	where = (size_t)(at - raw->data);
	buf_reserve(raw, effect->replacement.len);
	at = raw->data + where;
	memmove(at + effect->replacement.len, at + effect->replaced.len,
	    raw->len - where - effect->replaced.len);
	if (effect->replacement.len > 0)
		memcpy(at, effect->replacement.bytes, effect->replacement.len);
	raw->len = raw->len - effect->replaced.len + effect->replacement.len;
}

static void
add_depth(struct buf *out, size_t depth)
{
	memset(buf_reserve(out, depth), '[', depth);
	out->len += depth;
}

static void
begin(struct sim_body *body)
{
	body->begun = true;
	add_text(&body->raw, body->effect->before);
	if (body->effect->depth > 0)
		add_depth(&body->raw, body->effect->depth);
	buf_add(&body->raw, body->answer->text.data, body->answer->text.len);
}

/* Makes the next piece of raw bytes; true while more follows. */
static bool
make(struct sim_body *body)
{
	struct sim_answer *answer = body->answer;
	size_t from, n;
	bool more;

	from = body->raw.len;
	if (!body->begun)
		begin(body);
	while (body->row < answer->nrows && body->raw.len - from < PIECE) {
		if (body->row > 0)
			buf_addc(&body->raw, ',');
		sim_rows_put(
		    &answer->form, answer->rows[body->row++], &body->raw);
	}
	if (body->padding > 0) {
		n = body->padding < FILL_MAX ? body->padding : FILL_MAX;
		memset(buf_reserve(&body->raw, n), ' ', n);
		body->raw.len += n;
		body->padding -= n;
	}
	more = body->row < answer->nrows || body->padding > 0;
	if (!more) {
		if (answer->tail != NULL)
			buf_adds(&body->raw, answer->tail);
		add_text(&body->raw, body->effect->behind);
	}
	replace(body, from);
	return more;
}

static void
pack(struct sim_body *body, bool more)
{
	char *out;
	int rc;

	body->zip.next_in = (Bytef *)body->raw.data;
	body->zip.avail_in = (uInt)body->raw.len;
	do {
		out = buf_reserve(&body->ready, PIECE);
		body->zip.next_out = (Bytef *)out;
		body->zip.avail_out = (uInt)PIECE;
		rc = deflate(&body->zip, more ? Z_NO_FLUSH : Z_FINISH);
		body->ready.len += PIECE - body->zip.avail_out;
	} while (rc == Z_OK && body->zip.avail_out == 0);
	body->raw.len = 0;
}

/* Makes ready hold something, unless the end has come. */
static void
refill(struct sim_body *body)
{
	struct buf empty;
	bool more;

	while (body->sent == body->ready.len && !body->ended) {
		body->ready.len = 0;
		body->sent = 0;
		more = make(body);
		body->ended = !more;
		if (body->packs) {
			pack(body, more);
		} else {
			empty = body->ready;
			body->ready = body->raw;
			body->raw = empty;
		}
	}
}

size_t
sim_body_take(struct sim_body *body, char *to, size_t max)
{
	size_t n;

	refill(body);
	n = body->ready.len - body->sent;
	if (n > max)
		n = max;
	if (n > 0)
		memcpy(to, body->ready.data + body->sent, n);
	body->sent += n;
	return n;
}

bool
sim_body_length(struct sim_body *body, size_t *length)
{
	if (body->answer->nrows > SHORT_ROWS || body->padding > 0)
		return false;
	while (!body->ended) {
		body->ended = !make(body);
		if (body->packs)
			pack(body, !body->ended);
	}
	if (!body->packs) {
		body->ready = body->raw;
		body->raw = (struct buf){ 0 };
	}
	*length = body->ready.len;
	return true;
}
