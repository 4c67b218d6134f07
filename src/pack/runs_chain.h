#ifndef PACK_RUNS_CHAIN_H
#define PACK_RUNS_CHAIN_H

#include "pack/runs.h"
#include "pack/runs_verify.h"

/*
 * Each manifest has the SHA-256 of the manifest of the run before it, and
 * that of the decisions made about that run until then. Checks this chain
 * over all runs; a gap is allowed only where purge recorded what stood there
 * (operations 2.7, X13). A fault goes to the verdict, under the run that it
 * is about.
 */
void runs_chain_check(const struct runs *runs, struct runs_verdict *verdict);

#endif
