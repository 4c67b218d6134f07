#ifndef GRADES_CANVAS_ASSIGNMENT_H
#define GRADES_CANVAS_ASSIGNMENT_H

#include "base/err.h"
#include "base/json.h"
#include "grades/course.h"

/*
 * Adds an Assignment of the Canvas API to a course that has its sections,
 * with its overrides (grades B2, B3.2). 0, or -1 with EXIT_SOURCE when it is
 * not what Canvas documents or its overrides are withheld.
 */
int canvas_assignment_add(struct course *course, const struct json *item,
    uint32_t group, struct err *err);

#endif
