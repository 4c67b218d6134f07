#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/entity.h"
#include "base/utf8.h"
#include "grades/html_text.h"

#define REPLACEMENT 0xfffd

/* Elements whose content is no text. */
static const char *const silent[] = { "script", "style", NULL };

/* Elements that go on in the same word: all others part words. */
static const char *const inside_words[] = { "a", "abbr", "acronym", "b", "bdi",
	"bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins",
	"kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
	"strong", "sub", "sup", "time", "tt", "u", "var", "wbr", NULL };

/* What HTML 5 reads for &#128; to &#159;, which Windows-1252 means. */
static const uint16_t windows_1252[32] = { 0x20ac, 0x81, 0x201a, 0x192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
	0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178 };

/* The text as it grows. */
struct line {
	struct buf text;
	size_t count; /* characters */
	bool blank;   /* one is due before the next character */
};

static bool
is_ascii_alpha(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
is_ascii_alnum(char c)
{
	return is_ascii_alpha(c) || (c >= '0' && c <= '9');
}

static uint32_t
numbered(const char *p, size_t len)
{
	uint32_t cp;

	cp = entity_numbered(p, len);
	if (cp >= 0x80 && cp <= 0x9f)
		return windows_1252[cp - 0x80];
	return cp == 0 ? REPLACEMENT : cp;
}

/*
 * Decodes the reference at an &; returns its bytes, 0 when it is none. As in
 * HTML, the end of a number and of the older names needs no semicolon.
 */
static size_t
reference(const char *p, uint32_t *cp)
{
	size_t from, end;

	from = p[1] != '#' ? 1 : (p[2] | 0x20) == 'x' ? 3 : 2;
	end = from;
	while (from == 2  ? p[end] >= '0' && p[end] <= '9' :
		from == 3 ? strchr("0123456789abcdefABCDEF", p[end]) != NULL &&
		    p[end] != '\0' :
			    is_ascii_alnum(p[end]))
		end++;
	if (end == from)
		return 0;
	if (from > 1)
		*cp = numbered(p + 2, end - 2);
	else if (p[end] == ';')
		*cp = entity_named(p + 1, end - 1);
	else
		*cp = entity_named_latin1(p + 1, end - 1);
	return *cp == 0 ? 0 : end + (p[end] == ';');
}

/* Characters that only steer how others are shown. */
static bool
is_unseen(uint32_t cp)
{
	return !utf8_is_printable(cp) || cp == 0xad || cp == 0xfeff ||
	    (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) ||
	    (cp >= 0x2060 && cp <= 0x2069);
}

static void
add_character(struct line *line, uint32_t cp)
{
	char bytes[4];

	if (utf8_is_blank(cp)) {
		line->blank = true;
		return;
	}
	if (is_unseen(cp))
		return;
	if (line->blank && line->count > 0 && line->count < HTML_TEXT_MAX) {
		buf_addc(&line->text, ' ');
		line->count++;
	}
	line->blank = false;
	if (line->count >= HTML_TEXT_MAX)
		return;
	buf_add(&line->text, bytes, utf8_encode(cp, bytes));
	line->count++;
}

static bool
is_one_of(const char *name, size_t len, const char *const *names)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++) {
		if (strlen(names[i]) == len &&
		    strncasecmp(names[i], name, len) == 0)
			return true;
	}
	return false;
}

/* Where a tag ends, behind its >; NULL when it does not end. */
static const char *
behind_tag(const char *p)
{
	bool value; /* of an attribute begins here */
	char quote;

	quote = '\0';
	for (value = false; *p != '\0'; p++) {
		if (quote != '\0') {
			if (*p == quote)
				quote = '\0';
			continue;
		}
		if (*p == '>')
			return p + 1;
		/* Any other quote is an ordinary character. */
		if (value && (*p == '"' || *p == '\'') &&
		    strchr(p + 1, *p) != NULL)
			quote = *p;
		value = *p == '=' || (value && strchr(" \t\r\n", *p) != NULL);
	}
	return NULL;
}

/* Behind the end tag of an element whose content is no text. */
static const char *
behind_element(const char *p, const char *name, size_t len)
{
	const char *end;

	for (; (p = strstr(p, "</")) != NULL; p += 2) {
		if (strncasecmp(p + 2, name, len) == 0 &&
		    !is_ascii_alnum(p[2 + len])) {
			end = strchr(p, '>');
			return end == NULL ? p + strlen(p) : end + 1;
		}
	}
	return NULL;
}

/* Behind a comment or a declaration, which <! or <? begins. */
static const char *
behind_comment(const char *p)
{
	const char *end;

	if (strncmp(p, "<!--", 4) != 0) {
		end = strchr(p, '>');
		return end == NULL ? NULL : end + 1;
	}
	end = strstr(p + 4, "-->");
	return end == NULL ? p + strlen(p) : end + 3;
}

/* Behind the markup at a <; NULL when it is a sign like any other. */
static const char *
behind_markup(const char *p, bool *parts_words)
{
	const char *name, *end;
	size_t len;

	*parts_words = false;
	if (p[1] == '!' || p[1] == '?')
		return behind_comment(p);
	name = p + 1 + (p[1] == '/');
	if (!is_ascii_alpha(*name))
		return NULL;
	for (len = 1; is_ascii_alnum(name[len]);)
		len++;
	end = behind_tag(name + len);
	*parts_words = !is_one_of(name, len, inside_words);
	if (end == NULL || p[1] == '/' || end[-2] == '/' ||
	    !is_one_of(name, len, silent))
		return end;
	name = behind_element(end, name, len);
	return name == NULL ? end + strlen(end) : name;
}

char *
html_text(const char *html)
{
	struct line line = { .count = 0 };
	const char *p, *next;
	bool parts_words;
	uint32_t cp;
	size_t len, used;

	len = strlen(html);
	for (p = html; *p != '\0' && line.count < HTML_TEXT_MAX; p = next) {
		next = *p == '<' ? behind_markup(p, &parts_words) : NULL;
		if (next != NULL) {
			line.blank |= parts_words;
			continue;
		}
		used = *p == '&' ? reference(p, &cp) : 0;
		if (used == 0)
			used = utf8_decode(p, len - (size_t)(p - html), &cp);
		add_character(&line, cp);
		next = p + used;
	}
	if (line.text.len > 0 && line.text.data[line.text.len - 1] == ' ')
		line.text.len--;
	buf_str(&line.text);
	return line.text.data;
}

char *
html_text_decode(const char *text)
{
	struct buf out = { 0 };
	char bytes[4];
	uint32_t cp;
	size_t used;

	for (; *text != '\0'; text += used) {
		used = *text == '&' ? reference(text, &cp) : 0;
		if (used > 0) {
			buf_add(&out, bytes, utf8_encode(cp, bytes));
			continue;
		}
		buf_addc(&out, *text);
		used = 1;
	}
	buf_str(&out);
	return out.data;
}
