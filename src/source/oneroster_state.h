#ifndef SOURCE_ONEROSTER_STATE_H
#define SOURCE_ONEROSTER_STATE_H

#include "base/idmap.h"
#include "roster/roster.h"
#include "source/oneroster_tables.h"
#include "source/oneroster_terms.h"
#include "source/source.h"

/* What translating one OneRoster set hands on from file to file. */
struct oneroster_state {
	struct roster *files; /* what was read */
	struct roster *roster;
	const struct source_options *options;
	struct source_report *report; /* its files are in the tables' order */

	/* Rows by sourcedId; of users only those of staff. */
	struct key_index by_id[OR_TABLES];
	sym *org_school;	 /* of each org: its school_number */
	sym *course_number;	 /* of each course */
	struct idmap schools;	 /* every school_number */
	struct idmap courses;	 /* every course_number */
	struct idmap staff;	 /* every id of schoolstaff */
	sym *first_post;	 /* of each user: the id at the first org */
	struct class_term *term; /* of each class */
	uint32_t *lead;		 /* of each class: the lead's enrollment */
	bool *has_primary;	 /* of each class: a teacher is primary */
	struct idmap roles;	 /* kinds of the role names seen so far */
};

#endif
