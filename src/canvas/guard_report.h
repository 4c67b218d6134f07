#ifndef CANVAS_GUARD_REPORT_H
#define CANVAS_GUARD_REPORT_H

#include <stdio.h>

#include "canvas/guard.h"

#define GUARD_REPORT_LINES 12 /* reasons that are printed */

extern const char *const guard_report_scopes[GUARD_SCOPES]; /* sheet, ... */

/* Adds what was found about a limit as one sentence, without its end. */
void guard_report_say(const struct guard *guard,
    const struct guard_limit *limit, struct buf *out);

/*
 * As the manifest's member "guard"; the caller frees it. Of its limits those
 * of schools, terms and roles that lost nothing are left out.
 */
struct json *guard_report_json(const struct guard *guard);

/*
 * Prints why a run is held or warned about, one line for each reason and at
 * most GUARD_REPORT_LINES, then what usually is behind it and what to do.
 * Prints nothing when the run passed.
 */
void guard_report_print(const struct guard *guard, FILE *out);

#endif
