#ifndef TEST_DIFF_SHOW_H
#define TEST_DIFF_SHOW_H

#include "base/buf.h"
#include "canvas/diff.h"

/* Numbers that are the same every time. */
static inline uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static inline bool
one_in(uint32_t n, uint32_t *seed)
{
	return next_random(seed) % n == 0;
}

/* Adds a sign and the key of a row that differs. */
static inline int
show_key(void *arg, const struct diff_event *event, struct err *err)
{
	(void)err;
	buf_addc(arg,
	    event->change == DIFF_ADDED	      ? '+' :
		event->change == DIFF_REMOVED ? '-' :
						'~');
	diff_key_text(event, arg);
	buf_addc(arg, ' ');
	return 0;
}

#endif
