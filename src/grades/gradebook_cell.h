#ifndef GRADES_GRADEBOOK_CELL_H
#define GRADES_GRADEBOOK_CELL_H

#include <stdbool.h>

#include "base/csvio.h"
#include "base/intern.h"
#include "grades/decimal.h"

/* What a cell below an assignment says (grades B1.5). */
enum gradebook_cell {
	GRADEBOOK_CELL_BLANK,	   /* nothing, or the older - */
	GRADEBOOK_CELL_NUMBER,	   /* a score */
	GRADEBOOK_CELL_EXCUSED,	   /* EX */
	GRADEBOOK_CELL_UNASSIGNED, /* N/A */
	GRADEBOOK_CELL_WORDS	   /* a letter of a GPA scale, or anything */
};

/* The text of a cell without blanks around it and without the guard ="...". */
struct str gradebook_cell_text(const struct csv_cell *cell);

/* The same for the cell with that number; blank when the row is shorter. */
struct str gradebook_cell_at(
    const struct csv_cell *cells, size_t ncells, size_t i);

/* What the text is; for a number, that number and whether % follows it. */
enum gradebook_cell gradebook_cell_kind(
    struct str text, struct decimal *number, bool *percent);

/*
 * Do the cells hold nothing? Separators of the other kind are nothing, too:
 * Canvas passes over lines of them.
 */
bool gradebook_cell_all_blank(const struct csv_cell *cells, size_t ncells);

/* Is it this word, whatever the case of its ASCII letters? */
bool gradebook_cell_is(struct str text, const char *word);

/* Does the word stand anywhere in it? */
bool gradebook_cell_has(struct str text, const char *word);

/* Does it end in the word? */
bool gradebook_cell_ends(struct str text, const char *word);

/* Digits that a spreadsheet program has rounded: 1.23457E+16. */
bool gradebook_cell_is_rounded(struct str text);

#endif
