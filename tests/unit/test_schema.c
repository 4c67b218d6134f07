#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "roster/schema.h"

/* The enums of schema.h beside the columns that they mean. */
static const struct {
	enum table_id table;
	int field;
	const char *name;
} constants[] = {
	{ T_SCHOOL, SCHOOL_NUMBER, "school_number" },
	{ T_SCHOOL, SCHOOL_NAME, "name" },
	{ T_TERM, TERM_ID, "id" },
	{ T_TERM, TERM_SCHOOLID, "schoolid" },
	{ T_TERM, TERM_YEARID, "yearid" },
	{ T_TERM, TERM_NAME, "name" },
	{ T_TERM, TERM_FIRSTDAY, "firstday" },
	{ T_TERM, TERM_LASTDAY, "lastday" },
	{ T_COURSE, COURSE_NUMBER, "course_number" },
	{ T_COURSE, COURSE_NAME, "course_name" },
	{ T_SECTION, SECTION_DCID, "dcid" },
	{ T_SECTION, SECTION_ID, "id" },
	{ T_SECTION, SECTION_COURSE_NUMBER, "course_number" },
	{ T_SECTION, SECTION_NUMBER, "section_number" },
	{ T_SECTION, SECTION_SCHOOLID, "schoolid" },
	{ T_SECTION, SECTION_TERMID, "termid" },
	{ T_SECTION, SECTION_TEACHER, "teacher" },
	{ T_STUDENT, STUDENT_DCID, "dcid" },
	{ T_STUDENT, STUDENT_ID, "id" },
	{ T_STUDENT, STUDENT_FIRST_NAME, "first_name" },
	{ T_STUDENT, STUDENT_LAST_NAME, "last_name" },
	{ T_STUDENT, STUDENT_SCHOOLID, "schoolid" },
	{ T_STUDENT, STUDENT_ENROLL_STATUS, "enroll_status" },
	{ T_STUDENT, STUDENT_NUMBER, "student_number" },
	{ T_USER, USER_DCID, "dcid" },
	{ T_USER, USER_FIRST_NAME, "first_name" },
	{ T_USER, USER_LAST_NAME, "last_name" },
	{ T_USER, USER_HOMESCHOOLID, "homeschoolid" },
	{ T_USER, USER_TEACHERNUMBER, "teachernumber" },
	{ T_SCHOOLSTAFF, SCHOOLSTAFF_ID, "id" },
	{ T_SCHOOLSTAFF, SCHOOLSTAFF_USERS_DCID, "users_dcid" },
	{ T_SCHOOLSTAFF, SCHOOLSTAFF_SCHOOLID, "schoolid" },
	{ T_SCHOOLSTAFF, SCHOOLSTAFF_STATUS, "status" },
	{ T_SCHOOLSTAFF, SCHOOLSTAFF_DCID, "dcid" },
	{ T_CC, CC_STUDENTID, "studentid" },
	{ T_CC, CC_SECTIONID, "sectionid" },
	{ T_CC, CC_DATEENROLLED, "dateenrolled" },
	{ T_CC, CC_DATELEFT, "dateleft" },
	{ T_CC, CC_TERMID, "termid" },
	{ T_CC, CC_ID, "id" },
	{ T_CC, CC_DCID, "dcid" },
	{ T_SECTIONTEACHER, SECTIONTEACHER_SECTIONID, "sectionid" },
	{ T_SECTIONTEACHER, SECTIONTEACHER_TEACHERID, "teacherid" },
	{ T_SECTIONTEACHER, SECTIONTEACHER_ROLEID, "roleid" },
	{ T_SECTIONTEACHER, SECTIONTEACHER_START_DATE, "start_date" },
	{ T_SECTIONTEACHER, SECTIONTEACHER_END_DATE, "end_date" },
	{ T_SECTIONTEACHER, SECTIONTEACHER_ID, "id" },
	{ T_SECTIONTEACHER, SECTIONTEACHER_DCID, "dcid" },
	{ T_ROLEDEF, ROLEDEF_ID, "id" },
	{ T_ROLEDEF, ROLEDEF_NAME, "name" },
	{ T_STUDENTEMAIL, STUDENTEMAIL_STUDENTID, "studentid" },
	{ T_STUDENTEMAIL, STUDENTEMAIL_STUDENTSDCID, "studentsdcid" },
	{ T_STUDENTEMAIL, STUDENTEMAIL_EMAIL, "email" },
	{ T_STUDENTEMAIL, STUDENTEMAIL_EMAIL_ADDR, "email_addr" },
	{ T_STUDENTEMAIL, STUDENTEMAIL_STUDENT_EMAIL, "student_email" },
	{ T_STUDENTEMAIL, STUDENTEMAIL_ISPRIMARY, "isprimary" },
	{ T_STUDENTEMAIL, STUDENTEMAIL_PRIMARY, "primary" },
};

static size_t
count_fields(enum table_id t)
{
	size_t n;

	for (n = 0; schema[t].fields[n].name != NULL; n++)
		assert_true(n < FIELDS_MAX - 1);
	return n;
}

static void
every_constant_names_the_column_it_says(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
		assert_true((size_t)constants[i].field <
		    count_fields(constants[i].table));
		assert_string_equal(
		    schema[constants[i].table].fields[constants[i].field].name,
		    constants[i].name);
	}
}

/* Such a column without a constant would be read and used by nobody. */
static void
every_column_that_a_rule_reads_has_a_constant(void **state)
{
	size_t t, f, i;

	(void)state;
	for (t = 0; t < TABLES; t++) {
		for (f = 0; schema[t].fields[f].name != NULL; f++) {
			for (i = 0;
			     i < sizeof(constants) / sizeof(constants[0]);
			     i++) {
				if (constants[i].table == t &&
				    (size_t)constants[i].field == f)
					break;
			}
			if ((schema[t].fields[f].use != 0) !=
			    (i < sizeof(constants) / sizeof(constants[0])))
				fail_msg("%s.%s", schema[t].name,
				    schema[t].fields[f].name);
		}
	}
}

/* Mapping 1, "Needed columns". */
static void
needed_columns_are_those_of_the_mapping(void **state)
{
	static const char *const needed[TABLES] = {
		[T_SCHOOL] = "school_number name",
		[T_TERM] = "id schoolid yearid name firstday lastday",
		[T_COURSE] = "course_number course_name",
		[T_SECTION] = "dcid id course_number section_number schoolid"
			      " termid",
		[T_STUDENT] = "dcid id first_name last_name schoolid"
			      " enroll_status",
		[T_USER] = "dcid first_name last_name",
		[T_SCHOOLSTAFF] = "id users_dcid schoolid",
		[T_CC] = "studentid sectionid dateenrolled dateleft",
		[T_SECTIONTEACHER] = "sectionid teacherid",
		[T_ROLEDEF] = "id name",
		[T_STUDENTEMAIL] = "",
	};
	char got[256];
	size_t t, f, len;

	(void)state;
	for (t = 0; t < TABLES; t++) {
		got[0] = '\0';
		for (f = len = 0; schema[t].fields[f].name != NULL; f++) {
			if (schema[t].fields[f].use & FIELD_NEEDED)
				len += (size_t)snprintf(got + len,
				    sizeof(got) - len, "%s%s",
				    len == 0 ? "" : " ",
				    schema[t].fields[f].name);
		}
		assert_string_equal(got, needed[t]);
	}
}

static void
names_are_plain_and_none_comes_twice(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	const struct field *fields;
	size_t t, u, f, g;

	(void)state;
	for (t = 0; t < TABLES; t++) {
		for (u = 0; u < t; u++) {
			assert_string_not_equal(schema[t].name, schema[u].name);
			assert_string_not_equal(schema[t].word, schema[u].word);
		}
		fields = schema[t].fields;
		for (f = 0; fields[f].name != NULL; f++) {
			assert_int_equal(strspn(fields[f].name, letters),
			    strlen(fields[f].name));
			for (g = 0; g < f; g++)
				assert_string_not_equal(
				    fields[f].name, fields[g].name);
		}
	}
}

static void
every_table_has_a_key_but_studentemail(void **state)
{
	bool key;
	size_t t, f;

	(void)state;
	for (t = 0; t < TABLES; t++) {
		key = false;
		for (f = 0; schema[t].fields[f].name != NULL; f++)
			key = key || (schema[t].fields[f].use & FIELD_KEY);
		assert_int_equal(key, t != T_STUDENTEMAIL);
	}
}

static void
tables_and_columns_are_found_by_their_whole_name(void **state)
{
	size_t t, f;

	(void)state;
	for (t = 0; t < TABLES; t++) {
		assert_int_equal(
		    schema_table(schema[t].word, strlen(schema[t].word)), t);
		for (f = 0; schema[t].fields[f].name != NULL; f++)
			assert_int_equal(schema_field((enum table_id)t,
					     schema[t].fields[f].name,
					     strlen(schema[t].fields[f].name)),
			    f);
	}
	assert_int_equal(schema_table("course", 5), -1);
	assert_int_equal(schema_table("courses", 7), -1);
	assert_int_equal(schema_table("", 0), -1);
	assert_int_equal(schema_table("Course", 6), -1);
	assert_int_equal(schema_field(T_COURSE, "course_nam", 10), -1);
	assert_int_equal(schema_field(T_COURSE, "course_name", 10), -1);
	assert_int_equal(schema_field(T_COURSE, "", 0), -1);
	assert_int_equal(schema_field(T_SCHOOL, "course_name", 11), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_constant_names_the_column_it_says),
		cmocka_unit_test(every_column_that_a_rule_reads_has_a_constant),
		cmocka_unit_test(needed_columns_are_those_of_the_mapping),
		cmocka_unit_test(names_are_plain_and_none_comes_twice),
		cmocka_unit_test(every_table_has_a_key_but_studentemail),
		cmocka_unit_test(
		    tables_and_columns_are_found_by_their_whole_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
