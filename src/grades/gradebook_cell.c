#include <string.h>
#include <strings.h>

#include "grades/gradebook_cell.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct str
without_blanks(const char *bytes, size_t len)
{
	while (len > 0 && is_blank(*bytes)) {
		bytes++;
		len--;
	}
	while (len > 0 && is_blank(bytes[len - 1]))
		len--;
	return (struct str){ bytes, len };
}

struct str
gradebook_cell_text(const struct csv_cell *cell)
{
	struct str text;

	text = without_blanks(cell->bytes, cell->len);
	if (text.len >= 3 && memcmp(text.bytes, "=\"", 2) == 0 &&
	    text.bytes[text.len - 1] == '"')
		text = without_blanks(text.bytes + 2, text.len - 3);
	return text;
}

struct str
gradebook_cell_at(const struct csv_cell *cells, size_t ncells, size_t i)
{
	if (i >= ncells)
		return (struct str){ "", 0 };
	return gradebook_cell_text(&cells[i]);
}

bool
gradebook_cell_all_blank(const struct csv_cell *cells, size_t ncells)
{
	size_t i, at;

	for (i = 0; i < ncells; i++) {
		for (at = 0; at < cells[i].len; at++) {
			if (strchr(" \t,;", cells[i].bytes[at]) == NULL)
				return false;
		}
	}
	return true;
}

bool
gradebook_cell_is(struct str text, const char *word)
{
	return text.len == strlen(word) &&
	    strncasecmp(text.bytes, word, text.len) == 0;
}

bool
gradebook_cell_has(struct str text, const char *word)
{
	size_t i, len;

	len = strlen(word);
	for (i = 0; i + len <= text.len; i++) {
		if (strncasecmp(text.bytes + i, word, len) == 0)
			return true;
	}
	return false;
}

bool
gradebook_cell_ends(struct str text, const char *word)
{
	size_t len;

	len = strlen(word);
	return text.len >= len &&
	    strncasecmp(text.bytes + text.len - len, word, len) == 0;
}

enum gradebook_cell
gradebook_cell_kind(struct str text, struct decimal *number, bool *percent)
{
	if (text.len == 0 || (text.len == 1 && *text.bytes == '-'))
		return GRADEBOOK_CELL_BLANK;
	if (decimal_parse_cell(text.bytes, text.len, number, percent) == 0)
		return GRADEBOOK_CELL_NUMBER;
	if (gradebook_cell_is(text, "EX"))
		return GRADEBOOK_CELL_EXCUSED;
	if (gradebook_cell_is(text, "N/A"))
		return GRADEBOOK_CELL_UNASSIGNED;
	return GRADEBOOK_CELL_WORDS;
}

bool
gradebook_cell_is_rounded(struct str text)
{
	struct decimal number;

	return memchr(text.bytes, '+', text.len) != NULL &&
	    memchr(text.bytes, 'E', text.len) != NULL && text.len > 4 &&
	    (text.bytes[1] == '.' || text.bytes[1] == ',' ||
		text.bytes[1] == 'E') &&
	    decimal_parse(text.bytes, 1, &number) == 0;
}
