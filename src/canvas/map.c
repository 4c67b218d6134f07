#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/check.h"
#include "canvas/enroll.h"
#include "canvas/map.h"
#include "canvas/scope.h"
#include "roster/fate.h"
#include "roster/student_email.h"

/* Of the names of millions of cc rows those in findings are asked for. */
static void
keep_cc_names(struct map *map)
{
	const struct finding *finding;
	struct table *cc;
	uint32_t *rows;
	size_t n, i;

	rows = mem_alloc(map->findings->count * sizeof(*rows));
	n = 0;
	for (i = 0; i < map->findings->count; i++) {
		finding = &map->findings->list[i];
		if (finding->table == T_CC)
			rows[n++] = finding->row;
	}
	cc = &map->roster->tables[T_CC];
	/* With very many of them the column itself takes less. */
	if (n < cc->nrows / 8)
		table_keep_few(cc, CC_DCID, rows, n);
	free(rows);
}

void
map_make(struct map *map, const struct policy *policy, struct roster *roster,
    struct findings *findings)
{
	*map = (struct map){
		.policy = policy, .roster = roster, .findings = findings
	};
	scope_judge(map);
	table_forget(&roster->tables[T_CC], CC_TERMID);
	map->student_email = student_email_choose(roster);
	check_judge(map);
	keep_cc_names(map); /* enrolling reports no more of cc's rows */
	enroll_judge(map);
}

void
map_forget(struct map *map)
{
	fate_forget(&map->roster->tables[T_CC]);
}

static void
people_free(struct people *people)
{
	free(people->marks);
	free(people->school);
	free(people->id);
	free(people->login);
	free(people->email);
	free(people->integration);
}

void
map_free(struct map *map)
{
	free(map->term_school);
	free(map->term_used);
	free(map->course_used);
	free(map->section_school);
	free(map->section_term);
	free(map->section_course);
	free(map->section_lead);
	free(map->staff_school);
	free(map->staff_user);
	free(map->staff_named);
	free(map->teacher_section);
	free(map->teacher_staff);
	free(map->teacher_role);
	free(map->dangling);
	free(map->student_email);
	free(map->account_id);
	free(map->term_id);
	free(map->section_id);
	free(map->course_id);
	people_free(&map->students);
	people_free(&map->users);
	free(map->groups);
	free(map->section_group);
	free(map->group_words);
	free(map->stays.students);
	free(map->stays.from);
	free(map->stays.until);
	free(map->stays.first);
	free(map->held_cc);
	free(map->teacher_rows);
	free(map->teacher_first);
	free(map->lead_alone);
}

static struct tmpl_rows
no_rows(const struct map *map)
{
	struct tmpl_rows rows = { .roster = map->roster,
		.year = map->policy->year_text };
	size_t i;

	for (i = 0; i < TABLES; i++)
		rows.rows[i] = ROW_NONE;
	return rows;
}

static void
section_rows(const struct map *map, uint32_t row, struct tmpl_rows *rows)
{
	uint32_t staff;

	rows->rows[T_SCHOOL] = map->section_school[row];
	rows->rows[T_TERM] = map->section_term[row];
	rows->rows[T_COURSE] = map->section_course[row];
	rows->course_number = table_sym(
	    &map->roster->tables[T_SECTION], SECTION_COURSE_NUMBER, row);
	staff = map->section_lead[row];
	if (staff != ROW_NONE)
		rows->rows[T_USER] = map->staff_user[staff];
}

struct tmpl_rows
map_rows(const struct map *map, enum table_id table, uint32_t row)
{
	struct tmpl_rows rows;

	rows = no_rows(map);
	rows.rows[table] = row;
	switch (table) {
	case T_TERM:
		rows.rows[T_SCHOOL] = map->term_school[row];
		break;
	case T_SECTION:
		section_rows(map, row, &rows);
		break;
	case T_STUDENT:
		rows.rows[T_SCHOOL] = map->students.school[row];
		rows.rows[T_STUDENTEMAIL] = map->student_email[row];
		break;
	case T_USER:
		rows.rows[T_SCHOOL] = map->users.school[row];
		break;
	default:
		break;
	}
	return rows;
}

struct tmpl_rows
map_group_rows(const struct map *map, const struct course_group *group)
{
	struct tmpl_rows rows;

	rows = no_rows(map);
	rows.rows[T_SCHOOL] = group->school;
	rows.rows[T_TERM] = group->term;
	rows.rows[T_COURSE] = group->course;
	rows.course_number = group->course_number;
	return rows;
}

/* Whether a term's name says both years of the school year itself. */
static bool
names_both_years(const struct map *map, uint32_t term)
{
	char digits[SYM_DIGITS];
	const char *years;
	struct str name;

	name = map_text(map, T_TERM, TERM_NAME, term, digits);
	years = map->policy->year_text;
	return memmem(name.bytes, name.len, years, 4) != NULL &&
	    memmem(name.bytes, name.len, years + 5, 4) != NULL;
}

bool
map_render(const struct map *map, enum template_id id, enum table_id table,
    uint32_t row, struct buf *out)
{
	struct tmpl_rows rows;

	out->len = 0;
	if (map->policy->templates[id] == NULL)
		return false;
	rows = map_rows(map, table, row);
	if (id == TMPL_TERM_NAME && names_both_years(map, row))
		rows.year = "";
	return tmpl_render(map->policy->templates[id], &rows, out);
}

bool
map_render_group(const struct map *map, enum template_id id,
    const struct course_group *group, struct buf *out)
{
	struct tmpl_rows rows;

	rows = map_group_rows(map, group);
	return tmpl_render(map->policy->templates[id], &rows, out);
}

bool
map_is_leaver(const struct map *map, enum table_id table, uint32_t row)
{
	char digits[SYM_DIGITS];
	struct str status;

	if (table == T_USER)
		return !(map->users.marks[row] & PERSON_CURRENT);
	status = map_text(map, T_STUDENT, STUDENT_ENROLL_STATUS, row, digits);
	if (status.len == 1 && status.bytes[0] == '0')
		return false;
	/* Other pre-registered students are not in scope at all. */
	return status.len != 2 || memcmp(status.bytes, "-1", 2) != 0;
}

struct str
map_text(const struct map *map, enum table_id table, unsigned field,
    uint32_t row, char digits[SYM_DIGITS])
{
	return intern_text(map->roster->intern,
	    table_sym(&map->roster->tables[table], field, row), digits);
}
