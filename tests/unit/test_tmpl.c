#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rows.h"
#include "roster/tmpl.h"

#define ALL_TABLES ((1U << TABLES) - 1)
#define BIT(table) (1U << (table))
#define WHERE "rollbook.ini:14: [names] course_long"

static const struct export exports[] = {
	{ "schools.csv", "school_number,name,abbreviation\n100,Alder,\n" },
	{ "terms.csv",
	    "id,schoolid,yearid,name,firstday,lastday,"
	    "abbreviation\n3600,100,36,Full Year,8/17/2026,0/0/0,\n" },
	{ "courses.csv", "course_number,course_name\nMA1,Algebra I\n" },
	{ "sections.csv",
	    "dcid,id,course_number,section_number,schoolid,"
	    "termid,expression,room\n9001,-41,MA1,03,100,3600,1(A),\n" },
	{ "students.csv",
	    "dcid,id,first_name,last_name,schoolid,"
	    "enroll_status,student_web_id,middle_name\n"
	    "71,7,\xc3\x89mile,O'Neil Ash,100,0,EASH,\n" },
	{ 0 }
};

/* The row of each table that has one, and what templates need besides. */
static struct tmpl_rows
rows_of(const struct roster *roster)
{
	struct tmpl_rows rows = { .roster = roster, .year = "2026-2027" };
	int t;

	for (t = 0; t < TABLES; t++)
		rows.rows[t] = roster->tables[t].nrows > 0 ? 0 : ROW_NONE;
	rows.course_number = rows_sym(roster, "XX9");
	return rows;
}

/* Compiles, reads the exports, renders. */
static void
assert_renders(const char *text, bool filled, const char *want)
{
	struct err err = { 0 };
	struct buf out = { 0 };
	struct roster *roster;
	struct tmpl_rows rows;
	struct tmpl *tmpl;

	roster = roster_new();
	tmpl = tmpl_compile(text, ALL_TABLES, roster, WHERE, &err);
	if (tmpl == NULL)
		fail_msg("%s", err.msg);
	rows_read(roster, exports);
	rows = rows_of(roster);
	buf_adds(&out, "left over");
	assert_int_equal(tmpl_render(tmpl, &rows, &out), filled);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
	tmpl_free(tmpl);
	roster_free(roster);
}

static void
fields_and_text_stand_in_the_order_of_the_template(void **state)
{
	(void)state;
	assert_renders("", true, "");
	assert_renders("plain", true, "plain");
	assert_renders("{course.course_name}", true, "Algebra I");
	assert_renders("S{student.dcid}", true, "S71");
	assert_renders("{course.course_name} ({section.section_number})", true,
	    "Algebra I (03)");
	assert_renders("{student.first_name}{student.last_name}", true,
	    "\xc3\x89mileO'Neil Ash");
	assert_renders("{year} {term.name} - {school.name}", true,
	    "2026-2027 Full Year - Alder");
	/* The minus sign of a section's id says something else. */
	assert_renders("{section.id}", true, "41");
}

static void
the_first_field_that_is_filled_is_taken(void **state)
{
	(void)state;
	assert_renders("{term.abbreviation|term.name}", true, "Full Year");
	assert_renders("{term.name|term.abbreviation}", true, "Full Year");
	assert_renders("{section.room|section.external_expression|"
		       "section.expression}",
	    true, "1(A)");
	assert_renders("{term.abbreviation|year}", true, "2026-2027");
}

static void
a_field_that_is_blank_is_told(void **state)
{
	(void)state;
	assert_renders("S{section.room}", false, "S");
	assert_renders("{section.room}", false, "");
	assert_renders(
	    "{section.room|section.external_expression}x", false, "x");
	/* No such row, no such column in the export. */
	assert_renders("T{user.dcid}", false, "T");
	assert_renders("{student.person_id}-{student.id}", false, "-7");
	assert_renders("{term.lastday}", false, "");
}

static void
filters_change_the_whole_text_of_a_field(void **state)
{
	(void)state;
	assert_renders("{student.first_name:upper}", true, "\xc3\x89MILE");
	assert_renders("{student.first_name:lower}", true, "\xc3\xa9mile");
	assert_renders("{student.first_name:initial}.", true, "\xc3\x89.");
	assert_renders("{student.student_web_id:lower}@{school.name:upper}",
	    true, "eash@ALDER");
	assert_renders("{section.section_number:initial}", true, "0");
	assert_renders("{section.dcid:upper}", true, "9001");
	assert_renders("{section.room:initial}", false, "");
	assert_renders(
	    "{section.room|student.student_web_id:lower}", true, "eash");
}

static void
a_doubled_brace_is_a_brace(void **state)
{
	(void)state;
	assert_renders("{{", true, "{");
	assert_renders("{{{student.id}", true, "{7");
	assert_renders("{{student.id}", true, "{student.id}");
	assert_renders("}", true, "}");
	assert_renders("a}b", true, "a}b");
}

static void
blanks_at_both_ends_are_cut_and_inside_kept(void **state)
{
	(void)state;
	assert_renders("  {section.room} a  b {section.room} ", false, "a  b");
	assert_renders("   ", true, "");
	assert_renders("{section.room} ", false, "");
}

static void
a_date_is_written_year_first(void **state)
{
	(void)state;
	assert_renders("{term.firstday}", true, "2026-08-17");
	assert_renders("{term.lastday|term.firstday}", true, "2026-08-17");
}

static void
a_missing_course_reads_as_its_number(void **state)
{
	static const struct {
		const char *text, *want;
		bool filled;
	} cases[] = {
		{ "{course.course_name}", "XX9", true },
		{ "{course.course_number}", "XX9", true },
		{ "{course.course_name:lower} ({course.credittype})", "xx9 ()",
		    false },
		{ "{course.code|course.course_name}", "XX9", true },
	};
	struct err err = { 0 };
	struct buf out = { 0 };
	struct roster *roster;
	struct tmpl_rows rows;
	struct tmpl *tmpl;
	size_t i;

	(void)state;
	roster = roster_new();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tmpl = tmpl_compile(
		    cases[i].text, ALL_TABLES, roster, WHERE, &err);
		assert_non_null(tmpl);
		rows = rows_of(roster);
		assert_int_equal(
		    tmpl_render(tmpl, &rows, &out), cases[i].filled);
		assert_string_equal(buf_str(&out), cases[i].want);
		tmpl_free(tmpl);
	}
	buf_free(&out);
	roster_free(roster);
}

/* What a template of fields alone gives without being rendered. */
static void
a_template_of_text_fields_alone_gives_their_cell(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: must be rendered */
	} cases[] = {
		{ "{student.student_web_id}", "EASH" },
		{ "{student.id}", "7" },
		{ "{student.middle_name}", "" },
		{ "{student.middle_name|student.last_name}", "O'Neil Ash" },
		{ "{user.teacherloginid|user.loginid}", "" },
		{ "", NULL },
		{ "x", NULL },
		{ "{year}", NULL },
		{ "S{student.id}", NULL },
		{ "{student.id}S", NULL },
		{ "{student.id}{student.dcid}", NULL },
		{ "{student.id:upper}", NULL },
		{ "{term.firstday}", NULL },
		{ "{student.middle_name|year}", NULL },
		{ "{student.middle_name|term.firstday}", NULL },
	};
	struct err err = { 0 };
	struct roster *roster;
	struct tmpl_rows rows;
	struct tmpl *tmpl;
	size_t i;
	sym cell;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		roster = roster_new();
		tmpl = tmpl_compile(
		    cases[i].text, ALL_TABLES, roster, WHERE, &err);
		assert_non_null(tmpl);
		rows_read(roster, exports);
		rows = rows_of(roster);
		if (tmpl_cell(tmpl, &rows, &cell) != (cases[i].want != NULL))
			fail_msg("%s", cases[i].text);
		if (cases[i].want != NULL)
			assert_int_equal(
			    cell.id, rows_sym(roster, cases[i].want).id);
		tmpl_free(tmpl);
		roster_free(roster);
	}
}

static void
what_is_wrong_is_said_with_its_place_and_a_suggestion(void **state)
{
	static const struct {
		const char *text, *wrong;
	} cases[] = {
		{ "{corse.course_name}",
		    "no \"corse\" here; did you mean \"course\"?" },
		{ "{course.corse_name}",
		    "no \"corse_name\" here; did you mean \"course_name\"?" },
		{ "{course.principal}", "no \"principal\" here" },
		{ "{yaer}", "no \"yaer\" here; did you mean \"year\"?" },
		{ "{nonsense}", "no \"nonsense\" here" },
		{ "{}", "no \"\" here" },
		{ "{course.}", "no \"\" here" },
		{ "{.course_name}", "no \"\" here" },
		{ "{course.course_name|}", "no \"\" here" },
		{ "a{course.course_name", "a \"{\" is never closed" },
		{ "{{{", "a \"{\" is never closed" },
		{ "{course.course_name:uper}", "no filter \":uper\"" },
		{ "{course.course_name:}", "no filter \":\"" },
		{ "{course.course_name:upper:lower}",
		    "no filter \":upper:lower\"" },
		{ "{year|year|year|year|year|year|year|year|year}",
		    "more than 8 fields between two braces" },
		/* It is there, but not to be reached from a course. */
		{ "{student.dcid}", "no \"student\" here" },
	};
	struct roster *roster;
	char want[256];
	size_t i;

	(void)state;
	roster = roster_new();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		assert_null(tmpl_compile(cases[i].text,
		    BIT(T_COURSE) | BIT(T_SECTION), roster, WHERE, &err));
		assert_int_equal(err.code, EXIT_SETTINGS);
		strcpy(want, WHERE ": ");
		strcat(want, cases[i].wrong);
		assert_string_equal(err.msg, want);
		assert_true(strlen(err.hint) > 10);
	}
	roster_free(roster);
}

static void
a_table_without_a_column_is_not_told_to_be_itself(void **state)
{
	struct err err = { 0 };
	struct roster *roster;

	(void)state;
	roster = roster_new();
	assert_null(tmpl_compile("{course}", ALL_TABLES, roster, WHERE, &err));
	assert_int_equal(err.code, EXIT_SETTINGS);
	assert_non_null(strstr(err.msg, "\"course\""));
	assert_null(strstr(err.msg, "did you mean \"course\"?"));
	roster_free(roster);
}

static void
every_field_of_the_schema_can_be_named_and_is_then_wanted(void **state)
{
	struct err err = { 0 };
	struct roster *roster;
	struct tmpl *tmpl;
	char text[128];
	size_t t, f;

	(void)state;
	roster = roster_new();
	for (t = 0; t < TABLES; t++) {
		for (f = 0; schema[t].fields[f].name != NULL; f++) {
			snprintf(text, sizeof(text), "{%s.%s}", schema[t].word,
			    schema[t].fields[f].name);
			roster->tables[t].wanted[f] = false;
			tmpl = tmpl_compile(
			    text, ALL_TABLES, roster, WHERE, &err);
			assert_non_null(tmpl);
			assert_true(roster->tables[t].wanted[f]);
			tmpl_free(tmpl);
		}
	}
	roster_free(roster);
	tmpl_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    fields_and_text_stand_in_the_order_of_the_template),
		cmocka_unit_test(the_first_field_that_is_filled_is_taken),
		cmocka_unit_test(a_field_that_is_blank_is_told),
		cmocka_unit_test(filters_change_the_whole_text_of_a_field),
		cmocka_unit_test(a_doubled_brace_is_a_brace),
		cmocka_unit_test(blanks_at_both_ends_are_cut_and_inside_kept),
		cmocka_unit_test(a_date_is_written_year_first),
		cmocka_unit_test(a_missing_course_reads_as_its_number),
		cmocka_unit_test(
		    a_template_of_text_fields_alone_gives_their_cell),
		cmocka_unit_test(
		    what_is_wrong_is_said_with_its_place_and_a_suggestion),
		cmocka_unit_test(
		    a_table_without_a_column_is_not_told_to_be_itself),
		cmocka_unit_test(
		    every_field_of_the_schema_can_be_named_and_is_then_wanted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
