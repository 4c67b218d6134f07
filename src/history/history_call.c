#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "history/history_call.h"

#define REASON_MAX 500 /* characters */
#define DATE_LENGTH 10 /* of --now 2026-11-23 */

/* A day alone is noon in the district, a moment needs no time zone. */
static int
read_now(
    const struct conf *conf, const char *text, int64_t *now, struct err *err)
{
	struct buf where = { 0 };
	int rc;

	*now = clock_now();
	if (text == NULL)
		return 0;
	if (strlen(text) == DATE_LENGTH) {
		conf_where(conf, "district", "timezone", &where);
		rc = date_use_zone(conf_text(conf, "district", "timezone"),
		    buf_str(&where), err);
		buf_free(&where);
		if (rc != 0)
			return -1;
	}
	if (clock_parse(text, now) == 0)
		return 0;
	err_set(
	    err, EXIT_USAGE, "--now %.40s: not a time; nothing was done", text);
	return err_hint(err, "Write it as 2026-11-23T12:00:00Z.");
}

int
history_call_settle(struct history_call *call, const struct conf *conf,
    const char *run, const char *reason, const char *now_text, struct err *err)
{
	call->conf = conf;
	call->out = conf_text(conf, "output", "dir");
	call->run = run;
	call->reason = reason;
	call->now_given = now_text != NULL;
	return read_now(conf, now_text, &call->now, err);
}

/* Marks that turn the direction of text around (Unicode Bidi_Control). */
static bool
turns_text(uint32_t cp)
{
	return cp == 0x61c || cp == 0x200e || cp == 0x200f ||
	    (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

static bool
is_harmless(uint32_t cp)
{
	return utf8_is_printable(cp) && !turns_text(cp);
}

/* Why a reason cannot be taken, or NULL. */
static const char *
fault_of(const char *reason)
{
	size_t len, at, characters;
	uint32_t cp;
	bool blank;

	len = strlen(reason);
	if (utf8_valid(reason, len) != len)
		return "it is not UTF-8";
	blank = true;
	characters = 0;
	for (at = 0; at < len; characters++) {
		at += utf8_decode(reason + at, len - at, &cp);
		if (!is_harmless(cp))
			return "it holds a control character";
		blank = blank && utf8_is_blank(cp);
	}
	if (blank)
		return "it is blank";
	return characters > REASON_MAX ? "it is too long" : NULL;
}

int
history_call_check_reason(
    const struct history_call *call, bool needed, struct err *err)
{
	const char *fault;

	if (call->reason == NULL && !needed)
		return 0;
	fault = call->reason == NULL ? "it is missing" : fault_of(call->reason);
	if (fault == NULL)
		return 0;
	err_set(err, EXIT_USAGE, "--reason: %s; nothing was done", fault);
	return err_hint(err,
	    "Say on one line, in at most %d characters, what"
	    " the next person must know: --reason 'new school opens'",
	    REASON_MAX);
}

void
history_call_print_json(struct json *document)
{
	char *text;

	text = json_print(document);
	fputs(text, stdout);
	free(text);
	json_free(document);
}

/* Prints valid UTF-8. */
static void
print_valid(const char *text, size_t len)
{
	size_t at, n;
	uint32_t cp;

	for (at = 0; at < len; at += n) {
		n = utf8_decode(text + at, len - at, &cp);
		if (is_harmless(cp))
			fwrite(text + at, 1, n, stdout);
		else
			printf("\\u{%x}", (unsigned)cp);
	}
}

void
history_call_print_text(const char *text)
{
	size_t len, at, good;

	len = strlen(text);
	for (at = 0; at < len; at++) {
		good = utf8_valid(text + at, len - at);
		print_valid(text + at, good);
		at += good;
		if (at < len)
			printf("\\x%02x", (unsigned char)text[at]);
	}
}
