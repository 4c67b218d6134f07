#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "source/clean.h"

#define NAME_LONGEST 6 /* letters of the longest name: Ccedil */
#define LAST_CODE_POINT 0x10ffff

/* A name between & and ; and the character that it stands for. */
struct entity {
	char name[NAME_LONGEST + 1];
	unsigned char cp;
};

/* The five names of XML. */
static const struct entity xml_names[] = {
	{ "amp", '&' },
	{ "lt", '<' },
	{ "gt", '>' },
	{ "quot", '"' },
	{ "apos", '\'' },
};

/* The Latin-1 names of HTML 4, for U+00A0 to U+00FF in order. */
static const char latin1_names[][NAME_LONGEST + 1] = {
	"nbsp",
	"iexcl",
	"cent",
	"pound",
	"curren",
	"yen",
	"brvbar",
	"sect",
	"uml",
	"copy",
	"ordf",
	"laquo",
	"not",
	"shy",
	"reg",
	"macr",
	"deg",
	"plusmn",
	"sup2",
	"sup3",
	"acute",
	"micro",
	"para",
	"middot",
	"cedil",
	"sup1",
	"ordm",
	"raquo",
	"frac14",
	"frac12",
	"frac34",
	"iquest",
	"Agrave",
	"Aacute",
	"Acirc",
	"Atilde",
	"Auml",
	"Aring",
	"AElig",
	"Ccedil",
	"Egrave",
	"Eacute",
	"Ecirc",
	"Euml",
	"Igrave",
	"Iacute",
	"Icirc",
	"Iuml",
	"ETH",
	"Ntilde",
	"Ograve",
	"Oacute",
	"Ocirc",
	"Otilde",
	"Ouml",
	"times",
	"Oslash",
	"Ugrave",
	"Uacute",
	"Ucirc",
	"Uuml",
	"Yacute",
	"THORN",
	"szlig",
	"agrave",
	"aacute",
	"acirc",
	"atilde",
	"auml",
	"aring",
	"aelig",
	"ccedil",
	"egrave",
	"eacute",
	"ecirc",
	"euml",
	"igrave",
	"iacute",
	"icirc",
	"iuml",
	"eth",
	"ntilde",
	"ograve",
	"oacute",
	"ocirc",
	"otilde",
	"ouml",
	"divide",
	"oslash",
	"ugrave",
	"uacute",
	"ucirc",
	"uuml",
	"yacute",
	"thorn",
	"yuml",
};

_Static_assert(sizeof(latin1_names) / sizeof(latin1_names[0]) == 96,
    "one name for each character from U+00A0 to U+00FF");

static bool
is_ascii_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The character of a name, 0 when there is none. */
static uint32_t
named(const char *name, size_t len)
{
	size_t i;

	if (len > NAME_LONGEST)
		return 0;
	for (i = 0; i < sizeof(xml_names) / sizeof(xml_names[0]); i++) {
		if (strlen(xml_names[i].name) == len &&
		    memcmp(xml_names[i].name, name, len) == 0)
			return xml_names[i].cp;
	}
	for (i = 0; i < 96; i++) {
		if (strlen(latin1_names[i]) == len &&
		    memcmp(latin1_names[i], name, len) == 0)
			return 0xa0 + (uint32_t)i;
	}
	return 0;
}

static int
digit_value(char c, uint32_t base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (base == 16 && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* The character of what stands behind &#, 0 when it stays as it is. */
static uint32_t
numbered(const char *text, size_t len)
{
	uint32_t base, cp;
	size_t i;
	int digit;

	base = len > 0 && (text[0] | 0x20) == 'x' ? 16 : 10;
	i = base == 16 ? 1 : 0;
	if (i == len)
		return 0;
	for (cp = 0; i < len; i++) {
		digit = digit_value(text[i], base);
		if (digit < 0)
			return 0;
		if (cp <= LAST_CODE_POINT)
			cp = cp * base + (uint32_t)digit;
	}
	return cp > LAST_CODE_POINT || (cp >= 0xd800 && cp <= 0xdfff) ? 0 : cp;
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
	*cp = bytes[1] == '#' ? numbered(bytes + 2, end - 2) :
				named(bytes + 1, end - 1);
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
