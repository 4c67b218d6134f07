#include <string.h>

#include "base/csvio.h"
#include "canvas/delta.h"

/* One comparison under way. */
struct comparison {
	enum sheet_kind kind;
	const struct keep *keep;
	const struct policy *policy; /* NULL: only count */
	const struct delta_watch *watch;
	struct diff_side accepted; /* for the fate of its rows */
	struct diff_cells cells;
	struct delta_sheet *delta; /* NULL: only count */
	struct delta_count *count;
	struct buf line;
};

static bool
is_header(const struct diff_column *column, const char *header)
{
	return strcmp(column->header, header) == 0;
}

static struct str
old_cell(const struct diff_event *event, const char *header)
{
	const struct diff_columns *columns;
	size_t i;

	columns = diff_columns_of(event->diff);
	for (i = 0; i < columns->count; i++) {
		if (is_header(&columns->columns[i], header))
			return diff_cell(event, DIFF_OLD, i);
	}
	return (struct str){ "", 0 };
}

static bool
is_text(struct str text, const char *wanted)
{
	return strlen(wanted) == text.len &&
	    memcmp(wanted, text.bytes, text.len) == 0;
}

/* The status that removes a row: by policy for people and enrollments. */
static const char *
removing_status(const struct comparison *c, const struct diff_event *event)
{
	if (c->kind == SHEET_USER)
		return c->policy->leavers == LEAVERS_DELETED ? "deleted" :
							       "suspended";
	if (c->kind == SHEET_ENROLLMENT &&
	    is_text(old_cell(event, "role"), "student"))
		return c->policy->dropped;
	return "deleted";
}

/* The accepted row in the new sheet's form, with another status. */
static int
put_removal(struct comparison *c, const struct diff_event *event,
    const char *status, struct err *err)
{
	const struct diff_columns *columns;
	struct str cell;
	bool first;
	size_t i;
	char *at;

	columns = diff_columns_of(event->diff);
	c->line.len = 0;
	first = true;
	for (i = 0; i < columns->count; i++) {
		if (!columns->columns[i].in_new)
			continue;
		cell = is_header(&columns->columns[i], "status") ?
		    (struct str){ status, strlen(status) } :
		    diff_cell(event, DIFF_OLD, i);
		if (!first)
			buf_addc(&c->line, ',');
		first = false;
		at = buf_reserve(&c->line, cell.len * 2 + 2);
		c->line.len += csv_put_field(at, cell.bytes, cell.len);
	}
	buf_addc(&c->line, '\n');
	return spool_add(&c->delta->removals, c->line.data, c->line.len, err);
}

static enum keep_fate
fate_of(struct comparison *c, const struct diff_event *event)
{
	const struct diff_layout *layout;
	struct diff_record record;
	struct str bytes;

	bytes = event->record[DIFF_OLD];
	layout = &c->accepted.layouts[event->layout[DIFF_OLD]];
	record = (struct diff_record){ .bytes = bytes.bytes,
		.len = bytes.len,
		.quoted = memchr(bytes.bytes, '"', bytes.len) != NULL };
	diff_record_cut(&record, &c->cells);
	return keep_fate_of(c->keep, c->kind, layout, &c->cells);
}

static int
take_removed(
    struct comparison *c, const struct diff_event *event, struct err *err)
{
	const char *status;

	switch (fate_of(c, event)) {
	case KEEP_LET_GO:
	case KEEP_STAYS: /* an older run's row: it is still held */
		c->count->let_go++;
		return 0;
	case KEEP_WITH_PARENT:
		c->count->with_parent++;
		break;
	case KEEP_REMOVED:
		c->count->removed++;
		if (c->delta == NULL)
			break;
		status = removing_status(c, event);
		/* What has that status already needs no row. */
		if (!is_text(old_cell(event, "status"), status) &&
		    put_removal(c, event, status, err) != 0)
			return -1;
		break;
	}
	return c->watch->row(c->watch->arg, c->kind, event, err);
}

static int
take_event(void *arg, const struct diff_event *event, struct err *err)
{
	struct comparison *c;
	struct str line;

	c = arg;
	if (event->change == DIFF_REMOVED)
		return take_removed(c, event, err);
	if (event->change == DIFF_ADDED)
		c->count->added++;
	else
		c->count->changed++;
	line = event->record[DIFF_NEW];
	if (c->delta != NULL &&
	    (spool_add(&c->delta->upserts, line.bytes, line.len, err) != 0 ||
		spool_add(&c->delta->upserts, "\n", 1, err) != 0))
		return -1;
	return c->watch->row(c->watch->arg, c->kind, event, err);
}

static int
compare(struct comparison *c, const struct diff_input *accepted,
    const struct diff_input *now, struct err *err)
{
	const struct diff_sink sink = { c, take_event };
	struct diff_count counted = { 0 };
	int rc;

	rc = diff_side_open(&c->accepted, accepted, err);
	if (rc == 0)
		rc = diff_sheets(
		    &sheets[c->kind], accepted, now, &sink, &counted, err);
	c->count->before = counted.rows[DIFF_OLD];
	c->count->after = counted.rows[DIFF_NEW];
	diff_side_close(&c->accepted);
	diff_cells_free(&c->cells);
	buf_free(&c->line);
	return rc;
}

/* The header line of the new sheet, which both parts of the delta need. */
static int
take_header(
    struct delta_sheet *delta, const struct diff_input *now, struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	int rc;

	if (now->nfiles == 0)
		return 0;
	diff_walk_begin(&walk, &now->files[0]);
	rc = diff_walk_peek(&walk, &record, err);
	if (rc == 1)
		rc = spool_add(
		    &delta->header, record.bytes, record.behind, err);
	diff_walk_free(&walk);
	return rc;
}

int
delta_make(struct delta_sheet *delta, enum sheet_kind kind,
    const struct diff_input *accepted, const struct diff_input *now,
    const struct keep *keep, const struct policy *policy,
    const struct delta_watch *watch, struct err *err)
{
	struct comparison c = { .kind = kind,
		.keep = keep,
		.policy = policy,
		.watch = watch,
		.delta = delta };

	*delta = (struct delta_sheet){ 0 };
	c.count = &delta->count;
	if (take_header(delta, now, err) != 0)
		return -1;
	return compare(&c, accepted, now, err);
}

int
delta_look(enum sheet_kind kind, const struct diff_input *accepted,
    const struct diff_input *now, const struct keep *keep,
    const struct delta_watch *watch, struct delta_count *count, struct err *err)
{
	struct comparison c = {
		.kind = kind, .keep = keep, .watch = watch, .count = count
	};

	*count = (struct delta_count){ 0 };
	return compare(&c, accepted, now, err);
}

void
delta_free(struct delta_sheet *delta)
{
	spool_free(&delta->header);
	spool_free(&delta->removals);
	spool_free(&delta->upserts);
}
