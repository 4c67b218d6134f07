#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "canvas/guard_form.h"
#include "judged.h"

#define ROUNDS 600
#define SCHOOLS 3
#define TERMS 3
#define SECTIONS 14
#define USERS 12
#define ROLES 3
#define ITEMS_MAX (SECTIONS * USERS * ROLES)
#define REASONS_MAX 400
#define REASON_SIZE 64

static const char *const roles[ROLES] = { "student", "ta", "teacher" };
static const char *const statuses[] = { "active", "completed", "inactive",
	"deleted", "suspended", "deleted_last_completed" };

/* A row that may be in each version of the district. */
struct item {
	bool there[JUDGED_VERSIONS];
	int school[JUDGED_VERSIONS], term[JUDGED_VERSIONS]; /* -1: none */
	int status[JUDGED_VERSIONS];
	int look[JUDGED_VERSIONS]; /* any other cell */
	int section, user, role;   /* of an enrollment */
};

struct district {
	struct item items[KEEP_SHEETS][ITEMS_MAX];
	size_t counts[KEEP_SHEETS];
	bool let_go[TERMS];
	struct buf texts[JUDGED_VERSIONS][KEEP_SHEETS];
	struct guard_settings settings;
	struct guard_blanks blanks[2];
	bool baseline;
};

/* What the plain computation finds. */
struct reasons {
	char list[REASONS_MAX][REASON_SIZE];
	size_t count;
};

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static int
below(int n, uint32_t *seed)
{
	return (int)(next_random(seed) % (uint32_t)n);
}

/* Each district is more or less different from one version to the next. */
static void
fill_item(struct item *item, int turmoil, int presence, uint32_t *seed)
{
	enum judged_version v;

	for (v = 0; v < JUDGED_VERSIONS; v++) {
		item->there[v] = below(100, seed) < presence;
		item->status[v] = below(4, seed) == 0 ? below(6, seed) : 0;
		item->look[v] = below(2, seed);
		if (v == 0 || below(100, seed) < turmoil)
			continue;
		item->there[v] = item->there[0];
		item->status[v] = item->status[0];
		item->look[v] = item->look[0];
	}
}

static void
place_course(struct item *course, int turmoil, uint32_t *seed)
{
	enum judged_version v;

	for (v = 0; v < JUDGED_VERSIONS; v++) {
		course->school[v] = below(SCHOOLS + 1, seed) - 1;
		course->term[v] = below(TERMS + 1, seed) - 1;
		if (v > 0 && below(100, seed) >= turmoil) {
			course->school[v] = course->school[0];
			course->term[v] = course->term[0];
		}
	}
}

/* A row is where its section is, a section where its course is. */
static void
place_below(struct item *item, const struct item *above)
{
	enum judged_version v;

	for (v = 0; v < JUDGED_VERSIONS; v++) {
		item->school[v] = above->there[v] ? above->school[v] : -1;
		item->term[v] = above->there[v] ? above->term[v] : -1;
	}
}

static void
place_nowhere(struct item *item)
{
	enum judged_version v;

	for (v = 0; v < JUDGED_VERSIONS; v++)
		item->school[v] = item->term[v] = -1;
}

static void
fill_district(struct district *d, uint32_t *seed)
{
	static const size_t counts[KEEP_SHEETS] = { SCHOOLS, TERMS, USERS * 3,
		SECTIONS, SECTIONS, ITEMS_MAX };
	int turmoil, presence, i;
	struct item *item;
	size_t kind, n;

	turmoil = below(4, seed) == 0 ? 80 : below(30, seed);
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		d->counts[kind] = counts[kind];
		presence = below(12, seed) == 0 ? 3 : 40 + below(60, seed);
		for (n = 0; n < counts[kind]; n++) {
			item = &d->items[kind][n];
			fill_item(item, turmoil, presence, seed);
			place_nowhere(item);
			if (kind == SHEET_COURSE)
				place_course(item, turmoil, seed);
			if (kind == SHEET_SECTION)
				place_below(item, &d->items[SHEET_COURSE][n]);
			if (kind != SHEET_ENROLLMENT)
				continue;
			i = (int)n;
			item->role = i % ROLES;
			item->user = i / ROLES % USERS;
			item->section = i / ROLES / USERS;
			place_below(
			    item, &d->items[SHEET_SECTION][item->section]);
		}
	}
	for (i = 0; i < TERMS; i++) {
		d->let_go[i] = below(4, seed) == 0;
		for (n = 0; n < JUDGED_VERSIONS; n++)
			d->items[SHEET_TERM][i].term[n] = i;
	}
}

static void
random_settings(struct district *d, uint32_t *seed)
{
	struct guard_settings *settings;
	size_t kind, i;

	settings = &d->settings;
	*settings = judged_defaults();
	settings->mode = (enum guard_mode)below(3, seed);
	settings->minimum = (uint64_t)below(12, seed);
	settings->changed = (unsigned)below(101, seed);
	settings->added = (unsigned)below(101, seed);
	settings->lost = (unsigned)below(101, seed);
	settings->blank = (unsigned)below(20, seed);
	for (kind = 0; kind < KEEP_SHEETS; kind++)
		settings->removed[kind] = (unsigned)below(60, seed);
	for (i = 0; i < BLANKS; i++) {
		for (kind = 0; kind < 2; kind++) {
			d->blanks[kind].of[i].rows = (uint64_t)below(60, seed);
			d->blanks[kind]
			    .of[i]
			    .blank = (uint64_t)below(
					 (int)d->blanks[kind].of[i].rows + 1,
					 seed) /
			    2;
		}
	}
	d->baseline = below(2, seed) == 0;
}

static void
write_row(struct buf *out, size_t kind, size_t n, const struct item *item,
    enum judged_version v)
{
	char school[16] = "", term[16] = "";

	if (item->school[v] != -1)
		snprintf(school, sizeof(school), "%d00", item->school[v] + 1);
	if (item->term[v] != -1)
		snprintf(term, sizeof(term), "t%d", item->term[v]);
	switch (kind) {
	case SHEET_ACCOUNT:
		buf_printf(out, "%zu00,look %d,%s\n", n + 1, item->look[v],
		    statuses[item->status[v]]);
		break;
	case SHEET_TERM:
		buf_printf(out, "t%zu,look %d,%s\n", n, item->look[v],
		    statuses[item->status[v]]);
		break;
	case SHEET_USER:
		buf_printf(out, "u%02zu,look %d,%s\n", n, item->look[v],
		    statuses[item->status[v]]);
		break;
	case SHEET_COURSE:
		buf_printf(out, "c%02zu,look %d,%s,%s,%s\n", n, item->look[v],
		    statuses[item->status[v]], school, term);
		break;
	case SHEET_SECTION:
		buf_printf(out, "s%02zu,look %d,%s,c%02zu\n", n, item->look[v],
		    statuses[item->status[v]], n);
		break;
	default:
		buf_printf(out, "s%02d,u%02d,%s,%s,look %d\n", item->section,
		    item->user, roles[item->role], statuses[item->status[v]],
		    item->look[v]);
		break;
	}
}

static void
write_district(struct district *d, struct judged_texts *texts)
{
	static const char *const headers[KEEP_SHEETS] = {
		"account_id,name,status\n", "term_id,name,status\n",
		"user_id,login_id,status\n",
		"course_id,short_name,status,account_id,term_id\n",
		"section_id,name,status,course_id\n",
		"section_id,user_id,role,status,start_date\n"
	};
	enum judged_version v;
	struct buf *out;
	size_t kind, n;

	for (v = 0; v < JUDGED_VERSIONS; v++) {
		for (kind = 0; kind < KEEP_SHEETS; kind++) {
			out = &d->texts[v][kind];
			out->len = 0;
			buf_adds(out, headers[kind]);
			for (n = 0; n < d->counts[kind]; n++) {
				if (d->items[kind][n].there[v])
					write_row(out, kind, n,
					    &d->items[kind][n], v);
			}
			texts[v].sheets[kind] = buf_str(out);
		}
	}
}

/* From here on: the verdict, computed the slow and plain way. */

static bool
denies(const struct item *item, enum judged_version v)
{
	return item->status[v] >= 2;
}

static bool
differs(size_t kind, const struct item *item, enum judged_version v)
{
	return item->look[v] != item->look[JUDGED_NOW] ||
	    item->status[v] != item->status[JUDGED_NOW] ||
	    (kind == SHEET_COURSE &&
		(item->school[v] != item->school[JUDGED_NOW] ||
		    item->term[v] != item->term[JUDGED_NOW]));
}

static bool
is_let_go(
    const struct district *d, const struct item *item, enum judged_version v)
{
	return item->there[v] && item->term[v] != -1 &&
	    d->let_go[item->term[v]];
}

/* Is it removed, or does it give no access any more? */
static bool
is_taken(
    const struct district *d, const struct item *item, enum judged_version v)
{
	if (!item->there[v])
		return false;
	if (!item->there[JUDGED_NOW])
		return !is_let_go(d, item, v);
	return !denies(item, v) && denies(item, JUDGED_NOW);
}

static void
reason(
    struct reasons *reasons, const char *code, const char *scope, size_t kind)
{
	assert_true(reasons->count < REASONS_MAX);
	snprintf(reasons->list[reasons->count++], REASON_SIZE, "%s%s%s%s", code,
	    scope, kind < KEEP_SHEETS ? " " : "",
	    kind < KEEP_SHEETS ? sheets[kind].name : "");
}

static bool
too_many(const struct district *d, uint64_t rows, uint64_t of, unsigned percent)
{
	return rows >= d->settings.minimum &&
	    (double)rows > (double)of * percent / 100 + 1e-9;
}

/* How the rows of one version moved to today's. */
struct sums {
	uint64_t before, covered, now, added, changed, taken;
};

static struct sums
sum(const struct district *d, size_t kind, enum judged_version v)
{
	struct sums sums = { 0 };
	const struct item *item;
	size_t n;

	for (n = 0; n < d->counts[kind]; n++) {
		item = &d->items[kind][n];
		sums.before += item->there[v];
		sums.covered += item->there[v] &&
		    (item->there[JUDGED_NOW] || !is_let_go(d, item, v));
		sums.now += item->there[JUDGED_NOW];
		sums.added += !item->there[v] && item->there[JUDGED_NOW];
		sums.changed += item->there[v] && item->there[JUDGED_NOW] &&
		    differs(kind, item, v);
		sums.taken += is_taken(d, item, v);
	}
	return sums;
}

/* Does the row belong to scope number at of its kind? */
static bool
belongs(const struct item *item, size_t scope, int at, enum judged_version v)
{
	if (!item->there[v] || (item->school[v] == -1 && item->term[v] == -1))
		return false;
	return (scope == 0	  ? item->school[v] :
		       scope == 1 ? item->term[v] :
				    item->role) == at;
}

/* A removed row has a role even where nobody knows its place. */
static void
judge_one(const struct district *d, size_t kind, enum judged_version v,
    size_t scope, int at, struct reasons *reasons)
{
	uint64_t before, now, taken, fewer;
	const struct item *item;
	char name[24];
	size_t n;

	before = now = taken = 0;
	for (n = 0; n < d->counts[kind]; n++) {
		item = &d->items[kind][n];
		before += belongs(item, scope, at, v) && !is_let_go(d, item, v);
		now += belongs(item, scope, at, JUDGED_NOW);
		taken += is_taken(d, item, v) &&
		    (scope == 2 ? item->role == at :
				  belongs(item, scope, at, v));
	}
	if (scope == 0)
		snprintf(name, sizeof(name), " school %d00", at + 1);
	else if (scope == 1)
		snprintf(name, sizeof(name), " term t%d", at);
	else
		snprintf(name, sizeof(name), " role %s", roles[at]);
	if (before == 0)
		return;
	fewer = before > now ? before - now : 0;
	if (v == JUDGED_ACCEPTED && now == 0) {
		if (before >= d->settings.minimum)
			reason(reasons, "GUARD-GONE", name, kind);
		return;
	}
	if (too_many(
		d, taken > fewer ? taken : fewer, before, d->settings.lost))
		reason(reasons,
		    v == JUDGED_ACCEPTED ? "GUARD-LOST" : "GUARD-BASELINE",
		    name, kind);
}

static void
judge_scopes(const struct district *d, size_t kind, enum judged_version v,
    struct reasons *reasons)
{
	size_t scope;
	int at;

	for (scope = 0; scope < (kind == SHEET_ENROLLMENT ? 3 : 2); scope++) {
		for (at = 0; at < 3; at++)
			judge_one(d, kind, v, scope, at, reasons);
	}
}

static void
judge_blanks(const struct district *d, struct reasons *reasons)
{
	double before, now;
	char name[40];
	size_t i;

	for (i = 0; i < BLANKS; i++) {
		if (d->blanks[0].of[i].rows == 0 ||
		    d->blanks[1].of[i].rows == 0)
			continue;
		before = (double)d->blanks[0].of[i].blank /
		    (double)d->blanks[0].of[i].rows;
		now = (double)d->blanks[1].of[i].blank /
		    (double)d->blanks[1].of[i].rows;
		snprintf(name, sizeof(name), " %s", guard_blank_cells[i].name);
		if (d->blanks[1].of[i].blank >= d->settings.minimum &&
		    (now - before) * 100 > d->settings.blank + 1e-9)
			reason(reasons, "GUARD-BLANK", name, KEEP_SHEETS);
	}
}

static void
judge_plainly(const struct district *d, struct reasons *reasons)
{
	struct sums sums;
	size_t kind;

	reasons->count = 0;
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		sums = sum(d, kind, JUDGED_ACCEPTED);
		if (sums.before > 0 && sums.now == 0)
			reason(reasons, "GUARD-ZERO", "", kind);
		if (too_many(d, sums.added, sums.covered, d->settings.added))
			reason(reasons, "GUARD-ADDED", "", kind);
		if (d->settings.mode == GUARD_ADDITIONS_ONLY)
			continue;
		if (too_many(
			d, sums.taken, sums.covered, d->settings.removed[kind]))
			reason(reasons, "GUARD-REMOVED", "", kind);
		if (too_many(
			d, sums.changed, sums.covered, d->settings.changed))
			reason(reasons, "GUARD-CHANGED", "", kind);
		if (kind >= SHEET_COURSE)
			judge_scopes(d, kind, JUDGED_ACCEPTED, reasons);
		if (!d->baseline)
			continue;
		sums = sum(d, kind, JUDGED_BASELINE);
		if (too_many(
			d, sums.taken, sums.covered, d->settings.removed[kind]))
			reason(reasons, "GUARD-BASELINE", "", kind);
		if (kind >= SHEET_COURSE)
			judge_scopes(d, kind, JUDGED_BASELINE, reasons);
	}
	if (d->settings.mode != GUARD_ADDITIONS_ONLY)
		judge_blanks(d, reasons);
}

static int
line_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Both lists as one sorted text. */
static void
assert_same(struct reasons *want, struct buf *got, size_t round)
{
	static struct reasons lines;
	struct buf text[2] = { { 0 }, { 0 } };
	char *line, *rest;
	size_t i;

	lines.count = 0;
	rest = got->data;
	while ((line = strsep(&rest, "\n")) != NULL && *line != '\0')
		snprintf(lines.list[lines.count++], REASON_SIZE, "%s", line);
	qsort(lines.list, lines.count, REASON_SIZE, line_order);
	qsort(want->list, want->count, REASON_SIZE, line_order);
	for (i = 0; i < lines.count; i++)
		buf_printf(&text[0], "%s\n", lines.list[i]);
	for (i = 0; i < want->count; i++)
		buf_printf(&text[1], "%s\n", want->list[i]);
	if (strcmp(buf_str(&text[0]), buf_str(&text[1])) != 0)
		fail_msg("round %zu: the guard says\n%snot\n%s", round,
		    text[0].data, text[1].data);
	buf_free(&text[0]);
	buf_free(&text[1]);
}

static void
random_districts_are_judged_as_plain_sums_judge_them(void **state)
{
	static struct district d;
	static struct reasons want;
	struct judged_texts texts[JUDGED_VERSIONS];
	const char *let_go[TERMS + 1];
	struct judged judged;
	struct buf got = { 0 };
	static const char *const terms[TERMS] = { "t0", "t1", "t2" };
	size_t round, i, n, verdicts[3] = { 0 };
	enum guard_verdict verdict;
	uint32_t seed;

	(void)state;
	seed = 2026;
	for (round = 0; round < ROUNDS; round++) {
		fill_district(&d, &seed);
		random_settings(&d, &seed);
		write_district(&d, texts);
		n = 0;
		for (i = 0; i < TERMS; i++) {
			if (d.let_go[i])
				let_go[n++] = terms[i];
		}
		let_go[n] = NULL;
		judged_make(&judged, &d.settings, &texts[JUDGED_ACCEPTED],
		    &texts[JUDGED_NOW],
		    d.baseline ? &texts[JUDGED_BASELINE] : NULL, let_go);
		judged.input.blanks_before = &d.blanks[0];
		judged.input.blanks = &d.blanks[1];
		verdict = judged_judge(&judged);
		verdicts[verdict]++;
		got.len = 0;
		judged_reasons(&judged, &got);
		judge_plainly(&d, &want);
		assert_same(&want, &got, round);
		assert_int_equal(guard_reasons(judged.guard), want.count);
		assert_int_equal(verdict,
		    want.count == 0		      ? GUARD_PASSED :
			d.settings.mode == GUARD_WARN ? GUARD_WARNED :
							GUARD_HELD);
		judged_free(&judged);
	}
	/* The districts are of all kinds, or the test says little. */
	assert_true(verdicts[GUARD_PASSED] > ROUNDS / 50);
	assert_true(verdicts[GUARD_WARNED] > ROUNDS / 50);
	assert_true(verdicts[GUARD_HELD] > ROUNDS / 50);
	buf_free(&got);
	for (i = 0; i < JUDGED_VERSIONS * KEEP_SHEETS; i++)
		buf_free(&d.texts[i / KEEP_SHEETS][i % KEEP_SHEETS]);
}

/* Up to so many forms a sheet lists them all. */
static void
random_forms_move_as_plain_sums_say(void **state)
{
	struct tally_sheet sheets_of[2];
	uint64_t rows[2][TALLY_SHAPES];
	struct guard_share share;
	struct tally_shape *shape;
	uint32_t seed;
	double moved;
	size_t round, i, v;

	(void)state;
	seed = 5;
	for (round = 0; round < 4000; round++) {
		memset(sheets_of, 0, sizeof(sheets_of));
		for (v = 0; v < 2; v++) {
			for (i = 0; i < TALLY_SHAPES; i++) {
				rows[v][i] = below(3, &seed) == 0 ?
				    (uint64_t)below(50, &seed) :
				    0;
				sheets_of[v].rows += rows[v][i];
				if (rows[v][i] == 0)
					continue;
				shape = &sheets_of[v]
					     .shapes[sheets_of[v].nshapes++];
				snprintf(shape->text, sizeof(shape->text),
				    "a%zu", i);
				shape->rows = rows[v][i];
			}
		}
		if (sheets_of[0].rows == 0 || sheets_of[1].rows == 0)
			continue;
		moved = 0;
		for (i = 0; i < TALLY_SHAPES; i++) {
			double by = (double)rows[0][i] /
				(double)sheets_of[0].rows -
			    (double)rows[1][i] / (double)sheets_of[1].rows;

			moved += by < 0 ? -by / 2 : by / 2;
		}
		share = guard_form_moved(&sheets_of[0], &sheets_of[1]);
		if ((double)share.part / (double)share.of - moved > 1e-9 ||
		    moved - (double)share.part / (double)share.of > 1e-9)
			fail_msg("round %zu: %f, not %f", round,
			    (double)share.part / (double)share.of, moved);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    random_districts_are_judged_as_plain_sums_judge_them),
		cmocka_unit_test(random_forms_move_as_plain_sums_say),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
