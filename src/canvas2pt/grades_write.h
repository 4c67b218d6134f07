#ifndef GRADES_WRITE_H
#define GRADES_WRITE_H

#include "base/intern.h"
#include "canvas2pt/grades.h"
#include "grades/course_sheets.h"
#include "grades/pst_folder.h"
#include "grades/pst_name.h"
#include "canvas2pt/grades_files.h"

/* What writes the score files of one course after the other. */
struct grades_writer {
	const struct grades_options *options;
	const struct grade_policy *policy;
	const struct crosswalk *crosswalk;
	struct grades_account *account;
	struct grade_findings *findings;
	struct grades_out *out;
	struct grades_files accepted; /* what the files are compared with */
	struct pst_folder templates;
	struct pst_names folders; /* of sections, so that none is twice */
	struct intern *seen;	  /* sections with assignments */
	char **courses;		  /* names of those that were written */
	size_t ncourses, capcourses;
};

void grades_write_free(struct grades_writer *writer);

/*
 * Makes the sheets of a course, writes their files, adds them to the lists
 * and notes what was found. 0, or -1 with EXIT_USAGE when a course comes a
 * second time, EXIT_IO or the code of a signal.
 */
int grades_write_course(
    struct grades_writer *writer, struct course *course, struct err *err);

/* After the last course: what the accepted export had and this one has not,
 * and templates that nothing fits. */
void grades_write_rest(struct grades_writer *writer);

#endif
