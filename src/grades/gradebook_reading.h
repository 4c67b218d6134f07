#ifndef GRADES_GRADEBOOK_READING_H
#define GRADES_GRADEBOOK_READING_H

#include "base/idmap.h"
#include "grades/gradebook_csv.h"
#include "grades/gradebook_file.h"
#include "grades/gradebook_header.h"
#include "grades/gradebook_sections.h"

/* What a record is (grades B1.1, B1.3, B1.4). */
enum gradebook_row {
	GRADEBOOK_ROW_IS_HEADER,
	GRADEBOOK_ROW_IS_BLANK,
	GRADEBOOK_ROW_IS_HIDDEN,
	GRADEBOOK_ROW_IS_POINTS,
	GRADEBOOK_ROW_IS_STUDENT,
	GRADEBOOK_ROW_IS_OTHER
};

/*
 * One gradebook while it is read, twice: the first time rows are told apart
 * and cells counted, for only the whole file shows what a column is and which
 * sections there are; the second time students and scores are taken.
 */
struct gradebook_reading {
	struct gradebook_file file;
	const struct gradebook_options *options;
	struct course *course;
	struct gradebook_header header;
	struct gradebook_sections *sections;
	struct intern *people; /* all that identifies a student */
	struct idmap lines;    /* where each stood first */
	unsigned char *kinds;  /* of the records, the first time */
	size_t nkinds, capkinds, at;
	bool points_seen, students_seen;
	uint32_t last_line; /* of the last record, from 0 */
	size_t last_cells;
	struct err *err;
};

/* Notes something about a line and a cell in it, both from 1; 0: none. */
void gradebook_reading_say(struct gradebook_reading *r,
    enum gradebook_note_kind kind, uint32_t line, size_t column);

/* The cell of one of the identity columns, blank when there is none. */
struct str gradebook_reading_identity(const struct gradebook_reading *r,
    const struct csv_cell *cells, size_t ncells, enum gradebook_role role);

#endif
