#ifndef SIM_LMS_H
#define SIM_LMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "sim_request.h"

/* What a simulated Canvas holds, whichever way it came. */

enum lms_kind {
	LMS_COURSES, /* of the account */
	LMS_COURSE,
	LMS_SECTIONS,
	LMS_GROUPS,
	LMS_ASSIGNMENTS,
	LMS_ENROLLMENTS,
	LMS_SUBMISSIONS /* of a section, by student */
};

/* What is asked for. */
struct sim_ask {
	enum lms_kind kind;
	const char *id; /* of the course, or of the section; may be a SIS id */
	const struct sim_request *request;
	bool text_ids; /* application/json+canvas-string-ids */
	bool no_sis;   /* who asks may not read SIS data */
	/* For the source's use between count and put. */
	const void **items;
	size_t course, section;
};

/* Where courses come from. */
struct sim_lms {
	/* How many items there are; -1: there is no such course or section. */
	long (*count)(void *data, struct sim_ask *ask);
	/* Adds the item as JSON. */
	void (*put)(
	    void *data, const struct sim_ask *ask, size_t i, struct buf *out);
	void (*free)(void *data);
};

/* Whether one of the arguments of that name has that value. */
bool sim_lms_asked(
    const struct sim_ask *ask, const char *name, const char *value);

/* Is the argument there at all? */
bool sim_lms_has(const struct sim_ask *ask, const char *name);

#endif
