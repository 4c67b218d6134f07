#ifndef SIM_SELECT_H
#define SIM_SELECT_H

#include "sim_district.h"

#define SIM_ANY_YEAR (-1)

/* Which rows are wanted, and in which order. */
struct sim_wish {
	enum sim_table_id table;
	int year;      /* SIM_ANY_YEAR: all */
	const char *q; /* "" or NULL: no filter */
	int sort;      /* a column; -1: by key */
	bool descending;
};

/* Rows that were chosen; they belong to the cache. */
struct sim_rows {
	const uint32_t *rows;
	size_t count;
};

struct sim_selections;

struct sim_selections *sim_selections_new(void);
void sim_selections_free(struct sim_selections *cache);

/*
 * The rows of a wish. What was chosen is kept until the district changes, so
 * that page after page costs nothing. 0, or -1 with the words of the answer
 * 400 in err->msg. (powerschool 2.5, 3.1)
 */
int sim_select(struct sim_selections *cache,
    const struct sim_district *district, const struct sim_wish *wish,
    struct sim_rows *rows, struct err *err);

/*
 * One condition "field OP value" of a filter, cut at ";". The text is changed.
 * NULL at the end; *field is NULL when there is no operator in it.
 */
enum sim_operator {
	SIM_EQUAL,
	SIM_GREATER,
	SIM_GREATER_EQUAL,
	SIM_LESS,
	SIM_LESS_EQUAL
};
struct sim_condition {
	const char *field;
	enum sim_operator operator;
	const char *value;
};
bool sim_condition_next(char **text, struct sim_condition *condition);

/* Whether a number or a text meets a condition. */
bool sim_meets_number(
    const struct sim_condition *condition, int64_t number, int64_t wanted);
bool sim_meets_text(const struct sim_condition *condition, struct str text);

#endif
