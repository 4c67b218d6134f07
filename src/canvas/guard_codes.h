#ifndef CANVAS_GUARD_CODES_H
#define CANVAS_GUARD_CODES_H

/* Why a run can be held, in the order in which reasons are listed. */
enum guard_code {
	GUARD_FIRST_RUN,
	GUARD_BLACKOUT,
	GUARD_GAP,
	GUARD_ZERO,
	GUARD_GONE,
	GUARD_REMOVED,
	GUARD_CHANGED,
	GUARD_ADDED,
	GUARD_LOST,
	GUARD_BASELINE,
	GUARD_BLANK,
	GUARD_ID_FORMAT,
	GUARD_CODES
};

struct guard_text {
	const char *code;     /* GUARD-REMOVED */
	const char *sentence; /* what it means, for people */
	const char *causes;   /* what usually is behind it */
	const char *fix;      /* what to do */
};

/* THE TABLE of the guard's codes: the report and explain say the same. */
extern const struct guard_text guard_codes[GUARD_CODES];

/* The code with that name in any case, -1 when there is none. */
int guard_codes_find(const char *code);

#endif
