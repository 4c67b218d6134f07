#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/csvio.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "canvas/diff_record.h"

#define PAGES_STEP ((size_t)2 << 20) /* bytes fetched or dropped at once */

static const struct csv_format csv = { ',', true, true };

static const struct {
	const char *what;
	const char *hint;
} faults[] = {
	[CSV_FAULT_NUL] = { "a NUL byte",
	    "The file is damaged or UTF-16: write it as UTF-8." },
	[CSV_FAULT_STRAY_QUOTE] = { "a quote stands inside a cell, or text"
				    " behind a closing quote",
	    "A cell that holds quotes must be"
	    " enclosed in quotes, and its quotes doubled (RFC 4180)." },
	[CSV_FAULT_OPEN_QUOTE] = { "a quote is opened and never closed",
	    "The file may be cut short: get it again." },
	[CSV_FAULT_LONG_FIELD] = { "a cell is longer than 1 MiB",
	    "A quote that was opened here may never be closed." },
	[CSV_FAULT_STOPPED] = { "a record is longer than 4 MiB",
	    "A quote that was opened here may never be closed." },
};

static int
walk_fault(const struct diff_walk *walk, enum csv_fault fault, uint32_t line,
    size_t column, struct err *err)
{
	err_set(err, EXIT_SOURCE, "%s:%llu:%zu: %s; nothing was compared",
	    walk->file->name, (unsigned long long)walk->line + line, column,
	    faults[fault].what);
	return err_hint(err, "%s", faults[fault].hint);
}

void
diff_walk_begin(struct diff_walk *walk, const struct diff_file *file)
{
	const size_t mark = 3;

	*walk = (struct diff_walk){ .file = file,
		.at = file->bytes,
		.end = file->bytes + file->len,
		.line = 1 };
	if (file->len >= mark && memcmp(file->bytes, "\xef\xbb\xbf", mark) == 0)
		walk->at += mark;
}

void
diff_walk_free(struct diff_walk *walk)
{
	diff_cells_free(&walk->cells);
}

static bool
may_drop(const struct diff_file *file)
{
	return file->mapped &&
	    (uintptr_t)file->bytes % (uintptr_t)sysconf(_SC_PAGESIZE) == 0;
}

void
diff_file_drop(const struct diff_file *file)
{
	if (may_drop(file))
		madvise(
		    (char *)(uintptr_t)file->bytes, file->len, MADV_DONTNEED);
}

/*
 * A page fault for each page costs more than comparing it: pages come and go
 * some thousand at a time. A kernel that cannot fetch them so does it page
 * by page, as the file is read.
 */
int
diff_walk_pages(struct diff_walk *walk, struct err *err)
{
	const struct diff_file *file;
	size_t at, step;
	char *base;

	file = walk->file;
	at = (size_t)(walk->at - file->bytes);
	if (at < walk->fetched)
		return 0;
	step = at / PAGES_STEP * PAGES_STEP;
	walk->fetched = step + PAGES_STEP;
	base = (char *)(uintptr_t)file->bytes;
	if (may_drop(file)) {
		if (step > walk->dropped + PAGES_STEP) {
			madvise(base + walk->dropped,
			    step - PAGES_STEP - walk->dropped, MADV_DONTNEED);
			walk->dropped = step - PAGES_STEP;
		}
#ifdef MADV_POPULATE_READ
		madvise(base + step,
		    file->len - step < PAGES_STEP ? file->len - step :
						    PAGES_STEP,
		    MADV_POPULATE_READ);
#endif
	}
	return interrupt_check(err);
}

const char *
diff_walk_stop(const struct diff_walk *walk)
{
	return walk->fetched < walk->file->len ?
	    walk->file->bytes + walk->fetched :
	    walk->end;
}

#if defined(__SSE2__)
const char *
diff_record_special(const char *p, const char *end)
{
	const __m128i low = _mm_set1_epi8('\r');
	const __m128i quote = _mm_set1_epi8('"');
	__m128i block;
	int mask;

	for (; end - p >= 16; p += 16) {
		block = _mm_loadu_si128((const __m128i *)(const void *)p);
		mask = _mm_movemask_epi8(_mm_or_si128(
		    _mm_cmpeq_epi8(_mm_min_epu8(block, low), block),
		    _mm_cmpeq_epi8(block, quote)));
		if (mask != 0)
			return p + __builtin_ctz((unsigned)mask);
	}
	while (p < end && (unsigned char)*p > '\r' && *p != '"')
		p++;
	return p;
}
#else
const char *
diff_record_special(const char *p, const char *end)
{
	while (p < end && (unsigned char)*p > '\r' && *p != '"')
		p++;
	return p;
}
#endif

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static size_t
line_end_len(const char *p, const char *end)
{
	if (p == end)
		return 0;
	return *p == '\r' && p + 1 < end && p[1] == '\n' ? 2 : 1;
}

/* Where a record with a quote ends: the first line end outside quotes. */
static const char *
quoted_stop(const char *p, const char *end)
{
	bool inside;

	inside = false;
	for (; (p = diff_record_special(p, end)) < end; p++) {
		if (*p == '"')
			inside = !inside;
		else if (!inside && is_line_end(*p))
			break;
	}
	return p;
}

static int
keep_cells(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct diff_cells *out;
	size_t i;

	(void)line;
	out = arg;
	for (i = 0; i < ncells; i++) {
		out->cells = mem_grow(
		    out->cells, out->ncells, &out->cap, sizeof(*out->cells));
		out->cells[out->ncells++].len = cells[i].len;
		buf_add(&out->unquoted, cells[i].bytes, cells[i].len);
	}
	return 0;
}

/* Reads a record with quotes by csvio: 0, or -1 with *problem filled. */
static int
quoted_cut(const char *bytes, size_t len, struct diff_cells *cells,
    uint32_t *lines, struct csv_problem *problem)
{
	const size_t readable_behind = 16;
	const char *at;
	size_t i;

	cells->ncells = 0;
	cells->unquoted.len = 0;
	cells->scratch.len = 0;
	buf_reserve(&cells->unquoted, 1);
	buf_add(&cells->scratch, bytes, len);
	memset(
	    buf_reserve(&cells->scratch, readable_behind), 0, readable_behind);
	if (csv_read_block(&csv, cells->scratch.data, len, keep_cells, cells,
		lines, problem) != 0)
		return -1;
	at = cells->unquoted.data;
	for (i = 0; i < cells->ncells; i++) {
		cells->cells[i].bytes = at;
		at += cells->cells[i].len;
	}
	return 0;
}

static int
peek_quoted(struct diff_walk *walk, struct diff_record *record, struct err *err)
{
	struct csv_problem problem;
	const char *stop, *limit;
	size_t left;

	left = (size_t)(walk->end - walk->at);
	limit = left > DIFF_RECORD_MAX ? walk->at + DIFF_RECORD_MAX : walk->end;
	stop = quoted_stop(walk->at, limit);
	record->len = (size_t)(stop - walk->at);
	record->quoted = true;
	if (quoted_cut(record->bytes, record->len, &walk->cells, &record->lines,
		&problem) != 0)
		return walk_fault(
		    walk, problem.fault, problem.line, problem.column, err);
	if (stop == limit && limit < walk->end)
		return walk_fault(walk, CSV_FAULT_STOPPED, 0, 1, err);
	record->behind = record->len + line_end_len(stop, walk->end);
	return 1;
}

/* A plain line so long that one of its cells may be too long. */
static int
check_long_line(
    struct diff_walk *walk, const struct diff_record *record, struct err *err)
{
	const char *p, *end, *comma;

	end = record->bytes + record->len;
	for (p = record->bytes; p < end; p = comma + 1) {
		comma = memchr(p, ',', (size_t)(end - p));
		if (comma == NULL)
			comma = end;
		if ((size_t)(comma - p) > CSV_FIELD_MAX)
			return walk_fault(walk, CSV_FAULT_LONG_FIELD, 0,
			    (size_t)(p - record->bytes) + 1, err);
	}
	if (record->len > DIFF_RECORD_MAX)
		return walk_fault(walk, CSV_FAULT_STOPPED, 0, 1, err);
	return 1;
}

static void
pass_empty_lines(struct diff_walk *walk)
{
	while (walk->at < walk->end && is_line_end(*walk->at)) {
		walk->at += line_end_len(walk->at, walk->end);
		walk->line++;
	}
}

int
diff_walk_peek(
    struct diff_walk *walk, struct diff_record *record, struct err *err)
{
	const char *p;

	if (diff_walk_pages(walk, err) != 0)
		return -1;
	pass_empty_lines(walk);
	if (walk->at == walk->end)
		return 0;
	record->bytes = walk->at;
	for (p = walk->at; (p = diff_record_special(p, walk->end)) < walk->end;
	     p++) {
		if (*p == '"')
			return peek_quoted(walk, record, err);
		if (*p == '\0')
			return walk_fault(walk, CSV_FAULT_NUL, 0,
			    (size_t)(p - walk->at) + 1, err);
		if (is_line_end(*p))
			break;
	}
	record->quoted = false;
	record->lines = 1;
	record->len = (size_t)(p - walk->at);
	record->behind = record->len + line_end_len(p, walk->end);
	return record->len > CSV_FIELD_MAX ?
	    check_long_line(walk, record, err) :
	    1;
}

void
diff_walk_pass(struct diff_walk *walk, const struct diff_record *record)
{
	walk->at += record->behind;
	walk->line += record->lines;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Nothing but characters that Unicode calls white space. */
static bool
all_blank(struct str cell)
{
	uint32_t cp;
	size_t i;

	if (utf8_valid(cell.bytes, cell.len) != cell.len)
		return false;
	for (i = 0; i < cell.len;) {
		i += utf8_decode(cell.bytes + i, cell.len - i, &cp);
		if (!utf8_is_blank(cp))
			return false;
	}
	return true;
}

struct str
diff_cell_stripped(struct str cell)
{
	while (cell.len > 0 && is_space(cell.bytes[cell.len - 1]))
		cell.len--;
	while (cell.len > 0 && is_space(cell.bytes[0])) {
		cell.bytes++;
		cell.len--;
	}
	if (cell.len > 0 && (unsigned char)cell.bytes[0] >= 0x80 &&
	    all_blank(cell))
		cell.len = 0;
	return cell;
}

void
diff_record_cut_raw(const struct diff_record *record, struct diff_cells *cells)
{
	struct csv_problem problem;
	const char *p, *end, *comma;
	uint32_t lines;

	if (record->quoted) {
		quoted_cut(record->bytes, record->len, cells, &lines, &problem);
		return;
	}
	cells->ncells = 0;
	end = record->bytes + record->len;
	for (p = record->bytes;; p = comma + 1) {
		comma = memchr(p, ',', (size_t)(end - p));
		cells->cells = mem_grow(cells->cells, cells->ncells,
		    &cells->cap, sizeof(*cells->cells));
		cells->cells[cells->ncells++] = (struct str){ p,
			(size_t)((comma == NULL ? end : comma) - p) };
		if (comma == NULL)
			return;
	}
}

void
diff_record_cut(const struct diff_record *record, struct diff_cells *cells)
{
	size_t i;

	diff_record_cut_raw(record, cells);
	for (i = 0; i < cells->ncells; i++)
		cells->cells[i] = diff_cell_stripped(cells->cells[i]);
}

void
diff_cells_free(struct diff_cells *cells)
{
	free(cells->cells);
	buf_free(&cells->unquoted);
	buf_free(&cells->scratch);
	*cells = (struct diff_cells){ 0 };
}

bool
diff_record_may_be_blank(const char *bytes, size_t len)
{
	unsigned char first;

	first = len == 0 ? ' ' : (unsigned char)bytes[0];
	return first <= ' ' || first >= 0x80 || first == ',' || first == '"';
}
