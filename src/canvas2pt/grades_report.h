#ifndef GRADES_REPORT_H
#define GRADES_REPORT_H

#include "canvas2pt/grades.h"
#include "grades/course_sheets.h"
#include "canvas2pt/grades_files.h"

/* The reports of an export, for teachers and the office. */

/* What became of one sheet. */
struct grades_sheet_fate {
	enum grades_file_state state;
	bool is_written, is_filled, to_create;
	const char *file;
};

/* Notes a section; fates has one for each of its sheets. */
void grades_report_section(struct grades_account *account,
    const struct course_sheets *course, const struct section_sheets *section,
    const struct grades_sheet_fate *fates);

/* report.html, one page that loads and runs nothing, and report.txt. */
void grades_report_html(const struct grades_account *account, struct buf *out);
void grades_report_text(const struct grades_account *account, struct buf *out);

#endif
