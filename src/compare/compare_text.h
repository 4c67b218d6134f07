#ifndef COMPARE_TEXT_H
#define COMPARE_TEXT_H

#include <stdio.h>

#include "compare/compare_result.h"

/*
 * Shows a result to people: a table like that of git diff --stat, what stands
 * out, the schools with most change, then rows (operations 9.3). 0, or -1:
 * with err set, or without when out cannot be written, which its owner sees.
 */
int compare_text(
    struct compare_result *result, bool color, FILE *out, struct err *err);

#endif
