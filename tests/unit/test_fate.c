#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "roster/fate.h"

/* Mapping 2 and its readings: the words stand in the manifest. */
static void
reasons_have_the_words_of_the_mapping(void **state)
{
	static const struct {
		enum reason reason;
		const char *name;
	} cases[] = {
		{ REASON_NONE, "" },
		{ REASON_DISTRICT_OFFICE, "district-office" },
		{ REASON_GRADUATED, "graduated" },
		{ REASON_EXCLUDED, "excluded" },
		{ REASON_OTHER_YEAR, "other-year" },
		{ REASON_SCHOOL_OUT_OF_SCOPE, "school-out-of-scope" },
		{ REASON_UNUSED, "unused" },
		{ REASON_SECTION_OUT_OF_SCOPE, "section-out-of-scope" },
		{ REASON_ENDED, "ended" },
		{ REASON_ROLE, "role" },
		{ REASON_NO_STAFF, "no-staff" },
		{ REASON_STAFF_OUT_OF_SCOPE, "staff-out-of-scope" },
		{ REASON_ZERO_DAY, "zero-day" },
		{ REASON_DROPPED, "dropped" },
		{ REASON_STUDENT_OUT_OF_SCOPE, "student-out-of-scope" },
		{ REASON_NO_ENROLLMENT, "no-enrollment" },
		{ REASON_PRE_REGISTERED, "pre-registered" },
		{ REASON_NO_USER, "no-user" },
		{ REASON_NO_SCHOOL, "no-school" },
		{ REASON_INACTIVE, "inactive" },
		{ REASON_NOT_TEACHING, "not-teaching" },
	};
	size_t i;

	(void)state;
	assert_int_equal(sizeof(cases) / sizeof(cases[0]), REASONS);
	for (i = 0; i < REASONS; i++) {
		assert_int_equal(cases[i].reason, i);
		assert_string_equal(reason_names[i], cases[i].name);
	}
}

static void
rows_are_used_merged_held_and_skipped(void **state)
{
	uint8_t states[] = { ROW_USED, ROW_MERGED, ROW_HELD, ROW_USED, ROW_USED,
		ROW_USED, ROW_USED };
	uint8_t reasons[sizeof(states)] = { 0 };
	struct table table = {
		.states = states, .reasons = reasons, .nrows = sizeof(states)
	};
	struct fate_count count;
	uint64_t by_reason;
	size_t i;

	(void)state;
	fate_skip(&table, 4, REASON_ENDED);
	fate_skip(&table, 5, REASON_ENDED);
	fate_skip(&table, 6, REASON_ROLE);
	count = fate_counted(&table);
	assert_int_equal(count.rows, 7);
	assert_int_equal(count.used, 2);
	assert_int_equal(count.merged, 1);
	assert_int_equal(count.held, 1);
	assert_int_equal(count.skipped, 3);
	assert_int_equal(count.by_reason[REASON_ENDED], 2);
	assert_int_equal(count.by_reason[REASON_ROLE], 1);
	for (i = 0, by_reason = 0; i < REASONS; i++)
		by_reason += count.by_reason[i];
	assert_int_equal(by_reason, count.skipped);
}

static void
used_and_held_rows_are_in_scope(void **state)
{
	uint8_t states[] = { ROW_USED, ROW_MERGED, ROW_HELD, ROW_SKIPPED };
	struct table table = { .states = states, .nrows = 4 };

	(void)state;
	assert_true(fate_in_scope(&table, 0));
	assert_false(fate_in_scope(&table, 1));
	assert_true(fate_in_scope(&table, 2));
	assert_false(fate_in_scope(&table, 3));
}

static void
only_an_error_holds_its_row(void **state)
{
	struct findings findings = { 0 };
	uint8_t states[3] = { ROW_USED, ROW_USED, ROW_USED };
	struct roster roster = { 0 };
	uint8_t severity;

	(void)state;
	roster.tables[T_USER].states = states;
	roster.tables[T_USER].nrows = 3;
	for (severity = SEVERITY_ERROR; severity <= SEVERITY_INFO; severity++)
		fate_report(&roster, &findings,
		    (struct finding){ .row = severity,
			.table = T_USER,
			.rule = RULE_NAME_BLANK,
			.severity = severity });
	assert_int_equal(states[SEVERITY_ERROR], ROW_HELD);
	assert_int_equal(states[SEVERITY_WARNING], ROW_USED);
	assert_int_equal(states[SEVERITY_INFO], ROW_USED);
	assert_int_equal(findings.count, 3);
	findings_free(&findings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons_have_the_words_of_the_mapping),
		cmocka_unit_test(rows_are_used_merged_held_and_skipped),
		cmocka_unit_test(used_and_held_rows_are_in_scope),
		cmocka_unit_test(only_an_error_holds_its_row),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
