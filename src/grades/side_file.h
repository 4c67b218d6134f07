#ifndef GRADES_SIDE_FILE_H
#define GRADES_SIDE_FILE_H

#include <stdint.h>

#include "base/err.h"
#include "grades/course.h"

/*
 * What a Gradebook CSV does not hold (grades B1.5): a CSV with a header of
 * "assignment id" or "name", or both, and any of "due date", "category",
 * "abbreviation" and "extra points", in any order and case. The list of
 * assignments that canvas2pt writes (grades A5, layout B) is one, too.
 */
struct side_file;

enum side_file_note_kind {
	SIDE_FILE_COLUMN_IGNORED, /* nothing is known by that title */
	SIDE_FILE_NOT_FOUND,	  /* no course has the assignment */
	SIDE_FILE_AMBIGUOUS	  /* several have that name: give the id */
};

struct side_file_note {
	enum side_file_note_kind kind;
	uint32_t line;	     /* physical, from 1 */
	const char *subject; /* column, id or name; the side file's own */
};

typedef void side_file_note_fn(void *arg, const struct side_file_note *note);

/*
 * Reads the file; dates as date_parse() takes them, numbers as cells of a
 * gradebook. NULL with EXIT_SOURCE and file:line:column: not readable, not
 * such a file, a date or number that is none, a row without id and name, a
 * row longer than the header, two rows that differ about one assignment. The
 * caller frees the result; NULL is ignored.
 */
struct side_file *side_file_read(const char *path, struct err *err);
void side_file_free(struct side_file *side);

/* The same for bytes in memory, with 16 more readable behind them. */
struct side_file *side_file_parse(
    const char *name, char *bytes, size_t len, struct err *err);

/*
 * Puts into a course what rows say of its assignments; a cell that is blank
 * says nothing. A row with an id goes by the id, another by the exact name.
 */
void side_file_apply(struct side_file *side, struct course *course);

/* After the last course: what was ignored, ambiguous or never found. */
void side_file_notes(
    const struct side_file *side, side_file_note_fn *note, void *arg);

#endif
