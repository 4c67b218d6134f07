#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/progress.h"
#include "canvas2pt/grades.h"
#include "grades/canvas_courses.h"
#include "grades/gradebook_csv.h"
#include "grades/powerteacher.h"
#include "grades/pst_folder.h"
#include "grades/side_file.h"
#include "canvas2pt/grades_manifest.h"
#include "canvas2pt/grades_report.h"
#include "canvas2pt/grades_settle.h"
#include "canvas2pt/grades_write.h"
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
	struct rundir *dir; /* NULL in a dry run */
	struct runs *runs;  /* before this one; NULL: none */
	struct grades_out out;
	struct grade_findings findings;
	struct grades_writer writer;
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
	rc = grades_files_read(&exporting->writer.accepted, path, err);
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
	exporting->writer.options = options;
	exporting->writer.policy = &exporting->policy;
	exporting->writer.crosswalk = exporting->crosswalk;
	exporting->writer.account = &exporting->account;
	exporting->writer.findings = &exporting->findings;
	exporting->writer.out = &exporting->out;
	if (options->side_file != NULL) {
		exporting->side = side_file_read(options->side_file, err);
		if (exporting->side == NULL)
			return -1;
	}
	if (options->templates != NULL &&
	    pst_folder_read(options->templates, &exporting->writer.templates,
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

/* ---- reading ---- */

/* A gradebook while it is read. */
struct reading {
	struct exporting *exporting;
	const char *path;
};

static void
note_gradebook(void *arg, const struct gradebook_note *note)
{
	struct reading *reading;
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
	    &(struct grade_place){ .course = reading->path }, buf_str(&detail));
	buf_free(&detail);
}

static int
export_course(
    struct exporting *exporting, struct course *course, struct err *err)
{
	progress_step(
	    &exporting->progress, "courses", exporting->writer.ncourses + 1, 0);
	if (exporting->side != NULL)
		side_file_apply(exporting->side, course);
	return grades_write_course(&exporting->writer, course, err);
}

static int
read_gradebook(struct exporting *exporting, const char *path, struct err *err)
{
	struct reading reading = { exporting, path };
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
	if (exporting->writer.ncourses > 0)
		return date_use_zone(
		    exporting->policy.time_zone, "[district] timezone", err);
	err_set(err, EXIT_INVALID,
	    "there is no published course to read; nothing was published");
	return err_hint(err,
	    "Publish the course in Canvas, or look at the term; one course is"
	    " named by --course ID.");
}

/* ---- after all courses ---- */

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

static int
grades_end(struct exporting *exporting, struct err *err)
{
	struct grades_account *account;

	account = &exporting->account;
	grades_write_rest(&exporting->writer);
	if (exporting->side != NULL)
		side_file_notes(exporting->side, note_side, exporting);
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
	progress_end(&exporting->progress);
	canvas_api_close(exporting->api);
	buf_free(&exporting->account.sections);
	buf_free(&exporting->account.details);
	buf_free(&exporting->account.text);
	grades_write_free(&exporting->writer);
	grade_findings_free(&exporting->findings);
	grades_out_free(&exporting->out);
	runs_close(exporting->runs);
	rundir_close(exporting->dir);
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
