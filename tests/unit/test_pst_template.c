#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "grades/pst_template.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HEAD(type)                                                             \
	"Teacher Name:,Kim Orchard,\nClass:,Chemistry,\n"                      \
	"Assignment Name:,\"Lab 3, part \"\"B\"\"\",\nDue Date:,2026-10-09,\n" \
	"Points Possible:,20.0,\nExtra Points:,0.0,\nScore Type:," type ",\n"
#define COLUMNS "Student Num,Student Name,Score\n"

static struct pst_template *
parse(const char *text)
{
	struct pst_template *pst;
	struct err err = { 0 };

	pst = pst_template_parse("x.csv", text, strlen(text), &err);
	assert_non_null(pst);
	assert_int_equal(err.code, EXIT_DONE);
	assert_int_equal(pst->bytes.len, strlen(text));
	assert_memory_equal(pst->bytes.data, text, strlen(text));
	return pst;
}

static void
assert_cell(const struct pst_template *pst, size_t row, const char *bytes)
{
	size_t len;

	len = pst->rows[row].to - pst->rows[row].from;
	assert_int_equal(len, strlen(bytes));
	assert_memory_equal(pst->bytes.data + pst->rows[row].from, bytes, len);
}

static void
a_template_says_what_its_lines_say(void **state)
{
	struct pst_template *pst;

	(void)state;
	pst = parse(HEAD("POINTS") COLUMNS
	    "200711,\"Egan, Tove\",\n 200722 ,Nils FARO,\"18.5\"\n");
	assert_string_equal(pst->values[PST_TEACHER_NAME], "Kim Orchard");
	assert_string_equal(pst->values[PST_CLASS], "Chemistry");
	assert_string_equal(
	    pst->values[PST_ASSIGNMENT_NAME], "Lab 3, part \"B\"");
	assert_string_equal(pst->values[PST_DUE_DATE], "2026-10-09");
	assert_string_equal(pst->values[PST_POINTS_POSSIBLE], "20.0");
	assert_string_equal(pst->values[PST_EXTRA_POINTS], "0.0");
	assert_int_equal(pst->type, PST_POINTS);
	assert_int_equal(pst->nrows, 2);
	assert_string_equal(pst->rows[0].student_number, "200711");
	assert_string_equal(pst->rows[0].student_name, "Egan, Tove");
	assert_string_equal(pst->rows[0].score, "");
	assert_int_equal(pst->rows[0].line, 9);
	assert_cell(pst, 0, "");
	assert_string_equal(pst->rows[1].student_number, "200722");
	assert_string_equal(pst->rows[1].score, "18.5");
	assert_cell(pst, 1, "\"18.5\"");
	pst_template_free(pst);
}

static void
files_of_other_systems_are_templates_too(void **state)
{
	static const struct {
		const char *text;
		size_t rows;
	} cases[] = {
		{ "\xef\xbb\xbf" HEAD("points") COLUMNS "1,A B,7", 1 },
		{ "Teacher Name:,K,\r\nClass:,C,\r\nAssignment Name:,Q,\r\n"
		  "Due Date:,2026-10-09,\r\nPoints Possible:,1.0,\r\n"
		  "Extra Points:,0.0,\r\nScore Type:,POINTS,\r\n\r\n"
		  "Student Number,Student Name,Score\r\n1,A B,7\r\n"
		  "2,A B,7\r\n,,\r\n",
		    2 },
		{ "\"Teacher Name:\",K\rClass:,C\rScore Type: , PERCENT \r"
		  "Due Date:,\rPoints Possible:,\rExtra Points:,\r"
		  "Assignment Name:,Q\rScore,Student Name,Student Num\r"
		  "7,A B,1\r",
		    1 },
	};
	struct pst_template *pst;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		pst = parse(cases[i].text);
		assert_int_equal(pst->nrows, cases[i].rows);
		assert_string_equal(pst->rows[0].student_number, "1");
		assert_string_equal(pst->rows[0].student_name, "A B");
		assert_false(pst->rows[0].misshapen);
		assert_cell(pst, 0, "7");
		pst_template_free(pst);
	}
}

static void
rows_that_cannot_be_filled_are_marked(void **state)
{
	struct pst_template *pst;

	(void)state;
	pst = parse(HEAD("COLLECTED") COLUMNS
	    "1,A B,\n2,Brown, Alice,\n3,C D\n,E F,\n4,G H,\n1,A B,1\n");
	assert_int_equal(pst->type, PST_COLLECTED);
	assert_int_equal(pst->nrows, 6);
	assert_true(pst->rows[0].repeated && pst->rows[5].repeated);
	assert_false(pst->rows[0].misshapen);
	assert_true(pst->rows[1].misshapen);
	assert_true(pst->rows[2].misshapen);
	assert_true(pst->rows[3].misshapen);
	assert_false(pst->rows[4].misshapen || pst->rows[4].repeated);
	pst_template_free(pst);
}

static void
a_name_that_is_not_utf8_is_read_as_latin1(void **state)
{
	struct pst_template *pst;

	(void)state;
	pst = parse(HEAD("GRADESCALE") COLUMNS "1,Ren\xe9 B,\n");
	assert_string_equal(pst->rows[0].student_name, "Ren\xc3\xa9 B");
	pst_template_free(pst);
}

static void
what_is_no_template_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char *text, *say;
	} cases[] = {
		{ "", "x.csv:1:1: the line Student Num,Student Name,Score" },
		{ COLUMNS "1,A B,4\n",
		    "x.csv:1:1: the seven lines from Teacher Name: to Score"
		    " Type: are missing, and without them PowerTeacher imports"
		    " 0 scores" },
		{ "Teacher Name:,K,\nClass:,C,\n" COLUMNS,
		    "x.csv:3:1: the line Assignment Name: is missing" },
		{ HEAD("LETTERGRADE") COLUMNS,
		    "x.csv:7:13: the score type is none of POINTS, PERCENT" },
		{ HEAD("POINTS") "Student Num,Student Name\n1,A B\n",
		    "x.csv:8:1: the column Score is missing" },
		{ HEAD("POINTS") "Class:,C,\n" COLUMNS,
		    "x.csv:8:1: the line stands there twice" },
		{ HEAD("POINTS") COLUMNS "1,\"A\" B,4\n",
		    "x.csv:9:6: a quote in a cell" },
		{ HEAD("POINTS") COLUMNS "1,\"A B,4\n",
		    "x.csv:9:3: the quote" },
		{ "Student,ID,Section\nA,1,S\n",
		    "x.csv:2:1: the line Student" },
		{ "<html></html>", "x.csv:1:1: the line Student Num" },
	};
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		err = (struct err){ 0 };
		assert_null(pst_template_parse(
		    "x.csv", cases[i].text, strlen(cases[i].text), &err));
		assert_int_equal(err.code, EXIT_SOURCE);
		if (strncmp(err.msg, cases[i].say, strlen(cases[i].say)) != 0)
			assert_string_equal(err.msg, cases[i].say);
		assert_non_null(strstr(err.msg, "nothing was taken from it"));
		assert_int_not_equal(err.hint[0], '\0');
	}
	err = (struct err){ 0 };
	assert_null(pst_template_parse("x.csv", "P\0K", 3, &err));
	assert_non_null(strstr(err.msg, "x.csv:1:2: a NUL byte"));
}

static void
a_file_that_cannot_be_read_is_a_failure(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(pst_template_read("/nowhere/x.csv", &err));
	assert_int_equal(err.code, EXIT_SOURCE);
	err = (struct err){ 0 };
	assert_null(pst_template_read("/dev/null", &err));
	assert_int_equal(err.code, EXIT_SOURCE);
}

static void
a_template_cut_anywhere_is_refused_or_its_rows_are_whole(void **state)
{
	static const char whole[] = HEAD("POINTS") COLUMNS
	    "200711,\"Egan, Tove\",\"1\"\n200722,Nils FARO,2\n";
	struct pst_template *pst;
	struct err err;
	size_t len, i;

	(void)state;
	for (len = 0; len < strlen(whole); len++) {
		err = (struct err){ 0 };
		pst = pst_template_parse("x.csv", whole, len, &err);
		if (pst == NULL) {
			assert_int_equal(err.code, EXIT_SOURCE);
			continue;
		}
		for (i = 0; i + 1 < pst->nrows; i++)
			assert_string_equal(
			    pst->rows[i].student_number, "200711");
		pst_template_free(pst);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_template_says_what_its_lines_say),
		cmocka_unit_test(files_of_other_systems_are_templates_too),
		cmocka_unit_test(rows_that_cannot_be_filled_are_marked),
		cmocka_unit_test(a_name_that_is_not_utf8_is_read_as_latin1),
		cmocka_unit_test(
		    what_is_no_template_is_refused_with_its_reason),
		cmocka_unit_test(a_file_that_cannot_be_read_is_a_failure),
		cmocka_unit_test(
		    a_template_cut_anywhere_is_refused_or_its_rows_are_whole),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
