#include <string.h>

#include "grades/decimal.h"

#define EXPONENT_MAX 1000 /* as far as an exponent is counted */
#define WORK_DIGITS (4 * DECIMAL_DIGITS + 4)

/* A result before it is known to fit: digits as in struct decimal. */
struct work {
	bool negative;
	size_t count;
	long scale; /* below 0: zeros that follow the digits */
	uint8_t digits[WORK_DIGITS];
};

/* Brings a result into its one form; -1 when it does not fit. */
static int
work_settle(const struct work *work, struct decimal *number)
{
	size_t first, end, zeros;
	long scale;

	end = work->count;
	scale = work->scale;
	for (first = 0; first < end && work->digits[first] == 0;)
		first++;
	while (end > first && scale > 0 && work->digits[end - 1] == 0) {
		end--;
		scale--;
	}
	if (first == end) {
		*number = (struct decimal){ 0 };
		return 0;
	}
	zeros = scale < 0 ? (size_t)-scale : 0;
	if (scale > DECIMAL_DIGITS || zeros > DECIMAL_DIGITS ||
	    end - first + zeros > DECIMAL_DIGITS)
		return -1;
	number->negative = work->negative;
	number->count = (uint8_t)(end - first + zeros);
	number->scale = (uint8_t)(scale < 0 ? 0 : scale);
	memcpy(number->digits, work->digits + first, end - first);
	memset(number->digits + (end - first), 0, zeros);
	return 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes a digit in, zeros in front passed over; -1 when there are too many. */
static int
work_digit(struct work *work, char c, bool behind_mark)
{
	if (work->count == WORK_DIGITS)
		return -1;
	if (work->count > 0 || c != '0')
		work->digits[work->count++] = (uint8_t)(c - '0');
	work->scale += behind_mark;
	return 0;
}

/* Reads [+-]digits up to the end of the bytes. */
static int
read_exponent(const char *p, const char *end, long *exponent)
{
	bool negative;

	negative = p < end && *p == '-';
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end)
		return -1;
	for (*exponent = 0; p < end; p++) {
		if (!is_digit(*p))
			return -1;
		if (*exponent < EXPONENT_MAX)
			*exponent = *exponent * 10 + (*p - '0');
	}
	if (negative)
		*exponent = -*exponent;
	return 0;
}

int
decimal_parse(const char *bytes, size_t len, struct decimal *number)
{
	struct work work = { .negative = false };
	const char *p, *end;
	bool mark, digits;
	long exponent;

	p = bytes;
	end = bytes + len;
	if (p < end && *p == '-') {
		work.negative = true;
		p++;
	}
	exponent = 0;
	for (mark = digits = false; p < end; p++) {
		if (*p == '.' && digits && !mark) {
			mark = true;
			continue;
		}
		if (!is_digit(*p))
			break;
		digits = true;
		if (work_digit(&work, *p, mark) != 0)
			return -1;
	}
	if (!digits || (mark && !is_digit(p[-1])))
		return -1;
	if (p < end &&
	    ((*p != 'e' && *p != 'E') ||
		read_exponent(p + 1, end, &exponent) != 0))
		return -1;
	work.scale -= exponent;
	return work_settle(&work, number);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

int
decimal_parse_cell(
    const char *bytes, size_t len, struct decimal *number, bool *percent)
{
	struct work work = { .negative = false };
	const char *p, *end, *mark;
	bool digits, share;

	p = bytes;
	end = bytes + len;
	while (p < end && is_blank(*p))
		p++;
	while (end > p && is_blank(end[-1]))
		end--;
	share = end > p && end[-1] == '%';
	end -= share;
	work.negative = p < end && *p == '-';
	p += work.negative;
	for (mark = end; mark > p && mark[-1] != '.' && mark[-1] != ',';)
		mark--;
	if (mark == p)
		mark = end; /* no mark */
	for (digits = false; p < end; p++) {
		if (*p == '.' || *p == ',')
			continue;
		if (!is_digit(*p) || work_digit(&work, *p, p >= mark) != 0)
			return -1;
		digits = true;
	}
	if (percent != NULL)
		*percent = share;
	return digits ? work_settle(&work, number) : -1;
}

/* Digits of both before the mark, the more of the two. */
static size_t
whole_digits(const struct decimal *a, const struct decimal *b)
{
	long x, y;

	x = (long)a->count - a->scale;
	y = (long)b->count - b->scale;
	if (x < y)
		x = y;
	return x < 0 ? 0 : (size_t)x;
}

/* The digit that stands at place (0: first behind the mark, -1: ones). */
static uint8_t
digit_at(const struct decimal *number, long place)
{
	long i;

	i = (long)number->count - number->scale + place;
	return i < 0 || i >= number->count ? 0 : number->digits[i];
}

static int
compare_sizes(const struct decimal *a, const struct decimal *b)
{
	long place, end;
	uint8_t x, y;

	end = a->scale > b->scale ? a->scale : b->scale;
	for (place = -(long)whole_digits(a, b); place < end; place++) {
		x = digit_at(a, place);
		y = digit_at(b, place);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

int
decimal_compare(const struct decimal *a, const struct decimal *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	return a->negative ? compare_sizes(b, a) : compare_sizes(a, b);
}

bool
decimal_is_zero(const struct decimal *number)
{
	return number->count == 0;
}

/* a plus or minus b without their signs; for minus, a is not the less. */
static void
combine_sizes(const struct decimal *a, const struct decimal *b, bool minus,
    struct work *work)
{
	long place, whole, end;
	int digit, carry;

	whole = (long)whole_digits(a, b) + 1;
	end = a->scale > b->scale ? a->scale : b->scale;
	work->scale = end;
	work->count = (size_t)(whole + end);
	carry = 0;
	for (place = end - 1; place >= -whole; place--) {
		digit = digit_at(b, place) + carry;
		digit = digit_at(a, place) + (minus ? -digit : digit);
		carry = minus ? digit < 0 : digit > 9;
		if (carry != 0)
			digit += minus ? 10 : -10;
		work->digits[place + whole] = (uint8_t)digit;
	}
}

int
decimal_add(
    const struct decimal *a, const struct decimal *b, struct decimal *result)
{
	const struct decimal *more, *less;
	struct work work = { .negative = a->negative };

	more = a;
	less = b;
	if (a->negative != b->negative && compare_sizes(a, b) < 0) {
		more = b;
		less = a;
	}
	work.negative = more->negative;
	combine_sizes(more, less, a->negative != b->negative, &work);
	return work_settle(&work, result);
}

int
decimal_subtract(
    const struct decimal *a, const struct decimal *b, struct decimal *result)
{
	struct decimal opposite;

	opposite = *b;
	opposite.negative = !b->negative && b->count > 0;
	return decimal_add(a, &opposite, result);
}

int
decimal_multiply(
    const struct decimal *a, const struct decimal *b, struct decimal *result)
{
	struct work work = { .negative = a->negative != b->negative };
	unsigned digit;
	size_t i, j;

	work.count = (size_t)a->count + b->count;
	work.scale = (long)a->scale + b->scale;
	for (i = a->count; i-- > 0;) {
		digit = 0;
		for (j = b->count; j-- > 0;) {
			digit += work.digits[i + j + 1] +
			    (unsigned)a->digits[i] * b->digits[j];
			work.digits[i + j + 1] = (uint8_t)(digit % 10);
			digit /= 10;
		}
		work.digits[i] = (uint8_t)digit;
	}
	return work_settle(&work, result);
}

/* Drops the last digit of a result, half-up; digits[0] is spare. */
static void
work_round_last(struct work *work)
{
	bool up;
	size_t i;

	up = work->digits[--work->count] >= 5;
	work->scale--;
	for (i = work->count; up && i-- > 0;) {
		up = work->digits[i] == 9;
		work->digits[i] = up ? 0 : (uint8_t)(work->digits[i] + 1);
	}
}

/* A long division's remainder; digits without zeros in front. */
struct rest {
	size_t count;
	uint8_t digits[DECIMAL_DIGITS + 1];
};

static bool
rest_holds(const struct rest *rest, const struct decimal *b)
{
	if (rest->count != b->count)
		return rest->count > b->count;
	return memcmp(rest->digits, b->digits, b->count) >= 0;
}

static void
rest_subtract(struct rest *rest, const struct decimal *b)
{
	size_t i, first;
	int digit, borrow;

	borrow = 0;
	for (i = 0; i < rest->count; i++) {
		digit = rest->digits[rest->count - 1 - i] - borrow;
		if (i < b->count)
			digit -= b->digits[b->count - 1 - i];
		borrow = digit < 0;
		rest->digits[rest->count - 1 - i] = (uint8_t)(borrow ?
			digit + 10 :
			digit);
	}
	for (first = 0; first < rest->count && rest->digits[first] == 0;)
		first++;
	rest->count -= first;
	memmove(rest->digits, rest->digits + first, rest->count);
}

/* a * 10^shift / b to that many places, half-up. */
static int
divide(const struct decimal *a, const struct decimal *b, unsigned shift,
    unsigned places, struct decimal *result)
{
	struct work work = { .negative = a->negative != b->negative };
	struct rest rest = { .count = 0 };
	uint8_t digit;
	long i, n;

	if (b->count == 0 || places > DECIMAL_DIGITS)
		return -1;
	/* So many digits of a, zeros behind them, give one place too many. */
	n = (long)a->count - a->scale + b->scale + (long)shift + (long)places +
	    1;
	work.scale = (long)places + 1;
	work.digits[work.count++] = 0;
	work.digits[work.count++] = 0;
	for (i = 0; i < n; i++) {
		digit = i < a->count ? a->digits[i] : 0;
		if (rest.count > 0 || digit != 0)
			rest.digits[rest.count++] = digit;
		for (digit = 0; rest_holds(&rest, b); digit++)
			rest_subtract(&rest, b);
		work.digits[work.count++] = digit;
	}
	work_round_last(&work);
	return work_settle(&work, result);
}

int
decimal_divide(const struct decimal *a, const struct decimal *b,
    unsigned places, struct decimal *result)
{
	return divide(a, b, 0, places, result);
}

int
decimal_percent(const struct decimal *a, const struct decimal *b,
    unsigned places, struct decimal *result)
{
	return divide(a, b, 2, places, result);
}

int
decimal_round(struct decimal *number, unsigned places)
{
	struct work work = { .negative = number->negative };
	long place, whole;

	if (number->scale <= places)
		return 0;
	whole = (long)whole_digits(number, number) + 1;
	work.scale = (long)places + 1;
	for (place = -whole; place <= (long)places; place++)
		work.digits[work.count++] = digit_at(number, place);
	work_round_last(&work);
	return work_settle(&work, number);
}

/* Writes the number with so many places, its own or more. */
static char *
write_places(const struct decimal *number, unsigned places, char *text)
{
	long place, whole;
	char *p;

	whole = (long)whole_digits(number, number);
	if (whole == 0)
		whole = 1;
	p = text;
	if (number->negative)
		*p++ = '-';
	for (place = -whole; place < (long)places; place++) {
		if (place == 0)
			*p++ = '.';
		*p++ = (char)('0' + digit_at(number, place));
	}
	*p = '\0';
	return text;
}

char *
decimal_text(const struct decimal *number, char *text)
{
	return write_places(number, number->scale, text);
}

char *
decimal_points_text(const struct decimal *number, char *text)
{
	return write_places(
	    number, number->scale == 0 ? 1 : number->scale, text);
}
