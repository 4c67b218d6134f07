#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "source/feeds.h"

/*
 * THE TABLE of what comes in, and under which names (reference: powerschool
 * 7.1, 7.2; the numbers are those of section 6). Teachers and Student
 * Schedules are the older set that AutoSend writes.
 */
const struct feed feeds[] = { { "schools", "schools", 39, 1, { T_SCHOOL },
				  { { 0 } } },
	{ "terms", "terms", 13, 1, { T_TERM }, { { 0 } } },
	{ "courses", "courses", 2, 1, { T_COURSE }, { { 0 } } },
	{ "sections", "sections", 3, 1, { T_SECTION }, { { 0 } } },
	{ "sectionteachers", "sectionteacher", 0, 1, { T_SECTIONTEACHER },
	    { { 0 } } },
	{ "sectionteacher", "sectionteacher", 0, 1, { T_SECTIONTEACHER },
	    { { 0 } } },
	{ "roledef", "roledef", 0, 1, { T_ROLEDEF }, { { 0 } } },
	{ "users", "users", 204, 1, { T_USER }, { { 0 } } },
	{ "schoolstaff", "schoolstaff", 203, 1, { T_SCHOOLSTAFF }, { { 0 } } },
	{ "teachers", "teachers", 5, 2, { T_SCHOOLSTAFF, T_USER },
	    {
		{ "teachernumber", T_SCHOOLSTAFF, SCHOOLSTAFF_USERS_DCID },
		{ "teachernumber", T_USER, USER_DCID },
	    } },
	{ "students", "students", 1, 1, { T_STUDENT }, { { 0 } } },
	{ "studentemail", "studentemail", 0, 1, { T_STUDENTEMAIL }, { { 0 } } },
	{ "cc", "cc", 4, 1, { T_CC }, { { 0 } } },
	{ "studentschedules", "cc", 4, 1, { T_CC }, { { 0 } } },
	{ "schedules", "cc", 4, 1, { T_CC }, { { 0 } } }, { 0 } };

/*
 * How many bytes of a file's name spell the feed's name, a _ between letters
 * aside; 0 when they do not, or when more than a free - or _ part follows.
 */
static size_t
spelled(const char *base, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i < len && *name != '\0'; i++) {
		if (base[i] == '_' && i > 0)
			continue;
		if (tolower((unsigned char)base[i]) != *name)
			return 0;
		name++;
	}
	if (*name != '\0')
		return 0;
	return i == len || base[i] == '_' || base[i] == '-' ? i : 0;
}

const struct feed *
feed_of_file(const char *file_name)
{
	const struct feed *feed, *best;
	const char *dot;
	size_t most, got;

	dot = strrchr(file_name, '.');
	if (dot == NULL ||
	    (strcasecmp(dot, ".csv") != 0 && strcasecmp(dot, ".tsv") != 0 &&
		strcasecmp(dot, ".txt") != 0))
		return NULL;
	best = NULL;
	most = 0;
	for (feed = feeds; feed->name != NULL; feed++) {
		got = spelled(file_name, (size_t)(dot - file_name), feed->name);
		if (got > most) {
			most = got;
			best = feed;
		}
	}
	return best;
}

/* Copies the letters and digits of a text, in lower case. */
static void
bare_name(const char *text, size_t len, char *name)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (isalnum((unsigned char)text[i]))
			*name++ = (char)tolower((unsigned char)text[i]);
	}
	*name = '\0';
}

static bool
is_other_table(const struct feed *feed, const char *prefix)
{
	const struct feed *other;
	size_t i;

	if (strcmp(prefix, feed->prefix) == 0 ||
	    strcmp(prefix, feed->name) == 0)
		return false;
	for (i = 0; i < feed->ntables; i++) {
		if (strcmp(prefix, schema[feed->tables[i]].name) == 0)
			return false;
	}
	for (other = feeds; other->name != NULL; other++) {
		if (strcmp(prefix, other->prefix) == 0 ||
		    strcmp(prefix, other->name) == 0)
			return true;
	}
	return false;
}

static bool
is_other_number(const struct feed *feed, long number)
{
	const struct feed *other;

	if (number == 0 || number == feed->number || feed->ntables > 1)
		return false;
	for (other = feeds; other->name != NULL; other++) {
		if (other->number == number)
			return true;
	}
	return false;
}

bool
feed_column(const struct feed *feed, const char *cell, size_t len, char *name)
{
	const char *dot;
	bool other;

	other = false;
	if (feed->prefix == NULL) {
		bare_name(cell, len, name);
		return true;
	}
	if (len > 0 && cell[0] == '[') {
		dot = memchr(cell, ']', len);
		other = dot != NULL &&
		    is_other_number(feed, strtol(cell + 1, NULL, 10));
	} else {
		dot = memrchr(cell, '.', len);
		if (dot != NULL) {
			bare_name(cell, (size_t)(dot - cell), name);
			other = is_other_table(feed, name);
		}
	}
	if (dot != NULL) {
		len -= (size_t)(dot + 1 - cell);
		cell = dot + 1;
	}
	bare_name(cell, len, name);
	return !other;
}

bool
feed_column_is(const char *bare, const char *field)
{
	for (; *field != '\0'; field++) {
		if (*field == '_')
			continue;
		if (*bare++ != tolower((unsigned char)*field))
			return false;
	}
	return *bare == '\0';
}
