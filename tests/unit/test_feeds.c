#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "source/bind.h"
#include "source/feeds.h"

/* Mapping 1 and 7, "File names". */
static const struct {
	const char *file;
	const char *feed; /* NULL: none of ours */
} files[] = {
	{ "schools.csv", "schools" },
	{ "terms.csv", "terms" },
	{ "courses.csv", "courses" },
	{ "sections.csv", "sections" },
	{ "sectionteacher.csv", "sectionteacher" },
	{ "sectionteachers.csv", "sectionteachers" },
	{ "section_teachers.csv", "sectionteachers" },
	{ "roledef.csv", "roledef" },
	{ "role_def.csv", "roledef" },
	{ "users.csv", "users" },
	{ "schoolstaff.csv", "schoolstaff" },
	{ "school_staff.csv", "schoolstaff" },
	{ "students.csv", "students" },
	{ "studentemail.csv", "studentemail" },
	{ "cc.csv", "cc" },
	{ "teachers.csv", "teachers" },
	{ "student_schedules.csv", "studentschedules" },
	{ "schedules.csv", "schedules" },
	/* Any case, three endings. */
	{ "CC.CSV", "cc" },
	{ "School_Staff.Txt", "schoolstaff" },
	{ "Students.tsv", "students" },
	{ "cc.TSV", "cc" },
	/* Several files of one table. */
	{ "cc-2.csv", "cc" },
	{ "cc_south.csv", "cc" },
	{ "cc-2026-11-23 04.30.csv", "cc" },
	{ "cc_.csv", "cc" },
	{ "cc-.csv", "cc" },
	{ "section_teachers_2.csv", "sectionteachers" },
	{ "students_email.csv", "students" },
	{ "student_email.csv", "studentemail" },
	{ "studentemail-primary.csv", "studentemail" },
	/* No table of ours. */
	{ "cc2.csv", NULL },
	{ "ccs.csv", NULL },
	{ "c.csv", NULL },
	{ "student.csv", NULL },
	{ "my_cc.csv", NULL },
	{ "_cc.csv", NULL },
	{ "cc 2.csv", NULL },
	{ "-cc.csv", NULL },
	{ "cc.csv.bak", NULL },
	{ "cc.csv~", NULL },
	{ "cc.xlsx", NULL },
	{ "cc", NULL },
	{ "csv", NULL },
	{ ".csv", NULL },
	{ "", NULL },
	{ ".", NULL },
	{ "..", NULL },
	{ "cc.", NULL },
	{ "README.txt", NULL },
	{ "attendance.csv", NULL },
};

static void
a_file_name_says_which_table_it_holds(void **state)
{
	const struct feed *feed;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		feed = feed_of_file(files[i].file);
		if (feed == NULL ? files[i].feed != NULL :
				   files[i].feed == NULL ||
			    strcmp(feed->name, files[i].feed) != 0)
			fail_msg("%s", files[i].file);
	}
}

/* The bare name of a header cell, which stands in memory of its own size. */
static void
assert_column(const char *file, const char *cell, bool ours, const char *want)
{
	size_t len;
	char *exact, *name;
	bool got;

	len = strlen(cell);
	exact = malloc(len > 0 ? len : 1);
	memcpy(exact, cell, len);
	name = malloc(len + 1);
	got = feed_column(feed_of_file(file), exact, len, name);
	if (got != ours || (ours && strcmp(name, want) != 0))
		fail_msg("%s in %s: %d \"%s\"", cell, file, got, name);
	free(exact);
	free(name);
}

static void
a_header_is_compared_by_letters_and_digits_alone(void **state)
{
	(void)state;
	assert_column("students.csv", "first_name", true, "firstname");
	assert_column("students.csv", "First Name", true, "firstname");
	assert_column("students.csv", " FIRST-NAME ", true, "firstname");
	assert_column("students.csv", "Address2", true, "address2");
	assert_column("students.csv", "", true, "");
	assert_column("students.csv", "_", true, "");
}

static void
a_header_may_begin_with_its_own_table(void **state)
{
	(void)state;
	assert_column("students.csv", "[1]First_Name", true, "firstname");
	assert_column("students.csv", "STUDENTS.FIRST_NAME", true, "firstname");
	assert_column("schools.csv", "[39]Name", true, "name");
	assert_column("schools.csv", "ps.Schools.Name", true, "name");
	assert_column("sectionteacher.csv", "sectionteacher.id", true, "id");
	assert_column("section_teachers.csv", "sectionteacher.id", true, "id");
	assert_column("student_schedules.csv", "[4]TermID", true, "termid");
	assert_column("student_schedules.csv", "CC.TermID", true, "termid");
	assert_column("teachers.csv", "[5]ID", true, "id");
	assert_column("teachers.csv", "users.dcid", true, "dcid");
	assert_column("teachers.csv", "SchoolStaff.id", true, "id");
	/* A custom table is nobody else's. */
	assert_column("students.csv", "U_Students.Email", true, "email");
	assert_column("students.csv", "[999]Email", true, "email");
}

static void
a_column_of_another_table_is_none_of_ours(void **state)
{
	(void)state;
	assert_column("cc.csv", "[1]First_Name", false, NULL);
	assert_column("cc.csv", "STUDENTS.ID", false, NULL);
	assert_column("cc.csv", "sections.id", false, NULL);
	assert_column("schools.csv", "[2]Name", false, NULL);
	assert_column("students.csv", "cc.id", false, NULL);
}

static void
odd_brackets_and_dots_are_survived(void **state)
{
	(void)state;
	assert_column("students.csv", "[1]", true, "");
	assert_column("students.csv", "[]id", true, "id");
	assert_column("students.csv", "students.", true, "");
	assert_column("students.csv", ".id", true, "id");
	assert_column("students.csv", "a.b.id", true, "id");
}

/* The cell's bytes end with it: no digit behind may be read. */
static void
a_bracket_that_is_never_closed_ends_with_its_cell(void **state)
{
	(void)state;
	assert_column("students.csv", "[", true, "");
	assert_column("students.csv", "[12", true, "12");
	assert_column("students.csv", "[99999999999999999999", true,
	    "99999999999999999999");
}

static void
a_bare_name_is_a_fields_with_or_without_underscores(void **state)
{
	(void)state;
	assert_true(feed_column_is("firstname", "first_name"));
	assert_true(feed_column_is("studentid", "studentid"));
	assert_true(feed_column_is("studentid", "student_id"));
	assert_false(feed_column_is("firstnam", "first_name"));
	assert_false(feed_column_is("firstnames", "first_name"));
	assert_false(feed_column_is("", "id"));
	assert_true(feed_column_is("", ""));
}

static void
every_feed_fits_the_room_that_readers_have(void **state)
{
	const struct feed *feed;
	size_t t, f, columns, a;

	(void)state;
	for (feed = feeds; feed->name != NULL; feed++) {
		assert_true(
		    feed->ntables >= 1 && feed->ntables <= FEED_TABLES_MAX);
		columns = 0;
		for (t = 0; t < feed->ntables; t++) {
			for (f = 0;
			     schema[feed->tables[t]].fields[f].name != NULL;
			     f++)
				columns++;
		}
		assert_true(columns <= BIND_CELLS_MAX);
		for (a = 0; feed->aliases[a].column != NULL; a++)
			assert_true(a < FEED_COLUMNS_MAX - 1);
		assert_null(strchr(feed->name, '_'));
	}
}

static void
every_table_has_a_feed_of_its_name(void **state)
{
	const struct feed *feed;
	char file[64];
	size_t t;

	(void)state;
	for (t = 0; t < TABLES; t++) {
		strcpy(file, schema[t].name);
		strcat(file, ".csv");
		feed = feed_of_file(file);
		assert_non_null(feed);
		assert_int_equal(feed->ntables, 1);
		assert_int_equal(feed->tables[0], t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_name_says_which_table_it_holds),
		cmocka_unit_test(
		    a_header_is_compared_by_letters_and_digits_alone),
		cmocka_unit_test(a_header_may_begin_with_its_own_table),
		cmocka_unit_test(a_column_of_another_table_is_none_of_ours),
		cmocka_unit_test(odd_brackets_and_dots_are_survived),
		cmocka_unit_test(
		    a_bracket_that_is_never_closed_ends_with_its_cell),
		cmocka_unit_test(
		    a_bare_name_is_a_fields_with_or_without_underscores),
		cmocka_unit_test(every_feed_fits_the_room_that_readers_have),
		cmocka_unit_test(every_table_has_a_feed_of_its_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
