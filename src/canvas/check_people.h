#ifndef CANVAS_CHECK_PEOPLE_H
#define CANVAS_CHECK_PEOPLE_H

#include "canvas/map.h"

/*
 * Finds what is wrong with students and users in scope: names, ids, logins
 * and e-mails, and which of them two people share (mapping 6).
 */
void check_people(struct map *map);

#endif
