#ifndef HISTORY_RECORD_H
#define HISTORY_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "history/history_state.h"

/* What is recorded about a decision beside its name. */
struct history_record {
	int64_t now;	    /* UTC seconds */
	bool now_given;	    /* by --now: the record says so */
	const char *reason; /* NULL: none was given */
	const struct history_package *package; /* NULL: the run has none */
	const char *replaces; /* what Canvas held before; "": none */
};

/* How long an approval is in force (operations 2.6). */
#define HISTORY_APPROVAL_SECONDS (24 * 60 * 60)

/*
 * A decision as decisions.json holds it, with who makes it: the user of this
 * process by number and, where the system knows it, login; never by what the
 * environment says. decision is one of DECISION_*. The caller frees it.
 */
struct json *history_record_decision(
    const char *decision, const struct history_record *record);

#endif
