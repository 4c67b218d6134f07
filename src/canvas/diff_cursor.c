#include <string.h>

#include "canvas/diff_cursor.h"
#include "canvas/diff_order.h"

int
diff_cursor_open(struct diff_cursor *cursor, const struct diff_side *side,
    size_t memory, struct err *err)
{
	int ordered;

	*cursor = (struct diff_cursor){ .side = side };
	ordered = side->nlayouts == 1 ?
	    diff_order_of_file(&side->layouts[0], err) :
	    side->nlayouts == 0;
	if (ordered == -1)
		return -1;
	cursor->direct = ordered == 1;
	if (!cursor->direct) {
		cursor->sort = diff_sort_side(side, memory, err);
		if (cursor->sort == NULL)
			return -1;
	}
	return diff_cursor_rewind(cursor, err);
}

void
diff_cursor_close(struct diff_cursor *cursor)
{
	diff_walk_free(&cursor->walk);
	diff_sort_free(cursor->sort);
	buf_free(&cursor->own_key);
	*cursor = (struct diff_cursor){ 0 };
}

int
diff_cursor_rewind(struct diff_cursor *cursor, struct err *err)
{
	cursor->rows = 0;
	cursor->at_end = false;
	cursor->record = (struct diff_record){ 0 };
	if (!cursor->direct)
		return diff_sort_rewind(cursor->sort, err);
	diff_walk_free(&cursor->walk);
	if (cursor->side->nlayouts == 1)
		diff_side_walk(&cursor->side->layouts[0], &cursor->walk);
	return 0;
}

static int
next_in_file(struct diff_cursor *cursor, struct err *err)
{
	int rc;

	do {
		diff_walk_pass(&cursor->walk, &cursor->record);
		rc = diff_walk_peek(&cursor->walk, &cursor->record, err);
	} while (rc == 1 &&
	    !diff_side_key(&cursor->side->layouts[0], &cursor->record,
		&cursor->walk.cells, &cursor->own_key));
	cursor->key = &cursor->own_key;
	return rc;
}

static int
next_sorted(struct diff_cursor *cursor, struct err *err)
{
	struct diff_sorted row;
	int rc;

	rc = diff_sort_next(cursor->sort, &row, err);
	if (rc != 1)
		return rc;
	cursor->key = row.key;
	cursor->layout = row.layout;
	cursor->record = (struct diff_record){ .bytes = row.record.bytes,
		.len = row.record.len,
		.quoted = memchr(row.record.bytes, '"', row.record.len) !=
		    NULL };
	return 1;
}

int
diff_cursor_next(struct diff_cursor *cursor, struct err *err)
{
	int rc;

	if (cursor->at_end)
		return 0;
	if (cursor->side->nlayouts == 0)
		rc = 0;
	else
		rc = cursor->direct ? next_in_file(cursor, err) :
				      next_sorted(cursor, err);
	if (rc == -1)
		return -1;
	cursor->at_end = rc == 0;
	cursor->rows += rc == 1;
	return 0;
}

size_t
diff_cursor_place(const struct diff_cursor *cursor)
{
	if (!cursor->direct || cursor->side->nlayouts == 0)
		return SIZE_MAX;
	return (size_t)(cursor->walk.at - cursor->walk.file->bytes);
}

uint64_t
diff_cursor_repeated(const struct diff_cursor *cursor)
{
	return cursor->sort == NULL ? 0 : diff_sort_repeated(cursor->sort);
}
