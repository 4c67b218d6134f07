#ifndef CANVAS_ENROLL_H
#define CANVAS_ENROLL_H

#include "canvas/map.h"

enum enrollment_status {
	ENROLLMENT_ACTIVE,
	ENROLLMENT_DROPPED,
	ENROLLMENT_ENDED
};

/* One row of enrollments.csv. */
struct enrollment {
	enum table_id table; /* of the person */
	uint32_t person;
	uint8_t role;
	enum enrollment_status status;
	int32_t start, end; /* last day in class; DATE_BLANK */
};

/*
 * Makes one enrollment of each student and section, one of each staff member
 * and section (mapping 4), and reports sections without a teacher. Rows that
 * give none are merged, held or skipped with the reason.
 */
void enroll_judge(struct map *map);

/*
 * Lists the enrollments of a section; *list grows as needed and is the
 * caller's to free. Returns how many there are, in no special order.
 */
size_t enroll_of_section(const struct map *map, uint32_t section,
    struct enrollment **list, size_t *cap);

#endif
