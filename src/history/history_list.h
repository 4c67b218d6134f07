#ifndef HISTORY_LIST_H
#define HISTORY_LIST_H

#include "base/err.h"
#include "history/history_call.h"

/*
 * The command runs: every run that is here, the newest last, with where it
 * stands, what it would change in Canvas and what was found. Returns the
 * exit code; a run that is damaged is listed as that.
 */
int history_list(const struct history_call *call, struct err *err);

#endif
