#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/mem.h"
#include "grades/powerteacher.h"
#include "grades/pst_fill.h"
#include "canvas2pt/grades_report.h"
#include "canvas2pt/grades_write.h"

/* Which finding a note about a template is. */
static const enum grade_rule rule_of_note[] = {
	[PST_NO_ROW] = GRADE_TEMPLATE_NO_ROW,
	[PST_NO_SCORE] = GRADE_TEMPLATE_NO_SCORE,
	[PST_NOT_IN_CANVAS] = GRADE_TEMPLATE_STRANGER,
	[PST_NAME_DIFFERS] = GRADE_TEMPLATE_NAME,
	[PST_SCORE_REPLACED] = GRADE_TEMPLATE_REPLACED,
	[PST_ROW_REPEATED] = GRADE_TEMPLATE_ROW,
	[PST_STUDENT_REPEATED] = GRADE_TEMPLATE_ROW,
	[PST_ROW_MISSHAPEN] = GRADE_TEMPLATE_ROW,
	[PST_NO_PERCENT] = GRADE_TEMPLATE_CELL,
	[PST_NOT_IN_SCALE] = GRADE_TEMPLATE_CELL,
	[PST_POINTS_DIFFER] = GRADE_TEMPLATE_POINTS,
};

/* One sheet on its way into its file. */
struct filling {
	struct grades_writer *writer;
	const struct section_sheets *section;
	const struct scoresheet *sheet;
	const char *template;
};

static void
note_fill(void *arg, const struct pst_note *note)
{
	const struct filling *filling;
	struct grade_place place;
	struct buf detail = { 0 };

	filling = arg;
	place = (struct grade_place){ filling->section->course,
		filling->section->name, filling->sheet->assignment_id,
		note->student_number };
	buf_adds(&detail, filling->template);
	if (note->line > 0)
		buf_printf(&detail, ":%u", note->line);
	if (note->was[0] != '\0' || note->now[0] != '\0')
		buf_printf(&detail, ": %s in the template, %s in Canvas",
		    note->was, note->now);
	grade_findings_add(filling->writer->findings, rule_of_note[note->kind],
	    &place, buf_str(&detail));
	buf_free(&detail);
}

/* The bytes of a sheet's file: the teacher's template filled, or a new one. */
static void
make_bytes(struct filling *filling, const struct pst_matched *matched,
    struct buf *bytes)
{
	struct grade_place place;

	place = (struct grade_place){ filling->section->course,
		filling->section->name, filling->sheet->assignment_id, NULL };
	if (matched != NULL && matched->pst != NULL) {
		filling->template = matched->pst->file;
		pst_fill(matched->pst, filling->sheet,
		    filling->writer->policy->scale, bytes, note_fill, filling);
		return;
	}
	if (matched != NULL)
		grade_findings_add(filling->writer->findings,
		    matched->how == PST_MATCH_AMBIGUOUS ?
			GRADE_TEMPLATE_AMBIGUOUS :
			GRADE_TEMPLATE_NONE,
		    &place, NULL);
	powerteacher_scores(
	    filling->sheet, filling->writer->policy->crlf, bytes);
}

static void
count_sheet(struct grades_counts *counts, const struct scoresheet *sheet,
    const struct grades_sheet_fate *fate)
{
	size_t i;

	counts->sheets++;
	counts->created += fate->state == GRADES_FILE_NEW;
	counts->changed += fate->state == GRADES_FILE_CHANGED;
	counts->unchanged += fate->state == GRADES_FILE_UNCHANGED;
	counts->to_create += fate->to_create;
	counts->filled += fate->is_filled;
	for (i = 0; i < sheet->nrows; i++)
		counts->scores += sheet->rows[i].score[0] != '\0';
}

/* The same course twice would be two files for one assignment. */
static int
refuse_twice(const struct filling *filling, struct err *err)
{
	struct grades_writer *writer;
	struct buf key = { 0 };
	bool twice;
	sym found;

	writer = filling->writer;
	if (writer->seen == NULL)
		writer->seen = intern_new();
	buf_printf(&key, "%s/%s", filling->section->key,
	    filling->sheet->assignment_id);
	twice = intern_find(writer->seen, key.data, key.len, &found);
	(void)intern_add(writer->seen, key.data, key.len);
	buf_free(&key);
	if (!twice)
		return 0;
	err_set(err, EXIT_USAGE,
	    "%s: the scores of assignment %s in section %s were read before;"
	    " nothing was published",
	    filling->section->course, filling->sheet->assignment_id,
	    filling->section->name);
	return err_hint(
	    err, "Name each course, and the newest gradebook of each, once.");
}

static int
write_sheet(struct filling *filling, const struct pst_matched *matched,
    const char *file, struct grades_sheet_fate *fate, struct err *err)
{
	const struct grades_file *before;
	struct grades_writer *writer;
	char hex[HASH_HEX_SIZE];
	struct grades_file line;
	struct buf bytes = { 0 };
	int rc;

	writer = filling->writer;
	make_bytes(filling, matched, &bytes);
	grades_out_hash(&bytes, hex);
	before = grades_files_find(&writer->accepted, filling->section->key,
	    filling->sheet->assignment_id);
	*fate = (struct grades_sheet_fate){ .file = file,
		.is_filled = matched != NULL && matched->pst != NULL,
		.state = before == NULL		     ? GRADES_FILE_NEW :
		    strcmp(before->sha256, hex) == 0 ? GRADES_FILE_UNCHANGED :
						       GRADES_FILE_CHANGED };
	fate->to_create = before == NULL && !fate->is_filled;
	fate->is_written = !writer->options->changed ||
	    fate->state != GRADES_FILE_UNCHANGED;
	line = (struct grades_file){ file, filling->section->key,
		filling->section->name, filling->section->course,
		filling->sheet->assignment_id, bytes.len, hex, fate->state,
		fate->is_written };
	grades_files_line(
	    &line, grades_out_list(writer->out, GRADES_LIST_FILES));
	count_sheet(&writer->account->counts, filling->sheet, fate);
	rc = fate->is_written ?
	    grades_out_file(writer->out, file, &bytes, err) :
	    0;
	buf_free(&bytes);
	return rc;
}

/* Another text that only this section has, for its folder. */
static const char *
only_of(const struct section_sheets *section)
{
	return strcmp(section->key, section->name) == 0 &&
		section->nsheets > 0 ?
	    section->sheets[0].assignment_id :
	    section->key;
}

static void
list_sheet(struct grades_writer *writer, const struct scoresheet *sheet)
{
	powerteacher_assignment(
	    sheet, grades_out_list(writer->out, GRADES_LIST_ASSIGNMENTS));
	powerteacher_status(
	    sheet, grades_out_list(writer->out, GRADES_LIST_STATUS));
}

/* matched has one for each sheet of the section, or is NULL. */
static int
write_section(struct grades_writer *writer, const struct course_sheets *sheets,
    struct section_sheets *section, const struct pst_matched *matched,
    struct err *err)
{
	const struct scoresheet **list;
	struct grades_sheet_fate *fates;
	struct filling filling;
	char **files, **paths;
	char *folder;
	size_t i;
	int rc;

	list = mem_zalloc(
	    section->nsheets + 1, sizeof(const struct scoresheet *));
	files = mem_zalloc(section->nsheets + 1, sizeof(*files));
	paths = mem_zalloc(section->nsheets + 1, sizeof(*paths));
	fates = mem_zalloc(section->nsheets + 1, sizeof(*fates));
	for (i = 0; i < section->nsheets; i++)
		list[i] = &section->sheets[i];
	pst_name_files(list, section->nsheets, files);
	folder = section->nsheets == 0 ?
	    NULL :
	    pst_name_folder(&writer->folders, section->name, only_of(section));
	rc = 0;
	for (i = 0; i < section->nsheets && rc == 0; i++) {
		section->sheets[i].scores_file = files[i];
		paths[i] = mem_printf("%s/%s", folder, files[i]);
		filling = (struct filling){ writer, section, list[i], "" };
		rc = refuse_twice(&filling, err);
		if (rc != 0)
			break;
		rc = write_sheet(&filling, matched == NULL ? NULL : &matched[i],
		    paths[i], &fates[i], err);
		list_sheet(writer, list[i]);
	}
	if (rc == 0)
		grades_report_section(writer->account, sheets, section, fates);
	for (i = 0; i < section->nsheets; i++) {
		section->sheets[i].scores_file = "";
		free(files[i]);
		free(paths[i]);
	}
	free(folder);
	free(fates);
	free(paths);
	free(files);
	free(list);
	return rc;
}

/* The templates of all sheets of a course, in their order; NULL: none. */
static struct pst_matched *
match_templates(
    struct grades_writer *writer, const struct course_sheets *sheets)
{
	const struct scoresheet **list;
	struct pst_matched *matched;
	size_t s, i, n;

	if (writer->options->templates == NULL)
		return NULL;
	for (s = n = 0; s < sheets->nsections; s++)
		n += sheets->sections[s].nsheets;
	list = mem_zalloc(n + 1, sizeof(const struct scoresheet *));
	matched = mem_zalloc(n + 1, sizeof(*matched));
	for (s = n = 0; s < sheets->nsections; s++) {
		for (i = 0; i < sheets->sections[s].nsheets; i++)
			list[n++] = &sheets->sections[s].sheets[i];
	}
	pst_folder_match(&writer->templates, list, n, matched);
	free(list);
	return matched;
}

static void
use_zone_of(struct grades_writer *writer, const struct course *course)
{
	struct err err = { 0 };

	if (course->time_zone[0] != '\0' &&
	    date_use_zone(course->time_zone, "the course's zone", &err) == 0)
		return;
	if (err.code != EXIT_DONE)
		log_line(LOG_WARN,
		    "course %s: the time zone %s is not known here; its dates"
		    " are the district's",
		    course->id, course->time_zone);
	err = (struct err){ 0 };
	(void)date_use_zone(writer->policy->time_zone, "[district]", &err);
}

static void
remember_course(struct grades_writer *writer, const char *name)
{
	writer->courses = mem_grow(writer->courses, writer->ncourses,
	    &writer->capcourses, sizeof(*writer->courses));
	writer->courses[writer->ncourses++] = mem_strdup(name);
}

int
grades_write_course(
    struct grades_writer *writer, struct course *course, struct err *err)
{
	const struct course_sheets_maker maker = { writer->policy,
		writer->crosswalk, writer->findings };
	struct pst_matched *matched;
	struct course_sheets sheets;
	size_t s, n;
	int rc;

	course_sort_scores(course);
	use_zone_of(writer, course);
	course_sheets_make(&sheets, course, &maker);
	remember_course(writer, sheets.name);
	matched = match_templates(writer, &sheets);
	writer->account->counts.courses++;
	rc = interrupt_check(err);
	for (s = n = 0; s < sheets.nsections && rc == 0; s++) {
		rc = write_section(writer, &sheets, &sheets.sections[s],
		    matched == NULL ? NULL : &matched[n], err);
		n += sheets.sections[s].nsheets;
	}
	buf_add(grades_out_list(writer->out, GRADES_LIST_FINDINGS),
	    writer->findings->lines.data, writer->findings->lines.len);
	writer->findings->lines.len = 0;
	free(matched);
	course_sheets_free(&sheets);
	return rc == 0 ? grades_out_flush(writer->out, err) : rc;
}

/* ---- after all courses ---- */

static bool
was_read(const struct grades_writer *writer, const char *course)
{
	size_t i;

	for (i = 0; i < writer->ncourses; i++) {
		if (strcmp(writer->courses[i], course) == 0)
			return true;
	}
	return false;
}

/* What the accepted export had and this one has not. */
static void
keep_unseen(void *arg, const struct grades_file *file)
{
	struct grades_writer *writer;
	struct grades_file line;

	writer = arg;
	if (was_read(writer, file->course)) {
		writer->account->counts.gone++;
		grade_findings_add(writer->findings, GRADE_GONE,
		    &(struct grade_place){
			file->course, file->section, file->assignment, NULL },
		    file->file);
		return;
	}
	line = *file;
	line.state = GRADES_FILE_CARRIED;
	line.is_written = false;
	writer->account->counts.carried++;
	grades_files_line(
	    &line, grades_out_list(writer->out, GRADES_LIST_FILES));
}

static void
note_unused(struct grades_writer *writer)
{
	const struct pst_found *found;
	size_t i;

	for (i = 0; i < writer->templates.count; i++) {
		found = &writer->templates.all[i];
		if (!found->matched)
			grade_findings_add(writer->findings,
			    GRADE_TEMPLATE_UNUSED, &(struct grade_place){ 0 },
			    found->pst->file);
	}
}

void
grades_write_rest(struct grades_writer *writer)
{
	grades_files_each_unseen(&writer->accepted, keep_unseen, writer);
	note_unused(writer);
}

void
grades_write_free(struct grades_writer *writer)
{
	size_t i;

	for (i = 0; i < writer->ncourses; i++)
		free(writer->courses[i]);
	free(writer->courses);
	intern_free(writer->seen);
	pst_names_free(&writer->folders);
	pst_folder_free(&writer->templates);
	grades_files_free(&writer->accepted);
	*writer = (struct grades_writer){ 0 };
}
