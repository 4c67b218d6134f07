#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "source/ps_v1_rows.h"

static struct json *
parse(const char *text)
{
	const struct json_origin origin = { "answer", 1 << 20, EXIT_SOURCE };
	struct err err = { 0 };
	struct json *document;

	document = json_parse(text, strlen(text), &origin, &err);
	assert_non_null(document);
	return document;
}

/* Adds an answer as the page of a list; 0 or -1. */
static int
add(struct ps_v1_rows *rows, enum ps_v1_kind kind, unsigned page,
    const char *text)
{
	struct json *document;
	const char *why;
	int rc;

	document = parse(text);
	rc = ps_v1_rows_add_list(rows, kind, 2, page, document, &why);
	json_free(document);
	return rc;
}

/* Spellings of a list, and how many objects it holds; -1: it is none. */
static const struct {
	const char *answer;
	int count;
} lists[] = {
	{ "{\"courses\":{\"course\":[{\"id\":1},{\"id\":2}]}}", 2 },
	{ "{\"courses\":{\"course\":[{\"id\":1}]}}", 1 },
	{ "{\"courses\":{\"course\":{\"id\":1}}}", 1 },
	{ "{\"courses\":{\"@extensions\":\"x\",\"course\":{\"id\":\"1\"}}}",
	    1 },
	{ "{\"courses\":{\"course\":[]}}", 0 },
	{ "{\"courses\":{\"course\":\"\"}}", 0 },
	{ "{\"courses\":{\"course\":null}}", 0 },
	{ "{\"courses\":{\"@extensions\":\"x\"}}", 0 },
	{ "{\"courses\":{}}", 0 },
	{ "{\"courses\":\"\"}", 0 },
	{ "{\"courses\":null}", 0 },
	{ "{}", 0 },
	{ "{\"students\":{\"student\":{\"id\":1}}}", -1 },
	{ "{\"courses\":7}", -1 },
	{ "{\"courses\":[{\"id\":1}]}", -1 },
	{ "{\"courses\":{\"course\":[{\"id\":1},7]}}", -1 },
	{ "{\"courses\":{\"course\":[{\"id\":1},{\"id\":0}]}}", -1 },
	{ "{\"courses\":{\"course\":{\"course_number\":\"A\"}}}", -1 },
	{ "{\"courses\":{\"course\":{\"id\":\"x\"}}}", -1 },
	{ "{\"courses\":{\"course\":{\"id\":-4}}}", -1 },
	{ "{\"courses\":{\"course\":{\"id\":1.5}}}", -1 },
	{ "[]", -1 },
	{ "\"\"", -1 },
};

static void
a_list_has_many_spellings(void **state)
{
	struct ps_v1_rows rows = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		assert_int_equal(add(&rows, PS_V1_COURSE, 1, lists[i].answer),
		    lists[i].count < 0 ? -1 : 0);
		assert_int_equal(
		    rows.count, lists[i].count < 0 ? 0 : lists[i].count);
		ps_v1_rows_free(&rows);
	}
}

static const char student[] =
    "{\"students\":{\"student\":{\"id\":7324,\"local_id\":\"0042\","
    "\"student_username\":78654,\"name\":[{\"first_name\":\"Bo\","
    "\"last_name\":\"TIRA BALL\"}],\"school_enrollment\":{"
    "\"enroll_status_code\":-1,\"school_number\":300},\"contact_info\":\"\""
    "}}}";

/* A member of a student and what stands there. */
static const struct {
	const char *member, *cell;
} members[] = {
	{ "local_id", "0042" },
	{ "student_username", "78654" },
	{ "state_province_id", "" },
	{ "name.first_name", "Bo" },
	{ "name.middle_name", "" },
	{ "name.last_name", "TIRA BALL" },
	{ "school_enrollment.enroll_status_code", "-1" },
	{ "school_enrollment.school_number", "300" },
	{ "contact_info.email", "" },
};

static void
members_keep_their_digits_and_what_is_absent_is_blank(void **state)
{
	struct ps_v1_rows rows = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(add(&rows, PS_V1_STUDENT, 1, student), 0);
	assert_int_equal(rows.list[0].id, 7324);
	assert_int_equal(rows.list[0].owner, 2);
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		assert_string_equal(
		    ps_v1_rows_cell(&rows, 0,
			ps_v1_def_member(PS_V1_STUDENT, members[i].member)),
		    members[i].cell);
	ps_v1_rows_free(&rows);
}

static void
affiliations_are_one_or_several(void **state)
{
	static const char *const answers[] = {
		"{\"staffs\":{\"staff\":{\"id\":1,\"school_affiliations\":{"
		"\"school_affiliation\":[{\"school_id\":2,\"type\":1,"
		"\"status\":1},{\"school_id\":5,\"status\":2}]}}}}",
		"{\"staffs\":{\"staff\":{\"id\":1,\"school_affiliations\":{"
		"\"school_affiliation\":{\"school_id\":2,\"status\":1}}}}}",
		"{\"staffs\":{\"staff\":{\"id\":1,\"school_affiliations\":"
		"\"\"}}}",
	};
	static const char *const cells[] = { "2:1 5:2 ", "2:1 ", "" };
	struct ps_v1_rows rows = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(add(&rows, PS_V1_STAFF, 1, answers[i]), 0);
		assert_string_equal(
		    ps_v1_rows_cell(&rows, 0,
			ps_v1_def_member(PS_V1_STAFF,
			    "school_affiliations.school_affiliation")),
		    cells[i]);
		ps_v1_rows_free(&rows);
	}
}

#define COURSE(id, name)                                                       \
	"{\"courses\":{\"course\":{\"id\":" id ",\"course_name\":\"" name      \
	"\"}}}"

static void
of_rows_that_say_the_same_one_stays(void **state)
{
	struct ps_v1_rows rows = { 0 };
	size_t row;

	(void)state;
	assert_int_equal(add(&rows, PS_V1_COURSE, 1, COURSE("9", "A")), 0);
	assert_int_equal(add(&rows, PS_V1_COURSE, 1, COURSE("3", "B")), 0);
	assert_int_equal(add(&rows, PS_V1_COURSE, 1, COURSE("9", "A")), 0);
	assert_int_equal(add(&rows, PS_V1_COURSE, 1, COURSE("3", "C")), 0);
	assert_int_equal(add(&rows, PS_V1_COURSE, 1, COURSE("3", "B")), 0);
	assert_false(ps_v1_rows_repeat(&rows));
	ps_v1_rows_sort(&rows, PS_V1_COURSE);
	assert_int_equal(rows.count, 3);
	assert_int_equal(rows.list[0].id, 3);
	assert_int_equal(rows.list[1].id, 3);
	assert_int_equal(rows.list[2].id, 9);
	assert_true(ps_v1_rows_find(&rows, 9, &row));
	assert_int_equal(row, 2);
	assert_false(ps_v1_rows_find(&rows, 4, &row));
	ps_v1_rows_free(&rows);
	assert_false(ps_v1_rows_find(&rows, 9, &row));
}

static void
an_id_of_two_pages_moved(void **state)
{
	struct ps_v1_rows rows = { 0 }, other = { 0 };

	(void)state;
	assert_int_equal(add(&rows, PS_V1_COURSE, 1, COURSE("9", "A")), 0);
	assert_int_equal(add(&rows, PS_V1_COURSE, 2, COURSE("9", "A")), 0);
	assert_true(ps_v1_rows_repeat(&rows));
	assert_int_equal(add(&other, PS_V1_COURSE, 1, COURSE("9", "A")), 0);
	assert_false(ps_v1_rows_equal(&rows, &other));
	assert_int_equal(add(&other, PS_V1_COURSE, 1, COURSE("9", "A")), 0);
	assert_true(ps_v1_rows_equal(&rows, &other));
	ps_v1_rows_append(&other, &rows);
	assert_int_equal(other.count, 4);
	assert_string_equal(ps_v1_rows_cell(&other, 3,
				ps_v1_def_member(PS_V1_COURSE, "course_name")),
	    "A");
	ps_v1_rows_free(&rows);
	ps_v1_rows_free(&other);
}

static void
paths_have_owner_year_and_encoded_filter(void **state)
{
	char *path;

	(void)state;
	path = ps_v1_def_list_path(PS_V1_SECTION, 3, 2026);
	assert_string_equal(path,
	    "/ws/v1/school/3/section?expansions=term&q=term.start_year%3D%3D"
	    "2026");
	free(path);
	path = ps_v1_def_count_path(PS_V1_SECTION, 3, 2026);
	assert_string_equal(
	    path, "/ws/v1/school/3/section/count?q=term.start_year%3D%3D2026");
	free(path);
	path = ps_v1_def_list_path(PS_V1_SCHOOL, 0, 2026);
	assert_string_equal(path, "/ws/v1/district/school");
	free(path);
	path = ps_v1_def_list_path(PS_V1_ENROLLMENT, 8611, 2026);
	assert_string_equal(path, "/ws/v1/section/8611/section_enrollment");
	free(path);
	path = ps_v1_def_path(PS_V1_STAFF, 21012);
	assert_string_equal(
	    path, "/ws/v1/staff/21012?expansions=emails%2Cschool_affiliations");
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_has_many_spellings),
		cmocka_unit_test(
		    members_keep_their_digits_and_what_is_absent_is_blank),
		cmocka_unit_test(affiliations_are_one_or_several),
		cmocka_unit_test(of_rows_that_say_the_same_one_stays),
		cmocka_unit_test(an_id_of_two_pages_moved),
		cmocka_unit_test(paths_have_owner_year_and_encoded_filter),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
