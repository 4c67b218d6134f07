#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "district.h"
#include "canvas/course_group.h"

#define SECTIONS "dcid,id,course_number,section_number,schoolid,termid\n"

static const char *const mode_course[] = { "courses.mode=course", NULL };

/* Two schools with a year and a semester each, and two courses. */
static struct export changes[] = {
	{ "schools.csv", "school_number,name\n100,Alder\n200,Birch\n" },
	{ "terms.csv",
	    "id,schoolid,yearid,name,firstday,lastday\n"
	    "3600,100,36,Year,2026-08-17,2027-06-04\n"
	    "3601,100,36,S1,2026-08-17,2027-01-20\n"
	    "3600,200,36,Year,2026-08-17,2027-06-04\n" },
	{ "courses.csv",
	    "course_number,course_name\nMA1,Algebra\n"
	    "EN1,English\n" },
	{ "cc.csv", "studentid,sectionid,dateenrolled,dateleft\n" },
	{ "sectionteacher.csv", "sectionid,teacherid\n" },
	{ "sections.csv", NULL }, { 0 }
};

static void
assert_courses(const char *sections, const char *courses, const char *rows)
{
	struct district d;

	changes[5].text = sections;
	district_make(&d, changes, mode_course);
	district_assert_rows(&d, "courses.csv", courses);
	district_assert_rows(&d, "sections.csv", rows);
	district_free(&d);
}

static void
sections_of_one_school_term_and_number_share_a_course(void **state)
{
	(void)state;
	assert_courses(SECTIONS "1,11,MA1,1,100,3600\n2,12,EN1,1,100,3600\n"
				"3,13,MA1,1,200,3600\n4,14,MA1,2,100,3601\n"
				"5,15,MA1,2,100,3600\n6,-16,EN1,2,100,3600\n"
				"7,17,MA1,3,100,3601\n",
	    "crs-100-3600-EN1,EN1,English,100,100-3600,active\n"
	    "crs-100-3600-MA1,MA1,Algebra,100,100-3600,active\n"
	    "crs-100-3601-MA1,MA1,Algebra,100,100-3601,active\n"
	    "crs-200-3600-MA1,MA1,Algebra,200,200-3600,active\n",
	    "sec-1,crs-100-3600-MA1,Algebra (1),active\n"
	    "sec-2,crs-100-3600-EN1,English (1),active\n"
	    "sec-3,crs-200-3600-MA1,Algebra (1),active\n"
	    "sec-4,crs-100-3601-MA1,Algebra (2),active\n"
	    "sec-5,crs-100-3600-MA1,Algebra (2),active\n"
	    "sec-6,crs-100-3600-EN1,English (2),active\n"
	    "sec-7,crs-100-3601-MA1,Algebra (3),active\n");
}

/* The course stays, so that yesterday's lines of the section have it. */
static void
a_held_section_leaves_its_course_there(void **state)
{
	(void)state;
	assert_courses(SECTIONS "1,11,MA1,1,100,3600\n,12,MA1,2,100,3600\n"
				",13,EN1,1,100,3600\n",
	    "crs-100-3600-EN1,EN1,English,100,100-3600,active\n"
	    "crs-100-3600-MA1,MA1,Algebra,100,100-3600,active\n",
	    "sec-1,crs-100-3600-MA1,Algebra (1),active\n");
}

static void
without_a_number_there_is_no_course(void **state)
{
	struct district d;

	(void)state;
	changes[5].text = SECTIONS "1,11,,1,100,3600\n2,12,,2,100,3600\n"
				   "3,13,MA1,1,100,3600\n";
	district_make(&d, changes, mode_course);
	district_assert_rows(&d, "courses.csv",
	    "crs-100-3600-MA1,MA1,Algebra,100,100-3600,active\n");
	assert_int_equal(district_findings(&d, T_SECTION, RULE_ID_BLANK), 2);
	assert_int_equal(district_findings(&d, T_SECTION, RULE_NAME_BLANK), 2);
	assert_int_equal(district_findings(&d, T_SECTION, RULE_REF_COURSE), 0);
	district_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    sections_of_one_school_term_and_number_share_a_course),
		cmocka_unit_test(a_held_section_leaves_its_course_there),
		cmocka_unit_test(without_a_number_there_is_no_course),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
