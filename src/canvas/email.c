#include <string.h>

#include "base/utf8.h"
#include "canvas/email.h"

#define EMAIL_MAX 255 /* characters */

/* The bytes of an atom (RFC 5322 3.2.3, RFC 6532) at the start, 0 if none. */
static size_t
atom_length(const char *bytes, size_t len)
{
	size_t i, step;
	uint32_t cp;

	for (i = 0; i < len; i += step) {
		step = 1;
		if ((bytes[i] >= '0' && bytes[i] <= '9') ||
		    (bytes[i] >= 'A' && bytes[i] <= 'Z') ||
		    (bytes[i] >= 'a' && bytes[i] <= 'z') ||
		    (bytes[i] != '\0' &&
			strchr("!#$%&'*+/=?^_`{|}~-", bytes[i]) != NULL))
			continue;
		step = utf8_decode(bytes + i, len - i, &cp);
		if (cp < 0x80 || utf8_is_blank(cp))
			break;
	}
	return i;
}

/* The bytes of a quoted string with its quotes at the start, 0 if none. */
static size_t
quoted_length(const char *bytes, size_t len)
{
	size_t i;

	if (len == 0 || bytes[0] != '"')
		return 0;
	for (i = 1; i < len; i++) {
		if (bytes[i] == '"')
			return i + 1;
		if (bytes[i] == '\r' || bytes[i] == '\n')
			return 0;
		if (bytes[i] == '\\' && i + 1 < len)
			i++;
	}
	return 0;
}

/*
 * The bytes before the at sign, 0 if they are no local part. Dots may stand
 * anywhere in it, but must not be all of it.
 */
static size_t
local_length(const char *bytes, size_t len)
{
	size_t i, step;
	bool only_dots;

	only_dots = true;
	for (i = 0; i < len && bytes[i] != '@'; i += step) {
		step = 1;
		if (bytes[i] == '.')
			continue;
		only_dots = false;
		step = bytes[i] == '"' ? quoted_length(bytes + i, len - i) :
					 atom_length(bytes + i, len - i);
		if (step == 0)
			return 0;
	}
	return only_dots ? 0 : i;
}

/* Atoms with one dot between each two of them, and nothing else. */
static bool
domain_is_good(const char *bytes, size_t len)
{
	size_t i, step;

	for (i = 0;; i++) {
		step = atom_length(bytes + i, len - i);
		if (step == 0)
			return false;
		i += step;
		if (i == len)
			return true;
		if (bytes[i] != '.')
			return false;
	}
}

bool
email_is_good(const char *bytes, size_t len)
{
	size_t local;

	if (utf8_length(bytes, len) > EMAIL_MAX)
		return false;
	local = local_length(bytes, len);
	return local > 0 && local < len &&
	    domain_is_good(bytes + local + 1, len - local - 1);
}
