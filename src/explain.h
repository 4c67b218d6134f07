#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdio.h>

#include "base/err.h"

/*
 * Says what a finding's code means, why it matters and what to do; without
 * code (NULL), lists all codes. Returns EXIT_DONE, or EXIT_USAGE with err
 * set when there is no such code.
 */
int explain_rule(const char *code, FILE *out, struct err *err);

#endif
