#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "grades/pst_fill.h"
#include "scoresheets.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HEAD(points, type)                                                     \
	"Teacher Name:,Kim Orchard,\nClass:,Chemistry,\n"                      \
	"Assignment Name:,Acids Quiz,\nDue Date:,2026-10-09,\n"                \
	"Points Possible:," points ",\nExtra Points:,0.0,\nScore Type:," type  \
	",\nStudent Num,Student Name,Score\n"

static const char *const kinds[] = {
	[PST_NO_ROW] = "no-row",
	[PST_NO_SCORE] = "no-score",
	[PST_NOT_IN_CANVAS] = "not-in-canvas",
	[PST_NAME_DIFFERS] = "name",
	[PST_SCORE_REPLACED] = "replaced",
	[PST_ROW_REPEATED] = "row-repeated",
	[PST_STUDENT_REPEATED] = "student-repeated",
	[PST_ROW_MISSHAPEN] = "misshapen",
	[PST_NO_PERCENT] = "no-percent",
	[PST_NOT_IN_SCALE] = "not-in-scale",
	[PST_POINTS_DIFFER] = "points",
};

/* One line for a note: kind line number was>now; */
static void
take_note(void *arg, const struct pst_note *note)
{
	buf_printf(arg, "%s %u %s %s>%s;", kinds[note->kind], note->line,
	    note->student_number, note->was, note->now);
}

/* Fills a text and compares bytes and notes. */
static void
assert_filled(const char *text, const struct scoresheet *sheet,
    const char *const *scale, const char *want, const char *want_notes)
{
	struct buf out = { 0 }, notes = { 0 };
	struct pst_template *pst;
	struct err err = { 0 };
	size_t changed;

	pst = pst_template_parse("x.csv", text, strlen(text), &err);
	assert_non_null(pst);
	changed = pst_fill(pst, sheet, scale, &out, take_note, &notes);
	assert_string_equal(buf_str(&out), want);
	assert_string_equal(buf_str(&notes), want_notes);
	assert_int_equal(changed == 0, strcmp(text, want) == 0);
	pst_template_free(pst);
	buf_free(&out);
	buf_free(&notes);
}

static void
only_score_cells_change(void **state)
{
	static const char head[] = HEAD("20.0", "POINTS");
	struct scoresheet_row rows[] = {
		SCORE("200744", "Hale, Rob", "0"),
		SCORE("200711", "Egan, Tove", "18.5"),
		SCORE("200722", "Faro, Nils", "22"),
		SCORE("200733", "Gil, Ana-Rosa", ""),
		CODE("200755", "Ito, Ken", "EX,1"),
	};
	struct scoresheet sheet = scoresheet_with(rows, COUNT(rows));
	char text[1024], want[1024];

	(void)state;
	snprintf(text, sizeof(text), "\xef\xbb\xbf%s%s", head,
	    "200711,\"Egan, Tove\",\r\n\n"
	    " 200722 ,\"Faro, Nils\",\"\"\n"
	    "200733,\"Gil, Ana-Rosa\",\n"
	    "200744,\"Hale, Rob\",\"7\"\n"
	    "200755,\"Ito, Ken\",");
	snprintf(want, sizeof(want), "\xef\xbb\xbf%s%s", head,
	    "200711,\"Egan, Tove\",18.5\r\n\n"
	    " 200722 ,\"Faro, Nils\",22\n"
	    "200733,\"Gil, Ana-Rosa\",\n"
	    "200744,\"Hale, Rob\",0\n"
	    "200755,\"Ito, Ken\",\"EX,1\"");
	assert_filled(text, &sheet, NULL, want,
	    "no-score 12 200733 >;replaced 13 200744 7>0;");
}

static void
rows_and_students_without_each_other_are_told(void **state)
{
	static const char text[] = HEAD("10.0",
	    "POINTS") "1,Ann Bo,5\n2,Cid Dee,\n3,Eve Fay,\n3,Eve Fay,\n4,Gus Hu\n"
		      "6,Ida Jo,\n7,Kai Lu,9\n";
	struct scoresheet_row rows[] = {
		SCORE("1", "Bo, Ann", "5.00"),
		SCORE("2", "Dee, Cyd", "6"),
		SCORE("3", "Fay, Eve", "7"),
		SCORE("4", "Hu, Gus", "8"),
		SCORE("5", "Mo, Nia", "9"),
		SCORE("55", "Pi, Oz", ""),
		SCORE("6", "Jo, Ida", "1"),
		SCORE("6", "Jo, Ira", "2"),
	};
	struct scoresheet sheet = scoresheet_with(rows, COUNT(rows));

	(void)state;
	assert_filled(text, &sheet, NULL,
	    HEAD("10.0",
		"POINTS") "1,Ann Bo,5\n2,Cid Dee,6\n3,Eve Fay,\n3,Eve Fay,\n4,Gus Hu\n"
			  "6,Ida Jo,\n7,Kai Lu,9\n",
	    "points 0  10.0>20.0;name 10 2 >;row-repeated 11 3 >;"
	    "row-repeated 12 3 >;misshapen 13 4 >;student-repeated 14 6 >;"
	    "not-in-canvas 15 7 >;no-row 0 4 >8;no-row 0 5 >9;");
}

static void
names_are_compared_without_case_and_order(void **state)
{
	static const struct {
		const char *template, *canvas;
		bool differs;
	} cases[] = {
		{ "Robin ALDERN", "Aldern, Robin", false },
		{ "\"Cho, Min-Ji\"", "Min-Ji Cho", false },
		{ "", "Cho, Min-Ji", false },
		{ "Ren\xc3\xa9 B", "b, Rene\xcc\x81", false },
		{ "Ren\xe9 B", "B, Ren\xc3\xa9", false },
		{ "Ann Lee", "Lee, Anne", true },
		{ "Ann Lee", "Lee, Ann Marie", true },
		{ "Ann Ann Lee", "Lee, Lee, Ann", true },
	};
	struct scoresheet_row row = SCORE("1", "", "7");
	struct scoresheet sheet = scoresheet_with(&row, 1);
	char text[512], want[512];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		row.student_name = cases[i].canvas;
		snprintf(text, sizeof(text), "%s1,%s,\n", HEAD("20", "POINTS"),
		    cases[i].template);
		snprintf(want, sizeof(want), "%s1,%s,7\n", HEAD("20", "POINTS"),
		    cases[i].template);
		assert_filled(text, &sheet, NULL, want,
		    cases[i].differs ? "name 9 1 >;" : "");
	}
}

static void
percentages_are_of_the_exact_score_half_up(void **state)
{
	static const struct {
		const char *score, *exact, *points, *want;
	} cases[] = {
		{ "14", "14", "15", "93.33" },
		{ "15", "15", "15", "100" },
		{ "14", "13.995", "15", "93.3" },
		{ "0", "0", "15", "0" },
		{ "22", "22", "20", "110" },
		{ "0.01", "0.00745", "1", "0.75" },
		{ "8.33", "8.333333333333334", "10", "83.33" },
		{ "1", "1", "33.333", "3" },
		{ "-1", "-1", "8", "-12.5" },
	};
	struct scoresheet_row row = SCORE("1", "A", "");
	struct scoresheet sheet = scoresheet_with(&row, 1);
	char want[512];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		row.score = cases[i].score;
		row.exact_score = cases[i].exact;
		sheet.exact_points = cases[i].points;
		snprintf(want, sizeof(want), "%s1,A,%s\n",
		    HEAD("15.0", "PERCENT"), cases[i].want);
		assert_filled(
		    HEAD("15.0", "PERCENT") "1,A,\n", &sheet, NULL, want, "");
	}
	sheet.exact_points = "0";
	assert_filled(HEAD("15.0", "PERCENT") "1,A,3\n", &sheet, NULL,
	    HEAD("15.0", "PERCENT") "1,A,3\n", "no-percent 9 1 >-1;");
	row.score = "MIS";
	row.exact_score = "";
	assert_filled(HEAD("15.0", "PERCENT") "1,A,\n", &sheet, NULL,
	    HEAD("15.0", "PERCENT") "1,A,MIS\n", "");
}

static void
a_grade_scale_takes_its_own_grades_alone(void **state)
{
	static const char *const numerals[] = { "1", "2", "3", "4", NULL };
	static const char *const letters[] = { "A", "A-", "4.5", NULL };
	static const struct {
		const char *score, *grade;
		const char *const *scale;
		const char *want, *note;
	} cases[] = {
		{ "4", "", NULL, "4", "" },
		{ "4.5", "", NULL, "", "not-in-scale 9 1 >4.5;" },
		{ "92.5", "A-", NULL, "A-", "" },
		{ "4", "", numerals, "4", "" },
		{ "5", "", numerals, "", "not-in-scale 9 1 >5;" },
		{ "92.5", "A-", letters, "A-", "" },
		{ "92.5", "B", letters, "", "not-in-scale 9 1 >B;" },
		{ "4.5", "B", letters, "4.5", "" },
		{ "92.5", "a-", letters, "", "not-in-scale 9 1 >a-;" },
	};
	struct scoresheet_row row = SCORE("1", "A", "");
	struct scoresheet sheet = scoresheet_with(&row, 1);
	char want[512];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		row.score = row.exact_score = cases[i].score;
		row.grade = cases[i].grade;
		snprintf(want, sizeof(want), "%s1,A,%s\n",
		    HEAD("7.0", "GRADESCALE"), cases[i].want);
		assert_filled(HEAD("7.0", "GRADESCALE") "1,A,\n", &sheet,
		    cases[i].scale, want, cases[i].note);
	}
	row.score = "ABS";
	row.exact_score = "";
	assert_filled(HEAD("7.0", "GRADESCALE") "1,A,\n", &sheet, numerals,
	    HEAD("7.0", "GRADESCALE") "1,A,ABS\n", "");
}

static void
nothing_goes_into_a_collected_template(void **state)
{
	struct scoresheet_row rows[] = { SCORE("1", "A", "7"),
		SCORE("2", "B", "8") };
	struct scoresheet sheet = scoresheet_with(rows, COUNT(rows));

	(void)state;
	assert_filled(HEAD("7.0", "COLLECTED") "1,A,\n", &sheet, NULL,
	    HEAD("7.0", "COLLECTED") "1,A,\n", "no-row 0 2 >8;");
}

static void
a_second_fill_changes_nothing(void **state)
{
	struct scoresheet_row rows[] = { SCORE("1", "A", "7.5") };
	struct scoresheet sheet = scoresheet_with(rows, COUNT(rows));

	(void)state;
	assert_filled(HEAD("20.0", "POINTS") "1,A,\"7.50\"\n", &sheet, NULL,
	    HEAD("20.0", "POINTS") "1,A,\"7.50\"\n", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_score_cells_change),
		cmocka_unit_test(rows_and_students_without_each_other_are_told),
		cmocka_unit_test(names_are_compared_without_case_and_order),
		cmocka_unit_test(percentages_are_of_the_exact_score_half_up),
		cmocka_unit_test(a_grade_scale_takes_its_own_grades_alone),
		cmocka_unit_test(nothing_goes_into_a_collected_template),
		cmocka_unit_test(a_second_fill_changes_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
