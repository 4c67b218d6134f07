#ifndef SOURCE_PS_V1_ROWS_H
#define SOURCE_PS_V1_ROWS_H

#include "base/buf.h"
#include "base/json.h"
#include "source/ps_v1_def.h"

/* One object: its dcid, and the dcid of whose list it stood in. */
struct ps_v1_row {
	uint64_t id, owner;
	unsigned page;
	bool alone; /* it was asked for by its id, for no list has it */
	size_t at;  /* where its members begin in the text */
};

/* Objects of one kind, as short texts; a zeroed one has none. */
struct ps_v1_rows {
	struct buf text; /* members, a NUL behind each */
	struct ps_v1_row *list;
	size_t count, cap;
};

/*
 * Adds the objects of one answer, the page of a list (powerschool 2.1): a list
 * of them, one object in place of a list of one, or nothing, which has many
 * spellings. Numbers keep their digits, what is absent is blank. 0, or -1 when
 * it is no answer of that kind; *why says in what way, and nothing was added.
 */
int ps_v1_rows_add_list(struct ps_v1_rows *rows, enum ps_v1_kind kind,
    uint64_t owner, unsigned page, const struct json *document,
    const char **why);

/* The same for the answer that holds one object alone. */
int ps_v1_rows_add_one(struct ps_v1_rows *rows, enum ps_v1_kind kind,
    uint64_t owner, const struct json *document, const char **why);

/* A member of a row; "" when it was not there. */
const char *ps_v1_rows_cell(
    const struct ps_v1_rows *rows, size_t row, size_t member);

/* A member that is a dcid; false when it is blank, 0 or none. */
bool ps_v1_rows_id(
    const struct ps_v1_rows *rows, size_t row, size_t member, uint64_t *id);

/* The text of a dcid as a number; false when it is none, or 0. */
bool ps_v1_rows_number(const char *text, uint64_t *id);

/* Appends all rows of from. */
void ps_v1_rows_append(struct ps_v1_rows *rows, const struct ps_v1_rows *from);

/*
 * Puts the rows in the order of their ids, of equal ones the lower owner's
 * first, and keeps one of those that say the same: a student is in the lists
 * of several schools. Two that differ stay, for others to judge.
 */
void ps_v1_rows_sort(struct ps_v1_rows *rows, enum ps_v1_kind kind);

/* Whether rows of different pages have the same id; puts nothing in another
 * order. */
bool ps_v1_rows_repeat(const struct ps_v1_rows *rows);

/* Whether two readings of a list brought the same, in the same order. */
bool ps_v1_rows_equal(const struct ps_v1_rows *a, const struct ps_v1_rows *b);

/* The row with that id, once they are in order; false: none. */
bool ps_v1_rows_find(const struct ps_v1_rows *rows, uint64_t id, size_t *row);

void ps_v1_rows_free(struct ps_v1_rows *rows);

#endif
