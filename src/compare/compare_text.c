#include <stdlib.h>
#include <string.h>

#include "compare/compare_put.h"
#include "compare/compare_text.h"

#define BAR 40	   /* signs of the longest bar */
#define SCHOOLS 10 /* that are listed */
#define CELL 200   /* bytes of a cell; the other forms show all */

static const struct {
	char sign;
	const char *color;
} signs[] = {
	[DIFF_ADDED] = { '+', "\033[32m" },
	[DIFF_REMOVED] = { '-', "\033[31m" },
	[DIFF_CHANGED] = { '~', "\033[33m" },
};

/* How what is shown looks. */
struct look {
	struct compare_result *result;
	FILE *out;
	bool color;
	int name, rows, counts[3]; /* widths of the table's columns */
	uint64_t most;		   /* rows that differ in one sheet */
	struct buf line;
};

static uint64_t
count_of(const struct compare_count *count, enum diff_change change)
{
	return change == DIFF_ADDED ? count->added :
	    change == DIFF_REMOVED  ? count->removed :
				      count->changed;
}

static int
wider(int width, size_t len)
{
	return (int)len > width ? (int)len : width;
}

static void
measure(struct look *look)
{
	const struct compare_sheet *sheet;
	char text[COMPARE_NUMBER];
	uint64_t total;
	size_t i, j;

	for (i = 0; i < look->result->nsheets; i++) {
		sheet = &look->result->sheets[i];
		look->name = wider(
		    look->name, strlen(sheets[sheet->kind].name));
		look->rows = wider(look->rows,
		    strlen(compare_put_number(sheet->rows[DIFF_NEW], text)));
		for (j = 0; j < 3; j++)
			look->counts[j] = wider(look->counts[j],
			    strlen(compare_put_number(
				count_of(&sheet->count, (enum diff_change)j),
				text)) +
				1);
		total = compare_count_total(&sheet->count);
		look->most = total > look->most ? total : look->most;
	}
}

static void
put_color(const struct look *look, const char *color)
{
	if (look->color)
		fputs(color, look->out);
}

static void
put_signed(
    const struct look *look, enum diff_change change, uint64_t n, int width)
{
	char text[COMPARE_NUMBER];
	int blanks;

	compare_put_number(n, text);
	blanks = width - (int)strlen(text) - 1;
	fprintf(look->out, "%*s", blanks > 0 ? blanks : 0, "");
	put_color(look, signs[change].color);
	fprintf(look->out, "%c%s", signs[change].sign, text);
	put_color(look, "\033[m");
}

static void
put_bar(const struct look *look, const struct compare_count *count)
{
	uint64_t n, length;
	size_t j;

	for (j = 0; j < 3; j++) {
		n = count_of(count, (enum diff_change)j);
		length = look->most <= BAR ?
		    n :
		    (n * BAR + look->most - 1) / look->most;
		put_color(look, signs[j].color);
		while (length-- > 0)
			fputc(signs[j].sign, look->out);
		put_color(look, "\033[m");
	}
}

static void
put_table(struct look *look)
{
	const struct compare_sheet *sheet;
	char text[COMPARE_NUMBER];
	uint64_t n;
	size_t i, j;

	measure(look);
	for (i = 0; i < look->result->nsheets; i++) {
		sheet = &look->result->sheets[i];
		fprintf(look->out, " %-*s  %*s", look->name,
		    sheets[sheet->kind].name, look->rows,
		    compare_put_number(sheet->rows[DIFF_NEW], text));
		if (compare_count_total(&sheet->count) == 0) {
			fputs("  no difference\n", look->out);
			continue;
		}
		for (j = 0; j < 3; j++) {
			n = count_of(&sheet->count, (enum diff_change)j);
			fputs("  ", look->out);
			if (n > 0)
				put_signed(look, (enum diff_change)j, n,
				    look->counts[j]);
			else
				fprintf(look->out, "%*s", look->counts[j], "");
		}
		fputs("  ", look->out);
		put_bar(look, &sheet->count);
		fputc('\n', look->out);
	}
}

static void
put_visible(struct look *look, const char *bytes, size_t len)
{
	look->line.len = 0;
	compare_put_visible(&look->line, bytes, len);
	fwrite(look->line.data, 1, look->line.len, look->out);
}

static void
put_string(struct look *look, const char *text)
{
	put_visible(look, text, strlen(text));
}

static void
put_notes(struct look *look)
{
	size_t i;

	for (i = 0; i < look->result->nnotes; i++) {
		fputc(' ', look->out);
		put_string(look, look->result->notes[i]);
		fputc('\n', look->out);
	}
}

/* The school's name, and its id behind it when that is something else. */
static void
put_school(struct look *look, sym school)
{
	const struct compare_schools *schools;
	char digits[2][SYM_DIGITS];
	struct str name, id;

	schools = &look->result->schools;
	name = compare_schools_name(schools, school, digits[0]);
	id = compare_schools_id(schools, school, digits[1]);
	put_visible(look, name.bytes, name.len);
	if (name.len == id.len && memcmp(name.bytes, id.bytes, id.len) == 0)
		return;
	fputs(" (", look->out);
	put_visible(look, id.bytes, id.len);
	fputc(')', look->out);
}

static void
put_share(const struct look *look, const struct compare_school *school)
{
	char text[COMPARE_NUMBER];
	uint64_t n;

	n = compare_count_total(&school->counts[SHEET_ENROLLMENT]);
	if (school->enrollments > 0 && n > 0)
		fprintf(look->out, " (%.1f %% of %s)",
		    (double)n * 100 / (double)school->enrollments,
		    compare_put_number(school->enrollments, text));
}

static void
put_school_line(struct look *look, const struct compare_school *school)
{
	const struct compare_count *count;
	enum sheet_kind kind;
	const char *behind;
	uint64_t n;
	size_t i, j;

	fputs("  ", look->out);
	if (school->id.id == 0)
		fputs("several schools or none", look->out);
	else
		put_school(look, school->id);
	behind = ": ";
	for (i = 0; i < look->result->nsheets; i++) {
		kind = look->result->sheets[i].kind;
		count = &school->counts[kind];
		if (compare_count_total(count) == 0)
			continue;
		fprintf(look->out, "%s%s", behind, sheets[kind].name);
		behind = ", ";
		for (j = 0; j < 3; j++) {
			n = count_of(count, (enum diff_change)j);
			if (n == 0)
				continue;
			fputc(' ', look->out);
			put_signed(look, (enum diff_change)j, n, 0);
		}
		if (kind == SHEET_ENROLLMENT)
			put_share(look, school);
	}
	fputc('\n', look->out);
}

static void
put_schools(struct look *look)
{
	const struct compare_schools *schools;
	char text[COMPARE_NUMBER];
	size_t i, n;

	schools = &look->result->schools;
	fputs("\nSchools with most change\n", look->out);
	n = look->result->all || schools->count <= SCHOOLS ? schools->count :
							     SCHOOLS;
	for (i = 0; i < n; i++)
		put_school_line(look, &schools->list[i]);
	if (n < schools->count)
		fprintf(look->out, "  and %s more; --all shows them\n",
		    compare_put_number(schools->count - n, text));
}

static void
put_value(struct look *look, const char *value)
{
	size_t len;

	len = strlen(value);
	if (len <= CELL) {
		put_visible(
		    look, len == 0 ? "\"\"" : value, len == 0 ? 2 : len);
		return;
	}
	for (len = CELL; ((unsigned char)value[len] & 0xc0) == 0x80; len--)
		continue;
	put_visible(look, value, len);
	fputs("...", look->out);
}

static int
put_row(void *arg, const struct compare_row *row, struct err *err)
{
	const struct compare_cell *cell;
	struct look *look;
	const char *before;
	sym school;
	size_t i;

	(void)err;
	look = arg;
	fputs("  ", look->out);
	put_color(look, signs[row->change].color);
	fputc(signs[row->change].sign, look->out);
	put_color(look, "\033[m");
	fputc(' ', look->out);
	put_string(look, row->key);
	before = "  ";
	for (i = 0; i < row->ncells; i++) {
		cell = &row->cells[i];
		if (cell->key)
			continue;
		fputs(before, look->out);
		put_string(look, cell->column);
		fputs(": ", look->out);
		if (cell->old != NULL)
			put_value(look, cell->old);
		if (cell->old != NULL && cell->new != NULL)
			fputs(" -> ", look->out);
		if (cell->new != NULL)
			put_value(look, cell->new);
		before = ", ";
	}
	school = compare_schools_of(&look->result->schools, row->owner);
	if (school.id != 0) {
		fputs("  [", look->out);
		put_school(look, school);
		fputc(']', look->out);
	}
	return fputc('\n', look->out) == EOF ? -1 : 0;
}

static int
put_rows(struct look *look, struct err *err)
{
	const struct compare_sheet *sheet;
	char text[COMPARE_NUMBER];
	uint64_t left;
	size_t i;

	for (i = 0; i < look->result->nsheets; i++) {
		sheet = &look->result->sheets[i];
		if (compare_count_total(&sheet->count) == 0)
			continue;
		fprintf(look->out, "\n%s\n", sheets[sheet->kind].name);
		if (compare_result_rows(
			look->result, sheet, put_row, look, err) != 0)
			return -1;
		left = compare_result_left_out(look->result, sheet);
		if (left > 0)
			fprintf(look->out,
			    "  and %s more; --all shows"
			    " them\n",
			    compare_put_number(left, text));
	}
	return 0;
}

static void
put_no_difference(const struct look *look)
{
	char text[COMPARE_NUMBER];
	uint64_t rows;
	size_t i;

	rows = 0;
	for (i = 0; i < look->result->nsheets; i++)
		rows += look->result->sheets[i].rows[DIFF_NEW];
	fprintf(look->out, "No difference in %zu sheets, %s rows.\n",
	    look->result->nsheets, compare_put_number(rows, text));
}

int
compare_text(
    struct compare_result *result, bool color, FILE *out, struct err *err)
{
	struct look look = { .result = result, .out = out, .color = color };
	int rc;

	fputs("From ", out);
	put_string(&look, result->labels[DIFF_OLD]);
	fputs(" to ", out);
	put_string(&look, result->labels[DIFF_NEW]);
	fputc('\n', out);
	rc = 0;
	if (!result->different) {
		put_no_difference(&look);
		put_notes(&look);
	} else {
		put_table(&look);
		put_notes(&look);
		put_schools(&look);
		rc = put_rows(&look, err);
	}
	buf_free(&look.line);
	return rc;
}
