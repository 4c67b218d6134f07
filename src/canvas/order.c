#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/order.h"

#define HEAD 8		 /* bytes that are compared as one number */
#define RADIX_LEAST 4096 /* ids; fewer are sorted by comparing */

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
		head = head << 8 |
		    (i < text.len ? (unsigned char)text.bytes[i] : 0);
	return head;
}

/*
 * Sorts by one byte of the heads, keeping the order of equal ones. Returns
 * where the result is: in to, or still in from when all have the same byte.
 */
static struct entry *
sort_by_byte(struct entry *from, struct entry *to, size_t n, unsigned shift)
{
	size_t begins[257] = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		begins[(from[i].head >> shift & 0xff) + 1]++;
	if (begins[(from[0].head >> shift & 0xff) + 1] == n)
		return from;
	for (i = 1; i < 257; i++)
		begins[i] += begins[i - 1];
	for (i = 0; i < n; i++)
		to[begins[from[i].head >> shift & 0xff]++] = from[i];
	return to;
}

/* Sorts by the heads byte by byte, then what has equal heads by its text. */
static void
sort_entries(struct entry *entries, size_t n, struct order *order)
{
	struct entry *from, *other, *to;
	size_t i, end;
	unsigned shift;

	if (n < RADIX_LEAST) {
		qsort_r(entries, n, sizeof(*entries), entry_order, order);
		return;
	}
	other = mem_alloc(n * sizeof(*other));
	from = entries;
	for (shift = 0; shift < 64; shift += 8) {
		to = from == entries ? other : entries;
		from = sort_by_byte(from, to, n, shift);
	}
	if (from == other)
		memcpy(entries, other, n * sizeof(*entries));
	free(other);
	for (i = 0; i < n; i = end) {
		for (end = i + 1;
		     end < n && entries[end].head == entries[i].head; end++)
			continue;
		if (end - i > 1)
			qsort_r(entries + i, end - i, sizeof(*entries),
			    entry_order, order);
	}
}

uint32_t *
order_by_text(
    const struct intern *intern, const sym *ids, size_t n, size_t *count)
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
			entries[(*count)++] = (struct entry){
				head_of(
				    intern_text(intern, ids[i], digits), skip),
				(uint32_t)i
			};
	}
	sort_entries(entries, *count, &order);
	places = mem_alloc(*count * sizeof(*places));
	for (i = 0; i < *count; i++)
		places[i] = entries[i].place;
	free(entries);
	return places;
}
