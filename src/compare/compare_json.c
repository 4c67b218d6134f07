#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "compare/compare_json.h"

static const char *const changes[] = {
	[DIFF_ADDED] = "added",
	[DIFF_REMOVED] = "removed",
	[DIFF_CHANGED] = "changed",
};

/* Where the rows of a sheet go. */
struct rows {
	struct compare_result *result;
	const struct compare_sheet *sheet;
	FILE *out;
	bool some; /* a row is there already */
};

static void
set_str(struct json *object, const char *key, struct str text)
{
	char *copy;

	if (text.len == 0) {
		json_set_null(object, key);
		return;
	}
	copy = mem_strndup(text.bytes, text.len);
	json_set_text(object, key, copy);
	free(copy);
}

static void
set_counts(struct json *object, const struct compare_count *count)
{
	json_set_number(object, "added", count->added);
	json_set_number(object, "removed", count->removed);
	json_set_number(object, "changed", count->changed);
}

static struct json *
json_sheets(const struct compare_result *result)
{
	const struct compare_sheet *sheet;
	struct json *list, *object;
	size_t i;

	list = json_array();
	for (i = 0; i < result->nsheets; i++) {
		sheet = &result->sheets[i];
		object = json_object();
		json_set_text(object, "sheet", sheets[sheet->kind].name);
		json_set_number(object, "rows_before", sheet->rows[DIFF_OLD]);
		json_set_number(object, "rows_after", sheet->rows[DIFF_NEW]);
		set_counts(object, &sheet->count);
		json_set_number(object, "not_listed",
		    compare_result_left_out(result, sheet));
		json_append(list, object);
	}
	return list;
}

static struct json *
json_school(
    const struct compare_result *result, const struct compare_school *school)
{
	char digits[SYM_DIGITS];
	struct json *object, *counts, *count;
	size_t i;

	object = json_object();
	set_str(object, "school",
	    compare_schools_id(&result->schools, school->id, digits));
	set_str(object, "name",
	    compare_schools_name(&result->schools, school->id, digits));
	json_set_number(object, "enrollments_before", school->enrollments);
	counts = json_object();
	for (i = 0; i < SHEETS; i++) {
		if (compare_count_total(&school->counts[i]) == 0)
			continue;
		count = json_object();
		set_counts(count, &school->counts[i]);
		json_set(counts, sheets[i].name, count);
	}
	json_set(object, "sheets", counts);
	return object;
}

static struct json *
json_head(const struct compare_result *result)
{
	struct json *document, *list;
	size_t i;

	document = json_object();
	json_set_text(document, "schema", "rollbook-diff");
	json_set_number(document, "version", 1);
	json_set_text(document, "from", result->labels[DIFF_OLD]);
	json_set_text(document, "to", result->labels[DIFF_NEW]);
	json_set_yes(document, "different", result->different);
	json_set(document, "sheets", json_sheets(result));
	list = json_array();
	for (i = 0; i < result->nnotes; i++)
		json_append_text(list, result->notes[i]);
	json_set(document, "notes", list);
	list = json_array();
	for (i = 0; i < result->schools.count; i++)
		json_append(
		    list, json_school(result, &result->schools.list[i]));
	json_set(document, "schools", list);
	return document;
}

static struct json *
json_cells(const struct compare_row *row)
{
	const struct compare_cell *cell;
	struct json *list, *object;
	size_t i;

	list = json_array();
	for (i = 0; i < row->ncells; i++) {
		cell = &row->cells[i];
		object = json_object();
		json_set_text(object, "column", cell->column);
		if (cell->old == NULL)
			json_set_null(object, "old");
		else
			json_set_text(object, "old", cell->old);
		if (cell->new == NULL)
			json_set_null(object, "new");
		else
			json_set_text(object, "new", cell->new);
		json_append(list, object);
	}
	return list;
}

/* Prints all but the last bytes. */
static void
put_document(const struct json *document, size_t cut, FILE *out)
{
	char *text;

	text = json_print(document);
	fwrite(text, 1, strlen(text) - cut, out);
	free(text);
}

static int
put_row(void *arg, const struct compare_row *row, struct err *err)
{
	char digits[SYM_DIGITS];
	struct json *object;
	struct rows *rows;

	(void)err;
	rows = arg;
	object = json_object();
	json_set_text(object, "sheet", sheets[rows->sheet->kind].name);
	json_set_text(object, "key", row->key);
	json_set_text(object, "change", changes[row->change]);
	set_str(object, "school",
	    compare_schools_id(&rows->result->schools,
		compare_schools_of(&rows->result->schools, row->owner),
		digits));
	json_set(object, "cells", json_cells(row));
	fputs(rows->some ? ",\n" : "\n", rows->out);
	rows->some = true;
	put_document(object, strlen("\n"), rows->out);
	json_free(object);
	return ferror(rows->out) ? -1 : 0;
}

int
compare_json(struct compare_result *result, FILE *out, struct err *err)
{
	struct rows rows = { .result = result, .out = out };
	struct json *head;
	size_t i;

	/* Rows can be many: they are put into the printed document. */
	head = json_head(result);
	put_document(head, strlen("\n}\n"), out);
	json_free(head);
	fputs(",\n\t\"rows\":\t[", out);
	for (i = 0; i < result->nsheets; i++) {
		rows.sheet = &result->sheets[i];
		if (compare_result_rows(
			result, rows.sheet, put_row, &rows, err) != 0)
			return -1;
	}
	fputs(rows.some ? "\n]\n}\n" : "]\n}\n", out);
	return 0;
}
