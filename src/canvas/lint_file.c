#include <inttypes.h>

#include "base/utf8.h"
#include "canvas/lint_cells.h"
#include "canvas/lint_file.h"
#include "canvas/lint_header.h"
#include "canvas/lint_keys.h"
#include "canvas/lint_people.h"
#include "canvas/lint_repeat.h"
#include "canvas/lint_rows.h"
#include "canvas/lint_say.h"

#define BLOCK_SIZE ((size_t)1 << 20)
#define BOM "\xEF\xBB\xBF"
#define SPARE_BYTES 16 /* that csv_read_block() may look at */

static const struct csv_format comma = { ',', true, true };

int
lint_file_blocks(const char *bytes, size_t len, lint_block_fn *fn, void *arg)
{
	size_t at, want, whole;

	for (at = 0; at < len; at += whole) {
		want = BLOCK_SIZE;
		for (;; want *= 2) {
			want = want < len - at ? want : len - at;
			whole = csv_whole_records(
			    &comma, bytes + at, want, at + want == len);
			if (whole > 0)
				break;
			if (at + want == len) {
				whole = want; /* the last line has no end */
				break;
			}
		}
		if (fn(arg, bytes + at, whole) != 0)
			return -1;
	}
	return 0;
}

/* A copy of the block with blanks for its NULs. */
static char *
without_nul(struct lint *lint, const char *bytes, size_t len)
{
	char *copy, *nul;

	lint->copy.len = 0;
	copy = buf_reserve(&lint->copy, len + SPARE_BYTES);
	memcpy(copy, bytes, len);
	memset(copy + len, 0, SPARE_BYTES);
	while ((nul = memchr(copy, '\0', len)) != NULL)
		*nul = ' ';
	return copy;
}

int
lint_file_records(struct lint *lint, const char *bytes, size_t len,
    csv_record_fn *record, void *arg, uint32_t *lines,
    struct csv_problem *problem)
{
	char *block;

	/* The records are only read, so the bytes stay as they are. */
	block = (char *)(uintptr_t)bytes;
	if (memchr(bytes, '\0', len) != NULL)
		block = without_nul(lint, bytes, len);
	*lines = 0;
	return csv_read_block(&comma, block, len, record, arg, lines, problem);
}

/* Blanks, and what stands around a cell. */
static bool
is_edge(char c)
{
	return c == ',' || c == '"' || c == '\n' || c == '\r';
}

/* Is the NUL inside a cell, where it stays? */
static bool
is_inside(const struct lint_reading *file, const char *nul)
{
	const char *p;

	for (p = nul; p > file->block &&
	     (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\0');
	     p--)
		continue;
	if (p == file->block || is_edge(p[-1]))
		return false;
	for (p = nul + 1;
	     p < file->block_end && (*p == ' ' || *p == '\t' || *p == '\0');
	     p++)
		continue;
	return p < file->block_end && !is_edge(*p);
}

static void
check_nuls(struct lint *lint)
{
	const struct lint_reading *file;
	const char *p;

	file = &lint->file;
	for (p = file->block;
	     (p = memchr(p, '\0', (size_t)(file->block_end - p))) != NULL;
	     p++) {
		if (is_inside(file, p))
			lint_say_byte(
			    lint, LINT_CSV_NUL, p, "a NUL byte in a cell");
	}
}

static void
check_encoding(struct lint *lint)
{
	struct lint_reading *file;
	size_t len, good;

	file = &lint->file;
	len = (size_t)(file->block_end - file->block);
	good = utf8_valid(file->block, len);
	if (good == len || file->encoding_said)
		return;
	file->encoding_said = true;
	lint_say_byte(lint, LINT_FILE_ENCODING, file->block + good,
	    "a byte that is not UTF-8; Canvas rejects the file");
}

static enum line_end
line_end_at(const char *p, const char *end)
{
	if (*p == '\n')
		return LINE_END_LF;
	return p + 1 < end && p[1] == '\n' ? LINE_END_CRLF : LINE_END_CR;
}

/* The first CR or LF in a part of the block, NULL when there is none. */
static const char *
find_line_end(const char *p, const char *end)
{
	const char *lf, *cr;

	lf = memchr(p, '\n', (size_t)(end - p));
	cr = memchr(p, '\r', (size_t)((lf == NULL ? end : lf) - p));
	return cr != NULL ? cr : lf;
}

/* The first line end of another kind, NULL when there is none. */
static const char *
find_other(
    const char *p, const char *end, enum line_end kind, const char *block_end)
{
	if (kind == LINE_END_LF)
		return memchr(p, '\r', (size_t)(end - p));
	for (; (p = find_line_end(p, end)) != NULL;
	     p += kind == LINE_END_CRLF ? 2 : 1) {
		if (line_end_at(p, block_end) != kind)
			return p;
		if (p + 2 > end)
			return NULL;
	}
	return NULL;
}

/* One kind of line end for the whole file, outside quotes. */
static void
check_line_ends(struct lint *lint, const char *end)
{
	struct lint_reading *file;
	const char *p, *quote, *other;
	bool inside;

	file = &lint->file;
	if (file->line_end == LINE_END_NONE) {
		p = find_line_end(file->block, end);
		if (p == NULL)
			return;
		file->line_end = line_end_at(p, file->block_end);
	}
	inside = false;
	for (p = file->block; p < end && !file->ends_said;
	     p = quote + 1, inside = !inside) {
		quote = memchr(p, '"', (size_t)(end - p));
		if (quote == NULL)
			quote = end;
		other = inside ?
		    NULL :
		    find_other(p, quote, file->line_end, file->block_end);
		if (other == NULL)
			continue;
		file->ends_said = true;
		lint_say_byte(lint, LINT_CSV_LINE_END, other,
		    "not the line"
		    " end that the file began with; Canvas rejects the file");
	}
}

static bool
is_empty_row(const struct csv_cell *cells, size_t ncells)
{
	size_t i;

	for (i = 0; i < ncells; i++) {
		if (lint_cells_strip(cells[i].bytes, cells[i].len).len > 0)
			return false;
	}
	return true;
}

static void
check_count(struct lint *lint, const struct csv_cell *cells, size_t ncells)
{
	size_t expected;

	expected = lint->file.ncells;
	if (ncells > expected &&
	    !is_empty_row(cells + expected, ncells - expected))
		lint_say(lint, LINT_ROW_MORE_CELLS, LINT_NO_COLUMN,
		    "the row has %zu cells, the header %zu", ncells, expected);
	else if (ncells < expected)
		lint_say(lint, LINT_ROW_FEWER_CELLS, LINT_NO_COLUMN,
		    "the row has %zu cells, the header %zu", ncells, expected);
}

static int
take_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct lint_reading *file;
	struct lint *lint;
	uint64_t said;
	size_t n, cell;
	bool filled;

	lint = arg;
	file = &lint->file;
	file->row++;
	lint->row.line = file->part_line + line;
	said = lint_repeat_said(lint);
	if (!file->header_read) {
		lint_header_read(lint, cells, ncells);
		return 0;
	}
	filled = false;
	for (n = 0; n < file->nbound; n++) {
		cell = (size_t)file->cell_of[file->bound[n]];
		lint->row.values[file->bound[n]] = cell >= ncells ?
		    (struct str){ "", 0 } :
		    lint_cells_strip(cells[cell].bytes, cells[cell].len);
		filled = filled || lint->row.values[file->bound[n]].len > 0;
	}
	if (!filled && is_empty_row(cells, ncells))
		return 0;
	file->rows++;
	if (file->sheet == NULL)
		return 0;
	lint->row.slipped = ncells != file->ncells;
	if (ncells != file->ncells)
		check_count(lint, cells, ncells);
	lint_rows_check(lint);
	lint_keys_check(lint);
	lint_repeat_note(lint, cells, ncells, said);
	return 0;
}

/* Says why a file cannot be read any further. */
static void
say_malformed(struct lint *lint, const struct csv_problem *problem)
{
	static const struct {
		enum lint_rule rule;
		const char *text;
	} faults[] = {
		[CSV_FAULT_STRAY_QUOTE] = { LINT_CSV_QUOTE,
		    "a quote inside"
		    " a cell, or text behind a closing quote; Canvas rejects"
		    " the file, and what follows was not checked" },
		[CSV_FAULT_OPEN_QUOTE] = { LINT_CSV_OPEN_QUOTE,
		    "this quote"
		    " is never closed; Canvas rejects the file" },
		[CSV_FAULT_LONG_FIELD] = { LINT_CSV_LONG_CELL,
		    "a cell of"
		    " more than 1 MiB; what follows was not checked" },
	};

	lint->file.stopped = true;
	lint_say_at(lint, faults[problem->fault].rule, SEVERITY_ERROR,
	    lint->file.part_line + problem->line, problem->column, 0, "%s",
	    faults[problem->fault].text);
}

/* Where reading ended in the part at p. */
static const char *
fault_place(const struct lint_reading *file, const char *p,
    const struct csv_problem *problem)
{
	uint32_t line;

	for (line = 0; line < problem->line; line++) {
		p = find_line_end(p, file->block_end);
		if (p == NULL)
			return file->block_end;
		p += line_end_at(p, file->block_end) == LINE_END_CRLF ? 2 : 1;
	}
	return problem->column - 1 < (size_t)(file->block_end - p) ?
	    p + problem->column - 1 :
	    file->block_end;
}

/* UTF-16, with its mark or by the NULs beside the first letters. */
static bool
is_utf16(const char *bytes, size_t len)
{
	bool even, odd;

	if (len < 4)
		return false;
	if (memcmp(bytes, "\xFF\xFE", 2) == 0 ||
	    memcmp(bytes, "\xFE\xFF", 2) == 0)
		return true;
	even = bytes[0] == '\0' && bytes[2] == '\0';
	odd = bytes[1] == '\0' && bytes[3] == '\0';
	return even != odd;
}

/* The file's first bytes; how many of them are a byte order mark. */
static size_t
begin(struct lint *lint, const char *bytes, size_t len)
{
	lint->file.begun = true;
	lint->file.block_line = 1;
	if (is_utf16(bytes, len)) {
		lint->file.stopped = true;
		lint_say_at(lint, LINT_FILE_UTF16, SEVERITY_ERROR, 1, 1, 0,
		    "the file is UTF-16; Canvas rejects it");
	}
	return len >= 3 && memcmp(bytes, BOM, 3) == 0 ? 3 : 0;
}

/*
 * The end of the next so many lines: all that is left when a quote is among
 * them, for a record may then be longer than its line.
 */
static const char *
lines_end(const char *p, const char *end, size_t lines)
{
	const char *stop;

	for (stop = p; lines > 0 && stop < end; lines--) {
		stop = memchr(stop, '\n', (size_t)(end - stop));
		if (stop == NULL)
			return end;
		stop++;
	}
	return memchr(p, '"', (size_t)(stop - p)) != NULL ? end : stop;
}

/* Reads the rows of the block; returns where reading ended. */
static const char *
read_rows(struct lint *lint)
{
	struct csv_problem problem;
	struct lint_reading *file;
	const char *p, *part, *stop;
	size_t turn;
	uint32_t lines;

	file = &lint->file;
	turn = 1;
	file->part_line = file->block_line;
	file->repeat.row.before = NULL;
	for (p = file->block; p < file->block_end; p = stop) {
		/* Where nothing repeats, look for it ever more seldom. */
		part = p;
		lines = 0;
		p = lint_repeat_rows(lint, p, file->block_end, &lines);
		file->part_line += lines;
		turn = p > part ? 1 : turn * 2;
		stop = file->kind != SHEET_ENROLLMENT ?
		    file->block_end :
		    lines_end(p, file->block_end, turn);
		if (p == stop)
			break;
		if (lint_file_records(lint, p, (size_t)(stop - p), take_record,
			lint, &lines, &problem) != 0) {
			say_malformed(lint, &problem);
			return fault_place(file, p, &problem);
		}
		file->part_line += lines;
	}
	return file->block_end;
}

void
lint_file_read(struct lint *lint, const char *bytes, size_t len)
{
	struct lint_reading *file;
	const char *end;
	size_t mark;

	file = &lint->file;
	mark = file->begun ? 0 : begin(lint, bytes, len);
	if (file->stopped)
		return;
	file->block = file->at = bytes + mark;
	file->block_end = bytes + len;
	file->at_line = file->block_line;
	check_encoding(lint);
	check_nuls(lint);
	end = read_rows(lint);
	lint_people_answer(lint);
	if (!file->ends_said)
		check_line_ends(lint, end);
	file->block_line = file->part_line;
}

/* What is counted over a column: blanks that clear, dates without zone. */
static void
say_sums(struct lint *lint)
{
	const struct sheet_column *column;
	const struct lint_sums *sums;
	bool unsaid;
	size_t n, i;

	for (n = 0; n < lint->file.nbound; n++) {
		i = lint->file.bound[n];
		column = &lint->file.sheet->columns[i];
		sums = &lint->file.sums[i];
		unsaid = (column->use & COLUMN_CLEARS_UNSAID) != 0;
		if (sums->blank > 0 &&
		    (unsaid || (column->use & COLUMN_CLEARS)))
			lint_say_at(lint, LINT_ROW_CLEARS,
			    unsaid ? SEVERITY_WARNING : SEVERITY_INFO, 1, 0, 0,
			    "%s is blank in %" PRIu64 " of %" PRIu64 " rows:"
			    " Canvas clears what it has",
			    column->header, sums->blank, lint->file.rows);
		if (sums->zoneless > 0)
			lint_say_at(lint, LINT_DATE_ZONE, SEVERITY_INFO, 1, 0,
			    0,
			    "%s has no time zone in %" PRIu64 " of %" PRIu64
			    " rows: taken as UTC",
			    column->header, sums->zoneless, lint->file.rows);
	}
}

/* Batch mode deletes what an empty file of these kinds lacks. */
static bool
is_dangerous_when_empty(enum sheet_kind kind)
{
	return kind == SHEET_COURSE || kind == SHEET_SECTION ||
	    kind == SHEET_ENROLLMENT;
}

void
lint_file_close(struct lint *lint)
{
	struct lint_reading *file;

	file = &lint->file;
	if (file->stopped) {
		if (file->header_read && file->kind != SHEETS)
			lint->known[file->kind].cut = true;
	} else if (!file->header_read) {
		lint_say_at(lint, LINT_FILE_EMPTY, SEVERITY_WARNING, 0, 0, 0,
		    "the file is empty; Canvas ignores it");
	} else if (file->rows == 0 && file->kind != SHEETS &&
	    !lint->options.no_rows_is_fine) {
		lint_say_at(lint, LINT_FILE_NO_ROWS,
		    is_dangerous_when_empty(file->kind) ? SEVERITY_WARNING :
							  SEVERITY_INFO,
		    1, 0, 0, "there is a header and no row");
	}
	if (file->sheet != NULL)
		say_sums(lint);
	if (file->sectionless > 0)
		lint_say_at(lint, LINT_ROW_DEFAULT_SECTION, SEVERITY_INFO, 1, 0,
		    0,
		    "%" PRIu64 " of %" PRIu64 " rows name no section:"
		    " they go to the course's default section",
		    file->sectionless, file->rows);
}
