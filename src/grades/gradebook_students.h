#ifndef GRADES_GRADEBOOK_STUDENTS_H
#define GRADES_GRADEBOOK_STUDENTS_H

#include "base/csvio.h"

/*
 * Takes a record the second time; arg is the struct gradebook_reading. Puts a
 * student, the enrollments and the scores into the course (grades B1.5).
 */
csv_record_fn gradebook_students_record;

#endif
