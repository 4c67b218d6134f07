#include <string.h>
#include <strings.h>

#include "base/csvio.h"
#include "grades/grade_findings.h"

const char *const grade_severities[GRADE_SEVERITIES] = { "error", "warning",
	"info" };

const struct grade_rule_text grade_rules[GRADE_RULES] = {
	[GRADE_STUDENT_UNKNOWN] = { "STUDENT-UNKNOWN", GRADE_ERROR,
	    "the student's SIS id is not in the crosswalk",
	    "The student is in no score file.",
	    "Run ps2canvas again if the student is new; else correct the SIS "
	    "id in Canvas." },
	[GRADE_STUDENT_NO_ID] = { "STUDENT-NO-ID", GRADE_ERROR,
	    "the student has no id that a student number comes from",
	    "The student is in no score file.",
	    "Give the student a SIS id in Canvas, or look at [grades] "
	    "student_number." },
	[GRADE_STUDENT_TWICE] = { "STUDENT-TWICE", GRADE_ERROR,
	    "two students of the section have this number",
	    "Neither is in a score file: nobody can know whose score it is.",
	    "Correct the SIS ids of the two in Canvas." },
	[GRADE_STUDENT_INACTIVE] = { "STUDENT-INACTIVE", GRADE_INFO,
	    "the student is no longer active in the section",
	    "The student is in no score file of the section.",
	    "Nothing needs to be done." },
	[GRADE_SECTION_UNKNOWN] = { "SECTION-UNKNOWN", GRADE_ERROR,
	    "the section is not one that PowerSchool knows",
	    "No score file was written for the section.",
	    "Run ps2canvas again if the section is new; a section that was "
	    "made in Canvas by hand stays there. [grades] section_name = name "
	    "takes Canvas's names instead." },
	[GRADE_SECTION_NAMED] = { "SECTION-NAMED", GRADE_WARNING,
	    "the section of a gradebook cannot be told by its name",
	    "Canvas's name of the section stands in its files.",
	    "Take the gradebook over the API, or make the section names of "
	    "the district different from each other." },
	[GRADE_NOT_PUBLISHED] = { "NOT-PUBLISHED", GRADE_INFO,
	    "the assignment is not published", "It was left out.",
	    "Publish it in Canvas if it counts." },
	[GRADE_NOT_GRADED] = { "NOT-GRADED", GRADE_INFO,
	    "the assignment is one that is not graded", "It was left out.",
	    "Nothing needs to be done." },
	[GRADE_NOT_FOR_SIS] = { "NOT-FOR-SIS", GRADE_INFO,
	    "the assignment is not marked to be sent to the SIS",
	    "It was left out.",
	    "Mark it with Sync to SIS in Canvas, or set [grades] which = "
	    "all." },
	[GRADE_NO_SIS_MARK] = { "NO-SIS-MARK", GRADE_INFO,
	    "no assignment of the course is marked to be sent to the SIS",
	    "All assignments count as marked.",
	    "Mark in Canvas those that are to be sent." },
	[GRADE_NOT_GIVEN] = { "NOT-GIVEN", GRADE_INFO,
	    "the assignment is not given to this section",
	    "It was left out for the section.", "Nothing needs to be done." },
	[GRADE_NOTHING_GRADED] = { "NOTHING-GRADED", GRADE_INFO,
	    "nothing of the assignment is graded in this section yet",
	    "It was left out for the section.",
	    "Export again once something is graded." },
	[GRADE_ALL_UNPOSTED] = { "ALL-UNPOSTED", GRADE_WARNING,
	    "every score of the assignment in this section is hidden",
	    "It was left out for the section.",
	    "Post the scores in Canvas, or set [grades] unposted = "
	    "include." },
	[GRADE_UNPOSTED] = { "UNPOSTED", GRADE_WARNING,
	    "scores are hidden from the students in Canvas",
	    "As [grades] unposted says, they were written or left blank.",
	    "Post the scores in Canvas." },
	[GRADE_UNGRADED] = { "UNGRADED", GRADE_INFO,
	    "submissions wait for a grade", "Their cells are blank.",
	    "Export again once they are graded." },
	[GRADE_DUE_MISSING] = { "DUE-MISSING", GRADE_WARNING,
	    "the assignment has no due date for this section",
	    "The Due Date is blank in the file and in assignments.csv.",
	    "Give it a due date in Canvas or in the side file; PowerTeacher "
	    "needs one to create the assignment." },
	[GRADE_DUE_BAD] = { "DUE-BAD", GRADE_WARNING,
	    "the due date of the side file is not a date",
	    "The Due Date is blank.", "Write it as YYYY-MM-DD." },
	[GRADE_DUE_OUTSIDE] = { "DUE-OUTSIDE", GRADE_WARNING,
	    "the due date is outside the term",
	    "It was written as it is; PowerTeacher refuses to create such an "
	    "assignment.",
	    "Change the due date in Canvas." },
	[GRADE_DUE_SINGLE] = { "DUE-SINGLE", GRADE_WARNING,
	    "single students or a group have another due date",
	    "The date of the section, or of everyone, was written; a file has "
	    "one date for all.",
	    "Nothing needs to be done; the scores travel all the same." },
	[GRADE_MASTERY_PATHS] = { "MASTERY-PATHS", GRADE_WARNING,
	    "the assignment is given by MasteryPaths",
	    "It was written; students who do not have it are blank.",
	    "Exempt the others in PowerTeacher if a blank score counts "
	    "there." },
	[GRADE_SOME_STUDENTS] = { "SOME-STUDENTS", GRADE_WARNING,
	    "the assignment is given to some students only",
	    "It was written; the others are blank.",
	    "Exempt the others in PowerTeacher if a blank score counts "
	    "there." },
	[GRADE_NAME_LONG] = { "NAME-LONG", GRADE_WARNING,
	    "the name is longer than 30 characters", "It was written whole.",
	    "Shorten it in Canvas if Canvas's own passback is used too." },
	[GRADE_NAME_CUT] = { "NAME-CUT", GRADE_WARNING,
	    "the name is longer than 50 characters, which PowerSchool refuses",
	    "It was cut and ends in the assignment's Canvas id.",
	    "Shorten it in Canvas, before it is created in PowerTeacher." },
	[GRADE_NAME_TWICE] = { "NAME-TWICE", GRADE_WARNING,
	    "another assignment of the section has the same name",
	    "The newer one's name ends in its Canvas id.",
	    "Give the assignments different names in Canvas." },
	[GRADE_NAME_BLANK] = { "NAME-BLANK", GRADE_ERROR,
	    "the assignment has no name", "It was left out.",
	    "Give it a name in Canvas." },
	[GRADE_POINTS_NONE] = { "POINTS-NONE", GRADE_WARNING,
	    "the assignment has no points possible",
	    "Points Possible is 0.0, and Extra Points the largest score.",
	    "Give it points in Canvas; whether PowerTeacher takes 0.0 is not "
	    "known." },
	[GRADE_POINTS_ZERO] = { "POINTS-ZERO", GRADE_WARNING,
	    "the assignment is worth 0 points",
	    "Points Possible is 0.0, and Extra Points the largest score.",
	    "Look at the first such file in PowerTeacher: whether it takes "
	    "0.0 is not known." },
	[GRADE_POINTS_ROUNDED] = { "POINTS-ROUNDED", GRADE_WARNING,
	    "the points possible have more than two decimals",
	    "They were rounded half-up.", "Correct the points in Canvas." },
	[GRADE_OVER_MAXIMUM] = { "OVER-MAXIMUM", GRADE_WARNING,
	    "a score is above the points possible and the extra points",
	    "It was written as it is; with [grades] extra_points = "
	    "over_maximum the file's Extra Points make room for it.",
	    "Look whether PowerTeacher took it." },
	[GRADE_NEGATIVE] = { "NEGATIVE", GRADE_WARNING, "a score is below 0",
	    "It was written as it is.", "Look whether PowerTeacher took it." },
	[GRADE_NO_NUMBER] = { "NO-NUMBER", GRADE_ERROR,
	    "a grade has no score that is a number",
	    "The cell is blank; a template of type GRADESCALE takes the "
	    "letter.",
	    "Fill the teacher's template, or give the assignment points in "
	    "Canvas." },
	[GRADE_SCORE_ROUNDED] = { "SCORE-ROUNDED", GRADE_INFO,
	    "scores have more than two decimals", "They were rounded half-up.",
	    "Nothing needs to be done." },
	[GRADE_CATEGORY_NONE] = { "CATEGORY-NONE", GRADE_WARNING,
	    "the assignment's group is not known",
	    "The category is [grades] default_category.",
	    "Name the category in the side file." },
	[GRADE_CATEGORY_CASE] = { "CATEGORY-CASE", GRADE_WARNING,
	    "the assignment's group differs from one of [grades.categories] "
	    "in capital letters only",
	    "That category was taken.",
	    "Spell the group in Canvas as in the settings: PowerSchool tells "
	    "capital letters apart." },
	[GRADE_NOT_COUNTED] = { "NOT-COUNTED", GRADE_INFO,
	    "the assignment does not count towards the final grade",
	    "Count In Final Grade is 0 in assignments.csv.",
	    "Set the same when the assignment is created." },
	[GRADE_GONE] = { "GONE", GRADE_WARNING,
	    "a score file of the last accepted export has no successor",
	    "Nothing was written: the scores stay in PowerTeacher.",
	    "Delete the assignment in PowerTeacher if it no longer counts." },
	[GRADE_FILE_NOTE] = { "GRADEBOOK", GRADE_WARNING,
	    "something in the gradebook is doubtful", "What the detail says.",
	    "Look at the file." },
	[GRADE_SIDE_NOTE] = { "SIDE-FILE", GRADE_WARNING,
	    "a line of the side file fits no assignment", "It was passed over.",
	    "Correct the id or the name." },
	[GRADE_TEMPLATE_REFUSED] = { "TEMPLATE-REFUSED", GRADE_WARNING,
	    "a file among the templates is no score template",
	    "It was passed over.",
	    "Export it again in PowerTeacher, with the lines above the "
	    "scores." },
	[GRADE_TEMPLATE_UNUSED] = { "TEMPLATE-UNUSED", GRADE_WARNING,
	    "no assignment in Canvas fits the template",
	    "It was left as it is.",
	    "Name the assignment in Canvas and in PowerTeacher alike." },
	[GRADE_TEMPLATE_NONE] = { "TEMPLATE-NONE", GRADE_INFO,
	    "there is no template for this assignment and section",
	    "The file was written without one.",
	    "Create the assignment in PowerTeacher, export its template and "
	    "export again." },
	[GRADE_TEMPLATE_AMBIGUOUS] = { "TEMPLATE-AMBIGUOUS", GRADE_WARNING,
	    "several templates fit this assignment and section, or one fits "
	    "several assignments",
	    "None was taken; the file was written without one.",
	    "Put the templates of each section into a folder with its "
	    "name." },
	[GRADE_TEMPLATE_NO_ROW] = { "TEMPLATE-NO-ROW", GRADE_ERROR,
	    "a student with a score is not in the template",
	    "The score is in no file.",
	    "Look whether the student is in this section in PowerSchool." },
	[GRADE_TEMPLATE_NO_SCORE] = { "TEMPLATE-NO-SCORE", GRADE_INFO,
	    "Canvas has no score for a row of the template",
	    "The row is as it was.", "Nothing needs to be done." },
	[GRADE_TEMPLATE_STRANGER] = { "TEMPLATE-STRANGER", GRADE_WARNING,
	    "a student of the template is not in the section in Canvas",
	    "The row is as it was.",
	    "Run ps2canvas, so that Canvas has the student." },
	[GRADE_TEMPLATE_NAME] = { "TEMPLATE-NAME", GRADE_INFO,
	    "one student number has two names in Canvas and in the template",
	    "The score was put in.",
	    "Look whether both are the same student." },
	[GRADE_TEMPLATE_REPLACED] = { "TEMPLATE-REPLACED", GRADE_INFO,
	    "another score stood in the template",
	    "Canvas's score took its place: Canvas always overwrites.",
	    "Nothing needs to be done, if Canvas is right." },
	[GRADE_TEMPLATE_ROW] = { "TEMPLATE-ROW", GRADE_WARNING,
	    "a row of the template cannot be filled: its number stands twice "
	    "or its cells are not as many as in the header",
	    "The row is as it was.", "Export the template again." },
	[GRADE_TEMPLATE_CELL] = { "TEMPLATE-CELL", GRADE_ERROR,
	    "a score does not fit the template's score type",
	    "The row is as it was.",
	    "Enter the score by hand, or give the assignment points and a "
	    "grading scheme in Canvas." },
	[GRADE_TEMPLATE_POINTS] = { "TEMPLATE-POINTS", GRADE_WARNING,
	    "the template has other points possible than Canvas",
	    "The scores were put in as they are.",
	    "Make the points possible the same." },
};

int
grade_rule_of_code(const char *code)
{
	int i;

	for (i = 0; i < GRADE_RULES; i++) {
		if (strcasecmp(grade_rules[i].code, code) == 0)
			return i;
	}
	return -1;
}

void
grade_findings_free(struct grade_findings *findings)
{
	buf_free(&findings->lines);
	*findings = (struct grade_findings){ 0 };
}

static void
add_line(struct buf *out, const char *const *cells)
{
	size_t i;

	for (i = 0; cells[i] != NULL; i++) {
		if (i > 0)
			buf_addc(out, ',');
		csv_add_field(out, cells[i], strlen(cells[i]));
	}
	buf_adds(out, "\r\n");
}

static const char *
text_or_blank(const char *text)
{
	return text == NULL ? "" : text;
}

void
grade_findings_add(struct grade_findings *findings, enum grade_rule rule,
    const struct grade_place *place, const char *detail)
{
	const struct grade_rule_text *text;

	text = &grade_rules[rule];
	add_line(&findings->lines,
	    (const char *[]){ text->code, grade_severities[text->severity],
		text_or_blank(place->course), text_or_blank(place->section),
		text_or_blank(place->assignment), text_or_blank(place->student),
		text->sentence, text_or_blank(detail), text->done, text->fix,
		NULL });
	findings->count++;
	findings->by_rule[rule]++;
	findings->by_severity[text->severity]++;
}

void
grade_findings_header(struct buf *out)
{
	add_line(out,
	    (const char *[]){ "code", "severity", "course", "section",
		"assignment", "student", "what", "detail", "done", "fix",
		NULL });
}
