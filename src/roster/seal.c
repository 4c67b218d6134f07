#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "roster/fate.h"
#include "roster/seal.h"

sym
seal_term_key(const struct roster *roster, sym schoolid, sym id)
{
	char digits[2][SYM_DIGITS];
	char small[64];
	struct str a, b;
	char *text;
	sym key;

	if (schoolid.id == 0 || id.id == 0)
		return (sym){ 0 };
	a = intern_text(roster->intern, schoolid, digits[0]);
	b = intern_text(roster->intern, id, digits[1]);
	text = a.len + b.len < sizeof(small) ? small :
					       mem_alloc(a.len + b.len + 1);
	memcpy(text, a.bytes, a.len);
	text[a.len] = '/';
	memcpy(text + a.len + 1, b.bytes, b.len);
	key = intern_add(roster->intern, text, a.len + b.len + 1);
	if (text != small)
		free(text);
	return key;
}

/* The column of a table's join keys; made here (*made) for terms. */
static const uint32_t *
key_column(const struct roster *roster, enum table_id t, uint32_t **made)
{
	const struct table *table;
	const struct field *field;
	size_t i;

	table = &roster->tables[t];
	*made = NULL;
	if (t == T_TERM) {
		*made = mem_alloc(table->nrows * sizeof(**made));
		for (i = 0; i < table->nrows; i++)
			(*made)[i] = seal_term_key(roster,
			    table_sym(table, TERM_SCHOOLID, (uint32_t)i),
			    table_sym(table, TERM_ID, (uint32_t)i))
					 .id;
		return *made;
	}
	for (field = schema[t].fields; field->name != NULL; field++) {
		if (field->use & FIELD_KEY)
			return table->columns[field - schema[t].fields];
	}
	return NULL;
}

/* Whether two rows say the same in every column that is mapped. */
static bool
same_content(const struct table *table, enum table_id t, uint32_t a, uint32_t b)
{
	const struct field *fields;
	unsigned f;

	if ((table->flags[a] ^ table->flags[b]) & ROW_MINUS)
		return false;
	fields = schema[t].fields;
	for (f = 0; fields[f].name != NULL; f++) {
		if (table->columns[f] != NULL &&
		    !(fields[f].use & FIELD_NOT_COMPARED) &&
		    table->columns[f][a] != table->columns[f][b])
			return false;
	}
	return true;
}

/* Judges the rows of keys that are there more than once. */
static void
judge_repeated(struct roster *roster, enum table_id t, const uint32_t *keys,
    struct findings *findings)
{
	struct key_index index = { 0 };
	struct table *table;
	uint32_t *rows, *own, first;
	size_t n, i;
	bool *differ;

	table = &roster->tables[t];
	rows = key_index_repeated(keys, table->nrows, &n);
	own = mem_alloc(n * sizeof(*own));
	for (i = 0; i < n; i++)
		own[i] = keys[rows[i]];
	key_index_build(&index, own, n);
	differ = mem_zalloc(n, sizeof(*differ));
	for (i = 0; i < n; i++) {
		first = key_index_find(&index, (sym){ own[i] });
		if (first != i && !same_content(table, t, rows[first], rows[i]))
			differ[first] = true;
	}
	for (i = 0; i < n; i++) {
		first = key_index_find(&index, (sym){ own[i] });
		if (differ[first])
			fate_report(roster, findings,
			    (struct finding){ .row = rows[i],
				.table = (uint8_t)t,
				.rule = RULE_SRC_DUPLICATE,
				.severity = SEVERITY_ERROR });
		else if (first != i)
			table->states[rows[i]] = ROW_MERGED;
	}
	key_index_free(&index);
	free(differ);
	free(own);
	free(rows);
}

/* A blank status is 1 (mapping 7), also where rows are compared. */
static void
fill_staff_status(struct roster *roster)
{
	uint32_t *status, row;

	status = roster->tables[T_SCHOOLSTAFF].columns[SCHOOLSTAFF_STATUS];
	for (row = 0;
	     status != NULL && row < roster->tables[T_SCHOOLSTAFF].nrows;
	     row++) {
		if (status[row] == 0)
			status[row] = sym_of_number(1).id;
	}
}

/* Nothing refers to rows of these: they need no index. */
static bool
is_never_named(enum table_id t)
{
	return t == T_CC || t == T_SECTIONTEACHER;
}

static void
seal_table(struct roster *roster, enum table_id t, struct findings *findings)
{
	struct table *table;
	const uint32_t *keys;
	uint32_t *made;

	table = &roster->tables[t];
	if (table->nrows == 0)
		return;
	memset(table->states, ROW_USED, table->nrows);
	memset(table->reasons, REASON_NONE, table->nrows);
	keys = key_column(roster, t, &made);
	if (keys != NULL &&
	    (is_never_named(t) ||
		key_index_build(&table->index, keys, table->nrows)))
		judge_repeated(roster, t, keys, findings);
	free(made);
}

/*
 * No row refers to one of this table by its id. Findings name it by its dcid
 * or, where that is blank, by its id: one column holds what they need.
 */
static void
forget_ids(struct table *table, unsigned id, unsigned dcid)
{
	uint32_t *ids, *dcids;
	size_t i;

	ids = table->columns[id];
	dcids = table->columns[dcid];
	table->columns[id] = NULL;
	if (dcids == NULL) {
		table->columns[dcid] = ids;
		return;
	}
	for (i = 0; ids != NULL && i < table->nrows; i++) {
		if (dcids[i] == 0)
			dcids[i] = ids[i];
	}
	free(ids);
}

void
seal_roster(struct roster *roster, struct findings *findings)
{
	int t;

	fill_staff_status(roster);
	for (t = 0; t < TABLES; t++)
		seal_table(roster, (enum table_id)t, findings);
	forget_ids(&roster->tables[T_CC], CC_ID, CC_DCID);
	forget_ids(&roster->tables[T_SECTIONTEACHER], SECTIONTEACHER_ID,
	    SECTIONTEACHER_DCID);
}
