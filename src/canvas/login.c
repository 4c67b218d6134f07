#include "base/utf8.h"
#include "canvas/login.h"

#define LOGIN_MAX 100 /* characters */

bool
login_is_good(const char *bytes, size_t len)
{
	size_t i, step, n;
	uint32_t cp;

	n = 0;
	for (i = 0; i < len; i += step) {
		if (++n > LOGIN_MAX)
			return false;
		step = 1;
		if (bytes[i] > ' ' && bytes[i] < 0x7f)
			continue;
		step = utf8_decode(bytes + i, len - i, &cp);
		if (!utf8_is_printable(cp))
			return false;
	}
	return n > 0;
}
