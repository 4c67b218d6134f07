#ifndef GRADES_CANVAS_COURSE_H
#define GRADES_CANVAS_COURSE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"
#include "grades/course.h"

/*
 * One Canvas course, put together from what the API gives (grades B2), in
 * this order: the course, its sections and groups; then its assignments and
 * enrollments; then the submissions of each section. Ids are taken as text or
 * as numbers, scores as they are written. Every function takes one item of a
 * list; -1 with EXIT_SOURCE when it is not what Canvas documents, and with
 * EXIT_SETTINGS when the token's owner may not read SIS data.
 */
struct canvas_course {
	struct course *course;
	const char *what;   /* for messages: "course 17" */
	const char *state;  /* workflow_state: available */
	uint64_t strangers; /* submissions of nobody's in the course */
	uint64_t unlisted;  /* submissions to no assignment of the list */
	struct canvas_place *group_places, *assignment_places;
	size_t capgroups, capassignments;
};

/* One section, whose submissions come. */
struct canvas_section_scores {
	struct canvas_course *canvas;
	uint32_t section;
	bool *seen; /* each student of the course */
};

/* source is the host, for messages; both texts are the caller's and stay. */
void canvas_course_init(
    struct canvas_course *canvas, const char *source, const char *what);

/* Frees what is left; a course that was taken (and set NULL) is not. */
void canvas_course_free(struct canvas_course *canvas);

/* These four are of the type canvas_api_fn; arg is the canvas_course. */
int canvas_course_head(void *arg, const struct json *item, struct err *err);
int canvas_course_section(void *arg, const struct json *item, struct err *err);
int canvas_course_group(void *arg, const struct json *item, struct err *err);

/* Puts the groups in the order of the gradebook; no more of them come. */
void canvas_course_order_groups(struct canvas_course *canvas);

int canvas_course_assignment(
    void *arg, const struct json *item, struct err *err);
int canvas_course_enrollment(
    void *arg, const struct json *item, struct err *err);

/* The same for assignments. */
void canvas_course_order_assignments(struct canvas_course *canvas);

/* When students and assignments are complete. */
void canvas_course_scores_init(struct canvas_section_scores *scores,
    struct canvas_course *canvas, uint32_t section);
void canvas_course_scores_free(struct canvas_section_scores *scores);

/* The submissions of one student, or a single submission; arg is a
 * canvas_section_scores. A student who comes twice counts once. */
int canvas_course_submissions(
    void *arg, const struct json *item, struct err *err);

/* How many active students of the section have not come. */
size_t canvas_course_scores_missing(const struct canvas_section_scores *scores);

#endif
