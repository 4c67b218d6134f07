#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "canvas/check.h"
#include "canvas/check_people.h"
#include "canvas/course_group.h"
#include "roster/fate.h"

#define TEXT_MAX 255	  /* characters of an id or a name in Canvas */
#define LAST_SECOND 86399 /* of a day */

void
check_report(struct map *map, enum table_id t, uint32_t row, enum rule rule,
    uint32_t fields, sym what)
{
	fate_report(map->roster, map->findings,
	    (struct finding){ .row = row,
		.table = (uint8_t)t,
		.rule = (uint8_t)rule,
		.severity = (uint8_t)rules[rule].severity,
		.fields = fields,
		.what = what });
}

void
check_report_words(struct map *map, enum table_id t, uint32_t row,
    const struct check_words *words)
{
	sym none = { 0 };

	if (words->blank_ids != 0)
		check_report(
		    map, t, row, RULE_ID_BLANK, words->blank_ids, none);
	if (words->long_ids != 0)
		check_report(
		    map, t, row, RULE_ID_LENGTH, words->long_ids, none);
	if (words->repeated_ids != 0)
		check_report(
		    map, t, row, RULE_ID_DUPLICATE, words->repeated_ids, none);
	if (words->blank_names != 0)
		check_report(
		    map, t, row, RULE_NAME_BLANK, words->blank_names, none);
	if (words->long_names != 0)
		check_report(
		    map, t, row, RULE_NAME_LENGTH, words->long_names, none);
}

/* The first of a table's marks that is about a row or a later one. */
static size_t
first_mark(const struct table *table, uint32_t row)
{
	size_t low, high, middle;

	low = 0;
	high = table->nmarks;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (table->marks[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The fields of a row that reading noticed something about. */
static uint32_t
marked_fields(const struct table *table, uint32_t row, enum rule rule)
{
	uint32_t fields;
	size_t i;

	fields = 0;
	if (!(table->flags[row] & ROW_MARKED))
		return 0;
	for (i = first_mark(table, row);
	     i < table->nmarks && table->marks[i].row == row; i++) {
		if (table->marks[i].rule == rule)
			fields |= 1U << table->marks[i].field;
	}
	return fields;
}

/* Reports dates: an error when a needed one is bad or blank. */
static void
report_dates(struct map *map, enum table_id t, uint32_t row, uint32_t bad)
{
	const struct table *table;
	const struct field *fields;
	uint32_t needed;
	unsigned f;

	table = &map->roster->tables[t];
	fields = schema[t].fields;
	bad |= marked_fields(table, row, RULE_SRC_DATE);
	needed = bad;
	for (f = 0; fields[f].name != NULL; f++) {
		if (fields[f].type != FIELD_DATE)
			continue;
		if (!(fields[f].use & FIELD_NEEDED))
			needed &= ~(1U << f);
		else if (!(table->flags[row] & ROW_SCHEDULE) &&
		    table_date(table, f, row) <= DATE_BAD)
			needed |= 1U << f;
	}
	bad |= needed;
	if (bad != 0)
		fate_report(map->roster, map->findings,
		    (struct finding){ .row = row,
			.table = (uint8_t)t,
			.rule = RULE_SRC_DATE,
			.severity = needed != 0 ? SEVERITY_ERROR :
						  SEVERITY_WARNING,
			.fields = bad });
}

void
check_report_marks(struct map *map, enum table_id t, uint32_t row)
{
	const struct table *table;
	uint32_t fields;
	sym none = { 0 };

	table = &map->roster->tables[t];
	if (!(table->flags[row] & ROW_MARKED))
		return;
	fields = marked_fields(table, row, RULE_SRC_CONTROL);
	if (fields != 0)
		check_report(map, t, row, RULE_SRC_CONTROL, fields, none);
	fields = marked_fields(table, row, RULE_SRC_ENTITY);
	if (fields != 0)
		check_report(map, t, row, RULE_SRC_ENTITY, fields, none);
	if (t != T_CC && t != T_TERM)
		report_dates(map, t, row, 0);
}

/* The field by which people know a row of a table. */
static sym
key_of(const struct map *map, enum table_id t, uint32_t row)
{
	const struct table *table;

	table = &map->roster->tables[t];
	switch (t) {
	case T_SECTION:
		return table_sym(table, SECTION_DCID, row);
	case T_STUDENT:
		return table_sym(table, STUDENT_DCID, row);
	default:
		return table_sym(table, 0, row);
	}
}

bool
check_held_by(struct map *map, enum table_id t, uint32_t row,
    enum table_id parent, uint32_t parent_row)
{
	if (parent_row == ROW_NONE ||
	    fate_of(&map->roster->tables[parent], parent_row) != ROW_HELD)
		return false;
	fate_report(map->roster, map->findings,
	    (struct finding){ .row = row,
		.table = (uint8_t)t,
		.rule = RULE_HELD_PARENT,
		.severity = SEVERITY_ERROR,
		.parent = (uint8_t)parent,
		.what = key_of(map, parent, parent_row) });
	return true;
}

void
check_id(struct check_words *words, enum output out, bool filled,
    const struct buf *text)
{
	if (!filled || text->len == 0)
		words->blank_ids |= 1U << out;
	else if (text->len > TEXT_MAX &&
	    utf8_length(text->data, text->len) > TEXT_MAX)
		words->long_ids |= 1U << out;
}

void
check_name(struct check_words *words, enum output out, const struct buf *text)
{
	if (text->len == 0)
		words->blank_names |= 1U << out;
	else if (text->len > TEXT_MAX &&
	    utf8_length(text->data, text->len) > TEXT_MAX)
		words->long_names |= 1U << out;
}

bool *
check_repeated(const sym *ids, size_t n)
{
	uint32_t *rows;
	bool *repeated;
	size_t count, i;

	repeated = mem_zalloc(n, sizeof(*repeated));
	rows = key_index_repeated((const uint32_t *)ids, n, &count);
	for (i = 0; i < count; i++)
		repeated[rows[i]] = true;
	free(rows);
	return repeated;
}

sym
check_keep_id(struct map *map, const struct check_words *words, enum output out,
    const struct buf *text)
{
	if ((words->blank_ids | words->long_ids) & (1U << out))
		return (sym){ 0 };
	return intern_add(map->roster->intern, text->data, text->len);
}

/* Ids of rows that are not held; the others take no part. */
static sym *
ids_of_used(const struct table *table, const sym *ids)
{
	uint32_t row;
	sym *used;

	used = mem_zalloc(table->nrows, sizeof(*used));
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_USED)
			used[row] = ids[row];
	}
	return used;
}

/* Reports the rows of a table whose id another row has too. */
static void
check_unique(struct map *map, enum table_id t, const sym *ids, enum output out)
{
	const struct table *table;
	bool *repeated;
	uint32_t row;
	sym *used;

	table = &map->roster->tables[t];
	used = ids_of_used(table, ids);
	repeated = check_repeated(used, table->nrows);
	for (row = 0; row < table->nrows; row++) {
		if (repeated[row])
			check_report(map, t, row, RULE_ID_DUPLICATE, 1U << out,
			    used[row]);
	}
	free(repeated);
	free(used);
}

static bool
is_group_account(const struct map *map, sym id)
{
	char digits[SYM_DIGITS];
	struct str text;
	size_t i;

	text = intern_text(map->roster->intern, id, digits);
	for (i = 0; i < map->policy->ngroups; i++) {
		if (strlen(map->policy->groups[i].id) == text.len &&
		    memcmp(map->policy->groups[i].id, text.bytes, text.len) ==
			0)
			return true;
	}
	return false;
}

static void
check_schools(struct map *map)
{
	struct table *table;
	struct buf text = { 0 };
	uint32_t row;
	bool filled;

	table = &map->roster->tables[T_SCHOOL];
	map->account_id = mem_zalloc(table->nrows, sizeof(sym));
	for (row = 0; row < table->nrows; row++) {
		struct check_words words = { 0 };

		if (fate_of(table, row) != ROW_USED)
			continue;
		check_report_marks(map, T_SCHOOL, row);
		filled = map_render(map, TMPL_ACCOUNT_ID, T_SCHOOL, row, &text);
		check_id(&words, OUT_ACCOUNT_ID, filled, &text);
		map->account_id[row] = check_keep_id(
		    map, &words, OUT_ACCOUNT_ID, &text);
		map_render(map, TMPL_ACCOUNT_NAME, T_SCHOOL, row, &text);
		check_name(&words, OUT_NAME, &text);
		if (table_sym(table, SCHOOL_NAME, row).id == 0)
			words.blank_names |= 1U << OUT_NAME;
		check_report_words(map, T_SCHOOL, row, &words);
		if (fate_of(table, row) == ROW_USED &&
		    is_group_account(map, map->account_id[row]))
			check_report(map, T_SCHOOL, row, RULE_ID_DUPLICATE,
			    1U << OUT_ACCOUNT_ID, map->account_id[row]);
	}
	check_unique(map, T_SCHOOL, map->account_id, OUT_ACCOUNT_ID);
	buf_free(&text);
}

/* The term's dates that cannot be written in UTC. */
static uint32_t
unwritable_dates(const struct table *table, uint32_t row)
{
	char text[UTC_TEXT_SIZE];
	uint32_t bad;
	int32_t first, last;

	bad = 0;
	first = table_date(table, TERM_FIRSTDAY, row);
	last = table_date(table, TERM_LASTDAY, row);
	if (first > DATE_BAD && !utc_format(date_to_utc(first, 0), text))
		bad |= 1U << TERM_FIRSTDAY;
	if (last > DATE_BAD &&
	    !utc_format(date_to_utc(last, LAST_SECOND), text))
		bad |= 1U << TERM_LASTDAY;
	return bad;
}

static void
check_term(struct map *map, uint32_t row, struct buf *text)
{
	struct check_words words = { 0 };
	const struct table *table;
	int32_t first, last;
	bool filled;
	sym schoolid;

	table = &map->roster->tables[T_TERM];
	schoolid = table_sym(table, TERM_SCHOOLID, row);
	if (map->term_school[row] == ROW_NONE)
		check_report(map, T_TERM, row, RULE_REF_SCHOOL,
		    1U << TERM_SCHOOLID, schoolid);
	check_report_marks(map, T_TERM, row);
	report_dates(map, T_TERM, row, unwritable_dates(table, row));
	filled = map_render(map, TMPL_TERM_ID, T_TERM, row, text);
	/* Without its school the ids and names say nothing of their own. */
	if (map->term_school[row] == ROW_NONE)
		return;
	check_id(&words, OUT_TERM_ID, filled, text);
	map->term_id[row] = check_keep_id(map, &words, OUT_TERM_ID, text);
	map_render(map, TMPL_TERM_NAME, T_TERM, row, text);
	check_name(&words, OUT_NAME, text);
	if (table_sym(table, TERM_NAME, row).id == 0)
		words.blank_names |= 1U << OUT_NAME;
	check_report_words(map, T_TERM, row, &words);
	first = table_date(table, TERM_FIRSTDAY, row);
	last = table_date(table, TERM_LASTDAY, row);
	if (first > DATE_BAD && last > DATE_BAD && last < first)
		check_report(map, T_TERM, row, RULE_TERM_DATES,
		    1U << TERM_LASTDAY, (sym){ 0 });
}

static void
check_terms(struct map *map)
{
	const struct table *table;
	struct buf text = { 0 };
	uint32_t row;

	table = &map->roster->tables[T_TERM];
	map->term_id = mem_zalloc(table->nrows, sizeof(sym));
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_USED &&
		    !check_held_by(
			map, T_TERM, row, T_SCHOOL, map->term_school[row]))
			check_term(map, row, &text);
	}
	check_unique(map, T_TERM, map->term_id, OUT_TERM_ID);
	buf_free(&text);
}

static void
check_courses(struct map *map)
{
	const struct table *table;
	char digits[SYM_DIGITS];
	struct str name;
	uint32_t row;

	table = &map->roster->tables[T_COURSE];
	for (row = 0; row < table->nrows; row++) {
		struct check_words words = { 0 };

		if (fate_of(table, row) != ROW_USED)
			continue;
		check_report_marks(map, T_COURSE, row);
		name = map_text(map, T_COURSE, COURSE_NAME, row, digits);
		if (name.len == 0)
			words.blank_names = 1U << OUT_NAME;
		else if (utf8_length(name.bytes, name.len) > TEXT_MAX)
			words.long_names = 1U << OUT_NAME;
		check_report_words(map, T_COURSE, row, &words);
	}
}

/* What a section names that is in no file; true when an error came of it. */
static bool
check_section_references(struct map *map, uint32_t row)
{
	const struct table *table;
	sym number, teacher;

	table = &map->roster->tables[T_SECTION];
	number = table_sym(table, SECTION_COURSE_NUMBER, row);
	teacher = table_sym(table, SECTION_TEACHER, row);
	if (map->section_course[row] == ROW_NONE && number.id != 0)
		check_report(map, T_SECTION, row, RULE_REF_COURSE,
		    1U << SECTION_COURSE_NUMBER, number);
	if (map->section_lead[row] == ROW_NONE && teacher.id != 0 &&
	    teacher.id != sym_of_number(0).id)
		check_report(map, T_SECTION, row, RULE_REF_STAFF,
		    1U << SECTION_TEACHER, teacher);
	if (map->section_school[row] == ROW_NONE)
		check_report(map, T_SECTION, row, RULE_REF_SCHOOL,
		    1U << SECTION_SCHOOLID,
		    table_sym(table, SECTION_SCHOOLID, row));
	else if (map->section_term[row] == ROW_NONE)
		check_report(map, T_SECTION, row, RULE_REF_TERM,
		    1U << SECTION_TERMID,
		    table_sym(table, SECTION_TERMID, row));
	return fate_of(table, row) == ROW_HELD;
}

/* In mode section a section is a course too. */
static void
check_section_course(
    struct map *map, uint32_t row, struct check_words *words, struct buf *text)
{
	bool filled;

	filled = map_render(map, TMPL_COURSE_ID, T_SECTION, row, text);
	check_id(words, OUT_COURSE_ID, filled, text);
	map->course_id[row] = check_keep_id(map, words, OUT_COURSE_ID, text);
	map_render(map, TMPL_COURSE_SHORT, T_SECTION, row, text);
	check_name(words, OUT_SHORT_NAME, text);
	map_render(map, TMPL_COURSE_LONG, T_SECTION, row, text);
	check_name(words, OUT_LONG_NAME, text);
}

static void
check_section(struct map *map, uint32_t row, struct buf *text)
{
	struct check_words words = { 0 };
	const struct table *table;
	bool filled;

	if (check_held_by(
		map, T_SECTION, row, T_SCHOOL, map->section_school[row]) ||
	    check_held_by(
		map, T_SECTION, row, T_TERM, map->section_term[row]) ||
	    check_held_by(
		map, T_SECTION, row, T_COURSE, map->section_course[row]))
		return;
	table = &map->roster->tables[T_SECTION];
	check_report_marks(map, T_SECTION, row);
	if (check_section_references(map, row))
		return;
	filled = map_render(map, TMPL_SECTION_ID, T_SECTION, row, text);
	check_id(&words, OUT_SECTION_ID, filled, text);
	map->section_id[row] = check_keep_id(map, &words, OUT_SECTION_ID, text);
	map_render(map, TMPL_SECTION_NAME, T_SECTION, row, text);
	check_name(&words, OUT_SECTION_NAME, text);
	if (table_sym(table, SECTION_COURSE_NUMBER, row).id == 0)
		words.blank_names |= 1U << OUT_LONG_NAME;
	if (map->policy->course_mode == COURSE_PER_SECTION)
		check_section_course(map, row, &words, text);
	else
		course_group_words(map, row, &words);
	check_report_words(map, T_SECTION, row, &words);
}

static void
check_sections(struct map *map)
{
	const struct table *table;
	struct buf text = { 0 };
	uint32_t row;

	table = &map->roster->tables[T_SECTION];
	map->section_id = mem_zalloc(table->nrows, sizeof(sym));
	map->course_id = mem_zalloc(table->nrows, sizeof(sym));
	if (map->policy->course_mode == COURSE_PER_NUMBER)
		course_group_make(map);
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_USED)
			check_section(map, row, &text);
	}
	check_unique(map, T_SECTION, map->section_id, OUT_SECTION_ID);
	if (map->policy->course_mode == COURSE_PER_SECTION)
		check_unique(map, T_SECTION, map->course_id, OUT_COURSE_ID);
	buf_free(&text);
}

/*
 * A row of Teachers is a user and a member of a school's staff at once: when
 * it is held for the one, the other goes with it without a line of its own.
 */
static bool
is_half_of_held(const struct map *map, uint32_t row)
{
	const struct table *tables;
	uint32_t user;

	tables = map->roster->tables;
	user = map->staff_user[row];
	return map->roster->users_by_number && user != ROW_NONE &&
	    fate_of(&tables[T_USER], user) == ROW_HELD &&
	    row_lines_find(&tables[T_USER].lines, user) ==
	    row_lines_find(&tables[T_SCHOOLSTAFF].lines, row);
}

static void
check_schoolstaff(struct map *map)
{
	const struct table *table;
	uint32_t row;

	table = &map->roster->tables[T_SCHOOLSTAFF];
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_SKIPPED &&
		    table->reasons[row] == REASON_NO_USER)
			check_report(map, T_SCHOOLSTAFF, row, RULE_REF_STAFF,
			    1U << SCHOOLSTAFF_USERS_DCID,
			    table_sym(table, SCHOOLSTAFF_USERS_DCID, row));
		if (fate_of(table, row) == ROW_USED &&
		    is_half_of_held(map, row))
			map->roster->tables[T_SCHOOLSTAFF]
			    .states[row] = ROW_HELD;
		if (fate_of(table, row) != ROW_USED ||
		    check_held_by(map, T_SCHOOLSTAFF, row, T_SCHOOL,
			map->staff_school[row]) ||
		    check_held_by(
			map, T_SCHOOLSTAFF, row, T_USER, map->staff_user[row]))
			continue;
		check_report_marks(map, T_SCHOOLSTAFF, row);
		if (map->staff_school[row] == ROW_NONE)
			check_report(map, T_SCHOOLSTAFF, row, RULE_REF_SCHOOL,
			    1U << SCHOOLSTAFF_SCHOOLID,
			    table_sym(table, SCHOOLSTAFF_SCHOOLID, row));
	}
}

static void
check_sectionteachers(struct map *map)
{
	const struct table *table;
	uint32_t row, staff;
	sym teacher;

	table = &map->roster->tables[T_SECTIONTEACHER];
	for (row = 0; row < table->nrows; row++) {
		teacher = table_sym(table, SECTIONTEACHER_TEACHERID, row);
		if (fate_of(table, row) == ROW_SKIPPED &&
		    table->reasons[row] == REASON_NO_STAFF && teacher.id != 0 &&
		    teacher.id != sym_of_number(0).id)
			check_report(map, T_SECTIONTEACHER, row, RULE_REF_STAFF,
			    1U << SECTIONTEACHER_TEACHERID, teacher);
		staff = map->teacher_staff[row];
		if (fate_of(table, row) == ROW_USED &&
		    !check_held_by(map, T_SECTIONTEACHER, row, T_SECTION,
			map->teacher_section[row]) &&
		    !check_held_by(
			map, T_SECTIONTEACHER, row, T_SCHOOLSTAFF, staff) &&
		    !check_held_by(map, T_SECTIONTEACHER, row, T_USER,
			map->staff_user[staff]))
			check_report_marks(map, T_SECTIONTEACHER, row);
	}
}

/* Reports what cc row names that is in no file, from its dangling cells. */
static void
check_cc_references(struct map *map, uint32_t row, size_t *at)
{
	const struct dangling *dangling;

	while (*at < map->ndangling && map->dangling[*at].row < row)
		++*at;
	for (; *at < map->ndangling && map->dangling[*at].row == row; ++*at) {
		dangling = &map->dangling[*at];
		check_report(map, T_CC, row,
		    dangling->field == CC_SECTIONID ? RULE_REF_SECTION :
						      RULE_REF_STUDENT,
		    1U << dangling->field, dangling->names);
	}
}

static bool
has_both_dates(const struct table *table, uint32_t row)
{
	return table_date(table, CC_DATEENROLLED, row) > DATE_BAD &&
	    table_date(table, CC_DATELEFT, row) > DATE_BAD;
}

static void
check_cc(struct map *map)
{
	const struct table *table;
	uint32_t row;
	size_t at;

	table = &map->roster->tables[T_CC];
	at = 0;
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) != ROW_USED ||
		    check_held_by(map, T_CC, row, T_SECTION,
			table->columns[CC_SECTIONID][row]) ||
		    check_held_by(map, T_CC, row, T_STUDENT,
			table->columns[CC_STUDENTID][row]))
			continue;
		if (table->columns[CC_SECTIONID][row] == ROW_NONE ||
		    table->columns[CC_STUDENTID][row] == ROW_NONE)
			check_cc_references(map, row, &at);
		if (!(table->flags[row] & ROW_MARKED) &&
		    has_both_dates(table, row))
			continue;
		check_report_marks(map, T_CC, row);
		report_dates(map, T_CC, row, 0);
	}
}

static void
check_small_tables(struct map *map)
{
	static const enum table_id tables[] = { T_ROLEDEF, T_STUDENTEMAIL };
	const struct table *table;
	uint32_t row;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		table = &map->roster->tables[tables[i]];
		for (row = 0; row < table->nrows; row++) {
			if (fate_of(table, row) == ROW_USED)
				check_report_marks(map, tables[i], row);
		}
	}
}

void
check_judge(struct map *map)
{
	check_schools(map);
	check_terms(map);
	check_courses(map);
	check_sections(map);
	check_people(map);
	check_schoolstaff(map);
	check_sectionteachers(map);
	check_cc(map);
	check_small_tables(map);
}
