#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rows.h"
#include "roster/fate.h"
#include "roster/student_email.h"

#define STUDENTS                                                               \
	"dcid,id,first_name,last_name,schoolid,enroll_status\n"                \
	"71,7,Ann,Ash,100,0\n81,8,Ben,Birch,100,0\n"

/*
 * The rows of studentemail, what of each becomes (U used, M merged, S
 * skipped), and the rows that the students 7 (dcid 71) and 8 (81) get.
 */
static const struct {
	const char *text, *fates, *chosen;
} cases[] = {
	{ "studentid,email\n7,a@x\n8,b@x\n", "UU", "01" },
	{ "studentsdcid,email\n81,a@x\n71,b@x\n", "UU", "10" },
	{ "studentid,email\n7,a@x\n", "U", "0-" },
	/* The id goes before the dcid. */
	{ "studentid,studentsdcid,email\n7,81,a@x\n,81,b@x\n", "UU", "01" },
	{ "studentid,studentsdcid,email\n99,81,a@x\n", "U", "-0" },
	/* A row that no student takes is skipped. */
	{ "studentid,email\n9,a@x\n71,b@x\n,c@x\n", "SSS", "--" },
	/* A filled address before a blank one, then a primary one. */
	{ "studentid,email\n7,\n7,b@x\n", "MU", "1-" },
	{ "studentid,email,isprimary\n7,,1\n7,b@x,0\n", "MU", "1-" },
	{ "studentid,email,isprimary\n7,a@x,0\n7,b@x,1\n", "MU", "1-" },
	{ "studentid,email,isprimary\n7,b@x,1\n7,a@x,0\n", "UM", "0-" },
	{ "studentid,email,primary\n7,a@x,\n7,b@x,Yes\n", "MU", "1-" },
	{ "studentid,email,isprimary\n7,a@x,N\n7,b@x,TRUE\n", "MU", "1-" },
	{ "studentid,email,isprimary\n7,a@x,2\n7,b@x,y\n", "MU", "1-" },
	/* Of equals the address that sorts first. */
	{ "studentid,email\n7,b@x\n7,a@x\n7,c@x\n", "MUM", "1-" },
	{ "studentid,email,isprimary\n7,b@x,1\n7,a@x,1\n", "MU", "1-" },
	{ "studentid,email\n7,ab@x\n7,a@x\n", "MU", "1-" },
	{ "studentid,email\n7,a@xy\n7,a@x\n", "MU", "1-" },
	/* The first of the address columns that is filled. */
	{ "studentid,email,email_addr,student_email\n7,,,b@x\n7,,a@x,z@x\n",
	    "MU", "1-" },
};

static void
a_student_gets_the_best_row(void **state)
{
	struct export exports[] = { { "students.csv", STUDENTS },
		{ "studentemail.csv", NULL }, { 0 } };
	struct findings findings = { 0 };
	struct roster *roster;
	const struct table *table;
	uint32_t *chosen;
	size_t i, row;
	char got[8];

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		exports[1].text = cases[i].text;
		roster = rows_sealed(exports, &findings);
		chosen = student_email_choose(roster);
		table = &roster->tables[T_STUDENTEMAIL];
		for (row = 0; row < table->nrows; row++) {
			got[row] = "UMHS"[table->states[row]];
			if (got[row] == 'S')
				assert_int_equal(
				    table->reasons[row], REASON_UNUSED);
		}
		got[row] = '\0';
		assert_string_equal(got, cases[i].fates);
		for (row = 0; row < 2; row++)
			got[row] = chosen[row] == ROW_NONE ?
			    '-' :
			    (char)('0' + chosen[row]);
		got[2] = '\0';
		if (strcmp(got, cases[i].chosen) != 0)
			fail_msg("case %zu chose %s", i, got);
		free(chosen);
		roster_free(roster);
	}
	assert_int_equal(findings.count, 0);
}

static void
a_student_who_is_not_in_scope_takes_no_row(void **state)
{
	static const struct export exports[] = { { "students.csv", STUDENTS },
		{ "studentemail.csv", "studentid,email\n7,a@x\n8,b@x\n" },
		{ 0 } };
	struct findings findings = { 0 };
	struct roster *roster;
	uint32_t *chosen;

	(void)state;
	roster = rows_sealed(exports, &findings);
	fate_skip(&roster->tables[T_STUDENT], 0, REASON_EXCLUDED);
	chosen = student_email_choose(roster);
	assert_int_equal(chosen[0], ROW_NONE);
	assert_int_equal(chosen[1], 1);
	assert_int_equal(
	    fate_of(&roster->tables[T_STUDENTEMAIL], 0), ROW_SKIPPED);
	free(chosen);
	roster_free(roster);
}

static void
without_the_table_no_student_has_a_row(void **state)
{
	static const struct export exports[] = { { "students.csv", STUDENTS },
		{ 0 } };
	struct findings findings = { 0 };
	struct roster *roster;
	uint32_t *chosen;

	(void)state;
	roster = rows_sealed(exports, &findings);
	chosen = student_email_choose(roster);
	assert_int_equal(chosen[0], ROW_NONE);
	assert_int_equal(chosen[1], ROW_NONE);
	free(chosen);
	roster_free(roster);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_student_gets_the_best_row),
		cmocka_unit_test(a_student_who_is_not_in_scope_takes_no_row),
		cmocka_unit_test(without_the_table_no_student_has_a_row),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
