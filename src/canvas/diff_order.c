#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/csvio.h"
#include "canvas/diff_order.h"

#define UNSURE (-1) /* the bytes alone do not tell the rank */

void
diff_order_begin(struct diff_order *order, const struct diff_layout *layout)
{
	*order = (struct diff_order){ .layout = layout,
		.end = layout->file->bytes + layout->file->len };
}

void
diff_order_free(struct diff_order *order)
{
	buf_free(&order->key);
	buf_free(&order->last_key);
	diff_cells_free(&order->cells);
}

/* Visible ASCII that neither ends a cell nor is stripped from one. */
static bool
is_solid(char c)
{
	return c > ' ' && c < 0x7f && c != ',';
}

/*
 * The rank of two rows whose first different byte follows an equal start in
 * which fewer commas than key columns stand. When one cell ends where the
 * other goes on, the shorter one comes first.
 */
static int
rank_of_bytes(char a, char b)
{
	if (is_solid(b) && (a == ',' || (is_solid(a) && a < b)))
		return DIFF_BEFORE;
	if (is_solid(a) && (b == ',' || (is_solid(b) && b < a)))
		return DIFF_BEHIND;
	return UNSURE;
}

/*
 * The rank of two lines without quotes whose first cells are their keys, as
 * far as their bytes tell; 16 bytes behind either must be readable.
 */
#if defined(__SSE2__)
static int
rank_of_lines(const char *a, const char *b, size_t len, size_t nkeys)
{
	const __m128i comma = _mm_set1_epi8(',');
	__m128i x, y;
	unsigned commas, unequal;
	size_t at, i;

	for (at = 0; at < len; at += 16) {
		x = _mm_loadu_si128((const __m128i *)(const void *)(a + at));
		y = _mm_loadu_si128((const __m128i *)(const void *)(b + at));
		unequal = 0xffff ^
		    (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));
		commas = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, comma));
		if (unequal != 0) /* the commas before that byte */
			commas &= (unequal & -unequal) - 1;
		for (; commas != 0; commas &= commas - 1) {
			if (--nkeys > 0)
				continue;
			i = at + (size_t)__builtin_ctz(commas);
			return i < len ? DIFF_SAME : UNSURE;
		}
		if (unequal == 0)
			continue;
		i = at + (size_t)__builtin_ctz(unequal);
		return i < len ? rank_of_bytes(a[i], b[i]) : UNSURE;
	}
	return UNSURE;
}
#else
static int
rank_of_lines(const char *a, const char *b, size_t len, size_t nkeys)
{
	size_t i;

	for (i = 0; i < len && a[i] == b[i]; i++) {
		if (a[i] == ',' && --nkeys == 0)
			return DIFF_SAME;
	}
	return i < len ? rank_of_bytes(a[i], b[i]) : UNSURE;
}
#endif

/* Both lines are plain. */
static int
quick_rank(const struct diff_order *a, const char *row_a, size_t len_a,
    const struct diff_order *b, const char *row_b, size_t len_b)
{
	size_t len;

	len = len_a < len_b ? len_a : len_b;
	if (!a->layout->leading || !b->layout->leading ||
	    (size_t)(a->end - row_a) < len + 16 ||
	    (size_t)(b->end - row_b) < len + 16)
		return UNSURE;
	return rank_of_lines(row_a, row_b, len, a->layout->nkeys);
}

static enum diff_rank
rank_of_keys(const struct buf *a, const struct buf *b)
{
	int order;

	order = diff_side_key_order(a, b);
	return order < 0 ? DIFF_BEFORE : order == 0 ? DIFF_SAME : DIFF_BEHIND;
}

enum diff_rank
diff_order_between(struct diff_order *a, const struct diff_record *row_a,
    struct diff_order *b, const struct diff_record *row_b)
{
	int rank;

	rank = row_a->quoted || row_b->quoted ?
	    UNSURE :
	    quick_rank(
		a, row_a->bytes, row_a->len, b, row_b->bytes, row_b->len);
	if (rank != UNSURE)
		return (enum diff_rank)rank;
	diff_side_key(a->layout, row_a, &a->cells, &a->key);
	diff_side_key(b->layout, row_b, &b->cells, &b->key);
	return rank_of_keys(&a->key, &b->key);
}

bool
diff_order_is_row(struct diff_order *order, const struct diff_record *record)
{
	return !diff_record_may_be_blank(record->bytes, record->len) ||
	    diff_side_key(order->layout, record, &order->cells, &order->key);
}

bool
diff_order_take(struct diff_order *order, const struct diff_record *row)
{
	int rank;

	rank = DIFF_BEFORE;
	if (order->last.bytes != NULL) {
		rank = row->quoted || order->last.quoted ?
		    UNSURE :
		    quick_rank(order, order->last.bytes, order->last.len, order,
			row->bytes, row->len);
		if (rank == UNSURE) {
			diff_side_key(order->layout, &order->last,
			    &order->cells, &order->last_key);
			diff_side_key(
			    order->layout, row, &order->cells, &order->key);
			rank = (int)rank_of_keys(&order->last_key, &order->key);
		}
	}
	if (rank != DIFF_BEFORE) {
		order->broken = true;
		return false;
	}
	order->last = *row;
	order->rows++;
	return true;
}

/* What follows the line end at stop; NULL when that cannot be seen yet. */
static const char *
behind_line(const char *stop, const char *limit)
{
	if (*stop == '\n')
		return stop + 1;
	if (stop + 1 == limit) /* a CR that may be half of a CRLF */
		return NULL;
	return stop[1] == '\n' ? stop + 2 : stop + 1;
}

/* A plain line; false when it is a row out of order. */
static bool
take_line(struct diff_order *order, const char *at, size_t len)
{
	const struct diff_record row = { .bytes = at, .len = len };

	if (len == 0 || !diff_order_is_row(order, &row))
		return true;
	if (order->last.bytes != NULL && !order->last.quoted &&
	    quick_rank(order, order->last.bytes, order->last.len, order, at,
		len) == DIFF_BEFORE) {
		order->last.bytes = at;
		order->last.len = len;
		order->rows++;
		return true;
	}
	return diff_order_take(order, &row);
}

const char *
diff_order_run(
    struct diff_order *order, const char *at, const char *stop, uint64_t *lines)
{
	const char *p, *behind;

	for (p = at; (p = diff_record_special(p, stop)) < stop;) {
		if (*p == '"' || *p == '\0')
			break;
		if (*p != '\n' && *p != '\r') {
			p++;
			continue;
		}
		behind = behind_line(p, stop);
		if (behind == NULL || (size_t)(p - at) > CSV_FIELD_MAX ||
		    !take_line(order, at, (size_t)(p - at)))
			break;
		++*lines;
		at = p = behind;
	}
	return at;
}

int
diff_order_of_file(const struct diff_layout *layout, struct err *err)
{
	struct diff_order order;
	struct diff_record record;
	struct diff_walk walk;
	int rc;

	diff_order_begin(&order, layout);
	diff_side_walk(layout, &walk);
	for (;;) {
		rc = diff_walk_pages(&walk, err);
		if (rc != 0)
			break;
		walk.at = diff_order_run(
		    &order, walk.at, diff_walk_stop(&walk), &walk.line);
		if (order.broken)
			break;
		rc = diff_walk_peek(&walk, &record, err);
		if (rc != 1 ||
		    (diff_order_is_row(&order, &record) &&
			!diff_order_take(&order, &record)))
			break;
		diff_walk_pass(&walk, &record);
	}
	diff_walk_free(&walk);
	diff_order_free(&order);
	return rc == -1 ? -1 : !order.broken;
}
