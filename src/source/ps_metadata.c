#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "source/ps_metadata.h"

static void
copy_word(char *to, size_t size, const struct json *value)
{
	const char *text;
	size_t i;

	text = json_text(value);
	if (text == NULL)
		text = json_digits(value);
	if (text == NULL)
		return;
	/* It goes into messages: words of a version or a zone only. */
	for (i = 0; i + 1 < size && text[i] != '\0'; i++) {
		if (!isalnum((unsigned char)text[i]) &&
		    strchr("._/+-", text[i]) == NULL)
			break;
		to[i] = text[i];
	}
	to[i] = '\0';
}

static unsigned
limit_of(const struct json *metadata, const char *key)
{
	const struct json *value;
	const char *text;
	unsigned long number;
	char *end;

	value = json_get(metadata, key);
	text = json_text(value);
	if (text == NULL)
		text = json_digits(value);
	if (text == NULL || !isdigit((unsigned char)text[0]))
		return 0;
	number = strtoul(text, &end, 10);
	return *end != '\0' || number > 1000000 ? 0 : (unsigned)number;
}

static unsigned
least_limit(const struct json *metadata)
{
	static const char *const keys[] = { "course_max_page_size",
		"school_max_page_size", "section_max_page_size",
		"section_enrollment_max_page_size", "staff_max_page_size",
		"student_max_page_size", "term_max_page_size" };
	unsigned limit, least;
	size_t i;

	least = 0;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		limit = limit_of(metadata, keys[i]);
		if (limit != 0 && (least == 0 || limit < least))
			least = limit;
	}
	return least;
}

void
ps_metadata_read(struct ps_metadata *metadata, const struct json *document)
{
	const struct json *inner;

	*metadata = (struct ps_metadata){ 0 };
	inner = json_get(document, "metadata");
	if (inner == NULL)
		inner = document;
	copy_word(metadata->version, sizeof(metadata->version),
	    json_get(inner, "powerschool_version"));
	copy_word(metadata->timezone, sizeof(metadata->timezone),
	    json_get(inner, "district_timezone"));
	metadata->table_page_max = limit_of(
	    inner, "schema_table_query_max_page_size");
	metadata->v1_page_max = least_limit(inner);
}

/* The next dotted number; 0 where there is none. */
static unsigned long
next_part(const char **at)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)**at)) {
		*at += strlen(*at);
		return 0;
	}
	number = strtoul(*at, &end, 10);
	*at = *end == '.' ? end + 1 : end + strlen(end);
	return number;
}

bool
ps_metadata_at_least(const char *version, const char *least)
{
	unsigned long a, b;

	while (*version != '\0' || *least != '\0') {
		a = next_part(&version);
		b = next_part(&least);
		if (a != b)
			return a > b;
	}
	return true;
}
