#ifndef GRADES_GRADEBOOK_NOTE_H
#define GRADES_GRADEBOOK_NOTE_H

#include <stdint.h>

/* What the reader of a Gradebook CSV did with something doubtful. */
enum gradebook_note_kind {
	GRADEBOOK_NO_POINTS_ROW,
	GRADEBOOK_COLUMN_WITHOUT_ID,
	GRADEBOOK_COLUMN_CUSTOM,
	GRADEBOOK_NO_ASSIGNMENTS,
	GRADEBOOK_NO_STUDENTS,
	GRADEBOOK_ROW_PASSED,
	GRADEBOOK_ROW_SHORT,
	GRADEBOOK_NO_LINE_END,
	GRADEBOOK_ID_ROUNDED,
	GRADEBOOK_STUDENT_TWICE,
	GRADEBOOK_NO_SECTION,
	GRADEBOOK_SECTIONS_SPLIT,
	GRADEBOOK_SECTIONS_DOUBTFUL,
	GRADEBOOK_NOTES /* how many there are */
};

/* One of them; it never holds the name of a person. */
struct gradebook_note {
	enum gradebook_note_kind kind;
	uint32_t line;	     /* physical, from 1; 0: the whole file */
	uint32_t column;     /* cell in the row, from 1; 0: none */
	const char *subject; /* a column's or section's title, or "" */
};

/* Takes a note; the subject lives as long as the course that is read. */
typedef void gradebook_note_fn(void *arg, const struct gradebook_note *note);

/* A sentence that says what was found and what was done with it. */
const char *gradebook_note_text(enum gradebook_note_kind kind);

#endif
