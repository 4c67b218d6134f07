#ifndef PACK_RUNS_VERIFY_H
#define PACK_RUNS_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "pack/runs.h"

/* Who is told what is wrong, and how much was looked at. */
struct runs_verdict {
	void *arg;
	/* run and file are "" when it is about no single one of them */
	void (*bad)(
	    void *arg, const char *run, const char *file, const char *why);
	size_t files; /* that were hashed */
	uint64_t bytes;
	size_t faults; /* how often bad was called */
};

/* Tells the verdict's owner about a fault. */
void runs_verify_fault(struct runs_verdict *verdict, const char *run,
    const char *file, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Reads every file of a run again and compares it with the manifest; finds
 * files that are missing, changed or extra, links, and modes that let others
 * read (operations 2.7, X6, X13). A fault goes to the verdict. 0, or -1 when
 * it had to stop: EXIT_SIGINT, EXIT_SIGTERM.
 */
int runs_verify_files(const struct runs *runs, struct past_run *run,
    struct runs_verdict *verdict, struct err *err);

#endif
