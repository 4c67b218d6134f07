#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "grades/powerteacher.h"
#include "scoresheets.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
assert_text(struct buf *out, const char *want)
{
	assert_string_equal(buf_str(out), want);
	assert_int_equal(out->len, strlen(want));
	out->len = 0;
}

static void
scores_have_the_template_s_layout_to_the_byte(void **state)
{
	struct scoresheet_row rows[] = {
		SCORE("200711", "Egan, Tove", "18.5"),
		SCORE("200722", "Faro, Nils", "22"),
		SCORE("200733", "Gil, Ana-Rosa", ""),
		SCORE("200744", "Rob HALE", "0"),
		CODE("200755", "Ito, Ken", "EX"),
	};
	struct scoresheet sheet = scoresheet_with(rows, COUNT(rows));
	struct buf out = { 0 };

	(void)state;
	powerteacher_scores(&sheet, false, &out);
	assert_text(&out,
	    "Teacher Name:,Kim Orchard,\n"
	    "Class:,Chemistry,\n"
	    "Assignment Name:,Acids Quiz,\n"
	    "Due Date:,2026-10-09,\n"
	    "Points Possible:,20.0,\n"
	    "Extra Points:,2.0,\n"
	    "Score Type:,POINTS,\n"
	    "Student Num,Student Name,Score\n"
	    "200711,\"Egan, Tove\",18.5\n"
	    "200722,\"Faro, Nils\",22\n"
	    "200733,\"Gil, Ana-Rosa\",\n"
	    "200744,Rob HALE,0\n"
	    "200755,\"Ito, Ken\",EX\n");
	buf_free(&out);
}

static void
cells_are_quoted_only_where_they_must_be(void **state)
{
	struct scoresheet_row rows[] = {
		SCORE(" 1 ", "=cmd|' /C calc'!A0", "-1"),
		SCORE("2", "O\"Neil\nX", "1"),
	};
	struct scoresheet sheet = scoresheet_with(rows, COUNT(rows));
	struct buf out = { 0 };

	(void)state;
	sheet.teacher = sheet.due_date = "";
	sheet.class_name = "Chem;1 'a'";
	sheet.name = "Lab 3, part \"B\"";
	powerteacher_scores(&sheet, true, &out);
	assert_text(&out,
	    "Teacher Name:,,\r\n"
	    "Class:,Chem;1 'a',\r\n"
	    "Assignment Name:,\"Lab 3, part \"\"B\"\"\",\r\n"
	    "Due Date:,,\r\n"
	    "Points Possible:,20.0,\r\n"
	    "Extra Points:,2.0,\r\n"
	    "Score Type:,POINTS,\r\n"
	    "Student Num,Student Name,Score\r\n"
	    " 1 ,=cmd|' /C calc'!A0,-1\r\n"
	    "2,\"O\"\"Neil\nX\",1\r\n");
	buf_free(&out);
}

static void
the_assignment_list_has_exactly_its_columns(void **state)
{
	struct scoresheet sheet = scoresheet_with(NULL, 0);
	struct buf out = { 0 };

	(void)state;
	powerteacher_assignments_header(&out);
	powerteacher_assignment(&sheet, &out);
	sheet.description = sheet.scores_file = "";
	sheet.count_in_final_grade = false;
	sheet.name = "Lab 3, part \"B\"";
	powerteacher_assignment(&sheet, &out);
	assert_text(&out,
	    "Section,Canvas Assignment ID,Name,Abbreviation,Description,"
	    "Due Date,Points Possible,Extra Points,Category,Score Type,Weight,"
	    "Count In Final Grade,Scores File\r\n"
	    "CHEM-04,81200,Acids Quiz,AcidsQuz,\"Chapter 7, pages 1-9\","
	    "2026-10-09,20.0,2.0,Quiz,POINTS,1.0,1,"
	    "CHEM-04_AcidsQuiz_pst.csv\r\n"
	    "CHEM-04,81200,\"Lab 3, part \"\"B\"\"\",AcidsQuz,,"
	    "2026-10-09,20.0,2.0,Quiz,POINTS,1.0,0,\r\n");
	buf_free(&out);
}

static void
the_status_list_has_rows_with_a_flag_or_a_note_alone(void **state)
{
	struct scoresheet_row rows[] = {
		SCORE("1", "A, A", "1"),
		SCORE("2", "B, B", "22"),
		SCORE("3", "C, C", ""),
		SCORE("4", "D, D", ""),
		SCORE("5", "E, E", "5"),
	};
	struct scoresheet sheet = scoresheet_with(rows, COUNT(rows));
	struct buf out = { 0 };

	(void)state;
	rows[1].late = rows[1].collected = true;
	rows[1].note = "score above points possible";
	rows[2].exempt = true;
	rows[3].missing = true;
	rows[4].note = "late, by a day";
	powerteacher_status_header(&out);
	powerteacher_status(&sheet, &out);
	assert_text(&out,
	    "Section,Canvas Assignment ID,Assignment Name,Student Num,"
	    "Student Name,Score,Late,Missing,Exempt,Collected,Note\r\n"
	    "CHEM-04,81200,Acids Quiz,2,\"B, B\",22,1,0,0,1,"
	    "score above points possible\r\n"
	    "CHEM-04,81200,Acids Quiz,3,\"C, C\",,0,0,1,0,\r\n"
	    "CHEM-04,81200,Acids Quiz,4,\"D, D\",,0,1,0,0,\r\n"
	    "CHEM-04,81200,Acids Quiz,5,\"E, E\",5,0,0,0,0,"
	    "\"late, by a day\"\r\n");
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores_have_the_template_s_layout_to_the_byte),
		cmocka_unit_test(cells_are_quoted_only_where_they_must_be),
		cmocka_unit_test(the_assignment_list_has_exactly_its_columns),
		cmocka_unit_test(
		    the_status_list_has_rows_with_a_flag_or_a_note_alone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
