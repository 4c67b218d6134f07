#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "grades/gradebook_reading.h"
#include "grades/gradebook_students.h"

#define TEST_LOGIN_SIZE 40 /* hex digits of the test student's login */

/* An id's text; digits that were rounded are nobody's id. */
static const char *
take_id(struct gradebook_reading *r, const struct csv_cell *cells,
    size_t ncells, enum gradebook_role role, uint32_t line)
{
	struct str text;

	text = gradebook_reading_identity(r, cells, ncells, role);
	if (gradebook_cell_is_rounded(text)) {
		gradebook_reading_say(r, GRADEBOOK_ID_ROUNDED, line + 1,
		    r->header.place[role] + 1);
		return "";
	}
	return course_keep(r->course, text.bytes, text.len);
}

static const char *
take_name(
    struct gradebook_reading *r, const struct csv_cell *cells, size_t ncells)
{
	struct str name, last, first;
	const char *kept;
	char *joined;

	name = gradebook_reading_identity(r, cells, ncells, GRADEBOOK_NAME);
	if (name.len > 0)
		return course_keep(r->course, name.bytes, name.len);
	last = gradebook_reading_identity(
	    r, cells, ncells, GRADEBOOK_LAST_NAME);
	first = gradebook_reading_identity(
	    r, cells, ncells, GRADEBOOK_FIRST_NAME);
	if (last.len == 0 || first.len == 0) {
		name = last.len == 0 ? first : last;
		return course_keep(r->course, name.bytes, name.len);
	}
	joined = mem_printf("%.*s, %.*s", (int)last.len, last.bytes,
	    (int)first.len, first.bytes);
	kept = course_keep(r->course, joined, strlen(joined));
	free(joined);
	return kept;
}

/* Canvas's own test student has no SIS id and a login of hex digits. */
static bool
is_test_student(const struct course_student *student)
{
	if (*student->sis_id != '\0')
		return false;
	return strcmp(student->sortable_name, "Student, Test") == 0 ||
	    (strlen(student->login_id) == TEST_LOGIN_SIZE &&
		strspn(student->login_id, "0123456789abcdef") ==
		    TEST_LOGIN_SIZE);
}

static void
note_repeated(struct gradebook_reading *r, const struct course_student *student,
    uint32_t line)
{
	char *all;
	sym person;

	all = mem_printf("%s\n%s\n%s\n%s", student->id, student->sis_id,
	    student->login_id, student->sortable_name);
	person = intern_add(r->people, all, strlen(all));
	free(all);
	if (idmap_get(&r->lines, person.id, NULL))
		gradebook_reading_say(r, GRADEBOOK_STUDENT_TWICE, line + 1, 0);
	else
		idmap_put(&r->lines, person.id, line);
}

static void
take_sections(struct gradebook_reading *r, const struct csv_cell *cells,
    size_t ncells, uint32_t student, uint32_t line)
{
	struct course_enrollment *enrollment;
	const uint32_t *sections;
	size_t i, count;

	sections = gradebook_sections_of(r->sections,
	    gradebook_reading_identity(r, cells, ncells, GRADEBOOK_SECTION),
	    &count);
	if (count == 0)
		gradebook_reading_say(r, GRADEBOOK_NO_SECTION, line + 1, 0);
	for (i = 0; i < count; i++) {
		enrollment = course_add_enrollment(r->course);
		enrollment->student = student;
		enrollment->section = sections[i];
	}
}

/* A number as a score; a share of the points when % follows it. */
static const char *
score_text(struct gradebook_reading *r, const struct gradebook_column *column,
    struct decimal *number, bool percent)
{
	static const struct decimal hundredth = { false, 1, 2, { 1 } };
	struct decimal points;
	char text[DECIMAL_TEXT_SIZE];

	if (percent &&
	    (decimal_parse(column->points, strlen(column->points), &points) !=
		    0 ||
		decimal_multiply(number, &points, number) != 0 ||
		decimal_multiply(number, &hundredth, number) != 0))
		return NULL;
	decimal_text(number, text);
	return course_keep(r->course, text, strlen(text));
}

static void
take_score(struct gradebook_reading *r, const struct gradebook_column *column,
    struct str cell, uint32_t student)
{
	struct course_score score = { column->assignment, student, COURSE_NONE,
		"", "", 0 };
	struct decimal number;
	const char *text;
	bool percent;

	switch (gradebook_cell_kind(cell, &number, &percent)) {
	case GRADEBOOK_CELL_BLANK:
		return;
	case GRADEBOOK_CELL_EXCUSED:
		score.flags = SCORE_EXCUSED;
		break;
	case GRADEBOOK_CELL_UNASSIGNED:
		score.flags = SCORE_UNASSIGNED;
		break;
	case GRADEBOOK_CELL_NUMBER:
		text = score_text(r, column, &number, percent);
		if (text != NULL) {
			score.flags = SCORE_GRADED;
			score.score = text;
			break;
		}
		/* FALLTHROUGH */
	case GRADEBOOK_CELL_WORDS:
		score.flags = SCORE_GRADED;
		score.grade = course_keep(r->course, cell.bytes, cell.len);
		break;
	}
	if (column->muted)
		score.flags |= SCORE_UNPOSTED;
	*course_add_score(r->course) = score;
}

int
gradebook_students_record(
    void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct course_student *student;
	struct gradebook_reading *r;
	uint32_t row;
	size_t i;

	r = arg;
	if (r->kinds[r->at++] != GRADEBOOK_ROW_IS_STUDENT)
		return 0;
	row = (uint32_t)r->course->nstudents;
	student = course_add_student(r->course);
	student->line = line + 1;
	student->sortable_name = take_name(r, cells, ncells);
	student->id = take_id(r, cells, ncells, GRADEBOOK_ID, line);
	student->sis_id = take_id(r, cells, ncells, GRADEBOOK_SIS_ID, line);
	student->login_id = take_id(r, cells, ncells, GRADEBOOK_LOGIN_ID, line);
	student->integration_id = take_id(
	    r, cells, ncells, GRADEBOOK_INTEGRATION_ID, line);
	student->is_test = is_test_student(student);
	note_repeated(r, student, line);
	take_sections(r, cells, ncells, row, line);
	for (i = 0; i < ncells && i < r->header.ncolumns; i++) {
		if (r->header.columns[i].role == GRADEBOOK_ASSIGNMENT)
			take_score(r, &r->header.columns[i],
			    gradebook_cell_text(&cells[i]), row);
	}
	return 0;
}
