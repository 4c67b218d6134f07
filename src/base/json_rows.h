#ifndef BASE_JSON_ROWS_H
#define BASE_JSON_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/csvio.h"
#include "base/err.h"
#include "base/json.h"

/*
 * The records of one JSON answer, as its bytes come: {"record":[{...},{...}]}
 * of any length, while only one record is held. What json_parse() refuses is
 * refused here too, and with the same words; a plain record has a fast path,
 * which gives the same rows and the same errors (a fuzz test compares them).
 */
struct json_rows;

struct json_rows_columns {
	size_t count; /* columns of a row */
	/*
	 * Which column a member fills, -1: none. parent is the key of the
	 * object around it inside the record, "" at its top; members of
	 * objects inside objects are found, lists are passed over. In place
	 * of a column's value both are a failure, but for empty ones, which
	 * are blank. Answers are remembered: the same question always has the
	 * same one.
	 */
	int (*find)(void *arg, const char *parent, const char *key);
	/* One record; cells are the columns, absent ones and null are blank,
	 * numbers keep their digits; of members that fill the same column the
	 * last counts. The cells may be changed in place, 16 bytes behind
	 * them can be read. line is the number of the record, the first is 0.
	 * -1 stops; err is then as the function left it. */
	csv_record_fn *record;
	void *arg;
};

/*
 * list is the member of the document that holds the records ("record"): a
 * list, one object instead of a list of one, or absent, null or "" for none.
 * columns is copied; origin->max_bytes limits one record, not the document.
 */
struct json_rows *json_rows_begin(const char *list,
    const struct json_rows_columns *columns, const struct json_origin *origin);

/*
 * Has every record parsed by json_parse_part(), before the first byte. The
 * rows and errors are the same: for a test that compares.
 */
void json_rows_parse_all(struct json_rows *rows);

/* The next bytes. 0, or -1 with origin->code, name:line and the reason. */
int json_rows_add(
    struct json_rows *rows, const char *bytes, size_t len, struct err *err);

/* Nothing follows: the document must be whole. */
int json_rows_end(struct json_rows *rows, struct err *err);

/* How many records there were. */
uint64_t json_rows_count(const struct json_rows *rows);

/* The number that the document itself gives as "count", as number or text;
 * false: none. */
bool json_rows_stated(const struct json_rows *rows, uint64_t *count);

void json_rows_free(struct json_rows *rows);

#endif
