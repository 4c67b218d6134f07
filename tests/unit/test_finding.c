#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>
#include <cmocka.h>

#include "roster/finding.h"

/* Mapping 6. A row may have another severity than its rule where it says so. */
static void
rules_have_the_codes_and_severities_of_the_mapping(void **state)
{
	static const struct {
		enum rule rule;
		const char *code, *severity;
	} cases[] = {
		{ RULE_SRC_DATE, "SRC-DATE", "error" },
		{ RULE_SRC_CONTROL, "SRC-CONTROL", "warning" },
		{ RULE_SRC_ENTITY, "SRC-ENTITY", "info" },
		{ RULE_SRC_DUPLICATE, "SRC-DUPLICATE", "error" },
		{ RULE_SRC_GAP, "SRC-GAP", "warning" },
		{ RULE_REF_SCHOOL, "REF-SCHOOL", "error" },
		{ RULE_REF_TERM, "REF-TERM", "error" },
		{ RULE_REF_SECTION, "REF-SECTION", "error" },
		{ RULE_REF_STUDENT, "REF-STUDENT", "error" },
		{ RULE_REF_STAFF, "REF-STAFF", "warning" },
		{ RULE_REF_COURSE, "REF-COURSE", "warning" },
		{ RULE_HELD_PARENT, "HELD-PARENT", "error" },
		{ RULE_ID_BLANK, "ID-BLANK", "error" },
		{ RULE_ID_LENGTH, "ID-LENGTH", "error" },
		{ RULE_ID_DUPLICATE, "ID-DUPLICATE", "error" },
		{ RULE_NAME_BLANK, "NAME-BLANK", "error" },
		{ RULE_NAME_LENGTH, "NAME-LENGTH", "error" },
		{ RULE_USER_LOGIN_BLANK, "USER-LOGIN-BLANK", "error" },
		{ RULE_USER_LOGIN_BAD, "USER-LOGIN-BAD", "error" },
		{ RULE_USER_LOGIN_DUPLICATE, "USER-LOGIN-DUPLICATE", "error" },
		{ RULE_USER_EMAIL_BAD, "USER-EMAIL-BAD", "warning" },
		{ RULE_USER_EMAIL_BLANK, "USER-EMAIL-BLANK", "info" },
		{ RULE_TERM_DATES, "TERM-DATES", "warning" },
		{ RULE_SECTION_NO_TEACHER, "SECTION-NO-TEACHER", "warning" },
	};
	size_t i;

	(void)state;
	assert_int_equal(sizeof(cases) / sizeof(cases[0]), RULES);
	for (i = 0; i < RULES; i++) {
		assert_int_equal(cases[i].rule, i);
		assert_string_equal(rules[i].code, cases[i].code);
		assert_string_equal(
		    severity_names[rules[i].severity], cases[i].severity);
	}
}

static bool
is_sentence(const char *text)
{
	size_t len;

	len = strlen(text);
	return len > 10 && text[len - 1] == '.' && text[0] != ' ' &&
	    strstr(text, "  ") == NULL;
}

static void
every_rule_says_what_is_wrong_how_to_fix_it_and_why(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < RULES; i++) {
		/* It stands behind the name of a column: no capital, no dot. */
		assert_true(strlen(rules[i].sentence) > 10);
		assert_true(strchr(rules[i].sentence, '.') == NULL);
		assert_true(is_sentence(rules[i].fix));
		assert_true(is_sentence(rules[i].why));
		for (j = 0; j < i; j++) {
			assert_string_not_equal(rules[i].code, rules[j].code);
			assert_string_not_equal(
			    rules[i].sentence, rules[j].sentence);
			assert_string_not_equal(rules[i].why, rules[j].why);
		}
	}
}

static void
every_output_has_a_name_of_its_own(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < OUTPUTS; i++) {
		assert_non_null(output_names[i]);
		for (j = 0; j < i; j++)
			assert_string_not_equal(
			    output_names[i], output_names[j]);
	}
	assert_true(OUTPUTS <= 32);
}

static void
a_rule_is_found_by_its_code_in_any_case(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < RULES; i++)
		assert_int_equal(rule_of_code(rules[i].code), i);
	assert_int_equal(
	    rule_of_code("user-login-blank"), RULE_USER_LOGIN_BLANK);
	assert_int_equal(rule_of_code("USER-LOGIN"), -1);
	assert_int_equal(rule_of_code(""), -1);
}

static void
findings_are_counted_by_rule_and_severity(void **state)
{
	struct findings findings = { 0 };
	uint32_t row;

	(void)state;
	for (row = 0; row < 1000; row++)
		findings_add(&findings,
		    (struct finding){ .row = row,
			.rule = row % 4 == 0 ? RULE_TERM_DATES : RULE_ID_BLANK,
			.severity = row % 4 == 0 ? SEVERITY_WARNING :
						   SEVERITY_ERROR });
	assert_int_equal(findings.count, 1000);
	assert_int_equal(findings.by_rule[RULE_TERM_DATES], 250);
	assert_int_equal(findings.by_rule[RULE_ID_BLANK], 750);
	assert_int_equal(findings.by_severity[SEVERITY_ERROR], 750);
	assert_int_equal(findings.by_severity[SEVERITY_WARNING], 250);
	assert_int_equal(findings.by_severity[SEVERITY_INFO], 0);
	assert_int_equal(findings.by_both[RULE_ID_BLANK][SEVERITY_ERROR], 750);
	assert_int_equal(findings.by_both[RULE_ID_BLANK][SEVERITY_WARNING], 0);
	assert_int_equal(findings.list[999].row, 999);
	findings_free(&findings);
	assert_int_equal(findings.count, 0);
	findings_free(&findings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    rules_have_the_codes_and_severities_of_the_mapping),
		cmocka_unit_test(
		    every_rule_says_what_is_wrong_how_to_fix_it_and_why),
		cmocka_unit_test(every_output_has_a_name_of_its_own),
		cmocka_unit_test(a_rule_is_found_by_its_code_in_any_case),
		cmocka_unit_test(findings_are_counted_by_rule_and_severity),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
