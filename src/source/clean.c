#include <stdbool.h>
#include <string.h>

#include "base/entity.h"
#include "base/utf8.h"
#include "source/clean.h"

static bool
is_ascii_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Decodes the reference at an &; returns its bytes, 0 when it is none. */
static size_t
reference(const char *bytes, size_t len, uint32_t *cp)
{
	size_t end;

	for (end = 1; end < len && bytes[end] != ';'; end++) {
		if (bytes[end] == '&' || is_ascii_blank(bytes[end]))
			return 0;
	}
	if (end >= len || end == 1)
		return 0;
	*cp = bytes[1] == '#' ? entity_numbered(bytes + 2, end - 2) :
				entity_named_latin1(bytes + 1, end - 1);
	return *cp == 0 ? 0 : end + 1;
}

/* A reference is never shorter than the character that it stands for. */
static size_t
decode_references(char *bytes, size_t len, unsigned *flags)
{
	size_t from, to, used;
	uint32_t cp;

	to = 0;
	for (from = 0; from < len;) {
		used = bytes[from] == '&' ?
		    reference(bytes + from, len - from, &cp) :
		    0;
		if (used == 0) {
			bytes[to++] = bytes[from++];
			continue;
		}
		to += utf8_encode(cp, bytes + to);
		from += used;
		*flags |= CLEAN_ENTITY;
	}
	return to;
}

/* The bytes at the start that XML 1.0 forbids: controls, U+FFFE, U+FFFF. */
static size_t
forbidden(const char *bytes, size_t len)
{
	unsigned char c;

	c = (unsigned char)bytes[0];
	if (c < ' ')
		return c == '\t' || c == '\n' || c == '\r' ? 0 : 1;
	return len >= 3 && c == 0xef && (unsigned char)bytes[1] == 0xbf &&
		(unsigned char)bytes[2] >= 0xbe ?
	    3 :
	    0;
}

static size_t
cut_forbidden(char *bytes, size_t len, unsigned *flags)
{
	size_t from, to, cut;

	to = 0;
	for (from = 0; from < len;) {
		cut = forbidden(bytes + from, len - from);
		if (cut == 0) {
			bytes[to++] = bytes[from++];
			continue;
		}
		from += cut;
		*flags |= CLEAN_CONTROL;
	}
	return to;
}

static bool
is_all_blank(const char *bytes, size_t len)
{
	size_t i;
	uint32_t cp;

	for (i = 0; i < len;) {
		i += utf8_decode(bytes + i, len - i, &cp);
		if (!utf8_is_blank(cp))
			return false;
	}
	return true;
}

static size_t
trim(char *bytes, size_t len)
{
	size_t start;

	while (len > 0 && is_ascii_blank(bytes[len - 1]))
		len--;
	for (start = 0; start < len && is_ascii_blank(bytes[start]); start++)
		continue;
	if (start > 0)
		memmove(bytes, bytes + start, len - start);
	return len - start;
}

size_t
clean_cell(char *bytes, size_t len, unsigned *flags)
{
	bool ampersand, odd, high;
	unsigned char c;
	size_t i;

	if (len == 0)
		return 0;
	ampersand = odd = high = false;
	for (i = 0; i < len; i++) {
		c = (unsigned char)bytes[i];
		ampersand |= c == '&';
		odd |= c < ' ';
		high |= c >= 0x80;
	}
	if (ampersand)
		len = decode_references(bytes, len, flags);
	if (ampersand || odd || high)
		len = cut_forbidden(bytes, len, flags);
	len = trim(bytes, len);
	if ((high || ampersand) && is_all_blank(bytes, len))
		return 0;
	return len;
}
