#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "roster/tmpl.h"

#define CHOICES_MAX 8 /* fields between two braces */

enum filter { FILTER_NONE, FILTER_UPPER, FILTER_LOWER, FILTER_INITIAL };

static const char *const filters[] = {
	[FILTER_UPPER] = "upper",
	[FILTER_LOWER] = "lower",
	[FILTER_INITIAL] = "initial",
};

/* A field, or the {year} when table is TABLES. */
struct choice {
	uint8_t table;
	uint8_t field;
};

/* Some text as it stands, then perhaps a field. */
struct piece {
	char *text;
	size_t len;
	struct choice choices[CHOICES_MAX];
	size_t nchoices;
	enum filter filter;
};

struct tmpl {
	struct piece *pieces;
	size_t count, cap;
};

/* What compiling needs to know. */
struct compiler {
	struct tmpl *tmpl;
	unsigned tables;
	struct roster *roster;
	const char *where;
	struct err *err;
};

static int
complain(struct compiler *c, const char *wrong, size_t len, const char *nearest)
{
	if (nearest != NULL)
		err_set(c->err, EXIT_SETTINGS,
		    "%s: no \"%.*s\" here; did you"
		    " mean \"%s\"?",
		    c->where, (int)len, wrong, nearest);
	else
		err_set(c->err, EXIT_SETTINGS, "%s: no \"%.*s\" here", c->where,
		    (int)len, wrong);
	return err_hint(c->err,
	    "Nothing was read. rollbook.ini(5) lists the"
	    " tables and columns that a template can name.");
}

static int
unknown_table(struct compiler *c, const char *word, size_t len)
{
	const char *names[TABLES + 2];
	const char *nearest;
	char *wrong;
	size_t n;
	int t;

	n = 0;
	for (t = 0; t < TABLES; t++) {
		if (c->tables & (1U << t))
			names[n++] = schema[t].word;
	}
	names[n++] = "year";
	names[n] = NULL;
	wrong = mem_strndup(word, len);
	nearest = nearest_name(wrong, names);
	free(wrong);
	return complain(c, word, len, nearest);
}

static int
unknown_field(struct compiler *c, int table, const char *word, size_t len)
{
	const char *names[FIELDS_MAX + 1];
	const char *nearest;
	char *wrong;
	size_t n;

	for (n = 0; schema[table].fields[n].name != NULL; n++)
		names[n] = schema[table].fields[n].name;
	names[n] = NULL;
	wrong = mem_strndup(word, len);
	nearest = nearest_name(wrong, names);
	free(wrong);
	return complain(c, word, len, nearest);
}

/* A column is read because a setting's template names it. */
static void
want(struct table *table, int field, const char *where)
{
	table->wanted[field] = true;
	if (table->named[field] == NULL)
		table->named[field] = mem_strdup(where);
}

/* table.column or year, between start and end. */
static int
compile_choice(
    struct compiler *c, struct piece *piece, const char *start, const char *end)
{
	const char *dot;
	int table, field;

	if (piece->nchoices == CHOICES_MAX) {
		err_set(c->err, EXIT_SETTINGS,
		    "%s: more than %d fields"
		    " between two braces",
		    c->where, CHOICES_MAX);
		return err_hint(c->err, "Name fewer fallbacks.");
	}
	if (end - start == 4 && memcmp(start, "year", 4) == 0) {
		piece->choices[piece->nchoices++] = (struct choice){ TABLES,
			0 };
		return 0;
	}
	dot = memchr(start, '.', (size_t)(end - start));
	if (dot == NULL && schema_table(start, (size_t)(end - start)) != -1) {
		err_set(c->err, EXIT_SETTINGS,
		    "%s: \"%.*s\" needs a column"
		    " behind it",
		    c->where, (int)(end - start), start);
		return err_hint(c->err,
		    "Write {table.column}, such as"
		    " {course.course_name}; nothing was read.");
	}
	if (dot == NULL)
		return unknown_table(c, start, (size_t)(end - start));
	table = schema_table(start, (size_t)(dot - start));
	if (table == -1 || (c->tables & (1U << table)) == 0)
		return unknown_table(c, start, (size_t)(dot - start));
	field = schema_field(
	    (enum table_id)table, dot + 1, (size_t)(end - dot - 1));
	if (field == -1)
		return unknown_field(
		    c, table, dot + 1, (size_t)(end - dot - 1));
	piece->choices[piece->nchoices++] = (struct choice){ (uint8_t)table,
		(uint8_t)field };
	want(&c->roster->tables[table], field, c->where);
	return 0;
}

static int
compile_filter(
    struct compiler *c, struct piece *piece, const char *name, size_t len)
{
	size_t i;

	for (i = 1; i < sizeof(filters) / sizeof(filters[0]); i++) {
		if (strlen(filters[i]) == len &&
		    memcmp(filters[i], name, len) == 0) {
			piece->filter = (enum filter)i;
			return 0;
		}
	}
	err_set(c->err, EXIT_SETTINGS, "%s: no filter \":%.*s\"", c->where,
	    (int)len, name);
	return err_hint(c->err,
	    "The filters are :upper, :lower and"
	    " :initial; nothing was read.");
}

/* What stands between { and }: choices with | between, then a filter. */
static int
compile_field(
    struct compiler *c, struct piece *piece, const char *start, const char *end)
{
	const char *colon, *stop, *bar;

	colon = memchr(start, ':', (size_t)(end - start));
	stop = colon == NULL ? end : colon;
	for (;;) {
		bar = memchr(start, '|', (size_t)(stop - start));
		if (compile_choice(c, piece, start, bar == NULL ? stop : bar) !=
		    0)
			return -1;
		if (bar == NULL)
			break;
		start = bar + 1;
	}
	return colon == NULL ?
	    0 :
	    compile_filter(c, piece, colon + 1, (size_t)(end - colon - 1));
}

static struct piece *
piece_add(struct tmpl *tmpl)
{
	tmpl->pieces = mem_grow(
	    tmpl->pieces, tmpl->count, &tmpl->cap, sizeof(*tmpl->pieces));
	tmpl->pieces[tmpl->count] = (struct piece){ 0 };
	return &tmpl->pieces[tmpl->count++];
}

static int
compile_pieces(struct compiler *c, const char *text)
{
	struct buf literal = { 0 };
	struct piece *piece;
	const char *end;
	int rc;

	for (rc = 0; rc == 0 && *text != '\0'; text++) {
		if ((*text == '{' && text[1] == '{') ||
		    (*text == '}' && text[1] == '}')) {
			buf_addc(&literal, *text++);
			continue;
		}
		if (*text != '{') {
			buf_addc(&literal, *text);
			continue;
		}
		end = text + 1 + strcspn(text + 1, "{}");
		if (*end != '}') {
			err_set(c->err, EXIT_SETTINGS,
			    "%s: a \"{\" is never"
			    " closed",
			    c->where);
			err_hint(c->err,
			    "Close it with \"}\", or write"
			    " \"{{\" for a brace; nothing was read.");
			rc = -1;
			break;
		}
		piece = piece_add(c->tmpl);
		piece->len = literal.len;
		piece->text = mem_strndup(buf_str(&literal), literal.len);
		literal.len = 0;
		rc = compile_field(c, piece, text + 1, end);
		text = end;
	}
	if (literal.len > 0) {
		piece = piece_add(c->tmpl);
		piece->len = literal.len;
		piece->text = mem_strndup(buf_str(&literal), literal.len);
	}
	buf_free(&literal);
	return rc;
}

struct tmpl *
tmpl_compile(const char *text, unsigned tables, struct roster *roster,
    const char *where, struct err *err)
{
	struct compiler c = { mem_zalloc(1, sizeof(struct tmpl)), tables,
		roster, where, err };

	if (compile_pieces(&c, text) != 0) {
		tmpl_free(c.tmpl);
		return NULL;
	}
	return c.tmpl;
}

void
tmpl_free(struct tmpl *tmpl)
{
	size_t i;

	if (tmpl == NULL)
		return;
	for (i = 0; i < tmpl->count; i++)
		free(tmpl->pieces[i].text);
	free(tmpl->pieces);
	free(tmpl);
}

/* The cell of a text field; a missing course reads as its number. */
static sym
field_cell(const struct tmpl_rows *rows, struct choice choice)
{
	uint32_t row;

	row = rows->rows[choice.table];
	if (row != ROW_NONE)
		return table_sym(
		    &rows->roster->tables[choice.table], choice.field, row);
	if (choice.table == T_COURSE &&
	    (choice.field == COURSE_NUMBER || choice.field == COURSE_NAME))
		return rows->course_number;
	return (sym){ 0 };
}

static bool
is_date(struct choice choice)
{
	return schema[choice.table].fields[choice.field].type == FIELD_DATE;
}

/* The text of one field; scratch holds it when it is made here. */
static struct str
field_text(const struct tmpl_rows *rows, struct choice choice,
    char scratch[DATE_TEXT_SIZE])
{
	uint32_t row;

	if (choice.table == TABLES)
		return (struct str){ rows->year, strlen(rows->year) };
	if (!is_date(choice))
		return intern_text(
		    rows->roster->intern, field_cell(rows, choice), scratch);
	row = rows->rows[choice.table];
	date_format(row == ROW_NONE ?
		DATE_BLANK :
		table_date(
		    &rows->roster->tables[choice.table], choice.field, row),
	    scratch);
	return (struct str){ scratch, strlen(scratch) };
}

static void
add_filtered(struct buf *out, struct str text, enum filter filter)
{
	uint32_t cp;
	char *at;

	switch (filter) {
	case FILTER_NONE:
		buf_add(out, text.bytes, text.len);
		break;
	case FILTER_INITIAL:
		buf_add(
		    out, text.bytes, utf8_decode(text.bytes, text.len, &cp));
		break;
	case FILTER_LOWER:
	case FILTER_UPPER:
		at = buf_reserve(out, text.len * UTF8_CASE_GROWTH);
		out->len += filter == FILTER_LOWER ?
		    utf8_lower(text.bytes, text.len, at) :
		    utf8_upper(text.bytes, text.len, at);
		break;
	}
}

static void
trim(struct buf *out)
{
	size_t start;

	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	for (start = 0; start < out->len && out->data[start] == ' '; start++)
		continue;
	if (start > 0) {
		out->len -= start;
		memmove(out->data, out->data + start, out->len);
	}
}

bool
tmpl_render(
    const struct tmpl *tmpl, const struct tmpl_rows *rows, struct buf *out)
{
	char scratch[DATE_TEXT_SIZE];
	const struct piece *piece;
	struct str text;
	bool filled;
	size_t i, j;

	out->len = 0;
	filled = true;
	for (i = 0; i < tmpl->count; i++) {
		piece = &tmpl->pieces[i];
		buf_add(out, piece->text, piece->len);
		text.len = 0;
		for (j = 0; j < piece->nchoices && text.len == 0; j++)
			text = field_text(rows, piece->choices[j], scratch);
		if (text.len > 0)
			add_filtered(out, text, piece->filter);
		else if (piece->nchoices > 0)
			filled = false;
	}
	trim(out);
	return filled;
}

bool
tmpl_cell(const struct tmpl *tmpl, const struct tmpl_rows *rows, sym *cell)
{
	const struct piece *piece;
	size_t i;

	piece = tmpl->pieces;
	if (tmpl->count != 1 || piece->len > 0 || piece->filter != FILTER_NONE)
		return false;
	*cell = (sym){ 0 };
	for (i = 0; i < piece->nchoices && cell->id == 0; i++) {
		if (piece->choices[i].table == TABLES ||
		    is_date(piece->choices[i]))
			return false;
		*cell = field_cell(rows, piece->choices[i]);
	}
	return true;
}
