#ifndef SOURCE_PS_V1_DEF_H
#define SOURCE_PS_V1_DEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What /ws/v1 has lists of; all ids there are dcids. (powerschool 2.2) */
enum ps_v1_kind {
	PS_V1_SCHOOL,
	PS_V1_TERM,
	PS_V1_COURSE,
	PS_V1_SECTION,
	PS_V1_STUDENT,
	PS_V1_STAFF,
	PS_V1_ENROLLMENT,
	PS_V1_KINDS
};

#define PS_V1_MEMBERS 12 /* of one object, at most */

struct ps_v1_def {
	const char *one, *several; /* "student", "students" */
	const char *list;	/* path of a list: what is behind its owner */
	const char *expansions; /* of a list and of one object; "" */
	const char *filter;	/* of a list, not encoded; %d is the year */
	enum ps_v1_kind owner;	/* PS_V1_KINDS: the district */
	bool counted;		/* its count is asked for, too */
	/* What is read of it, dots between; ends with NULL. Not the id. */
	const char *members[PS_V1_MEMBERS + 1];
};

/* THE TABLE of what is asked of /ws/v1. */
extern const struct ps_v1_def ps_v1_defs[PS_V1_KINDS];

/* Which of a kind's members has that name; every name is one of the table. */
size_t ps_v1_def_member(enum ps_v1_kind kind, const char *name);

/*
 * Paths of a list, with its arguments behind, and of its count. year is that
 * in which the school year starts. The caller frees them.
 */
char *ps_v1_def_list_path(enum ps_v1_kind kind, uint64_t owner, int year);
char *ps_v1_def_count_path(enum ps_v1_kind kind, uint64_t owner, int year);

/* Path of one object by its dcid. The caller frees it. */
char *ps_v1_def_path(enum ps_v1_kind kind, uint64_t id);

#endif
