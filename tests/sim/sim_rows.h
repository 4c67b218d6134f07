#ifndef SIM_ROWS_H
#define SIM_ROWS_H

#include "sim_district.h"

/* How rows go out: which columns, and flattened or by table (3.1, 3.2). */
struct sim_form {
	const struct sim_table *table;
	bool flattened;
	bool wanted[SIM_COLUMNS_MAX];
};

/* Puts one row as a JSON object behind what out holds. */
void sim_rows_put(const struct sim_form *form, uint32_t row, struct buf *out);

/* Puts a text as JSON, quotes included. */
void sim_json_text(struct buf *out, struct str text);

#endif
