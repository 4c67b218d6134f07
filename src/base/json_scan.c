#include <ctype.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/utf8.h"

/* The bytes that are looked over, and the place reached. */
struct scan {
	const struct json_origin *origin;
	const char *at, *end;
	size_t line;
	size_t depth, values;
	struct buf *out;
	struct err *err;
};

int
json_scan_refuse(const struct json_origin *origin, size_t line, const char *why,
    struct err *err)
{
	return err_set(err, origin->code,
	    "%s:%zu: this is not"
	    " JSON that can be read: %s",
	    origin->name, line, why);
}

static int
refuse(const struct scan *scan, const char *why)
{
	return json_scan_refuse(scan->origin, scan->line, why, scan->err);
}

/* How many digits stand at p. */
static size_t
digits_at(const char *p, const char *end)
{
	size_t n;

	for (n = 0; p + n < end && isdigit((unsigned char)p[n]); n++)
		continue;
	return n;
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][-+]?[0-9]+)?, and then no more of it. */
static int
scan_number(struct scan *scan)
{
	const char *p, *start;
	size_t n;

	start = scan->at;
	p = start + (*start == '-');
	n = digits_at(p, scan->end);
	if (n == 0 || (n > 1 && *p == '0'))
		return refuse(scan,
		    "a number with a sign or zeros in front"
		    " that do not belong there");
	p += n;
	if (p < scan->end && *p == '.') {
		n = digits_at(++p, scan->end);
		if (n == 0)
			return refuse(scan,
			    "a number without digits behind"
			    " the point");
		p += n;
	}
	if (p < scan->end && (*p == 'e' || *p == 'E')) {
		p++;
		p += p < scan->end && (*p == '-' || *p == '+');
		n = digits_at(p, scan->end);
		if (n == 0)
			return refuse(scan,
			    "a number without digits in its"
			    " exponent");
		p += n;
	}
	if (p < scan->end &&
	    (isalnum((unsigned char)*p) || *p == '.' || *p == '-' ||
		*p == '+' || *p == '_'))
		return refuse(scan, "something that starts like a number");
	buf_addc(scan->out, '"');
	buf_addc(scan->out, JSON_SCAN_MARK);
	buf_add(scan->out, start, (size_t)(p - start));
	buf_addc(scan->out, '"');
	scan->at = p;
	return 0;
}

/* cJSON ends a text at \u0000, and at \uXYZ! too, without a word. */
static int
scan_escape(struct scan *scan, const char *p)
{
	size_t i;

	if (scan->end - p < 6 || p[1] != 'u')
		return 0;
	for (i = 2; i < 6; i++) {
		if (!isxdigit((unsigned char)p[i]))
			return refuse(scan,
			    "a \\u without four hex digits"
			    " in a text");
	}
	return memcmp(p, "\\u0000", 6) == 0 ?
	    refuse(scan, "\\u0000 in a text") :
	    0;
}

static int
scan_text(struct scan *scan)
{
	const char *p;

	for (p = scan->at + 1; p < scan->end && *p != '"'; p++) {
		if ((unsigned char)*p < 0x20)
			return refuse(scan, "a control character in a text");
		if (*p != '\\')
			continue;
		if (scan_escape(scan, p) != 0)
			return -1;
		if (++p == scan->end)
			break;
	}
	if (p >= scan->end)
		return refuse(scan, "it ends within a text");
	p++;
	buf_add(scan->out, scan->at, (size_t)(p - scan->at));
	scan->at = p;
	return 0;
}

/* Any other byte: a bracket, a comma, a letter of true, white space. */
static int
scan_byte(struct scan *scan)
{
	char c;

	c = *scan->at++;
	if (((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
	    c == 0x7f)
		return refuse(
		    scan, c == '\0' ? JSON_SCAN_NUL : JSON_SCAN_CONTROL);
	if ((c == '{' || c == '[') && ++scan->depth > JSON_DEPTH_MAX)
		return refuse(scan,
		    "too many lists and objects in each"
		    " other");
	if ((c == '}' || c == ']') && scan->depth > 0)
		scan->depth--;
	if ((c == '{' || c == '[' || c == ',') &&
	    ++scan->values > JSON_VALUES_MAX)
		return refuse(scan, "too many values");
	if (c == '\n')
		scan->line++;
	buf_addc(scan->out, c);
	return 0;
}

size_t
json_scan_lines(const char *bytes, size_t len)
{
	size_t i, n;

	for (i = n = 0; i < len; i++)
		n += bytes[i] == '\n';
	return n;
}

/* What must hold for the bytes as a whole. */
static int
scan_whole(struct scan *scan, size_t len)
{
	const char *bytes;
	size_t good;

	bytes = scan->at;
	if (len > scan->origin->max_bytes)
		return err_set(scan->err, scan->origin->code,
		    "%s: more than"
		    " the %zu bytes that are read of it",
		    scan->origin->name, scan->origin->max_bytes);
	if (len >= 3 && memcmp(bytes, JSON_SCAN_BOM, 3) == 0)
		return refuse(scan, JSON_SCAN_MARKED);
	good = utf8_valid(bytes, len);
	if (good == len)
		return 0;
	scan->line += json_scan_lines(bytes, good);
	return refuse(scan, JSON_SCAN_NOT_UTF8);
}

int
json_scan(const char *bytes, size_t len, const struct json_place *place,
    const struct json_origin *origin, struct buf *out, struct err *err)
{
	struct scan scan = { .origin = origin,
		.at = bytes,
		.end = bytes + len,
		.line = place->line,
		.depth = place->depth,
		.out = out,
		.err = err };
	int rc;

	rc = scan_whole(&scan, len);
	while (rc == 0 && scan.at < scan.end) {
		if (*scan.at == '"')
			rc = scan_text(&scan);
		else if (*scan.at == '-' || isdigit((unsigned char)*scan.at))
			rc = scan_number(&scan);
		else
			rc = scan_byte(&scan);
	}
	return rc;
}
