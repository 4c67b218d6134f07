#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "canvas/lint_say.h"

#define ID_SHOWN 60 /* bytes of an id, then an ellipsis */

/* Words that Canvas itself uses for the state of something. */
static const char *const state_words[] = { "active", "available", "concluded",
	"completed", "creation_pending", "deleted", "disabled", "enabled",
	"inactive", "invited", "pending", "pre_registered", "published",
	"registered", "rejected", "suspended", "unpublished", NULL };

/* Characters that would move the cursor or turn the direction of writing. */
static bool
is_harmless(uint32_t cp)
{
	return utf8_is_printable(cp) && !(cp >= 0x200b && cp <= 0x200f) &&
	    !(cp >= 0x202a && cp <= 0x202e) &&
	    !(cp >= 0x2066 && cp <= 0x2069) && cp != 0xfeff;
}

/* Adds text with everything that is not harmless as \x1b. */
static void
add_harmless(struct buf *out, const char *bytes, size_t len)
{
	size_t i, step, j;
	uint32_t cp;

	for (i = 0; i < len; i += step) {
		step = 1;
		cp = (unsigned char)bytes[i];
		if (cp >= 0x80 && utf8_valid(bytes + i, len - i) > 0)
			step = utf8_decode(bytes + i, len - i, &cp);
		else if (cp >= 0x80)
			cp = 0; /* not UTF-8 */
		if (is_harmless(cp)) {
			buf_add(out, bytes + i, step);
			continue;
		}
		for (j = 0; j < step; j++)
			buf_printf(out, "\\x%02x", (unsigned char)bytes[i + j]);
	}
}

static struct buf *
next_shown(struct lint *lint)
{
	struct buf *shown;

	shown = &lint->shown[lint->next_shown++ % 2];
	shown->len = 0;
	return shown;
}

/* Is it a byte in the middle of a character? */
static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

const char *
lint_id(struct lint *lint, struct str value)
{
	struct buf *shown;
	size_t len;

	shown = next_shown(lint);
	if (lint->file.of_people && lint->row.slipped) {
		buf_adds(shown, "(not shown)");
		return buf_str(shown);
	}
	len = value.len;
	if (len > ID_SHOWN) {
		len = ID_SHOWN;
		while (len > 0 && continues(value.bytes[len]))
			len--;
	}
	buf_addc(shown, '"');
	add_harmless(shown, value.bytes, len);
	buf_adds(shown, len < value.len ? "...\"" : "\"");
	return buf_str(shown);
}

const char *
lint_word(struct lint *lint, struct str value)
{
	struct buf *shown;
	size_t i;

	for (i = 0; lint->file.of_people && state_words[i] != NULL; i++) {
		if (lint_is_any_case(value, state_words[i]))
			break;
	}
	shown = next_shown(lint);
	if (lint->file.of_people && state_words[i] == NULL)
		return buf_str(shown);
	buf_addc(shown, '"');
	add_harmless(
	    shown, value.bytes, value.len < ID_SHOWN ? value.len : ID_SHOWN);
	buf_adds(shown, "\" ");
	return buf_str(shown);
}

static const char *
behind_line_end(const char *at, const char *end)
{
	while (at < end && *at != '\n' && *at != '\r')
		at++;
	if (at == end)
		return end;
	return *at == '\r' && at + 1 < end && at[1] == '\n' ? at + 2 : at + 1;
}

/* Where the physical line of the block begins; moves on from the last one. */
static const char *
line_begin(struct lint *lint, uint32_t line)
{
	struct lint_reading *file;

	file = &lint->file;
	if (line < file->at_line) {
		file->at = file->block;
		file->at_line = file->block_line;
	}
	while (file->at_line < line && file->at < file->block_end) {
		file->at = behind_line_end(file->at, file->block_end);
		file->at_line++;
	}
	return file->at;
}

/* The first byte behind a cell. */
static const char *
behind_cell(const char *at, const char *end)
{
	if (at < end && *at == '"') {
		at++;
		while (
		    at < end && (*at != '"' || (at + 1 < end && at[1] == '"')))
			at += *at == '"' ? 2 : 1;
	}
	while (at < end && *at != ',' && *at != '\n' && *at != '\r')
		at++;
	return at;
}

void
lint_place(struct lint *lint, size_t n, uint32_t *line, size_t *at)
{
	const char *begin, *next, *end, *p;

	*line = lint->row.line;
	end = lint->file.block_end;
	p = begin = line_begin(lint, *line);
	for (; n > 0 && p < end; n--) {
		p = behind_cell(p, end);
		if (p < end && *p == ',')
			p++;
	}
	/* Cells before it may hold line breaks. */
	while ((next = behind_line_end(begin, end)) <= p && next < end) {
		begin = next;
		(*line)++;
	}
	*at = (size_t)(p - begin) + 1;
}

/* Counts a finding; whether it is also to be shown. */
static bool
count(struct lint *lint, enum lint_rule rule, enum severity severity)
{
	size_t limit;

	limit = lint->options.shown;
	lint->totals.by_rule[rule]++;
	lint->totals.by_severity[severity]++;
	return lint->file.shown[rule]++ < limit || limit == 0;
}

static void add_text(struct buf *out, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
static void say_of_row(struct lint *lint, enum lint_rule rule,
    enum severity severity, size_t column, const char *fmt, va_list ap)
    __attribute__((format(printf, 5, 0)));

static void
add_text(struct buf *out, const char *fmt, va_list ap)
{
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		return;
	vsnprintf(buf_reserve(out, (size_t)len + 1), (size_t)len + 1, fmt, ap);
	out->len += (size_t)len;
}

static void
report(struct lint *lint, struct lint_finding finding)
{
	finding.message = buf_str(&lint->message);
	lint->report(lint->arg, &finding);
}

static void
say_of_row(struct lint *lint, enum lint_rule rule, enum severity severity,
    size_t column, const char *fmt, va_list ap)
{
	struct lint_finding finding = { .rule = rule,
		.severity = severity,
		.file = lint->file.name,
		.file_number = lint->file.number,
		.row = lint->file.row };
	size_t own, cell;

	if (severity == SEVERITY_ERROR)
		lint->row.refused = true;
	if (!count(lint, rule, severity))
		return;
	lint->message.len = 0;
	if (column != LINT_NO_COLUMN)
		buf_printf(&lint->message, "%s ",
		    lint->file.sheet->columns[column].header);
	add_text(&lint->message, fmt, ap);
	own = lint->file.columns.own;
	if (column != own && lint_is_filled(lint, own))
		buf_printf(&lint->message, " (%s %s)", lint->file.sheet->word,
		    lint_id(lint, lint->row.values[own]));
	cell = column == LINT_NO_COLUMN || lint->file.cell_of[column] < 0 ?
	    0 :
	    (size_t)lint->file.cell_of[column];
	lint_place(lint, cell, &finding.line, &finding.column);
	report(lint, finding);
}

void
lint_say(
    struct lint *lint, enum lint_rule rule, size_t column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_of_row(lint, rule, lint_rules[rule].severity, column, fmt, ap);
	va_end(ap);
}

void
lint_say_as(struct lint *lint, enum lint_rule rule, enum severity severity,
    size_t column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_of_row(lint, rule, severity, column, fmt, ap);
	va_end(ap);
}

void
lint_say_at(struct lint *lint, enum lint_rule rule, enum severity severity,
    uint32_t line, size_t at, uint32_t row, const char *fmt, ...)
{
	va_list ap;

	if (!count(lint, rule, severity))
		return;
	lint->message.len = 0;
	va_start(ap, fmt);
	add_text(&lint->message, fmt, ap);
	va_end(ap);
	report(lint,
	    (struct lint_finding){ .rule = rule,
		.severity = severity,
		.file = lint->file.name,
		.file_number = lint->file.number,
		.line = line,
		.column = at,
		.row = row });
}

void
lint_say_byte(struct lint *lint, enum lint_rule rule, const char *byte,
    const char *message)
{
	const char *begin, *next;
	uint32_t line;

	begin = lint->file.block;
	line = lint->file.block_line;
	while ((next = behind_line_end(begin, lint->file.block_end)) <= byte &&
	    next > begin) {
		begin = next;
		line++;
	}
	lint_say_at(lint, rule, lint_rules[rule].severity, line,
	    (size_t)(byte - begin) + 1, 0, "%s", message);
}

void
lint_say_of(struct lint *lint, enum lint_rule rule, enum severity severity,
    uint32_t file, uint32_t line, size_t at, uint32_t row, const char *message)
{
	if (!count(lint, rule, severity))
		return;
	lint->report(lint->arg,
	    &(struct lint_finding){ .rule = rule,
		.severity = severity,
		.file = lint->files[file],
		.file_number = file,
		.line = line,
		.column = at,
		.row = row,
		.message = message });
}
