#ifndef SOURCE_PS_FAIL_H
#define SOURCE_PS_FAIL_H

#include "base/err.h"
#include "source/ps_refusal.h"

/*
 * Ends a run with what a refusal of a server means in plain words. what names
 * what was asked for ("the table cc"), table whose fields the server does not
 * say. Always -1, with EXIT_SOURCE or, for a web page, EXIT_TEMPORARY.
 */
int ps_fail(const char *host, const char *what, const char *table,
    const struct ps_refusal *refusal, struct err *err);

/* Ends a run for a web page of so many bytes, where rows should have come. */
int ps_fail_page(const char *host, size_t len, struct err *err);

#endif
