#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "grades/course.h"

#define BLOCK_BYTES ((size_t)32 << 10) /* of texts at a time */

/* Texts stand in blocks, so that they never move. */
struct course_texts {
	struct course_texts *before;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

/* Room that lives as long as the course. */
static void *
texts_room(struct course *course, size_t need)
{
	struct course_texts *block;
	size_t size;
	char *room;

	need = (need + sizeof(max_align_t) - 1) / sizeof(max_align_t) *
	    sizeof(max_align_t);
	block = course->texts;
	if (block == NULL || block->size - block->used < need) {
		size = need > BLOCK_BYTES ? need : BLOCK_BYTES;
		block = mem_alloc(sizeof(*block) + size);
		block->before = course->texts;
		block->used = 0;
		block->size = size;
		course->texts = block;
	}
	room = block->bytes + block->used;
	block->used += need;
	return room;
}

const char *
course_keep(struct course *course, const char *bytes, size_t len)
{
	char *text;

	if (len == 0)
		return "";
	text = texts_room(course, len + 1);
	memcpy(text, bytes, len);
	text[len] = '\0';
	return text;
}

struct course_override *
course_overrides(struct course *course, size_t n)
{
	struct course_override *overrides;
	size_t i;

	overrides = texts_room(course, n * sizeof(*overrides));
	for (i = 0; i < n; i++)
		overrides[i] = (struct course_override){
			.section = COURSE_NONE
		};
	return overrides;
}

struct course *
course_new(enum course_origin origin)
{
	struct course *course;

	course = mem_zalloc(1, sizeof(*course));
	course->origin = origin;
	course->source = course->id = course->sis_id = course->name = "";
	course->course_code = course->time_zone = "";
	course->term_sis_id = course->term_name = "";
	return course;
}

void
course_free(struct course *course)
{
	struct course_texts *block;

	if (course == NULL)
		return;
	while ((block = course->texts) != NULL) {
		course->texts = block->before;
		free(block);
	}
	free(course->sections);
	free(course->students);
	free(course->enrollments);
	free(course->groups);
	free(course->assignments);
	free(course->scores);
	free(course);
}

struct course_section *
course_add_section(struct course *course)
{
	struct course_section *row;

	course->sections = mem_grow(course->sections, course->nsections,
	    &course->capsections, sizeof(*course->sections));
	row = &course->sections[course->nsections++];
	*row = (struct course_section){ "", "", "", "" };
	return row;
}

struct course_student *
course_add_student(struct course *course)
{
	struct course_student *row;

	course->students = mem_grow(course->students, course->nstudents,
	    &course->capstudents, sizeof(*course->students));
	row = &course->students[course->nstudents++];
	*row = (struct course_student){ "", "", "", "", "", false, 0 };
	return row;
}

struct course_enrollment *
course_add_enrollment(struct course *course)
{
	struct course_enrollment *row;

	course->enrollments = mem_grow(course->enrollments,
	    course->nenrollments, &course->capenrollments,
	    sizeof(*course->enrollments));
	row = &course->enrollments[course->nenrollments++];
	*row = (struct course_enrollment){ COURSE_NONE, COURSE_NONE, true };
	return row;
}

struct course_group *
course_add_group(struct course *course)
{
	struct course_group *row;

	course->groups = mem_grow(course->groups, course->ngroups,
	    &course->capgroups, sizeof(*course->groups));
	row = &course->groups[course->ngroups++];
	*row = (struct course_group){ "", "" };
	return row;
}

struct course_assignment *
course_add_assignment(struct course *course)
{
	struct course_assignment *row;

	course->assignments = mem_grow(course->assignments,
	    course->nassignments, &course->capassignments,
	    sizeof(*course->assignments));
	row = &course->assignments[course->nassignments];
	*row = (struct course_assignment){ .id = "",
		.name = "",
		.description = "",
		.points_possible = "",
		.group = COURSE_NONE,
		.due_date = "",
		.category = "",
		.abbreviation = "",
		.extra_points = "",
		.place = (uint32_t)course->nassignments };
	course->nassignments++;
	return row;
}

struct course_score *
course_add_score(struct course *course)
{
	struct course_score *row;

	course->scores = mem_grow(course->scores, course->nscores,
	    &course->capscores, sizeof(*course->scores));
	row = &course->scores[course->nscores++];
	*row = (struct course_score){ COURSE_NONE, COURSE_NONE, COURSE_NONE, "",
		"", 0 };
	return row;
}

uint32_t
course_find_section(const struct course *course, const char *id)
{
	const struct course_section *row;
	size_t i;

	for (i = 0; i < course->nsections; i++) {
		row = &course->sections[i];
		if (strcmp(*row->id != '\0' ? row->id : row->name, id) == 0)
			return (uint32_t)i;
	}
	return COURSE_NONE;
}

uint32_t
course_find_student(const struct course *course, const char *id)
{
	size_t i;

	for (i = 0; i < course->nstudents; i++) {
		if (strcmp(course->students[i].id, id) == 0)
			return (uint32_t)i;
	}
	return COURSE_NONE;
}

uint32_t
course_find_assignment(const struct course *course, const char *id)
{
	size_t i;

	for (i = 0; i < course->nassignments; i++) {
		if (strcmp(course->assignments[i].id, id) == 0)
			return (uint32_t)i;
	}
	return COURSE_NONE;
}

static int
score_order(const void *a, const void *b)
{
	const struct course_score *x, *y;

	x = a;
	y = b;
	if (x->assignment != y->assignment)
		return x->assignment < y->assignment ? -1 : 1;
	if (x->student != y->student)
		return x->student < y->student ? -1 : 1;
	return (x->section > y->section) - (x->section < y->section);
}

static bool
scores_are_in_order(const struct course *course)
{
	size_t i;

	for (i = 1; i < course->nscores; i++) {
		if (score_order(&course->scores[i - 1], &course->scores[i]) > 0)
			return false;
	}
	return true;
}

/*
 * Brings together the scores of each assignment and keeps their order within
 * it: what was read student by student is in order then.
 */
static void
gather_by_assignment(struct course *course)
{
	struct course_score *gathered;
	size_t *starts, i, n;

	starts = mem_zalloc(course->nassignments + 1, sizeof(*starts));
	for (i = 0; i < course->nscores; i++) {
		n = course->scores[i].assignment;
		if (n >= course->nassignments)
			goto out;
		starts[n + 1]++;
	}
	for (i = 0; i < course->nassignments; i++)
		starts[i + 1] += starts[i];
	gathered = mem_zalloc(course->capscores, sizeof(*gathered));
	for (i = 0; i < course->nscores; i++)
		gathered[starts[course->scores[i]
				    .assignment]++] = course->scores[i];
	free(course->scores);
	course->scores = gathered;
out:
	free(starts);
}

void
course_sort_scores(struct course *course)
{
	if (scores_are_in_order(course))
		return;
	gather_by_assignment(course);
	if (!scores_are_in_order(course))
		qsort(course->scores, course->nscores, sizeof(*course->scores),
		    score_order);
}

const struct course_score *
course_score_of(const struct course *course, uint32_t assignment,
    uint32_t student, uint32_t section)
{
	struct course_score key = { assignment, student, section, "", "", 0 };
	const struct course_score *found;

	if (course->nscores == 0)
		return NULL;
	found = bsearch(
	    &key, course->scores, course->nscores, sizeof(key), score_order);
	if (found != NULL || section == COURSE_NONE)
		return found;
	key.section = COURSE_NONE;
	return bsearch(
	    &key, course->scores, course->nscores, sizeof(key), score_order);
}
