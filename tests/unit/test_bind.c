#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rows.h"
#include "base/buf.h"
#include "base/date.h"
#include "roster/finding.h"

/* What matching a header gives: "" or the message. */
struct verdict {
	const char *file;
	struct err err;
	struct binder binder;
};

static int
match_header(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct verdict *verdict;
	struct roster *roster;
	int rc;

	(void)line;
	verdict = arg;
	roster = roster_new();
	rc = bind_header(&verdict->binder, feed_of_file(verdict->file), roster,
	    verdict->file, cells, ncells, &verdict->err);
	assert_int_equal(rc, verdict->err.code == EXIT_DONE ? 0 : -1);
	roster_free(roster);
	return -1;
}

static void
a_header_that_lacks_or_repeats_a_column_is_refused(void **state)
{
	static const struct {
		const char *file, *header, *msg; /* NULL: it is good */
	} cases[] = {
		{ "schools.csv", "school_number,name\n", NULL },
		{ "schools.csv", "Name,principal,School Number\n", NULL },
		{ "schools.csv", "[39]name,SCHOOLS.school_number\n", NULL },
		{ "schools.csv", "school_number,nane\n",
		    "schools.csv:1:1: the"
		    " column name is missing (the nearest header is \"nane\");"
		    " nothing was published" },
		{ "schools.csv", "school_number\n",
		    "schools.csv:1:1: the"
		    " column name is missing; nothing was published" },
		{ "schools.csv", "x\n",
		    "schools.csv:1:1: the column"
		    " school_number is missing; nothing was published" },
		{ "schools.csv", "school_number,[2]name\n",
		    "schools.csv:1:1:"
		    " the column name is missing; nothing was published" },
		{ "schools.csv", "school_number,name,Name\n",
		    "schools.csv:1:1: the column name is there twice; nothing"
		    " was published" },
		/* Twice a column that nobody reads does no harm. */
		{ "schools.csv", "school_number,name,x,x,,\n", NULL },
		{ "cc.csv", "studentid,sectionid,dateenrolled,dateleft\n",
		    NULL },
		{ "cc.csv",
		    "studentid,sectionid,dateenrolled,dateleft,id,"
		    "cc.ID\n",
		    "cc.csv:1:1: the column id is there twice;"
		    " nothing was published" },
		/* The rows of a schedule come and go with the term. */
		{ "student_schedules.csv", "studentid,sectionid\n", NULL },
		{ "teachers.csv",
		    "id,teachernumber,first_name,last_name,"
		    "schoolid\n",
		    NULL },
		{ "teachers.csv", "id,first_name,last_name,schoolid\n",
		    "teachers.csv:1:1: the column teachernumber is missing;"
		    " nothing was published" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct verdict verdict = { .file = cases[i].file };

		rows_each(cases[i].header, match_header, &verdict, -1);
		assert_string_equal(
		    verdict.err.msg, cases[i].msg == NULL ? "" : cases[i].msg);
		if (cases[i].msg == NULL)
			continue;
		assert_int_equal(verdict.err.code, EXIT_SOURCE);
		assert_true(strlen(verdict.err.hint) > 10);
	}
}

/* Behind so many columns a 16-bit number would begin again at 0. */
static void
a_column_behind_65535_others_is_read_or_refused(void **state)
{
	struct verdict verdict = { .file = "schools.csv" };
	struct buf header = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 65536; i++)
		buf_addc(&header, ',');
	buf_adds(&header, "school_number,name\n");
	rows_each(buf_str(&header), match_header, &verdict, -1);
	buf_free(&header);
	if (verdict.err.code == EXIT_DONE) {
		assert_int_equal(verdict.binder.cells[0], 65536);
		assert_int_equal(verdict.binder.cells[1], 65537);
	}
}

static void
columns_are_found_wherever_they_stand(void **state)
{
	static const struct export exports[] = {
		{ "schools.csv", "x,name,y,school_number\n1,Alder,2,100\n" },
		{ "schools-2.csv", "school_number,name\n200,Birch\n" }, { 0 }
	};
	struct roster *roster;

	(void)state;
	roster = roster_new();
	rows_read(roster, exports);
	rows_assert_cell(roster, T_SCHOOL, SCHOOL_NUMBER, 0, "100");
	rows_assert_cell(roster, T_SCHOOL, SCHOOL_NAME, 0, "Alder");
	rows_assert_cell(roster, T_SCHOOL, SCHOOL_NUMBER, 1, "200");
	rows_assert_cell(roster, T_SCHOOL, SCHOOL_NAME, 1, "Birch");
	assert_int_equal(roster->tables[T_SCHOOL].nrows, 2);
	roster_free(roster);
}

static void
a_column_that_only_one_file_has_is_blank_in_the_others(void **state)
{
	static const struct export exports[] = {
		{ "sectionteacher.csv", "sectionid,teacherid\n1,2\n" },
		{ "sectionteacher-2.csv",
		    "sectionid,teacherid,roleid,"
		    "end_date\n3,4,5,2026-11-23\n" },
		{ "sectionteacher-3.csv", "sectionid,teacherid\n6,7\n" }, { 0 }
	};
	const struct table *table;
	struct roster *roster;

	(void)state;
	roster = roster_new();
	rows_read(roster, exports);
	table = &roster->tables[T_SECTIONTEACHER];
	rows_assert_cell(
	    roster, T_SECTIONTEACHER, SECTIONTEACHER_ROLEID, 0, "");
	rows_assert_cell(
	    roster, T_SECTIONTEACHER, SECTIONTEACHER_ROLEID, 1, "5");
	rows_assert_cell(
	    roster, T_SECTIONTEACHER, SECTIONTEACHER_ROLEID, 2, "");
	assert_int_equal(
	    table_date(table, SECTIONTEACHER_END_DATE, 0), DATE_BLANK);
	assert_int_equal(table_date(table, SECTIONTEACHER_END_DATE, 1),
	    date_of(2026, 11, 23));
	assert_int_equal(
	    table_date(table, SECTIONTEACHER_END_DATE, 2), DATE_BLANK);
	assert_int_equal(
	    table_date(table, SECTIONTEACHER_START_DATE, 1), DATE_BLANK);
	roster_free(roster);
}

static void
a_minus_sign_is_flagged_and_taken_off_an_id(void **state)
{
	static const struct export exports[] = {
		{ "cc.csv",
		    "studentid,sectionid,termid,dateenrolled,"
		    "dateleft\n7,41,3600,,\n7,-41,3600,,\n-7,41,-3600,,\n"
		    "7, -41 ,3600,,\n7,-,3600,,\n7,-x,3600,,\n7,--4,3600,,\n"
		    "7,-041,3600,,\n7,-0,3600,,\n" },
		{ 0 }
	};
	static const char *const ids[] = { "41", "41", "41", "41", "-", "x",
		"-4", "041", "0" };
	static const bool minus[] = { false, true, true, true, false, true,
		true, true, true };
	struct roster *roster;
	uint32_t row;

	(void)state;
	roster = roster_new();
	rows_read(roster, exports);
	for (row = 0; row < 9; row++) {
		rows_assert_cell(roster, T_CC, CC_SECTIONID, row, ids[row]);
		assert_int_equal(
		    !!(roster->tables[T_CC].flags[row] & ROW_MINUS),
		    minus[row]);
	}
	rows_assert_cell(roster, T_CC, CC_STUDENTID, 2, "-7");
	rows_assert_cell(roster, T_CC, CC_TERMID, 2, "3600");
	roster_free(roster);
}

/* One column of dates, in this order, for a reader may remember some. */
static const struct {
	const char *text;
	const char *want; /* "?": bad */
	unsigned rules;	  /* of its marks, 1 << rule */
} dates[] = {
	{ "2026-11-23", "2026-11-23", 0 },
	{ "2026-11-23", "2026-11-23", 0 },
	{ "2026-11-2", "?", 1 << RULE_SRC_DATE },
	{ "2026-11-2", "?", 1 << RULE_SRC_DATE },
	{ "2026-11-23", "2026-11-23", 0 },
	{ "", "", 0 },
	{ "", "", 0 },
	{ "0/0/0", "", 0 },
	{ "11/23/2026", "2026-11-23", 0 },
	{ " 11/23/2026 ", "2026-11-23", 0 },
	{ "11&#47;23/2026", "2026-11-23", 1 << RULE_SRC_ENTITY },
	{ "11&#47;23/2026", "2026-11-23", 1 << RULE_SRC_ENTITY },
	{ "11/23/2026\x01", "2026-11-23", 1 << RULE_SRC_CONTROL },
	{ "\u00a0", "", 0 },
	{ "2026-11-23T07:05:09.123456Z", "2026-11-23", 0 },
	{ "2026-11-24T07:05:09.123456Z", "2026-11-24", 0 },
	{ "2026-11-24T07:05:09.123456Z", "2026-11-24", 0 },
	{ "2026-11-24", "2026-11-24", 0 },
	{ "x\x01&amp;", "?",
	    1 << RULE_SRC_DATE | 1 << RULE_SRC_CONTROL | 1 << RULE_SRC_ENTITY },
	{ "2026-11-24", "2026-11-24", 0 },
};

static void
dates_are_read_each_for_itself(void **state)
{
	const size_t n = sizeof(dates) / sizeof(dates[0]);
	struct export exports[] = { { "cc.csv", NULL }, { 0 } };
	unsigned marked[sizeof(dates) / sizeof(dates[0])] = { 0 };
	struct buf text = { 0 };
	char got[DATE_TEXT_SIZE];
	struct roster *roster;
	const struct table *table;
	uint32_t row;
	int32_t date;
	size_t i;

	(void)state;
	buf_adds(&text, "studentid,sectionid,dateenrolled,dateleft\n");
	for (i = 0; i < n; i++)
		buf_printf(&text, "7,8,%s,2027-06-01\n", dates[i].text);
	exports[0].text = buf_str(&text);
	roster = roster_new();
	rows_read(roster, exports);
	table = &roster->tables[T_CC];
	for (i = 0; i < table->nmarks; i++) {
		assert_int_equal(table->marks[i].field, CC_DATEENROLLED);
		marked[table->marks[i].row] |= 1U << table->marks[i].rule;
	}
	for (row = 0; row < n; row++) {
		date = table_date(table, CC_DATEENROLLED, row);
		if (date != DATE_BAD)
			date_format(date, got);
		assert_string_equal(
		    date == DATE_BAD ? "?" : got, dates[row].want);
		assert_int_equal(marked[row], dates[row].rules);
		assert_int_equal(
		    !!(table->flags[row] & ROW_MARKED), dates[row].rules != 0);
		assert_int_equal(
		    table_date(table, CC_DATELEFT, row), date_of(2027, 6, 1));
	}
	buf_free(&text);
	roster_free(roster);
}

static void
a_bad_date_that_is_not_needed_is_blank(void **state)
{
	static const struct export exports[] = {
		{ "sectionteacher.csv",
		    "sectionid,teacherid,end_date\n1,2,soon\n" },
		{ 0 }
	};
	const struct table *table;
	struct roster *roster;

	(void)state;
	roster = roster_new();
	rows_read(roster, exports);
	table = &roster->tables[T_SECTIONTEACHER];
	assert_int_equal(
	    table_date(table, SECTIONTEACHER_END_DATE, 0), DATE_BLANK);
	assert_int_equal(table->nmarks, 1);
	assert_int_equal(table->marks[0].rule, RULE_SRC_DATE);
	assert_int_equal(table->marks[0].field, SECTIONTEACHER_END_DATE);
	roster_free(roster);
}

static void
texts_and_numbers_are_cleaned_alike(void **state)
{
	static const struct export exports[] = {
		{ "schools.csv",
		    "school_number,name\n 100 ,Al&eacute;\n100,100\n0100,0\n"
		    "&#49;00,\u00a0\n1\x01"
		    "00,-1\n2147483647,999999999\n"
		    "2147483648,12345678901\n" },
		{ 0 }
	};
	static const char *const wants[][2] = { { "100", "Al\u00e9" },
		{ "100", "100" }, { "0100", "0" }, { "100", "" },
		{ "100", "-1" }, { "2147483647", "999999999" },
		{ "2147483648", "12345678901" } };
	struct roster *roster;
	uint32_t row;

	(void)state;
	roster = roster_new();
	rows_read(roster, exports);
	for (row = 0; row < 7; row++) {
		rows_assert_cell(
		    roster, T_SCHOOL, SCHOOL_NUMBER, row, wants[row][0]);
		rows_assert_cell(
		    roster, T_SCHOOL, SCHOOL_NAME, row, wants[row][1]);
		/* However it was read, equal text is an equal sym. */
		assert_int_equal(
		    table_sym(&roster->tables[T_SCHOOL], SCHOOL_NUMBER, row).id,
		    rows_sym(roster, wants[row][0]).id);
	}
	assert_int_equal(roster->tables[T_SCHOOL].nmarks, 3);
	roster_free(roster);
}

static void
a_row_of_teachers_is_a_user_and_a_schoolstaff_row(void **state)
{
	static const struct export exports[] = {
		{ "teachers.csv",
		    "id,teachernumber,first_name,last_name,schoolid,status\n"
		    "31,T9,Ann,Ash,100,1\n" },
		{ 0 }
	};
	struct roster *roster;

	(void)state;
	roster = roster_new();
	rows_read(roster, exports);
	rows_assert_cell(roster, T_USER, USER_DCID, 0, "T9");
	rows_assert_cell(roster, T_USER, USER_LAST_NAME, 0, "Ash");
	rows_assert_cell(roster, T_SCHOOLSTAFF, SCHOOLSTAFF_ID, 0, "31");
	rows_assert_cell(
	    roster, T_SCHOOLSTAFF, SCHOOLSTAFF_USERS_DCID, 0, "T9");
	rows_assert_cell(roster, T_SCHOOLSTAFF, SCHOOLSTAFF_SCHOOLID, 0, "100");
	assert_int_equal(roster->tables[T_USER].nrows, 1);
	assert_int_equal(roster->tables[T_SCHOOLSTAFF].nrows, 1);
	roster_free(roster);
}

static void
a_row_of_a_schedule_says_so(void **state)
{
	static const struct export exports[] = {
		{ "student_schedules.csv", "studentid,sectionid\n7,-41\n" },
		{ "cc.csv",
		    "studentid,sectionid,dateenrolled,dateleft\n"
		    "7,41,8/1/2026,6/1/2027\n" },
		{ 0 }
	};
	struct roster *roster;

	(void)state;
	roster = roster_new();
	rows_read(roster, exports);
	assert_int_equal(
	    roster->tables[T_CC].flags[0], ROW_SCHEDULE | ROW_MINUS);
	assert_int_equal(roster->tables[T_CC].flags[1], 0);
	assert_int_equal(
	    table_date(&roster->tables[T_CC], CC_DATELEFT, 0), DATE_BLANK);
	roster_free(roster);
}

/* Reads rows until one is ragged; 0 cells: none was. */
static size_t
ragged_cells(const char *rows, bool ragged)
{
	struct verdict verdict = { .file = "schools.csv" };
	struct batch batch;
	struct roster *roster;
	size_t wrong;

	rows_each("school_number,name,x\n", match_header, &verdict, -1);
	roster = roster_new();
	batch = (struct batch){ .binder = &verdict.binder,
		.intern = roster->intern };
	rows_each(rows, bind_record, &batch, ragged ? -1 : 0);
	wrong = batch.wrong_cells;
	batch_free(&batch);
	roster_free(roster);
	return wrong;
}

static void
a_row_with_more_or_fewer_cells_than_the_header_stops(void **state)
{
	(void)state;
	assert_int_equal(ragged_cells("1,a,b\n2,a,b\n", false), 0);
	assert_int_equal(ragged_cells("1,a,b\n2,a\n", true), 2);
	assert_int_equal(ragged_cells("1,a,b,\n", true), 4);
	assert_int_equal(ragged_cells("1\n", true), 1);
	assert_int_equal(ragged_cells("  \n", true), 1);
	assert_int_equal(ragged_cells("1,a,b\n\n\n2,a,b\n", false), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_header_that_lacks_or_repeats_a_column_is_refused),
		cmocka_unit_test(
		    a_column_behind_65535_others_is_read_or_refused),
		cmocka_unit_test(columns_are_found_wherever_they_stand),
		cmocka_unit_test(
		    a_column_that_only_one_file_has_is_blank_in_the_others),
		cmocka_unit_test(a_minus_sign_is_flagged_and_taken_off_an_id),
		cmocka_unit_test(dates_are_read_each_for_itself),
		cmocka_unit_test(a_bad_date_that_is_not_needed_is_blank),
		cmocka_unit_test(texts_and_numbers_are_cleaned_alike),
		cmocka_unit_test(
		    a_row_of_teachers_is_a_user_and_a_schoolstaff_row),
		cmocka_unit_test(a_row_of_a_schedule_says_so),
		cmocka_unit_test(
		    a_row_with_more_or_fewer_cells_than_the_header_stops),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
