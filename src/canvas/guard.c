#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "canvas/guard_form.h"
#include "canvas/guard_scopes.h"
#include "canvas/guard_state.h"

#define FORM_MOVED_MAX 50 /* per cent of a sheet's ids */

const char *const guard_verdicts[] = { "passed", "warned", "held" };

/* A judgement under way. */
struct judge {
	const struct guard_input *input;
	const struct guard_settings *settings;
	struct guard *guard;
};

/* The limit that was added last and is being filled. */
static struct guard_limit *
add_limit(struct judge *judge, enum guard_code code, enum sheet_kind sheet,
    uint64_t rows, uint64_t of)
{
	struct guard *guard;

	guard = judge->guard;
	guard->limits = mem_grow(guard->limits, guard->nlimits,
	    &guard->caplimits, sizeof(*guard->limits));
	guard->limits[guard->nlimits] = (struct guard_limit){ .code = code,
		.sheet = sheet,
		.scope = GUARD_SHEET,
		.id = mem_strdup(""),
		.rows = rows,
		.of = of };
	return &guard->limits[guard->nlimits++];
}

/* A limit's id is its own, and const to everybody else. */
static void
free_id(struct guard_limit *limit)
{
	free((char *)(uintptr_t)limit->id);
}

static void
name_limit(struct guard_limit *limit, enum guard_scope scope, char *id)
{
	free_id(limit);
	limit->scope = scope;
	limit->id = id;
}

/* Fewer rows than the minimum never hold, whatever their share. */
static void
measure(const struct judge *judge, struct guard_limit *limit,
    struct guard_share share, unsigned percent, const char *unit)
{
	limit->holds = limit->rows >= judge->settings->minimum &&
	    guard_share_exceeds(share, percent);
	guard_share_text(share, percent, unit, limit->value);
	snprintf(limit->limit, sizeof(limit->limit), "%u%s", percent, unit);
}

static void
measure_rows(
    const struct judge *judge, struct guard_limit *limit, unsigned percent)
{
	measure(judge, limit, (struct guard_share){ limit->rows, limit->of },
	    percent, "%");
}

/* The rows that Canvas holds and this run covers. */
static uint64_t
covered(const struct delta_count *count)
{
	return count->before -
	    (count->let_go < count->before ? count->let_go : count->before);
}

/* Rows that are taken away: gone, or there and without access. */
static uint64_t
taken(const struct guard_count *count)
{
	return count->removed + count->withdrawn;
}

static void
judge_first_run(struct judge *judge)
{
	struct guard_limit *limit;

	limit = add_limit(judge, GUARD_FIRST_RUN, SHEETS, 0, 0);
	limit->holds = judge->input->first && !judge->input->fixture &&
	    !judge->settings->first_run_accepted;
}

static void
judge_blackout(struct judge *judge)
{
	char first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];
	const struct guard_range *range;
	struct guard_limit *limit;
	size_t i;

	for (i = 0; i < judge->settings->nblackout; i++) {
		range = &judge->settings->blackout[i];
		date_format(range->first, first);
		date_format(range->last, last);
		limit = add_limit(judge, GUARD_BLACKOUT, SHEETS, 0, 0);
		name_limit(
		    limit, GUARD_SHEET, mem_printf("%s..%s", first, last));
		limit->holds = judge->input->today >= range->first &&
		    judge->input->today <= range->last;
	}
}

/* What is not read cannot be told from what is not there any more. */
static void
judge_gaps(struct judge *judge)
{
	struct guard_limit *limit;
	size_t i;

	for (i = 0; i < judge->input->ngaps; i++) {
		limit = add_limit(judge, GUARD_GAP, SHEETS, 0, 0);
		name_limit(
		    limit, GUARD_SHEET, mem_strdup(judge->input->gaps[i]));
		limit->holds = true;
	}
}

/* A sheet without rows is no ordinary day, however few it had. */
static void
judge_zero(struct judge *judge, enum sheet_kind kind)
{
	struct guard_limit *limit;
	uint64_t before;

	before = judge->input->accepted.counts[kind].before;
	limit = add_limit(
	    judge, GUARD_ZERO, kind, judge->input->rows[kind], before);
	limit->holds = before > 0 && limit->rows == 0;
}

static void
judge_added(struct judge *judge, enum sheet_kind kind)
{
	const struct guard_past *past;

	past = &judge->input->accepted;
	measure_rows(judge,
	    add_limit(judge, GUARD_ADDED, kind,
		guard_watch_count(past->watch, kind, GUARD_SHEET, (sym){ 0 })
		    .added,
		covered(&past->counts[kind])),
	    judge->settings->added);
}

static void
judge_removed(struct judge *judge, enum guard_code code,
    const struct guard_past *past, enum sheet_kind kind)
{
	struct guard_count count;

	count = guard_watch_count(past->watch, kind, GUARD_SHEET, (sym){ 0 });
	measure_rows(judge,
	    add_limit(
		judge, code, kind, taken(&count), covered(&past->counts[kind])),
	    judge->settings->removed[kind]);
}

static void
judge_changed(struct judge *judge, enum sheet_kind kind)
{
	const struct guard_past *past;

	past = &judge->input->accepted;
	measure_rows(judge,
	    add_limit(judge, GUARD_CHANGED, kind,
		guard_watch_count(past->watch, kind, GUARD_SHEET, (sym){ 0 })
		    .changed,
		covered(&past->counts[kind])),
	    judge->settings->changed);
}

/* Do the ids of a sheet still look as they did? */
static void
judge_form(struct judge *judge, enum sheet_kind kind)
{
	const struct tally_sheet *before, *now;
	struct guard_limit *limit;

	before = &judge->input->accepted.tally->sheets[kind];
	now = &judge->input->now->sheets[kind];
	if (before->rows == 0 || now->rows == 0)
		return;
	limit = add_limit(judge, GUARD_ID_FORMAT, kind,
	    before->rows < now->rows ? before->rows : now->rows, before->rows);
	name_limit(limit, GUARD_SHEET,
	    mem_printf("%s -> %s",
		before->nshapes > 0 ? before->shapes[0].text : "",
		now->nshapes > 0 ? now->shapes[0].text : ""));
	measure(
	    judge, limit, guard_form_moved(before, now), FORM_MOVED_MAX, "%");
}

static char *
text_of(const struct judge *judge, sym id)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = intern_text(judge->input->intern, id, digits);
	return mem_strndup(text.bytes, text.len);
}

/*
 * What one school, term or role loses: rows that are taken away, or rows that
 * now belong to another one, whichever are more.
 */
static uint64_t
lost(const struct guard_past *past, enum sheet_kind kind,
    enum guard_scope scope, const struct guard_scope_rows *rows)
{
	struct guard_count count;
	uint64_t fewer;

	count = guard_watch_count(past->watch, kind, scope, rows->id);
	fewer = rows->before > rows->now ? rows->before - rows->now : 0;
	return taken(&count) > fewer ? taken(&count) : fewer;
}

static void
judge_scope(struct judge *judge, enum guard_code code,
    const struct guard_past *past, enum sheet_kind kind, enum guard_scope scope,
    const struct guard_scope_rows *rows)
{
	struct guard_limit *limit;
	bool gone;

	gone = code == GUARD_LOST && rows->now == 0;
	limit = add_limit(judge, gone ? GUARD_GONE : code, kind,
	    gone ? rows->before : lost(past, kind, scope, rows), rows->before);
	name_limit(limit, scope, text_of(judge, rows->id));
	if (gone)
		limit->holds = rows->before >= judge->settings->minimum;
	else
		measure_rows(judge, limit, judge->settings->lost);
}

static void
judge_scopes(struct judge *judge, enum guard_code code,
    const struct guard_past *past, enum sheet_kind kind)
{
	struct guard_scope_rows *list;
	enum guard_scope scope;
	size_t n, i;

	if (past->tally == NULL)
		return;
	for (scope = GUARD_SCHOOL; scope < GUARD_SCOPES; scope++) {
		n = guard_scopes_list(&past->tally->sheets[kind],
		    &judge->input->now->sheets[kind], past->let_go, scope,
		    &list);
		for (i = 0; i < n; i++)
			judge_scope(judge, code, past, kind, scope, &list[i]);
		free(list);
	}
}

/* By how many points has the share of blanks grown? */
static void
judge_blank(struct judge *judge, enum guard_blank_kind kind)
{
	guard_wide before, now, rows_before, rows_now;
	struct guard_limit *limit;

	before = judge->input->blanks_before->of[kind].blank;
	rows_before = judge->input->blanks_before->of[kind].rows;
	now = judge->input->blanks->of[kind].blank;
	rows_now = judge->input->blanks->of[kind].rows;
	if (rows_before == 0 || rows_now == 0)
		return;
	limit = add_limit(
	    judge, GUARD_BLANK, SHEETS, (uint64_t)now, (uint64_t)rows_now);
	name_limit(
	    limit, GUARD_SHEET, mem_strdup(guard_blank_cells[kind].name));
	now *= rows_before;
	before *= rows_now;
	measure(judge, limit,
	    (struct guard_share){
		now > before ? now - before : 0, rows_now * rows_before },
	    judge->settings->blank, " points");
}

/* What can be wrong with rows that Canvas has already. */
static void
judge_old_rows(struct judge *judge)
{
	const struct guard_input *input;
	enum guard_blank_kind blank;
	enum sheet_kind kind;

	input = judge->input;
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		judge_removed(judge, GUARD_REMOVED, &input->accepted, kind);
		judge_changed(judge, kind);
		if (input->accepted.tally != NULL)
			judge_form(judge, kind);
		if (input->baseline_run != NULL)
			judge_removed(
			    judge, GUARD_BASELINE, &input->baseline, kind);
		if (kind < SHEET_COURSE)
			continue;
		judge_scopes(judge, GUARD_LOST, &input->accepted, kind);
		if (input->baseline_run != NULL)
			judge_scopes(
			    judge, GUARD_BASELINE, &input->baseline, kind);
	}
	for (blank = 0; input->blanks_before != NULL && blank < BLANKS; blank++)
		judge_blank(judge, blank);
}

static int
limit_order(const void *a, const void *b)
{
	const struct guard_limit *x, *y;
	int order;

	x = a;
	y = b;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	order = x->scope == GUARD_SHEET ? 0 : strcmp(x->id, y->id);
	if (order == 0 && x->sheet != y->sheet)
		return x->sheet < y->sheet ? -1 : 1;
	return order != 0 ? order : strcmp(x->id, y->id);
}

/* A blackout is an order, not a measure: it holds in every mode. */
static void
pronounce(struct guard *guard)
{
	size_t i;

	qsort(
	    guard->limits, guard->nlimits, sizeof(*guard->limits), limit_order);
	for (i = 0; i < guard->nlimits; i++) {
		if (!guard->limits[i].holds)
			continue;
		guard->nreasons++;
		if (guard->mode != GUARD_WARN ||
		    guard->limits[i].code == GUARD_BLACKOUT)
			guard->verdict = GUARD_HELD;
		else if (guard->verdict == GUARD_PASSED)
			guard->verdict = GUARD_WARNED;
	}
}

struct guard *
guard_judge(const struct guard_input *input)
{
	struct judge judge = { .input = input, .settings = input->settings };
	enum sheet_kind kind;
	struct guard *guard;

	guard = mem_zalloc(1, sizeof(*guard));
	guard->mode = input->settings->mode;
	guard->first = input->first;
	guard->minimum = input->settings->minimum;
	guard->baseline_days = input->settings->baseline_days;
	judge.guard = guard;
	judge_first_run(&judge);
	judge_blackout(&judge);
	if (!input->first) {
		if (input->baseline_run != NULL) {
			guard->baseline_run = mem_strdup(input->baseline_run);
			guard->baseline_date = input->baseline_date;
		}
		for (kind = 0; kind < KEEP_SHEETS; kind++) {
			judge_zero(&judge, kind);
			judge_added(&judge, kind);
		}
		if (guard->mode != GUARD_ADDITIONS_ONLY) {
			judge_gaps(&judge);
			judge_old_rows(&judge);
		}
	}
	pronounce(guard);
	return guard;
}

void
guard_free(struct guard *guard)
{
	size_t i;

	if (guard == NULL)
		return;
	for (i = 0; i < guard->nlimits; i++)
		free_id(&guard->limits[i]);
	free(guard->limits);
	free(guard->baseline_run);
	free(guard);
}

enum guard_verdict
guard_verdict_of(const struct guard *guard)
{
	return guard->verdict;
}

const struct guard_limit *
guard_limits(const struct guard *guard, size_t *count)
{
	*count = guard->nlimits;
	return guard->limits;
}

size_t
guard_reasons(const struct guard *guard)
{
	return guard->nreasons;
}
