#ifndef CANVAS_DIFF_SCHOOL_H
#define CANVAS_DIFF_SCHOOL_H

#include "canvas/diff.h"
#include "canvas/places.h"

/*
 * The school, that is the account, to which a row that differs belongs. A
 * course names its account; a section and an enrollment have their course's;
 * a term has that of its courses, when it is one. A user has the school in
 * which all active enrollments are, or all of them when none is active; with
 * enrollments in several schools or in none, a user has no school.
 */
struct diff_schools;

/* Whose a row is. */
struct diff_owner {
	sym school; /* the empty sym: none */
	/* Not empty: a user's row, whose school is found out in the end. */
	sym user;
	enum diff_version version;
};

/*
 * places and enrollments are those of the old and the new package, read with
 * this intern; all of it must outlive the result, and the enrollments need
 * not be filled before diff_school_find(). diff_school_free() frees it.
 */
struct diff_schools *diff_school_new(struct intern *intern,
    const struct places *old, const struct places *new,
    const struct diff_input *old_enrollments,
    const struct diff_input *new_enrollments);
void diff_school_free(struct diff_schools *schools);

/*
 * Whose a row is: the new one, or the old one of a removal. What the package
 * does not tell the other one may.
 */
struct diff_owner diff_school_owner(struct diff_schools *schools,
    enum sheet_kind kind, const struct diff_event *event);

/*
 * Reads enrollments for the schools of all users seen so far; count: reads
 * the old ones in any case, for diff_school_enrollments(). 0, or -1 with
 * EXIT_SOURCE or that of a signal.
 */
int diff_school_find(struct diff_schools *schools, bool count, struct err *err);

/* The school of a row, a user's too once diff_school_find() was called. */
sym diff_school_of(const struct diff_schools *schools, struct diff_owner owner);

/* Its id; digits as for intern_text(). */
struct str diff_school_text(
    const struct diff_schools *schools, sym school, char digits[SYM_DIGITS]);

/* How many enrollments the old package has in a school. */
uint64_t diff_school_enrollments(
    const struct diff_schools *schools, sym school);

#endif
