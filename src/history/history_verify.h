#ifndef HISTORY_VERIFY_H
#define HISTORY_VERIFY_H

#include "base/err.h"
#include "history/history_call.h"

/*
 * The command verify [RUN]: reads every file of the run, or of all runs,
 * again and compares it with the manifest, and checks the chain of manifests.
 * Prints what is bad and a summary. Returns EXIT_DONE, or EXIT_INVALID when
 * anything is bad.
 */
int history_verify(const struct history_call *call, struct err *err);

#endif
