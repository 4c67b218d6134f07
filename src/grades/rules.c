#include "grades/due.h"
#include "grades/rules.h"

enum course_answer
rules_course_uses_sis(const struct course *course)
{
	enum course_answer answer;
	size_t i;

	answer = COURSE_UNKNOWN;
	for (i = 0; i < course->nassignments; i++) {
		if (course->assignments[i].post_to_sis == COURSE_YES)
			return COURSE_YES;
		if (course->assignments[i].post_to_sis == COURSE_NO)
			answer = COURSE_NO;
	}
	return answer;
}

enum grade_rule
rules_for_course(const struct grade_policy *policy,
    const struct course_assignment *assignment, enum course_answer uses_sis)
{
	if (assignment->published == COURSE_NO)
		return GRADE_NOT_PUBLISHED;
	if (assignment->grading_type == GRADING_NOT_GRADED)
		return GRADE_NOT_GRADED;
	if (policy->sis_only && uses_sis == COURSE_YES &&
	    assignment->post_to_sis != COURSE_YES)
		return GRADE_NOT_FOR_SIS;
	if (assignment->name[0] == '\0')
		return GRADE_NAME_BLANK;
	return RULES_TAKEN;
}

/* An excused student alone has no grade. */
static bool
is_graded(const struct course_score *score)
{
	if (score == NULL || (score->flags & SCORE_EXCUSED) != 0)
		return false;
	return score->score[0] != '\0' || score->grade[0] != '\0';
}

bool
rules_is_given(const struct course_assignment *assignment,
    const struct rules_scores *scores, bool *some_only)
{
	const struct course_score *score;
	size_t i, unassigned, graded;

	unassigned = graded = 0;
	for (i = 0; i < scores->count; i++) {
		score = scores->scores[i];
		if (score != NULL && (score->flags & SCORE_UNASSIGNED) != 0)
			unassigned++;
		else if (is_graded(score))
			graded++;
	}
	if (assignment->only_visible_to_overrides &&
	    due_override(assignment, scores->section) == NULL) {
		*some_only = true;
		return graded > 0;
	}
	*some_only = unassigned > 0;
	return unassigned == 0 || unassigned < scores->count;
}

enum grade_rule
rules_for_section(
    const struct grade_policy *policy, const struct rules_scores *scores)
{
	size_t i, graded, hidden;

	graded = hidden = 0;
	for (i = 0; i < scores->count; i++) {
		if (!is_graded(scores->scores[i]))
			continue;
		graded++;
		hidden += (scores->scores[i]->flags & SCORE_UNPOSTED) != 0;
	}
	if (graded == 0)
		return GRADE_NOTHING_GRADED;
	return policy->skip_unposted && hidden == graded ? GRADE_ALL_UNPOSTED :
							   RULES_TAKEN;
}
