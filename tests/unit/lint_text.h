#ifndef UNIT_LINT_TEXT_H
#define UNIT_LINT_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "canvas/lint.h"

/*
 * Lints packages that stand in the test as one text: each file begins with a
 * line "== NAME". Include cmocka first.
 */

#define LINT_TEXT_FILES 16

struct lint_text_file {
	char name[64];
	char *bytes; /* with 16 zeros behind them */
	size_t len;
	enum sheet_kind kind;
};

struct lint_text_kept {
	struct lint_finding finding;
	char *file;
	char *message;
};

struct lint_text {
	struct lint_text_kept *kept;
	size_t nkept, capkept;
	struct lint_totals totals;
};

static inline void
lint_text_keep(void *arg, const struct lint_finding *finding)
{
	struct lint_text *text = arg;
	struct lint_text_kept *kept;

	text->kept = mem_grow(
	    text->kept, text->nkept, &text->capkept, sizeof(*text->kept));
	kept = &text->kept[text->nkept++];
	kept->finding = *finding;
	kept->file = mem_strdup(finding->file);
	kept->message = mem_strdup(finding->message);
}

static inline int
lint_text_order(const void *a, const void *b)
{
	const struct lint_finding *x, *y;

	x = &((const struct lint_text_kept *)a)->finding;
	y = &((const struct lint_text_kept *)b)->finding;
	if (x->file_number != y->file_number)
		return x->file_number < y->file_number ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return (int)x->rule - (int)y->rule;
}

/* Cuts the text into files; returns how many there are. */
static inline size_t
lint_text_files(const char *text, size_t len, struct lint_text_file *files)
{
	const char *end, *name, *next;
	size_t n;

	end = text + len;
	for (n = 0; text < end; n++) {
		name = text + 3;
		text = memchr(name, '\n', (size_t)(end - name));
		snprintf(files[n].name, sizeof(files[n].name), "%.*s",
		    (int)(text - name), name);
		text++;
		next = memmem(text, (size_t)(end - text), "== ", 3);
		if (next == NULL)
			next = end;
		files[n].len = (size_t)(next - text);
		files[n].bytes = mem_zalloc(1, files[n].len + 16);
		memcpy(files[n].bytes, text, files[n].len);
		text = next;
	}
	return n;
}

/* Lints the files in Canvas's order; free the result's lists. */
static inline struct lint_text
lint_text_run(const char *text, size_t len, const struct lint_options *options)
{
	struct lint_text_file files[LINT_TEXT_FILES];
	struct lint_text out = { 0 };
	struct lint *lint;
	unsigned rank;
	size_t n, i;

	n = lint_text_files(text, len, files);
	lint = lint_begin(options, lint_text_keep, &out);
	for (i = 0; i < n; i++)
		files[i].kind = lint_announce(
		    lint, files[i].bytes, files[i].len);
	for (rank = 0; rank <= SHEETS; rank++) {
		for (i = 0; i < n; i++) {
			if (lint_rank(files[i].kind) == rank)
				lint_file(lint, files[i].name, files[i].bytes,
				    files[i].len);
		}
	}
	lint_end(lint, &out.totals);
	for (i = 0; i < n; i++)
		free(files[i].bytes);
	if (out.nkept > 0)
		qsort(out.kept, out.nkept, sizeof(*out.kept), lint_text_order);
	return out;
}

static inline void
lint_text_free(struct lint_text *text)
{
	size_t i;

	for (i = 0; i < text->nkept; i++) {
		free(text->kept[i].file);
		free(text->kept[i].message);
	}
	free(text->kept);
}

/* How a case is linted, beside the defaults; as bits. */
enum { NO_ROWS_IS_FINE = 1, COMPLETE = 2, ROLES = 4 };

static const char *const lint_text_roles[] = { "Boss", "Student Teacher" };

/* A package and what is to be said about it. */
struct lint_case {
	const char *name; /* the rule that it protects */
	unsigned how;
	const char *package;
	size_t len;
	const char *want;
};

#define PACKAGE(text) text, sizeof(text) - 1

/* The findings as lines "file:line:column CODE severity". */
static inline char *
lint_text_shown(const struct lint_text *text)
{
	const struct lint_finding *finding;
	struct buf out = { 0 };
	size_t i;

	for (i = 0; i < text->nkept; i++) {
		finding = &text->kept[i].finding;
		buf_printf(&out, "%s:%u:%zu %s %s\n", text->kept[i].file,
		    finding->line, finding->column,
		    lint_rules[finding->rule].code,
		    severity_names[finding->severity]);
	}
	buf_str(&out);
	return out.data;
}

static inline struct lint_options
lint_text_options(unsigned how)
{
	return (struct lint_options){ .complete = (how & COMPLETE) != 0,
		.no_rows_is_fine = (how & NO_ROWS_IS_FINE) != 0,
		.roles = lint_text_roles,
		.nroles = how & ROLES ? 2 : 0 };
}

/* Lints every case and compares; names the first one that differs. */
static inline void
lint_text_check(const struct lint_case *cases, size_t n)
{
	struct lint_options options;
	struct lint_text text;
	char *got;
	size_t i;

	for (i = 0; i < n; i++) {
		options = lint_text_options(cases[i].how);
		text = lint_text_run(cases[i].package, cases[i].len, &options);
		got = lint_text_shown(&text);
		if (getenv("LINT_TEXT_SHOW") != NULL)
			printf("@@ %s\n%s", cases[i].name, got);
		else if (strcmp(got, cases[i].want) != 0)
			print_error("case: %s\n", cases[i].name);
		if (getenv("LINT_TEXT_SHOW") == NULL)
			assert_string_equal(got, cases[i].want);
		free(got);
		lint_text_free(&text);
	}
}

#define LINT_TEXT_CHECK(cases)                                                 \
	lint_text_check(cases, sizeof(cases) / sizeof(cases[0]))

#endif
