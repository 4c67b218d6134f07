#ifndef HISTORY_PURGE_H
#define HISTORY_PURGE_H

#include "base/err.h"
#include "history/history_call.h"

/*
 * The command purge: removes the runs that [output] keep_runs and keep_days
 * both let go and that nothing needs any more, and records them in
 * OUT/purged.json; with -n it only says which. Returns the exit code.
 */
int history_purge(const struct history_call *call, struct err *err);

#endif
