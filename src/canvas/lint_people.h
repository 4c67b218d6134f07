#ifndef CANVAS_LINT_PEOPLE_H
#define CANVAS_LINT_PEOPLE_H

#include "canvas/lint_state.h"

/* The rules of rows about people (canvas-sis 5), once cells are checked. */
void lint_people_user(struct lint *lint);
void lint_people_login(struct lint *lint);
void lint_people_enrollment(struct lint *lint);
void lint_people_admin(struct lint *lint);
void lint_people_observer(struct lint *lint);
void lint_people_membership(struct lint *lint);

/* Fetches from memory what the rules of a user or login will ask for. */
void lint_people_prefetch(struct lint *lint);

/* Asks for the user of the row at hand. */
void lint_people_ask(struct lint *lint);

/* Looks up the users that enrollments named; before the block is left. */
void lint_people_answer(struct lint *lint);

#endif
