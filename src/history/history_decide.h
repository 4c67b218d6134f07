#ifndef HISTORY_DECIDE_H
#define HISTORY_DECIDE_H

#include "base/err.h"
#include "history/history_call.h"

/*
 * The commands that decide something about a run. Each takes the lock, adds
 * to runs/ID/decisions.json and says what to type next; with --json the
 * decisions are the result. Each returns an exit code, with err set when it
 * is not 0; a decision that was made already is made no second time.
 */

/*
 * Lifts the guard's hold on the newest run, for its package as it lies there
 * and for 24 hours. With [output] accept = auto and no destination it is
 * accepted too. EXIT_USAGE when the run is not the newest, was not held or
 * was discarded.
 */
int history_decide_approve(const struct history_call *call, struct err *err);

/*
 * Drops a run that Canvas never had: it is never sent or accepted. EXIT_USAGE
 * when Canvas has or had it.
 */
int history_decide_discard(const struct history_call *call, struct err *err);

/*
 * Says that the run's package is in Canvas: OUT/accepted names it from now on.
 * EXIT_HELD when the guard held it and nobody approved it, EXIT_USAGE when it
 * was discarded, or is older than what Canvas holds and no reason is given.
 */
int history_decide_accept(const struct history_call *call, struct err *err);

#endif
