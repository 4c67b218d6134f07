#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_cells.h"
#include "base/json_members.h"
#include "base/json_part.h"
#include "base/json_plain.h"
#include "base/json_rows.h"
#include "base/json_scan.h"
#include "base/mem.h"

#define PIECE_SIZE (1 << 16) /* bytes that are looked at together */

/* What may stand next in the document, white space aside. */
enum place {
	AT_START,
	AT_FIRST_KEY, /* or the end of the document's object */
	AT_KEY,
	AT_COLON,
	AT_VALUE,
	AT_FIRST_RECORD, /* or the end of the list */
	AT_RECORD,
	BEHIND_RECORD,
	BEHIND_VALUE,
	AT_END
};

/* A part of the document that json_parse_part() reads as a whole. */
enum part { NO_PART, KEY, VALUE, RECORD };

struct json_rows {
	char *list;
	struct json_rows_columns columns;
	struct json_origin origin;
	char *name;		  /* the origin's */
	struct json_plain *plain; /* NULL: every record is parsed */
	struct csv_cell *cells;
	struct buf text; /* of the cells of a parsed record */

	struct buf bytes; /* from the start of the part at hand */
	size_t at;	  /* how many of them were passed */
	bool started;	  /* a byte was passed */
	size_t line;	  /* of the byte at hand or the part, from 1 */
	enum place place;

	enum part part;	   /* the part at hand */
	size_t part_start; /* in bytes */
	bool part_cut;	   /* its bytes did not come at once */
	struct json_part pass;

	struct json_members members; /* of the document's object */
	bool in_records;	     /* in the list itself, not one object */
	uint64_t count;

	bool failed;
	struct err err; /* the failure, which is repeated */
};

struct json_rows *
json_rows_begin(const char *list, const struct json_rows_columns *columns,
    const struct json_origin *origin)
{
	struct json_rows *rows;

	rows = mem_zalloc(1, sizeof(*rows));
	rows->list = mem_strdup(list);
	rows->columns = *columns;
	rows->origin = *origin;
	rows->name = mem_strdup(origin->name);
	rows->origin.name = rows->name;
	rows->plain = json_plain_new(columns);
	rows->cells = mem_zalloc(columns->count + 1, sizeof(*rows->cells));
	rows->line = 1;
	return rows;
}

void
json_rows_parse_all(struct json_rows *rows)
{
	json_plain_free(rows->plain);
	rows->plain = NULL;
}

static int
refuse(struct json_rows *rows, const char *why)
{
	return json_scan_refuse(&rows->origin, rows->line, why, &rows->err);
}

/* A byte that stands where it may not. */
static int
refuse_byte(struct json_rows *rows, unsigned char c)
{
	if (c < ' ' || c == 0x7f)
		return refuse(
		    rows, c == '\0' ? JSON_SCAN_NUL : JSON_SCAN_CONTROL);
	if (c >= 0x80 && (c < 0xc2 || c > 0xf4))
		return refuse(rows, JSON_SCAN_NOT_UTF8);
	return refuse(rows,
	    rows->place == AT_END ? JSON_SCAN_BEHIND : JSON_SCAN_MISPLACED);
}

/* JSON, but not the records that were asked for. */
static int
refuse_shape(struct json_rows *rows, const char *what)
{
	return err_set(&rows->err, rows->origin.code,
	    "%s:%zu: %s where records should stand", rows->name, rows->line,
	    what);
}

static bool
starts_value(char c)
{
	return c != '\0' && strchr("[{\"-0123456789tfn", c) != NULL;
}

static int
hand_on(struct json_rows *rows)
{
	return rows->columns.record(rows->columns.arg, rows->cells,
	    rows->columns.count, (uint32_t)rows->count++);
}

static int
parsed_record(struct json_rows *rows, const struct json *json)
{
	if (!json_cells_fill(&rows->columns, json, rows->cells, &rows->text))
		return err_set(&rows->err, rows->origin.code,
		    "%s:%zu: an object or a list stands where a value should"
		    " stand",
		    rows->name, rows->line);
	return hand_on(rows);
}

static int
parsed_key(struct json_rows *rows, const struct json *json)
{
	if (!json_members_add(&rows->members, rows->list, json_text(json),
		rows->bytes.data + rows->part_start,
		rows->at - rows->part_start))
		return refuse(rows, JSON_SCAN_TWICE);
	if (rows->members.keys.len > rows->origin.max_bytes)
		return err_set(&rows->err, rows->origin.code,
		    "%s:%zu: more than"
		    " the %zu bytes that are read of its keys",
		    rows->name, rows->line, rows->origin.max_bytes);
	return 0;
}

static int
parsed_value(struct json_rows *rows, const struct json *json)
{
	enum json_kind kind;

	kind = json_kind(json);
	if (rows->members.in_count)
		json_members_count(&rows->members, json, &rows->origin);
	if (!rows->members.in_list || kind == JSON_NULL)
		return 0;
	if (kind == JSON_TEXT && json_text(json)[0] == '\0')
		return 0;
	return refuse_shape(rows, "a single value stands");
}

/* How many lists and objects are around the part at hand. */
static size_t
depth(const struct json_rows *rows)
{
	return rows->part == RECORD && rows->in_records ? 2 : 1;
}

static struct json *
parse_part(struct json_rows *rows)
{
	struct json_place place = { rows->line, depth(rows) };

	return json_parse_part(rows->bytes.data + rows->part_start,
	    rows->at - rows->part_start, &place, &rows->origin, &rows->err);
}

static int
refuse_long_part(struct json_rows *rows)
{
	return err_set(&rows->err, rows->origin.code,
	    "%s:%zu: more than"
	    " the %zu bytes that are read of one %s",
	    rows->name, rows->line, rows->origin.max_bytes,
	    rows->part == RECORD ? "record" : "value");
}

static const enum place behind_part[] = {
	[KEY] = AT_COLON, [VALUE] = BEHIND_VALUE
};

static void
part_close(struct json_rows *rows)
{
	const char *p, *end;

	if (rows->part == RECORD)
		rows->place = rows->in_records ? BEHIND_RECORD : BEHIND_VALUE;
	else
		rows->place = behind_part[rows->part];
	rows->part = NO_PART;
	end = rows->bytes.data + rows->at;
	p = rows->bytes.data + rows->part_start;
	for (; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		rows->line++;
}

/* Reads the part, which ends where the reader stands. */
static int
part_parse(struct json_rows *rows)
{
	struct json *json;
	int rc;

	json = parse_part(rows);
	if (json == NULL)
		return -1;
	if (rows->part == KEY)
		rc = parsed_key(rows, json);
	else if (rows->part == VALUE)
		rc = parsed_value(rows, json);
	else
		rc = parsed_record(rows, json);
	json_free(json);
	if (rc == 0)
		part_close(rows);
	return rc;
}

/*
 * Reads the record that starts where the reader stands in one pass; the bytes
 * may end behind it. Returns 1 when it was one, 0 when it is not plain or not
 * all there, -1 to stop.
 */
static int
record_plain(struct json_rows *rows, size_t start)
{
	size_t len, lines, max;

	lines = 0;
	if (rows->plain == NULL)
		return 0;
	/* Nothing that short has too many values. */
	max = rows->origin.max_bytes < JSON_VALUES_MAX ?
	    rows->origin.max_bytes :
	    JSON_VALUES_MAX;
	len = json_plain_read(rows->plain, rows->bytes.data + start,
	    rows->bytes.len - start, max, rows->cells, &lines);
	if (len == 0)
		return 0;
	if (hand_on(rows) != 0)
		return -1;
	rows->line += lines;
	rows->at = start + len;
	rows->part = NO_PART;
	rows->place = rows->in_records ? BEHIND_RECORD : BEHIND_VALUE;
	return 1;
}

static int
part_end(struct json_rows *rows)
{
	int rc;

	if (rows->at - rows->part_start > rows->origin.max_bytes)
		return refuse_long_part(rows);
	if (rows->part == RECORD && rows->part_cut) {
		rc = record_plain(rows, rows->part_start);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	return part_parse(rows);
}

/* Goes on with the part at hand until it ends or the bytes do. */
static int
part_go_on(struct json_rows *rows)
{
	rows->at += json_part_pass(&rows->pass, rows->bytes.data + rows->at,
	    rows->bytes.len - rows->at);
	if (rows->pass.ended)
		return part_end(rows);
	rows->part_cut = true;
	if (rows->at - rows->part_start > rows->origin.max_bytes)
		return refuse_long_part(rows);
	return 0;
}

static int
part_begin(struct json_rows *rows, enum part part)
{
	rows->part = part;
	rows->part_start = rows->at;
	rows->part_cut = false;
	rows->pass = (struct json_part){ 0 };
	return 0;
}

static int
record_begin(struct json_rows *rows)
{
	int rc;

	rc = record_plain(rows, rows->at);
	return rc == 0 ? part_begin(rows, RECORD) : rc < 0 ? -1 : 0;
}

static int
go_on_at(struct json_rows *rows, enum place place)
{
	rows->at++;
	rows->place = place;
	return 0;
}

static int
at_start(struct json_rows *rows, char c)
{
	const char *bytes;

	bytes = rows->bytes.data + rows->at;
	if (c == '{')
		return go_on_at(rows, AT_FIRST_KEY);
	if (starts_value(c))
		return refuse_shape(rows, "no object stands");
	if (!rows->started && rows->bytes.len - rows->at >= 3 &&
	    memcmp(bytes, JSON_SCAN_BOM, 3) == 0)
		return refuse(rows, JSON_SCAN_MARKED);
	return refuse_byte(rows, (unsigned char)c);
}

static int
at_value(struct json_rows *rows, char c)
{
	if (rows->members.in_list && c == '[') {
		rows->in_records = true;
		return go_on_at(rows, AT_FIRST_RECORD);
	}
	if (rows->members.in_list && c == '{') {
		rows->in_records = false;
		return record_begin(rows);
	}
	return starts_value(c) ? part_begin(rows, VALUE) :
				 refuse_byte(rows, (unsigned char)c);
}

static int
at_record(struct json_rows *rows, char c)
{
	if (c == '{')
		return record_begin(rows);
	return starts_value(c) ? refuse_shape(rows, "something else stands") :
				 refuse_byte(rows, (unsigned char)c);
}

/* One byte outside all parts that is no white space. */
static int
next_byte(struct json_rows *rows, char c)
{
	switch (rows->place) {
	case AT_START:
		return at_start(rows, c);
	case AT_FIRST_KEY:
		if (c == '}')
			return go_on_at(rows, AT_END);
		/* fallthrough */
	case AT_KEY:
		if (c == '"')
			return part_begin(rows, KEY);
		break;
	case AT_COLON:
		if (c == ':')
			return go_on_at(rows, AT_VALUE);
		break;
	case AT_VALUE:
		return at_value(rows, c);
	case AT_FIRST_RECORD:
		if (c == ']')
			return go_on_at(rows, BEHIND_VALUE);
		/* fallthrough */
	case AT_RECORD:
		return at_record(rows, c);
	case BEHIND_RECORD:
		if (c == ',')
			return go_on_at(rows, AT_RECORD);
		if (c == ']')
			return go_on_at(rows, BEHIND_VALUE);
		break;
	case BEHIND_VALUE:
		if (c == ',')
			return go_on_at(rows, AT_KEY);
		if (c == '}')
			return go_on_at(rows, AT_END);
		break;
	case AT_END:
		break;
	}
	return refuse_byte(rows, (unsigned char)c);
}

/* May be half of a byte order mark, of which one more piece decides. */
static bool
is_part_of_mark(const struct json_rows *rows)
{
	size_t len;

	len = rows->bytes.len - rows->at;
	return rows->place == AT_START && !rows->started && len < 3 &&
	    memcmp(rows->bytes.data + rows->at, JSON_SCAN_BOM, len) == 0;
}

static int
go_on(struct json_rows *rows)
{
	char c;
	int rc;

	rc = 0;
	while (rc == 0 && rows->at < rows->bytes.len) {
		if (rows->part != NO_PART) {
			rc = part_go_on(rows);
			continue;
		}
		if (is_part_of_mark(rows))
			break;
		c = rows->bytes.data[rows->at];
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			rows->line += c == '\n';
			rows->at++;
		} else {
			rc = next_byte(rows, c);
		}
		rows->started = true;
	}
	return rc;
}

/* Drops the bytes that are done and adds the piece and NULs behind it. */
static void
take(struct json_rows *rows, const char *bytes, size_t len)
{
	size_t done;

	done = rows->part == NO_PART ? rows->at : rows->part_start;
	if (done > 0) {
		memmove(rows->bytes.data, rows->bytes.data + done,
		    rows->bytes.len - done);
		rows->bytes.len -= done;
		rows->at -= done;
		rows->part_start = 0;
	}
	buf_reserve(&rows->bytes, len + JSON_PLAIN_BEHIND);
	buf_add(&rows->bytes, bytes, len);
	memset(rows->bytes.data + rows->bytes.len, 0, JSON_PLAIN_BEHIND);
}

/* Repeats the failure, if it is not the caller's own. */
static int
fail(struct json_rows *rows, struct err *err)
{
	rows->failed = true;
	if (rows->err.code != EXIT_DONE)
		err_set(err, rows->err.code, "%s", rows->err.msg);
	return -1;
}

int
json_rows_add(
    struct json_rows *rows, const char *bytes, size_t len, struct err *err)
{
	size_t step;

	if (rows->failed)
		return fail(rows, err);
	for (; len > 0; bytes += step, len -= step) {
		step = len < PIECE_SIZE ? len : PIECE_SIZE;
		take(rows, bytes, step);
		if (go_on(rows) != 0)
			return fail(rows, err);
	}
	return 0;
}

/* The document is not whole: its last part says best what is wrong. */
static int
refuse_end(struct json_rows *rows)
{
	struct json *json;

	if (rows->part != NO_PART) {
		json = parse_part(rows);
		if (json == NULL)
			return -1;
		json_free(json);
	}
	if (rows->started)
		return refuse(rows, JSON_SCAN_MISPLACED);
	return refuse(
	    rows, rows->bytes.len > 0 ? JSON_SCAN_NOT_UTF8 : JSON_SCAN_EMPTY);
}

int
json_rows_end(struct json_rows *rows, struct err *err)
{
	int rc;

	if (rows->failed)
		return fail(rows, err);
	rc = rows->place != AT_END ? refuse_end(rows) :
				     json_members_end(&rows->members,
					 rows->line, &rows->origin, &rows->err);
	return rc == 0 ? 0 : fail(rows, err);
}

uint64_t
json_rows_count(const struct json_rows *rows)
{
	return rows->count;
}

bool
json_rows_stated(const struct json_rows *rows, uint64_t *count)
{
	if (rows->members.has_stated)
		*count = rows->members.stated;
	return rows->members.has_stated;
}

void
json_rows_free(struct json_rows *rows)
{
	if (rows == NULL)
		return;
	json_plain_free(rows->plain);
	buf_free(&rows->bytes);
	buf_free(&rows->text);
	json_members_free(&rows->members);
	free(rows->cells);
	free(rows->list);
	free(rows->name);
	free(rows);
}
