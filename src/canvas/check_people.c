#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parts.h"
#include "base/utf8.h"
#include "canvas/check.h"
#include "canvas/check_people.h"
#include "canvas/email.h"
#include "canvas/login.h"
#include "canvas/scope.h"
#include "roster/fate.h"

#define WORTH_A_THREAD 5000	/* people */
#define NAME_MAX_CHARACTERS 255 /* first name, a blank if both, last name */

/* The templates and columns of one kind of person. */
struct kind {
	enum template_id id, login, email, integration;
	unsigned first_name, last_name;
};

static const struct kind student_kind = { TMPL_STUDENT_ID, TMPL_STUDENT_LOGIN,
	TMPL_STUDENT_EMAIL, TMPL_STUDENT_INTEGRATION, STUDENT_FIRST_NAME,
	STUDENT_LAST_NAME };
static const struct kind staff_kind = { TMPL_STAFF_ID, TMPL_STAFF_LOGIN,
	TMPL_STAFF_EMAIL, TMPL_STAFF_INTEGRATION, USER_FIRST_NAME,
	USER_LAST_NAME };

static size_t
characters(const struct map *map, enum table_id t, unsigned field, uint32_t row)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = map_text(map, t, field, row, digits);
	return text.len <= NAME_MAX_CHARACTERS / 8 ?
	    text.len :
	    utf8_length(text.bytes, text.len);
}

static void
check_person_name(
    struct map *map, const struct kind *kind, enum table_id t, uint32_t row)
{
	size_t first, last;
	uint32_t blank;

	first = characters(map, t, kind->first_name, row);
	last = characters(map, t, kind->last_name, row);
	blank = (first == 0 ? 1U << OUT_FIRST_NAME : 0) |
	    (last == 0 ? 1U << OUT_LAST_NAME : 0);
	if (blank != 0)
		fate_report(map->roster, map->findings,
		    (struct finding){ .row = row,
			.table = (uint8_t)t,
			.rule = RULE_NAME_BLANK,
			.severity = first == 0 && last == 0 ? SEVERITY_ERROR :
							      SEVERITY_WARNING,
			.fields = blank });
	if (first + last + (blank == 0) > NAME_MAX_CHARACTERS)
		check_report(map, t, row, RULE_NAME_LENGTH,
		    1U << OUT_FIRST_NAME | 1U << OUT_LAST_NAME, (sym){ 0 });
}

/* The cell that a template gives for a person; blank if a field is. */
static sym
person_cell(struct map *map, enum template_id id, enum table_id t, uint32_t row,
    struct buf *text)
{
	struct tmpl_rows rows;
	sym cell;

	if (map->policy->templates[id] == NULL)
		return (sym){ 0 };
	rows = map_rows(map, t, row);
	if (tmpl_cell(map->policy->templates[id], &rows, &cell))
		return cell;
	if (!tmpl_render(map->policy->templates[id], &rows, text))
		return (sym){ 0 };
	return intern_add(map->roster->intern, text->data, text->len);
}

static void
check_person_login(struct map *map, const struct people *people, uint32_t row)
{
	char digits[SYM_DIGITS];
	struct str text;
	sym login;

	login = people->login[row];
	text = intern_text(map->roster->intern, login, digits);
	if (login.id == 0)
		check_report(
		    map, people->table, row, RULE_USER_LOGIN_BLANK, 0, login);
	else if (!login_is_good(text.bytes, text.len))
		check_report(map, people->table, row, RULE_USER_LOGIN_BAD, 0,
		    (sym){ 0 });
}

static void
check_person_email(struct map *map, struct people *people, uint32_t row)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = intern_text(map->roster->intern, people->email[row], digits);
	if (text.len == 0 || email_is_good(text.bytes, text.len))
		return;
	check_report(
	    map, people->table, row, RULE_USER_EMAIL_BAD, 0, (sym){ 0 });
	people->email[row] = (sym){ 0 };
}

static void
check_person_ids(struct map *map, struct people *people,
    const struct kind *kind, uint32_t row, struct buf *text)
{
	struct check_words words = { 0 };
	bool filled;

	filled = map_render(map, kind->id, people->table, row, text);
	check_id(&words, OUT_USER_ID, filled, text);
	people->id[row] = check_keep_id(map, &words, OUT_USER_ID, text);
	if (people->integration != NULL &&
	    map->policy->templates[kind->integration] != NULL) {
		filled = map_render(
		    map, kind->integration, people->table, row, text);
		if (filled && text->len > 0) {
			check_id(&words, OUT_INTEGRATION_ID, true, text);
			people->integration[row] = check_keep_id(
			    map, &words, OUT_INTEGRATION_ID, text);
		}
	}
	check_report_words(map, people->table, row, &words);
}

static void
check_person(struct map *map, struct people *people, const struct kind *kind,
    uint32_t row, struct buf *text)
{
	check_report_marks(map, people->table, row);
	people->login[row] = person_cell(
	    map, kind->login, people->table, row, text);
	people->email[row] = person_cell(
	    map, kind->email, people->table, row, text);
	check_person_ids(map, people, kind, row, text);
	check_person_name(map, kind, people->table, row);
	check_person_login(map, people, row);
	check_person_email(map, people, row);
}

/* Whether a student's school holds or lacks the row, which is reported. */
static bool
is_held_by_school(struct map *map, const struct people *people, uint32_t row)
{
	sym schoolid;

	if (check_held_by(map, T_STUDENT, row, T_SCHOOL, people->school[row]))
		return true;
	schoolid = table_sym(
	    &map->roster->tables[T_STUDENT], STUDENT_SCHOOLID, row);
	if (people->school[row] == ROW_NONE &&
	    !scope_is_special_school(schoolid))
		check_report(map, T_STUDENT, row, RULE_REF_SCHOOL,
		    1U << STUDENT_SCHOOLID, schoolid);
	return false;
}

/* One kind of people, checked by several threads. */
struct checking {
	struct map *map;
	struct people *people;
	const struct kind *kind;
	struct findings findings[PARTS_MAX]; /* of each part */
};

static void
check_part(void *arg, size_t part, size_t from, size_t to)
{
	const struct table *table;
	struct checking *checking;
	struct people *people;
	struct buf text = { 0 };
	struct map map;
	size_t row;

	checking = arg;
	people = checking->people;
	/* Rows are a part's own, and findings go to a list of its own. */
	map = *checking->map;
	map.findings = &checking->findings[part];
	table = &map.roster->tables[people->table];
	for (row = from; row < to; row++) {
		if (fate_of(table, (uint32_t)row) != ROW_USED)
			continue;
		if (people->table == T_STUDENT &&
		    is_held_by_school(&map, people, (uint32_t)row))
			continue;
		check_person(
		    &map, people, checking->kind, (uint32_t)row, &text);
	}
	buf_free(&text);
}

static void
check_kind(struct map *map, struct people *people, const struct kind *kind)
{
	struct checking checking = { map, people, kind, { { 0 } } };
	size_t nrows, parts, i;

	nrows = map->roster->tables[people->table].nrows;
	if (map->policy->templates[TMPL_STUDENT_INTEGRATION] != NULL ||
	    map->policy->templates[TMPL_STAFF_INTEGRATION] != NULL)
		people->integration = mem_zalloc(nrows, sizeof(sym));
	parts = parts_count(map->policy->jobs, nrows, WORTH_A_THREAD);
	parts_run(parts, nrows, check_part, &checking);
	for (i = 0; i < parts; i++) {
		findings_append(map->findings, &checking.findings[i]);
		findings_free(&checking.findings[i]);
	}
}

/* The cells of students, then users, that are not held; else blank. */
static sym *
cells_of_both(
    const struct map *map, const sym *of_students, const sym *of_users)
{
	const struct table *students, *users;
	uint32_t row;
	sym *both;

	students = &map->roster->tables[T_STUDENT];
	users = &map->roster->tables[T_USER];
	both = mem_zalloc(students->nrows + users->nrows, sizeof(*both));
	for (row = 0; row < students->nrows; row++) {
		if (fate_of(students, row) == ROW_USED)
			both[row] = of_students[row];
	}
	for (row = 0; row < users->nrows; row++) {
		if (fate_of(users, row) == ROW_USED)
			both[students->nrows + row] = of_users[row];
	}
	return both;
}

/* The login in Unicode lower case, as Canvas compares it. */
static sym
lower_case(struct map *map, sym login, struct buf *scratch)
{
	char digits[SYM_DIGITS];
	struct str text;
	size_t i;

	text = intern_text(map->roster->intern, login, digits);
	for (i = 0; i < text.len; i++) {
		if ((text.bytes[i] >= 'A' && text.bytes[i] <= 'Z') ||
		    (unsigned char)text.bytes[i] >= 0x80)
			break;
	}
	if (i == text.len)
		return login;
	scratch->len = 0;
	buf_reserve(scratch, text.len * UTF8_CASE_GROWTH);
	return intern_add(map->roster->intern, scratch->data,
	    utf8_lower(text.bytes, text.len, scratch->data));
}

/* Which of both kinds' rows a place in a list of both stands for. */
static enum table_id
place_of(const struct map *map, size_t place, uint32_t *row)
{
	size_t students;

	students = map->roster->tables[T_STUDENT].nrows;
	*row = (uint32_t)(place < students ? place : place - students);
	return place < students ? T_STUDENT : T_USER;
}

static bool
leaver_at(const struct map *map, size_t place)
{
	enum table_id t;
	uint32_t row;

	t = place_of(map, place, &row);
	return map_is_leaver(map, t, row);
}

/*
 * Of the people with one login: when just one is active and all others have
 * left, that one keeps it.
 */
static void
spare_the_active(
    const struct map *map, const sym *logins, bool *repeated, size_t n)
{
	struct key_index index = { 0 };
	uint32_t first, *active;
	size_t i;

	if (memchr(repeated, 1, n) == NULL)
		return;
	active = mem_zalloc(n, sizeof(*active));
	key_index_build(&index, (const uint32_t *)logins, n);
	for (i = 0; i < n; i++) {
		if (repeated[i] && !leaver_at(map, i))
			active[key_index_find(&index, logins[i])]++;
	}
	for (i = 0; i < n; i++) {
		if (!repeated[i] || leaver_at(map, i))
			continue;
		first = key_index_find(&index, logins[i]);
		repeated[i] = active[first] > 1;
	}
	key_index_free(&index);
	free(active);
}

static bool *
repeated_logins(struct map *map, size_t n)
{
	struct buf scratch = { 0 };
	bool *repeated;
	sym *logins;
	size_t i;

	logins = cells_of_both(map, map->students.login, map->users.login);
	for (i = 0; i < n; i++)
		logins[i] = lower_case(map, logins[i], &scratch);
	repeated = check_repeated(logins, n);
	spare_the_active(map, logins, repeated, n);
	free(logins);
	buf_free(&scratch);
	return repeated;
}

static bool *
repeated_ids(const struct map *map, const sym *of_students, const sym *of_users,
    size_t n)
{
	bool *repeated;
	sym *ids;

	ids = cells_of_both(map, of_students, of_users);
	repeated = check_repeated(ids, n);
	free(ids);
	return repeated;
}

static void
report_shared_ids(struct map *map, size_t n)
{
	bool *ids, *integrations;
	enum table_id t;
	uint32_t row, fields;
	size_t i;

	ids = repeated_ids(map, map->students.id, map->users.id, n);
	integrations = map->students.integration == NULL ?
	    NULL :
	    repeated_ids(
		map, map->students.integration, map->users.integration, n);
	for (i = 0; i < n; i++) {
		t = place_of(map, i, &row);
		fields = (ids[i] ? 1U << OUT_USER_ID : 0) |
		    (integrations != NULL && integrations[i] ?
			    1U << OUT_INTEGRATION_ID :
			    0);
		if (fields != 0)
			check_report(
			    map, t, row, RULE_ID_DUPLICATE, fields, (sym){ 0 });
	}
	free(ids);
	free(integrations);
}

/* Whoever is held for an id takes no login from anybody. */
static void
report_shared_logins(struct map *map, size_t n)
{
	enum table_id t;
	bool *logins;
	uint32_t row;
	size_t i;

	logins = repeated_logins(map, n);
	for (i = 0; i < n; i++) {
		if (!logins[i])
			continue;
		t = place_of(map, i, &row);
		check_report(
		    map, t, row, RULE_USER_LOGIN_DUPLICATE, 0, (sym){ 0 });
	}
	free(logins);
}

static void
check_shared(struct map *map)
{
	size_t n;

	n = map->roster->tables[T_STUDENT].nrows +
	    map->roster->tables[T_USER].nrows;
	report_shared_ids(map, n);
	report_shared_logins(map, n);
}

/* Counts people sent without e-mail by school; two schools have no row. */
struct blank_count {
	uint32_t *of_school;
	uint32_t of_special[2];
};

static void
count_blank(const struct map *map, const struct people *people,
    struct blank_count *count)
{
	const struct table *table;
	uint32_t row, number;
	sym schoolid;

	table = &map->roster->tables[people->table];
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) != ROW_USED ||
		    people->email[row].id != 0)
			continue;
		if (people->school[row] != ROW_NONE) {
			count->of_school[people->school[row]]++;
			continue;
		}
		schoolid = table_sym(table, STUDENT_SCHOOLID, row);
		if (people->table == T_STUDENT && sym_number(schoolid, &number))
			count->of_special[number != 0]++;
	}
}

static void
report_blank(struct map *map, sym school_number, uint32_t count)
{
	if (count > 0)
		findings_add(map->findings,
		    (struct finding){ .row = count,
			.table = TABLES,
			.rule = RULE_USER_EMAIL_BLANK,
			.severity = SEVERITY_INFO,
			.what = school_number });
}

static void
report_blank_emails(struct map *map)
{
	const struct table *schools;
	struct blank_count count = { 0 };
	uint32_t row;

	schools = &map->roster->tables[T_SCHOOL];
	count.of_school = mem_zalloc(schools->nrows, sizeof(uint32_t));
	count_blank(map, &map->students, &count);
	count_blank(map, &map->users, &count);
	for (row = 0; row < schools->nrows; row++)
		report_blank(map, table_sym(schools, SCHOOL_NUMBER, row),
		    count.of_school[row]);
	report_blank(map, sym_of_number(0), count.of_special[0]);
	report_blank(map, sym_of_number(999999), count.of_special[1]);
	free(count.of_school);
}

void
check_people(struct map *map)
{
	check_kind(map, &map->students, &student_kind);
	check_kind(map, &map->users, &staff_kind);
	check_shared(map);
	report_blank_emails(map);
}
