#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "grades/course.h"

static void
texts_stay_where_they_are(void **state)
{
	struct course *course;
	const char *first, *text;
	char long_text[100000];
	int i;

	(void)state;
	memset(long_text, 'x', sizeof(long_text));
	course = course_new(COURSE_FROM_CSV);
	first = course_keep(course, "Ada", 3);
	for (i = 0; i < 5000; i++)
		course_keep(course, long_text, (size_t)i % 300);
	text = course_keep(course, long_text, sizeof(long_text));
	assert_int_equal(strlen(text), sizeof(long_text));
	assert_string_equal(first, "Ada");
	assert_string_equal(course_keep(course, "x", 0), "");
	course_free(course);
	course_free(NULL);
}

static void
add(struct course *course, uint32_t assignment, uint32_t student,
    uint32_t section, const char *score)
{
	struct course_score *row;

	row = course_add_score(course);
	row->assignment = assignment;
	row->student = student;
	row->section = section;
	row->score = score;
}

static void
a_score_is_found_for_its_section_or_for_any(void **state)
{
	struct course *course;

	(void)state;
	course = course_new(COURSE_FROM_API);
	course_sort_scores(course);
	assert_null(course_score_of(course, 0, 0, COURSE_NONE));
	add(course, 1, 2, 0, "c");
	add(course, 0, 3, COURSE_NONE, "b");
	add(course, 0, 2, 1, "a");
	course_sort_scores(course);
	assert_string_equal(course_score_of(course, 0, 2, 1)->score, "a");
	assert_null(course_score_of(course, 0, 2, 0));
	assert_string_equal(course_score_of(course, 0, 3, 7)->score, "b");
	assert_string_equal(
	    course_score_of(course, 0, 3, COURSE_NONE)->score, "b");
	assert_string_equal(course_score_of(course, 1, 2, 0)->score, "c");
	course_free(course);
}

static void
rows_are_found_by_the_id_that_canvas_gave(void **state)
{
	struct course *course;

	(void)state;
	course = course_new(COURSE_FROM_CSV);
	course_add_student(course)->id = "10000000000000123";
	course_add_student(course)->id = "10000000000000124";
	course_add_section(course)->name = "Biology 1";
	course_add_section(course)->id = "77";
	course_add_assignment(course)->id = "5";
	assert_int_equal(course_find_student(course, "10000000000000124"), 1);
	assert_int_equal(course_find_student(course, "12"), COURSE_NONE);
	assert_int_equal(course_find_section(course, "Biology 1"), 0);
	assert_int_equal(course_find_section(course, "77"), 1);
	assert_int_equal(course_find_assignment(course, "5"), 0);
	assert_int_equal(course->assignments[0].group, COURSE_NONE);
	course_free(course);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_stay_where_they_are),
		cmocka_unit_test(a_score_is_found_for_its_section_or_for_any),
		cmocka_unit_test(rows_are_found_by_the_id_that_canvas_gave),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
