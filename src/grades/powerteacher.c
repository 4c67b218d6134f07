#include <string.h>

#include "base/csvio.h"
#include "grades/powerteacher.h"

#define LIST_LINE_END "\r\n" /* of the lists, which spreadsheets open */

/* Adds cells with commas between them; a NULL ends them. */
static void
add_cells(struct buf *out, const char *const *cells, const char *line_end)
{
	size_t i;

	for (i = 0; cells[i] != NULL; i++) {
		if (i > 0)
			buf_addc(out, ',');
		csv_add_field(out, cells[i], strlen(cells[i]));
	}
	buf_adds(out, line_end);
}

void
powerteacher_scores(const struct scoresheet *sheet, bool crlf, struct buf *out)
{
	const char *const head[][4] = {
		{ "Teacher Name:", sheet->teacher, "", NULL },
		{ "Class:", sheet->class_name, "", NULL },
		{ "Assignment Name:", sheet->name, "", NULL },
		{ "Due Date:", sheet->due_date, "", NULL },
		{ "Points Possible:", sheet->points_possible, "", NULL },
		{ "Extra Points:", sheet->extra_points, "", NULL },
		{ "Score Type:", sheet->score_type, "", NULL },
		{ "Student Num", "Student Name", "Score", NULL },
	};
	const char *const line_end = crlf ? "\r\n" : "\n";
	const struct scoresheet_row *row;
	size_t i;

	for (i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		add_cells(out, head[i], line_end);
	for (i = 0; i < sheet->nrows; i++) {
		row = &sheet->rows[i];
		add_cells(out,
		    (const char *[]){ row->student_number, row->student_name,
			row->score, NULL },
		    line_end);
	}
}

void
powerteacher_assignments_header(struct buf *out)
{
	buf_adds(out,
	    "Section,Canvas Assignment ID,Name,Abbreviation,Description,"
	    "Due Date,Points Possible,Extra Points,Category,Score Type,Weight,"
	    "Count In Final Grade,Scores File" LIST_LINE_END);
}

void
powerteacher_assignment(const struct scoresheet *sheet, struct buf *out)
{
	const char *const cells[] = { sheet->section, sheet->assignment_id,
		sheet->name, sheet->abbreviation, sheet->description,
		sheet->due_date, sheet->points_possible, sheet->extra_points,
		sheet->category, sheet->score_type, sheet->weight,
		sheet->count_in_final_grade ? "1" : "0", sheet->scores_file,
		NULL };

	add_cells(out, cells, LIST_LINE_END);
}

void
powerteacher_status_header(struct buf *out)
{
	buf_adds(out,
	    "Section,Canvas Assignment ID,Assignment Name,Student Num,"
	    "Student Name,Score,Late,Missing,Exempt,Collected,"
	    "Note" LIST_LINE_END);
}

void
powerteacher_status(const struct scoresheet *sheet, struct buf *out)
{
	const struct scoresheet_row *row;
	size_t i;

	for (i = 0; i < sheet->nrows; i++) {
		row = &sheet->rows[i];
		if (!row->late && !row->missing && !row->exempt &&
		    !row->collected && *row->note == '\0')
			continue;
		add_cells(out,
		    (const char *[]){ sheet->section, sheet->assignment_id,
			sheet->name, row->student_number, row->student_name,
			row->score, row->late ? "1" : "0",
			row->missing ? "1" : "0", row->exempt ? "1" : "0",
			row->collected ? "1" : "0", row->note, NULL },
		    LIST_LINE_END);
	}
}
