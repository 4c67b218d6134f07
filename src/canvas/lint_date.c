#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "canvas/lint_date.h"

#define DAY_SECONDS 86400

/* A text and how far it is read. */
struct reading {
	const char *at, *end;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads up to most digits; how many there were. */
static unsigned
read_digits(struct reading *in, unsigned most, unsigned *number)
{
	unsigned n;

	*number = 0;
	for (n = 0; n < most && in->at < in->end && is_digit(*in->at); n++)
		*number = *number * 10 + (unsigned)(*in->at++ - '0');
	return n;
}

static bool
read_char(struct reading *in, char c)
{
	if (in->at == in->end || *in->at != c)
		return false;
	in->at++;
	return true;
}

static void
read_blanks(struct reading *in)
{
	while (in->at < in->end && *in->at == ' ')
		in->at++;
}

/* Z, UTC, or an offset: +hh, +hhmm, +hh:mm; the seconds east of Greenwich. */
static bool
read_zone(struct reading *in, int64_t *offset)
{
	unsigned hours, minutes;
	bool west;

	*offset = 0;
	if (in->end - in->at == 1 && (*in->at == 'Z' || *in->at == 'z')) {
		in->at++;
		return true;
	}
	if (in->end - in->at == 3 &&
	    (strncasecmp(in->at, "UTC", 3) == 0 ||
		strncasecmp(in->at, "GMT", 3) == 0)) {
		in->at += 3;
		return true;
	}
	west = read_char(in, '-');
	if (!west && !read_char(in, '+'))
		return false;
	if (read_digits(in, 2, &hours) != 2)
		return false;
	minutes = 0;
	if (in->at < in->end && (read_char(in, ':') || is_digit(*in->at)) &&
	    read_digits(in, 2, &minutes) != 2)
		return false;
	*offset = (int64_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return true;
}

/* h:mm, h:mm:ss, h:mm:ss.fff; what stands behind is left. */
static bool
read_time(struct reading *in, unsigned time[3])
{
	unsigned fraction;

	time[2] = 0;
	if (read_digits(in, 2, &time[0]) == 0 || !read_char(in, ':') ||
	    read_digits(in, 2, &time[1]) != 2)
		return false;
	if (!read_char(in, ':'))
		return true;
	if (read_digits(in, 2, &time[2]) != 2)
		return false;
	if (read_char(in, '.') || read_char(in, ','))
		return read_digits(in, 12, &fraction) > 0;
	return true;
}

/* 2026-8-31, 2026/08/31 or 20260831. */
static bool
read_date(struct reading *in, unsigned date[3])
{
	char between;

	if (read_digits(in, 4, &date[0]) != 4 || in->at == in->end)
		return false;
	between = *in->at;
	if (is_digit(between))
		return read_digits(in, 2, &date[1]) == 2 &&
		    read_digits(in, 2, &date[2]) == 2 &&
		    (in->at == in->end || !is_digit(*in->at));
	if (between != '-' && between != '/')
		return false;
	return read_char(in, between) && read_digits(in, 2, &date[1]) > 0 &&
	    read_char(in, between) && read_digits(in, 2, &date[2]) > 0 &&
	    (in->at == in->end || !is_digit(*in->at));
}

static struct lint_date
of_kind(enum lint_date_kind kind)
{
	return (struct lint_date){ kind, 0 };
}

/* The moment of a date and time that are spelled well. */
static struct lint_date
judge(const unsigned date[3], const unsigned time[3], bool zone, int64_t offset)
{
	struct lint_date out;
	int32_t first;
	bool exists;

	if (date[1] < 1 || date[1] > 12 || date[2] < 1 || date[2] > 31 ||
	    time[0] > 24 || time[1] > 59 || time[2] > 60 ||
	    (time[0] == 24 && time[1] + time[2] > 0))
		return of_kind(LINT_DATE_IS_BAD);
	exists = date_of((int)date[0], date[1], date[2]) != DATE_BAD;
	first = date_of((int)date[0], date[1], 1);
	out.kind = !exists ? LINT_DATE_IS_ROLLED :
	    zone	   ? LINT_DATE_IS_EXACT :
			     LINT_DATE_IS_ZONELESS;
	out.utc = ((int64_t)first + date[2] - 1) * DAY_SECONDS +
	    time[0] * 3600 + time[1] * 60 + time[2] - offset;
	return out;
}

/* A date, perhaps with a time and a zone behind it, and nothing else. */
static bool
read_iso(struct reading in, struct lint_date *out)
{
	unsigned date[3], time[3] = { 0 };
	int64_t offset;
	bool zone;

	if (!read_date(&in, date))
		return false;
	offset = 0;
	zone = false;
	if (in.at < in.end) {
		if (!read_char(&in, 'T') && !read_char(&in, 't') &&
		    *in.at != ' ')
			return false;
		read_blanks(&in);
		if (!read_time(&in, time))
			return false;
		read_blanks(&in);
		if (in.at < in.end) {
			zone = read_zone(&in, &offset);
			if (!zone)
				return false;
		}
	}
	*out = judge(date, time, zone, offset);
	return in.at == in.end;
}

/* 2026 or 2026-08. */
static bool
is_half_a_date(struct reading in)
{
	unsigned number;

	if (read_digits(&in, 4, &number) != 4)
		return false;
	return in.at == in.end ||
	    (read_char(&in, '-') && read_digits(&in, 2, &number) > 0 &&
		in.at == in.end);
}

/*
 * 31/12/2026: the day comes first, whatever was meant. With two digits at
 * the end Canvas takes the first number for the year; it still is a guess.
 */
static bool
read_numbers(struct reading in, struct lint_date *out)
{
	unsigned first, second, third, digits;
	char between;
	bool bad;

	if (read_digits(&in, 2, &first) == 0 || in.at == in.end)
		return false;
	between = *in.at;
	if (between != '/' && between != '-' && between != '.')
		return false;
	if (!read_char(&in, between) || read_digits(&in, 2, &second) == 0 ||
	    !read_char(&in, between))
		return false;
	digits = read_digits(&in, 4, &third);
	if (digits != 4 && (digits == 0 || between == '.'))
		return false;
	bad = second < 1 || second > 12 ||
	    (digits == 4 && (first < 1 || first > 31)) ||
	    (digits != 4 && between == '-' && (third < 1 || third > 31));
	*out = of_kind(bad ? LINT_DATE_IS_BAD : LINT_DATE_IS_GUESSED);
	return true;
}

/* One digit is nothing, two are a day of this month. */
static bool
read_number(struct reading in, struct lint_date *out)
{
	unsigned number, digits;

	digits = read_digits(&in, 2, &number);
	if (digits == 0 || in.at < in.end)
		return false;
	*out = of_kind(digits == 1	  ? LINT_DATE_IS_NONE :
		number < 1 || number > 31 ? LINT_DATE_IS_BAD :
					    LINT_DATE_IS_GUESSED);
	return true;
}

/* Does a part of a date stand in the text: a number, a month, a weekday? */
static bool
has_part(struct reading in)
{
	static const char names[][4] = { "jan", "feb", "mar", "apr", "may",
		"jun", "jul", "aug", "sep", "oct", "nov", "dec", "sun", "mon",
		"tue", "wed", "thu", "fri", "sat" };
	const char *at;
	size_t i;
	bool word;

	word = false;
	for (at = in.at; at < in.end; at++) {
		if (*at >= '1' && *at <= '9')
			return true;
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (!word && in.end - at >= 3 &&
			    strncasecmp(at, names[i], 3) == 0)
				return true;
		}
		word = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
	}
	return false;
}

struct lint_date
lint_date_read(const char *text, size_t len)
{
	struct reading in = { text, text + len };
	struct lint_date out;

	if (read_iso(in, &out) || read_numbers(in, &out) ||
	    read_number(in, &out))
		return out;
	if (is_half_a_date(in))
		return of_kind(LINT_DATE_IS_BAD);
	return of_kind(has_part(in) ? LINT_DATE_IS_GUESSED : LINT_DATE_IS_NONE);
}
