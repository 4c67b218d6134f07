#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "grades/naming.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEN "abcdefghi "
#define SMILE "\xf0\x9f\x98\x80" /* two UTF-16 units */

static void
names_free(struct naming *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(names[i].final_name);
		free(names[i].abbreviation);
	}
}

static void
an_abbreviation_keeps_the_starts_of_words(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{ "Cell Quiz", "CellQuiz" },
		{ "Lab 3, part \"B\"", "Lab3PrtB" },
		{ "Unit 1 Formative Assessment", "Unt1FrmA" },
		{ "hw1", "Hw1" },
		{ "Quiz 12", "Quiz12" },
		{ "Newton's laws", "NwtnsLws" },
		{ "essay", "Essay" },
		{ "Photosynthesis", "Phtsynth" },
		{ "a b c d e f g h i j", "ABCDEFGH" },
		{ "MidTermExam", "MdTrmExm" },
		{ "\xc3\xa9tude \xc3\xa0 rendre", "\xc3\x89td\xc3\x80Rndr" },
		{ "\xe6\x97\xa5\xe6\x9c\xac 1",
		    "\xe6\x97\xa5\xe6\x9c\xac"
		    "1" },
		{ "???", "Assgnmnt" },
		{ "", "Assgnmnt" },
	};
	struct naming one;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		one = (struct naming){ "1", cases[i].name, "", NULL, NULL,
			false, false };
		naming_assign(&one, 1);
		assert_string_equal(one.abbreviation, cases[i].want);
		assert_true(
		    utf8_length(one.abbreviation, strlen(one.abbreviation)) <=
		    NAMING_ABBREVIATION);
		names_free(&one, 1);
	}
}

static void
no_two_abbreviations_of_a_section_are_alike(void **state)
{
	struct naming names[] = {
		{ .id = "30", .name = "Cell quiz", .given = "" },
		{ .id = "4", .name = "Cell Quiz", .given = "" },
		{ .id = "200", .name = "Cell quip", .given = "cellqui2" },
		{ .id = "300", .name = "CELL-QUIZ", .given = "" },
	};

	(void)state;
	naming_assign(names, COUNT(names));
	assert_string_equal(names[1].abbreviation, "CellQuiz");
	assert_string_equal(names[2].abbreviation, "cellqui2");
	assert_string_equal(names[0].abbreviation, "CellQui3");
	assert_string_equal(names[3].abbreviation, "CELLQUI4");
	names_free(names, COUNT(names));
}

static void
a_hundred_of_one_name_have_a_hundred_abbreviations(void **state)
{
	struct naming names[120];
	char ids[120][8];
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(names); i++) {
		snprintf(ids[i], sizeof(ids[i]), "%zu", i + 1);
		names[i] = (struct naming){ ids[i], "Cell Quiz", "", NULL, NULL,
			false, false };
	}
	naming_assign(names, COUNT(names));
	assert_string_equal(names[119].abbreviation, "CellQ120");
	for (i = 0; i < COUNT(names); i++) {
		for (k = 0; k < i; k++) {
			assert_string_not_equal(
			    names[i].abbreviation, names[k].abbreviation);
			assert_string_not_equal(
			    names[i].final_name, names[k].final_name);
		}
	}
	names_free(names, COUNT(names));
}

static void
the_oldest_keeps_its_name_and_long_ones_end_in_their_id(void **state)
{
	struct naming names[] = {
		{ .id = "12", .name = "Quiz", .given = "" },
		{ .id = "9", .name = " Quiz\t", .given = "" },
		{ .id = "7",
		    .name = TEN TEN TEN TEN "123456789_",
		    .given = "" },
		{ .id = "10000000000070411",
		    .name = TEN TEN TEN TEN TEN "x",
		    .given = "" },
		{ .id = "8",
		    .name = TEN TEN TEN TEN "1234567" SMILE "_" SMILE,
		    .given = "" },
		{ .id = "70", .name = "a\nb", .given = "" },
		{ .id = "71", .name = "", .given = "" },
		{ .id = "72", .name = "quiz", .given = "" },
		{ .id = "73", .name = "Quiz (12)", .given = "" },
		{ .id = "3", .name = "Quiz (12)", .given = "" },
	};

	(void)state;
	naming_assign(names, COUNT(names));
	assert_string_equal(names[1].final_name, "Quiz");
	assert_false(names[1].was_duplicate);
	assert_string_equal(names[0].final_name, "Quiz (12 2)");
	assert_true(names[0].was_duplicate);
	assert_string_equal(names[2].final_name, TEN TEN TEN TEN "123456789_");
	assert_false(names[2].was_cut);
	assert_string_equal(
	    names[3].final_name, TEN TEN TEN "(10000000000070411)");
	assert_true(names[3].was_cut && !names[3].was_duplicate);
	assert_string_equal(names[4].final_name, TEN TEN TEN TEN "123456 (8)");
	assert_string_equal(names[5].final_name, "a b");
	assert_string_equal(names[6].final_name, "(71)");
	assert_string_equal(names[7].final_name, "quiz");
	assert_string_equal(names[9].final_name, "Quiz (12)");
	assert_string_equal(names[8].final_name, "Quiz (12) (73)");
	names_free(names, COUNT(names));
}

static void
names_do_not_depend_on_the_order(void **state)
{
	static const char *const all[][2] = { { "5", "Quiz" }, { "6", "Quiz" },
		{ "40", "quiz" }, { "100", "Quiz" } };
	struct naming one[COUNT(all)], two[COUNT(all)];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(all); i++) {
		one[i] = (struct naming){ all[i][0], all[i][1], "", NULL, NULL,
			false, false };
		two[COUNT(all) - 1 - i] = one[i];
	}
	naming_assign(one, COUNT(all));
	naming_assign(two, COUNT(all));
	for (i = 0; i < COUNT(all); i++) {
		assert_string_equal(
		    one[i].final_name, two[COUNT(all) - 1 - i].final_name);
		assert_string_equal(
		    one[i].abbreviation, two[COUNT(all) - 1 - i].abbreviation);
	}
	names_free(one, COUNT(all));
	names_free(two, COUNT(all));
}

static void
long_is_what_canvas_calls_long(void **state)
{
	(void)state;
	assert_false(naming_is_long(TEN TEN TEN));
	assert_true(naming_is_long(TEN TEN TEN "x"));
	assert_false(naming_is_long(TEN TEN "123456789&amp;"));
	assert_false(naming_is_long(TEN TEN "12345678" SMILE));
	assert_true(naming_is_long(TEN TEN "123456789" SMILE));
}

static void
ids_are_ordered_as_numbers(void **state)
{
	(void)state;
	assert_true(naming_id_order("9", "10") < 0);
	assert_true(naming_id_order("10000000000070411", "70411") > 0);
	assert_true(naming_id_order("007", "7") == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_abbreviation_keeps_the_starts_of_words),
		cmocka_unit_test(no_two_abbreviations_of_a_section_are_alike),
		cmocka_unit_test(
		    a_hundred_of_one_name_have_a_hundred_abbreviations),
		cmocka_unit_test(
		    the_oldest_keeps_its_name_and_long_ones_end_in_their_id),
		cmocka_unit_test(names_do_not_depend_on_the_order),
		cmocka_unit_test(long_is_what_canvas_calls_long),
		cmocka_unit_test(ids_are_ordered_as_numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
