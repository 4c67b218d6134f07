#ifndef SOURCE_PS_V1_CELLS_H
#define SOURCE_PS_V1_CELLS_H

#include "roster/roster.h"
#include "source/ps_v1_data.h"

#define PS_V1_COLUMNS 16 /* of one table, at most */

/*
 * The columns that /ws/v1 gives of a table, by the names of the schema's
 * fields; NULL behind the last. It gives no ids but dcids: columns[] has an
 * id where the dcid stands in for it.
 */
void ps_v1_cells_columns(
    enum table_id table, const char *columns[PS_V1_COLUMNS + 1]);

/* Whether a column is what other ways give of it, and not its stand-in. */
bool ps_v1_cells_carries(enum table_id table, const char *column);

/* Of what kind a table's rows are made. */
enum ps_v1_kind ps_v1_cells_kind(enum table_id table);

/* What rows are made with. */
struct ps_v1_maker {
	const struct ps_v1_data *data;
	const struct roster *roster;
	bool by_v1[TABLES];		  /* which tables come by v1 */
	struct key_index by_dcid[TABLES]; /* of tables that are there */
	bool indexed[TABLES];
};

/*
 * Adds one cell of a table, made of a row of its kind. A reference becomes
 * what the table has that it names: of one that came by v1 the dcid, which is
 * its id too; of another one what the roster has for the dcid. What is not
 * there becomes "dcid:N", which is no id of anything.
 */
void ps_v1_cells_put(struct ps_v1_maker *maker, enum table_id table,
    const char *column, size_t row, struct buf *out);

/* Whether an object makes no row: a student without e-mail, a section that
 * nobody leads. */
bool ps_v1_cells_skips(
    const struct ps_v1_data *data, enum table_id table, size_t row);

void ps_v1_cells_end(struct ps_v1_maker *maker);

/* A date as text: what is a number is milliseconds since 1970 (powerschool
 * 2.1), of midnight UTC or in the district's zone. */
void ps_v1_cells_put_date(struct buf *out, const char *text);

#endif
