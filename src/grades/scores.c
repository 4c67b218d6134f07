#include <string.h>
#include <strings.h>

#include "grades/scores.h"

#define PLACES 2 /* decimals that are safe (grades A3) */

const char *
scores_keep(struct course *course, const struct decimal *number)
{
	char text[DECIMAL_TEXT_SIZE];

	decimal_text(number, text);
	return course_keep(course, text, strlen(text));
}

const char *
scores_keep_points(struct course *course, const struct decimal *number)
{
	char text[DECIMAL_TEXT_SIZE];

	decimal_points_text(number, text);
	return course_keep(course, text, strlen(text));
}

/* The words of a complete/incomplete grade; some Canvases say pass and fail. */
static bool
is_word(const char *grade, const char *const words[2])
{
	return strcasecmp(grade, words[0]) == 0 ||
	    strcasecmp(grade, words[1]) == 0;
}

/* Complete is worth all points. */
static bool
number_of_word(const struct course_assignment *assignment, const char *grade,
    struct decimal *number)
{
	static const char *const complete[2] = { "complete", "pass" };
	static const char *const incomplete[2] = { "incomplete", "fail" };

	if (assignment->grading_type != GRADING_PASS_FAIL)
		return false;
	*number = (struct decimal){ 0 };
	if (is_word(grade, incomplete))
		return true;
	return is_word(grade, complete) &&
	    decimal_parse(assignment->points_possible,
		strlen(assignment->points_possible), number) == 0;
}

static void
put_number(struct scores_cell *cell, struct course *course,
    const struct course_assignment *assignment,
    const struct course_score *score)
{
	struct decimal exact;

	if (score->score[0] != '\0' ?
		decimal_parse(score->score, strlen(score->score), &exact) != 0 :
		!number_of_word(assignment, score->grade, &exact)) {
		cell->lacks_number = score->score[0] != '\0' ||
		    score->grade[0] != '\0';
		return;
	}
	cell->number = exact;
	if (decimal_round(&cell->number, PLACES) != 0) {
		cell->lacks_number = true;
		return;
	}
	cell->has_number = true;
	cell->was_rounded = decimal_compare(&exact, &cell->number) != 0;
	cell->row.exact_score = scores_keep(course, &exact);
	cell->row.score = cell->was_rounded ?
	    scores_keep(course, &cell->number) :
	    cell->row.exact_score;
}

/* A letter is only one where the assignment is graded by letters. */
static bool
has_letters(const struct course_assignment *assignment)
{
	return assignment->grading_type == GRADING_LETTER_GRADE ||
	    assignment->grading_type == GRADING_GPA_SCALE;
}

static void
put_flags(struct scoresheet_row *row, uint32_t flags)
{
	row->exempt = (flags & SCORE_EXCUSED) != 0;
	row->late = !row->exempt && (flags & SCORE_LATE) != 0;
	row->missing = !row->exempt && (flags & SCORE_MISSING) != 0;
	row->collected = (flags & SCORE_SUBMITTED) != 0;
}

static void
blank_number(struct scores_cell *cell)
{
	cell->has_number = cell->was_rounded = cell->lacks_number = false;
	cell->row.score = cell->row.exact_score = cell->row.grade = "";
}

void
scores_cell(struct scores_cell *cell, struct course *course,
    const struct grade_policy *policy,
    const struct course_assignment *assignment,
    const struct course_score *score)
{
	struct scoresheet_row *row;

	*cell = (struct scores_cell){ 0 };
	row = &cell->row;
	row->score = row->exact_score = row->grade = row->note = "";
	if (score == NULL || (score->flags & SCORE_UNASSIGNED) != 0)
		return;
	put_flags(row, score->flags);
	if (row->exempt) {
		row->score = policy->code_excused;
		row->note = policy->code_excused[0] == '\0' ?
		    "excused in Canvas (EX); score left blank" :
		    "excused in Canvas (EX)";
		return;
	}
	put_number(cell, course, assignment, score);
	if (has_letters(assignment))
		row->grade = score->grade;
	cell->is_hidden = (score->flags & SCORE_UNPOSTED) != 0 &&
	    (cell->has_number || cell->lacks_number);
	if (cell->is_hidden && policy->skip_unposted) {
		blank_number(cell);
		row->note = "hidden in Canvas; score left blank";
	} else if (cell->is_hidden) {
		row->note = "hidden in Canvas";
	}
	if (row->missing && !cell->has_number && !cell->is_hidden)
		row->score = policy->code_missing;
	if (cell->lacks_number)
		row->note = "no score that is a number; score left blank";
}

static void
find_possible(
    struct scores_points *points, const struct course_assignment *assignment)
{
	const char *text;
	struct decimal exact;

	text = assignment->points_possible;
	points->none = *text == '\0' ||
	    decimal_parse(text, strlen(text), &exact) != 0;
	if (points->none) {
		points->exact = "";
		return;
	}
	points->possible = exact;
	if (decimal_round(&points->possible, PLACES) != 0) {
		points->possible = (struct decimal){ 0 };
		points->none = true;
	}
	points->rounded = decimal_compare(&exact, &points->possible) != 0;
	points->zero = decimal_is_zero(&points->possible);
}

/* The points possible may be passed only as far as the extra points reach. */
static void
count_over(struct scores_points *points, const struct scores_cell *cells,
    size_t ncells)
{
	struct decimal room;
	size_t i;

	points->over = 0;
	if (decimal_add(&points->possible, &points->extra, &room) != 0)
		return;
	for (i = 0; i < ncells; i++)
		points->over += scores_is_over(points, &cells[i]) &&
		    decimal_compare(&cells[i].number, &room) > 0;
}

bool
scores_is_over(
    const struct scores_points *points, const struct scores_cell *cell)
{
	return cell->has_number && !points->none && !points->zero &&
	    decimal_compare(&cell->number, &points->possible) > 0;
}

static void
find_extra(struct scores_points *points, const struct grade_policy *policy,
    const struct course_assignment *assignment, const struct decimal *largest)
{
	const char *text;

	text = assignment->extra_points;
	if (*text != '\0' &&
	    decimal_parse(text, strlen(text), &points->extra) == 0 &&
	    decimal_round(&points->extra, PLACES) == 0)
		return;
	points->extra = (struct decimal){ 0 };
	if (points->none || points->zero)
		points->extra = *largest;
	else if (policy->extra_for_excess &&
	    decimal_compare(largest, &points->possible) > 0 &&
	    decimal_subtract(largest, &points->possible, &points->extra) != 0)
		points->extra = (struct decimal){ 0 };
}

void
scores_points(struct scores_points *points, struct course *course,
    const struct grade_policy *policy,
    const struct course_assignment *assignment, const struct scores_cell *cells,
    size_t ncells)
{
	struct decimal largest = { 0 };
	size_t i;

	*points = (struct scores_points){ 0 };
	find_possible(points, assignment);
	if (!points->none)
		points->exact = course_keep(course, assignment->points_possible,
		    strlen(assignment->points_possible));
	for (i = 0; i < ncells; i++) {
		if (cells[i].has_number &&
		    decimal_compare(&cells[i].number, &largest) > 0)
			largest = cells[i].number;
	}
	find_extra(points, policy, assignment, &largest);
	count_over(points, cells, ncells);
}
