#ifndef GRADES_COURSE_H
#define GRADES_COURSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One Canvas course with its grades, whichever way it was read: over the API
 * or from Gradebook CSVs. Texts are UTF-8, end with a NUL, are never NULL
 * (blank is "") and live as long as the course. Rows refer to each other by
 * their number. Ids are text: they may have 17 digits (grades B2).
 */

#define COURSE_NONE UINT32_MAX /* no such row */

enum course_origin { COURSE_FROM_API, COURSE_FROM_CSV };

struct course_section {
	const char *id; /* Canvas's; "" in a Gradebook CSV */
	const char *sis_id;
	const char *name;
	const char *teacher; /* sortable name of its first one, or "" */
};

struct course_student {
	const char *id; /* Canvas's user id */
	const char *sis_id, *login_id, *integration_id;
	const char *sortable_name;
	bool is_test;  /* Canvas's own test student */
	uint32_t line; /* in the Gradebook CSV; 0: none */
};

/* Who is in which section; a student may be in several. */
struct course_enrollment {
	uint32_t student, section;
	bool active; /* neither concluded nor inactive */
};

struct course_group {
	const char *id;
	const char *name; /* the category */
};

/* Another due date for a section, a group of students or single ones. */
struct course_override {
	uint32_t section; /* COURSE_NONE: not for a section */
	bool sets_due_at;
	int64_t due_at;	 /* UTC seconds; 0: none */
	size_t students; /* single ones; 0: a section's, or a group's, whose
			  * members Canvas does not name */
};

enum grading_type {
	GRADING_POINTS,
	GRADING_PERCENT,
	GRADING_LETTER_GRADE,
	GRADING_GPA_SCALE,
	GRADING_PASS_FAIL,
	GRADING_NOT_GRADED
};

/* yes, no, or the input does not say. */
enum course_answer { COURSE_UNKNOWN, COURSE_NO, COURSE_YES };

struct course_assignment {
	const char *id;
	const char *name;
	const char *description;     /* HTML */
	const char *points_possible; /* decimal text; "": null */
	enum grading_type grading_type;
	uint32_t group;		  /* COURSE_NONE: unknown */
	int64_t due_at;		  /* UTC seconds; 0: none */
	const char *due_date;	  /* YYYY-MM-DD of a side file, else "" */
	const char *category;	  /* of a side file */
	const char *abbreviation; /* of a side file */
	const char *extra_points; /* of a side file, decimal text */
	enum course_answer published, post_to_sis, omit_from_final_grade;
	enum course_answer post_manually;
	bool only_visible_to_overrides; /* differentiated */
	bool mastery_paths;
	const struct course_override *overrides;
	size_t noverrides;
	uint32_t ungraded; /* submissions that wait for a grade */
	uint32_t place;	   /* order in the gradebook */
	uint32_t column;   /* in the Gradebook CSV, from 1; 0: none */
};

enum {
	SCORE_EXCUSED = 1,
	SCORE_LATE = 2,
	SCORE_MISSING = 4,
	SCORE_SUBMITTED = 8,  /* something was handed in */
	SCORE_GRADED = 16,    /* a grade was given, a score perhaps not */
	SCORE_UNPOSTED = 32,  /* students cannot see it yet */
	SCORE_UNASSIGNED = 64 /* N/A: not given to this student */
};

struct course_score {
	uint32_t assignment, student;
	uint32_t section;  /* where it was read; COURSE_NONE: anywhere */
	const char *score; /* after deductions; decimal text as it came */
	const char *grade; /* in the assignment's scheme: A-, complete */
	uint32_t flags;
};

struct course {
	enum course_origin origin;
	const char *source; /* for messages: host or file */
	const char *id, *sis_id, *name, *course_code;
	const char *time_zone;	      /* IANA name; "" unknown */
	int64_t term_start, term_end; /* UTC seconds; 0: unknown */
	const char *term_sis_id, *term_name;
	struct course_section *sections;
	size_t nsections, capsections;
	struct course_student *students;
	size_t nstudents, capstudents;
	struct course_enrollment *enrollments;
	size_t nenrollments, capenrollments;
	struct course_group *groups;
	size_t ngroups, capgroups;
	struct course_assignment *assignments;
	size_t nassignments, capassignments;
	struct course_score *scores;
	size_t nscores, capscores;
	struct course_texts *texts; /* course.c's own */
};

/* An empty course: every text is "". The caller frees it. */
struct course *course_new(enum course_origin origin);
void course_free(struct course *course);

/* A copy of a text that lives as long as the course. */
const char *course_keep(struct course *course, const char *bytes, size_t len);

/* Room for n overrides that lives as long as the course. */
struct course_override *course_overrides(struct course *course, size_t n);

/* A new row of each kind, all of it blank, COURSE_NONE or 0; the pointer
 * holds until the next row of that kind. */
struct course_section *course_add_section(struct course *course);
struct course_student *course_add_student(struct course *course);
struct course_enrollment *course_add_enrollment(struct course *course);
struct course_group *course_add_group(struct course *course);
struct course_assignment *course_add_assignment(struct course *course);
struct course_score *course_add_score(struct course *course);

/* The row with that Canvas id (a section in a CSV: with that name);
 * COURSE_NONE when there is none. */
uint32_t course_find_section(const struct course *course, const char *id);
uint32_t course_find_student(const struct course *course, const char *id);
uint32_t course_find_assignment(const struct course *course, const char *id);

/*
 * Puts scores in order of assignment, then student, then section, for
 * course_score_of().
 */
void course_sort_scores(struct course *course);

/* The score of a student in an assignment, read for that section or for any;
 * NULL: none. After course_sort_scores(). */
const struct course_score *course_score_of(const struct course *course,
    uint32_t assignment, uint32_t student, uint32_t section);

#endif
