#ifndef COMPARE_JSON_H
#define COMPARE_JSON_H

#include <stdio.h>

#include "compare/compare_result.h"

/*
 * Writes a result as one JSON document, row by row. 0, or -1: with err set,
 * or without when out cannot be written, which its owner sees.
 */
int compare_json(struct compare_result *result, FILE *out, struct err *err);

#endif
