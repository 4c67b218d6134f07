#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "roster/finding.h"

const char *const severity_names[] = { "error", "warning", "info" };

const char *const output_names[OUTPUTS] = {
	[OUT_ACCOUNT_ID] = "account_id",
	[OUT_TERM_ID] = "term_id",
	[OUT_COURSE_ID] = "course_id",
	[OUT_SECTION_ID] = "section_id",
	[OUT_USER_ID] = "user_id",
	[OUT_INTEGRATION_ID] = "integration_id",
	[OUT_NAME] = "name",
	[OUT_SHORT_NAME] = "short_name",
	[OUT_LONG_NAME] = "long_name",
	[OUT_SECTION_NAME] = "section name",
	[OUT_FIRST_NAME] = "first_name",
	[OUT_LAST_NAME] = "last_name",
};

/* THE TABLE of findings: what the summary, findings.csv and explain say. */
const struct rule_text rules[RULES] = {
	[RULE_SRC_DATE] = { "SRC-DATE", SEVERITY_ERROR,
	    "not a date, or a date that does not exist",
	    "Correct the date in PowerSchool (YYYY-MM-DD or M/D/YYYY) and "
	    "export the table again.",
	    "Enrollments and terms are placed by their dates, so a row whose "
	    "needed date cannot be read is held; elsewhere the date is taken "
	    "as blank." },
	[RULE_SRC_CONTROL] = { "SRC-CONTROL", SEVERITY_WARNING,
	    "control characters were cut",
	    "Retype the value in PowerSchool without copy and paste.",
	    "Characters that XML 1.0 forbids come from old custom fields and "
	    "pasted text; Canvas would store or refuse them." },
	[RULE_SRC_ENTITY] = { "SRC-ENTITY", SEVERITY_INFO,
	    "HTML entities were decoded",
	    "Nothing needs to be done; correct the value in PowerSchool to "
	    "be rid of the line.",
	    "Web forms of older PowerSchool versions stored &eacute; for the "
	    "letter itself. The letter is sent." },
	[RULE_SRC_DUPLICATE] = { "SRC-DUPLICATE", SEVERITY_ERROR,
	    "several rows have this key and different content",
	    "Delete or correct the wrong row in PowerSchool and export the "
	    "table again.",
	    "Nobody can know which of the rows is right, so all of them are "
	    "held. The same row twice is merged without a finding." },
	[RULE_SRC_GAP] = { "SRC-GAP", SEVERITY_WARNING,
	    "PowerSchool does not give this table or column in the way it "
	    "was read",
	    "Install the plugin that ps2canvas plugin writes; ps2canvas "
	    "check says what it lacks.",
	    "Without the plugin's queries a table is read by the next of "
	    "[source] ways, which may not carry all of it: what is missing "
	    "counts as blank." },
	[RULE_REF_SCHOOL] = { "REF-SCHOOL", SEVERITY_ERROR,
	    "names a school that is in no file",
	    "Export schools completely, or correct the row's schoolid.",
	    "schoolid is the school_number of a row of schools. Schools 0 "
	    "and 999999 are never looked for." },
	[RULE_REF_TERM] = { "REF-TERM", SEVERITY_ERROR,
	    "names a term that its school has in no file",
	    "Export terms completely, or correct the row's termid.",
	    "A term is known by its school and its id: the same id exists at "
	    "every school." },
	[RULE_REF_SECTION] = { "REF-SECTION", SEVERITY_ERROR,
	    "names a section that is in no file",
	    "Export sections completely, on the same day as cc.",
	    "Canvas refuses an enrollment in a section that it does not "
	    "know." },
	[RULE_REF_STUDENT] = { "REF-STUDENT", SEVERITY_ERROR,
	    "names a student who is in no file",
	    "Export students completely, on the same day as cc.",
	    "Canvas refuses an enrollment of a user whom it does not know." },
	[RULE_REF_STAFF] = { "REF-STAFF", SEVERITY_WARNING,
	    "names a staff member who is in no file",
	    "Export schoolstaff and users completely.",
	    "The section goes to Canvas without this teacher." },
	[RULE_REF_COURSE] = { "REF-COURSE", SEVERITY_WARNING,
	    "names a course number that is in no file",
	    "Export courses of all schools, school 0 (the district) "
	    "included.",
	    "The section is sent; the course number stands in for the "
	    "course's name." },
	[RULE_HELD_PARENT] = { "HELD-PARENT", SEVERITY_ERROR,
	    "a row that this one belongs to is held",
	    "Mend the finding of the row that it belongs to; this line goes "
	    "away with it.",
	    "Canvas refuses a row whose parent it does not know, so a held "
	    "row holds the rows below it." },
	[RULE_ID_BLANK] = { "ID-BLANK", SEVERITY_ERROR,
	    "the Canvas id is blank",
	    "Fill the field that [ids] names, or choose another in "
	    "rollbook.ini.",
	    "An id is blank when any field of its template is blank. Canvas "
	    "needs an id on every row." },
	[RULE_ID_LENGTH] = { "ID-LENGTH", SEVERITY_ERROR,
	    "the Canvas id is longer than 255 characters",
	    "Shorten the field that [ids] names.",
	    "Canvas stores at most 255 characters; a longer id fails the "
	    "whole import." },
	[RULE_ID_DUPLICATE] = { "ID-DUPLICATE", SEVERITY_ERROR,
	    "another row gives the same Canvas id",
	    "Make the ids different in PowerSchool, or choose a template in "
	    "[ids] that is different for each row.",
	    "Two rows with one id overwrite each other in Canvas, in an "
	    "order that nobody can foresee." },
	[RULE_NAME_BLANK] = { "NAME-BLANK", SEVERITY_ERROR,
	    "a name that Canvas needs is blank",
	    "Fill the name in PowerSchool.",
	    "Canvas refuses the row. A person with only one of first and "
	    "last name is sent, with a warning." },
	[RULE_NAME_LENGTH] = { "NAME-LENGTH", SEVERITY_ERROR,
	    "a name is longer than 255 characters",
	    "Shorten the name in PowerSchool.",
	    "Canvas stores at most 255 characters of a name; a longer one "
	    "fails the import." },
	[RULE_USER_LOGIN_BLANK] = { "USER-LOGIN-BLANK", SEVERITY_ERROR,
	    "the login is blank",
	    "Give the person a user name in PowerSchool, or choose another "
	    "field in [users].",
	    "Canvas refuses a user without login_id." },
	[RULE_USER_LOGIN_BAD] = { "USER-LOGIN-BAD", SEVERITY_ERROR,
	    "the login is longer than 100 characters or holds characters "
	    "that cannot be printed",
	    "Correct the user name in PowerSchool.",
	    "Canvas takes 1 to 100 printable characters as a login." },
	[RULE_USER_LOGIN_DUPLICATE] = { "USER-LOGIN-DUPLICATE", SEVERITY_ERROR,
	    "another person has the same login",
	    "Give each person a login of their own.",
	    "Canvas finds people by login without regard to case: the second "
	    "person would be refused, or take over the first one's account. "
	    "An active person keeps the login when all others have left." },
	[RULE_USER_EMAIL_BAD] = { "USER-EMAIL-BAD", SEVERITY_WARNING,
	    "the e-mail is not one address; it is sent blank",
	    "Correct the e-mail in PowerSchool.",
	    "Canvas reports an invalid e-mail on every import. A blank one "
	    "leaves the address that Canvas has." },
	[RULE_USER_EMAIL_BLANK] = { "USER-EMAIL-BLANK", SEVERITY_INFO,
	    "people of this school are sent without e-mail",
	    "Export the e-mail column, or choose another field in [users].",
	    "Canvas takes people without e-mail; they get no notices until "
	    "they add one." },
	[RULE_TERM_DATES] = { "TERM-DATES", SEVERITY_WARNING,
	    "the last day is before the first day",
	    "Correct the term under Years & Terms.",
	    "Canvas does not check this; nobody can work in such a term." },
	[RULE_SECTION_NO_TEACHER] = { "SECTION-NO-TEACHER", SEVERITY_WARNING,
	    "no teacher is enrolled in this section",
	    "Assign a lead teacher in PowerSchool, or exclude the section.",
	    "The section is sent, but nobody can publish its course." },
};

int
rule_of_code(const char *code)
{
	int i;

	for (i = 0; i < RULES; i++) {
		if (strcasecmp(rules[i].code, code) == 0)
			return i;
	}
	return -1;
}

void
findings_add(struct findings *findings, struct finding finding)
{
	findings->list = mem_grow(findings->list, findings->count,
	    &findings->cap, sizeof(*findings->list));
	findings->list[findings->count++] = finding;
	findings->by_rule[finding.rule]++;
	findings->by_both[finding.rule][finding.severity]++;
	findings->by_severity[finding.severity]++;
}

void
findings_append(struct findings *findings, const struct findings *other)
{
	size_t i;

	for (i = 0; i < other->count; i++)
		findings_add(findings, other->list[i]);
}

void
findings_free(struct findings *findings)
{
	free(findings->list);
	*findings = (struct findings){ 0 };
}
