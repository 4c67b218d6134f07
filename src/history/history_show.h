#ifndef HISTORY_SHOW_H
#define HISTORY_SHOW_H

#include "base/err.h"
#include "history/history_call.h"

/*
 * The command show RUN: all that is known of one run, on one screen; with
 * --json its manifest and its decisions as one document. Returns the exit
 * code, EXIT_INVALID when the run is damaged.
 */
int history_show(const struct history_call *call, struct err *err);

#endif
