#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "grades/canvas_assignment.h"
#include "grades/canvas_course.h"
#include "grades/canvas_field.h"

/* Where a group or an assignment stands in the gradebook. */
struct canvas_place {
	uint32_t group; /* of an assignment, else 0 */
	int64_t position;
	uint32_t row; /* before it was moved */
};

void
canvas_course_init(
    struct canvas_course *canvas, const char *source, const char *what)
{
	*canvas = (struct canvas_course){ .what = what, .state = "" };
	canvas->course = course_new(COURSE_FROM_API);
	canvas->course->source = course_keep(
	    canvas->course, source, strlen(source));
}

void
canvas_course_free(struct canvas_course *canvas)
{
	course_free(canvas->course);
	free(canvas->group_places);
	free(canvas->assignment_places);
	*canvas = (struct canvas_course){ 0 };
}

int
canvas_course_head(void *arg, const struct json *item, struct err *err)
{
	struct canvas_course *canvas = arg;
	struct course *course = canvas->course;
	const struct json *term;

	if (canvas_field_id(item, "id", canvas->what, err) == NULL)
		return -1;
	course->id = canvas_field_keep(course, item, "id");
	course->sis_id = canvas_field_keep(course, item, "sis_course_id");
	course->name = canvas_field_keep(course, item, "name");
	course->course_code = canvas_field_keep(course, item, "course_code");
	course->time_zone = canvas_field_keep(course, item, "time_zone");
	canvas->state = canvas_field_keep(course, item, "workflow_state");
	term = json_get(item, "term");
	course->term_sis_id = canvas_field_keep(course, term, "sis_term_id");
	course->term_name = canvas_field_keep(course, term, "name");
	if (canvas_field_time(
		term, "start_at", canvas->what, &course->term_start, err) != 0)
		return -1;
	return canvas_field_time(
	    term, "end_at", canvas->what, &course->term_end, err);
}

/* SIS fields are left out, not null, for who may not read them. */
static int
may_not_read_sis(const struct canvas_course *canvas, const char *whose,
    const char *key, struct err *err)
{
	err_set(err, EXIT_SETTINGS,
	    "%s, %s: Canvas does not show \"%s\" of %s, for the token's owner"
	    " may not read SIS data; nothing was published",
	    canvas->course->source, canvas->what, key, whose);
	return err_hint(err,
	    "Give the owner's role the permission \"SIS Data - read\" in the"
	    " account, or use another token.");
}

int
canvas_course_section(void *arg, const struct json *item, struct err *err)
{
	struct canvas_course *canvas = arg;
	struct course *course = canvas->course;
	struct course_section *section;
	const char *id;

	id = canvas_field_id(item, "id", "a section", err);
	if (id == NULL)
		return -1;
	if (course_find_section(course, id) != COURSE_NONE)
		return 0;
	if (json_get(item, "sis_section_id") == NULL)
		return may_not_read_sis(
		    canvas, "its sections", "sis_section_id", err);
	section = course_add_section(course);
	section->id = canvas_field_keep(course, item, "id");
	section->sis_id = canvas_field_keep(course, item, "sis_section_id");
	section->name = canvas_field_keep(course, item, "name");
	return 0;
}

static int64_t
position_of(const struct json *item)
{
	int64_t position;

	/* Without one it stands behind the others. */
	return json_integer(json_get(item, "position"), &position) ? position :
								     INT64_MAX;
}

static uint32_t
find_group(const struct course *course, const char *id)
{
	size_t i;

	for (i = 0; id != NULL && i < course->ngroups; i++) {
		if (strcmp(course->groups[i].id, id) == 0)
			return (uint32_t)i;
	}
	return COURSE_NONE;
}

int
canvas_course_group(void *arg, const struct json *item, struct err *err)
{
	struct canvas_course *canvas = arg;
	struct course *course = canvas->course;
	struct course_group *group;
	const char *id;

	id = canvas_field_id(item, "id", "an assignment group", err);
	if (id == NULL)
		return -1;
	if (find_group(course, id) != COURSE_NONE)
		return 0;
	canvas->group_places = mem_grow(canvas->group_places, course->ngroups,
	    &canvas->capgroups, sizeof(*canvas->group_places));
	canvas->group_places[course->ngroups] = (struct canvas_place){ 0,
		position_of(item), (uint32_t)course->ngroups };
	group = course_add_group(course);
	group->id = canvas_field_keep(course, item, "id");
	group->name = canvas_field_keep(course, item, "name");
	return 0;
}

static int
place_order(const void *a, const void *b)
{
	const struct canvas_place *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* Puts rows of a size in the order of their places. */
static void
put_in_order(void *rows, size_t count, size_t size, struct canvas_place *places)
{
	char *copy;
	size_t i;

	if (count < 2)
		return;
	qsort(places, count, sizeof(*places), place_order);
	copy = mem_alloc(count * size);
	memcpy(copy, rows, count * size);
	for (i = 0; i < count; i++)
		memcpy(
		    (char *)rows + i * size, copy + places[i].row * size, size);
	free(copy);
}

void
canvas_course_order_groups(struct canvas_course *canvas)
{
	struct course *course = canvas->course;

	put_in_order(course->groups, course->ngroups, sizeof(*course->groups),
	    canvas->group_places);
}

int
canvas_course_assignment(void *arg, const struct json *item, struct err *err)
{
	struct canvas_course *canvas = arg;
	struct course *course = canvas->course;
	uint32_t group, row;
	const char *id;

	id = canvas_field_id(item, "id", "an assignment", err);
	if (id == NULL)
		return -1;
	if (course_find_assignment(course, id) != COURSE_NONE)
		return 0;
	group = find_group(
	    course, canvas_field_text(item, "assignment_group_id"));
	row = (uint32_t)course->nassignments;
	canvas->assignment_places = mem_grow(canvas->assignment_places, row,
	    &canvas->capassignments, sizeof(*canvas->assignment_places));
	canvas->assignment_places[row] = (struct canvas_place){ group,
		position_of(item), row };
	return canvas_assignment_add(course, item, group, err);
}

void
canvas_course_order_assignments(struct canvas_course *canvas)
{
	struct course *course = canvas->course;
	size_t i;

	put_in_order(course->assignments, course->nassignments,
	    sizeof(*course->assignments), canvas->assignment_places);
	for (i = 0; i < course->nassignments; i++)
		course->assignments[i].place = (uint32_t)i;
}

/* The row of a student, who is put in when new. */
static int
student_of(struct canvas_course *canvas, const struct json *item,
    const char *id, uint32_t *row, struct err *err)
{
	struct course *course = canvas->course;
	const struct json *user;
	struct course_student *student;

	*row = course_find_student(course, id);
	if (*row != COURSE_NONE)
		return 0;
	user = json_get(item, "user");
	if (json_get(user, "sis_user_id") == NULL &&
	    json_get(item, "sis_user_id") == NULL)
		return may_not_read_sis(
		    canvas, "its students", "sis_user_id", err);
	*row = (uint32_t)course->nstudents;
	student = course_add_student(course);
	student->id = course_keep(course, id, strlen(id));
	student->sis_id = canvas_field_keep(course, user, "sis_user_id");
	if (student->sis_id[0] == '\0')
		student->sis_id = canvas_field_keep(
		    course, item, "sis_user_id");
	student->login_id = canvas_field_keep(course, user, "login_id");
	student->integration_id = canvas_field_keep(
	    course, user, "integration_id");
	student->sortable_name = canvas_field_keep(
	    course, user, "sortable_name");
	return 0;
}

static void
enroll(struct course *course, uint32_t student, uint32_t section, bool active)
{
	struct course_enrollment *row;
	size_t i;

	for (i = 0; i < course->nenrollments; i++) {
		row = &course->enrollments[i];
		if (row->student == student && row->section == section) {
			row->active = row->active || active;
			return;
		}
	}
	row = course_add_enrollment(course);
	row->student = student;
	row->section = section;
	row->active = active;
}

static int
unknown_section(
    const struct canvas_course *canvas, const char *id, struct err *err)
{
	err_set(err, EXIT_TEMPORARY,
	    "%s, %s: an enrollment is in section %s, which is not in the list"
	    " of sections: the course changed while it was read; nothing was"
	    " published",
	    canvas->course->source, canvas->what, id);
	return err_hint(err, "Run again.");
}

int
canvas_course_enrollment(void *arg, const struct json *item, struct err *err)
{
	struct canvas_course *canvas = arg;
	struct course *course = canvas->course;
	struct course_section *of;
	const char *user, *id;
	uint32_t section, student;
	const char *type;
	bool teacher, active;

	type = canvas_field_id(item, "type", "an enrollment", err);
	if (type == NULL)
		return -1;
	teacher = strcmp(type, "TeacherEnrollment") == 0;
	/* Among the others is Canvas's own test student. */
	if (!teacher && strcmp(type, "StudentEnrollment") != 0)
		return 0;
	active = canvas_field_is(item, "enrollment_state", "active");
	user = canvas_field_id(item, "user_id", "an enrollment", err);
	id = canvas_field_id(item, "course_section_id", "an enrollment", err);
	if (user == NULL || id == NULL)
		return -1;
	section = course_find_section(course, id);
	if (section == COURSE_NONE)
		return unknown_section(canvas, id, err);
	if (teacher) {
		of = &course->sections[section];
		if (active && of->teacher[0] == '\0')
			of->teacher = canvas_field_keep(
			    course, json_get(item, "user"), "sortable_name");
		return 0;
	}
	if (student_of(canvas, item, user, &student, err) != 0)
		return -1;
	enroll(course, student, section, active);
	return 0;
}

static uint32_t
flags_of(const struct json *item)
{
	bool graded, excused, deleted;
	uint32_t flags = 0;

	excused = canvas_field_yes(item, "excused");
	graded = canvas_field_is(item, "workflow_state", "graded") ||
	    (canvas_field_text(item, "score") != NULL &&
		!canvas_field_is(item, "workflow_state", "pending_review"));
	deleted = canvas_field_is(item, "workflow_state", "deleted") ||
	    canvas_field_answer(item, "assignment_visible") == COURSE_NO;
	if (excused)
		flags |= SCORE_EXCUSED;
	if (canvas_field_yes(item, "late") ||
	    (json_get(item, "late") == NULL && !excused &&
		canvas_field_is(item, "late_policy_status", "late")))
		flags |= SCORE_LATE;
	if (canvas_field_yes(item, "missing") ||
	    (json_get(item, "missing") == NULL && !excused &&
		canvas_field_is(item, "late_policy_status", "missing")))
		flags |= SCORE_MISSING;
	if (canvas_field_text(item, "submitted_at") != NULL)
		flags |= SCORE_SUBMITTED;
	if (graded)
		flags |= SCORE_GRADED;
	/* Old servers do not know posting at all. */
	if (graded && json_kind(json_get(item, "posted_at")) == JSON_NULL)
		flags |= SCORE_UNPOSTED;
	return deleted ? flags | SCORE_UNASSIGNED : flags;
}

/* Does it wait for a grade? (needs_grading_count counts the same) */
static bool
waits(const struct json *item)
{
	if (canvas_field_is(item, "workflow_state", "pending_review"))
		return true;
	return canvas_field_is(item, "workflow_state", "submitted") &&
	    !canvas_field_yes(item, "excused");
}

/* Of a student in several sections the first one counts what waits. */
static bool
is_first_section(
    const struct course *course, uint32_t student, uint32_t section)
{
	size_t i;

	for (i = 0; i < course->nenrollments; i++) {
		if (course->enrollments[i].student == student)
			return course->enrollments[i].section == section;
	}
	return false;
}

static int
add_submission(const struct canvas_section_scores *of, uint32_t student,
    const struct json *item, struct err *err)
{
	struct course *course = of->canvas->course;
	struct course_score *score;
	uint32_t assignment;
	const char *id;

	id = canvas_field_id(item, "assignment_id", "a submission", err);
	if (id == NULL)
		return -1;
	assignment = course_find_assignment(course, id);
	if (assignment == COURSE_NONE) {
		of->canvas->unlisted++;
		return 0;
	}
	score = course_add_score(course);
	score->assignment = assignment;
	score->student = student;
	score->section = of->section;
	score->score = canvas_field_keep(course, item, "score");
	score->grade = canvas_field_keep(course, item, "grade");
	score->flags = flags_of(item);
	if (waits(item) && is_first_section(course, student, of->section))
		course->assignments[assignment].ungraded++;
	return 0;
}

void
canvas_course_scores_init(struct canvas_section_scores *scores,
    struct canvas_course *canvas, uint32_t section)
{
	scores->canvas = canvas;
	scores->section = section;
	scores->seen = mem_zalloc(
	    canvas->course->nstudents + 1, sizeof(*scores->seen));
}

void
canvas_course_scores_free(struct canvas_section_scores *scores)
{
	free(scores->seen);
	scores->seen = NULL;
}

size_t
canvas_course_scores_missing(const struct canvas_section_scores *scores)
{
	const struct course *course = scores->canvas->course;
	const struct course_enrollment *row;
	size_t i, missing;

	missing = 0;
	for (i = 0; i < course->nenrollments; i++) {
		row = &course->enrollments[i];
		missing += row->active && row->section == scores->section &&
		    !scores->seen[row->student];
	}
	return missing;
}

int
canvas_course_submissions(void *arg, const struct json *item, struct err *err)
{
	const struct canvas_section_scores *of = arg;
	const struct json *list, *submission;
	const char *user;
	uint32_t student;

	user = canvas_field_id(item, "user_id", "a submission", err);
	if (user == NULL)
		return -1;
	list = json_get(item, "submissions");
	if (json_kind(list) != JSON_LIST &&
	    json_get(item, "assignment_id") == NULL)
		return err_set(err, EXIT_SOURCE,
		    "%s, %s: a student's submissions are missing from"
		    " Canvas's answer; nothing was published",
		    of->canvas->course->source, of->canvas->what);
	student = course_find_student(of->canvas->course, user);
	if (student == COURSE_NONE) {
		of->canvas->strangers++;
		return 0;
	}
	if (list == NULL) {
		of->seen[student] = true;
		return add_submission(of, student, item, err);
	}
	if (of->seen[student])
		return 0;
	of->seen[student] = true;
	for (submission = json_first(list); submission != NULL;
	     submission = json_next(submission)) {
		if (add_submission(of, student, submission, err) != 0)
			return -1;
	}
	return 0;
}
