#include <stdio.h>

#include "canvas/guard_share.h"

bool
guard_share_exceeds(struct guard_share share, unsigned percent)
{
	return share.part * 100 > share.of * percent;
}

void
guard_share_text(struct guard_share share, unsigned percent, const char *unit,
    char text[GUARD_SHARE_TEXT])
{
	unsigned long long whole;
	uint64_t hundredths;
	unsigned rest;

	text[0] = '\0';
	if (share.of == 0)
		return;
	hundredths = (uint64_t)(share.part * 10000 / share.of);
	/* Rounded down it could look like the limit itself. */
	if (guard_share_exceeds(share, percent) &&
	    hundredths <= (uint64_t)percent * 100)
		hundredths = (uint64_t)percent * 100 + 1;
	whole = (unsigned long long)(hundredths / 100);
	rest = (unsigned)(hundredths % 100);
	if (rest == 0)
		snprintf(text, GUARD_SHARE_TEXT, "%llu%s", whole, unit);
	else if (rest % 10 == 0)
		snprintf(text, GUARD_SHARE_TEXT, "%llu.%u%s", whole, rest / 10,
		    unit);
	else
		snprintf(
		    text, GUARD_SHARE_TEXT, "%llu.%02u%s", whole, rest, unit);
}
