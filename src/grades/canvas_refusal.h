#ifndef GRADES_CANVAS_REFUSAL_H
#define GRADES_CANVAS_REFUSAL_H

#include "base/err.h"
#include "base/net.h"

/* Why Canvas did not answer what it was asked (grades B2). */
enum canvas_refusal {
	CANVAS_REFUSAL_NONE,	 /* it did */
	CANVAS_REFUSAL_WEB_PAGE, /* maintenance, or a page to sign in */
	CANVAS_REFUSAL_TOKEN,	 /* the token is void */
	CANVAS_REFUSAL_RIGHT,	 /* the token may not do that */
	CANVAS_REFUSAL_NO_SUCH,	 /* not there, or not to be seen */
	CANVAS_REFUSAL_TOO_FAST, /* throttled */
	CANVAS_REFUSAL_OTHER
};

enum canvas_refusal canvas_refusal_of(const struct net_answer *answer);

/*
 * Tells one, without a word of the answer: it may name people. -1 with
 * EXIT_SETTINGS for the token, EXIT_TEMPORARY for what passes, else
 * EXIT_SOURCE.
 */
int canvas_refusal_tell(enum canvas_refusal refusal, long status,
    const char *host, const char *what, const char *undone, struct err *err);

#endif
