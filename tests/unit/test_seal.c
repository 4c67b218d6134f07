#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rows.h"
#include "roster/fate.h"

/* Every row's fate in its order: U used, M merged, H held. */
static void
assert_fates(
    const char *file, const char *text, enum table_id t, const char *want)
{
	const struct export exports[] = { { file, text }, { 0 } };
	struct findings findings = { 0 };
	struct roster *roster;
	char got[32];
	size_t row, held;

	roster = rows_sealed(exports, &findings);
	held = 0;
	for (row = 0; row < roster->tables[t].nrows; row++) {
		got[row] = "UMHS"[roster->tables[t].states[row]];
		held += got[row] == 'H';
	}
	got[row] = '\0';
	if (strcmp(got, want) != 0)
		fail_msg("%s%s gives %s", file, text, got);
	/* Each held row is a finding of its own. */
	assert_int_equal(findings.count, held);
	assert_int_equal(findings.by_rule[RULE_SRC_DUPLICATE], held);
	findings_free(&findings);
	roster_free(roster);
}

static void
equal_rows_are_merged_and_different_ones_all_held(void **state)
{
	static const char h[] = "school_number,name\n";
	static const struct {
		const char *rows, *want;
	} cases[] = {
		{ "1,A\n2,B\n", "UU" },
		{ "1,A\n1,A\n", "UM" },
		{ "1,A\n1,A\n1,A\n", "UMM" },
		{ "1,A\n1,B\n", "HH" },
		{ "1,A\n2,C\n1,A\n1,B\n", "HUHH" },
		{ "1,A\n1,B\n1,A\n", "HHH" },
		/* A key is its text: 01 is not 1. */
		{ "1,A\n01,B\n", "UU" },
		{ "A1,A\nA1,B\n", "HH" },
		{ "a,A\nA,B\n", "UU" },
		/* After cleaning, blanks and references make no difference. */
		{ "1,A\n 1 ,&#65;\n", "UM" },
		{ "1,\n1,A\n", "HH" },
		/* Blank keys are not compared. */
		{ ",A\n,B\n,A\n", "UUU" },
		{ "0,A\n0,B\n", "HH" },
	};
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(text, h);
		strcat(text, cases[i].rows);
		assert_fates("schools.csv", text, T_SCHOOL, cases[i].want);
	}
}

static void
terms_are_known_by_school_and_id(void **state)
{
	static const char h[] = "id,schoolid,yearid,name,firstday,lastday\n";
	static const struct {
		const char *rows, *want;
	} cases[] = {
		{ "3600,1,36,Y,8/1/2026,6/1/2027\n"
		  "3600,2,36,Z,8/1/2026,6/1/2027\n",
		    "UU" },
		{ "3600,1,36,Y,8/1/2026,6/1/2027\n"
		  "3600,1,36,Z,8/1/2026,6/1/2027\n",
		    "HH" },
		/* Dates are compared by value. */
		{ "3600,1,36,Y,8/1/2026,6/1/2027\n"
		  "3600,1,36,Y,2026-08-01,06/01/2027\n",
		    "UM" },
		{ "3600,1,36,Y,8/1/2026,6/1/2027\n"
		  "3600,1,36,Y,8/1/2026,6/2/2027\n",
		    "HH" },
		/* The minus sign is content, not key. */
		{ "3600,1,36,Y,8/1/2026,6/1/2027\n"
		  "-3600,1,36,Y,8/1/2026,6/1/2027\n",
		    "HH" },
		/* 1 and 13600 must not be mistaken for 11 and 3600. */
		{ "13600,1,36,Y,8/1/2026,6/1/2027\n"
		  "3600,11,36,Z,8/1/2026,6/1/2027\n",
		    "UU" },
		{ "5,10,36,Y,8/1/2026,6/1/2027\n"
		  "05,1,36,Z,8/1/2026,6/1/2027\n",
		    "UU" },
		{ "3600,,36,Y,8/1/2026,6/1/2027\n"
		  "3600,,36,Z,8/1/2026,6/1/2027\n",
		    "UU" },
	};
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(text, h);
		strcat(text, cases[i].rows);
		assert_fates("terms.csv", text, T_TERM, cases[i].want);
	}
}

/* Mapping 7: dcid is no content of cc, sectionteacher and schoolstaff. */
static void
the_dcid_of_a_link_row_is_not_compared(void **state)
{
	(void)state;
	assert_fates("cc.csv",
	    "id,dcid,studentid,sectionid,dateenrolled,"
	    "dateleft\n5,1,7,8,8/1/2026,6/1/2027\n"
	    "5,2,7,8,8/1/2026,6/1/2027\n",
	    T_CC, "UM");
	assert_fates("sectionteacher.csv",
	    "id,dcid,sectionid,teacherid\n"
	    "5,1,7,8\n5,2,7,8\n",
	    T_SECTIONTEACHER, "UM");
	assert_fates("schoolstaff.csv",
	    "id,dcid,users_dcid,schoolid\n"
	    "5,1,7,8\n5,2,7,8\n",
	    T_SCHOOLSTAFF, "UM");
	assert_fates("users.csv",
	    "dcid,first_name,last_name\n"
	    "1,A,B\n1,A,B\n1,A,C\n",
	    T_USER, "HHH");
}

/* A finding names such a row by its dcid, else by its id. */
static void
afterwards_one_column_names_a_link_row(void **state)
{
	static const struct export exports[] = {
		{ "cc.csv",
		    "id,dcid,studentid,sectionid,dateenrolled,"
		    "dateleft\n5,1,7,8,8/1/2026,6/1/2027\n"
		    "6,,7,8,8/1/2026,6/1/2027\n" },
		{ "sectionteacher.csv", "id,sectionid,teacherid\n9,7,8\n" },
		{ 0 }
	};
	struct findings findings = { 0 };
	struct roster *roster;

	(void)state;
	roster = rows_sealed(exports, &findings);
	rows_assert_cell(roster, T_CC, CC_DCID, 0, "1");
	rows_assert_cell(roster, T_CC, CC_DCID, 1, "6");
	rows_assert_cell(roster, T_SECTIONTEACHER, SECTIONTEACHER_DCID, 0, "9");
	assert_null(roster->tables[T_CC].columns[CC_ID]);
	roster_free(roster);
}

static void
a_blank_staff_status_is_1(void **state)
{
	static const struct export exports[] = {
		{ "schoolstaff.csv",
		    "id,users_dcid,schoolid,status\n1,2,3,\n1,2,3,1\n"
		    "4,2,3,2\n" },
		{ 0 }
	};
	struct findings findings = { 0 };
	struct roster *roster;

	(void)state;
	roster = rows_sealed(exports, &findings);
	rows_assert_cell(roster, T_SCHOOLSTAFF, SCHOOLSTAFF_STATUS, 0, "1");
	rows_assert_cell(roster, T_SCHOOLSTAFF, SCHOOLSTAFF_STATUS, 2, "2");
	assert_int_equal(
	    fate_of(&roster->tables[T_SCHOOLSTAFF], 1), ROW_MERGED);
	assert_int_equal(findings.count, 0);
	roster_free(roster);
}

static void
columns_that_nobody_maps_are_not_compared(void **state)
{
	(void)state;
	assert_fates("schools.csv",
	    "school_number,name,principal,low_grade\n"
	    "1,A,x,0\n1,A,y,6\n",
	    T_SCHOOL, "UM");
}

static void
rows_without_a_key_are_never_duplicates(void **state)
{
	(void)state;
	assert_fates("studentemail.csv",
	    "studentid,email\n1,a@x\n1,b@x\n"
	    "1,a@x\n",
	    T_STUDENTEMAIL, "UUU");
	assert_fates("cc.csv",
	    "studentid,sectionid,dateenrolled,dateleft\n"
	    "7,8,8/1/2026,6/1/2027\n7,8,8/1/2026,6/1/2027\n",
	    T_CC, "UU");
}

static void
rows_are_found_by_their_key_afterwards(void **state)
{
	static const struct export exports[] = {
		{ "schools.csv", "school_number,name\n100,A\n200,B\n" },
		{ "terms.csv",
		    "id,schoolid,yearid,name,firstday,lastday\n"
		    "3600,100,36,Y,8/1/2026,6/1/2027\n"
		    "3600,200,36,Y,8/1/2026,6/1/2027\n" },
		{ 0 }
	};
	struct findings findings = { 0 };
	struct roster *roster;
	sym id;

	(void)state;
	roster = rows_sealed(exports, &findings);
	id = rows_sym(roster, "3600");
	assert_int_equal(key_index_find(&roster->tables[T_SCHOOL].index,
			     rows_sym(roster, "200")),
	    1);
	assert_int_equal(
	    key_index_find(&roster->tables[T_TERM].index,
		seal_term_key(roster, rows_sym(roster, "200"), id)),
	    1);
	assert_int_equal(
	    key_index_find(&roster->tables[T_TERM].index,
		seal_term_key(roster, rows_sym(roster, "300"), id)),
	    ROW_NONE);
	assert_int_equal(seal_term_key(roster, (sym){ 0 }, id).id, 0);
	assert_int_equal(seal_term_key(roster, id, (sym){ 0 }).id, 0);
	assert_int_equal(findings.count, 0);
	roster_free(roster);
}

static void
a_term_key_may_be_long(void **state)
{
	struct roster *roster;
	char text[101];
	sym id, key;

	(void)state;
	roster = roster_new();
	memset(text, 'x', 100);
	text[100] = '\0';
	id = rows_sym(roster, text);
	key = seal_term_key(roster, id, id);
	assert_int_not_equal(key.id, 0);
	text[99] = 'y';
	assert_int_not_equal(
	    seal_term_key(roster, id, rows_sym(roster, text)).id, key.id);
	roster_free(roster);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    equal_rows_are_merged_and_different_ones_all_held),
		cmocka_unit_test(terms_are_known_by_school_and_id),
		cmocka_unit_test(the_dcid_of_a_link_row_is_not_compared),
		cmocka_unit_test(afterwards_one_column_names_a_link_row),
		cmocka_unit_test(a_blank_staff_status_is_1),
		cmocka_unit_test(columns_that_nobody_maps_are_not_compared),
		cmocka_unit_test(rows_without_a_key_are_never_duplicates),
		cmocka_unit_test(rows_are_found_by_their_key_afterwards),
		cmocka_unit_test(a_term_key_may_be_long),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
