#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "compare/compare_put.h"

/* Characters that would act on what stands around them. */
static bool
is_mark(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xad ||
	    cp == 0x061c || (cp >= 0x200b && cp <= 0x200f) ||
	    (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) ||
	    cp == 0xfeff;
}

static void
put_mark(struct buf *out, uint32_t cp)
{
	switch (cp) {
	case '\n':
		buf_adds(out, "\\n");
		break;
	case '\r':
		buf_adds(out, "\\r");
		break;
	case '\t':
		buf_adds(out, "\\t");
		break;
	default:
		buf_printf(out,
		    cp < 0x100 ? "\\x%02" PRIx32 : "\\u{%04" PRIx32 "}", cp);
	}
}

static const char *
reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Valid UTF-8. */
static void
put_valid(struct buf *out, const char *text, size_t len, bool html)
{
	uint32_t cp;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &cp);
		if (is_mark(cp))
			put_mark(out, cp);
		else if (html && n == 1 && reference(text[i]) != NULL)
			buf_adds(out, reference(text[i]));
		else
			buf_add(out, text + i, n);
	}
}

static void
put_text(struct buf *out, const char *text, size_t len, bool html)
{
	size_t valid;

	while (len > 0) {
		valid = utf8_valid(text, len);
		put_valid(out, text, valid, html);
		text += valid;
		len -= valid;
		if (len == 0)
			break;
		buf_printf(out, "\\x%02x", (unsigned char)*text);
		text++;
		len--;
	}
}

void
compare_put_visible(struct buf *out, const char *text, size_t len)
{
	put_text(out, text, len, false);
}

void
compare_put_html(struct buf *out, const char *text, size_t len)
{
	put_text(out, text, len, true);
}

const char *
compare_put_number(uint64_t number, char text[COMPARE_NUMBER])
{
	char digits[COMPARE_NUMBER];
	size_t len, i, n;

	len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, number);
	n = 0;
	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			text[n++] = ',';
		text[n++] = digits[i];
	}
	text[n] = '\0';
	return text;
}
