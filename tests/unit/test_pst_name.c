#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "grades/pst_name.h"
#include "scoresheets.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DAY "\xe6\x97\xa5" /* three bytes */

static void
a_file_is_named_after_section_and_assignment(void **state)
{
	static const struct {
		const char *section, *name, *want;
	} cases[] = {
		{ "BIO1-02", "Cell Quiz", "BIO1-02_CellQuiz_pst.csv" },
		{ "BIO1-02", "Lab 3, part \"B\"", "BIO1-02_Lab3partB_pst.csv" },
		{ "9A", "Unit 1 Formative Assessment",
		    "9A_Unit1FormativeAs_pst.csv" },
		{ "9A", "a/b\\c:d*e?f<g>h|i\x01",
		    "9A_a_b_c_d_e_f_g_h__pst.csv" },
		{ "9A", "../../etc/passwd", "9A_.._.._etc_passwd_pst.csv" },
		{ "Period 1/2", "x", "Period 1_2_x_pst.csv" },
		{ " . ", "x", "section_x_pst.csv" },
		{ "..", "", "section__pst.csv" },
		{ ".a", "x", "_.a_x_pst.csv" },
		{ "nul.1", "x", "nul_.1_x_pst.csv" },
		{ "CON", "x", "CON__x_pst.csv" },
		{ "COM\xc2\xb9", "x", "COM\xc2\xb9__x_pst.csv" },
		{ "console", "x", "console_x_pst.csv" },
		{ "A",
		    DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY
			DAY DAY "\xe2\x80\xae",
		    "A_" DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY DAY
			DAY DAY "_pst.csv" },
		{ "A",
		    "\xe2\x80\xae"
		    "a\xc2\xa0 b\t",
		    "A_ab_pst.csv" },
	};
	const struct scoresheet *one;
	struct scoresheet sheet;
	size_t i;
	char *file;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		sheet = scoresheet_with(NULL, 0);
		sheet.section = cases[i].section;
		sheet.name = cases[i].name;
		one = &sheet;
		pst_name_files(&one, 1, &file);
		assert_string_equal(file, cases[i].want);
		free(file);
	}
}

static void
names_alike_without_case_have_the_assignment_s_id(void **state)
{
	static const struct {
		const char *id, *name, *want;
	} cases[] = {
		{ "70", "Unit 1 Formative Assignment",
		    "CHEM-04_Unit1FormativeAs_70_pst.csv" },
		{ "9", "Unit 1 Formative Assessment",
		    "CHEM-04_Unit1FormativeAs_pst.csv" },
		{ "10000000000000071", "unit 1 formative asks",
		    "CHEM-04_unit1formativeas_10000000000000071_pst.csv" },
		{ "72", "Caf\xc3\xa9", "CHEM-04_Caf\xc3\xa9_pst.csv" },
		{ "73", "Cafe\xcc\x81", "CHEM-04_Cafe\xcc\x81_73_pst.csv" },
		{ "74", "Quiz_76", "CHEM-04_Quiz_76_pst.csv" },
		{ "75", "Quiz", "CHEM-04_Quiz_pst.csv" },
		{ "76", "QUIZ", "CHEM-04_QUIZ_76_2_pst.csv" },
	};
	const struct scoresheet *sheets[COUNT(cases)];
	struct scoresheet all[COUNT(cases)];
	char *files[COUNT(cases)];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		all[i] = scoresheet_with(NULL, 0);
		all[i].assignment_id = cases[i].id;
		all[i].name = cases[i].name;
		sheets[i] = &all[i];
	}
	pst_name_files(sheets, COUNT(cases), files);
	for (i = 0; i < COUNT(cases); i++) {
		assert_string_equal(files[i], cases[i].want);
		free(files[i]);
	}
}

static void
each_section_has_a_folder_of_its_own(void **state)
{
	static const struct {
		const char *section, *id, *want;
	} cases[] = {
		{ "Period 1", "5", "Period 1" },
		{ "PERIOD 1", "6", "PERIOD 1_6" },
		{ "Aux", "7", "Aux_" },
		{ "a. ", "8", "a" },
		{ "a", "9", "a_9" },
		{ "", "10", "section" },
		{ "0123456789012345678901234567890123456789", "11",
		    "012345678901234567890123456789012345" },
	};
	struct pst_names names = { 0 };
	char *folder;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		folder = pst_name_folder(&names, cases[i].section, cases[i].id);
		assert_string_equal(folder, cases[i].want);
		free(folder);
	}
	pst_names_free(&names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_named_after_section_and_assignment),
		cmocka_unit_test(
		    names_alike_without_case_have_the_assignment_s_id),
		cmocka_unit_test(each_section_has_a_folder_of_its_own),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
