#ifndef GRADES_FILES_H
#define GRADES_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

#define GRADES_FILES_CSV "files.csv" /* every score file of an export */

/*
 * The score files that an export knows: those it wrote, those that were
 * unchanged, and those of courses that it did not read. The next export is
 * compared with the accepted one by this list.
 */
enum grades_file_state {
	GRADES_FILE_NEW,       /* the accepted export has none for it */
	GRADES_FILE_CHANGED,   /* other bytes than there */
	GRADES_FILE_UNCHANGED, /* the same bytes */
	GRADES_FILE_CARRIED    /* of a course that was not read */
};

extern const char *const grades_file_states[];

struct grades_file {
	const char *file; /* in the export's folder */
	const char *section_key, *section, *course, *assignment;
	uint64_t bytes;
	const char *sha256;
	enum grades_file_state state;
	bool is_written;
};

/* The list of the accepted export; a zeroed one is empty. */
struct grades_files {
	struct grades_known *list; /* by section_key and assignment */
	size_t count, cap;
};

/* Reads folder/files.csv. 0, or -1 with EXIT_SOURCE or EXIT_IO. */
int grades_files_read(
    struct grades_files *files, const char *folder, struct err *err);
void grades_files_free(struct grades_files *files);

/*
 * What the accepted export has for a section and an assignment, which counts
 * as seen from now on; NULL when there is none.
 */
const struct grades_file *grades_files_find(struct grades_files *files,
    const char *section_key, const char *assignment);

/* Calls each for every file that was not seen. */
void grades_files_each_unseen(const struct grades_files *files,
    void (*each)(void *arg, const struct grades_file *file), void *arg);

/* The header of files.csv, and a line. */
void grades_files_header(struct buf *out);
void grades_files_line(const struct grades_file *file, struct buf *out);

#endif
