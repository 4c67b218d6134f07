#ifndef CANVAS_SCOPE_H
#define CANVAS_SCOPE_H

#include "canvas/map.h"

/*
 * Links rows to the rows they name and skips those that do not concern
 * Canvas in this run, with the reason (mapping 2). No findings here: skip
 * rules come before them.
 */
void scope_judge(struct map *map);

/* The numbers of the district office (0) and of graduated students. */
bool scope_is_special_school(sym schoolid);

#endif
