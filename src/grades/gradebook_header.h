#ifndef GRADES_GRADEBOOK_HEADER_H
#define GRADES_GRADEBOOK_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/csvio.h"
#include "grades/course.h"
#include "grades/gradebook_cell.h"
#include "grades/gradebook_note.h"

/* What a column of a Gradebook CSV is (grades B1.2). */
enum gradebook_role {
	GRADEBOOK_NAME, /* "Last, First" */
	GRADEBOOK_LAST_NAME,
	GRADEBOOK_FIRST_NAME,
	GRADEBOOK_ID,
	GRADEBOOK_SIS_ID,
	GRADEBOOK_LOGIN_ID,
	GRADEBOOK_INTEGRATION_ID,
	GRADEBOOK_SECTION,
	GRADEBOOK_IDENTITY, /* how many roles say who a student is */
	GRADEBOOK_ASSIGNMENT = GRADEBOOK_IDENTITY,
	GRADEBOOK_TOTAL, /* read-only sums, overrides */
	GRADEBOOK_CUSTOM /* anything else */
};

/* A column and what its cells hold, which decides what it is. */
struct gradebook_column {
	enum gradebook_role role;
	struct str title;	 /* the whole header cell, kept */
	struct str name, id;	 /* of "name (id)"; id.len 0: no id */
	enum gradebook_cell top; /* the cell in the points row */
	const char *points;	 /* decimal text of it, or "" */
	bool posts_manually, muted;
	size_t numbers, marks, words; /* cells of students; marks: EX, N/A */
	uint32_t assignment;	      /* in the course */
};

#define GRADEBOOK_NO_COLUMN SIZE_MAX

/* The columns; a zeroed one is empty. Texts are the course's. */
struct gradebook_header {
	struct gradebook_column *columns;
	size_t ncolumns;
	size_t place[GRADEBOOK_IDENTITY]; /* of each, or NO_COLUMN */
};

/* Do these cells stand at the top of a Gradebook CSV? */
bool gradebook_header_fits(const struct csv_cell *cells, size_t ncells);

/* Takes the cells of a header that fits. */
void gradebook_header_read(struct gradebook_header *header,
    struct course *course, const struct csv_cell *cells, size_t ncells);

void gradebook_header_free(struct gradebook_header *header);

/*
 * Once the cells of all rows are counted: says for each column with or
 * without an id what it is, and puts the assignments and groups into the
 * course (grades B1.2, B1.3). What is left out although it has scores is
 * noted.
 */
void gradebook_header_settle(struct gradebook_header *header,
    struct course *course, gradebook_note_fn *note, void *arg);

#endif
