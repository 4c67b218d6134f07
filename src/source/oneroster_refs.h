#ifndef SOURCE_ONEROSTER_REFS_H
#define SOURCE_ONEROSTER_REFS_H

#include "base/err.h"
#include "source/oneroster_state.h"

/* What a role means to a roster. */
enum role_kind {
	ROLE_KIND_OTHER, /* none of the standard's */
	ROLE_KIND_STUDENT,
	ROLE_KIND_TEACHER,
	ROLE_KIND_STAFF, /* aide, administrator, proctor */
	ROLE_KIND_FAMILY /* parent, guardian, relative */
};

/* The text of a cell; digits must live as long as the result. */
struct str oneroster_refs_text(const struct oneroster_state *state,
    enum oneroster_table table, unsigned column, uint32_t row,
    char digits[SYM_DIGITS]);

/* Whether a cell is one of some words, in any case; words end with NULL. */
bool oneroster_refs_is(const struct oneroster_state *state,
    enum oneroster_table table, unsigned column, uint32_t row,
    const char *const *words);

/* What the role in a cell means. */
enum role_kind oneroster_refs_role(struct oneroster_state *state,
    enum oneroster_table table, unsigned column, uint32_t row);

/* Whether the file says that the row is to be deleted. */
bool oneroster_refs_gone(const struct oneroster_state *state,
    enum oneroster_table table, uint32_t row);

/* Counts a row that becomes no row of a table. */
void oneroster_refs_skip(struct oneroster_state *state,
    enum oneroster_table table, enum source_skip why);

/*
 * Indexes the rows of a file that stay by sourcedId. keep, when it is given,
 * says which rows count.
 */
void oneroster_refs_index(struct oneroster_state *state,
    enum oneroster_table table, const bool *keep);

/* -1 with EXIT_SOURCE when two rows of different content share a sourcedId. */
int oneroster_refs_unique(const struct oneroster_state *state,
    enum oneroster_table table, struct err *err);

/* The school_number of an org, the course_number of a course, by sourcedId;
 * for one in no file a text that is nobody's number. */
sym oneroster_refs_school(struct oneroster_state *state, sym org);
sym oneroster_refs_course(struct oneroster_state *state, sym course);

/* The schoolstaff.id of a staff member at an org, if need be at another; the
 * user's sourcedId when there is none. */
sym oneroster_refs_post(struct oneroster_state *state, sym user, sym org);

/* The schoolstaff.id of a user at an org. */
sym oneroster_refs_post_id(struct oneroster_state *state, sym user, sym org);

/* The last day of what ends on a date, and the first day that is over. */
int32_t oneroster_refs_last_day(
    const struct oneroster_state *state, int32_t end);
int32_t oneroster_refs_day_over(
    const struct oneroster_state *state, int32_t end);

#endif
