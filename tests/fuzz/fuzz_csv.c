#include <string.h>

#include "base/buf.h"
#include "base/csvio.h"
#include "base/mem.h"
#include "fuzz.h"

/*
 * Whatever the bytes: the plain path and libcsv give the same records and the
 * same fault at the same place, in one block or cut anywhere into several;
 * and a field that was written is read again as it was.
 */

#define SLACK 16 /* csv_read_block() reads behind the end */

const char *const fuzz_words[] = { ",", "\t", "\"", "\"\"", "\n", "\r", "\r\n",
	"a", "bc", "\"x,y\"", "\"x\ny\"", "\"x\r\ny\"", " ", ",,", "\n\n",
	"\xc3\xa9", "12345678901234567890", "abcdefghijklmnop", NULL };

struct seen {
	struct buf text;
	uint32_t line; /* of the block */
};

static int
see_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct seen *seen;
	size_t i;

	seen = arg;
	buf_printf(&seen->text, "%u:", seen->line + line);
	for (i = 0; i < ncells; i++) {
		buf_printf(&seen->text, "[%zu ", cells[i].len);
		buf_add(&seen->text, cells[i].bytes, cells[i].len);
		buf_addc(&seen->text, ']');
	}
	return 0;
}

/* Adds what a block gives; false when it ends in a fault. */
static bool
see_block(struct seen *seen, const struct csv_format *format, const char *bytes,
    size_t len)
{
	struct csv_problem problem;
	uint32_t lines;
	char *copy;
	int rc;

	copy = mem_zalloc(1, len + SLACK);
	if (len > 0)
		memcpy(copy, bytes, len);
	rc = csv_read_block(
	    format, copy, len, see_record, seen, &lines, &problem);
	free(copy);
	if (rc != 0)
		buf_printf(&seen->text, "!%d %u.%zu", (int)problem.fault,
		    seen->line + problem.line, problem.column);
	else
		seen->line += lines;
	return rc == 0;
}

/* The same, but step bytes arrive at a time. */
static void
see_in_steps(struct seen *seen, const struct csv_format *format,
    const char *bytes, size_t len, size_t step)
{
	size_t from, filled, whole;

	from = filled = 0;
	while (from < len) {
		filled = filled + step < len ? filled + step : len;
		whole = csv_whole_records(
		    format, bytes + from, filled - from, filled == len);
		must(whole <= filled - from);
		/* What no line end closes is the last block's. */
		if (filled == len)
			whole = filled - from;
		if (whole == 0)
			continue;
		if (!see_block(seen, format, bytes + from, whole))
			return;
		from += whole;
	}
}

static bool
has_fault(const struct seen *seen)
{
	return seen->text.len > 0 &&
	    memchr(seen->text.data, '!', seen->text.len) != NULL;
}

static bool
is_same(const struct seen *a, const struct seen *b)
{
	return a->text.len == b->text.len &&
	    (a->text.len == 0 ||
		memcmp(a->text.data, b->text.data, a->text.len) == 0);
}

struct two_fields {
	const char *bytes;
	size_t len;
	unsigned records;
};

static int
is_as_written(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct two_fields *want;
	size_t i;

	want = arg;
	want->records++;
	must(line == 0 && ncells == 2);
	for (i = 0; i < ncells; i++)
		must(cells[i].len == want->len &&
		    (want->len == 0 ||
			memcmp(cells[i].bytes, want->bytes, want->len) == 0));
	return 0;
}

static void
write_and_read(const char *bytes, size_t len)
{
	const struct csv_format format = { ',', true, true };
	struct two_fields want = { bytes, len, 0 };
	struct csv_problem problem;
	uint32_t lines;
	size_t size;
	char *out;

	if (len > 0 && memchr(bytes, '\0', len) != NULL)
		return;
	out = mem_zalloc(1, 4 * len + 8 + SLACK);
	size = csv_put_field(out, bytes, len);
	must(size <= 2 * len + 2);
	out[size++] = ',';
	size += csv_put_field(out + size, bytes, len);
	out[size++] = '\n';
	must(csv_read_block(&format, out, size, is_as_written, &want, &lines,
		 &problem) == 0);
	must(want.records == 1);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct csv_format format = { ',', true, true };
	struct seen plain = { 0 }, slow = { 0 }, steps = { 0 };
	size_t step;
	char *copy;

	if (len < 1)
		return 0;
	format.separator = (bytes[0] & 1) != 0 ? '\t' : ',';
	format.quotes = (bytes[0] & 2) == 0;
	step = (size_t)(bytes[0] >> 2) % 31 + 1;
	copy = fuzz_copy(bytes + 1, len - 1);
	see_block(&plain, &format, copy, len - 1);
	see_in_steps(&steps, &format, copy, len - 1, step);
	/* A NUL byte is looked for in a whole block, before anything else. */
	if (memchr(copy, '\0', len - 1) == NULL)
		must(is_same(&plain, &steps));
	else
		must(has_fault(&plain) && has_fault(&steps));
	format.plain_path = false;
	see_block(&slow, &format, copy, len - 1);
	must(is_same(&plain, &slow));
	write_and_read(copy, len - 1);
	free(copy);
	buf_free(&plain.text);
	buf_free(&slow.text);
	buf_free(&steps.text);
	return 0;
}
