#include <string.h>

#include "base/csvio.h"
#include "canvas/emit.h"

#define FLUSH_SIZE ((size_t)1 << 20) /* bytes that go to the sink at once */
#define SPARE_BYTES 16		     /* zeros behind them */

/* One file while it is written. */
struct writer {
	const struct emit_sink *sink;
	const char *file;
	const struct sheet *sheet;
	const struct sheet_column *columns[SHEET_COLUMNS_MAX];
	size_t ncolumns;
	struct buf out;
	struct buf scratch;
	bool begun;
	uint64_t rows;
	struct err *err;
};

/* The file is begun when it is known whether it has rows. */
static int
writer_flush(struct writer *w)
{
	if (!w->begun &&
	    w->sink->begin(w->sink->arg, w->file, w->rows == 0, w->err) != 0)
		return -1;
	w->begun = true;
	memset(buf_reserve(&w->out, SPARE_BYTES), 0, SPARE_BYTES);
	if (w->sink->write(w->sink->arg, w->out.data, w->out.len, w->err) != 0)
		return -1;
	w->out.len = 0;
	return 0;
}

static int
writer_end(struct writer *w)
{
	if (writer_flush(w) != 0)
		return -1;
	return w->sink->end(w->sink->arg, w->err);
}

static void
put_cell(struct writer *w, struct str text, char behind)
{
	char *at;
	size_t len;

	at = buf_reserve(&w->out, text.len * 2 + 3);
	len = csv_put_field(at, text.bytes, text.len);
	at[len] = behind;
	w->out.len += len + 1;
}

static int
sheet_row_out(void *arg, const struct sheet_row *row)
{
	struct writer *w;
	size_t i;

	w = arg;
	for (i = 0; i < w->ncolumns; i++)
		put_cell(w, w->columns[i]->cell(row, &w->scratch),
		    i + 1 == w->ncolumns ? '\n' : ',');
	w->rows++;
	return w->out.len >= FLUSH_SIZE ? writer_flush(w) : 0;
}

static void
put_header(struct writer *w, const char *text, char behind)
{
	put_cell(w, (struct str){ text, strlen(text) }, behind);
}

static void
choose_columns(struct writer *w, const struct policy *policy)
{
	const struct sheet_column *column;
	size_t i;

	for (column = w->sheet->columns; column->header != NULL; column++) {
		if (column->cell != NULL &&
		    (column->wanted == NULL || column->wanted(policy)))
			w->columns[w->ncolumns++] = column;
	}
	for (i = 0; i < w->ncolumns; i++)
		put_header(w, w->columns[i]->header,
		    i + 1 == w->ncolumns ? '\n' : ',');
}

int
emit_sheets(const struct map *map, struct sheet_orders *orders,
    const struct emit_sink *sink, struct emit_count *counts, struct err *err)
{
	struct buf out = { 0 }, scratch = { 0 };
	const struct sheet *sheet;
	int rc;

	rc = 0;
	for (sheet = sheets; sheet->file != NULL && rc == 0; sheet++) {
		struct writer w = { .sink = sink,
			.file = sheet->file,
			.sheet = sheet,
			.out = out,
			.scratch = scratch,
			.err = err };

		choose_columns(&w, map->policy);
		rc = rows_for_each(sheet->each, map, orders, sheet_row_out, &w);
		if (rc == 0)
			rc = writer_end(&w);
		*counts++ = (struct emit_count){ sheet->file, w.rows };
		out = w.out; /* empty, and used again */
		scratch = w.scratch;
	}
	buf_free(&out);
	buf_free(&scratch);
	return rc;
}

/* The cells of one line of the crosswalk, by table of the row. */
struct crosswalk {
	const char *sheet;
	unsigned dcid, id, number; /* FIELDS_MAX: there is none */
};

static void
put_field(
    struct writer *w, const struct sheet_row *row, unsigned field, char behind)
{
	char digits[SYM_DIGITS];
	struct str text = { "", 0 };

	if (field != FIELDS_MAX)
		text = map_text(row->map, row->table, field, row->row, digits);
	put_cell(w, text, behind);
}

static int
crosswalk_row(struct writer *w, const struct sheet_row *row, sym canvas_id,
    const struct crosswalk *line)
{
	char digits[SYM_DIGITS];

	put_header(w, line->sheet, ',');
	put_cell(
	    w, intern_text(row->map->roster->intern, canvas_id, digits), ',');
	put_field(w, row, line->dcid, ',');
	put_field(w, row, line->id, ',');
	put_field(w, row, line->number, '\n');
	w->rows++;
	return w->out.len >= FLUSH_SIZE ? writer_flush(w) : 0;
}

static int
crosswalk_person(void *arg, const struct sheet_row *row)
{
	static const struct crosswalk student = { "users", STUDENT_DCID,
		STUDENT_ID, STUDENT_NUMBER };
	static const struct crosswalk staff = { "users", USER_DCID, FIELDS_MAX,
		USER_TEACHERNUMBER };
	static const struct crosswalk older_staff = { "users", FIELDS_MAX,
		FIELDS_MAX, USER_TEACHERNUMBER };

	if (row->table == T_STUDENT)
		return crosswalk_row(
		    arg, row, row->map->students.id[row->row], &student);
	return crosswalk_row(arg, row, row->map->users.id[row->row],
	    row->map->roster->users_by_number ? &older_staff : &staff);
}

static int
crosswalk_section(void *arg, const struct sheet_row *row)
{
	static const struct crosswalk section = { "sections", SECTION_DCID,
		SECTION_ID, SECTION_NUMBER };

	return crosswalk_row(
	    arg, row, row->map->section_id[row->row], &section);
}

int
emit_crosswalk(const struct map *map, struct sheet_orders *orders,
    const struct emit_sink *sink, uint64_t *rows, struct err *err)
{
	static const char *const headers[] = { "sheet", "canvas_id", "dcid",
		"id", "number" };
	struct writer w = { .sink = sink, .file = "crosswalk.csv", .err = err };
	size_t i;
	int rc;

	for (i = 0; i < 5; i++)
		put_header(&w, headers[i], i == 4 ? '\n' : ',');
	rc = rows_for_each(
	    rows_each_section, map, orders, crosswalk_section, &w);
	if (rc == 0)
		rc = rows_for_each(
		    rows_each_user, map, orders, crosswalk_person, &w);
	if (rc == 0)
		rc = writer_end(&w);
	*rows = w.rows;
	buf_free(&w.out);
	buf_free(&w.scratch);
	return rc;
}
