#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/mem.h"

#define ZONEINFO "/usr/share/zoneinfo"
#define SECONDS_PER_DAY 86400
#define LAST_BLANK_YEAR 1900 /* years up to it stand for "no date" */

/* A text that is being read. */
struct scan {
	const char *at;
	const char *end;
};

/* Reads min to max digits; false when there are fewer. */
static bool
scan_digits(
    struct scan *scan, size_t min, size_t max, unsigned *value, size_t *digits)
{
	size_t n;

	*value = 0;
	for (n = 0; n < max && scan->at < scan->end && *scan->at >= '0' &&
	     *scan->at <= '9';
	     n++)
		*value = *value * 10 + (unsigned)(*scan->at++ - '0');
	if (digits != NULL)
		*digits = n;
	return n >= min;
}

static bool
scan_char(struct scan *scan, char c)
{
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

static bool
scan_word(struct scan *scan, const char *word)
{
	size_t len;

	len = strlen(word);
	if ((size_t)(scan->end - scan->at) < len ||
	    strncasecmp(scan->at, word, len) != 0)
		return false;
	scan->at += len;
	return true;
}

static void
scan_blanks(struct scan *scan)
{
	while (scan_char(scan, ' '))
		continue;
}

/* Z, +hh, +hhmm or +hh:mm. */
static bool
scan_offset(struct scan *scan, int *seconds)
{
	unsigned hours, minutes;
	bool west;

	*seconds = 0;
	if (scan_word(scan, "z"))
		return true;
	west = scan->at < scan->end && *scan->at == '-';
	if (!scan_char(scan, '+') && !scan_char(scan, '-'))
		return false;
	minutes = 0;
	if (!scan_digits(scan, 2, 2, &hours, NULL))
		return false;
	if (scan_char(scan, ':') || scan->at < scan->end) {
		if (!scan_digits(scan, 2, 2, &minutes, NULL))
			return false;
	}
	*seconds = (int)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return true;
}

/* The time behind YYYY-MM-DD: T or a blank, h:mm[:ss[.f]], AM or PM, zone. */
static bool
scan_time(struct scan *scan)
{
	unsigned value;
	int offset;

	if (!scan_word(scan, "t") && !scan_char(scan, ' '))
		return false;
	scan_blanks(scan);
	if (!scan_digits(scan, 1, 2, &value, NULL) || !scan_char(scan, ':') ||
	    !scan_digits(scan, 2, 2, &value, NULL))
		return false;
	if (scan_char(scan, ':')) {
		if (!scan_digits(scan, 2, 2, &value, NULL))
			return false;
		if (scan_char(scan, '.') &&
		    !scan_digits(scan, 1, 12, &value, NULL))
			return false;
	}
	scan_blanks(scan);
	if (scan_word(scan, "am") || scan_word(scan, "pm"))
		scan_blanks(scan);
	if (scan->at < scan->end && !scan_offset(scan, &offset))
		return false;
	return scan->at == scan->end;
}

int32_t
date_of(int year, unsigned month, unsigned day)
{
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	bool leap;
	int era;
	unsigned year_of_era, day_of_year;

	leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (month < 1 || month > 12 || day < 1 ||
	    day > days[month - 1] + (month == 2 && leap))
		return DATE_BAD;
	/* The year starts in March here, so that a leap day ends it. */
	if (month <= 2)
		year--;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = (unsigned)(year - era * 400);
	day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 +
	    day - 1;
	return era * 146097 +
	    (int32_t)(year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
		day_of_year) -
	    719468;
}

void
date_split(int32_t date, int *year, unsigned *month, unsigned *day)
{
	unsigned day_of_era, year_of_era, day_of_year, shifted;
	int era, days;

	days = date + 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = (unsigned)(days - era * 146097);
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			  day_of_era / 146096) /
	    365;
	day_of_year = day_of_era -
	    (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	shifted = (5 * day_of_year + 2) / 153;
	*day = day_of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = (int)year_of_era + era * 400 + (*month <= 2);
}

static int32_t
date_iso(struct scan *scan, unsigned year)
{
	unsigned month, day;

	if (!scan_digits(scan, 2, 2, &month, NULL) || !scan_char(scan, '-') ||
	    !scan_digits(scan, 2, 2, &day, NULL))
		return DATE_BAD;
	if (scan->at < scan->end && !scan_time(scan))
		return DATE_BAD;
	return year <= LAST_BLANK_YEAR ? DATE_BLANK :
					 date_of((int)year, month, day);
}

/* M/D/Y: a year of two digits is of this century. */
static int32_t
date_slashes(struct scan *scan, unsigned month)
{
	unsigned day, year;
	size_t digits;

	if (!scan_digits(scan, 1, 2, &day, NULL) || !scan_char(scan, '/') ||
	    !scan_digits(scan, 1, 4, &year, &digits) || scan->at < scan->end)
		return DATE_BAD;
	if (month == 0 && day == 0 && year == 0)
		return DATE_BLANK;
	if (digits == 4 && year <= LAST_BLANK_YEAR)
		return DATE_BLANK;
	if (digits == 2)
		year += 2000;
	else if (digits != 4)
		return DATE_BAD;
	return date_of((int)year, month, day);
}

int32_t
date_parse(const char *text, size_t len)
{
	struct scan scan = { text, text + len };
	unsigned number;
	size_t digits;

	if (len == 0)
		return DATE_BLANK;
	if (!scan_digits(&scan, 1, 4, &number, &digits))
		return DATE_BAD;
	if (digits == 4 && scan_char(&scan, '-'))
		return date_iso(&scan, number);
	if (digits <= 2 && scan_char(&scan, '/'))
		return date_slashes(&scan, number);
	return DATE_BAD;
}

void
date_format(int32_t date, char text[DATE_TEXT_SIZE])
{
	unsigned month, day;
	int year;

	text[0] = '\0';
	if (date == DATE_BLANK || date == DATE_BAD)
		return;
	date_split(date, &year, &month, &day);
	snprintf(text, DATE_TEXT_SIZE, "%04d-%02u-%02u", year % 10000,
	    month % 100, day % 100);
}

int
date_use_zone(const char *name, const char *where, struct err *err)
{
	char *path;
	bool found;

	path = mem_printf("%s/%s", ZONEINFO, name);
	found = name[0] != '\0' && name[0] != '/' && name[0] != '.' &&
	    strstr(name, "..") == NULL && access(path, R_OK) == 0 &&
	    name[strlen(name) - 1] != '/';
	free(path);
	if (name[0] == '\0') {
		err_set(err, EXIT_SETTINGS,
		    "%s: the time zone is not set;"
		    " nothing was read",
		    where);
		return err_hint(err,
		    "Write the district's, such as"
		    " timezone = America/Los_Angeles.");
	}
	if (!found) {
		err_set(err, EXIT_SETTINGS,
		    "%s: the time zone \"%.60s\" is"
		    " not known here; nothing was read",
		    where, name);
		return err_hint(err,
		    "Write a name as in %s, such as"
		    " America/Los_Angeles; install tzdata if that folder is"
		    " missing.",
		    ZONEINFO);
	}
	path = mem_printf(":%s", name);
	setenv("TZ", path, 1);
	free(path);
	tzset();
	return 0;
}

/* How far local time is ahead of UTC at a moment. */
static int64_t
offset_at(int64_t utc)
{
	struct tm local;
	time_t t;

	t = (time_t)utc;
	return localtime_r(&t, &local) == NULL ? 0 : local.tm_gmtoff;
}

int64_t
date_to_utc(int32_t date, int32_t second_of_day)
{
	int64_t local, before, after, utc;

	local = (int64_t)date * SECONDS_PER_DAY + second_of_day;
	before = offset_at(local - SECONDS_PER_DAY);
	after = offset_at(local + SECONDS_PER_DAY);
	utc = local - before;
	if (before == after || offset_at(utc) == before)
		return utc;
	/* The change lies before this time, or the clock skips this time. */
	return offset_at(local - after) == after ? local - after : utc;
}

int32_t
date_at(int64_t utc)
{
	int64_t local, day;

	local = utc + offset_at(utc);
	day = local / SECONDS_PER_DAY;
	return (int32_t)(local % SECONDS_PER_DAY < 0 ? day - 1 : day);
}

bool
utc_format(int64_t utc, char text[UTC_TEXT_SIZE])
{
	struct tm tm;
	time_t t;

	t = (time_t)utc;
	if (gmtime_r(&t, &tm) == NULL || tm.tm_year < 1000 - 1900 ||
	    tm.tm_year > 9999 - 1900)
		return false;
	return strftime(text, UTC_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm) != 0;
}

int64_t
clock_now(void)
{
	return (int64_t)time(NULL);
}

int
clock_parse(const char *text, int64_t *now)
{
	struct scan scan = { text, text + strlen(text) };
	unsigned hour, minute, second;
	int32_t date;
	int offset;

	if (strlen(text) < 10)
		return -1;
	date = date_parse(text, 10);
	if (date == DATE_BLANK || date == DATE_BAD)
		return -1;
	scan.at += 10;
	if (scan.at == scan.end) {
		*now = date_to_utc(date, SECONDS_PER_DAY / 2);
		return 0;
	}
	if ((!scan_word(&scan, "t") && !scan_char(&scan, ' ')) ||
	    !scan_digits(&scan, 2, 2, &hour, NULL) || hour > 23 ||
	    !scan_char(&scan, ':') ||
	    !scan_digits(&scan, 2, 2, &minute, NULL) || minute > 59 ||
	    !scan_char(&scan, ':') ||
	    !scan_digits(&scan, 2, 2, &second, NULL) || second > 60 ||
	    !scan_offset(&scan, &offset) || scan.at < scan.end)
		return -1;
	*now = (int64_t)date * SECONDS_PER_DAY + hour * 3600 + minute * 60 +
	    second - offset;
	return 0;
}
