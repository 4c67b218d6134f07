#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/conf_table.h"
#include "base/date.h"
#include "base/mem.h"

size_t
conf_table_kind_len(const char *section)
{
	size_t len;

	len = strlen(section);
	return len > 2 && strcmp(section + len - 2, " *") == 0 ? len - 2 : 0;
}

bool
conf_table_any_key(const struct conf_option *option)
{
	return strcmp(option->key, "*") == 0;
}

bool
conf_table_starts_section(
    const struct conf_option *options, const struct conf_option *option)
{
	return option == options ||
	    strcmp(option[-1].section, option->section) != 0;
}

const char **
conf_table_choices(const char *choices)
{
	const char **names;
	char *copy, *save, *choice;
	size_t count, len;

	len = strlen(choices);
	names = mem_zalloc(1, (len + 2) * sizeof(*names) + len + 1);
	copy = (char *)(names + len + 2);
	memcpy(copy, choices, len + 1);
	count = 0;
	for (choice = strtok_r(copy, "|", &save); choice != NULL;
	     choice = strtok_r(NULL, "|", &save))
		names[count++] = choice;
	return names;
}

static char *
kept_choice(const char *choices, const char *value)
{
	const char **names;
	char *kept;
	size_t i;

	names = conf_table_choices(choices);
	for (i = 0; names[i] != NULL; i++)
		if (strcasecmp(names[i], value) == 0)
			break;
	kept = names[i] == NULL ? NULL : mem_strdup(names[i]);
	free(names);
	return kept;
}

static char *
kept_yesno(const char *value)
{
	static const char *const yes[] = { "yes", "true", "on", "1" };
	static const char *const no[] = { "no", "false", "off", "0" };
	size_t i;

	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strcasecmp(value, yes[i]) == 0)
			return mem_strdup("yes");
		if (strcasecmp(value, no[i]) == 0)
			return mem_strdup("no");
	}
	return NULL;
}

static bool
find_range(const struct conf_option *option, long *low, long *high)
{
	if (option->choices != NULL)
		return sscanf(option->choices, "%ld..%ld", low, high) == 2;
	*low = option->type == CONF_PERCENT ? 0 : LONG_MIN;
	*high = option->type == CONF_PERCENT ? 100 : LONG_MAX;
	return true;
}

static char *
kept_number(const struct conf_option *option, const char *value)
{
	long low, high, number;
	const char *digits;
	char *end;

	digits = value[0] == '-' ? value + 1 : value;
	if (!isdigit((unsigned char)digits[0]))
		return NULL;
	errno = 0;
	number = strtol(value, &end, 10);
	if (option->type == CONF_PERCENT && *end == '%')
		end++;
	if (errno != 0 || *end != '\0')
		return NULL;
	if (!find_range(option, &low, &high) || number < low || number > high)
		return NULL;
	return mem_printf(
	    option->type == CONF_PERCENT ? "%ld%%" : "%ld", number);
}

static char *
kept_date(const char *value)
{
	static const char form[] = "dddd-dd-dd";
	size_t i;

	for (i = 0; form[i] != '\0'; i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)value[i]) :
				     value[i] != form[i])
			return NULL;
	if (value[i] != '\0' ||
	    date_of(atoi(value), (unsigned)atoi(value + 5),
		(unsigned)atoi(value + 8)) == DATE_BAD)
		return NULL;
	return mem_strdup(value);
}

char *
conf_table_keep(const struct conf_option *option, const char *value)
{
	switch (option->type) {
	case CONF_CHOICE:
		return kept_choice(option->choices, value);
	case CONF_YESNO:
		return kept_yesno(value);
	case CONF_NUMBER:
	case CONF_PERCENT:
		return kept_number(option, value);
	case CONF_DATE:
		return kept_date(value);
	case CONF_TEXT:
	case CONF_LIST:
		break;
	}
	return mem_strdup(value);
}

void
conf_table_describe(const struct conf_option *option, struct buf *out)
{
	const char **names;
	long low, high;
	size_t i;

	switch (option->type) {
	case CONF_CHOICE:
		names = conf_table_choices(option->choices);
		for (i = 0; names[i] != NULL; i++)
			buf_printf(
			    out, "%s%s", i == 0 ? "one of " : ", ", names[i]);
		free(names);
		break;
	case CONF_YESNO:
		buf_adds(out, "yes or no");
		break;
	case CONF_NUMBER:
	case CONF_PERCENT:
		buf_adds(out,
		    option->type == CONF_NUMBER ? "a whole number" :
						  "a whole percentage");
		if (find_range(option, &low, &high) && high != LONG_MAX)
			buf_printf(out, " from %ld to %ld", low, high);
		break;
	case CONF_DATE:
		buf_adds(out, "a date like 2026-08-15");
		break;
	case CONF_LIST:
		buf_adds(out, "a list with commas between its items");
		break;
	case CONF_TEXT:
		buf_adds(out, "text");
		break;
	}
}
