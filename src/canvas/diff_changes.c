#include <stdlib.h>
#include <string.h>

#include "base/csvio.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "canvas/diff_changes.h"

#define FLUSH_SIZE ((size_t)1 << 20) /* bytes written at once */

static const char header[] = "sheet,key,change,column,old,new,school\n";
static const char *const change_names[] = {
	[DIFF_ADDED] = "added",
	[DIFF_REMOVED] = "removed",
	[DIFF_CHANGED] = "changed",
};

/* A line about a person while its school is not known: this, the line. */
struct waiting {
	struct diff_owner owner;
	size_t len;
};

struct diff_changes {
	struct diff_schools *schools;
	diff_changes_fn *write;
	void *arg;
	struct buf out;
	struct buf key, line; /* of the row at hand */
	struct spool waiting;
	struct buf unread; /* of waiting, a part of a line */
};

struct diff_changes *
diff_changes_new(
    struct diff_schools *schools, diff_changes_fn *write, void *arg)
{
	struct diff_changes *changes;

	changes = mem_zalloc(1, sizeof(*changes));
	changes->schools = schools;
	changes->write = write;
	changes->arg = arg;
	buf_adds(&changes->out, header);
	return changes;
}

void
diff_changes_free(struct diff_changes *changes)
{
	if (changes == NULL)
		return;
	buf_free(&changes->out);
	buf_free(&changes->key);
	buf_free(&changes->line);
	buf_free(&changes->unread);
	spool_free(&changes->waiting);
	free(changes);
}

static int
flush(struct diff_changes *changes, struct err *err)
{
	int rc;

	rc = changes->out.len == 0 ?
	    0 :
	    changes->write(
		changes->arg, changes->out.data, changes->out.len, err);
	changes->out.len = 0;
	return rc;
}

static void
put_cell(struct buf *out, struct str cell, char behind)
{
	char *at;

	at = buf_reserve(out, 2 * cell.len + 2);
	out->len += csv_put_field(at, cell.bytes, cell.len);
	buf_addc(out, behind);
}

static void
put_text(struct buf *out, const char *text, char behind)
{
	put_cell(out, (struct str){ text, strlen(text) }, behind);
}

/* Finishes a line, whose last cell is the school. */
static int
put_line(
    struct diff_changes *changes, struct str line, sym school, struct err *err)
{
	char digits[SYM_DIGITS];

	buf_add(&changes->out, line.bytes, line.len);
	put_cell(&changes->out,
	    diff_school_text(changes->schools, school, digits), '\n');
	return changes->out.len >= FLUSH_SIZE ? flush(changes, err) : 0;
}

/* A finished line, or one that waits for the school of its user. */
static int
end_line(struct diff_changes *changes, struct diff_owner owner, struct err *err)
{
	struct waiting head;

	if (owner.user.id == 0)
		return put_line(changes,
		    (struct str){ changes->line.data, changes->line.len },
		    owner.school, err);
	memset(&head, 0, sizeof(head));
	head.owner = owner;
	head.len = changes->line.len;
	if (spool_add(&changes->waiting, &head, sizeof(head), err) != 0)
		return -1;
	return spool_add(&changes->waiting, changes->line.data, head.len, err);
}

static void
begin_line(struct diff_changes *changes, enum sheet_kind kind,
    const struct diff_event *event, const char *column)
{
	changes->line.len = 0;
	put_text(&changes->line, sheets[kind].name, ',');
	put_cell(&changes->line,
	    (struct str){ changes->key.data, changes->key.len }, ',');
	put_text(&changes->line, change_names[event->change], ',');
	put_text(&changes->line, column, ',');
}

static struct str
record_of(const struct diff_event *event, enum diff_version version)
{
	return event->record[version].bytes == NULL ? (struct str){ "", 0 } :
						      event->record[version];
}

int
diff_changes_add(struct diff_changes *changes, enum sheet_kind kind,
    const struct diff_event *event, struct err *err)
{
	const struct diff_columns *columns;
	struct diff_owner owner;
	size_t i;

	owner = diff_school_owner(changes->schools, kind, event);
	changes->key.len = 0;
	buf_reserve(&changes->key, 1);
	diff_key_text(event, &changes->key);
	if (event->change != DIFF_CHANGED) {
		begin_line(changes, kind, event, "");
		put_cell(&changes->line, record_of(event, DIFF_OLD), ',');
		put_cell(&changes->line, record_of(event, DIFF_NEW), ',');
		return end_line(changes, owner, err);
	}
	columns = diff_columns_of(event->diff);
	for (i = 0; i < columns->count; i++) {
		if (!diff_cell_differs(event, i))
			continue;
		begin_line(changes, kind, event, columns->columns[i].header);
		put_cell(&changes->line, diff_cell(event, DIFF_OLD, i), ',');
		put_cell(&changes->line, diff_cell(event, DIFF_NEW, i), ',');
		if (end_line(changes, owner, err) != 0)
			return -1;
	}
	return 0;
}

/* Takes a block of what waits; lines are cut anywhere between two blocks. */
static int
put_waiting(void *arg, const void *bytes, size_t len, struct err *err)
{
	struct diff_changes *changes;
	struct waiting head;
	struct str line;
	size_t at;

	changes = arg;
	buf_add(&changes->unread, bytes, len);
	for (at = 0; changes->unread.len - at >= sizeof(head);
	     at += sizeof(head) + head.len) {
		memcpy(&head, changes->unread.data + at, sizeof(head));
		if (changes->unread.len - at - sizeof(head) < head.len)
			break;
		line = (struct str){ changes->unread.data + at + sizeof(head),
			head.len };
		if (put_line(changes, line,
			diff_school_of(changes->schools, head.owner), err) != 0)
			return -1;
	}
	changes->unread.len -= at;
	memmove(changes->unread.data, changes->unread.data + at,
	    changes->unread.len);
	return 0;
}

int
diff_changes_end(struct diff_changes *changes, struct err *err)
{
	if (spool_size(&changes->waiting) > 0 &&
	    (diff_school_find(changes->schools, false, err) != 0 ||
		spool_each(&changes->waiting, put_waiting, changes, err) != 0))
		return -1;
	return flush(changes, err);
}
