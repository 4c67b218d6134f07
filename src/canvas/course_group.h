#ifndef CANVAS_COURSE_GROUP_H
#define CANVAS_COURSE_GROUP_H

#include "canvas/check.h"
#include "canvas/map.h"

/*
 * Mode course: makes one course of the sections in scope that share school,
 * term and course number, and finds out which of them can be sent. A lead
 * teacher plays no part, so a new one never moves a section.
 */
void course_group_make(struct map *map);

/* Adds what is wrong with a section's course to what is wrong with it. */
void course_group_words(
    const struct map *map, uint32_t section, struct check_words *words);

#endif
