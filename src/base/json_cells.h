#ifndef BASE_JSON_CELLS_H
#define BASE_JSON_CELLS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/csvio.h"
#include "base/json.h"
#include "base/json_rows.h"

/* The column that a member fills, -1: none. */
int json_cells_column(const struct json_rows_columns *columns,
    const char *parent, const char *key);

/*
 * Fills a cell for each column from a record that was parsed; their bytes
 * stand in text, which is made anew, with 16 NULs behind. false: an object or
 * a list with something in it stands where a column's value should.
 */
bool json_cells_fill(const struct json_rows_columns *columns,
    const struct json *record, struct csv_cell *cells, struct buf *text);

#endif
