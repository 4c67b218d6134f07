#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "compare/compare_result.h"

/* Where the differences of a sheet go. */
struct gathering {
	struct compare_result *result;
	struct compare_sheet *sheet;
};

/* Where the rows of a sheet go when all are wanted. */
struct telling {
	struct compare_result *result;
	const struct compare_sheet *sheet;
	compare_row_fn *fn;
	void *arg;
};

static char *
copy_text(struct str text)
{
	return mem_strndup(text.bytes, text.len);
}

static void
row_free(struct compare_row *row)
{
	size_t i;

	for (i = 0; i < row->ncells; i++) {
		free(row->cells[i].old);
		free(row->cells[i].new);
	}
	free(row->cells);
	free(row->key);
}

static bool
is_key(const struct diff_columns *columns, size_t column)
{
	size_t i;

	for (i = 0; i < columns->nkeys; i++) {
		if (columns->keys[i] == column)
			return true;
	}
	return false;
}

static void
add_cell(struct compare_row *row, const char *column,
    const struct diff_event *event, size_t i)
{
	struct compare_cell *cell;

	row->cells = mem_grow(
	    row->cells, row->ncells, &row->cap, sizeof(*row->cells));
	cell = &row->cells[row->ncells++];
	*cell = (struct compare_cell){ column,
		is_key(diff_columns_of(event->diff), i), NULL, NULL };
	if (event->change != DIFF_ADDED)
		cell->old = copy_text(diff_cell(event, DIFF_OLD, i));
	if (event->change != DIFF_REMOVED)
		cell->new = copy_text(diff_cell(event, DIFF_NEW, i));
}

static void
row_make(struct compare_row *row, const struct compare_sheet *sheet,
    const struct diff_event *event, struct diff_owner owner)
{
	struct buf key = { 0 };
	size_t i;

	*row = (struct compare_row){ .change = event->change, .owner = owner };
	buf_reserve(&key, 1);
	diff_key_text(event, &key);
	buf_str(&key);
	row->key = key.data;
	for (i = 0; i < sheet->ncolumns; i++) {
		if (diff_cell_differs(event, i))
			add_cell(row, sheet->columns[i], event, i);
	}
}

static int
gather_row(void *arg, const struct diff_event *event, struct err *err)
{
	struct gathering *gathering;
	struct compare_result *result;
	struct compare_sheet *sheet;
	struct diff_owner owner;

	gathering = arg;
	result = gathering->result;
	sheet = gathering->sheet;
	if (!result->different &&
	    compare_schools_open(&result->schools, result->packages, err) != 0)
		return -1;
	result->different = true;
	compare_count_add(&sheet->count, event->change);
	owner = compare_schools_take(&result->schools, sheet->kind, event);
	if (!result->all && sheet->nshown < COMPARE_SHOWN)
		row_make(&sheet->shown[sheet->nshown++], sheet, event, owner);
	return 0;
}

static void
note(struct compare_result *result, char *text)
{
	result->notes = mem_grow(result->notes, result->nnotes,
	    &result->capnotes, sizeof(*result->notes));
	result->notes[result->nnotes++] = text;
}

static void
note_columns(
    struct compare_result *result, const struct diff *diff, const char *name)
{
	const struct diff_columns *columns;
	const struct diff_column *column;
	size_t i;

	columns = diff_columns_of(diff);
	for (i = 0; i < columns->count; i++) {
		column = &columns->columns[i];
		if (!column->in_old)
			note(result,
			    mem_printf("%s: the column %s"
				       " appeared; before, it counts as blank.",
				name, column->header));
		else if (!column->in_new)
			note(result,
			    mem_printf("%s: the column %s"
				       " disappeared; it counts as blank now.",
				name, column->header));
	}
}

static void
note_sheet(struct compare_result *result, const struct compare_sheet *sheet,
    const struct diff *diff)
{
	const struct diff_count *count;
	const char *name;
	size_t i;

	name = sheets[sheet->kind].name;
	if (sheet->has[DIFF_OLD] && sheet->has[DIFF_NEW])
		note_columns(result, diff, name);
	else
		note(result,
		    mem_printf("%s: only %s has this sheet.", name,
			result->labels[sheet->has[DIFF_OLD] ? 0 : 1]));
	count = diff_counts(diff);
	for (i = 0; i < 2; i++) {
		if (count->repeated[i] > 0)
			note(result,
			    mem_printf(
				"%s: %llu rows of %s have a"
				" later row with the same key, which counts"
				" instead.",
				name, (unsigned long long)count->repeated[i],
				result->labels[i]));
	}
}

static struct diff *
open_sheet(
    const struct compare_result *result, enum sheet_kind kind, struct err *err)
{
	return diff_open(&sheets[kind],
	    &result->packages[DIFF_OLD].sheets[kind],
	    &result->packages[DIFF_NEW].sheets[kind], 0, err);
}

static void
take_columns(struct compare_sheet *sheet, const struct diff *diff)
{
	const struct diff_columns *columns;
	size_t i;

	columns = diff_columns_of(diff);
	sheet->columns = mem_zalloc(columns->count, sizeof(char *));
	for (i = 0; i < columns->count; i++)
		sheet->columns[i] = mem_strdup(columns->columns[i].header);
	sheet->ncolumns = columns->count;
}

static int
compare_kind(
    struct compare_result *result, enum sheet_kind kind, struct err *err)
{
	struct compare_sheet *sheet;
	struct gathering gathering;
	const struct diff_sink sink = { &gathering, gather_row };
	struct diff *diff;
	size_t i;
	int rc;

	diff = open_sheet(result, kind, err);
	if (diff == NULL)
		return -1;
	sheet = &result->sheets[result->nsheets++];
	gathering = (struct gathering){ result, sheet };
	*sheet = (struct compare_sheet){ .kind = kind };
	sheet->shown = mem_zalloc(COMPARE_SHOWN, sizeof(*sheet->shown));
	take_columns(sheet, diff);
	rc = diff_each(diff, &sink, err);
	for (i = 0; i < 2; i++) {
		sheet->has[i] = diff_has(diff, (enum diff_version)i);
		sheet->rows[i] = diff_counts(diff)->rows[i];
	}
	if (rc == 0)
		note_sheet(result, sheet, diff);
	diff_close(diff);
	return rc;
}

static void
note_unknown(struct compare_result *result)
{
	const struct compare_package *package;
	size_t i, j;

	for (i = 0; i < 2; i++) {
		package = &result->packages[i];
		for (j = 0; j < package->nunknown; j++)
			note(result,
			    mem_printf("%s has no header of a Canvas"
				       " SIS CSV and was not compared.",
				package->names[package->unknown[j]]));
	}
}

int
compare_result_make(struct compare_result *result, const char *const labels[2],
    struct compare_package packages[2], bool all, struct err *err)
{
	enum sheet_kind kind;
	size_t i;

	*result = (struct compare_result){ .labels = { labels[0], labels[1] },
		.packages = packages,
		.all = all };
	note_unknown(result);
	for (i = 0; i < SHEETS; i++) {
		kind = sheets_in_order[i];
		if (packages[0].sheets[kind].nfiles +
			    packages[1].sheets[kind].nfiles >
			0 &&
		    compare_kind(result, kind, err) != 0)
			return -1;
	}
	return result->different ?
	    compare_schools_settle(&result->schools, packages, err) :
	    0;
}

void
compare_result_free(struct compare_result *result)
{
	struct compare_sheet *sheet;
	size_t i, j;

	for (i = 0; i < result->nsheets; i++) {
		sheet = &result->sheets[i];
		for (j = 0; j < sheet->nshown; j++)
			row_free(&sheet->shown[j]);
		for (j = 0; j < sheet->ncolumns; j++)
			free(sheet->columns[j]);
		free(sheet->shown);
		free(sheet->columns);
	}
	for (i = 0; i < result->nnotes; i++)
		free(result->notes[i]);
	free(result->notes);
	compare_schools_close(&result->schools);
	*result = (struct compare_result){ 0 };
}

static int
tell_row(void *arg, const struct diff_event *event, struct err *err)
{
	struct telling *telling;
	struct compare_row row;
	int rc;

	telling = arg;
	row_make(&row, telling->sheet, event,
	    diff_school_owner(
		telling->result->schools.owners, telling->sheet->kind, event));
	rc = telling->fn(telling->arg, &row, err);
	row_free(&row);
	return rc;
}

int
compare_result_rows(struct compare_result *result,
    const struct compare_sheet *sheet, compare_row_fn *fn, void *arg,
    struct err *err)
{
	struct telling telling = { result, sheet, fn, arg };
	const struct diff_sink sink = { &telling, tell_row };
	struct diff *diff;
	size_t i;
	int rc;

	for (i = 0; i < sheet->nshown; i++) {
		if (fn(arg, &sheet->shown[i], err) != 0)
			return -1;
	}
	if (!result->all || compare_count_total(&sheet->count) == 0)
		return 0;
	diff = open_sheet(result, sheet->kind, err);
	if (diff == NULL)
		return -1;
	rc = diff_each(diff, &sink, err);
	diff_close(diff);
	return rc;
}

uint64_t
compare_result_left_out(
    const struct compare_result *result, const struct compare_sheet *sheet)
{
	return result->all ? 0 :
			     compare_count_total(&sheet->count) - sheet->nshown;
}
