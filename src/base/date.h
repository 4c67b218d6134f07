#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A date is a number of days since 1970-01-01, or one of these two. */
#define DATE_BLANK INT32_MIN	 /* no date */
#define DATE_BAD (INT32_MIN + 1) /* not a date, or an impossible one */

#define DATE_TEXT_SIZE 16 /* YYYY-MM-DD and a NUL */
#define UTC_TEXT_SIZE 24  /* YYYY-MM-DDTHH:MM:SSZ and a NUL */

/*
 * Reads a date as PowerSchool exports spell it: YYYY-MM-DD with or without a
 * time behind it, M/D/YYYY, M/D/YY; the spellings of "no date" and years up
 * to 1900 give DATE_BLANK. (mapping 1, 7)
 */
int32_t date_parse(const char *text, size_t len);

/* The day number of a date of the Gregorian calendar; DATE_BAD if none. */
int32_t date_of(int year, unsigned month, unsigned day);

/* Splits a day number. */
void date_split(int32_t date, int *year, unsigned *month, unsigned *day);

/* Writes YYYY-MM-DD; a blank date gives the empty string. */
void date_format(int32_t date, char text[DATE_TEXT_SIZE]);

/*
 * Makes name (America/Los_Angeles) the time zone of the functions below, for
 * the whole process and whatever the host's zone is. -1 with EXIT_SETTINGS
 * when the zone is not installed; where says which setting named it.
 */
int date_use_zone(const char *name, const char *where, struct err *err);

/*
 * The UTC seconds since 1970 of a local time. A time that the clock shows
 * twice is taken the first time; one that it skips counts with the offset
 * that was in force before (PEP 495, fold 0).
 */
int64_t date_to_utc(int32_t date, int32_t second_of_day);

/* The local date at a moment given in UTC seconds since 1970. */
int32_t date_at(int64_t utc);

/* Writes YYYY-MM-DDTHH:MM:SSZ; false when the year has not four digits. */
bool utc_format(int64_t utc, char text[UTC_TEXT_SIZE]);

/* Now, in UTC seconds since 1970: the only place that asks the clock. */
int64_t clock_now(void);

/*
 * Reads YYYY-MM-DDTHH:MM:SS with Z or an offset, as --now takes it; a date
 * alone is noon of that day in the zone in use. 0 or -1.
 */
int clock_parse(const char *text, int64_t *now);

#endif
