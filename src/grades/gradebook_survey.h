#ifndef GRADES_GRADEBOOK_SURVEY_H
#define GRADES_GRADEBOOK_SURVEY_H

#include "base/csvio.h"

/*
 * Takes a record the first time; arg is the struct gradebook_reading. Tells
 * what the record is, reads the header, the points possible and which columns
 * post manually (grades B1.1 to B1.4), and counts what stands in the columns
 * of the others. -1 with EXIT_SOURCE for a student's row that is too long.
 */
csv_record_fn gradebook_survey_record;

#endif
