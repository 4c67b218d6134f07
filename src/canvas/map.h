#ifndef CANVAS_MAP_H
#define CANVAS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "canvas/policy.h"
#include "roster/finding.h"
#include "roster/roster.h"

/* What the other rows say about a row. */
enum {
	PERSON_ENROLLED = 1, /* student: a cc row in scope */
	PERSON_STAFF = 2,    /* user: a schoolstaff row in scope */
	PERSON_CURRENT = 4,  /* user: one of them has status 1 */
	PERSON_NAMED = 8     /* user: a section in scope names one of them */
};

/* What goes into users.csv, by row of students or users. */
struct people {
	enum table_id table;
	uint8_t *marks;	  /* PERSON_ bits */
	uint32_t *school; /* row of the person's school */
	sym *id;	  /* user_id */
	sym *login;
	sym *email; /* blank when it is bad */
	sym *integration;
};

/* In mode course: one course of several sections. */
struct course_group {
	uint32_t school, term, course; /* rows; course may be ROW_NONE */
	sym course_number;
	sym id; /* course_id */
	bool sent;
};

/* A cell of cc that names a row that is in no file. */
struct dangling {
	uint32_t row;
	uint32_t field;
	sym names;
};

/*
 * What enrollments of students are made from, section by section; cc's own
 * columns are gone by then.
 */
struct stays {
	uint32_t *students; /* row << STAY_STATUS_BITS | status */
	int32_t *from;	    /* day, or NULL when no dates are sent */
	int32_t *until;	    /* first day not in class, likewise */
	uint32_t *first;    /* of each section, and one behind */
};

#define STAY_STATUS_BITS 2

/* A cc row that is held, and the rows that it names, or ROW_NONE. */
struct held_cc {
	uint32_t row, section, student;
};

struct check_words;

/*
 * The roster as Canvas is to see it. Rows refer to rows by number; cc's
 * studentid and sectionid columns hold row numbers once scope.c has run.
 */
struct map {
	const struct policy *policy;
	struct roster *roster;
	struct findings *findings;

	uint32_t *term_school; /* school row of each term */
	bool *term_used;       /* a section in scope is in it */
	bool *course_used;
	uint32_t *section_school, *section_term, *section_course;
	uint32_t *section_lead;		     /* schoolstaff row */
	uint32_t *staff_school, *staff_user; /* of each schoolstaff row */
	bool *staff_named;
	uint32_t *teacher_section, *teacher_staff; /* sectionteacher */
	uint8_t *teacher_role;
	struct dangling *dangling;
	size_t ndangling, capdangling;
	uint32_t *student_email; /* studentemail row of each student */

	sym *account_id, *term_id, *section_id, *course_id;
	struct people students, users;
	struct course_group *groups; /* mode course */
	size_t ngroups;
	uint32_t *section_group;
	struct check_words *group_words; /* by group */

	struct stays stays;
	struct held_cc *held_cc; /* by row */
	size_t nheld_cc;
	uint32_t *teacher_rows; /* sectionteacher rows by section */
	uint32_t *teacher_first;
	bool *lead_alone; /* section: sections.teacher stands in */
};

/*
 * Decides which rows take part, which are held and why, and what each becomes
 * in Canvas (mapping 2 to 4, 6). The roster is sealed; the policy, roster and
 * findings must outlive the map. Free it with map_free().
 */
void map_make(struct map *map, const struct policy *policy,
    struct roster *roster, struct findings *findings);
void map_free(struct map *map);

/*
 * Frees what became of each of millions of cc rows, when all is judged: how
 * many came to which end is still known.
 */
void map_forget(struct map *map);

/* The rows that a template about a row of a table is rendered from. */
struct tmpl_rows map_rows(
    const struct map *map, enum table_id table, uint32_t row);
struct tmpl_rows map_group_rows(
    const struct map *map, const struct course_group *group);

/*
 * Renders a template for a row of a table into out; the year of a term's name
 * is left out when the name holds it (mapping 3). Returns whether every field
 * was filled.
 */
bool map_render(const struct map *map, enum template_id id, enum table_id table,
    uint32_t row, struct buf *out);
bool map_render_group(const struct map *map, enum template_id id,
    const struct course_group *group, struct buf *out);

/* Whether a person has left: suspended or deleted, as the policy says. */
bool map_is_leaver(const struct map *map, enum table_id table, uint32_t row);

/* The text of a cell; digits must live as long as the result. */
struct str map_text(const struct map *map, enum table_id table, unsigned field,
    uint32_t row, char digits[SYM_DIGITS]);

#endif
