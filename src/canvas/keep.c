#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/idmap.h"
#include "base/mem.h"
#include "canvas/held.h"
#include "canvas/keep.h"
#include "roster/fate.h"

/* Up to this many cells of a row are looked at. */
#define CELLS_MAX 4

struct keep {
	const struct map *map;
	const struct keep_source *source;
	struct intern *intern;
	struct held held;
	struct crosswalk_ids before;
	struct idmap stays[HELD_KINDS]; /* absent today, but it stays */
	struct idmap let_go[HELD_KINDS];
	struct idmap logins;   /* of the people who are sent today */
	struct idmap ousted;   /* users whose login another one has */
	struct idmap parents;  /* accounts above others */
	struct idmap released; /* accounts with courses of the past */
	sym *released_list;
	size_t nreleased, capreleased;
	uint64_t counts[KEEP_SHEETS];
	char past[UTC_TEXT_SIZE]; /* terms that end before are past */
};

/* Called with the syms of the cells asked for. */
typedef void keep_row_fn(
    struct keep *keep, const sym *cells, const struct str *texts);

static struct str
cell_at(const struct diff_cells *cells, size_t place)
{
	return place < cells->ncells ? cells->cells[place] :
				       (struct str){ "", 0 };
}

static sym
sym_at(const struct keep *keep, struct str text)
{
	return intern_add(keep->intern, text.bytes, text.len);
}

static int
each_row_of(struct keep *keep, const struct diff_layout *layout,
    const char *const *headers, keep_row_fn *fn, struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	struct str texts[CELLS_MAX];
	size_t places[CELLS_MAX], n, i;
	sym cells[CELLS_MAX];
	int rc;

	for (n = 0; n < CELLS_MAX && headers[n] != NULL; n++)
		places[n] = diff_side_place(layout, headers[n]);
	diff_side_walk(layout, &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		diff_record_cut(&record, &walk.cells);
		for (i = 0; i < n; i++) {
			texts[i] = cell_at(&walk.cells, places[i]);
			cells[i] = sym_at(keep, texts[i]);
		}
		fn(keep, cells, texts);
		diff_walk_pass(&walk, &record);
		if (diff_walk_pages(&walk, err) != 0) {
			rc = -1;
			break;
		}
	}
	diff_walk_free(&walk);
	return rc;
}

/* Calls fn with some cells of each row of a sheet. headers ends with NULL. */
static int
each_row(struct keep *keep, const struct diff_input *input,
    const char *const *headers, keep_row_fn *fn, struct err *err)
{
	struct diff_side side = { 0 };
	size_t i;
	int rc;

	rc = diff_side_open(&side, input, err);
	for (i = 0; i < side.nlayouts && rc == 0; i++)
		rc = each_row_of(keep, &side.layouts[i], headers, fn, err);
	diff_side_close(&side);
	return rc;
}

static bool
is_text(struct str text, const char *wanted)
{
	return strlen(wanted) == text.len &&
	    memcmp(wanted, text.bytes, text.len) == 0;
}

static void
take_crosswalk(struct keep *keep, const sym *cells, const struct str *texts)
{
	enum { SHEET, CANVAS_ID, DCID, ID };

	if (is_text(texts[SHEET], "sections") && cells[ID].id != 0)
		idmap_put(&keep->before.section_of_id, cells[ID].id,
		    cells[CANVAS_ID].id);
	if (!is_text(texts[SHEET], "users"))
		return;
	if (cells[ID].id != 0)
		idmap_put(&keep->before.user_of_id, cells[ID].id,
		    cells[CANVAS_ID].id);
	else if (cells[DCID].id != 0)
		idmap_put(&keep->before.user_of_dcid, cells[DCID].id,
		    cells[CANVAS_ID].id);
}

static bool
is_sent(const struct keep *keep, enum sheet_kind kind, sym id)
{
	return idmap_get(&keep->held.sent[kind], id.id, NULL);
}

/* Makes a row that Canvas holds stay, unless it is sent today anyway. */
static void
let_stay(struct keep *keep, enum sheet_kind kind, sym id)
{
	if (id.id == 0 || is_sent(keep, kind, id) ||
	    idmap_get(&keep->stays[kind], id.id, NULL))
		return;
	idmap_put(&keep->stays[kind], id.id, 0);
}

static bool
is_held(const struct keep *keep, enum sheet_kind kind, sym id)
{
	return idmap_get(&keep->held.ids[kind], id.id, NULL);
}

static bool
is_ousted(const struct keep *keep, sym user)
{
	return idmap_get(&keep->ousted, user.id, NULL);
}

static bool
does_stay(const struct keep *keep, enum sheet_kind kind, sym id)
{
	if (kind == SHEET_USER && is_ousted(keep, id))
		return false;
	return idmap_get(&keep->stays[kind], id.id, NULL);
}

static bool
is_let_go(const struct keep *keep, enum sheet_kind kind, sym id)
{
	return idmap_get(&keep->let_go[kind], id.id, NULL);
}

static bool
is_pair(const struct keep *keep, sym section, sym user)
{
	return idmap_get(&keep->held.pairs, idmap_pair(section, user), NULL);
}

/* An enrollment that is held keeps its section. */
static void
see_enrollment(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	if (is_pair(keep, cells[0], cells[1]))
		let_stay(keep, SHEET_SECTION, cells[0]);
}

/*
 * It keeps its user too; and nobody can say who is in a section of which
 * today's rows know nothing, so all of its enrollments stay.
 */
static void
see_enrollment_again(
    struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	if (!is_pair(keep, cells[0], cells[1]) &&
	    !does_stay(keep, SHEET_SECTION, cells[0]))
		return;
	keep->counts[SHEET_ENROLLMENT]++;
	let_stay(keep, SHEET_USER, cells[1]);
}

/*
 * Canvas takes a login once: a user who is sent today under the login of one
 * that would stay is the same person with another id.
 */
static void
see_user(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	if (!is_sent(keep, SHEET_USER, cells[0]) && cells[1].id != 0 &&
	    idmap_get(&keep->logins, cells[1].id, NULL))
		idmap_put(&keep->ousted, cells[0].id, 0);
	if (is_held(keep, SHEET_USER, cells[0]))
		let_stay(keep, SHEET_USER, cells[0]);
	keep->counts[SHEET_USER] += does_stay(keep, SHEET_USER, cells[0]);
}

/* A section that stays keeps its course. */
static void
see_section(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	if (is_held(keep, SHEET_SECTION, cells[0]))
		let_stay(keep, SHEET_SECTION, cells[0]);
	if (!does_stay(keep, SHEET_SECTION, cells[0]))
		return;
	keep->counts[SHEET_SECTION]++;
	let_stay(keep, SHEET_COURSE, cells[1]);
}

/* A course that stays keeps its term and its account. */
static void
see_course(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	if (is_held(keep, SHEET_COURSE, cells[0]))
		let_stay(keep, SHEET_COURSE, cells[0]);
	if (!does_stay(keep, SHEET_COURSE, cells[0]))
		return;
	keep->counts[SHEET_COURSE]++;
	let_stay(keep, SHEET_TERM, cells[1]);
	let_stay(keep, SHEET_ACCOUNT, cells[2]);
}

/* A term that the source no longer covers is let go with all it holds. */
static void
see_term(struct keep *keep, const sym *cells, const struct str *texts)
{
	bool past;

	if (is_sent(keep, SHEET_TERM, cells[0]) ||
	    does_stay(keep, SHEET_TERM, cells[0]))
		return;
	if (is_held(keep, SHEET_TERM, cells[0])) {
		let_stay(keep, SHEET_TERM, cells[0]);
		return;
	}
	past = texts[1].len > 0 &&
	    strncmp(texts[1].bytes, keep->past,
		texts[1].len < strlen(keep->past) ? texts[1].len :
						    strlen(keep->past)) < 0;
	if (past || idmap_get(&keep->held.other_terms, cells[0].id, NULL))
		idmap_put(&keep->let_go[SHEET_TERM], cells[0].id, 0);
}

static void
release_account(struct keep *keep, sym account)
{
	if (account.id == 0 || idmap_get(&keep->released, account.id, NULL))
		return;
	idmap_put(&keep->released, account.id, 0);
	keep->released_list = mem_grow(keep->released_list, keep->nreleased,
	    &keep->capreleased, sizeof(*keep->released_list));
	keep->released_list[keep->nreleased++] = account;
}

/*
 * Canvas deletes no term and no account that has courses, so both stay until
 * a run was accepted in which their courses are gone; an account with courses
 * of past terms stays for good.
 */
static void
see_course_again(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	if (is_let_go(keep, SHEET_TERM, cells[1]) &&
	    !is_sent(keep, SHEET_COURSE, cells[0]) &&
	    !does_stay(keep, SHEET_COURSE, cells[0])) {
		idmap_put(&keep->let_go[SHEET_COURSE], cells[0].id, 0);
		release_account(keep, cells[2]);
		return;
	}
	let_stay(keep, SHEET_TERM, cells[1]);
	let_stay(keep, SHEET_ACCOUNT, cells[2]);
}

static void
see_section_again(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	if (is_let_go(keep, SHEET_COURSE, cells[1]) &&
	    !is_sent(keep, SHEET_SECTION, cells[0]) &&
	    !does_stay(keep, SHEET_SECTION, cells[0]))
		idmap_put(&keep->let_go[SHEET_SECTION], cells[0].id, 0);
}

static void
count_term(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	keep->counts[SHEET_TERM] += does_stay(keep, SHEET_TERM, cells[0]);
}

/* An account that stays keeps the account above it. */
static void
see_account(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	if (is_held(keep, SHEET_ACCOUNT, cells[0]))
		let_stay(keep, SHEET_ACCOUNT, cells[0]);
	if (cells[1].id == 0)
		return;
	if (does_stay(keep, SHEET_ACCOUNT, cells[0]))
		idmap_put(&keep->parents, cells[1].id, 0);
	else if (!is_sent(keep, SHEET_ACCOUNT, cells[0]) &&
	    idmap_get(&keep->released, cells[0].id, NULL))
		release_account(keep, cells[1]);
	/* Canvas deletes no account that has others below it. */
	if (!idmap_get(&keep->released, cells[1].id, NULL))
		let_stay(keep, SHEET_ACCOUNT, cells[1]);
}

static void
count_account(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	if (!is_sent(keep, SHEET_ACCOUNT, cells[0]) &&
	    !does_stay(keep, SHEET_ACCOUNT, cells[0]) &&
	    idmap_get(&keep->released, cells[0].id, NULL))
		idmap_put(&keep->let_go[SHEET_ACCOUNT], cells[0].id, 0);
	keep->counts[SHEET_ACCOUNT] += does_stay(keep, SHEET_ACCOUNT, cells[0]);
}

static void
see_released(struct keep *keep, const sym *cells, const struct str *texts)
{
	(void)texts;
	release_account(keep, cells[0]);
}

/* Children first: a row that stays makes its parents stay. */
static const struct step {
	enum sheet_kind kind;
	const char *headers[CELLS_MAX];
	keep_row_fn *see;
} steps[] = {
	{ SHEET_ENROLLMENT, { "section_id", "user_id" }, see_enrollment },
	{ SHEET_SECTION, { "section_id", "course_id" }, see_section },
	{ SHEET_ENROLLMENT, { "section_id", "user_id" }, see_enrollment_again },
	{ SHEET_USER, { "user_id", "login_id" }, see_user },
	{ SHEET_COURSE, { "course_id", "term_id", "account_id" }, see_course },
	{ SHEET_TERM, { "term_id", "end_date" }, see_term },
	{ SHEET_COURSE, { "course_id", "term_id", "account_id" },
	    see_course_again },
	{ SHEET_SECTION, { "section_id", "course_id" }, see_section_again },
	{ SHEET_TERM, { "term_id" }, count_term },
	{ SHEET_ACCOUNT, { "account_id", "parent_account_id" }, see_account },
	{ SHEET_ACCOUNT, { "account_id" }, count_account },
};

/* What ended before today's first term and before the school year is past. */
static void
find_past(struct keep *keep)
{
	const struct table *terms;
	int32_t start, first;
	uint32_t row;

	start = date_of(keep->map->policy->year, 7, 1);
	terms = &keep->map->roster->tables[T_TERM];
	first = INT32_MAX;
	for (row = 0; row < terms->nrows; row++) {
		if (keep->map->term_used[row] &&
		    table_date(terms, TERM_FIRSTDAY, row) > DATE_BAD &&
		    table_date(terms, TERM_FIRSTDAY, row) < first)
			first = table_date(terms, TERM_FIRSTDAY, row);
	}
	if (first != INT32_MAX && first > start)
		start = first;
	if (!utc_format(date_to_utc(start, 0), keep->past))
		keep->past[0] = '\0';
}

static void
collect_logins(struct keep *keep, const struct people *people)
{
	const struct table *table;
	uint32_t row;

	table = &keep->map->roster->tables[people->table];
	for (row = 0; row < table->nrows; row++) {
		if (fate_of(table, row) == ROW_USED &&
		    people->login[row].id != 0)
			idmap_put(&keep->logins, people->login[row].id, 0);
	}
}

struct keep *
keep_make(
    const struct map *map, const struct keep_source *source, struct err *err)
{
	static const char *const crosswalk[] = { "sheet", "canvas_id", "dcid",
		"id" };
	static const char *const released[] = { "account_id", NULL };
	struct keep *keep;
	size_t i;
	int rc;

	keep = mem_zalloc(1, sizeof(*keep));
	keep->map = map;
	keep->source = source;
	keep->intern = map->roster->intern;
	rc = each_row(keep, &source->released, released, see_released, err);
	if (rc == 0 && held_any(map)) {
		collect_logins(keep, &map->students);
		collect_logins(keep, &map->users);
		rc = each_row(
		    keep, &source->crosswalk, crosswalk, take_crosswalk, err);
	}
	held_make(&keep->held, map, &keep->before);
	find_past(keep);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]) && rc == 0; i++) {
		if (steps[i].kind == SHEET_ENROLLMENT &&
		    keep->held.pairs.count == 0 &&
		    keep->stays[SHEET_SECTION].count == 0)
			continue;
		rc = each_row(keep, &source->sheets[steps[i].kind],
		    steps[i].headers, steps[i].see, err);
	}
	if (rc == 0)
		return keep;
	keep_free(keep);
	return NULL;
}

void
keep_free(struct keep *keep)
{
	size_t i;

	if (keep == NULL)
		return;
	held_free(&keep->held);
	crosswalk_ids_free(&keep->before);
	for (i = 0; i < HELD_KINDS; i++) {
		idmap_free(&keep->stays[i]);
		idmap_free(&keep->let_go[i]);
	}
	idmap_free(&keep->logins);
	idmap_free(&keep->ousted);
	idmap_free(&keep->parents);
	idmap_free(&keep->released);
	free(keep->released_list);
	free(keep);
}

static enum keep_fate
fate_of_enrollment(const struct keep *keep, const sym *cells)
{
	if (!is_ousted(keep, cells[1]) &&
	    (is_pair(keep, cells[0], cells[1]) ||
		does_stay(keep, SHEET_SECTION, cells[0])))
		return KEEP_STAYS;
	if (is_let_go(keep, SHEET_SECTION, cells[0]))
		return KEEP_LET_GO;
	return is_sent(keep, SHEET_SECTION, cells[0]) ? KEEP_REMOVED :
							KEEP_WITH_PARENT;
}

enum keep_fate
keep_fate_of(const struct keep *keep, enum sheet_kind kind,
    const struct diff_layout *layout, const struct diff_cells *cells)
{
	sym ids[2] = { { 0 }, { 0 } };
	const char *const *key;
	size_t i;

	key = kind == SHEET_ENROLLMENT ? steps[0].headers : sheets[kind].key;
	for (i = 0; i < 2 && key[i] != NULL; i++) {
		if (!intern_find(keep->intern,
			cell_at(cells, diff_side_place(layout, key[i])).bytes,
			cell_at(cells, diff_side_place(layout, key[i])).len,
			&ids[i]))
			ids[i] = (sym){ 0 };
	}
	if (kind == SHEET_ENROLLMENT)
		return fate_of_enrollment(keep, ids);
	if (does_stay(keep, kind, ids[0]))
		return KEEP_STAYS;
	if (is_let_go(keep, kind, ids[0]))
		return KEEP_LET_GO;
	return kind == SHEET_USER &&
		keep->map->policy->leavers == LEAVERS_KEEP ?
	    KEEP_LET_GO :
	    KEEP_REMOVED;
}

bool
keep_stays(const struct keep *keep, enum sheet_kind kind, struct str id)
{
	sym found;

	return intern_find(keep->intern, id.bytes, id.len, &found) &&
	    does_stay(keep, kind, found);
}

bool
keep_is_parent(const struct keep *keep, const struct diff_layout *layout,
    const struct diff_cells *cells)
{
	struct str text;
	sym id;

	text = cell_at(cells, diff_side_place(layout, "account_id"));
	return intern_find(keep->intern, text.bytes, text.len, &id) &&
	    idmap_get(&keep->parents, id.id, NULL);
}

size_t
keep_groups(const struct keep *keep)
{
	return keep->map->policy->ngroups;
}

uint64_t
keep_count(const struct keep *keep, enum sheet_kind kind)
{
	if (kind == (enum sheet_kind)KEEP_SHEETS)
		return keep->counts[SHEET_USER] + keep->counts[SHEET_SECTION];
	return keep->counts[kind];
}

size_t
keep_released(const struct keep *keep, const sym **accounts)
{
	*accounts = keep->released_list;
	return keep->nreleased;
}
