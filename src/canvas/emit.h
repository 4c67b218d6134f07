#ifndef CANVAS_EMIT_H
#define CANVAS_EMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "canvas/sheets.h"

/*
 * Where the bytes of sheets go. begin is called once for each file, empty
 * when only a header will come; write as often as needed, with whole rows and
 * 16 zeros readable behind them; end once.
 */
struct emit_sink {
	void *arg;
	int (*begin)(void *arg, const char *file, bool empty, struct err *err);
	int (*write)(void *arg, const void *bytes, size_t len, struct err *err);
	int (*end)(void *arg, struct err *err);
};

/* How many rows went into each file. */
struct emit_count {
	const char *file;
	uint64_t rows;
};

/*
 * Writes every sheet as CSV, in the order and form of mapping 3 to 5. counts
 * has room for all of sheets[] with a file. 0, or -1 when the sink failed.
 */
int emit_sheets(const struct map *map, struct sheet_orders *orders,
    const struct emit_sink *sink, struct emit_count *counts, struct err *err);

/*
 * Writes crosswalk.csv: Canvas ids beside PowerSchool's dcid, id and number
 * for sections and users, in the order of their first two cells.
 */
int emit_crosswalk(const struct map *map, struct sheet_orders *orders,
    const struct emit_sink *sink, uint64_t *rows, struct err *err);

#endif
