#ifndef GRADES_CSV_LIST_H
#define GRADES_CSV_LIST_H

#include <stdint.h>

#include "base/err.h"

#define CSV_LIST_COLUMNS 8 /* at most, that are asked for */

/*
 * One row: the cells of the columns that were asked for, in their order, each
 * ended by a NUL and good for the call. Returns 0, or -1 to stop.
 */
typedef int csv_list_fn(
    void *arg, const char *const *cells, uint32_t line, struct err *err);

/*
 * Reads a CSV that this project's programs wrote, of any size below 1 GiB,
 * with its columns found by their names. columns ends with NULL. Returns 0;
 * 1 when there is no such file; -1 with EXIT_SOURCE for what is not such a
 * list, EXIT_IO, or what row set.
 */
int csv_list_read(const char *path, const char *const *columns,
    csv_list_fn *row, void *arg, struct err *err);

#endif
