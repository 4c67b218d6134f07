#ifndef SOURCE_ONEROSTER_TERMS_H
#define SOURCE_ONEROSTER_TERMS_H

#include "roster/roster.h"

/* The session that a class belongs to. */
struct class_term {
	sym id;	      /* its sourcedId, or that of one in no file */
	uint32_t row; /* of academicSessions, ROW_NONE: in no file */
	bool cut;     /* it does not cover all that the class names */
};

/*
 * Chooses the session for a list of sourcedIds between commas: of several the
 * shortest that covers them all, from them and what they are parts of; when
 * none does, the longest of them. One in no file is an answer too: the class
 * is held for it. by_id finds rows of academicSessions by sourcedId.
 */
struct class_term oneroster_terms_choose(
    const struct roster *files, const struct key_index *by_id, struct str list);

/*
 * The sourcedIds of a list between commas, blanks around them cut off: calls
 * fn with each that is not blank.
 */
typedef void oneroster_id_fn(void *arg, struct str id);
void oneroster_terms_each(struct str list, oneroster_id_fn *fn, void *arg);

/*
 * The year in which a session's school year ends, as schoolYear says or, when
 * that is no year, as its first day says (a year turns over on 1 July); 0:
 * neither does. *by_day gets what the first day says, 0: nothing.
 */
int oneroster_terms_year(
    const struct roster *files, uint32_t session, int *by_day);

#endif
