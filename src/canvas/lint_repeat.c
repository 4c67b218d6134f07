#include "canvas/lint_keys.h"
#include "canvas/lint_people.h"
#include "canvas/lint_repeat.h"

uint64_t
lint_repeat_said(const struct lint *lint)
{
	return lint->totals.by_severity[SEVERITY_ERROR] +
	    lint->totals.by_severity[SEVERITY_WARNING] +
	    lint->totals.by_severity[SEVERITY_INFO];
}

/* Does the row ask more of the user than to be known? */
static bool
is_simple(const struct lint *lint)
{
	const struct lint_columns *columns;

	columns = &lint->file.columns;
	return lint->file.kind == SHEET_ENROLLMENT && !lint->ids_change &&
	    lint_is_filled(lint, columns->user_id) &&
	    !lint_is_filled(lint, columns->user_integration_id) &&
	    !lint_is_filled(lint, columns->associated_user_id);
}

void
lint_repeat_note(struct lint *lint, const struct csv_cell *cells, size_t ncells,
    uint64_t said)
{
	struct lint_repeat *repeat;
	const char *row, *user, *stop, *end;
	size_t cell;

	repeat = &lint->file.repeat;
	repeat->row.before = NULL;
	if (lint->options.no_shortcuts || !is_simple(lint) ||
	    said != lint_repeat_said(lint) || ncells != lint->file.ncells)
		return;
	cell = (size_t)lint->file.cell_of[lint->file.columns.user_id];
	row = cells[0].bytes;
	user = cells[cell].bytes;
	stop = cells[ncells - 1].bytes + cells[ncells - 1].len;
	end = lint->file.block_end;
	if (row < lint->file.block || stop >= end ||
	    memchr(row, '"', (size_t)(stop - row)) != NULL)
		return;
	stop += *stop == '\r' && stop + 1 < end && stop[1] == '\n' ? 2 : 1;
	repeat->row.before = row;
	repeat->row.before_len = (size_t)(user - row);
	repeat->row.after = user + cells[cell].len;
	repeat->row.after_len = (size_t)(stop - repeat->row.after);
	repeat->user = (struct str){ user, cells[cell].len };
}

/* The length of the user's id when the row repeats the noted one, else 0. */
static size_t
repeated_user(const struct lint_repeat *repeat, const char *p, const char *end)
{
	const char *user;
	size_t len;

	len = repeat_cell(&repeat->row, p, end);
	user = p + repeat->row.before_len;
	if (len == 0 || len > SHEET_TEXT_MAX)
		return 0;
	/* It may be a number that Excel has spoiled. */
	return *user <= '9' && memchr(user, '+', len) != NULL ? 0 : len;
}

static bool
is_greater(struct str id, struct str than)
{
	int order;

	order = memcmp(
	    id.bytes, than.bytes, id.len < than.len ? id.len : than.len);
	return order > 0 || (order == 0 && id.len > than.len);
}

/* What is counted over columns counts for each of the rows. */
static void
add_sums(struct lint_reading *file, const struct lint_row *row, uint64_t rows)
{
	size_t n, i;

	for (n = 0; n < file->nbound; n++) {
		i = file->bound[n];
		if (row->values[i].len == 0)
			file->sums[i].blank += rows;
		else if (file->sheet->columns[i].value == VALUE_DATE &&
		    file->memo[i].date.kind == LINT_DATE_IS_ZONELESS)
			file->sums[i].zoneless += rows;
	}
	if (row->values[file->columns.section_id].len == 0)
		file->sectionless += rows;
	file->rows += rows;
}

const char *
lint_repeat_rows(
    struct lint *lint, const char *p, const char *end, uint32_t *lines)
{
	struct lint_repeat *repeat;
	struct str *user, id;
	uint32_t rows;

	repeat = &lint->file.repeat;
	if (repeat->row.before == NULL)
		return p;
	user = &lint->row.values[lint->file.columns.user_id];
	for (rows = 0; (id.len = repeated_user(repeat, p, end)) > 0; rows++) {
		id.bytes = p + repeat->row.before_len;
		lint->file.unsorted = lint->file.unsorted ||
		    !is_greater(id, repeat->user);
		lint->file.row++;
		lint->row.line = lint->file.part_line + *lines + rows;
		*user = repeat->user = id;
		lint_people_ask(lint);
		p += repeat->row.before_len + id.len + repeat->row.after_len;
	}
	*lines += rows;
	if (rows > 0) {
		add_sums(&lint->file, &lint->row, rows);
		lint_keys_take(lint);
	}
	return p;
}
