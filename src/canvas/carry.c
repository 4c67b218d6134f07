#include <stdlib.h>
#include <string.h>

#include "base/csvio.h"
#include "base/mem.h"
#include "canvas/carry.h"
#include "canvas/diff_cursor.h"

#define FLUSH_SIZE ((size_t)1 << 20)   /* bytes that go to the sink at once */
#define SPARE_BYTES 16		       /* zeros behind them */
#define SORT_MEMORY ((size_t)64 << 20) /* of an accepted sheet, if need be */

#define CROSSWALK ((enum sheet_kind)KEEP_SHEETS)

/* The crosswalk names the ids of users and sections. */
static const struct sheet crosswalk = { .name = "crosswalk",
	.key = { "sheet", "canvas_id" } };

/* One sheet while it passes through. */
struct passage {
	enum sheet_kind kind;
	bool active;	     /* something may be put in */
	bool begun;	     /* the header has passed */
	bool of_parents;     /* accounts: among those above others */
	size_t parents_left; /* of today's rows, until they end */
	struct diff_side accepted, today;
	struct diff_columns columns;
	struct diff_cursor cursor; /* stands on the next row that stays */
	struct diff_cells cells;   /* of that row */
	struct diff_cells today_cells;
	struct buf key;	 /* of today's row */
	struct buf line; /* an accepted row in today's form */
	char *header;	 /* today's, as a file of its own */
	struct diff_file header_file;
	bool same_form;
};

struct carry {
	struct keep *keep;
	const struct keep_source *source;
	bool additions_only;
	const struct emit_sink *sink;
	struct passage passage;
	struct buf out; /* whole rows on their way to the sink */
	uint64_t counts[KEEP_SHEETS + 1];
};

struct carry *
carry_new(struct keep *keep, const struct keep_source *source,
    bool additions_only, const struct emit_sink *sink)
{
	struct carry *carry;

	carry = mem_zalloc(1, sizeof(*carry));
	carry->keep = keep;
	carry->source = source;
	carry->additions_only = additions_only;
	carry->sink = sink;
	return carry;
}

static void
passage_end(struct passage *p)
{
	diff_cursor_close(&p->cursor);
	diff_side_close(&p->accepted);
	diff_side_close(&p->today);
	diff_columns_free(&p->columns);
	diff_cells_free(&p->cells);
	diff_cells_free(&p->today_cells);
	buf_free(&p->key);
	buf_free(&p->line);
	free(p->header);
	*p = (struct passage){ 0 };
}

void
carry_free(struct carry *carry)
{
	if (carry == NULL)
		return;
	passage_end(&carry->passage);
	buf_free(&carry->out);
	free(carry);
}

uint64_t
carry_count(const struct carry *carry, enum sheet_kind kind)
{
	return carry->counts[kind];
}

static int
flush(struct carry *carry, struct err *err)
{
	struct buf *out;
	size_t len;

	out = &carry->out;
	len = out->len;
	if (len == 0)
		return 0;
	memset(buf_reserve(out, SPARE_BYTES), 0, SPARE_BYTES);
	out->len = 0;
	return carry->sink->write(carry->sink->arg, out->data, len, err);
}

/* Takes whole rows for the sink, which gets many of them at once. */
static int
put_rows(struct carry *carry, const char *bytes, size_t len, struct err *err)
{
	buf_add(&carry->out, bytes, len);
	return carry->out.len < FLUSH_SIZE ? 0 : flush(carry, err);
}

static const struct diff_layout *
accepted_layout(const struct passage *p)
{
	return &p->accepted.layouts[p->cursor.layout];
}

static bool
is_text(struct str text, const char *wanted)
{
	return strlen(wanted) == text.len &&
	    memcmp(wanted, text.bytes, text.len) == 0;
}

/* A line of the crosswalk stays with the row that it is about. */
static bool
crosswalk_stays(const struct carry *carry)
{
	const struct passage *p;
	struct str cells[2];
	size_t i;

	p = &carry->passage;
	for (i = 0; i < 2; i++)
		cells[i] = diff_side_cell(
		    accepted_layout(p), &p->cells, p->columns.keys[i]);
	return keep_stays(carry->keep,
	    is_text(cells[0], "users") ? SHEET_USER : SHEET_SECTION, cells[1]);
}

/* Whether the accepted row at hand is to stand in this part of the sheet. */
static bool
is_wanted(struct carry *carry)
{
	struct passage *p;

	p = &carry->passage;
	diff_record_cut(&p->cursor.record, &p->cells);
	if (p->kind == CROSSWALK)
		return carry->additions_only || crosswalk_stays(carry);
	if (!carry->additions_only &&
	    keep_fate_of(carry->keep, p->kind, accepted_layout(p), &p->cells) !=
		KEEP_STAYS)
		return false;
	return p->kind != SHEET_ACCOUNT ||
	    p->of_parents ==
	    keep_is_parent(carry->keep, accepted_layout(p), &p->cells);
}

static int
next_wanted(struct carry *carry, struct err *err)
{
	struct passage *p;

	p = &carry->passage;
	do {
		if (diff_cursor_next(&p->cursor, err) != 0)
			return -1;
	} while (!p->cursor.at_end && !is_wanted(carry));
	return 0;
}

/* The accepted row at hand with today's columns. */
static struct str
line_in_form(struct passage *p)
{
	const struct diff_layout *today;
	struct str cell;
	size_t i, column;
	char *at;

	if (p->same_form)
		return (
		    struct str){ p->cursor.record.bytes, p->cursor.record.len };
	today = &p->today.layouts[0];
	p->line.len = 0;
	for (i = 0; i < today->nheaders; i++) {
		cell = (struct str){ "", 0 };
		for (column = 0; column < p->columns.count; column++) {
			if (today->cells[column] == i)
				cell = diff_side_cell(
				    accepted_layout(p), &p->cells, column);
		}
		if (i > 0)
			buf_addc(&p->line, ',');
		at = buf_reserve(&p->line, cell.len * 2 + 2);
		p->line.len += csv_put_field(at, cell.bytes, cell.len);
	}
	return (struct str){ p->line.data, p->line.len };
}

/* Writes the accepted row at hand and goes on to the next. */
static int
put_accepted(struct carry *carry, struct err *err)
{
	struct str line;

	line = line_in_form(&carry->passage);
	carry->counts[carry->passage.kind]++;
	buf_add(&carry->out, line.bytes, line.len);
	if (put_rows(carry, "\n", 1, err) != 0)
		return -1;
	return next_wanted(carry, err);
}

/* Accounts above others stand first: the other part of them begins. */
static int
begin_children(struct carry *carry, struct err *err)
{
	struct passage *p;

	p = &carry->passage;
	while (!p->cursor.at_end) {
		if (put_accepted(carry, err) != 0)
			return -1;
	}
	p->of_parents = false;
	return diff_cursor_rewind(&p->cursor, err) != 0 ?
	    -1 :
	    next_wanted(carry, err);
}

static int
begin_passage(
    struct carry *carry, const char *bytes, size_t len, struct err *err)
{
	struct passage *p;
	struct diff_input input;

	p = &carry->passage;
	p->header = mem_strndup(bytes, len);
	p->header_file = (struct diff_file){ "today", p->header, len, false };
	input = (struct diff_input){ &p->header_file, 1 };
	if (diff_side_open(&p->today, &input, err) != 0 ||
	    diff_side_match(&p->accepted, &p->today,
		p->kind == CROSSWALK ? &crosswalk : &sheets[p->kind],
		&p->columns, err) != 0 ||
	    diff_cursor_open(&p->cursor, &p->accepted, SORT_MEMORY, err) != 0)
		return -1;
	p->same_form = diff_side_same_form(&p->accepted, &p->today);
	p->begun = true;
	p->of_parents = p->kind == SHEET_ACCOUNT;
	if (next_wanted(carry, err) != 0)
		return -1;
	return p->of_parents && p->parents_left == 0 ?
	    begin_children(carry, err) :
	    0;
}

static enum sheet_kind
kind_of_file(const char *file)
{
	enum sheet_kind kind;

	for (kind = 0; kind < CROSSWALK; kind++) {
		if (strcmp(sheets[kind].file, file) == 0)
			break;
	}
	return kind;
}

static int
carry_begin(void *arg, const char *file, bool empty, struct err *err)
{
	struct carry *carry;
	struct passage *p;

	carry = arg;
	p = &carry->passage;
	passage_end(p);
	carry->out.len = 0;
	p->kind = kind_of_file(file);
	p->parents_left = p->kind == SHEET_ACCOUNT ? keep_groups(carry->keep) :
						     0;
	if (diff_side_open(&p->accepted,
		p->kind == CROSSWALK ? &carry->source->crosswalk :
				       &carry->source->sheets[p->kind],
		err) != 0)
		return -1;
	p->active = p->accepted.nlayouts > 0 &&
	    (carry->additions_only || keep_count(carry->keep, p->kind) > 0);
	return carry->sink->begin(
	    carry->sink->arg, file, empty && !p->active, err);
}

/* Today's row: goes out, behind the accepted rows that belong before it. */
static int
pass_row(struct carry *carry, const char **from,
    const struct diff_record *record, struct err *err)
{
	struct passage *p;
	int order;

	p = &carry->passage;
	diff_side_key(&p->today.layouts[0], record, &p->today_cells, &p->key);
	for (order = 1; !p->cursor.at_end;) {
		order = diff_side_key_order(p->cursor.key, &p->key);
		if (order > 0 || (order == 0 && !carry->additions_only))
			break;
		if (put_rows(carry, *from, (size_t)(record->bytes - *from),
			err) != 0)
			return -1;
		*from = order == 0 ? record->bytes + record->behind :
				     record->bytes;
		if (put_accepted(carry, err) != 0)
			return -1;
		if (order == 0)
			break;
	}
	if (order == 0 && !carry->additions_only && !p->cursor.at_end &&
	    next_wanted(carry, err) != 0)
		return -1;
	if (!p->of_parents || --p->parents_left > 0)
		return 0;
	if (put_rows(carry, *from,
		(size_t)(record->bytes + record->behind - *from), err) != 0)
		return -1;
	*from = record->bytes + record->behind;
	return begin_children(carry, err);
}

static int
pass_rows(struct carry *carry, const char *bytes, size_t len, struct err *err)
{
	const struct diff_file file = { "today", bytes, len, false };
	struct diff_record record;
	struct diff_walk walk;
	const char *from;
	int rc;

	from = bytes;
	diff_walk_begin(&walk, &file);
	if (!carry->passage.begun) {
		rc = diff_walk_peek(&walk, &record, err);
		if (rc != 1)
			goto out;
		diff_walk_pass(&walk, &record);
		from = walk.at;
		if (put_rows(carry, bytes, (size_t)(from - bytes), err) != 0 ||
		    begin_passage(carry, bytes, (size_t)(from - bytes), err) !=
			0) {
			rc = -1;
			goto out;
		}
	}
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		if (pass_row(carry, &from, &record, err) != 0) {
			rc = -1;
			goto out;
		}
		diff_walk_pass(&walk, &record);
	}
	if (rc == 0)
		rc = put_rows(carry, from, (size_t)(bytes + len - from), err);
out:
	diff_walk_free(&walk);
	return rc;
}

static int
carry_write(void *arg, const void *bytes, size_t len, struct err *err)
{
	struct carry *carry;

	carry = arg;
	return carry->passage.active ?
	    pass_rows(carry, bytes, len, err) :
	    carry->sink->write(carry->sink->arg, bytes, len, err);
}

static int
carry_end(void *arg, struct err *err)
{
	struct carry *carry;
	struct passage *p;
	int rc;

	carry = arg;
	p = &carry->passage;
	rc = p->active && p->of_parents ? begin_children(carry, err) : 0;
	while (rc == 0 && p->active && !p->cursor.at_end)
		rc = put_accepted(carry, err);
	if (rc == 0)
		rc = flush(carry, err);
	passage_end(p);
	return rc != 0 ? rc : carry->sink->end(carry->sink->arg, err);
}

struct emit_sink
carry_sink(struct carry *carry)
{
	return (struct emit_sink){ carry, carry_begin, carry_write, carry_end };
}
