#ifndef UNIT_ROWS_H
#define UNIT_ROWS_H

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "roster/roster.h"
#include "roster/seal.h"
#include "source/bind.h"

/*
 * Rosters made of text, for tests: the exports stand in the test itself and
 * go through the reader of the program, without files. Include cmocka first.
 */

/* One export: its file's name and its text, header and rows. */
struct export
{
	const char *file;
	const char *text;
};

#define ROWS_SLACK 16 /* csv_read_block() reads behind the end */

/* Matches the header, which is the text's first line. */
struct rows_header {
	struct binder *binder;
	const struct export *export;
	struct roster *roster;
};

static inline int
rows_header(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	const struct rows_header *h;
	struct err err = { 0 };
	size_t t, c;

	(void)line;
	h = arg;
	if (bind_header(h->binder, feed_of_file(h->export->file), h->roster,
		h->export->file, cells, ncells, &err) != 0)
		fail_msg("%s", err.msg);
	for (t = 0; t < h->binder->ntables; t++) {
		for (c = 0; c < h->binder->tables[t].ncolumns; c++)
			h->roster->tables[h->binder->tables[t].table].bound
			    [h->binder->tables[t].columns[c].field] = true;
	}
	return -1;
}

/* Calls record for each record of the text; returns how many lines it has. */
static inline uint32_t
rows_each(const char *text, csv_record_fn *record, void *arg, int want)
{
	const struct csv_format format = { ',', true, true };
	struct csv_problem problem;
	uint32_t lines;
	char *copy;

	copy = calloc(1, strlen(text) + ROWS_SLACK);
	memcpy(copy, text, strlen(text));
	assert_int_equal(csv_read_block(&format, copy, strlen(text), record,
			     arg, &lines, &problem),
	    want);
	free(copy);
	return lines;
}

/*
 * Reads exports into the roster: all headers first, as the program does, for
 * a table's columns are those of all its files. The list ends with a NULL
 * file. Line numbers are those of the text, the header is line 1.
 */
static inline void
rows_read(struct roster *roster, const struct export *exports)
{
	struct rows_header header = { NULL, NULL, roster };
	struct binder binders[32];
	struct batch batch;
	uint32_t first, lines;
	size_t i;

	for (i = 0; exports[i].file != NULL; i++) {
		assert_true(i < sizeof(binders) / sizeof(binders[0]));
		assert_non_null(feed_of_file(exports[i].file));
		header.binder = &binders[i];
		header.export = &exports[i];
		rows_each(exports[i].text, rows_header, &header, -1);
	}
	first = 0;
	for (i = 0; exports[i].file != NULL; i++) {
		batch = (struct batch){ .binder = &binders[i],
			.intern = roster->intern,
			.skip = 1 };
		lines = rows_each(exports[i].text, bind_record, &batch, 0);
		bind_commit(&batch, roster, first);
		batch_free(&batch);
		roster->files = mem_grow(roster->files, roster->nfiles,
		    &roster->capfiles, sizeof(*roster->files));
		roster->files[roster->nfiles++] = (struct roster_file){
			mem_strdup(exports[i].file), binders[i].tables[0].table,
			first, lines
		};
		first += lines;
	}
}

/* A sealed roster of exports; its findings are added to findings. */
static inline struct roster *
rows_sealed(const struct export *exports, struct findings *findings)
{
	struct roster *roster;

	roster = roster_new();
	rows_read(roster, exports);
	seal_roster(roster, findings);
	return roster;
}

/* The sym of a text. */
static inline sym
rows_sym(const struct roster *roster, const char *text)
{
	return intern_add(roster->intern, text, strlen(text));
}

static inline void
rows_assert_cell(const struct roster *roster, enum table_id t, unsigned field,
    uint32_t row, const char *want)
{
	char digits[SYM_DIGITS];
	struct str got;

	got = intern_text(
	    roster->intern, table_sym(&roster->tables[t], field, row), digits);
	if (got.len != strlen(want) || memcmp(got.bytes, want, got.len) != 0)
		fail_msg("%s.%s row %u is \"%.*s\", not \"%s\"", schema[t].name,
		    schema[t].fields[field].name, row, (int)got.len, got.bytes,
		    want);
}

#endif
