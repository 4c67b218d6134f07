#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "grades/gradebook_reading.h"
#include "grades/gradebook_survey.h"

/* Does a cell beside the name say who it is? */
static bool
is_identified(const struct gradebook_reading *r, const struct csv_cell *cells,
    size_t ncells)
{
	static const enum gradebook_role roles[] = { GRADEBOOK_ID,
		GRADEBOOK_SIS_ID, GRADEBOOK_LOGIN_ID, GRADEBOOK_INTEGRATION_ID,
		GRADEBOOK_SECTION };
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (gradebook_reading_identity(r, cells, ncells, roles[i]).len >
		    0)
			return true;
	}
	return false;
}

/*
 * Could a row that names nobody be the points in another language? Its cells
 * below assignments are numbers, or marked as read-only, and there are some.
 */
static bool
is_points_like(const struct gradebook_reading *r, const struct csv_cell *cells,
    size_t ncells)
{
	struct decimal number;
	struct str text;
	bool some;
	size_t i;

	some = false;
	for (i = 1; i < ncells && i < r->header.ncolumns; i++) {
		text = gradebook_cell_text(&cells[i]);
		some |= text.len > 0;
		if (r->header.columns[i].id.len > 0 && text.len > 0 &&
		    text.bytes[0] != '(' &&
		    gradebook_cell_kind(text, &number, NULL) !=
			GRADEBOOK_CELL_NUMBER)
			return false;
	}
	return some;
}

static enum gradebook_row
row_kind(const struct gradebook_reading *r, const struct csv_cell *cells,
    size_t ncells)
{
	struct str first;

	if (gradebook_cell_all_blank(cells, ncells))
		return GRADEBOOK_ROW_IS_BLANK;
	first = gradebook_cell_at(cells, ncells, 0);
	if (gradebook_reading_identity(r, cells, ncells, GRADEBOOK_ID).len ==
		0 &&
	    gradebook_cell_has(first, "Points Possible"))
		return GRADEBOOK_ROW_IS_POINTS;
	if (is_identified(r, cells, ncells))
		return GRADEBOOK_ROW_IS_STUDENT;
	if (r->students_seen)
		return GRADEBOOK_ROW_IS_OTHER;
	if (gradebook_cell_is(first, "Manual Posting") ||
	    gradebook_cell_is(first, "Muted"))
		return GRADEBOOK_ROW_IS_HIDDEN; /* written by hand */
	if (first.len == 0 &&
	    gradebook_reading_identity(r, cells, ncells, GRADEBOOK_FIRST_NAME)
		    .len == 0)
		return GRADEBOOK_ROW_IS_HIDDEN;
	return !r->points_seen && is_points_like(r, cells, ncells) ?
	    GRADEBOOK_ROW_IS_POINTS :
	    GRADEBOOK_ROW_IS_OTHER;
}

static void
read_points(
    struct gradebook_reading *r, const struct csv_cell *cells, size_t ncells)
{
	struct gradebook_column *column;
	struct decimal number;
	char text[DECIMAL_TEXT_SIZE];
	size_t i;

	for (i = 0; i < ncells && i < r->header.ncolumns; i++) {
		column = &r->header.columns[i];
		column->top = gradebook_cell_kind(
		    gradebook_cell_text(&cells[i]), &number, NULL);
		if (column->top == GRADEBOOK_CELL_NUMBER) {
			decimal_text(&number, text);
			column->points = course_keep(
			    r->course, text, strlen(text));
		}
	}
}

/* "Muted" of older versions says that students see none of the scores. */
static void
read_hidden(
    struct gradebook_reading *r, const struct csv_cell *cells, size_t ncells)
{
	struct gradebook_column *column;
	struct str text;
	size_t i;

	for (i = 0; i < ncells && i < r->header.ncolumns; i++) {
		column = &r->header.columns[i];
		text = gradebook_cell_text(&cells[i]);
		column->posts_manually |= text.len > 0;
		column->muted |= gradebook_cell_is(text, "Muted");
	}
}

/*
 * A separator in a name without quotes moves all cells of a row: it has one
 * more than the header then, and the id is no number.
 */
static int
check_width(struct gradebook_reading *r, const struct csv_cell *cells,
    size_t ncells, uint32_t line)
{
	struct decimal number;
	struct str id;
	size_t width;

	width = r->header.ncolumns;
	if (ncells <= width)
		return 0;
	id = gradebook_reading_identity(r, cells, ncells, GRADEBOOK_ID);
	if (gradebook_cell_all_blank(cells + width, ncells - width) &&
	    (id.len == 0 || decimal_parse(id.bytes, id.len, &number) == 0))
		return 0;
	err_set(r->err, EXIT_SOURCE,
	    "%s:%" PRIu32 ":%zu: the row has %zu cells, the header %zu;"
	    " nothing was written",
	    r->file.name, line + 1,
	    gradebook_file_column(&r->file, line, width), ncells, width);
	return err_hint(r->err,
	    "a comma in a name or number may be without quotes around it: "
	    "export the gradebook again");
}

/* Counts what the columns hold; notes a row that lacks assignments. */
static void
count_cells(struct gradebook_reading *r, const struct csv_cell *cells,
    size_t ncells, uint32_t line)
{
	struct gradebook_column *column;
	struct decimal number;
	size_t i;

	for (i = 0; i < r->header.ncolumns; i++) {
		column = &r->header.columns[i];
		if (column->role < GRADEBOOK_IDENTITY)
			continue;
		if (i >= ncells && column->id.len > 0) {
			gradebook_reading_say(
			    r, GRADEBOOK_ROW_SHORT, line + 1, ncells);
			return;
		}
		switch (gradebook_cell_kind(
		    gradebook_cell_at(cells, ncells, i), &number, NULL)) {
		case GRADEBOOK_CELL_BLANK:
			break;
		case GRADEBOOK_CELL_NUMBER:
			column->numbers++;
			break;
		case GRADEBOOK_CELL_EXCUSED:
		case GRADEBOOK_CELL_UNASSIGNED:
			column->marks++;
			break;
		case GRADEBOOK_CELL_WORDS:
			column->words++;
			break;
		}
	}
}

static int
survey_student(struct gradebook_reading *r, const struct csv_cell *cells,
    size_t ncells, uint32_t line)
{
	struct str section;

	if (check_width(r, cells, ncells, line) != 0)
		return -1;
	if (!r->students_seen && !r->points_seen)
		gradebook_reading_say(r, GRADEBOOK_NO_POINTS_ROW, 0, 0);
	r->students_seen = true;
	section = gradebook_reading_identity(
	    r, cells, ncells, GRADEBOOK_SECTION);
	if (section.len > 0)
		gradebook_sections_add(r->sections, section, line + 1);
	count_cells(r, cells, ncells, line);
	return 0;
}

int
gradebook_survey_record(
    void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct gradebook_reading *r;
	enum gradebook_row kind;

	r = arg;
	r->last_line = line;
	r->last_cells = ncells;
	kind = r->nkinds == 0 ? GRADEBOOK_ROW_IS_HEADER :
				row_kind(r, cells, ncells);
	if (kind == GRADEBOOK_ROW_IS_POINTS && r->points_seen)
		kind = GRADEBOOK_ROW_IS_OTHER;
	r->kinds = mem_grow(r->kinds, r->nkinds, &r->capkinds, 1);
	r->kinds[r->nkinds++] = (unsigned char)kind;
	switch (kind) {
	case GRADEBOOK_ROW_IS_HEADER:
		gradebook_header_read(&r->header, r->course, cells, ncells);
		return 0;
	case GRADEBOOK_ROW_IS_HIDDEN:
		read_hidden(r, cells, ncells);
		return 0;
	case GRADEBOOK_ROW_IS_POINTS:
		r->points_seen = true;
		read_points(r, cells, ncells);
		return 0;
	case GRADEBOOK_ROW_IS_STUDENT:
		return survey_student(r, cells, ncells, line);
	case GRADEBOOK_ROW_IS_OTHER:
		gradebook_reading_say(r, GRADEBOOK_ROW_PASSED, line + 1, 0);
		return 0;
	case GRADEBOOK_ROW_IS_BLANK:
		break;
	}
	return 0;
}
