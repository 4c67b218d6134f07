#ifndef GRADES_GRADEBOOK_CSV_H
#define GRADES_GRADEBOOK_CSV_H

#include <stddef.h>

#include "base/err.h"
#include "grades/course.h"
#include "grades/gradebook_note.h"

#define GRADEBOOK_BYTES_MAX ((size_t)256 << 20) /* of one file */
#define GRADEBOOK_SPARE 16 /* bytes readable behind one in memory */

struct gradebook_options {
	const char *const *sections; /* names that exist, NULL at the end; or
					NULL: only what the file shows */
	gradebook_note_fn *note;     /* takes what is doubtful */
	void *arg;		     /* for note */
};

/*
 * Reads a Gradebook CSV of Canvas into an empty course (grades B1): its
 * students, sections, assignments and scores, the scores in the order of
 * course_score_of(). Every variant that Canvas writes or wrote is taken: , ;
 * or tab, a byte order mark, any line end, Student or LastName and FirstName,
 * more or fewer identity columns, a teacher's own columns, markers in any
 * language. A cell without a score (blank, -) gives no score row; a letter
 * stands in the row's grade. What is not in the file stays COURSE_UNKNOWN.
 *
 * Returns 0, or -1 with EXIT_SOURCE and file:line:column: not readable, not
 * such a file (and what it seems to be), not UTF-8, broken quotes, a row of
 * students longer than the header, an assignment twice, a file cut within a
 * line. A file that lost whole lines at its end looks complete: only a file
 * without any student is noted.
 */
int gradebook_csv_read(const char *path,
    const struct gradebook_options *options, struct course *course,
    struct err *err);

/*
 * The same for a file in memory, called name in messages; GRADEBOOK_SPARE
 * bytes must be readable behind it.
 */
int gradebook_csv_parse(const char *name, char *bytes, size_t len,
    const struct gradebook_options *options, struct course *course,
    struct err *err);

#endif
