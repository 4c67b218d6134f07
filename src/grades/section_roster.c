#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "grades/section_roster.h"

/* The id that a student number comes from. */
static const char *
id_of(const struct grade_policy *policy, const struct course_student *student)
{
	switch (policy->number) {
	case GRADE_NUMBER_LOGIN_ID:
		return student->login_id;
	case GRADE_NUMBER_INTEGRATION_ID:
		return student->integration_id;
	case GRADE_NUMBER_CROSSWALK:
	case GRADE_NUMBER_SIS_ID:
		break;
	}
	return student->sis_id;
}

static void
found(const struct course_sheets_maker *maker, enum grade_rule rule,
    const struct grade_place *section, const char *student, const char *detail)
{
	struct grade_place place;

	place = *section;
	place.student = student;
	grade_findings_add(maker->findings, rule, &place, detail);
}

/* Canvas's id of a student; an id of the SIS where a gradebook has none. */
static const char *
known_as(const struct course_student *student)
{
	return student->id[0] != '\0' ? student->id : student->sis_id;
}

/* The number, or NULL after it was found that there is none. */
static const char *
number_of(const struct course_sheets_maker *maker,
    const struct grade_place *place, const struct course_student *student)
{
	const char *id, *number;

	id = id_of(maker->policy, student);
	if (id[0] == '\0') {
		found(
		    maker, GRADE_STUDENT_NO_ID, place, known_as(student), NULL);
		return NULL;
	}
	if (maker->policy->number != GRADE_NUMBER_CROSSWALK)
		return id;
	number = crosswalk_number(maker->crosswalk, id);
	if (number == NULL)
		found(
		    maker, GRADE_STUDENT_UNKNOWN, place, known_as(student), id);
	return number;
}

static int
by_number(const void *a, const void *b)
{
	const struct roster_student *x, *y;

	x = a;
	y = b;
	return strcmp(x->number, y->number);
}

static int
by_name(const void *a, const void *b, void *arg)
{
	const struct roster_student *x, *y;
	const struct course *course;
	const char *name_x, *name_y;
	int order;

	x = a;
	y = b;
	course = arg;
	name_x = course->students[x->student].sortable_name;
	name_y = course->students[y->student].sortable_name;
	order = strcasecmp(name_x, name_y);
	if (order == 0)
		order = strcmp(name_x, name_y);
	return order != 0 ? order : strcmp(x->number, y->number);
}

/* Whoever shares a number goes; a student enrolled twice stands once. */
static void
drop_shared(struct section_roster *roster, const struct course *course,
    const struct course_sheets_maker *maker, const struct grade_place *place)
{
	const struct roster_student *list;
	size_t from, to, i, kept;
	bool shared;

	qsort(roster->list, roster->count, sizeof(*roster->list), by_number);
	list = roster->list;
	for (from = kept = 0; from < roster->count; from = to) {
		shared = false;
		for (to = from; to < roster->count &&
		     strcmp(list[from].number, list[to].number) == 0;
		     to++)
			shared |= list[to].student != list[from].student;
		for (i = from; shared && i < to; i++)
			found(maker, GRADE_STUDENT_TWICE, place,
			    known_as(&course->students[list[i].student]),
			    list[i].number);
		if (!shared)
			roster->list[kept++] = list[from];
	}
	roster->count = kept;
}

static bool
is_active(const struct course *course, uint32_t student, uint32_t section)
{
	const struct course_enrollment *enrollment;
	size_t i;

	for (i = 0; i < course->nenrollments; i++) {
		enrollment = &course->enrollments[i];
		if (enrollment->student == student &&
		    enrollment->section == section && enrollment->active)
			return true;
	}
	return false;
}

void
section_roster_make(struct section_roster *roster, const struct course *course,
    uint32_t section, const struct course_sheets_maker *maker,
    const struct grade_place *place)
{
	const struct course_enrollment *enrollment;
	const struct course_student *student;
	const char *number;
	size_t i;

	*roster = (struct section_roster){
		mem_zalloc(course->nenrollments + 1, sizeof(*roster->list)), 0
	};
	for (i = 0; i < course->nenrollments; i++) {
		enrollment = &course->enrollments[i];
		if (enrollment->section != section)
			continue;
		student = &course->students[enrollment->student];
		if (student->is_test)
			continue;
		if (!enrollment->active) {
			if (!is_active(course, enrollment->student, section))
				found(maker, GRADE_STUDENT_INACTIVE, place,
				    known_as(student), NULL);
			continue;
		}
		number = number_of(maker, place, student);
		if (number != NULL)
			roster->list[roster->count++] = (struct roster_student){
				enrollment->student, number
			};
	}
	if (roster->count == 0)
		return;
	drop_shared(roster, course, maker, place);
	qsort_r(roster->list, roster->count, sizeof(*roster->list), by_name,
	    (void *)(uintptr_t)course);
}

void
section_roster_free(struct section_roster *roster)
{
	free(roster->list);
	*roster = (struct section_roster){ NULL, 0 };
}

static const char *
first_filled(const char *a, const char *b, const char *c)
{
	return a[0] != '\0' ? a : b[0] != '\0' ? b : c;
}

/* The SIS id; a gradebook has only the name to tell it by. */
static const char *
sis_id_of(const struct course *course, const struct course_section *section,
    const struct course_sheets_maker *maker)
{
	const char *sis_id;

	if (section->sis_id[0] != '\0' || course->origin != COURSE_FROM_CSV ||
	    maker->crosswalk == NULL)
		return section->sis_id;
	sis_id = crosswalk_section_named(maker->crosswalk, section->name);
	return sis_id == NULL ? "" : sis_id;
}

/* As PowerSchool calls it; "" when it is not known there. */
static const char *
name_by_crosswalk(struct course *course, const struct course_section *section,
    const char *sis_id, const struct course_sheets_maker *maker,
    const struct grade_place *place)
{
	struct buf text = { 0 };
	const char *name;

	if (maker->crosswalk != NULL && sis_id[0] != '\0' &&
	    crosswalk_section(
		maker->crosswalk, sis_id, course->course_code, &text) == 0) {
		name = course_keep(course, text.data, text.len);
		buf_free(&text);
		return name;
	}
	buf_free(&text);
	if (course->origin == COURSE_FROM_CSV) {
		grade_findings_add(
		    maker->findings, GRADE_SECTION_NAMED, place, NULL);
		return section->name;
	}
	grade_findings_add(maker->findings, GRADE_SECTION_UNKNOWN, place,
	    sis_id[0] == '\0' ? "no SIS id" : sis_id);
	return "";
}

void
section_roster_name(struct section_sheets *sheets_of,
    struct course_sheets *sheets, const struct course_sheets_maker *maker)
{
	const struct course_section *section;
	struct grade_place place = { 0 };
	const char *sis_id;

	section = &sheets->course->sections[sheets_of->section];
	place.course = sheets->name;
	place.section = first_filled(section->id, section->name, "");
	sis_id = sis_id_of(sheets->course, section, maker);
	sheets_of->key = first_filled(sis_id, section->id, section->name);
	switch (maker->policy->section) {
	case GRADE_SECTION_NAME:
		sheets_of->name = first_filled(section->name, sis_id, "");
		break;
	case GRADE_SECTION_SIS_ID:
		sheets_of->name = sis_id;
		break;
	case GRADE_SECTION_CROSSWALK:
		sheets_of->name = name_by_crosswalk(
		    sheets->course, section, sis_id, maker, &place);
		return;
	}
	if (sheets_of->name[0] == '\0')
		grade_findings_add(
		    maker->findings, GRADE_SECTION_UNKNOWN, &place, NULL);
}
