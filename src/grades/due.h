#ifndef GRADES_DUE_H
#define GRADES_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "grades/course.h"

/* When an assignment is due for one section (grades B2, B3.2). */
struct due {
	int32_t date;	 /* day number; DATE_BLANK: none */
	bool is_bad;	 /* the side file's is not a date */
	bool is_outside; /* the term */
	size_t singles;	 /* students with another date, or their groups */
};

/*
 * The date of a side file; else that of the section's override; else that of
 * everyone, in the time zone that date_use_zone() was given.
 */
struct due due_of(const struct course *course,
    const struct course_assignment *assignment, uint32_t section);

/* The override that is for this section, or NULL. */
const struct course_override *due_override(
    const struct course_assignment *assignment, uint32_t section);

#endif
