#ifndef CANVAS_GUARD_SHARE_H
#define CANVAS_GUARD_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#define GUARD_SHARE_TEXT 24 /* bytes of a share as text, with its NUL */

/* Products of two numbers of rows, and some times that. */
__extension__ typedef unsigned __int128 guard_wide;

/* An exact share; of 0: there was nothing, so any part is more than all. */
struct guard_share {
	guard_wide part, of;
};

/* Is it more than so many per cent? Exactly so many is not more. */
bool guard_share_exceeds(struct guard_share share, unsigned percent);

/*
 * Writes it in per cent with up to two decimals and the unit behind it; of
 * one that exceeds percent never a number that does not. "" of nothing.
 */
void guard_share_text(struct guard_share share, unsigned percent,
    const char *unit, char text[GUARD_SHARE_TEXT]);

#endif
