#ifndef SOURCE_ONEROSTER_PEOPLE_H
#define SOURCE_ONEROSTER_PEOPLE_H

#include "source/oneroster_state.h"

/*
 * Makes students, users and schoolstaff of users.csv; orgs must be known.
 * Parents, guardians, relatives and people of other roles are counted.
 */
void oneroster_people_add(struct oneroster_state *state);

#endif
