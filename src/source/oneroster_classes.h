#ifndef SOURCE_ONEROSTER_CLASSES_H
#define SOURCE_ONEROSTER_CLASSES_H

#include "base/err.h"
#include "source/oneroster_state.h"

/* Chooses the session of each class. */
void oneroster_classes_choose(struct oneroster_state *state);

/*
 * Makes a term of each session at each school where a class runs in it; a
 * session without classes is a term of no school. -1 with EXIT_SOURCE when
 * nothing tells a session's school year.
 */
int oneroster_classes_add_terms(struct oneroster_state *state, struct err *err);

/* Makes sections of classes; staff and leads must be known. */
void oneroster_classes_add(struct oneroster_state *state);

#endif
