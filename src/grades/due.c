#include <string.h>

#include "base/date.h"
#include "grades/due.h"

const struct course_override *
due_override(const struct course_assignment *assignment, uint32_t section)
{
	size_t i;

	for (i = 0; i < assignment->noverrides; i++) {
		if (assignment->overrides[i].section == section)
			return &assignment->overrides[i];
	}
	return NULL;
}

/* How many have a date of their own that is not their section's. */
static size_t
singles_of(const struct course_assignment *assignment)
{
	const struct course_override *override;
	size_t i, n;

	for (i = n = 0; i < assignment->noverrides; i++) {
		override = &assignment->overrides[i];
		if (override->section == COURSE_NONE && override->sets_due_at &&
		    override->due_at != assignment->due_at)
			n += override->students == 0 ? 1 : override->students;
	}
	return n;
}

static bool
is_outside(const struct course *course, int32_t date)
{
	return date != DATE_BLANK &&
	    ((course->term_start != 0 && date < date_at(course->term_start)) ||
		(course->term_end != 0 && date > date_at(course->term_end)));
}

struct due
due_of(const struct course *course, const struct course_assignment *assignment,
    uint32_t section)
{
	const struct course_override *override;
	struct due due = { .date = DATE_BLANK };
	int64_t moment;

	override = due_override(assignment, section);
	moment = override != NULL && override->sets_due_at ? override->due_at :
							     assignment->due_at;
	if (assignment->due_date[0] != '\0') {
		due.date = date_parse(
		    assignment->due_date, strlen(assignment->due_date));
		due.is_bad = due.date == DATE_BAD;
		if (due.is_bad)
			due.date = DATE_BLANK;
	} else if (moment != 0) {
		due.date = date_at(moment);
	}
	due.is_outside = is_outside(course, due.date);
	due.singles = singles_of(assignment);
	return due;
}
