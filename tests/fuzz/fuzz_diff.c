#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "canvas/diff.h"
#include "canvas/sheets.h"
#include "fuzz.h"

/*
 * Two versions of enrollments.csv: compared as they lie, sorted in memory and
 * sorted through a spill file they differ in the same rows, or are malformed
 * in each of these ways.
 */

#define HEADER "section_id,user_id,role,status\n"
#define SPILL_SOON 200 /* bytes: a few rows */
#define SPILL_NEVER ((size_t)64 << 10)

const char *const fuzz_words[] = { "1,a,student,active\n", "1,b,ta,active\n",
	"2,a,student,active\n", "2,a,student,deleted\n", "3,c,student,\n",
	"\"3\",\"c\",student,x\n", " 3 ,c,student,x\n", "4,\"d,\"\"e\",t,\n",
	"5,\"x\ny\",t,\n", "6,\xc3\xa9,t,s\r\n", ",,,\n", "\n", "7,a,student\n",
	"8,a,student,active,more\n", "\xff", "\xff", "9,a,t,s\n", "1", ",",
	"\"", NULL };

static int
see_row(void *arg, const struct diff_event *event, struct err *err)
{
	const struct diff_columns *columns;
	struct str cell;
	struct buf *out;
	size_t i;
	int v;

	(void)err;
	out = arg;
	columns = diff_columns_of(event->diff);
	buf_printf(out, "%d ", (int)event->change);
	diff_key_text(event, out);
	for (v = 0; v < 2; v++) {
		for (i = 0; i < columns->count; i++) {
			cell = diff_cell(event, (enum diff_version)v, i);
			buf_addc(out, '[');
			buf_add(out, cell.bytes, cell.len);
			buf_addc(out, ']');
		}
	}
	for (i = 0; i < columns->count; i++)
		buf_addc(out, diff_cell_differs(event, i) ? '!' : '.');
	buf_addc(out, '\n');
	return 0;
}

/* The differences as text; false when a version is malformed. */
static bool
see_diff(const struct buf texts[2], size_t nfiles, size_t sort_memory,
    struct buf *out)
{
	struct diff_file files[2][2];
	struct diff_input inputs[2];
	struct diff_sink sink = { out, see_row };
	struct err err = { 0 };
	struct diff *diff;
	int rc, v;

	for (v = 0; v < 2; v++) {
		files[v][0] = (struct diff_file){ "enrollments.csv",
			texts[v].data, texts[v].len, false };
		/* A second file, though without rows, has both sorted. */
		files[v][1] = (struct diff_file){ "more.csv", HEADER,
			strlen(HEADER), false };
		inputs[v] = (struct diff_input){ files[v], nfiles };
	}
	diff = diff_open(&sheets[SHEET_ENROLLMENT], &inputs[DIFF_OLD],
	    &inputs[DIFF_NEW], sort_memory, &err);
	rc = diff == NULL ? -1 : diff_each(diff, &sink, &err);
	diff_close(diff);
	must(rc == 0 || (err.code == EXIT_SOURCE && err.msg[0] != '\0'));
	return rc == 0;
}

static void
must_be_same(const struct buf *a, const struct buf *b)
{
	must(a->len == b->len);
	must(a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct buf texts[2] = { { 0 }, { 0 } };
	struct buf as_they_lie = { 0 }, sorted = { 0 }, spilt = { 0 };
	const uint8_t *cut;
	bool good;

	if (len < 1)
		return 0;
	bytes++;
	len--;
	cut = len == 0 ? NULL : memchr(bytes, 0xff, len);
	buf_adds(&texts[0], HEADER);
	buf_add(&texts[0], bytes, cut == NULL ? len : (size_t)(cut - bytes));
	buf_adds(&texts[1], HEADER);
	if (cut != NULL)
		buf_add(&texts[1], cut + 1, (size_t)(bytes + len - cut) - 1);
	good = see_diff(texts, 1, SPILL_NEVER, &as_they_lie);
	must(see_diff(texts, 2, SPILL_NEVER, &sorted) == good);
	must(see_diff(texts, 2, SPILL_SOON, &spilt) == good);
	if (good) {
		must_be_same(&as_they_lie, &sorted);
		must_be_same(&as_they_lie, &spilt);
	}
	buf_free(&texts[0]);
	buf_free(&texts[1]);
	buf_free(&as_they_lie);
	buf_free(&sorted);
	buf_free(&spilt);
	return 0;
}
