#ifndef GRADES_NAMING_H
#define GRADES_NAMING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Names and abbreviations of assignments as PowerTeacher takes them (grades
 * A3, A5 "Derivations"). Lengths are UTF-16 units, which Canvas counts.
 */
#define NAMING_LONG ((size_t)30) /* more: Canvas's own passback refuses */
#define NAMING_MAX ((size_t)50)	 /* more: PowerSchool refuses */
#define NAMING_ABBREVIATION ((size_t)8) /* characters */

/* One assignment of a section. */
struct naming {
	const char *id;	   /* in: Canvas's */
	const char *name;  /* in: as Canvas has it */
	const char *given; /* in: abbreviation of a side file, or "" */
	char *final_name;  /* out: the caller frees both */
	char *abbreviation;
	bool was_cut;	    /* the name was too long */
	bool was_duplicate; /* another one with a lower id has the name */
};

/*
 * Gives each of a section's assignments a name of at most NAMING_MAX and an
 * abbreviation that no other has. Who has the lowest id keeps a name that
 * several have; a name that is cut, and the others', end in the id in
 * brackets, so that a new assignment never changes the name of an older one.
 * Give all that are in the gradebook, also those that are not exported.
 */
void naming_assign(struct naming *names, size_t n);

/* More than NAMING_LONG once references (&amp;) are decoded, as Canvas asks. */
bool naming_is_long(const char *name);

/* Orders Canvas ids, which are numbers of any length, the oldest first. */
int naming_id_order(const char *a, const char *b);

#endif
