#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "grades/course_sheets.h"
#include "grades/due.h"
#include "grades/html_text.h"
#include "grades/naming.h"
#include "grades/rules.h"
#include "grades/scores.h"
#include "grades/section_roster.h"

/* One section while its sheets are made. */
struct making {
	const struct course_sheets_maker *maker;
	struct course *course;
	struct section_sheets *section;
	struct section_roster roster;
	const struct course_score **scores; /* by assignment, then student */
	struct grade_place place;
	const enum grade_rule *course_rules; /* of each assignment */
	struct scores_cell *cells;
	uint32_t *given; /* assignments that the section has */
	bool *some_only;
	size_t ngiven;
	struct naming *names; /* of each that is given */
};

static void
note(const struct making *making, enum grade_rule rule,
    const struct course_assignment *assignment, const char *detail)
{
	struct grade_place place;

	place = making->place;
	place.assignment = assignment->id;
	grade_findings_add(making->maker->findings, rule, &place, detail);
}

static void
note_count(const struct making *making, enum grade_rule rule,
    const struct course_assignment *assignment, size_t n)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", n);
	note(making, rule, assignment, text);
}

static void
leave_out(struct making *making, uint32_t assignment, enum grade_rule why)
{
	struct section_sheets *section;

	section = making->section;
	section->left[section->nleft++] = (struct left_out){ assignment, why };
	/* What is left out of the whole course was found once, for it. */
	if (why == GRADE_NOT_GIVEN || why == GRADE_NOTHING_GRADED ||
	    why == GRADE_ALL_UNPOSTED)
		note(making, why, &making->course->assignments[assignment],
		    NULL);
}

/* ---- what the sheet says of its assignment ---- */

static const char *
category_of(
    const struct making *making, const struct course_assignment *assignment)
{
	const struct grade_policy *policy;
	const char *group, *category;
	bool case_only;

	policy = making->maker->policy;
	if (assignment->category[0] != '\0')
		return assignment->category;
	if (assignment->group == COURSE_NONE) {
		note(making, GRADE_CATEGORY_NONE, assignment, NULL);
		return policy->default_category;
	}
	group = making->course->groups[assignment->group].name;
	category = grade_policy_category(policy, group, &case_only);
	if (case_only)
		note(making, GRADE_CATEGORY_CASE, assignment, group);
	if (category != NULL)
		return category;
	return policy->default_category[0] != '\0' ? policy->default_category :
						     group;
}

static const char *
due_date_of(struct making *making, const struct course_assignment *assignment)
{
	char text[DATE_TEXT_SIZE];
	struct due due;

	due = due_of(making->course, assignment, making->section->section);
	if (due.is_bad)
		note(making, GRADE_DUE_BAD, assignment, assignment->due_date);
	else if (due.date == DATE_BLANK)
		note(making, GRADE_DUE_MISSING, assignment, NULL);
	date_format(due.date, text);
	if (due.is_outside)
		note(making, GRADE_DUE_OUTSIDE, assignment, text);
	if (due.singles > 0)
		note_count(making, GRADE_DUE_SINGLE, assignment, due.singles);
	return course_keep(making->course, text, strlen(text));
}

static const char *
description_of(
    const struct making *making, const struct course_assignment *assignment)
{
	const char *kept;
	char *text;

	text = html_text(assignment->description);
	kept = course_keep(making->course, text, strlen(text));
	free(text);
	return kept;
}

static const char *
named(const struct making *making, const struct course_assignment *assignment,
    const struct naming *naming)
{
	const char *name;

	name = naming->final_name;
	if (naming->was_cut)
		note(making, GRADE_NAME_CUT, assignment, name);
	else if (naming_is_long(assignment->name))
		note(making, GRADE_NAME_LONG, assignment, NULL);
	if (naming->was_duplicate)
		note(making, GRADE_NAME_TWICE, assignment, name);
	return course_keep(making->course, name, strlen(name));
}

static void
note_points(const struct making *making,
    const struct course_assignment *assignment,
    const struct scores_points *points)
{
	if (points->none)
		note(making, GRADE_POINTS_NONE, assignment, NULL);
	else if (points->zero)
		note(making, GRADE_POINTS_ZERO, assignment, NULL);
	if (points->rounded)
		note(making, GRADE_POINTS_ROUNDED, assignment, points->exact);
	if (points->over > 0)
		note_count(
		    making, GRADE_OVER_MAXIMUM, assignment, points->over);
}

/* ---- its cells ---- */

static void
note_cells(
    const struct making *making, const struct course_assignment *assignment)
{
	const struct scores_cell *cell;
	struct grade_place place;
	size_t i, hidden, rounded;

	hidden = rounded = 0;
	place = making->place;
	place.assignment = assignment->id;
	for (i = 0; i < making->roster.count; i++) {
		cell = &making->cells[i];
		hidden += cell->is_hidden;
		rounded += cell->was_rounded;
		place.student = making->roster.list[i].number;
		if (cell->lacks_number)
			grade_findings_add(making->maker->findings,
			    GRADE_NO_NUMBER, &place, cell->row.grade);
		if (cell->has_number && cell->number.negative)
			grade_findings_add(making->maker->findings,
			    GRADE_NEGATIVE, &place, cell->row.score);
	}
	if (hidden > 0)
		note_count(making, GRADE_UNPOSTED, assignment, hidden);
	if (rounded > 0)
		note_count(making, GRADE_SCORE_ROUNDED, assignment, rounded);
}

/* What the section's students have in an assignment. */
static struct rules_scores
scores_of(const struct making *making, uint32_t assignment)
{
	return (struct rules_scores){ making->section->section,
		making->scores + assignment * making->roster.count,
		making->roster.count };
}

static void
find_scores(struct making *making)
{
	const struct course *course;
	size_t a, i, n;

	course = making->course;
	n = making->roster.count;
	making->scores = mem_zalloc(
	    course->nassignments * n + 1, sizeof(*making->scores));
	for (a = 0; a < course->nassignments; a++) {
		for (i = 0; i < n; i++)
			making->scores[a * n + i] = course_score_of(course,
			    (uint32_t)a, making->roster.list[i].student,
			    making->section->section);
	}
}

static void
fill_cells(struct making *making, uint32_t assignment)
{
	struct rules_scores scores;
	const struct course_student *student;
	struct scores_cell *cell;
	struct course *course;
	size_t i;

	course = making->course;
	scores = scores_of(making, assignment);
	for (i = 0; i < making->roster.count; i++) {
		cell = &making->cells[i];
		scores_cell(cell, course, making->maker->policy,
		    &course->assignments[assignment], scores.scores[i]);
		student = &course->students[making->roster.list[i].student];
		cell->row.student_number = making->roster.list[i].number;
		cell->row.student_name = student->sortable_name;
	}
}

static void
take_rows(struct making *making, struct scoresheet *sheet,
    const struct scores_points *points)
{
	struct scores_cell *cell;
	size_t i;

	sheet->nrows = making->roster.count;
	sheet->rows = mem_zalloc(sheet->nrows + 1, sizeof(*sheet->rows));
	for (i = 0; i < sheet->nrows; i++) {
		cell = &making->cells[i];
		if (cell->row.note[0] == '\0' && scores_is_over(points, cell))
			cell->row.note = "score above points possible";
		sheet->rows[i] = cell->row;
	}
}

static void
make_sheet(struct making *making, size_t i)
{
	const struct course_assignment *assignment;
	const struct course_section *section;
	struct scores_points points;
	struct scoresheet *sheet;
	struct course *course;

	course = making->course;
	assignment = &course->assignments[making->given[i]];
	section = &course->sections[making->section->section];
	fill_cells(making, making->given[i]);
	scores_points(&points, course, making->maker->policy, assignment,
	    making->cells, making->roster.count);
	sheet = &making->section->sheets[making->section->nsheets++];
	*sheet = (struct scoresheet){
		.section = making->section->name,
		.teacher = section->teacher,
		.class_name = course->name[0] == '\0' ? section->name :
							course->name,
		.assignment_id = assignment->id,
		.name = named(making, assignment, &making->names[i]),
		.description = description_of(making, assignment),
		.due_date = due_date_of(making, assignment),
		.points_possible = scores_keep_points(course, &points.possible),
		.extra_points = scores_keep_points(course, &points.extra),
		.exact_points = points.exact,
		.category = category_of(making, assignment),
		.score_type = "POINTS",
		.weight = "1.0",
		.count_in_final_grade = assignment->omit_from_final_grade !=
		    COURSE_YES,
		.scores_file = "",
	};
	sheet->abbreviation = course_keep(course, making->names[i].abbreviation,
	    strlen(making->names[i].abbreviation));
	take_rows(making, sheet, &points);
	note_points(making, assignment, &points);
	note_cells(making, assignment);
	if (assignment->mastery_paths)
		note(making, GRADE_MASTERY_PATHS, assignment, NULL);
	else if (making->some_only[i])
		note(making, GRADE_SOME_STUDENTS, assignment, NULL);
	if (!sheet->count_in_final_grade)
		note(making, GRADE_NOT_COUNTED, assignment, NULL);
}

/* ---- a section ---- */

/* Which assignments of the gradebook the section has. */
static void
find_given(struct making *making)
{
	const struct course *course;
	struct rules_scores scores;
	bool some_only;
	uint32_t a;

	course = making->course;
	for (a = 0; a < course->nassignments; a++) {
		if (making->course_rules[a] != RULES_TAKEN &&
		    making->course_rules[a] != GRADE_NOT_FOR_SIS) {
			leave_out(making, a, making->course_rules[a]);
			continue;
		}
		scores = scores_of(making, a);
		if (!rules_is_given(
			&course->assignments[a], &scores, &some_only)) {
			leave_out(making, a, GRADE_NOT_GIVEN);
			continue;
		}
		making->some_only[making->ngiven] = some_only;
		making->names[making->ngiven] = (struct naming){
			.id = course->assignments[a].id,
			.name = course->assignments[a].name,
			.given = course->assignments[a].abbreviation
		};
		making->given[making->ngiven++] = a;
	}
}

static void
take_given(struct making *making)
{
	struct rules_scores scores;
	enum grade_rule why;
	uint32_t a;
	size_t i;

	for (i = 0; i < making->ngiven; i++) {
		a = making->given[i];
		scores = scores_of(making, a);
		why = making->course_rules[a];
		if (why == RULES_TAKEN)
			why = rules_for_section(making->maker->policy, &scores);
		if (why != RULES_TAKEN) {
			leave_out(making, a, why);
			continue;
		}
		make_sheet(making, i);
	}
}

static void
make_section(struct making *making)
{
	struct section_sheets *section;
	size_t n, i;

	section = making->section;
	n = making->course->nassignments + 1;
	making->place.section = section->name;
	section_roster_make(&making->roster, making->course, section->section,
	    making->maker, &making->place);
	section->students = making->roster.count;
	section->left = mem_zalloc(n, sizeof(*section->left));
	section->sheets = mem_zalloc(n, sizeof(*section->sheets));
	making->cells = mem_zalloc(
	    making->roster.count + 1, sizeof(*making->cells));
	making->given = mem_zalloc(n, sizeof(*making->given));
	making->some_only = mem_zalloc(n, sizeof(*making->some_only));
	making->names = mem_zalloc(n, sizeof(*making->names));
	find_scores(making);
	if (making->roster.count > 0) {
		find_given(making);
		naming_assign(making->names, making->ngiven);
		take_given(making);
	}
	for (i = 0; i < making->ngiven; i++) {
		free(making->names[i].final_name);
		free(making->names[i].abbreviation);
	}
	free(making->scores);
	free(making->cells);
	free(making->given);
	free(making->some_only);
	free(making->names);
	section_roster_free(&making->roster);
}

/* ---- the course ---- */

static enum grade_rule *
judge_assignments(
    const struct course_sheets *sheets, const struct course_sheets_maker *maker)
{
	const struct course_assignment *assignment;
	struct grade_place place = { .course = sheets->name };
	enum course_answer uses_sis;
	enum grade_rule *why;
	char waiting[16];
	size_t a;

	uses_sis = rules_course_uses_sis(sheets->course);
	if (maker->policy->sis_only && uses_sis == COURSE_NO)
		grade_findings_add(
		    maker->findings, GRADE_NO_SIS_MARK, &place, NULL);
	why = mem_zalloc(sheets->course->nassignments + 1, sizeof(*why));
	for (a = 0; a < sheets->course->nassignments; a++) {
		assignment = &sheets->course->assignments[a];
		place.assignment = assignment->id;
		why[a] = rules_for_course(maker->policy, assignment, uses_sis);
		if (why[a] != RULES_TAKEN)
			grade_findings_add(
			    maker->findings, why[a], &place, NULL);
		if (why[a] != RULES_TAKEN || assignment->ungraded == 0)
			continue;
		snprintf(waiting, sizeof(waiting), "%u", assignment->ungraded);
		grade_findings_add(
		    maker->findings, GRADE_UNGRADED, &place, waiting);
	}
	return why;
}

void
course_sheets_make(struct course_sheets *sheets, struct course *course,
    const struct course_sheets_maker *maker)
{
	enum grade_rule *course_rules;
	struct making making;
	size_t s;

	*sheets = (struct course_sheets){ .course = course,
		.name = course->id[0] == '\0' ? course->source : course->id,
		.nsections = course->nsections };
	sheets->sections = mem_zalloc(
	    course->nsections + 1, sizeof(*sheets->sections));
	course_rules = judge_assignments(sheets, maker);
	for (s = 0; s < course->nsections; s++) {
		sheets->sections[s] = (struct section_sheets){
			.section = (uint32_t)s,
			.course = sheets->name,
			.name = "",
			.key = ""
		};
		making = (struct making){ .maker = maker,
			.course = course,
			.section = &sheets->sections[s],
			.place.course = sheets->name,
			.course_rules = course_rules };
		section_roster_name(making.section, sheets, maker);
		if (making.section->name[0] != '\0')
			make_section(&making);
	}
	free(course_rules);
}

void
course_sheets_free(struct course_sheets *sheets)
{
	size_t s, i;

	for (s = 0; s < sheets->nsections; s++) {
		for (i = 0; i < sheets->sections[s].nsheets; i++)
			free(sheets->sections[s].sheets[i].rows);
		free(sheets->sections[s].sheets);
		free(sheets->sections[s].left);
	}
	free(sheets->sections);
	*sheets = (struct course_sheets){ 0 };
}
