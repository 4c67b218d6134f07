#ifndef SIM_SCALE_H
#define SIM_SCALE_H

#include "base/err.h"
#include "sim_lms.h"

/* Made-up courses of any number; the same numbers give the same grades. */
struct sim_scale {
	size_t courses, sections, students, assignments;
	/* sections in a course, students in a section, and so on */
};

/*
 * Writes the crosswalk.csv that ps2canvas would have for them, or with NULL
 * nothing. 0, or -1 with EXIT_IO.
 */
int sim_scale_crosswalk(
    const struct sim_scale *scale, const char *path, struct err *err);

/* The data is a struct sim_scale. */
extern const struct sim_lms sim_scale_lms;

#endif
