#ifndef SOURCE_ONEROSTER_ENROLLMENTS_H
#define SOURCE_ONEROSTER_ENROLLMENTS_H

#include "source/oneroster_state.h"

/* Finds the lead of each class: the primary teacher, else a teacher; of
 * several the one who stays, then the one who came last. */
void oneroster_enrollments_find_leads(struct oneroster_state *state);

/*
 * Makes cc rows of students and sectionteacher rows of all others; staff and
 * classes must be known. Rows of families are counted.
 */
void oneroster_enrollments_add(struct oneroster_state *state);

#endif
