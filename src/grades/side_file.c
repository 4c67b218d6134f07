#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/idmap.h"
#include "base/mem.h"
#include "grades/gradebook_cell.h"
#include "grades/gradebook_file.h"
#include "grades/side_file.h"

#define SIDE_FILE_BYTES_MAX ((size_t)64 << 20)

enum field { ID, NAME, DUE_DATE, CATEGORY, ABBREVIATION, EXTRA_POINTS, FIELDS };

/* The titles that are known. */
static const struct {
	const char *title;
	enum field field;
} titles[] = {
	{ "assignment id", ID },
	{ "canvas assignment id", ID },
	{ "name", NAME },
	{ "assignment name", NAME },
	{ "due date", DUE_DATE },
	{ "category", CATEGORY },
	{ "abbreviation", ABBREVIATION },
	{ "extra points", EXTRA_POINTS },
};

struct row {
	char *fields[FIELDS]; /* "" blank; dates and numbers in one form */
	uint32_t line;	      /* from 1 */
	bool found, ambiguous;
	unsigned hits; /* assignments of one course with its name */
};

struct ignored {
	char *title;
	uint32_t line;
};

struct side_file {
	struct row *rows;
	size_t nrows, caprows;
	struct intern *texts;
	struct idmap ids;   /* from an id to its row */
	struct idmap names; /* from a name to its row, which has no id */
	struct ignored *ignored;
	size_t nignored, capignored;
};

/* A side file while it is read. */
struct reading {
	struct gradebook_file file;
	struct side_file *side;
	size_t place[FIELDS]; /* of each; SIZE_MAX: not there */
	size_t width;	      /* 0: the header comes next */
	struct err *err;
};

static enum field
field_of(struct str title)
{
	size_t i;

	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		if (gradebook_cell_is(title, titles[i].title))
			return titles[i].field;
	}
	return FIELDS;
}

static bool
fits(const struct csv_cell *cells, size_t ncells)
{
	bool found[FIELDS + 1] = { false };
	size_t i;

	for (i = 0; i < ncells; i++)
		found[field_of(gradebook_cell_text(&cells[i]))] = true;
	return (found[ID] || found[NAME]) &&
	    (found[DUE_DATE] || found[CATEGORY] || found[ABBREVIATION] ||
		found[EXTRA_POINTS]);
}

/* Fails because of one cell. */
static int
refuse(struct reading *r, uint32_t line, size_t cell, const char *why)
{
	return err_set(r->err, EXIT_SOURCE,
	    "%s:%u:%zu: %s; nothing was written", r->file.name, line + 1,
	    gradebook_file_column(&r->file, line, cell), why);
}

static int
take_header(struct reading *r, const struct csv_cell *cells, size_t ncells,
    uint32_t line)
{
	struct side_file *side;
	enum field field;
	struct str title;
	size_t i;

	side = r->side;
	r->width = ncells;
	for (i = 0; i < FIELDS; i++)
		r->place[i] = SIZE_MAX;
	for (i = 0; i < ncells; i++) {
		title = gradebook_cell_text(&cells[i]);
		field = field_of(title);
		if (field < FIELDS && r->place[field] != SIZE_MAX)
			return refuse(
			    r, line, i, "a second column of that title");
		if (field < FIELDS) {
			r->place[field] = i;
			continue;
		}
		if (title.len == 0)
			continue;
		side->ignored = mem_grow(side->ignored, side->nignored,
		    &side->capignored, sizeof(*side->ignored));
		side->ignored[side->nignored++] = (struct ignored){
			mem_strndup(title.bytes, title.len), line + 1
		};
	}
	return 0;
}

/* A cell in the form in which it goes into the course; NULL: it is none. */
static char *
field_text(enum field field, struct str cell, const char **why)
{
	char text[DECIMAL_TEXT_SIZE];
	struct decimal number;
	bool percent;
	int32_t date;

	*why = NULL;
	if (cell.len == 0)
		return mem_strdup("");
	if (field == ID && gradebook_cell_is_rounded(cell))
		*why = "an id that a spreadsheet program rounded";
	if (field == DUE_DATE) {
		date = date_parse(cell.bytes, cell.len);
		if (date == DATE_BAD)
			*why = "not a date as 2026-09-30 or 9/30/2026";
		else
			date_format(date, text);
	} else if (field == EXTRA_POINTS) {
		if (decimal_parse_cell(
			cell.bytes, cell.len, &number, &percent) != 0 ||
		    percent || number.negative)
			*why = "not a number of points";
		else
			decimal_text(&number, text);
	} else if (*why == NULL) {
		return mem_strndup(cell.bytes, cell.len);
	}
	return *why != NULL ? NULL : mem_strdup(text);
}

/* The row of that text, NULL when there is none. */
static struct row *
row_of(const struct side_file *side, const struct idmap *map, const char *text)
{
	uint32_t i;
	sym found;

	if (!intern_find(side->texts, text, strlen(text), &found) ||
	    !idmap_get(map, found.id, &i))
		return NULL;
	return &side->rows[i];
}

static void
row_free(struct row *row)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		free(row->fields[i]);
}

/* Keeps the row, unless there is one about its assignment that says the same.
 */
static int
keep_row(struct reading *r, struct row *row)
{
	struct side_file *side;
	const struct row *other;
	struct idmap *map;
	const char *key;
	size_t i;

	side = r->side;
	map = *row->fields[ID] != '\0' ? &side->ids : &side->names;
	key = row->fields[map == &side->ids ? ID : NAME];
	other = row_of(side, map, key);
	if (other == NULL) {
		side->rows = mem_grow(side->rows, side->nrows, &side->caprows,
		    sizeof(*side->rows));
		idmap_put(map, intern_add(side->texts, key, strlen(key)).id,
		    (uint32_t)side->nrows);
		side->rows[side->nrows++] = *row;
		*row = (struct row){ .line = 0 };
		return 0;
	}
	for (i = DUE_DATE; i < FIELDS; i++) {
		if (strcmp(other->fields[i], row->fields[i]) != 0)
			return err_set(r->err, EXIT_SOURCE,
			    "%s:%u:%zu: line %u says something else of the"
			    " same assignment; nothing was written",
			    r->file.name, row->line,
			    gradebook_file_column(
				&r->file, row->line - 1, r->place[i]),
			    other->line);
	}
	return 0;
}

static int
take_row(struct reading *r, const struct csv_cell *cells, size_t ncells,
    struct row *row)
{
	const char *why;
	size_t i;

	for (i = 0; i < FIELDS; i++) {
		row->fields[i] = field_text((enum field)i,
		    gradebook_cell_at(cells, ncells, r->place[i]), &why);
		if (row->fields[i] == NULL)
			return refuse(r, row->line - 1, r->place[i], why);
	}
	if (*row->fields[ID] == '\0' && *row->fields[NAME] == '\0')
		return refuse(
		    r, row->line - 1, 0, "no assignment id and no name");
	return keep_row(r, row);
}

static int
take_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct row row = { .line = line + 1 };
	struct reading *r;
	int rc;

	r = arg;
	if (r->width == 0)
		return take_header(r, cells, ncells, line);
	if (gradebook_cell_all_blank(cells, ncells))
		return 0;
	if (ncells > r->width &&
	    !gradebook_cell_all_blank(cells + r->width, ncells - r->width))
		return refuse(
		    r, line, r->width, "the row is longer than the header");
	rc = take_row(r, cells, ncells, &row);
	row_free(&row);
	return rc;
}

struct side_file *
side_file_parse(const char *name, char *bytes, size_t len, struct err *err)
{
	struct reading r = { .err = err };

	r.side = mem_zalloc(1, sizeof(*r.side));
	r.side->texts = intern_new();
	if (gradebook_file_open(&r.file, name, bytes, len, fits,
		"a list of assignments", err) != 0) {
		err_hint(err,
		    "start it with: assignment id,due date,category,"
		    "abbreviation,extra points");
		goto bad;
	}
	if (gradebook_file_records(&r.file, take_record, &r, err) != 0)
		goto bad;
	return r.side;
bad:
	side_file_free(r.side);
	return NULL;
}

struct side_file *
side_file_read(const char *path, struct err *err)
{
	struct side_file *side;
	struct buf buf = { 0 };

	side = NULL;
	if (gradebook_file_load(path, SIDE_FILE_BYTES_MAX, &buf, err) == 0)
		side = side_file_parse(path, buf.data, buf.len, err);
	buf_free(&buf);
	return side;
}

void
side_file_free(struct side_file *side)
{
	size_t i;

	if (side == NULL)
		return;
	for (i = 0; i < side->nrows; i++)
		row_free(&side->rows[i]);
	for (i = 0; i < side->nignored; i++)
		free(side->ignored[i].title);
	free(side->rows);
	free(side->ignored);
	idmap_free(&side->ids);
	idmap_free(&side->names);
	intern_free(side->texts);
	free(side);
}

static void
put(struct course *course, const char **to, const char *text)
{
	if (*text != '\0')
		*to = course_keep(course, text, strlen(text));
}

static void
apply_row(struct row *row, struct course *course,
    struct course_assignment *assignment)
{
	row->found = true;
	put(course, &assignment->due_date, row->fields[DUE_DATE]);
	put(course, &assignment->category, row->fields[CATEGORY]);
	put(course, &assignment->abbreviation, row->fields[ABBREVIATION]);
	put(course, &assignment->extra_points, row->fields[EXTRA_POINTS]);
}

void
side_file_apply(struct side_file *side, struct course *course)
{
	struct course_assignment *assignment;
	struct row *row;
	size_t i;

	for (i = 0; i < side->nrows; i++)
		side->rows[i].hits = 0;
	for (i = 0; i < course->nassignments; i++) {
		row = row_of(side, &side->names, course->assignments[i].name);
		if (row != NULL)
			row->hits++;
	}
	for (i = 0; i < course->nassignments; i++) {
		assignment = &course->assignments[i];
		row = row_of(side, &side->ids, assignment->id);
		if (row == NULL)
			row = row_of(side, &side->names, assignment->name);
		if (row != NULL && row->hits > 1)
			row->ambiguous = true;
		else if (row != NULL)
			apply_row(row, course, assignment);
	}
}

void
side_file_notes(
    const struct side_file *side, side_file_note_fn *note, void *arg)
{
	struct side_file_note said;
	const struct row *row;
	size_t i;

	for (i = 0; i < side->nignored; i++) {
		said = (struct side_file_note){ SIDE_FILE_COLUMN_IGNORED,
			side->ignored[i].line, side->ignored[i].title };
		note(arg, &said);
	}
	for (i = 0; i < side->nrows; i++) {
		row = &side->rows[i];
		if (row->found && !row->ambiguous)
			continue;
		said = (struct side_file_note){ row->ambiguous ?
			    SIDE_FILE_AMBIGUOUS :
			    SIDE_FILE_NOT_FOUND,
			row->line,
			*row->fields[ID] != '\0' ? row->fields[ID] :
						   row->fields[NAME] };
		note(arg, &said);
	}
}
