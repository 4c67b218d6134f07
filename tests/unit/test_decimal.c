#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "grades/decimal.h"

#define DIGITS_64                                                              \
	"9999999999999999999999999999999999999999999999999999999999999999"

static const char *
read_and_write(const char *text, char *out)
{
	struct decimal number;

	if (decimal_parse(text, strlen(text), &number) != 0)
		return "?";
	return decimal_text(&number, out);
}

static void
json_numbers_are_read_digit_by_digit(void **state)
{
	static const struct {
		const char *text, *want; /* ?: refused */
	} cases[] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "-0.00", "0" },
		{ "7", "7" },
		{ "20.0", "20" },
		{ "85.50", "85.5" },
		{ "-0.5", "-0.5" },
		{ "007", "7" },
		{ "8.333333333333334", "8.333333333333334" },
		{ "0.1000000000000000055511151231257827",
		    "0.1000000000000000055511151231257827" },
		{ "1e2", "100" },
		{ "1E+2", "100" },
		{ "1.5e1", "15" },
		{ "1.25e1", "12.5" },
		{ "1e-2", "0.01" },
		{ "5.551115123125783e-17",
		    "0.00000000000000005551115123125783" },
		{ "0e999999999999", "0" },
		{ DIGITS_64, DIGITS_64 },
		{ DIGITS_64 "9", "?" },
		{ DIGITS_64 "0", "?" },
		{ "1e63",
		    "10000000000000000000000000000000000000000000000"
		    "00000000000000000" },
		{ "1e64", "?" },
		{ "1e-64",
		    "0.00000000000000000000000000000000000000000000000"
		    "00000000000000001" },
		{ "1e-65", "?" },
		{ "1e99999999999999999999", "?" },
		{ "1e-99999999999999999999", "?" },
		{ "", "?" },
		{ "-", "?" },
		{ ".", "?" },
		{ ".5", "?" },
		{ "5.", "?" },
		{ "5.e1", "?" },
		{ "1e", "?" },
		{ "1e+", "?" },
		{ "1e1.5", "?" },
		{ "+1", "?" },
		{ "1.2.3", "?" },
		{ "1,5", "?" },
		{ " 1", "?" },
		{ "1 ", "?" },
		{ "NaN", "?" },
		{ "0x10", "?" },
		{ "A-", "?" },
	};
	char out[DECIMAL_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    read_and_write(cases[i].text, out), cases[i].want);
}

static void
in_a_cell_the_last_mark_is_the_decimal_mark(void **state)
{
	static const struct {
		const char *text, *want;
		bool percent;
	} cases[] = {
		{ "85.00", "85", false },
		{ "8,50", "8.5", false },
		{ "1.234,5", "1234.5", false },
		{ "1,234.50", "1234.5", false },
		{ "1,234", "1.234", false },
		{ "1.234.567", "1234.567", false },
		{ "1,234,567", "1234.567", false },
		{ "-3,25", "-3.25", false },
		{ "85%", "85", true },
		{ "85,5%", "85.5", true },
		{ "-1.5%", "-1.5", true },
		{ " 12.00 ", "12", false },
		{ ".5", "0.5", false },
		{ ",5", "0.5", false },
		{ "-.5", "-0.5", false },
		{ "5.", "5", false },
		{ "0", "0", false },
		{ "-0.00", "0", false },
		{ "", "?", false },
		{ " ", "?", false },
		{ "-", "?", false },
		{ "%", "?", false },
		{ ".", "?", false },
		{ "-,", "?", false },
		{ "--1", "?", false },
		{ "+1", "?", false },
		{ "1-", "?", false },
		{ "5%%", "?", false },
		{ "1 234", "?", false },
		{ "1e2", "?", false },
		{ "EX", "?", false },
		{ "N/A", "?", false },
		{ "A", "?", false },
		{ "18/20", "?", false },
	};
	struct decimal number;
	char out[DECIMAL_TEXT_SIZE];
	bool percent;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (decimal_parse_cell(cases[i].text, strlen(cases[i].text),
			&number, &percent) != 0) {
			assert_string_equal("?", cases[i].want);
			continue;
		}
		assert_string_equal(decimal_text(&number, out), cases[i].want);
		assert_int_equal(percent, cases[i].percent);
	}
}

static struct decimal
number_of(const char *text)
{
	struct decimal number;

	assert_int_equal(decimal_parse(text, strlen(text), &number), 0);
	return number;
}

/* The result of a op b, written; ?: refused. */
static const char *
work_out(
    const char *left, char op, const char *right, unsigned places, char *out)
{
	struct decimal a, b;
	int failed;

	a = number_of(left);
	b = number_of(right);
	switch (op) {
	case '+':
		failed = decimal_add(&a, &b, &a);
		break;
	case '-':
		failed = decimal_subtract(&a, &b, &a);
		break;
	case '*':
		failed = decimal_multiply(&a, &b, &a);
		break;
	case '/':
		failed = decimal_divide(&a, &b, places, &a);
		break;
	default:
		failed = decimal_percent(&a, &b, places, &a);
		break;
	}
	return failed != 0 ? "?" : decimal_text(&a, out);
}

static void
arithmetic_is_exact_or_refused(void **state)
{
	static const struct {
		const char *left;
		char op;
		const char *right;
		unsigned places;
		const char *want;
	} cases[] = {
		{ "0.1", '+', "0.2", 0, "0.3" },
		{ "99.99", '+', "0.01", 0, "100" },
		{ "5", '+', "-5", 0, "0" },
		{ "-5", '+', "2", 0, "-3" },
		{ "2", '-', "5", 0, "-3" },
		{ "1", '-', "0.001", 0, "0.999" },
		{ "-1", '-', "-1.5", 0, "0.5" },
		{ "0", '-', "0", 0, "0" },
		{ "1e60", '+', "1e-3", 0,
		    "1000000000000000000000000000000000000000000000000000000"
		    "000000.001" },
		{ "1e60", '+', "1e-4", 0, "?" },
		{ DIGITS_64, '+', "1", 0, "?" },
		{ "1.5", '*', "-2", 0, "-3" },
		{ "0.25", '*', "0.5", 0, "0.125" },
		{ "9999", '*', "9999", 0, "99980001" },
		{ "0", '*', "-3", 0, "0" },
		{ DIGITS_64, '*', "10", 0, "?" },
		{ "1", '/', "3", 4, "0.3333" },
		{ "2", '/', "3", 4, "0.6667" },
		{ "1", '/', "8", 2, "0.13" },
		{ "-1", '/', "8", 2, "-0.13" },
		{ "10", '/', "4", 0, "3" },
		{ "1", '/', "0", 2, "?" },
		{ "0", '/', "7", 2, "0" },
		{ "0.004", '/', "1", 2, "0" },
		{ "0.005", '/', "1", 2, "0.01" },
		{ "0.00001", '/', "1000", 2, "0" },
		{ "14", '%', "15", 2, "93.33" },
		{ "8.333333333333334", '%', "10", 2, "83.33" },
		{ "12", '%', "10", 2, "120" },
		{ "9.995", '%', "1000", 2, "1" },
		{ "1", '%', "1", 64, "100" },
		{ "1", '%', "3", 65, "?" },
		{ "1", '%', "0", 2, "?" },
	};
	char out[DECIMAL_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(work_out(cases[i].left, cases[i].op,
					cases[i].right, cases[i].places, out),
		    cases[i].want);
}

static void
rounding_is_half_up_and_points_keep_one_decimal(void **state)
{
	static const struct {
		const char *text;
		unsigned places;
		const char *score, *points;
	} cases[] = {
		{ "8.333333333333334", 2, "8.33", "8.33" },
		{ "0.125", 2, "0.13", "0.13" },
		{ "-0.125", 2, "-0.13", "-0.13" },
		{ "2.675", 2, "2.68", "2.68" },
		{ "1.005", 2, "1.01", "1.01" },
		{ "99.995", 2, "100", "100.0" },
		{ "0.004", 2, "0", "0.0" },
		{ "-0.004", 2, "0", "0.0" },
		{ "0.005", 2, "0.01", "0.01" },
		{ "0.5", 0, "1", "1.0" },
		{ "0.0000005", 0, "0", "0.0" },
		{ "20", 2, "20", "20.0" },
		{ "7.50", 2, "7.5", "7.5" },
		{ "2.25", 2, "2.25", "2.25" },
		{ "100", 0, "100", "100.0" },
		{ "1e63", 2, NULL, NULL },
	};
	struct decimal number;
	char out[DECIMAL_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		number = number_of(cases[i].text);
		assert_int_equal(decimal_round(&number, cases[i].places), 0);
		if (cases[i].score == NULL) {
			assert_int_equal(
			    strlen(decimal_points_text(&number, out)), 66);
			continue;
		}
		assert_string_equal(decimal_text(&number, out), cases[i].score);
		assert_string_equal(
		    decimal_points_text(&number, out), cases[i].points);
	}
}

static void
numbers_compare_by_value(void **state)
{
	static const char *const rising[] = { "-1e9", "-12", "-2.5", "-0.01",
		"0", "0.001", "0.01", "0.1", "1", "1.01", "9.99", "10", "99",
		"100", "1e9" };
	const size_t n = sizeof(rising) / sizeof(rising[0]);
	struct decimal a, b;
	size_t i, j;
	int order;

	(void)state;
	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			a = number_of(rising[i]);
			b = number_of(rising[j]);
			order = decimal_compare(&a, &b);
			assert_int_equal(
			    (order > 0) - (order < 0), (i > j) - (i < j));
		}
		assert_int_equal(decimal_is_zero(&a),
		    rising[i][0] == '0' && rising[i][1] == '\0');
	}
}

/* Checked against python's decimal by tests/e2e/decimal.sh. */
static int
answer_lines(void)
{
	char line[512], left[128], right[128], out[DECIMAL_TEXT_SIZE];
	struct decimal a, b;
	unsigned places;
	char op;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (sscanf(line, "%127s %c %127s %u", left, &op, right,
			&places) != 4)
			return 1;
		if (op == 'r') {
			a = number_of(left);
			puts(decimal_round(&a, places) != 0 ?
				"?" :
				decimal_text(&a, out));
		} else if (op == 'c') {
			a = number_of(left);
			b = number_of(right);
			printf("%d\n", decimal_compare(&a, &b));
		} else {
			puts(work_out(left, op, right, places, out));
		}
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_numbers_are_read_digit_by_digit),
		cmocka_unit_test(in_a_cell_the_last_mark_is_the_decimal_mark),
		cmocka_unit_test(arithmetic_is_exact_or_refused),
		cmocka_unit_test(
		    rounding_is_half_up_and_points_keep_one_decimal),
		cmocka_unit_test(numbers_compare_by_value),
	};

	if (argc > 1 && strcmp(argv[1], "--answer") == 0)
		return answer_lines();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
