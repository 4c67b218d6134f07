#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "canvas2pt/grades_report.h"
#include "report_table.h"
#include "templates.h"

#define LINES_MAX 20000	 /* assignments that report.html shows at most */
#define TEXT_SECTIONS 12 /* sections that report.txt shows */
#define TEXT_FINDINGS 12

static const char *const to_do[] = { [GRADES_FILE_NEW] = "import",
	[GRADES_FILE_CHANGED] = "import: changed",
	[GRADES_FILE_UNCHANGED] = "nothing: as it was imported",
	[GRADES_FILE_CARRIED] = "" };

/* How much of a section there is to do. */
struct tally {
	size_t ready, create, unchanged;
};

static struct tally
tally_of(
    const struct section_sheets *section, const struct grades_sheet_fate *fates)
{
	struct tally tally = { 0 };
	size_t i;

	for (i = 0; i < section->nsheets; i++) {
		tally.ready += fates[i].is_written;
		tally.create += fates[i].to_create;
		tally.unchanged += fates[i].state == GRADES_FILE_UNCHANGED;
	}
	return tally;
}

static void
put_sheets(struct buf *out, const struct section_sheets *section,
    const struct grades_sheet_fate *fates)
{
	const struct scoresheet *sheet;
	size_t i;

	report_table_begin(out, "Score files",
	    "Assignment|Due|#Points|#Extra|Category|To do|File");
	for (i = 0; i < section->nsheets; i++) {
		sheet = &section->sheets[i];
		report_table_row(out, sheet->name);
		report_table_cell(out, sheet->due_date);
		report_table_cell(out, sheet->points_possible);
		report_table_cell(out, sheet->extra_points);
		report_table_cell(out, sheet->category);
		report_table_cell(out,
		    fates[i].to_create ? "create it first, then import" :
					 to_do[fates[i].state]);
		report_table_cell(
		    out, fates[i].is_written ? fates[i].file : "");
		buf_adds(out, "</tr>\n");
	}
	report_table_end(out);
}

static void
put_left(struct buf *out, const struct course *course,
    const struct section_sheets *section)
{
	const struct course_assignment *assignment;
	size_t i;

	report_table_begin(out, "Left out", "Assignment|Canvas id|Why");
	for (i = 0; i < section->nleft; i++) {
		assignment = &course->assignments[section->left[i].assignment];
		report_table_row(out, assignment->name);
		report_table_cell(out, assignment->id);
		report_table_cell(
		    out, grade_rules[section->left[i].why].sentence);
		buf_adds(out, "</tr>\n");
	}
	report_table_end(out);
}

static void
put_details(struct grades_account *account, const struct course_sheets *course,
    const struct section_sheets *section, const struct grades_sheet_fate *fates)
{
	const struct course_section *of;
	struct buf *out;

	out = &account->details;
	account->nlines += section->nsheets + section->nleft;
	if (account->nlines > LINES_MAX ||
	    section->nsheets + section->nleft == 0)
		return;
	of = &course->course->sections[section->section];
	buf_adds(out, "<details>\n<summary>");
	report_table_text(out, section->name);
	buf_adds(out, " &ndash; ");
	report_table_text(out,
	    course->course->name[0] == '\0' ? course->name :
					      course->course->name);
	if (of->teacher[0] != '\0' && !account->options->redact) {
		buf_adds(out, ", ");
		report_table_text(out, of->teacher);
	}
	buf_adds(out, "</summary>\n");
	if (section->nsheets > 0)
		put_sheets(out, section, fates);
	if (section->nleft > 0)
		put_left(out, course->course, section);
	buf_adds(out, "</details>\n");
}

static void
put_row(struct grades_account *account, const struct course_sheets *course,
    const struct section_sheets *section, const struct tally *tally)
{
	struct buf *out;

	out = &account->sections;
	report_table_row(out, section->name);
	report_table_cell(out, course->name);
	report_table_number(out, section->students);
	report_table_number(out, tally->ready);
	report_table_number(out, tally->create);
	report_table_number(out, tally->unchanged);
	report_table_number(out, section->nleft);
	buf_adds(out, "</tr>\n");
}

void
grades_report_section(struct grades_account *account,
    const struct course_sheets *course, const struct section_sheets *section,
    const struct grades_sheet_fate *fates)
{
	struct grades_counts *counts;
	struct tally tally;

	counts = &account->counts;
	counts->sections++;
	if (section->name[0] == '\0') {
		counts->sections_left++;
		return;
	}
	counts->students += section->students;
	counts->left += section->nleft;
	tally = tally_of(section, fates);
	put_row(account, course, section, &tally);
	put_details(account, course, section, fates);
	if (account->ntext++ < TEXT_SECTIONS)
		buf_printf(&account->text,
		    "  %-24.24s %4zu to import, %4zu to create first, %4zu"
		    " left out\n",
		    section->name, tally.ready, tally.create, section->nleft);
}

/* ---- the parts of the page ---- */

static void
put_title(const struct grades_account *account, struct buf *out)
{
	char today[DATE_TEXT_SIZE];
	const char *name;

	name = conf_text(account->options->conf, "district", "name");
	date_format(date_at(account->now), today);
	buf_printf(out, "%s: Canvas to PowerTeacher, %s",
	    name[0] == '\0' ? "The district" : name, today);
}

static void
part_title(const struct grades_account *account, struct buf *out)
{
	struct buf text = { 0 };

	put_title(account, &text);
	report_table_text(out, buf_str(&text));
	buf_addc(out, '\n');
	buf_free(&text);
}

static void
part_about(const struct grades_account *account, struct buf *out)
{
	buf_adds(out, "<p>Export <code>");
	report_table_text(out, account->id == NULL ? "(dry run)" : account->id);
	buf_adds(out, "</code>, from ");
	if (account->host != NULL)
		report_table_text(out, account->host);
	else
		buf_printf(out, "%zu gradebook file%s",
		    account->options->ngradebooks,
		    account->options->ngradebooks == 1 ? "" : "s");
	if (account->accepted[0] != '\0') {
		buf_adds(out, ", compared with <code>");
		report_table_text(out, account->accepted);
		buf_adds(out, "</code>, which was imported");
	}
	buf_adds(out, ".</p>\n");
}

static size_t
written(const struct grades_account *account)
{
	return account->counts.sheets -
	    (account->options->changed ? account->counts.unchanged : 0);
}

/* What to do, in three lines. */
static void
put_verdict(
    const struct grades_account *account, const char *end, struct buf *out)
{
	const struct grades_counts *counts;

	counts = &account->counts;
	buf_printf(out,
	    "%zu score files are ready to import in %zu sections.%s",
	    written(account), counts->sections - counts->sections_left, end);
	buf_printf(out,
	    "%zu assignments must be created in PowerTeacher first.%s",
	    counts->to_create, end);
	if (account->accepted[0] != '\0')
		buf_printf(out,
		    "%zu are as they were imported%s; %zu of courses that were"
		    " not read stay as they are.%s",
		    counts->unchanged,
		    account->options->changed ? " and were not written" : "",
		    counts->carried, end);
	buf_printf(out,
	    "%zu assignments of sections, %zu whole sections and %zu students"
	    " could not travel: see the findings.%s",
	    counts->left, counts->sections_left,
	    account->findings->by_rule[GRADE_STUDENT_UNKNOWN] +
		account->findings->by_rule[GRADE_STUDENT_NO_ID] +
		account->findings->by_rule[GRADE_STUDENT_TWICE],
	    end);
}

static void
part_verdict(const struct grades_account *account, struct buf *out)
{
	buf_printf(out, "<div class=\"verdict %s\">\n<p>",
	    account->findings->by_severity[GRADE_ERROR] > 0 ? "warned" :
							      "passed");
	put_verdict(account, "<br>\n", out);
	buf_adds(out, "</p>\n</div>\n");
}

static void
part_sections(const struct grades_account *account, struct buf *out)
{
	report_table_begin(out, "Sections",
	    "Section|Course|#Students|#To import|#To create first|#Unchanged|"
	    "#Left out");
	buf_add(out, account->sections.data, account->sections.len);
	report_table_end(out);
}

static void
part_details(const struct grades_account *account, struct buf *out)
{
	buf_add(out, account->details.data, account->details.len);
	if (account->nlines > LINES_MAX)
		buf_adds(out,
		    "<p>There are too many assignments for one page; all of"
		    " them are in assignments.csv and files.csv.</p>\n");
}

static void
part_findings(const struct grades_account *account, struct buf *out)
{
	const struct grade_rule_text *text;
	size_t severity, i;

	report_table_begin(out, "Findings, all of them in findings.csv",
	    "Code|Severity|#Times|What|What was done|What to do");
	for (severity = 0; severity < GRADE_SEVERITIES; severity++) {
		for (i = 0; i < GRADE_RULES; i++) {
			text = &grade_rules[i];
			if (account->findings->by_rule[i] == 0 ||
			    text->severity != severity)
				continue;
			report_table_row(out, text->code);
			report_table_cell(out, grade_severities[severity]);
			report_table_number(out, account->findings->by_rule[i]);
			report_table_cell(out, text->sentence);
			report_table_cell(out, text->done);
			report_table_cell(out, text->fix);
			buf_adds(out, "</tr>\n");
		}
	}
	report_table_end(out);
}

/* THE TABLE of what {{name}} in templates/grades-report.html stands for. */
static const struct {
	const char *name;
	void (*add)(const struct grades_account *account, struct buf *out);
} parts[] = {
	{ "title", part_title },
	{ "about", part_about },
	{ "verdict", part_verdict },
	{ "sections", part_sections },
	{ "details", part_details },
	{ "findings", part_findings },
};

static bool
add_part(const void *arg, const char *name, struct buf *out)
{
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(parts[i].name, name) == 0) {
			parts[i].add(arg, out);
			return true;
		}
	}
	return false;
}

void
grades_report_html(const struct grades_account *account, struct buf *out)
{
	report_table_page(templates_grades_report_html, add_part, account, out);
}

static void
text_findings(const struct grades_account *account, struct buf *out)
{
	size_t severity, i, shown;

	shown = 0;
	for (severity = 0; severity < GRADE_SEVERITIES; severity++) {
		for (i = 0; i < GRADE_RULES && shown < TEXT_FINDINGS; i++) {
			if (account->findings->by_rule[i] == 0 ||
			    grade_rules[i].severity != severity)
				continue;
			shown++;
			buf_printf(out, "  %6zu %-20s %s\n",
			    account->findings->by_rule[i], grade_rules[i].code,
			    grade_rules[i].sentence);
		}
	}
}

void
grades_report_text(const struct grades_account *account, struct buf *out)
{
	put_title(account, out);
	buf_adds(out, "\n\n");
	put_verdict(account, "\n", out);
	buf_adds(out, "\nSections\n");
	buf_add(out, account->text.data, account->text.len);
	if (account->ntext > TEXT_SECTIONS)
		buf_printf(out, "  and %zu more in report.html\n",
		    account->ntext - TEXT_SECTIONS);
	buf_printf(out, "\nFindings: %zu errors, %zu warnings, %zu notes\n",
	    account->findings->by_severity[GRADE_ERROR],
	    account->findings->by_severity[GRADE_WARNING],
	    account->findings->by_severity[GRADE_INFO]);
	text_findings(account, out);
	buf_adds(out,
	    "\nThe whole report is report.html beside this file, every finding"
	    " is in findings.csv,\nwhat to create in assignments.csv, and late,"
	    " missing, exempt and collected marks\nin status.csv.\n");
}
