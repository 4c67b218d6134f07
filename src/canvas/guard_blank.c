#include "canvas/guard_blank.h"
#include "roster/fate.h"

#define VERSION 1 /* of the manifest's member */

/* THE TABLE of cells that are watched, and the findings about them. */
const struct guard_blank_cell guard_blank_cells[BLANKS] = {
	[BLANK_SCHOOL_ID] = { "schools.id", "ids of schools", T_SCHOOL,
	    RULE_ID_BLANK },
	[BLANK_SCHOOL_NAME] = { "schools.name", "names of schools", T_SCHOOL,
	    RULE_NAME_BLANK },
	[BLANK_TERM_ID] = { "terms.id", "ids of terms", T_TERM, RULE_ID_BLANK },
	[BLANK_TERM_NAME] = { "terms.name", "names of terms", T_TERM,
	    RULE_NAME_BLANK },
	[BLANK_COURSE_NAME] = { "courses.name", "names of courses", T_COURSE,
	    RULE_NAME_BLANK },
	[BLANK_SECTION_ID] = { "sections.id", "ids of sections", T_SECTION,
	    RULE_ID_BLANK },
	[BLANK_SECTION_NAME] = { "sections.name", "names of sections",
	    T_SECTION, RULE_NAME_BLANK },
	[BLANK_STUDENT_ID] = { "students.id", "ids of students", T_STUDENT,
	    RULE_ID_BLANK },
	[BLANK_STUDENT_NAME] = { "students.name", "names of students",
	    T_STUDENT, RULE_NAME_BLANK },
	[BLANK_STUDENT_LOGIN] = { "students.login", "logins of students",
	    T_STUDENT, RULE_USER_LOGIN_BLANK },
	[BLANK_STAFF_ID] = { "staff.id", "ids of staff", T_USER,
	    RULE_ID_BLANK },
	[BLANK_STAFF_NAME] = { "staff.name", "names of staff", T_USER,
	    RULE_NAME_BLANK },
	[BLANK_STAFF_LOGIN] = { "staff.login", "logins of staff", T_USER,
	    RULE_USER_LOGIN_BLANK },
	[BLANK_EMAIL] = { "people.email", "e-mails of people", TABLES,
	    RULE_USER_EMAIL_BLANK },
};

/* A finding about e-mails counts people itself, school by school. */
static void
take_finding(struct guard_blanks *blanks, const struct finding *finding)
{
	size_t i;

	for (i = 0; i < BLANKS; i++) {
		if (guard_blank_cells[i].rule == finding->rule &&
		    guard_blank_cells[i].table == finding->table)
			blanks->of[i].blank += finding->table == TABLES ?
			    finding->row :
			    1;
	}
}

struct guard_blanks
guard_blank_count(const struct roster *roster, const struct findings *findings)
{
	struct guard_blanks blanks = { 0 };
	struct fate_count counts[TABLES];
	enum table_id t;
	size_t i;

	for (i = 0; i < findings->count; i++)
		take_finding(&blanks, &findings->list[i]);
	for (t = T_SCHOOL; t <= T_USER; t++)
		counts[t] = fate_counted(&roster->tables[t]);
	for (i = 0; i < BLANKS; i++) {
		t = guard_blank_cells[i].table;
		/* Without an e-mail only people who are sent count. */
		blanks.of[i].rows = t == TABLES ?
		    counts[T_STUDENT].used + counts[T_USER].used :
		    counts[t].used + counts[t].held;
	}
	return blanks;
}

struct json *
guard_blank_json(const struct guard_blanks *blanks)
{
	struct json *member, *cell;
	size_t i;

	member = json_object();
	json_set_number(member, "version", VERSION);
	for (i = 0; i < BLANKS; i++) {
		cell = json_object();
		json_set_number(cell, "blank", blanks->of[i].blank);
		json_set_number(cell, "rows", blanks->of[i].rows);
		json_set(member, guard_blank_cells[i].name, cell);
	}
	return member;
}

bool
guard_blank_read(struct guard_blanks *blanks, const struct json *member)
{
	const struct json *cell;
	uint64_t version;
	size_t i;

	if (!json_unsigned(json_get(member, "version"), &version) ||
	    version != VERSION)
		return false;
	for (i = 0; i < BLANKS; i++) {
		cell = json_get(member, guard_blank_cells[i].name);
		if (!json_unsigned(
			json_get(cell, "blank"), &blanks->of[i].blank) ||
		    !json_unsigned(json_get(cell, "rows"), &blanks->of[i].rows))
			return false;
	}
	return true;
}
