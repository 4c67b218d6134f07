#include <string.h>

#include "base/log.h"
#include "grades/canvas_assignment.h"
#include "grades/canvas_field.h"

/* Whom an override is for. */
enum target {
	TARGET_SECTION,
	TARGET_STUDENTS,
	TARGET_GROUP,
	TARGET_COURSE, /* everybody */
	TARGET_MASTERY_PATHS
};

/* The same override, as overrides has it and as all_dates has it. */
static const struct {
	const char *key, *set_type;
	enum target target;
} targets[] = {
	{ "course_section_id", "CourseSection", TARGET_SECTION },
	{ "student_ids", "ADHOC", TARGET_STUDENTS },
	{ "group_id", "Group", TARGET_GROUP },
	{ "course_id", "Course", TARGET_COURSE },
	{ "noop_id", "Noop", TARGET_MASTERY_PATHS },
};

#define NTARGETS (sizeof(targets) / sizeof(targets[0]))

static enum grading_type
grading_type_of(const struct json *item)
{
	static const char *const names[] = { [GRADING_POINTS] = "points",
		[GRADING_PERCENT] = "percent",
		[GRADING_LETTER_GRADE] = "letter_grade",
		[GRADING_GPA_SCALE] = "gpa_scale",
		[GRADING_PASS_FAIL] = "pass_fail",
		[GRADING_NOT_GRADED] = "not_graded" };
	const char *name;
	size_t i;

	name = canvas_field_text(item, "grading_type");
	for (i = 0; name != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0)
			return (enum grading_type)i;
	}
	/* Every type has a score in points beside its grade. */
	if (name != NULL)
		log_line(LOG_WARN,
		    "assignment %s has a grading type that is not known; it is"
		    " taken as points",
		    canvas_field_text(item, "id"));
	return GRADING_POINTS;
}

/* How many students an override names; its title says so in all_dates. */
static size_t
students_of(const struct json *item)
{
	size_t n;

	n = json_count(json_get(item, "student_ids"));
	return n == 0 ? 1 : n;
}

/* An override under construction. */
struct reading {
	struct course *course;
	struct course_assignment *assignment;
	const struct json *item;
	struct course_override *overrides;
	struct err *err;
};

/* Puts an override in when its target is known. */
static int
add_override(struct reading *reading, const struct json *item,
    enum target target, const char *section)
{
	struct course_assignment *assignment = reading->assignment;
	struct course_override *override;
	int64_t due_at;

	if (canvas_field_time(
		item, "due_at", "an override", &due_at, reading->err) != 0)
		return -1;
	if (target == TARGET_MASTERY_PATHS) {
		assignment->mastery_paths = true;
		return 0;
	}
	if (target == TARGET_COURSE) {
		assignment->only_visible_to_overrides = false;
		if (json_get(item, "due_at") != NULL)
			assignment->due_at = due_at;
		return 0;
	}
	override = &reading->overrides[assignment->noverrides];
	override->sets_due_at = json_get(item, "due_at") != NULL;
	override->due_at = due_at;
	if (target == TARGET_STUDENTS)
		override->students = students_of(item);
	if (target == TARGET_SECTION) {
		override->section = section == NULL ?
		    COURSE_NONE :
		    course_find_section(reading->course, section);
		/* A section that is gone has no grades either. */
		if (override->section == COURSE_NONE) {
			*override = (struct course_override){
				.section = COURSE_NONE
			};
			return 0;
		}
	}
	assignment->noverrides++;
	return 0;
}

/* One item of overrides or all_dates. */
static int
read_override(struct reading *reading, const struct json *item)
{
	size_t i;

	if (canvas_field_yes(item, "base"))
		return 0;
	for (i = 0; i < NTARGETS; i++) {
		if (json_get(item, targets[i].key) != NULL)
			return add_override(reading, item, targets[i].target,
			    canvas_field_text(item, targets[i].key));
		if (canvas_field_is(item, "set_type", targets[i].set_type))
			return add_override(reading, item, targets[i].target,
			    canvas_field_text(item, "set_id"));
	}
	return err_set(reading->err, EXIT_SOURCE,
	    "%s: assignment %s has an override that is for nobody known;"
	    " nothing was published",
	    reading->course->source, reading->assignment->id);
}

static int
read_overrides(struct reading *reading)
{
	const struct json *list, *item;

	list = json_get(reading->item, "overrides");
	if (json_kind(list) != JSON_LIST)
		list = json_get(reading->item, "all_dates");
	if (json_kind(list) != JSON_LIST) {
		if (!reading->assignment->only_visible_to_overrides &&
		    !canvas_field_yes(reading->item, "has_overrides"))
			return 0;
		err_set(reading->err, EXIT_SOURCE,
		    "%s: assignment %s has other dates for some, which Canvas"
		    " does not show to the token's owner; nothing was"
		    " published",
		    reading->course->source, reading->assignment->id);
		return err_hint(reading->err,
		    "Use the token of somebody who may manage assignments in"
		    " these courses.");
	}
	if (json_count(list) == 0)
		return 0;
	reading->overrides = course_overrides(
	    reading->course, json_count(list));
	reading->assignment->overrides = reading->overrides;
	for (item = json_first(list); item != NULL; item = json_next(item)) {
		if (read_override(reading, item) != 0)
			return -1;
	}
	return 0;
}

/* Whether it is published; old answers have the state alone. */
static enum course_answer
published_of(const struct json *item)
{
	enum course_answer answer;

	answer = canvas_field_answer(item, "published");
	if (answer != COURSE_UNKNOWN ||
	    canvas_field_text(item, "workflow_state") == NULL)
		return answer;
	return canvas_field_is(item, "workflow_state", "published") ?
	    COURSE_YES :
	    COURSE_NO;
}

int
canvas_assignment_add(struct course *course, const struct json *item,
    uint32_t group, struct err *err)
{
	struct course_assignment *row;
	struct reading reading;

	row = course_add_assignment(course);
	row->id = canvas_field_keep(course, item, "id");
	row->name = canvas_field_keep(course, item, "name");
	row->description = canvas_field_keep(course, item, "description");
	row->points_possible = canvas_field_keep(
	    course, item, "points_possible");
	row->grading_type = grading_type_of(item);
	row->group = group;
	row->published = published_of(item);
	row->post_to_sis = canvas_field_answer(item, "post_to_sis");
	row->omit_from_final_grade = canvas_field_answer(
	    item, "omit_from_final_grade");
	row->post_manually = canvas_field_answer(item, "post_manually");
	row->only_visible_to_overrides = canvas_field_yes(
	    item, "only_visible_to_overrides");
	if (canvas_field_time(
		item, "due_at", "an assignment", &row->due_at, err) != 0)
		return -1;
	reading = (struct reading){ course, row, item, NULL, err };
	return read_overrides(&reading);
}
