#ifndef COMPARE_HTML_H
#define COMPARE_HTML_H

#include <stdio.h>

#include "compare/compare_result.h"

/*
 * Writes a result as one HTML page that loads nothing, runs nothing and can
 * be printed (operations 9.6). 0, or -1: with err set, or without when out
 * cannot be written, which its owner sees.
 */
int compare_html(struct compare_result *result, FILE *out, struct err *err);

#endif
