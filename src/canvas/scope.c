#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "canvas/scope.h"
#include "roster/fate.h"
#include "roster/seal.h"

#define DISTRICT_OFFICE 0
#define GRADUATED_STUDENTS 999999
#define STATUS_CURRENT 1	   /* SchoolStaff.Status */
#define STATUS_PRE_REGISTERED "-1" /* Students.Enroll_Status */

static uint32_t *
links_new(size_t n)
{
	uint32_t *links;
	size_t i;

	links = mem_alloc(n * sizeof(*links));
	for (i = 0; i < n; i++)
		links[i] = ROW_NONE;
	return links;
}

static uint32_t
find(const struct map *map, enum table_id t, sym key)
{
	return key_index_find(&map->roster->tables[t].index, key);
}

/* Rows that seal_roster() merged or held are judged already. */
static bool
is_open(const struct table *table, uint32_t row)
{
	return fate_of(table, row) == ROW_USED;
}

static void
skip_open(struct table *table, uint32_t row, enum reason reason)
{
	if (is_open(table, row))
		fate_skip(table, row, reason);
}

static bool
is_number(sym s, uint32_t wanted)
{
	uint32_t number;

	return sym_number(s, &number) && number == wanted;
}

/* Skips what belongs to no school of the district proper. */
static enum reason
special_school(sym school_number)
{
	if (is_number(school_number, DISTRICT_OFFICE))
		return REASON_DISTRICT_OFFICE;
	if (is_number(school_number, GRADUATED_STUDENTS))
		return REASON_GRADUATED;
	return REASON_NONE;
}

bool
scope_is_special_school(sym schoolid)
{
	return special_school(schoolid) != REASON_NONE;
}

static void
scope_schools(struct map *map)
{
	struct table *table;
	char digits[SYM_DIGITS];
	enum reason reason;
	uint32_t row;
	sym number;

	table = &map->roster->tables[T_SCHOOL];
	for (row = 0; row < table->nrows; row++) {
		if (!is_open(table, row))
			continue;
		number = table_sym(table, SCHOOL_NUMBER, row);
		reason = special_school(number);
		if (reason == REASON_NONE &&
		    policy_lists(&map->policy->schools,
			intern_text(map->roster->intern, number, digits)))
			reason = REASON_EXCLUDED;
		if (reason != REASON_NONE)
			fate_skip(table, row, reason);
	}
}

/* Whether rows of a school are left out, as the school itself is. */
static bool
school_is_out(const struct map *map, sym schoolid, uint32_t school)
{
	return special_school(schoolid) != REASON_NONE ||
	    (school != ROW_NONE &&
		!fate_in_scope(&map->roster->tables[T_SCHOOL], school));
}

/* Whether a term id belongs to another school year: 3601 is of year 36. */
static bool
is_other_year(const struct map *map, sym termid)
{
	uint32_t number, yearid;

	return !map->roster->term_ids_opaque && sym_number(termid, &number) &&
	    sym_number(map->policy->yearid, &yearid) && number / 100 != yearid;
}

static void
scope_terms(struct map *map)
{
	struct table *table;
	sym schoolid;
	uint32_t row;

	table = &map->roster->tables[T_TERM];
	map->term_school = links_new(table->nrows);
	map->term_used = mem_zalloc(table->nrows, sizeof(bool));
	for (row = 0; row < table->nrows; row++) {
		schoolid = table_sym(table, TERM_SCHOOLID, row);
		map->term_school[row] = find(map, T_SCHOOL, schoolid);
		if (!is_open(table, row))
			continue;
		if (table_sym(table, TERM_YEARID, row).id !=
		    map->policy->yearid.id)
			fate_skip(table, row, REASON_OTHER_YEAR);
		else if (school_is_out(map, schoolid, map->term_school[row]))
			fate_skip(table, row, REASON_SCHOOL_OUT_OF_SCOPE);
	}
}

static bool
section_is_excluded(const struct map *map, uint32_t row)
{
	const struct policy *policy;
	char digits[2][SYM_DIGITS];
	struct str course, section;
	struct buf both = { 0 };
	bool listed;

	policy = map->policy;
	if (policy->courses.count == 0 && policy->sections.count == 0)
		return false;
	course = map_text(
	    map, T_SECTION, SECTION_COURSE_NUMBER, row, digits[0]);
	if (policy_lists(&policy->courses, course))
		return true;
	if (policy_lists(&policy->sections,
		map_text(map, T_SECTION, SECTION_DCID, row, digits[1])))
		return true;
	section = map_text(map, T_SECTION, SECTION_NUMBER, row, digits[1]);
	buf_add(&both, course.bytes, course.len);
	buf_addc(&both, '.');
	buf_add(&both, section.bytes, section.len);
	listed = policy_lists(
	    &policy->sections, (struct str){ both.data, both.len });
	buf_free(&both);
	return listed;
}

/* Why a section does not concern Canvas; its links are set. */
static enum reason
section_reason(const struct map *map, uint32_t row)
{
	const struct table *table, *terms;
	uint32_t term;
	sym schoolid;
	bool in_scope;

	table = &map->roster->tables[T_SECTION];
	terms = &map->roster->tables[T_TERM];
	schoolid = table_sym(table, SECTION_SCHOOLID, row);
	term = map->section_term[row];
	in_scope = term != ROW_NONE && fate_in_scope(terms, term);
	if (!in_scope && term != ROW_NONE &&
	    terms->reasons[term] == REASON_OTHER_YEAR)
		return REASON_OTHER_YEAR;
	/* A term that is held for its duplicates may be of any year. */
	if ((!in_scope ||
		table_sym(terms, TERM_YEARID, term).id !=
		    map->policy->yearid.id) &&
	    is_other_year(map, table_sym(table, SECTION_TERMID, row)))
		return REASON_OTHER_YEAR;
	if (school_is_out(map, schoolid, map->section_school[row]))
		return REASON_SCHOOL_OUT_OF_SCOPE;
	return section_is_excluded(map, row) ? REASON_EXCLUDED : REASON_NONE;
}

static void
link_section(struct map *map, const struct table *table, uint32_t row)
{
	sym schoolid;

	schoolid = table_sym(table, SECTION_SCHOOLID, row);
	map->section_school[row] = find(map, T_SCHOOL, schoolid);
	map->section_term[row] = find(map, T_TERM,
	    seal_term_key(
		map->roster, schoolid, table_sym(table, SECTION_TERMID, row)));
	map->section_course[row] = find(
	    map, T_COURSE, table_sym(table, SECTION_COURSE_NUMBER, row));
	map->section_lead[row] = find(
	    map, T_SCHOOLSTAFF, table_sym(table, SECTION_TEACHER, row));
}

static void
scope_sections(struct map *map)
{
	struct table *table;
	enum reason reason;
	uint32_t row;

	table = &map->roster->tables[T_SECTION];
	map->section_school = links_new(table->nrows);
	map->section_term = links_new(table->nrows);
	map->section_course = links_new(table->nrows);
	map->section_lead = links_new(table->nrows);
	map->course_used = mem_zalloc(
	    map->roster->tables[T_COURSE].nrows, sizeof(bool));
	map->staff_named = mem_zalloc(
	    map->roster->tables[T_SCHOOLSTAFF].nrows, sizeof(bool));
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_MERGED)
			continue;
		link_section(map, table, row);
		/* A held row is in scope when no reason speaks against it. */
		reason = section_reason(map, row);
		if (reason != REASON_NONE) {
			skip_open(table, row, reason);
			continue;
		}
		if (map->section_term[row] != ROW_NONE)
			map->term_used[map->section_term[row]] = true;
		if (map->section_course[row] != ROW_NONE)
			map->course_used[map->section_course[row]] = true;
		if (map->section_lead[row] != ROW_NONE)
			map->staff_named[map->section_lead[row]] = true;
	}
}

static void
scope_unused(struct table *table, const bool *used)
{
	uint32_t row;

	for (row = 0; row < table->nrows; row++) {
		if (is_open(table, row) && !used[row])
			fate_skip(table, row, REASON_UNUSED);
	}
}

/* The role of each RoleDef row, by policy. */
static uint8_t *
roles_of_roledef(const struct map *map)
{
	const struct table *table;
	char digits[2][SYM_DIGITS];
	uint8_t *roles;
	uint32_t row;

	table = &map->roster->tables[T_ROLEDEF];
	roles = mem_zalloc(table->nrows, 1);
	for (row = 0; row < table->nrows; row++)
		roles[row] = policy_role(map->policy,
		    map_text(map, T_ROLEDEF, ROLEDEF_ID, row, digits[0]),
		    map_text(map, T_ROLEDEF, ROLEDEF_NAME, row, digits[1]));
	return roles;
}

static uint8_t
teacher_role(const struct map *map, const uint8_t *roles, uint32_t row)
{
	const struct table *table, *roledef;
	uint32_t found;

	table = &map->roster->tables[T_SECTIONTEACHER];
	roledef = &map->roster->tables[T_ROLEDEF];
	if (roledef->nrows == 0)
		return table_sym(table, SECTIONTEACHER_TEACHERID, row).id ==
			table_sym(&map->roster->tables[T_SECTION],
			    SECTION_TEACHER, map->teacher_section[row])
			    .id ?
		    ROLE_TEACHER :
		    policy_coteacher_role(map->policy);
	found = find(
	    map, T_ROLEDEF, table_sym(table, SECTIONTEACHER_ROLEID, row));
	return found == ROW_NONE || fate_of(roledef, found) == ROW_HELD ?
	    policy_coteacher_role(map->policy) :
	    roles[found];
}

static void
scope_sectionteachers(struct map *map)
{
	struct table *table;
	uint8_t *roles;
	uint32_t row, section, staff;
	int32_t end;

	table = &map->roster->tables[T_SECTIONTEACHER];
	map->teacher_section = links_new(table->nrows);
	map->teacher_staff = links_new(table->nrows);
	map->teacher_role = mem_zalloc(table->nrows, 1);
	roles = roles_of_roledef(map);
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_MERGED)
			continue;
		section = find(map, T_SECTION,
		    table_sym(table, SECTIONTEACHER_SECTIONID, row));
		staff = find(map, T_SCHOOLSTAFF,
		    table_sym(table, SECTIONTEACHER_TEACHERID, row));
		map->teacher_section[row] = section;
		map->teacher_staff[row] = staff;
		if (section == ROW_NONE ||
		    !fate_in_scope(&map->roster->tables[T_SECTION], section)) {
			if (is_open(table, row))
				fate_skip(
				    table, row, REASON_SECTION_OUT_OF_SCOPE);
			continue;
		}
		if (staff != ROW_NONE)
			map->staff_named[staff] = true;
		map->teacher_role[row] = teacher_role(map, roles, row);
		if (!is_open(table, row))
			continue;
		end = table_date(table, SECTIONTEACHER_END_DATE, row);
		if (end != DATE_BLANK && end < map->policy->today)
			fate_skip(table, row, REASON_ENDED);
		else if (map->teacher_role[row] == ROLE_NONE)
			fate_skip(table, row, REASON_ROLE);
	}
	free(roles);
}

static void
dangle(struct map *map, uint32_t row, unsigned field, sym names)
{
	map->dangling = mem_grow(map->dangling, map->ndangling,
	    &map->capdangling, sizeof(*map->dangling));
	map->dangling[map->ndangling++] = (struct dangling){ row, field,
		names };
}

/* Replaces a cc cell by the number of the row that it names. */
static uint32_t
link_cc(struct map *map, unsigned field, enum table_id t, uint32_t row)
{
	uint32_t *cell, found;

	cell = &map->roster->tables[T_CC].columns[field][row];
	found = find(map, t, (sym){ *cell });
	if (found == ROW_NONE)
		dangle(map, row, field, (sym){ *cell });
	*cell = found;
	return found;
}

static bool
is_zero_day(const struct table *table, uint32_t row)
{
	int32_t from, until;

	if (table->flags[row] & ROW_SCHEDULE)
		return false;
	from = table_date(table, CC_DATEENROLLED, row);
	until = table_date(table, CC_DATELEFT, row);
	return from != DATE_BAD && from != DATE_BLANK && until != DATE_BAD &&
	    until != DATE_BLANK && until <= from;
}

/* Why a cc row does not concern Canvas; it is linked. */
static enum reason
cc_reason(const struct map *map, const struct table *table, uint32_t row)
{
	uint32_t section;
	bool out;

	section = table->columns[CC_SECTIONID][row];
	out = section == ROW_NONE ?
	    is_other_year(map, table_sym(table, CC_TERMID, row)) :
	    !fate_in_scope(&map->roster->tables[T_SECTION], section);
	if (out)
		return REASON_SECTION_OUT_OF_SCOPE;
	return !map->policy->zero_day_included && is_zero_day(table, row) ?
	    REASON_ZERO_DAY :
	    REASON_NONE;
}

static void
scope_cc(struct map *map)
{
	struct table *table;
	enum reason reason;
	uint32_t row, student;

	table = &map->roster->tables[T_CC];
	for (row = 0; row < table->nrows; row++) {
		link_cc(map, CC_SECTIONID, T_SECTION, row);
		student = link_cc(map, CC_STUDENTID, T_STUDENT, row);
		if (fate_of(table, row) == ROW_MERGED)
			continue;
		reason = cc_reason(map, table, row);
		if (reason != REASON_NONE)
			skip_open(table, row, reason);
		else if (student != ROW_NONE)
			map->students.marks[student] |= PERSON_ENROLLED;
	}
}

static bool
student_is_excluded(const struct map *map, uint32_t row)
{
	const struct table *table;
	char digits[SYM_DIGITS];
	unsigned field;

	if (map->policy->students.count == 0)
		return false;
	table = &map->roster->tables[T_STUDENT];
	field = table->columns[STUDENT_NUMBER] != NULL ? STUDENT_NUMBER :
							 STUDENT_DCID;
	return policy_lists(&map->policy->students,
	    map_text(map, T_STUDENT, field, row, digits));
}

static enum reason
student_reason(const struct map *map, uint32_t row, sym pre_registered)
{
	const struct table *table;
	sym status, schoolid;
	bool enrolled;

	table = &map->roster->tables[T_STUDENT];
	status = table_sym(table, STUDENT_ENROLL_STATUS, row);
	schoolid = table_sym(table, STUDENT_SCHOOLID, row);
	if (status.id == pre_registered.id &&
	    !map->policy->preregistered_included)
		return REASON_PRE_REGISTERED;
	enrolled = map->students.marks[row] & PERSON_ENROLLED;
	if (!enrolled && !is_number(status, 0) &&
	    status.id != pre_registered.id)
		return REASON_NO_ENROLLMENT;
	if (student_is_excluded(map, row))
		return REASON_EXCLUDED;
	if (!enrolled &&
	    school_is_out(map, schoolid, map->students.school[row]))
		return REASON_SCHOOL_OUT_OF_SCOPE;
	return REASON_NONE;
}

static void
scope_students(struct map *map)
{
	struct table *table;
	enum reason reason;
	uint32_t row;
	sym pre_registered;

	table = &map->roster->tables[T_STUDENT];
	pre_registered = intern_add(map->roster->intern, STATUS_PRE_REGISTERED,
	    sizeof(STATUS_PRE_REGISTERED) - 1);
	for (row = 0; row < table->nrows; row++) {
		map->students.school[row] = find(
		    map, T_SCHOOL, table_sym(table, STUDENT_SCHOOLID, row));
		if (!is_open(table, row))
			continue;
		reason = student_reason(map, row, pre_registered);
		if (reason != REASON_NONE)
			fate_skip(table, row, reason);
	}
}

static enum reason
staff_reason(const struct map *map, uint32_t row)
{
	enum reason reason;
	sym schoolid;

	schoolid = table_sym(
	    &map->roster->tables[T_SCHOOLSTAFF], SCHOOLSTAFF_SCHOOLID, row);
	reason = special_school(schoolid);
	if (reason != REASON_NONE)
		return reason;
	if (school_is_out(map, schoolid, map->staff_school[row]))
		return REASON_SCHOOL_OUT_OF_SCOPE;
	return map->staff_user[row] == ROW_NONE ? REASON_NO_USER : REASON_NONE;
}

/* The number that a text of digits is; false for any other text. */
static bool
whole_number(struct str text, uint64_t *number)
{
	size_t i;

	*number = 0;
	for (i = 0; i < text.len; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9' ||
		    *number > UINT64_MAX / 10 - 1)
			return false;
		*number = *number * 10 + (uint64_t)(text.bytes[i] - '0');
	}
	return text.len > 0;
}

/* Orders school numbers as numbers where they are, other texts behind. */
static bool
is_lower_school(const struct map *map, sym a, sym b)
{
	char digits[2][SYM_DIGITS];
	bool a_counts, b_counts;
	struct str s, t;
	uint64_t x, y;
	int order;

	s = intern_text(map->roster->intern, a, digits[0]);
	t = intern_text(map->roster->intern, b, digits[1]);
	a_counts = whole_number(s, &x);
	b_counts = whole_number(t, &y);
	if (a_counts != b_counts)
		return a_counts;
	if (a_counts && x != y)
		return x < y;
	order = memcmp(s.bytes, t.bytes, s.len < t.len ? s.len : t.len);
	return order != 0 ? order < 0 : s.len < t.len;
}

/*
 * Notes a schoolstaff row in scope at its person, whose school is the one of
 * homeschoolid if there is a row in scope there, else the lowest.
 */
static void
note_staff(struct map *map, uint32_t row)
{
	const struct table *table, *schools;
	uint32_t user, school, *best;
	sym status, home;

	table = &map->roster->tables[T_SCHOOLSTAFF];
	schools = &map->roster->tables[T_SCHOOL];
	user = map->staff_user[row];
	if (user == ROW_NONE)
		return;
	status = table_sym(table, SCHOOLSTAFF_STATUS, row);
	map->users.marks[user] |= PERSON_STAFF;
	if (status.id == 0 || is_number(status, STATUS_CURRENT))
		map->users.marks[user] |= PERSON_CURRENT;
	if (map->staff_named[row])
		map->users.marks[user] |= PERSON_NAMED;
	school = map->staff_school[row];
	best = &map->users.school[user];
	home = table_sym(&map->roster->tables[T_USER], USER_HOMESCHOOLID, user);
	if (school == ROW_NONE)
		return;
	if (*best == ROW_NONE ||
	    (table_sym(schools, SCHOOL_NUMBER, *best).id != home.id &&
		(table_sym(schools, SCHOOL_NUMBER, school).id == home.id ||
		    is_lower_school(map,
			table_sym(schools, SCHOOL_NUMBER, school),
			table_sym(schools, SCHOOL_NUMBER, *best)))))
		*best = school;
}

static void
scope_schoolstaff(struct map *map)
{
	struct table *table;
	enum reason reason;
	uint32_t row;

	table = &map->roster->tables[T_SCHOOLSTAFF];
	map->staff_school = links_new(table->nrows);
	map->staff_user = links_new(table->nrows);
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_MERGED)
			continue;
		map->staff_school[row] = find(
		    map, T_SCHOOL, table_sym(table, SCHOOLSTAFF_SCHOOLID, row));
		map->staff_user[row] = find(
		    map, T_USER, table_sym(table, SCHOOLSTAFF_USERS_DCID, row));
		reason = staff_reason(map, row);
		if (reason != REASON_NONE)
			skip_open(table, row, reason);
		else
			note_staff(map, row);
	}
}

static void
scope_users(struct map *map)
{
	struct table *table;
	uint32_t row;
	uint8_t marks;

	table = &map->roster->tables[T_USER];
	for (row = 0; row < table->nrows; row++) {
		if (!is_open(table, row))
			continue;
		marks = map->users.marks[row];
		if (!(marks & PERSON_STAFF))
			fate_skip(table, row, REASON_NO_SCHOOL);
		else if (!(marks & (PERSON_CURRENT | PERSON_NAMED)))
			fate_skip(table, row, REASON_INACTIVE);
		else if (map->policy->staff_teaching_only &&
		    !(marks & PERSON_NAMED))
			fate_skip(table, row, REASON_NOT_TEACHING);
	}
}

/* A row whose person is not sent, for a reason, has no enrollment. */
static void
scope_teachers_without_user(struct map *map)
{
	const struct table *users;
	struct table *table;
	uint32_t row, staff, user;

	table = &map->roster->tables[T_SECTIONTEACHER];
	users = &map->roster->tables[T_USER];
	for (row = 0; row < table->nrows; row++) {
		if (!is_open(table, row))
			continue;
		staff = map->teacher_staff[row];
		user = staff == ROW_NONE ? ROW_NONE : map->staff_user[staff];
		if (staff == ROW_NONE)
			fate_skip(table, row, REASON_NO_STAFF);
		else if (user == ROW_NONE || !fate_in_scope(users, user))
			fate_skip(table, row, REASON_STAFF_OUT_OF_SCOPE);
	}
}

static void
scope_cc_without_student(struct map *map)
{
	const struct table *students;
	struct table *table;
	uint32_t row, student;

	table = &map->roster->tables[T_CC];
	students = &map->roster->tables[T_STUDENT];
	for (row = 0; row < table->nrows; row++) {
		student = table->columns[CC_STUDENTID][row];
		if (is_open(table, row) && student != ROW_NONE &&
		    !fate_in_scope(students, student))
			fate_skip(table, row, REASON_STUDENT_OUT_OF_SCOPE);
	}
}

static void
people_new(struct people *people, enum table_id t, size_t n)
{
	people->table = t;
	people->marks = mem_zalloc(n, 1);
	people->school = links_new(n);
	people->id = mem_zalloc(n, sizeof(sym));
	people->login = mem_zalloc(n, sizeof(sym));
	people->email = mem_zalloc(n, sizeof(sym));
}

void
scope_judge(struct map *map)
{
	people_new(
	    &map->students, T_STUDENT, map->roster->tables[T_STUDENT].nrows);
	people_new(&map->users, T_USER, map->roster->tables[T_USER].nrows);
	scope_schools(map);
	scope_terms(map);
	scope_sections(map);
	scope_unused(&map->roster->tables[T_TERM], map->term_used);
	scope_unused(&map->roster->tables[T_COURSE], map->course_used);
	scope_sectionteachers(map);
	scope_cc(map);
	scope_students(map);
	scope_schoolstaff(map);
	scope_users(map);
	scope_teachers_without_user(map);
	scope_cc_without_student(map);
}
