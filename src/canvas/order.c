#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/order.h"

#define HEAD 8		/* bytes that are compared as one number */

/* An id to be sorted: the bytes behind what all ids begin with. */
struct entry {
	uint64_t head;
	uint32_t place;
};

/* What comparing two equal heads needs. */
struct order {
	const struct intern *intern;
	const sym *ids;
};

static int
entry_order(const void *a, const void *b, void *arg)
{
	char digits[2][SYM_DIGITS];
	const struct entry *x, *y;
	const struct order *order;
	struct str s, t;
	int by_bytes;

	x = a;
	y = b;
	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	order = arg;
	s = intern_text(order->intern, order->ids[x->place], digits[0]);
	t = intern_text(order->intern, order->ids[y->place], digits[1]);
	by_bytes = memcmp(s.bytes, t.bytes, s.len < t.len ? s.len : t.len);
	if (by_bytes != 0)
		return by_bytes;
	return s.len < t.len ? -1 : s.len > t.len;
}

static size_t
common_length(struct str a, struct str b, size_t len)
{
	size_t i;

	for (i = 0; i < len && i < a.len && i < b.len; i++) {
		if (a.bytes[i] != b.bytes[i])
			break;
	}
	return i;
}

/* How many bytes all ids have in common at their start. */
static size_t
common_prefix(const struct intern *intern, const sym *ids, size_t n)
{
	char digits[2][SYM_DIGITS];
	struct str first, text;
	size_t i, len;

	first = (struct str){ NULL, 0 };
	len = SIZE_MAX;
	for (i = 0; i < n && len > 0; i++) {
		if (ids[i].id == 0)
			continue;
		if (first.bytes == NULL) {
			first = intern_text(intern, ids[i], digits[0]);
			len = first.len;
			continue;
		}
		text = intern_text(intern, ids[i], digits[1]);
		len = common_length(first, text, len);
	}
	return len == SIZE_MAX ? 0 : len;
}

static uint64_t
head_of(struct str text, size_t skip)
{
	uint64_t head;
	size_t i;

	head = 0;
	for (i = skip; i < skip + HEAD; i++)
		head = head << 8 | (i < text.len ?
		    (unsigned char)text.bytes[i] : 0);
	return head;
}

uint32_t *
order_by_text(const struct intern *intern, const sym *ids, size_t n,
    size_t *count)
{
	struct order order = { intern, ids };
	char digits[SYM_DIGITS];
	struct entry *entries;
	uint32_t *places;
	size_t i, skip;

	skip = common_prefix(intern, ids, n);
	entries = mem_alloc(n * sizeof(*entries));
	*count = 0;
	for (i = 0; i < n; i++) {
		if (ids[i].id != 0)
			entries[(*count)++] = (struct entry){ head_of(
			    intern_text(intern, ids[i], digits), skip),
			    (uint32_t)i };
	}
	qsort_r(entries, *count, sizeof(*entries), entry_order, &order);
	places = mem_alloc(*count * sizeof(*places));
	for (i = 0; i < *count; i++)
		places[i] = entries[i].place;
	free(entries);
	return places;
}
