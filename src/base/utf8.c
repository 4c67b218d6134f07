#include <string.h>
#include <utf8proc.h>

#include "base/mem.h"
#include "base/text_of.h"
#include "base/utf8.h"

#define HIGH_BITS 0x8080808080808080ULL
#define CAPITAL_I_WITH_DOT 0x130 /* its lower case is i and a dot */
#define COMBINING_DOT_ABOVE 0x307
#define SMALL_SHARP_S 0xdf

/* How many bytes of plain ASCII there are at the start. */
static size_t
ascii_length(const char *bytes, size_t len)
{
	uint64_t words[4];
	size_t i;

	for (i = 0; i + sizeof(words) <= len; i += sizeof(words)) {
		memcpy(words, bytes + i, sizeof(words));
		if ((words[0] | words[1] | words[2] | words[3]) & HIGH_BITS)
			break;
	}
	while (i < len && (unsigned char)bytes[i] < 0x80)
		i++;
	return i;
}

/* The bytes of the valid character at the start, 0 when it is none. */
static size_t
sequence_length(const unsigned char *s, size_t len)
{
	unsigned char low, high;
	size_t need, i;

	low = 0x80;
	high = 0xbf;
	if (s[0] >= 0xc2 && s[0] <= 0xdf) {
		need = 2;
	} else if ((s[0] & 0xf0) == 0xe0) {
		need = 3;
		low = s[0] == 0xe0 ? 0xa0 : low;
		high = s[0] == 0xed ? 0x9f : high;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		need = 4;
		low = s[0] == 0xf0 ? 0x90 : low;
		high = s[0] == 0xf4 ? 0x8f : high;
	} else {
		return 0;
	}
	if (len < need || s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < need; i++) {
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	}
	return need;
}

size_t
utf8_valid(const char *bytes, size_t len)
{
	size_t i, step;

	for (i = 0; i < len; i += step) {
		i += ascii_length(bytes + i, len - i);
		if (i == len)
			break;
		step = sequence_length(
		    (const unsigned char *)bytes + i, len - i);
		if (step == 0)
			break;
	}
	return i;
}

size_t
utf8_length(const char *bytes, size_t len)
{
	size_t i, n;

	n = 0;
	for (i = 0; i < len; i++)
		n += ((unsigned char)bytes[i] & 0xc0) != 0x80;
	return n;
}

size_t
utf8_decode(const char *bytes, size_t len, uint32_t *cp)
{
	utf8proc_int32_t decoded;
	utf8proc_ssize_t used;

	used = utf8proc_iterate(
	    (const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)len, &decoded);
	if (used <= 0) {
		*cp = (unsigned char)bytes[0];
		return 1;
	}
	*cp = (uint32_t)decoded;
	return (size_t)used;
}

size_t
utf8_encode(uint32_t cp, char out[4])
{
	return (size_t)utf8proc_encode_char(
	    (utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

size_t
utf8_lower(const char *bytes, size_t len, char *out)
{
	size_t i, step, n;
	uint32_t cp;

	n = 0;
	for (i = 0; i < len; i += step) {
		step = utf8_decode(bytes + i, len - i, &cp);
		if (cp == CAPITAL_I_WITH_DOT) {
			out[n++] = 'i';
			n += utf8_encode(COMBINING_DOT_ABOVE, out + n);
			continue;
		}
		n += utf8_encode(
		    (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp), out + n);
	}
	return n;
}

size_t
utf8_upper(const char *bytes, size_t len, char *out)
{
	size_t i, step, n;
	uint32_t cp;

	n = 0;
	for (i = 0; i < len; i += step) {
		step = utf8_decode(bytes + i, len - i, &cp);
		/* utf8proc has a capital for it, simple case mapping none. */
		if (cp != SMALL_SHARP_S)
			cp = (uint32_t)utf8proc_toupper((utf8proc_int32_t)cp);
		n += utf8_encode(cp, out + n);
	}
	return n;
}

char *
utf8_fold(const char *bytes, size_t len)
{
	utf8proc_uint8_t *folded;
	utf8proc_ssize_t rc;

	rc = utf8proc_map((const utf8proc_uint8_t *)bytes,
	    (utf8proc_ssize_t)len, &folded,
	    UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
	if (rc == UTF8PROC_ERROR_NOMEM)
		mem_library_gave_up("utf8proc");
	return rc < 0 ? mem_strndup(bytes, len) : (char *)folded;
}

size_t
utf8_units(const char *bytes, size_t len)
{
	size_t i, n;

	n = 0;
	for (i = 0; i < len; i++)
		n += ((unsigned char)bytes[i] & 0xc0) == 0x80 ? 0 :
		    (unsigned char)bytes[i] >= 0xf0	      ? 2 :
								1;
	return n;
}

bool
utf8_is_blank(uint32_t cp)
{
	utf8proc_category_t category;

	if ((cp >= 0x09 && cp <= 0x0d) || cp == 0x85)
		return true;
	category = utf8proc_category((utf8proc_int32_t)cp);
	return category == UTF8PROC_CATEGORY_ZS ||
	    category == UTF8PROC_CATEGORY_ZL ||
	    category == UTF8PROC_CATEGORY_ZP;
}

bool
utf8_is_letter(uint32_t cp)
{
	utf8proc_category_t category;

	category = utf8proc_category((utf8proc_int32_t)cp);
	return category >= UTF8PROC_CATEGORY_LU &&
	    category <= UTF8PROC_CATEGORY_LO;
}

bool
utf8_is_printable(uint32_t cp)
{
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return false;
	default:
		return true;
	}
}

const char *
utf8_library(void)
{
	return "utf8proc " TEXT_OF(UTF8PROC_VERSION_MAJOR) "." TEXT_OF(
	    UTF8PROC_VERSION_MINOR) "." TEXT_OF(UTF8PROC_VERSION_PATCH);
}
