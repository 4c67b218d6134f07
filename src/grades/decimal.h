#ifndef GRADES_DECIMAL_H
#define GRADES_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decimal numbers, digit by digit and never in binary floating point, so that
 * a score is what Canvas showed (grades A5, rule 4). A number that does not
 * fit is refused, never changed: DECIMAL_DIGITS holds any number that a
 * double of everyday size prints, with room for sums and shares.
 */

#define DECIMAL_DIGITS 64 /* of one number; as many behind the mark */
#define DECIMAL_TEXT_SIZE (DECIMAL_DIGITS + 8) /* sign, mark, zeros, NUL */

/*
 * digits[0..count) is the number without its mark, the first digit first,
 * and scale says how many of them stand behind the mark. In its one form: no
 * zeros in front, none behind the mark at the end; zero has no digits and no
 * sign. A zeroed struct is 0.
 */
struct decimal {
	bool negative;
	uint8_t count, scale;
	uint8_t digits[DECIMAL_DIGITS];
};

/*
 * Reads a number as JSON writes it: 7, -0.5, 1e2, 8.333333333333334. Returns
 * 0, or -1 for what is not one or does not fit.
 */
int decimal_parse(const char *bytes, size_t len, struct decimal *number);

/*
 * Reads a cell of a Gradebook CSV (grades B1.5) as Canvas's importer does:
 * the last of . and , is the decimal mark and the others vanish, so 1.234,5
 * is 1234.5 and 1,234 is 1.234; *percent (may be NULL) says whether a % stood
 * behind it. Blanks around it do not count. Returns 0, or -1 for what is not
 * a number or does not fit.
 */
int decimal_parse_cell(
    const char *bytes, size_t len, struct decimal *number, bool *percent);

/* Below 0, 0, or above 0, as a is less than, equal to or more than b. */
int decimal_compare(const struct decimal *a, const struct decimal *b);

bool decimal_is_zero(const struct decimal *number);

/* Exact; result may be a or b. Return 0, or -1 when it does not fit. */
int decimal_add(
    const struct decimal *a, const struct decimal *b, struct decimal *result);
int decimal_subtract(
    const struct decimal *a, const struct decimal *b, struct decimal *result);
int decimal_multiply(
    const struct decimal *a, const struct decimal *b, struct decimal *result);

/*
 * a / b, and a / b * 100, to that many places, half-up. Returns 0, or -1 when
 * b is 0 or the result does not fit; result may be a or b.
 */
int decimal_divide(const struct decimal *a, const struct decimal *b,
    unsigned places, struct decimal *result);
int decimal_percent(const struct decimal *a, const struct decimal *b,
    unsigned places, struct decimal *result);

/*
 * Keeps that many places, half-up: 0.125 becomes 0.13, and a negative number
 * goes away from 0 (-0.125 becomes -0.13). Returns 0, or -1 when the result
 * does not fit.
 */
int decimal_round(struct decimal *number, unsigned places);

/*
 * Writes the shortest form, without exponent: 18.5, 22, 0.07. text has room
 * for DECIMAL_TEXT_SIZE bytes; returns it.
 */
char *decimal_text(const struct decimal *number, char *text);

/* The same with one decimal at least: 20.0, 7.5, 2.25 (grades A5, rule 3). */
char *decimal_points_text(const struct decimal *number, char *text);

#endif
