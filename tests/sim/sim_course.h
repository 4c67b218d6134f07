#ifndef SIM_COURSE_H
#define SIM_COURSE_H

#include "base/err.h"
#include "sim_lms.h"

/*
 * Courses from a folder: one folder for each with course.json, sections.json,
 * groups.json, assignments.json, enrollments.json and submissions/ID.json for
 * each section, as Canvas gives them to an admin with every include, ids as
 * numbers. NULL with file:line and the reason.
 */
void *sim_course_read(const char *folder, struct err *err);

extern const struct sim_lms sim_course_lms;

#endif
