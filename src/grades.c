#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/progress.h"
#include "grades.h"
#include "grades/canvas_courses.h"
#include "grades/course_sheets.h"
#include "grades/gradebook_csv.h"
#include "grades/powerteacher.h"
#include "grades/pst_fill.h"
#include "grades/pst_folder.h"
#include "grades/pst_name.h"
#include "grades/side_file.h"
#include "grades_files.h"
#include "grades_manifest.h"
#include "grades_report.h"
#include "grades_settle.h"
#include "pack/rundir.h"
#include "pack/runs.h"
#include "settle.h"

/* What the stages of one export hand on to each other. */
struct exporting {
	const struct grades_options *options;
	struct progress progress;
	struct grade_policy policy;
	char *folder; /* OUT/grades */
	char *crosswalk_path;
	struct crosswalk *crosswalk;
	struct side_file *side;
	struct pst_folder templates;
	struct rundir *dir; /* NULL in a dry run */
	struct runs *runs;  /* before this one; NULL: none */
	struct grades_files accepted;
	struct grades_out out;
	struct grade_findings findings;
	struct pst_names folders; /* of sections, so that none is twice */
	char **courses;		  /* names of those that were read */
	size_t ncourses, capcourses;
	struct canvas_api *api;
	struct grades_account account;
	char *host;
	char *path;	/* of the published export */
	char *manifest; /* its text */
};

/* ---- before anything is read ---- */

/* The export that was imported last: what the new files are compared with. */
static int
open_accepted(struct exporting *exporting, struct err *err)
{
	const struct past_run *run;
	char *path;
	int rc;

	exporting->account.accepted = "";
	if (access(exporting->folder, F_OK) == -1 && errno == ENOENT)
		return 0;
	exporting->runs = runs_open_in(exporting->folder, RUNDIR_HERE, err);
	if (exporting->runs == NULL)
		return -1;
	run = exporting->runs->accepted.run;
	if (run == NULL)
		return 0;
	exporting->account.accepted = run->id;
	path = runs_path(exporting->runs, run, NULL);
	rc = grades_files_read(&exporting->accepted, path, err);
	free(path);
	return rc;
}

static int
make_folder(struct exporting *exporting, struct err *err)
{
	const char *out;

	out = conf_text(exporting->options->conf, "output", "dir");
	if (mkdir(out, 0700) == -1 && errno != EEXIST) {
		err_set_errno(err, EXIT_IO, errno,
		    "the folder %s cannot be made, nothing was done", out);
		return err_hint(err, "Correct [output] dir.");
	}
	exporting->dir = rundir_open_in(
	    exporting->folder, RUNDIR_HERE, exporting->account.now, err);
	if (exporting->dir == NULL)
		return -1;
	rundir_sync_at_end(exporting->dir);
	exporting->account.id = rundir_id(exporting->dir);
	return 0;
}

static void
note_template(void *arg, const char *path, const struct err *why)
{
	struct exporting *exporting;

	exporting = arg;
	(void)path;
	grade_findings_add(&exporting->findings, GRADE_TEMPLATE_REFUSED,
	    &(struct grade_place){ 0 }, why->msg);
}

static int
grades_begin(struct exporting *exporting, struct err *err)
{
	const struct grades_options *options;

	options = exporting->options;
	if (settle_now(options->conf, options->now, &exporting->account.now,
		err) != 0 ||
	    grade_policy_load(&exporting->policy, options->conf, err) != 0 ||
	    grades_settle_crosswalk(options->conf, &exporting->policy,
		options->crosswalk, options->ngradebooks == 0,
		&exporting->crosswalk_path, &exporting->crosswalk, err) != 0)
		return -1;
	exporting->account.crosswalk = exporting->crosswalk == NULL ?
	    NULL :
	    exporting->crosswalk_path;
	if (options->side_file != NULL) {
		exporting->side = side_file_read(options->side_file, err);
		if (exporting->side == NULL)
			return -1;
	}
	if (options->templates != NULL &&
	    pst_folder_read(options->templates, &exporting->templates,
		note_template, exporting, err) != 0)
		return -1;
	exporting->folder = grades_settle_out(options->conf);
	if (!options->dry_run && make_folder(exporting, err) != 0)
		return -1;
	if (open_accepted(exporting, err) != 0)
		return -1;
	if (grades_out_begin(&exporting->out, exporting->dir, err) != 0)
		return -1;
	powerteacher_assignments_header(
	    grades_out_list(&exporting->out, GRADES_LIST_ASSIGNMENTS));
	powerteacher_status_header(
	    grades_out_list(&exporting->out, GRADES_LIST_STATUS));
	grade_findings_header(
	    grades_out_list(&exporting->out, GRADES_LIST_FINDINGS));
	grades_files_header(
	    grades_out_list(&exporting->out, GRADES_LIST_FILES));
	return 0;
}

/* ---- one course ---- */

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
	struct exporting *exporting;
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
	grade_findings_add(&filling->exporting->findings,
	    rule_of_note[note->kind], &place, buf_str(&detail));
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
		    filling->exporting->policy.scale, bytes, note_fill,
		    filling);
		return;
	}
	if (matched != NULL)
		grade_findings_add(&filling->exporting->findings,
		    matched->how == PST_MATCH_AMBIGUOUS ?
			GRADE_TEMPLATE_AMBIGUOUS :
			GRADE_TEMPLATE_NONE,
		    &place, NULL);
	powerteacher_scores(
	    filling->sheet, filling->exporting->policy.crlf, bytes);
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

static int
write_sheet(struct filling *filling, const struct pst_matched *matched,
    const char *file, struct grades_sheet_fate *fate, struct err *err)
{
	const struct grades_file *before;
	struct exporting *exporting;
	char hex[HASH_HEX_SIZE];
	struct grades_file line;
	struct buf bytes = { 0 };
	int rc;

	exporting = filling->exporting;
	make_bytes(filling, matched, &bytes);
	grades_out_hash(&bytes, hex);
	before = grades_files_find(&exporting->accepted, filling->section->key,
	    filling->sheet->assignment_id);
	*fate = (struct grades_sheet_fate){ .file = file,
		.is_filled = matched != NULL && matched->pst != NULL,
		.state = before == NULL		     ? GRADES_FILE_NEW :
		    strcmp(before->sha256, hex) == 0 ? GRADES_FILE_UNCHANGED :
						       GRADES_FILE_CHANGED };
	fate->to_create = before == NULL && !fate->is_filled;
	fate->is_written = !exporting->options->changed ||
	    fate->state != GRADES_FILE_UNCHANGED;
	line = (struct grades_file){ file, filling->section->key,
		filling->section->name, filling->section->course,
		filling->sheet->assignment_id, bytes.len, hex, fate->state,
		fate->is_written };
	grades_files_line(
	    &line, grades_out_list(&exporting->out, GRADES_LIST_FILES));
	count_sheet(&exporting->account.counts, filling->sheet, fate);
	rc = fate->is_written ?
	    grades_out_file(&exporting->out, file, &bytes, err) :
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
list_sheet(struct exporting *exporting, const struct scoresheet *sheet)
{
	powerteacher_assignment(
	    sheet, grades_out_list(&exporting->out, GRADES_LIST_ASSIGNMENTS));
	powerteacher_status(
	    sheet, grades_out_list(&exporting->out, GRADES_LIST_STATUS));
}

/* matched has one for each sheet of the section, or is NULL. */
static int
write_section(struct exporting *exporting, const struct course_sheets *sheets,
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

	list = mem_zalloc(section->nsheets + 1, sizeof(*list));
	files = mem_zalloc(section->nsheets + 1, sizeof(*files));
	paths = mem_zalloc(section->nsheets + 1, sizeof(*paths));
	fates = mem_zalloc(section->nsheets + 1, sizeof(*fates));
	for (i = 0; i < section->nsheets; i++)
		list[i] = &section->sheets[i];
	pst_name_files(list, section->nsheets, files);
	folder = section->nsheets == 0 ? NULL :
					 pst_name_folder(&exporting->folders,
					     section->name, only_of(section));
	rc = 0;
	for (i = 0; i < section->nsheets && rc == 0; i++) {
		section->sheets[i].scores_file = files[i];
		paths[i] = mem_printf("%s/%s", folder, files[i]);
		filling = (struct filling){ exporting, section, list[i], "" };
		rc = write_sheet(&filling, matched == NULL ? NULL : &matched[i],
		    paths[i], &fates[i], err);
		list_sheet(exporting, list[i]);
	}
	if (rc == 0)
		grades_report_section(
		    &exporting->account, sheets, section, fates);
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
match_templates(struct exporting *exporting, const struct course_sheets *sheets)
{
	const struct scoresheet **list;
	struct pst_matched *matched;
	size_t s, i, n;

	if (exporting->options->templates == NULL)
		return NULL;
	for (s = n = 0; s < sheets->nsections; s++)
		n += sheets->sections[s].nsheets;
	list = mem_zalloc(n + 1, sizeof(*list));
	matched = mem_zalloc(n + 1, sizeof(*matched));
	for (s = n = 0; s < sheets->nsections; s++) {
		for (i = 0; i < sheets->sections[s].nsheets; i++)
			list[n++] = &sheets->sections[s].sheets[i];
	}
	pst_folder_match(&exporting->templates, list, n, matched);
	free(list);
	return matched;
}

static void
use_zone_of(struct exporting *exporting, const struct course *course)
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
	(void)date_use_zone(exporting->policy.time_zone, "[district]", &err);
}

static void
remember_course(struct exporting *exporting, const char *name)
{
	exporting->courses = mem_grow(exporting->courses, exporting->ncourses,
	    &exporting->capcourses, sizeof(*exporting->courses));
	exporting->courses[exporting->ncourses++] = mem_strdup(name);
}

static int
export_course(
    struct exporting *exporting, struct course *course, struct err *err)
{
	const struct course_sheets_maker maker = { &exporting->policy,
		exporting->crosswalk, &exporting->findings };
	struct pst_matched *matched;
	struct course_sheets sheets;
	size_t s, n;
	int rc;

	progress_step(
	    &exporting->progress, "courses", exporting->ncourses + 1, 0);
	if (exporting->side != NULL)
		side_file_apply(exporting->side, course);
	course_sort_scores(course);
	use_zone_of(exporting, course);
	course_sheets_make(&sheets, course, &maker);
	remember_course(exporting, sheets.name);
	matched = match_templates(exporting, &sheets);
	exporting->account.counts.courses++;
	rc = interrupt_check(err);
	for (s = n = 0; s < sheets.nsections && rc == 0; s++) {
		rc = write_section(exporting, &sheets, &sheets.sections[s],
		    matched == NULL ? NULL : &matched[n], err);
		n += sheets.sections[s].nsheets;
	}
	buf_add(grades_out_list(&exporting->out, GRADES_LIST_FINDINGS),
	    exporting->findings.lines.data, exporting->findings.lines.len);
	exporting->findings.lines.len = 0;
	free(matched);
	course_sheets_free(&sheets);
	return rc == 0 ? grades_out_flush(&exporting->out, err) : rc;
}

/* ---- reading ---- */

static void
note_gradebook(void *arg, const struct gradebook_note *note)
{
	struct filling *reading;
	struct buf detail = { 0 };

	reading = arg;
	if (note->line > 0)
		buf_printf(&detail, "line %u: ", note->line);
	if (note->column > 0)
		buf_printf(&detail, "column %u: ", note->column);
	buf_adds(&detail, gradebook_note_text(note->kind));
	if (note->subject[0] != '\0')
		buf_printf(&detail, " (%s)", note->subject);
	grade_findings_add(&reading->exporting->findings, GRADE_FILE_NOTE,
	    &(struct grade_place){ .course = reading->template },
	    buf_str(&detail));
	buf_free(&detail);
}

static int
read_gradebook(struct exporting *exporting, const char *path, struct err *err)
{
	struct filling reading = { .exporting = exporting, .template = path };
	const struct gradebook_options options = {
		.sections = exporting->crosswalk == NULL ?
		    NULL :
		    crosswalk_section_names(exporting->crosswalk),
		.note = note_gradebook,
		.arg = &reading
	};
	struct course *course;
	int rc;

	course = course_new(COURSE_FROM_CSV);
	rc = gradebook_csv_read(path, &options, course, err);
	if (rc == 0)
		rc = export_course(exporting, course, err);
	course_free(course);
	return rc;
}

static int
take_course(void *arg, struct course **course, struct err *err)
{
	return export_course(arg, *course, err);
}

static int
read_canvas(struct exporting *exporting, struct err *err)
{
	struct canvas_courses_counts counts = { 0 };
	struct canvas_api_options options;
	int rc;

	if (grades_settle_api(exporting->options->conf, &options, err) != 0)
		return -1;
	exporting->api = canvas_api_open(&options, err);
	if (exporting->api == NULL)
		return -1;
	exporting->host = mem_strdup(canvas_api_host(exporting->api));
	exporting->account.host = exporting->host;
	rc = canvas_courses_each(exporting->api, exporting->options->which,
	    take_course, exporting, &counts, err);
	exporting->account.requests = canvas_api_counts(exporting->api);
	return rc;
}

static int
grades_read(struct exporting *exporting, struct err *err)
{
	const struct grades_options *options;
	size_t i;

	options = exporting->options;
	if (options->ngradebooks == 0) {
		if (read_canvas(exporting, err) != 0)
			return -1;
	}
	for (i = 0; i < options->ngradebooks; i++) {
		if (read_gradebook(exporting, options->gradebooks[i], err) != 0)
			return -1;
	}
	if (exporting->ncourses > 0)
		return date_use_zone(
		    exporting->policy.time_zone, "[district] timezone", err);
	err_set(err, EXIT_INVALID,
	    "Canvas has no such course; nothing was"
	    " published");
	return err_hint(err, "Look at the term, or name courses: --course ID.");
}

/* ---- after all courses ---- */

static bool
was_read(const struct exporting *exporting, const char *course)
{
	size_t i;

	for (i = 0; i < exporting->ncourses; i++) {
		if (strcmp(exporting->courses[i], course) == 0)
			return true;
	}
	return false;
}

/* What the accepted export had and this one has not. */
static void
keep_unseen(void *arg, const struct grades_file *file)
{
	struct exporting *exporting;
	struct grades_file line;

	exporting = arg;
	if (was_read(exporting, file->course)) {
		exporting->account.counts.gone++;
		grade_findings_add(&exporting->findings, GRADE_GONE,
		    &(struct grade_place){
			file->course, file->section, file->assignment, NULL },
		    file->file);
		return;
	}
	line = *file;
	line.state = GRADES_FILE_CARRIED;
	line.is_written = false;
	exporting->account.counts.carried++;
	grades_files_line(
	    &line, grades_out_list(&exporting->out, GRADES_LIST_FILES));
}

static void
note_side(void *arg, const struct side_file_note *note)
{
	static const char *const words[] = {
		[SIDE_FILE_COLUMN_IGNORED] = "a column that is not known: ",
		[SIDE_FILE_NOT_FOUND] = "no assignment that was read is ",
		[SIDE_FILE_AMBIGUOUS] = "several assignments are called "
	};
	struct exporting *exporting;
	struct buf detail = { 0 };

	exporting = arg;
	buf_printf(&detail, "line %u: %s%s", note->line, words[note->kind],
	    note->subject);
	grade_findings_add(&exporting->findings, GRADE_SIDE_NOTE,
	    &(struct grade_place){ .course = exporting->options->side_file },
	    buf_str(&detail));
	buf_free(&detail);
}

static void
note_unused(struct exporting *exporting)
{
	const struct pst_found *found;
	size_t i;

	for (i = 0; i < exporting->templates.count; i++) {
		found = &exporting->templates.all[i];
		if (!found->matched)
			grade_findings_add(&exporting->findings,
			    GRADE_TEMPLATE_UNUSED, &(struct grade_place){ 0 },
			    found->pst->file);
	}
}

static int
grades_end(struct exporting *exporting, struct err *err)
{
	struct grades_account *account;

	account = &exporting->account;
	grades_files_each_unseen(&exporting->accepted, keep_unseen, exporting);
	if (exporting->side != NULL)
		side_file_notes(exporting->side, note_side, exporting);
	note_unused(exporting);
	buf_add(grades_out_list(&exporting->out, GRADES_LIST_FINDINGS),
	    exporting->findings.lines.data, exporting->findings.lines.len);
	grades_report_html(
	    account, grades_out_list(&exporting->out, GRADES_LIST_HTML));
	grades_report_text(
	    account, grades_out_list(&exporting->out, GRADES_LIST_TEXT));
	return grades_out_end(&exporting->out, err);
}

/* The manifest is the last file: a folder without it is no export. */
static int
grades_publish(struct exporting *exporting, struct err *err)
{
	struct json *manifest;
	struct buf text = { 0 };
	int rc;

	manifest = grades_manifest_make(&exporting->account);
	exporting->manifest = json_print(manifest);
	json_free(manifest);
	rc = 0;
	if (exporting->dir != NULL) {
		buf_adds(&text, exporting->manifest);
		rc = grades_out_file(
		    &exporting->out, RUNS_MANIFEST, &text, err);
		if (rc == 0)
			rc = rundir_publish(
			    exporting->dir, &exporting->path, err);
		buf_free(&text);
	}
	progress_end(&exporting->progress);
	if (rc != 0)
		return -1;
	if (exporting->options->json)
		fputs(exporting->manifest, stdout);
	else if (!exporting->options->quiet)
		grades_manifest_summary(
		    &exporting->account, exporting->path, stdout);
	return 0;
}

static void
grades_free(struct exporting *exporting)
{
	size_t i;

	progress_end(&exporting->progress);
	canvas_api_close(exporting->api);
	for (i = 0; i < exporting->ncourses; i++)
		free(exporting->courses[i]);
	free(exporting->courses);
	buf_free(&exporting->account.sections);
	buf_free(&exporting->account.details);
	buf_free(&exporting->account.text);
	pst_names_free(&exporting->folders);
	grade_findings_free(&exporting->findings);
	grades_out_free(&exporting->out);
	grades_files_free(&exporting->accepted);
	runs_close(exporting->runs);
	rundir_close(exporting->dir);
	pst_folder_free(&exporting->templates);
	side_file_free(exporting->side);
	crosswalk_free(exporting->crosswalk);
	grade_policy_free(&exporting->policy);
	free(exporting->crosswalk_path);
	free(exporting->folder);
	free(exporting->host);
	free(exporting->path);
	free(exporting->manifest);
}

/* With -v: how long each step took, on standard error alone. */
static void
note_step(const struct exporting *exporting, const char *step)
{
	log_line(LOG_DEBUG, "%s after %lld ms", step,
	    (long long)progress_elapsed(&exporting->progress));
}

/* THE PIPELINE. */
int
grades_export(const struct grades_options *options, struct err *err)
{
	struct exporting exporting = { .options = options };
	int code;

	progress_begin(&exporting.progress, !options->quiet && !options->json);
	exporting.account.options = options;
	exporting.account.findings = &exporting.findings;
	exporting.account.out = &exporting.out;
	if (grades_begin(&exporting, err) != 0 ||
	    grades_read(&exporting, err) != 0)
		goto out;
	note_step(&exporting, "read and written");
	if (grades_end(&exporting, err) != 0 ||
	    grades_publish(&exporting, err) != 0)
		goto out;
	note_step(&exporting, "published");
out:
	code = (int)err->code;
	if (code == EXIT_DONE && options->strict &&
	    exporting.findings.by_severity[GRADE_ERROR] +
		    exporting.findings.by_severity[GRADE_WARNING] >
		0)
		code = EXIT_DIFFERENT;
	grades_free(&exporting);
	return code;
}
