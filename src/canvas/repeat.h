#ifndef CANVAS_REPEAT_H
#define CANVAS_REPEAT_H

#include <stddef.h>
#include <string.h>

/*
 * Rows in key order often differ from the row before them in one cell alone,
 * dozens of times on end: what stands before and behind that cell. The line
 * end counts to what stands behind it.
 */
struct repeat {
	const char *before; /* NULL: no row is noted */
	const char *after;
	size_t before_len, after_len;
};

/* A byte of an id that needs no second thought. */
static inline int
repeat_is_plain(char c)
{
	return c > ' ' && c < 0x7f && c != ',' && c != '"';
}

/*
 * The length of the cell when the row at p is the noted one but for that
 * cell, and the cell is a plain one that is not empty; else 0.
 */
static inline size_t
repeat_cell(const struct repeat *repeat, const char *p, const char *end)
{
	const char *cell, *limit;

	if (repeat->before == NULL ||
	    (size_t)(end - p) <= repeat->before_len + repeat->after_len ||
	    memcmp(p, repeat->before, repeat->before_len) != 0)
		return 0;
	cell = p += repeat->before_len;
	limit = end - repeat->after_len;
	while (p < limit && repeat_is_plain(*p))
		p++;
	return memcmp(p, repeat->after, repeat->after_len) == 0 ?
	    (size_t)(p - cell) :
	    0;
}

#endif
