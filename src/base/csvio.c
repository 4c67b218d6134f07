#include <csv.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/buf.h"
#include "base/csvio.h"
#include "base/mem.h"
#include "base/text_of.h"

#define QUOTED_STEP (1 << 16) /* by which libcsv's buffer grows */
#define SCAN_SIZE 64	      /* bytes that one look takes in */

/*
 * Where cells may end: at the separator, a line end or (when quotes are on) a
 * quote. The bits say which of the SCAN_SIZE bytes at block are such bytes
 * and were not passed yet.
 */
struct scan {
	char *block;
	char *end;
	uint64_t bits;
	char separator;
	char quote; /* \n when quotes are off */
};

/*
 * A line without a quote is cut at its separators here; a line with one goes
 * to libcsv, whose verdict counts. Both give the same records and faults on
 * any input: plain_path = false sends every line to libcsv, and a test feeds
 * both the same bytes.
 */
struct reader {
	const struct csv_format *format;
	struct scan scan; /* for lines without a quote */
	csv_record_fn *record;
	void *arg;
	struct csv_cell *cells;
	size_t ncells, capcells;
	uint32_t line; /* physical lines passed so far */
	struct csv_problem *problem;
	struct csv_parser parser; /* libcsv, for lines with quotes */
	struct buf quoted;	  /* the cells that libcsv gave */
	bool record_ended;	  /* libcsv ended a record */
};

static int
reader_fault(
    struct reader *r, enum csv_fault fault, uint32_t line, size_t column)
{
	*r->problem = (struct csv_problem){ fault, line, column };
	return -1;
}

static void
reader_cell(struct reader *r, char *bytes, size_t len)
{
	r->cells = mem_grow(
	    r->cells, r->ncells, &r->capcells, sizeof(*r->cells));
	r->cells[r->ncells++] = (struct csv_cell){ bytes, len };
}

/* Hands the record on; size is what its cells take together at most. */
static int
reader_record(struct reader *r, uint32_t line, const char *start, size_t size)
{
	size_t i;

	for (i = 0; size > CSV_FIELD_MAX && i < r->ncells; i++) {
		if (r->cells[i].len > CSV_FIELD_MAX)
			return reader_fault(r, CSV_FAULT_LONG_FIELD, line,
			    start == NULL ?
				1 :
				(size_t)(r->cells[i].bytes - start) + 1);
	}
	if (r->record(r->arg, r->cells, r->ncells, line) != 0)
		return reader_fault(r, CSV_FAULT_STOPPED, line, 1);
	return 0;
}

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* The first byte behind the line end at p: LF, CRLF or CR. */
static char *
behind_line_end(char *p, const char *end)
{
	if (*p == '\r' && p + 1 < end && p[1] == '\n')
		return p + 2;
	return p + 1;
}

/* The bits of the block's bytes before end. */
#if defined(__SSE2__)
static uint64_t
scan_bits(const struct scan *scan)
{
	const __m128i separator = _mm_set1_epi8(scan->separator);
	const __m128i lf = _mm_set1_epi8('\n');
	const __m128i cr = _mm_set1_epi8('\r');
	const __m128i quote = _mm_set1_epi8(scan->quote);
	const char *p;
	__m128i bytes, hit;
	uint64_t bits;
	unsigned i;

	bits = 0;
	for (i = 0, p = scan->block; i < SCAN_SIZE && p < scan->end;
	     i += 16, p += 16) {
		bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		hit = _mm_or_si128(
		    _mm_or_si128(_mm_cmpeq_epi8(bytes, separator),
			_mm_cmpeq_epi8(bytes, lf)),
		    _mm_or_si128(_mm_cmpeq_epi8(bytes, cr),
			_mm_cmpeq_epi8(bytes, quote)));
		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(hit) << i;
	}
	return bits;
}
#else
static uint64_t
scan_bits(const struct scan *scan)
{
	const char *p;
	uint64_t bits;
	unsigned i;

	bits = 0;
	for (i = 0, p = scan->block; i < SCAN_SIZE && p < scan->end; i++, p++)
		bits |= (uint64_t)(*p == scan->separator || *p == scan->quote ||
			    is_line_end(*p))
		    << i;
	return bits;
}
#endif

/* Goes on at p, which is not before the place reached. */
static void
scan_from(struct scan *scan, char *p)
{
	size_t passed;

	passed = (size_t)(p - scan->block);
	if (passed < SCAN_SIZE) {
		scan->bits &= UINT64_MAX << passed;
		return;
	}
	scan->block = p;
	scan->bits = scan_bits(scan);
}

/* The next byte at which a cell may end; end when there is none. */
static char *
scan_next(struct scan *scan)
{
	char *p;

	while (scan->bits == 0) {
		if (scan->end - scan->block <= SCAN_SIZE)
			return scan->end;
		scan->block += SCAN_SIZE;
		scan->bits = scan_bits(scan);
	}
	p = scan->block + __builtin_ctzll(scan->bits);
	scan->bits &= scan->bits - 1;
	return p < scan->end ? p : scan->end;
}

/*
 * Cuts the plain line at p. Returns where its line end stands, end when the
 * block ends first, or NULL when a quote means that libcsv must read it.
 */
static char *
plain_line(struct reader *r, char *p, char *end)
{
	const char separator = r->format->separator;
	char *stop;

	r->ncells = 0;
	scan_from(&r->scan, p);
	for (;; p = stop + 1) {
		stop = scan_next(&r->scan);
		if (stop < end && *stop == '"' && r->format->quotes)
			return NULL;
		reader_cell(r, p, (size_t)(stop - p));
		if (stop == end || *stop != separator)
			return stop;
	}
}

static void
quoted_cell(void *bytes, size_t len, void *arg)
{
	struct reader *r;

	r = arg;
	/* The bytes move while the buffer grows: keep offsets for now. */
	reader_cell(r, NULL, len);
	buf_add(&r->quoted, bytes, len);
}

static void
quoted_end(int c, void *arg)
{
	struct reader *r;

	(void)c;
	r = arg;
	r->record_ended = true;
}

static int
keep_blanks(unsigned char c)
{
	(void)c;
	return 0;
}

static void
quoted_place(struct reader *r)
{
	char *at;
	size_t i;

	buf_reserve(&r->quoted, 16);
	at = r->quoted.data;
	for (i = 0; i < r->ncells; i++) {
		r->cells[i].bytes = at;
		at += r->cells[i].len;
	}
}

/* Where the physical line at p ends, its LF, CRLF or CR included. */
static char *
line_stop(char *p, char *end)
{
	while (p < end && !is_line_end(*p))
		p++;
	return p < end ? behind_line_end(p, end) : end;
}

/* The byte, from 1, at which the line's last opened quote stands. */
static size_t
open_quote_column(const char *line, size_t len, bool inside)
{
	size_t i, column;

	column = 1;
	for (i = 0; i < len; i++) {
		if (line[i] != '"')
			continue;
		inside = !inside;
		if (inside)
			column = i + 1;
	}
	return column;
}

/* Reads one record that needs libcsv; *p moves behind it. */
static int
quoted_record(struct reader *r, char **p, char *end)
{
	struct csv_problem open;
	uint32_t first;
	size_t before, len, done;
	char *stop;

	r->ncells = 0;
	r->quoted.len = 0;
	r->record_ended = false;
	first = r->line;
	open = (struct csv_problem){ CSV_FAULT_OPEN_QUOTE, first, 1 };
	while (*p < end && !r->record_ended) {
		before = r->ncells;
		stop = line_stop(*p, end);
		len = (size_t)(stop - *p);
		done = csv_parse(
		    &r->parser, *p, len, quoted_cell, quoted_end, r);
		if (done != len)
			return reader_fault(
			    r, CSV_FAULT_STRAY_QUOTE, r->line, done + 1);
		if (r->line == first || r->ncells > before) {
			open.line = r->line;
			open.column = open_quote_column(
			    *p, len, r->line != first);
		}
		if (r->parser.entry_pos > CSV_FIELD_MAX)
			return reader_fault(
			    r, CSV_FAULT_LONG_FIELD, open.line, open.column);
		*p = stop;
		r->line++;
	}
	if (!r->record_ended &&
	    csv_fini(&r->parser, quoted_cell, quoted_end, r) != 0) {
		*r->problem = open;
		return -1;
	}
	quoted_place(r);
	return reader_record(r, first, NULL, r->quoted.len);
}

static int
reader_run(struct reader *r, char *p, char *end)
{
	char *stop;

	r->scan = (struct scan){ .block = p,
		.end = end,
		.separator = r->format->separator,
		.quote = r->format->quotes ? '"' : '\n' };
	r->scan.bits = scan_bits(&r->scan);
	while (p < end) {
		if (is_line_end(*p)) {
			p = behind_line_end(p, end);
			r->line++;
			continue;
		}
		stop = r->format->plain_path || !r->format->quotes ?
		    plain_line(r, p, end) :
		    NULL;
		if (stop == NULL) {
			if (quoted_record(r, &p, end) != 0)
				return -1;
			continue;
		}
		if (reader_record(r, r->line, p, (size_t)(stop - p)) != 0)
			return -1;
		p = stop < end ? behind_line_end(stop, end) : end;
		r->line++;
	}
	return 0;
}

static int
nul_fault(struct reader *r, char *p, char *nul)
{
	uint32_t line;
	char *stop;

	for (line = 0; (stop = line_stop(p, nul)) < nul ||
	     (stop > p && is_line_end(stop[-1]));
	     line++)
		p = stop;
	return reader_fault(r, CSV_FAULT_NUL, line, (size_t)(nul - p) + 1);
}

int
csv_read_block(const struct csv_format *format, char *bytes, size_t len,
    csv_record_fn *record, void *arg, uint32_t *lines,
    struct csv_problem *problem)
{
	struct reader r = { .format = format,
		.record = record,
		.arg = arg,
		.problem = problem };
	char *nul;
	int rc;

	*problem = (struct csv_problem){ 0 };
	nul = len == 0 ? NULL : memchr(bytes, '\0', len);
	if (nul != NULL)
		return nul_fault(&r, bytes, nul);
	csv_init(&r.parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_delim(&r.parser, (unsigned char)format->separator);
	csv_set_space_func(&r.parser, keep_blanks);
	csv_set_blk_size(&r.parser, QUOTED_STEP);
	rc = reader_run(&r, bytes, bytes + len);
	*lines = r.line;
	csv_free(&r.parser);
	buf_free(&r.quoted);
	free(r.cells);
	return rc;
}

/* The length of bytes up to and with its last line end; 0: there is none. */
static size_t
last_line_end(const char *bytes, size_t len, bool at_end)
{
	const char *lf;
	size_t cr, last;

	lf = memrchr(bytes, '\n', len);
	last = lf == NULL ? 0 : (size_t)(lf - bytes) + 1;
	/* A CR at the very end may be half of a CRLF. */
	for (cr = at_end ? len : len - (len > 0); cr > last; cr--) {
		if (bytes[cr - 1] == '\r')
			return cr;
	}
	return last;
}

size_t
csv_whole_records(
    const struct csv_format *format, const char *bytes, size_t len, bool at_end)
{
	const char *p, *end, *quote;
	size_t whole, last;
	bool inside;

	end = bytes + len;
	whole = 0;
	inside = false;
	for (p = bytes; p < end; p = quote + 1, inside = !inside) {
		quote = format->quotes ? memchr(p, '"', (size_t)(end - p)) :
					 NULL;
		if (quote == NULL)
			quote = end;
		if (!inside) {
			last = last_line_end(
			    p, (size_t)(quote - p), at_end || quote < end);
			if (last > 0)
				whole = (size_t)(p - bytes) + last;
		}
		if (quote == end)
			break;
	}
	return whole;
}

size_t
csv_put_field(char *out, const char *bytes, size_t len)
{
	static const bool special[256] = {
		['"'] = true, [','] = true, ['\n'] = true, ['\r'] = true
	};
	size_t i, n;

	for (i = 0; i < len && !special[(unsigned char)bytes[i]]; i++)
		continue;
	if (i == len) {
		memcpy(out, bytes, len);
		return len;
	}
	n = 0;
	out[n++] = '"';
	for (i = 0; i < len; i++) {
		if (bytes[i] == '"')
			out[n++] = '"';
		out[n++] = bytes[i];
	}
	out[n++] = '"';
	return n;
}

void
csv_add_field(struct buf *out, const char *bytes, size_t len)
{
	out->len += csv_put_field(buf_reserve(out, 2 * len + 2), bytes, len);
}

const char *
csv_library(void)
{
	return "libcsv " TEXT_OF(CSV_MAJOR) "." TEXT_OF(CSV_MINOR) "." TEXT_OF(
	    CSV_RELEASE);
}
