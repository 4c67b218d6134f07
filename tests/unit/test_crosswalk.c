#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/mem.h"
#include "grades/crosswalk.h"

static char folder[64];

static void
put(const char *name, const char *text)
{
	char path[160];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static struct crosswalk *
read_it(struct err *err)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/crosswalk.csv", folder);
	return crosswalk_read(path, err);
}

static int
make_folder(void **state)
{
	char csv[80];

	(void)state;
	strcpy(folder, "/tmp/crosswalk.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(csv, sizeof(csv), "%s/csv", folder);
	return mkdir(csv, 0700);
}

static int
remove_folder(void **state)
{
	char *command;
	int rc;

	(void)state;
	command = mem_printf("rm -rf %s", folder);
	rc = system(command);
	free(command);
	return rc;
}

#define LINES                                                                  \
	"sheet,canvas_id,dcid,id,number\n"                                     \
	"sections,sec-8,8,1,01\n"                                              \
	"sections,sec-9,9,2,2\n"                                               \
	"users,S7,7,3,0004101\n"                                               \
	"users,T5,5,,T-5\n"

static void
students_have_numbers_and_staff_have_none(void **state)
{
	struct crosswalk *crosswalk;
	struct err err = { 0 };

	(void)state;
	put("crosswalk.csv", LINES);
	crosswalk = read_it(&err);
	assert_non_null(crosswalk);
	assert_string_equal(crosswalk_number(crosswalk, "S7"), "0004101");
	assert_null(crosswalk_number(crosswalk, "T5"));
	assert_null(crosswalk_number(crosswalk, "s7"));
	assert_null(crosswalk_number(crosswalk, ""));
	assert_int_equal(crosswalk_students(crosswalk), 1);
	assert_int_equal(crosswalk_sections(crosswalk), 2);
	crosswalk_free(crosswalk);
}

static void
assert_section(const struct crosswalk *crosswalk, const char *sis_id,
    const char *course_code, const char *want)
{
	struct buf name = { 0 };

	assert_int_equal(
	    crosswalk_section(crosswalk, sis_id, course_code, &name), 0);
	assert_string_equal(buf_str(&name), want);
	buf_free(&name);
}

static void
a_section_is_course_number_and_section_number(void **state)
{
	struct crosswalk *crosswalk;
	struct err err = { 0 };
	struct buf name = { 0 };

	(void)state;
	put("crosswalk.csv", LINES);
	crosswalk = read_it(&err);
	assert_section(crosswalk, "sec-8", "MATH", "MATH.01");
	assert_section(crosswalk, "sec-8", "MATH.01", "MATH.01");
	assert_section(crosswalk, "sec-9", "", "2");
	assert_int_equal(crosswalk_section(crosswalk, "sec-7", "X", &name), -1);
	crosswalk_free(crosswalk);
	put("csv/sections.csv",
	    "section_id,course_id,name,status\nsec-8,c-1,Algebra (01),active\n"
	    "sec-9,c-1,Algebra (2),active\n");
	put("csv/courses.csv", "course_id,short_name,status\nc-1,ALG,active\n");
	crosswalk = read_it(&err);
	assert_section(crosswalk, "sec-8", "changed in Canvas", "ALG.01");
	assert_string_equal(
	    crosswalk_section_named(crosswalk, "Algebra (2)"), "sec-9");
	assert_string_equal(
	    crosswalk_section_names(crosswalk)[0], "Algebra (01)");
	crosswalk_free(crosswalk);
}

static void
a_name_that_two_sections_have_names_neither(void **state)
{
	struct crosswalk *crosswalk;
	struct err err = { 0 };

	(void)state;
	put("crosswalk.csv", LINES);
	put("csv/sections.csv",
	    "section_id,course_id,name,status\nsec-8,c-1,Hall,active\n"
	    "sec-9,c-1,Hall,active\n");
	crosswalk = read_it(&err);
	assert_null(crosswalk_section_named(crosswalk, "Hall"));
	assert_null(crosswalk_section_named(crosswalk, "Yard"));
	assert_null(crosswalk_section_names(crosswalk)[1]);
	crosswalk_free(crosswalk);
}

static void
what_is_no_crosswalk_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum exit_code code;
		const char *says;
	} cases[] = {
		{ "", EXIT_SOURCE, "empty" },
		{ "a,b\n1,2\n", EXIT_SOURCE, "no column sheet" },
		{ "sheet,canvas_id,dcid,id,number\nusers,S7,7\n", EXIT_SOURCE,
		    ":2:" },
		{ "sheet,canvas_id,dcid,id,number\nusers,\"S7,7,3,1\n",
		    EXIT_SOURCE, "cut short" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		put("crosswalk.csv", cases[i].text);
		assert_null(read_it(&err));
		assert_int_equal(err.code, cases[i].code);
		if (strstr(err.msg, cases[i].says) == NULL)
			fail_msg("case %zu: %s", i, err.msg);
	}
}

static void
a_missing_crosswalk_says_what_to_do(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(crosswalk_read("/nowhere/crosswalk.csv", &err));
	assert_int_equal(err.code, EXIT_SETTINGS);
	assert_non_null(strstr(err.hint, "ps2canvas"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    students_have_numbers_and_staff_have_none, make_folder,
		    remove_folder),
		cmocka_unit_test_setup_teardown(
		    a_section_is_course_number_and_section_number, make_folder,
		    remove_folder),
		cmocka_unit_test_setup_teardown(
		    a_name_that_two_sections_have_names_neither, make_folder,
		    remove_folder),
		cmocka_unit_test_setup_teardown(what_is_no_crosswalk_is_refused,
		    make_folder, remove_folder),
		cmocka_unit_test(a_missing_crosswalk_says_what_to_do),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
