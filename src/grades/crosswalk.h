#ifndef GRADES_CROSSWALK_H
#define GRADES_CROSSWALK_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * What a run of ps2canvas knows of the SIS ids in Canvas: the student number
 * behind a user's, the course and section number behind a section's. From
 * crosswalk.csv of a run and, where they are beside it, from the sections and
 * courses that the run gave Canvas.
 */
struct crosswalk;

/* NULL with EXIT_SETTINGS when the file is not there, EXIT_SOURCE, EXIT_IO. */
struct crosswalk *crosswalk_read(const char *path, struct err *err);
void crosswalk_free(struct crosswalk *crosswalk);

/* How many students and sections it knows. */
size_t crosswalk_students(const struct crosswalk *crosswalk);
size_t crosswalk_sections(const struct crosswalk *crosswalk);

/* The student number behind a SIS id of Canvas; NULL: not known, or of the
 * staff. */
const char *crosswalk_number(
    const struct crosswalk *crosswalk, const char *sis_id);

/*
 * Adds course_number.section_number of a section's SIS id to out; course_code
 * is Canvas's, for want of the run's own. 0, or -1 when it is not known.
 */
int crosswalk_section(const struct crosswalk *crosswalk, const char *sis_id,
    const char *course_code, struct buf *out);

/* The SIS id of the one section with that name in Canvas; NULL when there is
 * none, or more than one. */
const char *crosswalk_section_named(
    const struct crosswalk *crosswalk, const char *name);

/* The names of all sections, NULL at the end; they stay crosswalk's. */
const char *const *crosswalk_section_names(const struct crosswalk *crosswalk);

#endif
