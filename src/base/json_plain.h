#ifndef BASE_JSON_PLAIN_H
#define BASE_JSON_PLAIN_H

#include <stddef.h>

#include "base/csvio.h"
#include "base/json_rows.h"

#define JSON_PLAIN_BEHIND 16 /* NULs that stand behind the bytes */

/*
 * Reads plain records straight into cells, in one pass. Plain is what nearly
 * every record is: an object of texts, numbers, true, false, null, lists and
 * objects in a few levels. What json_parse() would refuse is never plain. The
 * keys are remembered in the order in which they stood, so that a key is found
 * by one comparison with the one that stood there before.
 */
struct json_plain;

struct json_plain *json_plain_new(const struct json_rows_columns *columns);
void json_plain_free(struct json_plain *plain);

/*
 * Reads the record that starts at bytes with a '{'; of the len bytes that are
 * there some may belong to what follows, and JSON_PLAIN_BEHIND NULs stand
 * behind them. Fills a cell for each column, with bytes of the record, which
 * are changed where escapes are decoded. Returns the length of the record and
 * adds its line ends to *lines; 0 when it is not plain, not whole or longer than
 * max, then the bytes are as they were.
 */
size_t json_plain_read(struct json_plain *plain, char *bytes, size_t len,
    size_t max, struct csv_cell *cells, size_t *lines);

#endif
