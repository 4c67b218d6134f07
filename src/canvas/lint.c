#include <stdlib.h>

#include "base/mem.h"
#include "canvas/lint_file.h"
#include "canvas/lint_header.h"
#include "canvas/lint_keys.h"
#include "canvas/lint_refs.h"
#include "canvas/lint_say.h"

#define LOOK_AT ((size_t)64 << 10) /* bytes by which rows are estimated */
#define ROW_LEAST 16		   /* bytes of a row */

struct lint *
lint_begin(
    const struct lint_options *options, lint_report_fn *report, void *arg)
{
	struct lint *lint;

	lint = mem_zalloc(1, sizeof(*lint));
	lint->options = *options;
	lint->report = report;
	lint->arg = arg;
	lint->intern = intern_new();
	lint->kind = SHEETS;
	return lint;
}

unsigned
lint_rank(enum sheet_kind kind)
{
	unsigned rank;

	for (rank = 0; rank < SHEETS; rank++) {
		if (sheets_in_order[rank] == kind)
			break;
	}
	return rank;
}

static int
take_header(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	enum sheet_kind *kind;

	(void)line;
	kind = arg;
	*kind = lint_header_kind(cells, ncells);
	return -1;
}

/* Finds the header in the file's first block. */
struct announcing {
	struct lint *lint;
	enum sheet_kind kind;
	bool begun;
};

static int
look_for_header(void *arg, const char *bytes, size_t len)
{
	struct announcing *announcing;
	struct csv_problem problem;
	uint32_t lines;
	size_t mark;

	announcing = arg;
	mark = !announcing->begun && len >= 3 &&
		memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ?
	    3 :
	    0;
	announcing->begun = true;
	return lint_file_records(announcing->lint, bytes + mark, len - mark,
	    take_header, &announcing->kind, &lines, &problem);
}

void
lint_expect(struct lint *lint, enum sheet_kind kind, size_t rows)
{
	lint->known[kind].expected += rows;
}

/*
 * How many rows a file may have, by the length of its first lines; not more
 * than there is room for rows with an id and some word.
 */
static size_t
about_rows(const char *bytes, size_t len)
{
	const char *p, *end;
	size_t lines, rows;

	end = bytes + (len < LOOK_AT ? len : LOOK_AT);
	lines = 0;
	for (p = bytes; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		lines++;
	rows = (size_t)((double)len / (double)(end - bytes + 1) *
	    (double)lines);
	return rows < len / ROW_LEAST ? rows : len / ROW_LEAST;
}

enum sheet_kind
lint_announce(struct lint *lint, const char *bytes, size_t len)
{
	struct announcing announcing = { lint, SHEETS, false };

	lint_file_blocks(bytes, len, look_for_header, &announcing);
	if (announcing.kind != SHEETS) {
		lint->known[announcing.kind].files++;
		lint_expect(lint, announcing.kind, about_rows(bytes, len));
	}
	return announcing.kind;
}

/* All rows of a kind are done before the next kind begins. */
static void
kind_end(struct lint *lint)
{
	if (lint->kind == SHEETS)
		return;
	lint_refs_kind_end(lint, lint->kind);
	lint_keys_kind_end(lint, lint->kind);
	lint->kind = SHEETS;
}

void
lint_file_begin(struct lint *lint, const char *name)
{
	struct lint_reading *file;
	size_t i;

	file = &lint->file;
	buf_free(&file->this_key);
	buf_free(&file->last_key);
	buf_free(&file->last_section);
	*file = (struct lint_reading){ 0 };
	lint->files = mem_grow(
	    lint->files, lint->nfiles, &lint->capfiles, sizeof(*lint->files));
	lint->files[lint->nfiles] = mem_strdup(name);
	file->name = lint->files[lint->nfiles];
	file->number = (uint32_t)lint->nfiles++;
	file->kind = SHEETS;
	lint->row = (struct lint_row){ 0 };
	for (i = 0; i <= SHEET_COLUMNS_MAX; i++)
		lint->row.values[i] = (struct str){ "", 0 };
	lint->totals.files++;
}

void
lint_make_room(struct lint *lint)
{
	struct lint_known *known;
	size_t rows;

	known = &lint->known[lint->file.kind];
	rows = known->expected;
	known->expected = 0;
	if (lint->file.columns.own == LINT_NO_COLUMN ||
	    lint->file.kind == SHEET_LOGIN || rows <= known->capobjects)
		return;
	lint_ids_reserve(&known->by_id, rows);
	if (lint->file.kind == SHEET_USER)
		lint_ids_reserve(&lint->by_login, rows);
	known->capobjects = rows;
	known->objects = mem_realloc(
	    known->objects, known->capobjects, sizeof(*known->objects));
}

/* Who has which login is asked of users and logins only. */
static bool
logins_are_done(const struct lint *lint, enum sheet_kind kind)
{
	if (kind == SHEET_USER || kind == SHEET_LOGIN)
		return false;
	return lint_rank(kind) > lint_rank(SHEET_LOGIN) ||
	    (lint->options.kinds_once && lint->known[SHEET_USER].read > 0);
}

void
lint_kind_begin(struct lint *lint, enum sheet_kind kind)
{
	struct lint_known *known;

	if (lint->kind != kind)
		kind_end(lint);
	if (logins_are_done(lint, kind))
		lint_ids_free(&lint->by_login);
	lint->kind = kind;
	known = &lint->known[kind];
	if (known->read++ == 0) {
		known->first_file = lint->file.number;
		return;
	}
	lint_say_at(lint, LINT_PKG_SAME_KIND, SEVERITY_INFO, 1, 0, 0,
	    "a further file of %s, as %s", sheets[kind].name,
	    lint->files[known->first_file]);
}

void
lint_block(struct lint *lint, const char *bytes, size_t len)
{
	if (len > 0)
		lint_file_read(lint, bytes, len);
}

void
lint_file_end(struct lint *lint)
{
	lint_file_close(lint);
	lint->totals.rows += lint->file.rows;
	if (lint->file.kind != SHEETS)
		lint->totals.rows_of[lint->file.kind] += lint->file.rows;
}

static int
take_block(void *arg, const char *bytes, size_t len)
{
	struct lint *lint;

	lint = arg;
	lint_block(lint, bytes, len);
	return lint->file.stopped ? -1 : 0;
}

void
lint_file(struct lint *lint, const char *name, const char *bytes, size_t len)
{
	const struct lint_reading *file;

	file = &lint->file;
	lint_file_begin(lint, name);
	lint_file_blocks(bytes, len, take_block, lint);
	if (file->sheet != NULL && file->columns.own == LINT_NO_COLUMN &&
	    (file->unsorted || lint->known[file->kind].files > 1))
		lint_keys_keep(lint, bytes, len);
	lint_file_end(lint);
}

void
lint_package(struct lint *lint, enum lint_rule rule, enum severity severity,
    const char *file, const char *message)
{
	lint->totals.by_rule[rule]++;
	lint->totals.by_severity[severity]++;
	if (lint->options.shown > 0 &&
	    lint->totals.by_rule[rule] > lint->options.shown)
		return;
	lint->report(lint->arg,
	    &(struct lint_finding){ .rule = rule,
		.severity = severity,
		.file = file,
		.message = message });
}

void
lint_end(struct lint *lint, struct lint_totals *totals)
{
	size_t i;

	kind_end(lint);
	*totals = lint->totals;
	lint_refs_free(lint);
	for (i = 0; i < lint->nfiles; i++)
		free(lint->files[i]);
	free(lint->files);
	free(lint->keys);
	buf_free(&lint->file.this_key);
	buf_free(&lint->file.last_key);
	buf_free(&lint->file.last_section);
	buf_free(&lint->message);
	buf_free(&lint->scratch);
	buf_free(&lint->copy);
	buf_free(&lint->shown[0]);
	buf_free(&lint->shown[1]);
	intern_free(lint->intern);
	free(lint);
}
