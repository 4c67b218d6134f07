#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/tally_count.h"
#include "canvas/tally_sink.h"

struct tally_sink {
	struct emit_sink own;
	struct intern *intern;
	struct places *places;
	struct tally tally;
	struct buf terms; /* counted when their courses are known */

	enum sheet_kind kind; /* of the file at hand, or SHEETS */
	struct tally_count *count;
	struct diff_side side; /* the file's header, once it was seen */
	struct diff_file block;
};

static int
begin(void *arg, const char *file, bool empty, struct err *err)
{
	struct tally_sink *sink;
	enum sheet_kind kind;

	(void)empty;
	(void)err;
	sink = arg;
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		if (strcmp(sheets[kind].file, file) == 0)
			break;
	}
	sink->kind = kind < KEEP_SHEETS ? kind : SHEETS;
	sink->block = (struct diff_file){ .name = file };
	if (sink->kind != SHEETS)
		sink->count = tally_count_begin(&sink->tally.sheets[kind], kind,
		    sink->intern, sink->places);
	return 0;
}

/* The first block begins with the header, the others with a row. */
static int
lay_out(struct tally_sink *sink, struct err *err)
{
	const struct diff_input input = { &sink->block, 1 };

	if (sink->side.layouts == NULL)
		return diff_side_open(&sink->side, &input, err);
	sink->side.layouts[0].rows_at = 0;
	return 0;
}

static int
count_block(
    struct tally_sink *sink, const char *bytes, size_t len, struct err *err)
{
	const struct diff_layout *layout;

	sink->block.name = sheets[sink->kind].file;
	sink->block.bytes = bytes;
	sink->block.len = len;
	if (lay_out(sink, err) != 0)
		return -1;
	layout = &sink->side.layouts[0];
	return sink->kind == SHEET_COURSE || sink->kind == SHEET_SECTION ?
	    tally_count_take(sink->count, sink->places, layout, err) :
	    tally_count_rows(sink->count, layout, err);
}

static int
write_bytes(void *arg, const void *bytes, size_t len, struct err *err)
{
	struct tally_sink *sink;

	sink = arg;
	if (sink->kind == SHEETS)
		return 0;
	if (sink->kind != SHEET_TERM)
		return count_block(sink, bytes, len, err);
	buf_add(&sink->terms, bytes, len);
	return 0;
}

static void
file_end(struct tally_sink *sink)
{
	tally_count_end(sink->count);
	sink->count = NULL;
	diff_side_close(&sink->side);
	sink->kind = SHEETS;
}

static int
end(void *arg, struct err *err)
{
	(void)err;
	file_end(arg);
	return 0;
}

struct tally_sink *
tally_sink_begin(struct intern *intern)
{
	struct tally_sink *sink;

	sink = mem_zalloc(1, sizeof(*sink));
	sink->own = (struct emit_sink){ sink, begin, write_bytes, end };
	sink->intern = intern;
	sink->places = places_new(intern);
	sink->kind = SHEETS;
	return sink;
}

const struct emit_sink *
tally_sink_get(const struct tally_sink *sink)
{
	return &sink->own;
}

static int
count_terms(struct tally_sink *sink, struct err *err)
{
	int rc;

	if (sink->terms.len == 0)
		return 0;
	begin(sink, sheets[SHEET_TERM].file, false, err);
	rc = count_block(sink, sink->terms.data, sink->terms.len, err);
	file_end(sink);
	return rc;
}

int
tally_sink_end(struct tally_sink *sink, struct places **places,
    struct tally *tally, struct err *err)
{
	int rc;

	if (sink == NULL)
		return 0;
	file_end(sink); /* one that was broken off */
	rc = count_terms(sink, err);
	*places = sink->places;
	*tally = sink->tally;
	buf_free(&sink->terms);
	free(sink);
	return rc;
}
