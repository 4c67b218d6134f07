#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "canvas/diff.h"
#include "canvas/diff_cursor.h"
#include "canvas/diff_pair.h"

#define SORT_MEMORY ((size_t)64 << 20) /* bytes, when nobody says */
#define LOG_MAX ((size_t)16 << 20)     /* bytes of differences remembered */

/*
 * A difference of two files in order, held back until the rest has shown
 * that they are: this, then both records.
 */
struct logged {
	size_t new_at;
	uint32_t len[2];
	bool there[2];
};

struct diff {
	struct diff_side side[2];
	struct diff_columns columns;
	size_t sort_memory;
	bool same_form;
	struct diff_count counts;

	bool paired;	/* two files of one form, in order */
	struct buf log; /* their first differences */
	bool log_full;	/* more follow from here on: */
	const char *resume_at[2];
	uint64_t resume_line[2];

	struct diff_cursor cursor[2]; /* otherwise */

	const struct diff_event *cut; /* the event whose cells these are */
	struct diff_cells cells[2];
};

static enum diff_change
change_of(bool in_old, bool in_new)
{
	return !in_old ? DIFF_ADDED : !in_new ? DIFF_REMOVED : DIFF_CHANGED;
}

static void
count_change(struct diff *diff, enum diff_change change)
{
	switch (change) {
	case DIFF_ADDED:
		diff->counts.added++;
		break;
	case DIFF_REMOVED:
		diff->counts.removed++;
		break;
	case DIFF_CHANGED:
		diff->counts.changed++;
		break;
	}
}

/* Remembers a difference; from the first that does not fit on, none. */
static void
log_add(struct diff *diff, const struct diff_pair_rows *found)
{
	struct logged head;
	size_t i, need;

	memset(&head, 0, sizeof(head));
	head.new_at = found->new_at;
	need = sizeof(head);
	for (i = 0; i < 2; i++) {
		head.there[i] = found->rows[i].bytes != NULL;
		head.len[i] = (uint32_t)found->rows[i].len;
		need += found->rows[i].len;
	}
	if (diff->log_full || diff->log.len + need > LOG_MAX) {
		diff->log_full = true;
		return;
	}
	buf_add(&diff->log, &head, sizeof(head));
	for (i = 0; i < 2; i++)
		buf_add(&diff->log, found->rows[i].bytes, head.len[i]);
}

/* The differences behind the log are looked for again from here. */
static void
note_resume(struct diff *diff, const struct diff_pair *pair)
{
	size_t i;

	if (diff->log_full)
		return;
	for (i = 0; i < 2; i++) {
		diff->resume_at[i] = pair->walk[i].at;
		diff->resume_line[i] = pair->walk[i].line;
	}
}

/* Walks two files in order: 1 done, 0 they are not in order, -1 failed. */
static int
walk_pair(struct diff *diff, struct err *err)
{
	struct diff_pair_rows found;
	struct diff_pair pair;
	enum diff_pair_result result;
	size_t i;

	diff_pair_begin(&pair, &diff->side[DIFF_OLD], &diff->side[DIFF_NEW],
	    &diff->columns);
	note_resume(diff, &pair);
	while (
	    (result = diff_pair_next(&pair, &found, err)) == DIFF_PAIR_FOUND) {
		count_change(diff,
		    change_of(found.rows[0].bytes != NULL,
			found.rows[1].bytes != NULL));
		log_add(diff, &found);
		note_resume(diff, &pair);
	}
	for (i = 0; i < 2; i++)
		diff->counts.rows[i] = pair.order[i].rows;
	diff_pair_free(&pair);
	if (result == DIFF_PAIR_UNORDERED) {
		diff->counts = (struct diff_count){ 0 };
		diff->log_full = false;
		buf_free(&diff->log);
		return 0;
	}
	return result == DIFF_PAIR_END ? 1 : -1;
}

static int
prepare(struct diff *diff, struct err *err)
{
	size_t i;
	int rc;

	diff->same_form = diff_side_same_form(
	    &diff->side[DIFF_OLD], &diff->side[DIFF_NEW]);
	if (diff->same_form && diff->side[DIFF_OLD].nlayouts == 1 &&
	    diff->side[DIFF_NEW].nlayouts == 1) {
		rc = walk_pair(diff, err);
		if (rc != 0) {
			diff->paired = true;
			return rc == 1 ? 0 : -1;
		}
	}
	for (i = 0; i < 2; i++) {
		if (diff_cursor_open(&diff->cursor[i], &diff->side[i],
			diff->sort_memory, err) != 0)
			return -1;
	}
	return 0;
}

struct diff *
diff_open(const struct sheet *sheet, const struct diff_input *old,
    const struct diff_input *new, size_t sort_memory, struct err *err)
{
	struct diff *diff;

	diff = mem_zalloc(1, sizeof(*diff));
	diff->sort_memory = sort_memory == 0 ? SORT_MEMORY : sort_memory;
	if (diff_side_open(&diff->side[DIFF_OLD], old, err) == 0 &&
	    diff_side_open(&diff->side[DIFF_NEW], new, err) == 0 &&
	    diff_side_match(&diff->side[DIFF_OLD], &diff->side[DIFF_NEW], sheet,
		&diff->columns, err) == 0 &&
	    prepare(diff, err) == 0)
		return diff;
	diff_close(diff);
	return NULL;
}

void
diff_close(struct diff *diff)
{
	size_t i;

	if (diff == NULL)
		return;
	for (i = 0; i < 2; i++) {
		diff_cursor_close(&diff->cursor[i]);
		diff_side_close(&diff->side[i]);
		diff_cells_free(&diff->cells[i]);
	}
	diff_columns_free(&diff->columns);
	buf_free(&diff->log);
	free(diff);
}

static int
tell(struct diff *diff, const struct diff_sink *sink, struct diff_event *event,
    struct err *err)
{
	event->change = change_of(event->record[DIFF_OLD].bytes != NULL,
	    event->record[DIFF_NEW].bytes != NULL);
	event->diff = diff;
	diff->cut = NULL;
	return sink->row(sink->arg, event, err);
}

static int
tell_log(struct diff *diff, const struct diff_sink *sink, struct err *err)
{
	struct diff_event event = { 0 };
	struct logged head;
	size_t at, i;

	for (at = 0; at < diff->log.len;) {
		memcpy(&head, diff->log.data + at, sizeof(head));
		at += sizeof(head);
		event.new_at = head.new_at;
		for (i = 0; i < 2; i++) {
			event.record[i] = (struct str){
				head.there[i] ? diff->log.data + at : NULL,
				head.len[i]
			};
			at += head.len[i];
		}
		if (tell(diff, sink, &event, err) != 0)
			return -1;
	}
	return 0;
}

/* The differences that the log had no room for. */
static int
tell_rest(struct diff *diff, const struct diff_sink *sink, struct err *err)
{
	struct diff_event event = { 0 };
	struct diff_pair_rows found;
	enum diff_pair_result result;
	struct diff_pair pair;
	size_t i;
	int rc;

	diff_pair_begin(&pair, &diff->side[DIFF_OLD], &diff->side[DIFF_NEW],
	    &diff->columns);
	for (i = 0; i < 2; i++) {
		pair.walk[i].at = diff->resume_at[i];
		pair.walk[i].line = diff->resume_line[i];
	}
	rc = 0;
	while (rc == 0 &&
	    (result = diff_pair_next(&pair, &found, err)) != DIFF_PAIR_END) {
		if (result != DIFF_PAIR_FOUND) {
			rc = err_set(err, EXIT_IO,
			    "%s changed while it was"
			    " read; nothing was compared",
			    diff->side[DIFF_NEW].layouts[0].file->name);
			break;
		}
		event.new_at = found.new_at;
		for (i = 0; i < 2; i++)
			event.record[i] = (struct str){ found.rows[i].bytes,
				found.rows[i].len };
		rc = tell(diff, sink, &event, err);
	}
	diff_pair_free(&pair);
	return rc;
}

/* Two rows with one key: is any cell not the same? */
static bool
cursors_differ(struct diff *diff)
{
	const struct diff_cursor *old, *new;

	old = &diff->cursor[DIFF_OLD];
	new = &diff->cursor[DIFF_NEW];
	if (diff->same_form &&
	    old->record.len ==
		new->record.len &&memcmp(
		    old->record.bytes, new->record.bytes, old->record.len) == 0)
		return false;
	diff_record_cut(&old->record, &diff->cells[DIFF_OLD]);
	diff_record_cut(&new->record, &diff->cells[DIFF_NEW]);
	return diff_side_differ(&diff->columns,
	    &old->side->layouts[old->layout], &diff->cells[DIFF_OLD],
	    &new->side->layouts[new->layout], &diff->cells[DIFF_NEW]);
}

/* Less than 0: the row at hand is in old only; more: in new only. */
static int
cursors_order(const struct diff *diff)
{
	const struct diff_cursor *old, *new;

	old = &diff->cursor[DIFF_OLD];
	new = &diff->cursor[DIFF_NEW];
	if (old->at_end || new->at_end)
		return new->at_end ? -1 : 1;
	return diff_side_key_order(old->key, new->key);
}

static int
tell_cursors(struct diff *diff, bool in_old, bool in_new,
    const struct diff_sink *sink, struct err *err)
{
	const bool there[2] = { in_old, in_new };
	struct diff_event event = { 0 };
	size_t i;

	event.new_at = diff_cursor_place(&diff->cursor[DIFF_NEW]);
	for (i = 0; i < 2; i++) {
		if (!there[i])
			continue;
		event.record[i] = (struct str){ diff->cursor[i].record.bytes,
			diff->cursor[i].record.len };
		event.layout[i] = diff->cursor[i].layout;
	}
	count_change(diff, change_of(in_old, in_new));
	return tell(diff, sink, &event, err);
}

static int
merge(struct diff *diff, const struct diff_sink *sink, struct err *err)
{
	struct diff_cursor *old, *new;
	int order;

	old = &diff->cursor[DIFF_OLD];
	new = &diff->cursor[DIFF_NEW];
	if (diff_cursor_next(old, err) != 0 || diff_cursor_next(new, err) != 0)
		return -1;
	while (!old->at_end || !new->at_end) {
		order = cursors_order(diff);
		if ((order != 0 || cursors_differ(diff)) &&
		    tell_cursors(diff, order <= 0, order >= 0, sink, err) != 0)
			return -1;
		if ((order <= 0 && diff_cursor_next(old, err) != 0) ||
		    (order >= 0 && diff_cursor_next(new, err) != 0))
			return -1;
	}
	return 0;
}

int
diff_each(struct diff *diff, const struct diff_sink *sink, struct err *err)
{
	size_t i;
	int rc;

	if (diff->paired) {
		rc = tell_log(diff, sink, err);
		return rc == 0 && diff->log_full ? tell_rest(diff, sink, err) :
						   rc;
	}
	diff->counts = (struct diff_count){ 0 };
	for (i = 0; i < 2; i++) {
		if (diff_cursor_rewind(&diff->cursor[i], err) != 0)
			return -1;
	}
	rc = merge(diff, sink, err);
	for (i = 0; i < 2; i++) {
		diff->counts.rows[i] = diff->cursor[i].rows;
		diff->counts.repeated[i] = diff_cursor_repeated(
		    &diff->cursor[i]);
	}
	return rc;
}

const struct diff_count *
diff_counts(const struct diff *diff)
{
	return &diff->counts;
}

const struct diff_columns *
diff_columns_of(const struct diff *diff)
{
	return &diff->columns;
}

bool
diff_has(const struct diff *diff, enum diff_version version)
{
	return diff->side[version].nlayouts > 0;
}

int
diff_sheets(const struct sheet *sheet, const struct diff_input *old,
    const struct diff_input *new, const struct diff_sink *sink,
    struct diff_count *counts, struct err *err)
{
	struct diff *diff;
	int rc;

	diff = diff_open(sheet, old, new, 0, err);
	if (diff == NULL)
		return -1;
	rc = diff_each(diff, sink, err);
	if (counts != NULL)
		*counts = diff->counts;
	diff_close(diff);
	return rc;
}

static void
cut_event(const struct diff_event *event)
{
	struct diff_record record = { 0 };
	struct diff *diff;
	size_t i;

	diff = event->diff;
	if (diff->cut == event)
		return;
	diff->cut = event;
	for (i = 0; i < 2; i++) {
		diff->cells[i].ncells = 0;
		record.bytes = event->record[i].bytes;
		record.len = event->record[i].len;
		if (record.bytes == NULL)
			continue;
		record.quoted = memchr(record.bytes, '"', record.len) != NULL;
		diff_record_cut(&record, &diff->cells[i]);
	}
}

struct str
diff_cell(
    const struct diff_event *event, enum diff_version version, size_t column)
{
	struct diff *diff;

	diff = event->diff;
	cut_event(event);
	if (event->record[version].bytes == NULL)
		return (struct str){ "", 0 };
	return diff_side_cell(
	    &diff->side[version].layouts[event->layout[version]],
	    &diff->cells[version], column);
}

bool
diff_cell_differs(const struct diff_event *event, size_t column)
{
	struct str old, new;

	old = diff_cell(event, DIFF_OLD, column);
	new = diff_cell(event, DIFF_NEW, column);
	return old.len != new.len || memcmp(old.bytes, new.bytes, old.len) != 0;
}

void
diff_key_text(const struct diff_event *event, struct buf *out)
{
	const struct diff_columns *columns;
	enum diff_version version;
	struct str cell;
	size_t i, j;

	columns = &event->diff->columns;
	version = event->record[DIFF_NEW].bytes == NULL ? DIFF_OLD : DIFF_NEW;
	for (i = 0; i < columns->nkeys; i++) {
		if (i > 0)
			buf_addc(out, '|');
		cell = diff_cell(event, version, columns->keys[i]);
		for (j = 0; j < cell.len; j++) {
			if (cell.bytes[j] == '|' || cell.bytes[j] == '\\')
				buf_addc(out, '\\');
			buf_addc(out, cell.bytes[j]);
		}
	}
}
