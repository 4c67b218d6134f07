#ifndef GRADES_SECTION_ROSTER_H
#define GRADES_SECTION_ROSTER_H

#include <stddef.h>
#include <stdint.h>

#include "grades/course_sheets.h"

/* A student of a section, with the number that PowerSchool knows. */
struct roster_student {
	uint32_t student; /* of the course */
	const char *number;
};

/*
 * Who is in a section, in the order of the names, and how PowerSchool calls
 * the section. Whoever has no number, or one that another has too, is found
 * and left out; never guessed.
 */
struct section_roster {
	struct roster_student *list;
	size_t count;
};

void section_roster_make(struct section_roster *roster,
    const struct course *course, uint32_t section,
    const struct course_sheets_maker *maker, const struct grade_place *place);
void section_roster_free(struct section_roster *roster);

/*
 * Sets name and key of the section; name stays "" when it is left out, which
 * was found then.
 */
void section_roster_name(struct section_sheets *section,
    struct course_sheets *sheets, const struct course_sheets_maker *maker);

#endif
