#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "canvas/diff_pair.h"

#define WINDOW ((size_t)64 << 10)      /* bytes compared ahead; fits a cache */
#define WINDOW_LEAST ((size_t)4 << 10) /* fewer: look further ahead */

enum { OLD, NEW };

void
diff_pair_begin(struct diff_pair *pair, const struct diff_side *old,
    const struct diff_side *new, const struct diff_columns *columns)
{
	*pair = (struct diff_pair){ .columns = columns };
	diff_order_begin(&pair->order[OLD], &old->layouts[0]);
	diff_order_begin(&pair->order[NEW], &new->layouts[0]);
	diff_side_walk(&old->layouts[0], &pair->walk[OLD]);
	diff_side_walk(&new->layouts[0], &pair->walk[NEW]);
}

void
diff_pair_free(struct diff_pair *pair)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		diff_order_free(&pair->order[i]);
		diff_walk_free(&pair->walk[i]);
		diff_cells_free(&pair->cells[i]);
	}
}

/* How many bytes from a and b on are the same, len at most. */
static size_t
common_length(const char *a, const char *b, size_t len)
{
	size_t i;

	i = 0;
#if defined(__SSE2__)
	for (; len - i >= 16; i += 16) {
		__m128i x, y;
		unsigned unequal;

		x = _mm_loadu_si128((const __m128i *)(const void *)(a + i));
		y = _mm_loadu_si128((const __m128i *)(const void *)(b + i));
		unequal = 0xffff ^
		    (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));
		if (unequal != 0)
			return i + (size_t)__builtin_ctz(unequal);
	}
#endif
	while (i < len && a[i] == b[i])
		i++;
	return i;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void
look_ahead(struct diff_pair *pair)
{
	const struct diff_walk *old, *new;
	size_t len;

	old = &pair->walk[OLD];
	new = &pair->walk[NEW];
	len = smaller((size_t)(diff_walk_stop(old) - old->at),
	    (size_t)(diff_walk_stop(new) - new->at));
	len = smaller(len, WINDOW);
	pair->equal = common_length(old->at, new->at, len);
	pair->more = pair->equal == len && len > 0;
}

/*
 * Passes equal lines in both files; 0, or -1 with err. To check the order of
 * one file is enough: the rows taken before lie before the row at hand of
 * either file, for they were compared with it or with one before it.
 */
static int
pass_equal(struct diff_pair *pair, struct err *err)
{
	struct diff_walk *old, *new;
	struct diff_order *order;
	const char *next;
	uint64_t lines, rows;
	size_t moved;

	old = &pair->walk[OLD];
	new = &pair->walk[NEW];
	order = pair->order;
	do {
		if (diff_walk_pages(old, err) != 0 ||
		    diff_walk_pages(new, err) != 0)
			return -1;
		if (pair->equal < WINDOW_LEAST)
			look_ahead(pair);
		lines = 0;
		rows = order[OLD].rows;
		next = diff_order_run(
		    &order[OLD], old->at, old->at + pair->equal, &lines);
		if (order[OLD].rows > rows) {
			order[NEW].last = order[OLD].last;
			order[NEW].last.bytes = new->at +
			    (order[OLD].last.bytes - old->at);
			order[NEW].rows += order[OLD].rows - rows;
		}
		moved = (size_t)(next - old->at);
		old->at += moved;
		new->at += moved;
		old->line += lines;
		new->line += lines;
		pair->equal -= moved;
	} while (moved > 0 && pair->more && pair->equal < WINDOW_LEAST &&
	    !order[OLD].broken);
	return 0;
}

/* The next row of a file, records of blank cells passed over: 1, 0, -1. */
static int
next_row(
    struct diff_pair *pair, int side, struct diff_record *row, struct err *err)
{
	int rc;

	while ((rc = diff_walk_peek(&pair->walk[side], row, err)) == 1 &&
	    !diff_order_is_row(&pair->order[side], row)) {
		diff_walk_pass(&pair->walk[side], row);
		pair->equal = 0;
	}
	if (rc == 0)
		*row = (struct diff_record){ 0 };
	return rc;
}

static bool
take(struct diff_pair *pair, int side, const struct diff_record *row)
{
	if (!diff_order_take(&pair->order[side], row))
		return false;
	diff_walk_pass(&pair->walk[side], row);
	return true;
}

static bool
same_bytes(const struct diff_record *a, const struct diff_record *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Rows with the same key: is any cell not the same? */
static bool
rows_differ(struct diff_pair *pair, const struct diff_record *rows)
{
	diff_record_cut(&rows[OLD], &pair->cells[OLD]);
	diff_record_cut(&rows[NEW], &pair->cells[NEW]);
	return diff_side_differ(pair->columns, pair->order[OLD].layout,
	    &pair->cells[OLD], pair->order[NEW].layout, &pair->cells[NEW]);
}

/* Passes one row, or one of each file with the same key. */
static enum diff_pair_result
step(struct diff_pair *pair, struct diff_pair_rows *found)
{
	struct diff_record *rows;
	enum diff_rank rank;
	bool same;

	rows = found->rows;
	same = rows[OLD].bytes != NULL && rows[NEW].bytes != NULL &&
	    same_bytes(&rows[OLD], &rows[NEW]);
	if (same)
		rank = DIFF_SAME;
	else if (rows[OLD].bytes == NULL || rows[NEW].bytes == NULL)
		rank = rows[NEW].bytes == NULL ? DIFF_BEFORE : DIFF_BEHIND;
	else
		rank = diff_order_between(&pair->order[OLD], &rows[OLD],
		    &pair->order[NEW], &rows[NEW]);
	if ((rank != DIFF_BEHIND && !take(pair, OLD, &rows[OLD])) ||
	    (rank != DIFF_BEFORE && !take(pair, NEW, &rows[NEW])))
		return DIFF_PAIR_UNORDERED;
	if (same && pair->equal >= rows[OLD].behind)
		pair->equal -= rows[OLD].behind;
	else
		pair->equal = 0;
	if (same || (rank == DIFF_SAME && !rows_differ(pair, rows)))
		return DIFF_PAIR_END;
	if (rank == DIFF_BEFORE)
		rows[NEW] = (struct diff_record){ 0 };
	else if (rank == DIFF_BEHIND)
		rows[OLD] = (struct diff_record){ 0 };
	return DIFF_PAIR_FOUND;
}

enum diff_pair_result
diff_pair_next(
    struct diff_pair *pair, struct diff_pair_rows *found, struct err *err)
{
	enum diff_pair_result result;
	int old, new;

	do {
		if (pass_equal(pair, err) != 0)
			return DIFF_PAIR_ERROR;
		if (pair->order[OLD].broken)
			return DIFF_PAIR_UNORDERED;
		old = next_row(pair, OLD, &found->rows[OLD], err);
		new = old == -1 ? -1 :
				  next_row(pair, NEW, &found->rows[NEW], err);
		if (new == -1)
			return DIFF_PAIR_ERROR;
		if (old == 0 && new == 0)
			return DIFF_PAIR_END;
		found->new_at = (size_t)(pair->walk[NEW].at -
		    pair->walk[NEW].file->bytes);
		result = step(pair, found);
	} while (result == DIFF_PAIR_END);
	return result;
}
