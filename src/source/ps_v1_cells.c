#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "source/ps_v1_cells.h"

#define YEARID_BASE 1990 /* yearid 0 (powerschool 6.2) */
#define DAY_MS 86400000LL
#define CURRENT "1"   /* SchoolStaff.Status */
#define NO_LONGER "2" /* of who is in no list, for lists have the active */

/* What a cell is made of. */
enum how {
	COPY,	  /* the member as it is */
	ITS_ID,	  /* its own dcid */
	STAND_IN, /* the same, in place of an id */
	DATE,
	YEARID,	      /* of the year in which the school year starts */
	SCHOOL,	      /* school_number of a school's dcid */
	STATUS,	      /* in the school whose list it is */
	NAMES,	      /* what the member names, in another table */
	NAMES_ITSELF, /* the same of its own dcid */
	NAMES_OWNER,  /* of the list that it stood in */
	OWNERS_TERM
};

struct column {
	const char *name;   /* a field of the schema */
	const char *member; /* of ps_v1_defs */
	enum how how;
	enum table_id table; /* that is named */
};

/* THE TABLE of what /ws/v1 gives of each table (powerschool 2.3). */
static const struct {
	enum ps_v1_kind kind;
	struct column columns[PS_V1_COLUMNS]; /* ends with a NULL name */
} forms[TABLES] = {
	[T_SCHOOL] = { PS_V1_SCHOOL,
	    {
		{ "dcid", NULL, ITS_ID, 0 },
		{ "school_number", "school_number", COPY, 0 },
		{ "name", "name", COPY, 0 },
		{ "low_grade", "low_grade", COPY, 0 },
		{ "high_grade", "high_grade", COPY, 0 },
		{ "alternate_school_number", "alternate_school_number", COPY,
		    0 },
	    } },
	[T_TERM] = { PS_V1_TERM,
	    {
		{ "dcid", NULL, ITS_ID, 0 },
		{ "id", NULL, STAND_IN, 0 },
		{ "schoolid", "school_id", SCHOOL, 0 },
		{ "yearid", "start_year", YEARID, 0 },
		{ "name", "name", COPY, 0 },
		{ "abbreviation", "abbreviation", COPY, 0 },
		{ "firstday", "start_date", DATE, 0 },
		{ "lastday", "end_date", DATE, 0 },
		{ "portion", "portion", COPY, 0 },
	    } },
	[T_COURSE] = { PS_V1_COURSE,
	    {
		{ "dcid", NULL, ITS_ID, 0 },
		{ "course_number", "course_number", COPY, 0 },
		{ "course_name", "course_name", COPY, 0 },
	    } },
	[T_SECTION] = { PS_V1_SECTION,
	    {
		{ "dcid", NULL, ITS_ID, 0 },
		{ "id", NULL, STAND_IN, 0 },
		{ "course_number", "course_id", NAMES, T_COURSE },
		{ "section_number", "section_number", COPY, 0 },
		{ "schoolid", "school_id", SCHOOL, 0 },
		{ "termid", "term_id", NAMES, T_TERM },
		{ "teacher", "staff_id", NAMES, T_SCHOOLSTAFF },
		{ "expression", "expression", COPY, 0 },
		{ "external_expression", "external_expression", COPY, 0 },
	    } },
	/* The lead teachers alone. */
	[T_SECTIONTEACHER] = { PS_V1_SECTION,
	    {
		{ "sectionid", NULL, NAMES_ITSELF, T_SECTION },
		{ "teacherid", "staff_id", NAMES, T_SCHOOLSTAFF },
	    } },
	[T_USER] = { PS_V1_STAFF,
	    {
		{ "dcid", "users_dcid", COPY, 0 },
		{ "first_name", "name.first_name", COPY, 0 },
		{ "middle_name", "name.middle_name", COPY, 0 },
		{ "last_name", "name.last_name", COPY, 0 },
		{ "email_addr", "emails.work_email", COPY, 0 },
		{ "loginid", "admin_username", COPY, 0 },
		{ "teacherloginid", "teacher_username", COPY, 0 },
		{ "teachernumber", "local_id", COPY, 0 },
	    } },
	[T_SCHOOLSTAFF] = { PS_V1_STAFF,
	    {
		{ "dcid", NULL, ITS_ID, 0 },
		{ "id", NULL, STAND_IN, 0 },
		{ "users_dcid", "users_dcid", COPY, 0 },
		{ "schoolid", NULL, SCHOOL, 0 },
		{ "status", "school_affiliations.school_affiliation", STATUS,
		    0 },
	    } },
	[T_STUDENT] = { PS_V1_STUDENT,
	    {
		{ "dcid", NULL, ITS_ID, 0 },
		{ "id", NULL, STAND_IN, 0 },
		{ "student_number", "local_id", COPY, 0 },
		{ "state_studentnumber", "state_province_id", COPY, 0 },
		{ "first_name", "name.first_name", COPY, 0 },
		{ "middle_name", "name.middle_name", COPY, 0 },
		{ "last_name", "name.last_name", COPY, 0 },
		{ "schoolid", "school_enrollment.school_number", COPY, 0 },
		{ "grade_level", "school_enrollment.grade_level", COPY, 0 },
		{ "enroll_status", "school_enrollment.enroll_status_code", COPY,
		    0 },
		{ "student_web_id", "student_username", COPY, 0 },
	    } },
	[T_STUDENTEMAIL] = { PS_V1_STUDENT,
	    {
		{ "studentsdcid", NULL, ITS_ID, 0 },
		{ "email", "contact_info.email", COPY, 0 },
	    } },
	[T_CC] = { PS_V1_ENROLLMENT,
	    {
		{ "dcid", NULL, ITS_ID, 0 },
		{ "id", NULL, STAND_IN, 0 },
		{ "studentid", "student_id", NAMES, T_STUDENT },
		{ "sectionid", "dropped", NAMES_OWNER, T_SECTION },
		{ "termid", NULL, OWNERS_TERM, T_TERM },
		{ "dateenrolled", "entry_date", DATE, 0 },
		{ "dateleft", "exit_date", DATE, 0 },
	    } },
	[T_ROLEDEF] = { PS_V1_KINDS, { { 0 } } },
};

static const struct column *
column_of(enum table_id table, const char *name)
{
	const struct column *column;

	for (column = forms[table].columns; column->name != NULL; column++) {
		if (strcmp(column->name, name) == 0)
			return column;
	}
	return NULL;
}

void
ps_v1_cells_columns(enum table_id table, const char *columns[PS_V1_COLUMNS + 1])
{
	size_t i;

	for (i = 0; forms[table].columns[i].name != NULL; i++)
		columns[i] = forms[table].columns[i].name;
	columns[i] = NULL;
}

bool
ps_v1_cells_carries(enum table_id table, const char *name)
{
	const struct column *column;

	column = column_of(table, name);
	return column != NULL && column->how != STAND_IN;
}

enum ps_v1_kind
ps_v1_cells_kind(enum table_id table)
{
	return forms[table].kind;
}

void
ps_v1_cells_put_date(struct buf *out, const char *text)
{
	char date[DATE_TEXT_SIZE];
	long long ms;
	size_t digits;

	digits = strspn(text[0] == '-' ? text + 1 : text, "0123456789");
	if (digits == 0 || digits > 15 ||
	    digits != strlen(text) - (text[0] == '-')) {
		buf_adds(out, text);
		return;
	}
	ms = strtoll(text, NULL, 10);
	date_format(
	    ms % DAY_MS == 0 ? (int32_t)(ms / DAY_MS) : date_at(ms / 1000),
	    date);
	buf_adds(out, date);
}

static void
put_missing(struct buf *out, uint64_t dcid)
{
	buf_printf(out, "dcid:%llu", (unsigned long long)dcid);
}

/* The field that others name a table's rows by. */
static unsigned
key_of(enum table_id table)
{
	switch (table) {
	case T_COURSE:
		return COURSE_NUMBER;
	case T_TERM:
		return TERM_ID;
	case T_SECTION:
		return SECTION_ID;
	case T_STUDENT:
		return STUDENT_ID;
	default:
		return SCHOOLSTAFF_ID;
	}
}

/* The row of a table with that dcid, ROW_NONE when there is none. */
static uint32_t
row_of(struct ps_v1_maker *maker, enum table_id table, uint64_t dcid)
{
	const struct table *parent;
	char digits[24];
	int field, len;
	sym key;

	parent = &maker->roster->tables[table];
	field = schema_field(table, "dcid", strlen("dcid"));
	if (parent->nrows == 0 || parent->columns[field] == NULL)
		return ROW_NONE;
	if (!maker->indexed[table])
		key_index_build(&maker->by_dcid[table], parent->columns[field],
		    parent->nrows);
	maker->indexed[table] = true;
	len = snprintf(
	    digits, sizeof(digits), "%llu", (unsigned long long)dcid);
	if (!intern_find(maker->roster->intern, digits, (size_t)len, &key))
		return ROW_NONE;
	return key_index_find(&maker->by_dcid[table], key);
}

/* A course's number or any other object's dcid. */
static void
put_own_name(const struct ps_v1_data *data, enum table_id table, uint64_t dcid,
    struct buf *out)
{
	const struct ps_v1_rows *rows;
	size_t row;

	rows = &data->rows[forms[table].kind];
	if (!ps_v1_rows_find(rows, dcid, &row))
		put_missing(out, dcid);
	else if (table == T_COURSE)
		buf_adds(out,
		    ps_v1_rows_cell(rows, row,
			ps_v1_def_member(PS_V1_COURSE, "course_number")));
	else
		buf_printf(out, "%llu", (unsigned long long)dcid);
}

static void
put_name(struct ps_v1_maker *maker, enum table_id table, uint64_t dcid,
    struct buf *out)
{
	char digits[SYM_DIGITS];
	struct str text;
	uint32_t row;

	if (maker->by_v1[table]) {
		put_own_name(maker->data, table, dcid, out);
		return;
	}
	row = row_of(maker, table, dcid);
	if (row == ROW_NONE) {
		put_missing(out, dcid);
		return;
	}
	text = intern_text(maker->roster->intern,
	    table_sym(&maker->roster->tables[table], key_of(table), row),
	    digits);
	buf_add(out, text.bytes, text.len);
}

static void
put_school(const struct ps_v1_data *data, uint64_t dcid, struct buf *out)
{
	const struct ps_v1_rows *schools;
	size_t row;

	schools = &data->rows[PS_V1_SCHOOL];
	if (ps_v1_rows_find(schools, dcid, &row))
		buf_adds(out,
		    ps_v1_rows_cell(schools, row,
			ps_v1_def_member(PS_V1_SCHOOL, "school_number")));
	else
		put_missing(out, dcid);
}

/* "2:1 5:2 " are schools' dcids with the status in each, which may be blank
 * as in the table. */
static void
put_status(
    const struct ps_v1_row *row, const char *affiliations, struct buf *out)
{
	const char *at;
	uint64_t school;
	char *end;

	for (at = affiliations; *at != '\0'; at += *at == ' ') {
		school = strtoull(at, &end, 10);
		at = *end == ':' ? end + 1 : end;
		if (school == row->owner) {
			buf_add(out, at, strcspn(at, " "));
			return;
		}
		at += strcspn(at, " ");
	}
	buf_adds(out, row->alone ? NO_LONGER : CURRENT);
}

/* A dropped enrollment has a minus sign in front of its section. */
static void
put_owner(struct ps_v1_maker *maker, const struct ps_v1_row *row,
    const char *dropped, enum table_id table, struct buf *out)
{
	if (strcmp(dropped, "true") == 0)
		buf_addc(out, '-');
	put_name(maker, table, row->owner, out);
}

static void
put_owners_term(
    struct ps_v1_maker *maker, const struct ps_v1_row *row, struct buf *out)
{
	const struct ps_v1_rows *sections;
	uint64_t term;
	size_t at;

	sections = &maker->data->rows[PS_V1_SECTION];
	if (ps_v1_rows_find(sections, row->owner, &at) &&
	    ps_v1_rows_id(sections, at,
		ps_v1_def_member(PS_V1_SECTION, "term_id"), &term))
		put_name(maker, T_TERM, term, out);
}

void
ps_v1_cells_put(struct ps_v1_maker *maker, enum table_id table,
    const char *name, size_t at, struct buf *out)
{
	const struct ps_v1_rows *rows;
	const struct column *column;
	const struct ps_v1_row *row;
	const char *text;
	uint64_t id;

	column = column_of(table, name);
	rows = &maker->data->rows[forms[table].kind];
	row = &rows->list[at];
	text = column->member == NULL ?
	    "" :
	    ps_v1_rows_cell(
		rows, at, ps_v1_def_member(forms[table].kind, column->member));
	switch (column->how) {
	case COPY:
		buf_adds(out, text);
		break;
	case ITS_ID:
	case STAND_IN:
		buf_printf(out, "%llu", (unsigned long long)row->id);
		break;
	case DATE:
		ps_v1_cells_put_date(out, text);
		break;
	case YEARID:
		if (ps_v1_rows_number(text, &id) && id >= YEARID_BASE)
			buf_printf(out, "%llu",
			    (unsigned long long)(id - YEARID_BASE));
		break;
	case SCHOOL:
		put_school(maker->data,
		    ps_v1_rows_number(text, &id) ? id : row->owner, out);
		break;
	case STATUS:
		put_status(row, text, out);
		break;
	case NAMES:
		if (ps_v1_rows_number(text, &id))
			put_name(maker, column->table, id, out);
		break;
	case NAMES_ITSELF:
		put_name(maker, column->table, row->id, out);
		break;
	case NAMES_OWNER:
		put_owner(maker, row, text, column->table, out);
		break;
	case OWNERS_TERM:
		put_owners_term(maker, row, out);
		break;
	}
}

bool
ps_v1_cells_skips(
    const struct ps_v1_data *data, enum table_id table, size_t row)
{
	const char *member;

	if (table == T_STUDENTEMAIL)
		member = "contact_info.email";
	else if (table == T_SECTIONTEACHER)
		member = "staff_id";
	else
		return false;
	member = ps_v1_rows_cell(&data->rows[forms[table].kind], row,
	    ps_v1_def_member(forms[table].kind, member));
	return member[0] == '\0' || strcmp(member, "0") == 0;
}

void
ps_v1_cells_end(struct ps_v1_maker *maker)
{
	int t;

	for (t = 0; t < TABLES; t++)
		key_index_free(&maker->by_dcid[t]);
}
