#include <string.h>

#include "base/date.h"
#include "fuzz.h"

/*
 * Whatever the text: a date is blank, bad, or a day after 1900 that is
 * written and read again as itself; a moment likewise.
 */

const char *const fuzz_words[] = { "2026", "11", "23", "-", "/", "/", "-", "0",
	"00", "1900", "29", "2", "T", " ", "12:00:00", "Z", "+01:00", "PM",
	"12:30", ".5", "2026-11-23", "11/23/2026", "0/0/0", NULL };

static void
check_date(const char *text, size_t len)
{
	char written[DATE_TEXT_SIZE];
	unsigned month, day;
	int32_t date;
	int year;

	date = date_parse(text, len);
	if (date == DATE_BLANK || date == DATE_BAD)
		return;
	date_split(date, &year, &month, &day);
	must(year > 1900 && year <= 9999);
	must(month >= 1 && month <= 12 && day >= 1 && day <= 31);
	must(date_of(year, month, day) == date);
	date_format(date, written);
	must(strlen(written) == 10);
	must(date_parse(written, 10) == date);
}

static void
check_moment(const char *text, size_t len)
{
	char written[UTC_TEXT_SIZE], *copy;
	int64_t now, again;

	copy = malloc(len + 1);
	must(copy != NULL);
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (clock_parse(copy, &now) == 0 && utc_format(now, written)) {
		must(clock_parse(written, &again) == 0);
		must(again == now);
	}
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *copy;

	if (len < 1)
		return 0;
	copy = fuzz_copy(bytes + 1, len - 1);
	check_date(copy, len - 1);
	check_moment(copy, len - 1);
	free(copy);
	return 0;
}
