#include <string.h>

#include "base/mem.h"
#include "roster/finding.h"
#include "source/oneroster_fill.h"

static unsigned
field_of(const struct oneroster_fill *fill)
{
	return (unsigned)schema_field(
	    fill->table, fill->field, strlen(fill->field));
}

void
oneroster_fill_want(struct roster *files, const struct roster *roster)
{
	const struct oneroster_fill *fill;

	for (fill = oneroster_tables_fills; fill->field != NULL; fill++) {
		if (roster->tables[fill->table].wanted[field_of(fill)])
			files->tables[fill->from].wanted[fill->column] = true;
	}
}

void
oneroster_fill_bind(const struct roster *files, struct roster *roster)
{
	const struct oneroster_fill *fill;
	struct table *table;
	unsigned field;

	for (fill = oneroster_tables_fills; fill->field != NULL; fill++) {
		table = &roster->tables[fill->table];
		field = field_of(fill);
		if (table->wanted[field] &&
		    (fill->how != NULL ||
			files->tables[fill->from].bound[fill->column]))
			table->bound[field] = true;
	}
}

struct filling
oneroster_fill_begin(const struct roster *files, enum oneroster_table from,
    struct roster *roster, enum table_id to)
{
	struct filling filling = { .from = &files->tables[from],
		.to = &roster->tables[to],
		.fields = schema[to].fields };
	const struct oneroster_fill *fill;

	for (fill = oneroster_tables_fills; fill->field != NULL; fill++) {
		if (fill->from != from || fill->table != to ||
		    !filling.to->bound[field_of(fill)])
			continue;
		filling.cells[filling.ncells].column = (uint8_t)fill->column;
		filling.cells[filling.ncells].made = fill->how != NULL;
		filling.cells[filling.ncells++].field = (uint8_t)field_of(fill);
	}
	return filling;
}

static void
add_mark(struct filling *filling, uint32_t row, uint8_t rule, uint8_t field)
{
	struct table *to;

	to = filling->to;
	to->marks = mem_grow(
	    to->marks, to->nmarks, &to->capmarks, sizeof(*to->marks));
	to->marks[to->nmarks++] = (struct mark){ row, rule, field };
	to->flags[row] |= ROW_MARKED;
	/* A date that is needed and bad is not the same as a blank one. */
	if (rule == RULE_SRC_DATE &&
	    (filling->fields[field].use & FIELD_NEEDED) != 0)
		to->columns[field][row] = (uint32_t)DATE_BAD;
}

/* What reading noticed about cells goes to the fields that they fill. */
static void
copy_marks(struct filling *filling, uint32_t row, uint32_t new)
{
	const struct table *from;
	const struct mark *mark;
	size_t i, c;

	from = filling->from;
	if (!(from->flags[row] & ROW_MARKED))
		return;
	while (filling->mark < from->nmarks &&
	    from->marks[filling->mark].row < row)
		filling->mark++;
	for (i = filling->mark; i < from->nmarks && from->marks[i].row == row;
	     i++) {
		mark = &from->marks[i];
		for (c = 0; c < filling->ncells; c++) {
			if (filling->cells[c].column == mark->field)
				add_mark(filling, new, mark->rule,
				    filling->cells[c].field);
		}
	}
}

uint32_t
oneroster_fill_row(struct filling *filling, uint32_t row)
{
	const uint32_t *column;
	struct table *to;
	uint32_t new;
	size_t i;

	to = filling->to;
	table_reserve(to, 1);
	new = (uint32_t)to->nrows++;
	to->flags[new] = 0;
	for (i = 0; filling->fields[i].name != NULL; i++) {
		if (to->columns[i] != NULL)
			to->columns[i][new] = filling->fields[i].type ==
				FIELD_DATE ?
			    (uint32_t)DATE_BLANK :
			    0;
	}
	for (i = 0; i < filling->ncells; i++) {
		column = filling->from->columns[filling->cells[i].column];
		if (!filling->cells[i].made && column != NULL)
			to->columns[filling->cells[i].field][new] = column[row];
	}
	row_lines_add(
	    &to->lines, new, row_lines_find(&filling->from->lines, row));
	copy_marks(filling, row, new);
	return new;
}

void
oneroster_fill_set(
    struct filling *filling, uint32_t row, unsigned field, uint32_t cell)
{
	if (filling->to->columns[field] != NULL)
		filling->to->columns[field][row] = cell;
}
