#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "canvas/guard_report.h"
#include "canvas/guard_state.h"

const char *const guard_report_scopes[GUARD_SCOPES] = { "sheet", "school",
	"term", "role" };

static const char *
sheet_name(enum sheet_kind kind)
{
	return kind < KEEP_SHEETS ? sheets[kind].name : "";
}

/* People and what they are in lose their access in more than one way. */
static const char *
removed_words(enum sheet_kind kind)
{
	return kind == SHEET_USER || kind == SHEET_ENROLLMENT ?
	    "removed or deactivated" :
	    "removed";
}

static const char *
blank_words(const char *name)
{
	size_t i;

	for (i = 0; i < BLANKS; i++) {
		if (strcmp(guard_blank_cells[i].name, name) == 0)
			return guard_blank_cells[i].words;
	}
	return name;
}

/* An id as the terminal may have it: what cannot be printed is a ?. */
static void
say_id(const char *id, struct buf *out)
{
	size_t left, len;
	uint32_t cp;

	for (left = strlen(id); left > 0; id += len, left -= len) {
		len = utf8_valid(id, left) == 0 ? 0 :
						  utf8_decode(id, left, &cp);
		if (len == 0 || !utf8_is_printable(cp))
			buf_addc(out, '?');
		else
			buf_add(out, id, len);
		len = len == 0 ? 1 : len;
	}
}

static void
say_baseline_day(const struct guard *guard, struct buf *out)
{
	char day[DATE_TEXT_SIZE];

	date_format(guard->baseline_date, day);
	buf_adds(out, day);
}

/* What starts a sentence about a school, term or role. */
static void
say_scope(
    const struct guard *guard, const struct guard_limit *limit, struct buf *out)
{
	buf_printf(out, "%s ", guard_report_scopes[limit->scope]);
	say_id(limit->id, out);
	buf_addc(out, ' ');
	if (limit->code == GUARD_GONE) {
		buf_adds(out,
		    limit->holds ? "would be gone: all of its " :
				   "has too few rows to matter: ");
		return;
	}
	if (limit->code == GUARD_BASELINE) {
		buf_adds(out, "would have lost since ");
		say_baseline_day(guard, out);
		buf_addc(out, ' ');
		return;
	}
	buf_adds(out, "would lose ");
}

/* What it says about one of its sheets. */
static void
say_scope_rows(const struct guard_limit *limit, struct buf *out)
{
	if (limit->code == GUARD_GONE)
		buf_printf(out, "%llu %s", (unsigned long long)limit->rows,
		    limit->rows == 1 ? sheets[limit->sheet].word :
				       sheet_name(limit->sheet));
	else
		buf_printf(out, "%s of its %s (%llu of %llu)", limit->value,
		    sheet_name(limit->sheet), (unsigned long long)limit->rows,
		    (unsigned long long)limit->of);
}

static void
say_limit(const struct guard_limit *limit, struct buf *out)
{
	if (limit->limit[0] != '\0')
		buf_printf(out, ", %s %s",
		    limit->holds ? "more than" : "the limit is", limit->limit);
}

/* 12.5% of users would be added (125 of 1000), more than 10% */
static void
say_share(
    const struct guard *guard, const struct guard_limit *limit, struct buf *out)
{
	const char *what;

	what = limit->code == GUARD_ADDED ? "added" :
	    limit->code == GUARD_CHANGED  ? "changed" :
					    removed_words(limit->sheet);
	if (limit->of == 0) {
		buf_printf(out, "%llu %s would be %s, where none were",
		    (unsigned long long)limit->rows, sheet_name(limit->sheet),
		    what);
		return;
	}
	buf_printf(out, "%s of %s", limit->value, sheet_name(limit->sheet));
	if (limit->code == GUARD_BASELINE) {
		buf_adds(out, " that Canvas held on ");
		say_baseline_day(guard, out);
	}
	buf_printf(out, " would be %s (%llu %s %llu)", what,
	    (unsigned long long)limit->rows,
	    limit->code == GUARD_ADDED ? "beside" : "of",
	    (unsigned long long)limit->of);
	say_limit(limit, out);
}

void
guard_report_say(
    const struct guard *guard, const struct guard_limit *limit, struct buf *out)
{
	if (limit->scope != GUARD_SHEET) {
		say_scope(guard, limit, out);
		say_scope_rows(limit, out);
		say_limit(limit, out);
		return;
	}
	switch (limit->code) {
	case GUARD_FIRST_RUN:
		buf_adds(out,
		    limit->holds ?
			"no run was accepted before, so"
			" somebody has to look at this one" :
			guard->first ?
			"no run was accepted before, and this one need not wait" :
			"a run was accepted before");
		break;
	case GUARD_BLACKOUT:
		buf_printf(out,
		    "today is %sin %s, in which every run is"
		    " held",
		    limit->holds ? "" : "not ", limit->id);
		break;
	case GUARD_GAP:
		buf_printf(out,
		    "the source did not give %s, which the accepted run had",
		    limit->id);
		break;
	case GUARD_ZERO:
		buf_printf(out, "%llu %s are there today; Canvas holds %llu",
		    (unsigned long long)limit->rows, sheet_name(limit->sheet),
		    (unsigned long long)limit->of);
		break;
	case GUARD_BLANK:
		buf_printf(out, "blank %s grew by %s, to %llu of %llu",
		    blank_words(limit->id), limit->value,
		    (unsigned long long)limit->rows,
		    (unsigned long long)limit->of);
		say_limit(limit, out);
		break;
	case GUARD_ID_FORMAT:
		buf_printf(out, "ids of %s have another form in %s of rows (",
		    sheet_name(limit->sheet), limit->value);
		say_id(limit->id, out);
		buf_addc(out, ')');
		say_limit(limit, out);
		break;
	default:
		say_share(guard, limit, out);
		break;
	}
}

/* sentence: what people read first; NULL: none. */
static struct json *
limit_json(const struct guard_limit *limit, const char *sentence)
{
	struct json *json;

	json = json_object();
	if (sentence != NULL)
		json_set_text(json, "sentence", sentence);
	json_set_text(json, "code", guard_codes[limit->code].code);
	if (limit->sheet < KEEP_SHEETS)
		json_set_text(json, "sheet", sheet_name(limit->sheet));
	if (limit->scope != GUARD_SHEET)
		json_set_text(json, "scope", guard_report_scopes[limit->scope]);
	if (limit->id[0] != '\0')
		json_set_text(json, "id", limit->id);
	json_set_number(json, "rows", limit->rows);
	json_set_number(json, "of", limit->of);
	if (limit->value[0] != '\0')
		json_set_text(json, "value", limit->value);
	if (limit->limit[0] != '\0')
		json_set_text(json, "limit", limit->limit);
	return json;
}

static struct json *
reasons_json(const struct guard *guard)
{
	struct json *reasons;
	struct buf text = { 0 };
	size_t i;

	reasons = json_array();
	for (i = 0; i < guard->nlimits; i++) {
		if (!guard->limits[i].holds)
			continue;
		text.len = 0;
		guard_report_say(guard, &guard->limits[i], &text);
		json_append(
		    reasons, limit_json(&guard->limits[i], buf_str(&text)));
	}
	buf_free(&text);
	return reasons;
}

static struct json *
limits_json(const struct guard *guard)
{
	const struct guard_limit *limit;
	struct json *limits, *json;
	size_t i;

	limits = json_array();
	for (i = 0; i < guard->nlimits; i++) {
		limit = &guard->limits[i];
		if (limit->scope != GUARD_SHEET && limit->rows == 0)
			continue;
		json = limit_json(limit, NULL);
		json_set_yes(json, "holds", limit->holds);
		json_append(limits, json);
	}
	return limits;
}

static struct json *
baseline_json(const struct guard *guard)
{
	char day[DATE_TEXT_SIZE];
	struct json *json;

	json = json_object();
	json_set_number(json, "days", guard->baseline_days);
	if (guard->baseline_run == NULL)
		return json;
	date_format(guard->baseline_date, day);
	json_set_text(json, "run", guard->baseline_run);
	json_set_text(json, "date", day);
	return json;
}

struct json *
guard_report_json(const struct guard *guard)
{
	struct json *json;

	json = json_object();
	json_set_text(json, "verdict", guard_verdicts[guard->verdict]);
	json_set_text(json, "mode", guard_settings_modes[guard->mode]);
	json_set_yes(json, "first_run", guard->first);
	json_set_number(json, "minimum", guard->minimum);
	json_set(json, "reasons", reasons_json(guard));
	json_set(json, "limits", limits_json(guard));
	json_set(json, "baseline", baseline_json(guard));
	return json;
}

/* Is this reason one more about the same school, term or role? */
static bool
continues(const struct guard_limit *limit, const struct guard_limit *last)
{
	return last != NULL && limit->scope != GUARD_SHEET &&
	    limit->code == last->code && limit->scope == last->scope &&
	    strcmp(limit->id, last->id) == 0;
}

static const struct guard_limit *
next_reason(const struct guard *guard, size_t *at)
{
	while (*at < guard->nlimits) {
		if (guard->limits[(*at)++].holds)
			return &guard->limits[*at - 1];
	}
	return NULL;
}

/*
 * Adds one line about a reason and those that continue it. Returns the next
 * reason, NULL behind the last.
 */
static const struct guard_limit *
say_line(const struct guard *guard, const struct guard_limit *reason,
    size_t *at, struct buf *line)
{
	const struct guard_limit *next;

	line->len = 0;
	next = next_reason(guard, at);
	if (next == NULL || !continues(next, reason)) {
		guard_report_say(guard, reason, line);
	} else {
		say_scope(guard, reason, line);
		say_scope_rows(reason, line);
		for (; next != NULL && continues(next, reason);
		     next = next_reason(guard, at)) {
			buf_adds(line, ", ");
			say_scope_rows(next, line);
		}
		say_limit(reason, line);
	}
	buf_printf(line, " (%s)", guard_codes[reason->code].code);
	return next;
}

static void
print_causes(const struct guard *guard, FILE *out)
{
	const struct guard_text *text;
	size_t i;
	int last;

	last = -1;
	for (i = 0; i < guard->nlimits; i++) {
		if (!guard->limits[i].holds ||
		    (int)guard->limits[i].code == last)
			continue;
		last = (int)guard->limits[i].code;
		text = &guard_codes[last];
		fprintf(out, "%s: %s\n    usually: %s\n    do: %s\n",
		    text->code, text->sentence, text->causes, text->fix);
	}
}

void
guard_report_print(const struct guard *guard, FILE *out)
{
	const struct guard_limit *reason;
	struct buf line = { 0 };
	size_t at, lines;

	at = 0;
	lines = 0;
	for (reason = next_reason(guard, &at); reason != NULL; lines++) {
		reason = say_line(guard, reason, &at, &line);
		if (lines < GUARD_REPORT_LINES)
			fprintf(out, "%s: %s\n", guard_verdicts[guard->verdict],
			    buf_str(&line));
	}
	if (lines > GUARD_REPORT_LINES)
		fprintf(out, "%s: and %zu more in report.html\n",
		    guard_verdicts[guard->verdict], lines - GUARD_REPORT_LINES);
	print_causes(guard, out);
	buf_free(&line);
}
