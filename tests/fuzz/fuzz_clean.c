#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "source/clean.h"

/*
 * Whatever the cell: it stays valid UTF-8, gets no longer, has no blank at
 * its ends and no character that XML 1.0 lacks, and is clean the second time.
 */

const char *const fuzz_words[] = { "&", "amp;", "&amp;", "&#65;", "&#x41;",
	"&#0;", "&#x110000;", "&#xD800;", "&eacute;", "&lt", ";", " ", "\t",
	"\n", "\x01", "\x7f", "\xc2\xa0", "\xe3\x80\x80", "\xc3\xa9",
	"\xef\xbf\xbf", "\xf0\x9f\x98\x80", "abc", "&amp;lt;", "&nbsp;",
	"&#32;", "&#1;", "&#00000000000000000000065;", NULL };

static bool
is_ascii_blank(char c)
{
	return c != '\0' && strchr(" \t\n\v\f\r", c) != NULL;
}

static void
check_clean(const char *bytes, size_t len)
{
	uint32_t cp;
	size_t at;

	must(utf8_valid(bytes, len) == len);
	if (len == 0)
		return;
	must(!is_ascii_blank(bytes[0]) && !is_ascii_blank(bytes[len - 1]));
	for (at = 0; at < len;) {
		at += utf8_decode(bytes + at, len - at, &cp);
		must(cp >= 0x20 || cp == '\t' || cp == '\n' || cp == '\r');
		must(cp != 0xFFFE && cp != 0xFFFF);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	unsigned flags, again;
	size_t size, shorter;
	bool reference;
	char *copy;

	if (len < 1 || utf8_valid((const char *)bytes + 1, len - 1) != len - 1)
		return 0;
	copy = fuzz_copy(bytes + 1, len - 1);
	reference = len > 1 && memchr(copy, '&', len - 1) != NULL;
	flags = 0;
	size = clean_cell(copy, len - 1, &flags);
	must(size <= len - 1);
	must(reference || (flags & CLEAN_ENTITY) == 0);
	check_clean(copy, size);
	/* What was decoded may look like a reference: that is not decoded. */
	if (size == 0 || memchr(copy, '&', size) == NULL) {
		again = 0;
		shorter = clean_cell(copy, size, &again);
		must(shorter == size && again == 0);
	}
	free(copy);
	return 0;
}
