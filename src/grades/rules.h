#ifndef GRADES_RULES_H
#define GRADES_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "grades/course.h"
#include "grades/grade_findings.h"
#include "grades/grade_policy.h"

/* Which assignments go to PowerTeacher (grades B3, B4). */

#define RULES_TAKEN GRADE_RULES /* no reason to leave it out */

/* Is any assignment of the course marked for the SIS, or is none? */
enum course_answer rules_course_uses_sis(const struct course *course);

/*
 * Why an assignment is left out for all sections, or RULES_TAKEN. uses_sis is
 * what the function above says.
 */
enum grade_rule rules_for_course(const struct grade_policy *policy,
    const struct course_assignment *assignment, enum course_answer uses_sis);

/* What the students of one section have in one assignment; NULL: nothing. */
struct rules_scores {
	uint32_t section;
	const struct course_score *const *scores;
	size_t count;
};

/*
 * Is it given to the section: to everyone, to the section, or, by what the
 * scores say, to some of its students? *some_only: to those alone.
 */
bool rules_is_given(const struct course_assignment *assignment,
    const struct rules_scores *scores, bool *some_only);

/*
 * Why an assignment that is given to a section is left out there: nothing is
 * graded, or all of it is hidden; else RULES_TAKEN.
 */
enum grade_rule rules_for_section(
    const struct grade_policy *policy, const struct rules_scores *scores);

#endif
