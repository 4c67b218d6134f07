#ifndef CANVAS_LINT_H
#define CANVAS_LINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "canvas/lint_rules.h"
#include "canvas/sheets.h"

/*
 * Says what Canvas would make of a package of SIS CSVs, by the rules of
 * sheets[] and of the importer (canvas-sis 2 to 5). It sees names and bytes
 * only: where they come from is the caller's affair.
 */
struct lint;

#define LINT_SHOWN 10 /* findings of one rule in one file, if not said */

struct lint_options {
	/*
	 * The package is all that Canvas will know: an id that is not in it
	 * is an error, not only worth a line.
	 */
	bool complete;
	bool no_rows_is_fine;	  /* a header alone is not worth a line */
	bool kinds_once;	  /* no kind comes back after another one */
	bool no_shortcuts;	  /* read repeated rows cell by cell, too */
	size_t shown;		  /* findings of one rule in one file, 0: all */
	const char *const *roles; /* the account's custom roles */
	size_t nroles;
};

/*
 * One thing to say. The texts live during the call only and never hold the
 * name, the login or the e-mail of a person.
 */
struct lint_finding {
	enum lint_rule rule;
	enum severity severity;
	const char *file;
	uint32_t file_number; /* in the order of lint_file(), from 0 */
	uint32_t line;	      /* physical, from 1; 0: the whole file */
	size_t column;	      /* byte in that line, from 1; 0: the line */
	uint32_t row;	      /* as Canvas counts, 1: the header; or 0 */
	const char *message;
};

/* Called with each finding that is to be shown. */
typedef void lint_report_fn(void *arg, const struct lint_finding *finding);

/* What became of the package. */
struct lint_totals {
	uint64_t by_rule[LINT_RULES];
	uint64_t by_severity[3];
	uint64_t files, rows;
	uint64_t rows_of[SHEETS];
};

/* Starts; options are copied but for the roles. End it with lint_end(). */
struct lint *lint_begin(
    const struct lint_options *options, lint_report_fn *report, void *arg);

/*
 * Tells what is to come: the kind of a file by its bytes, SHEETS when Canvas
 * would not know it. Call it once for each file before any lint_file(), and
 * give the files to lint_file() in the order of lint_rank() and then of their
 * paths, which is Canvas's order.
 */
enum sheet_kind lint_announce(struct lint *lint, const char *bytes, size_t len);

/*
 * Says that about so many rows of a kind will come, which spares the tables
 * that hold them from growing. lint_announce() says it of a file by itself.
 */
void lint_expect(struct lint *lint, enum sheet_kind kind, size_t rows);

/* The place of a kind in Canvas's order; an unknown one comes last. */
unsigned lint_rank(enum sheet_kind kind);

/*
 * Checks one file as a whole. 16 bytes behind the len bytes must be readable;
 * the bytes are used only during the call.
 */
void lint_file(
    struct lint *lint, const char *name, const char *bytes, size_t len);

/*
 * The same, block by block, for a file that is being written in key order:
 * each block holds whole records and has 16 readable bytes behind it.
 */
void lint_file_begin(struct lint *lint, const char *name);
void lint_block(struct lint *lint, const char *bytes, size_t len);
void lint_file_end(struct lint *lint);

/* Adds a finding about the package or an entry of it that is no CSV. */
void lint_package(struct lint *lint, enum lint_rule rule,
    enum severity severity, const char *file, const char *message);

/* Says what only the end shows, fills totals and frees the lint. */
void lint_end(struct lint *lint, struct lint_totals *totals);

#endif
