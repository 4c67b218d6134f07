#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/progress.h"
#include "canvas/beside.h"
#include "canvas/emit.h"
#include "canvas/findings_csv.h"
#include "canvas/lint_sink.h"
#include "canvas/map.h"
#include "canvas/tally_sink.h"
#include "history/history.h"
#include "judge.h"
#include "manifest.h"
#include "pack/package.h"
#include "pack/rundir.h"
#include "report.h"
#include "roster/seal.h"
#include "run.h"
#include "settle.h"
#include "update.h"

#define CROSSWALK_FILE "crosswalk.csv" /* beside csv/, not for Canvas */

/* What the stages of one run hand on to each other. */
struct run {
	const struct run_options *options;
	int64_t now;
	struct progress progress;
	struct policy policy;
	struct roster *roster;
	struct source_report source;
	struct findings findings;
	struct map map;
	struct sheet_orders *orders;
	struct rundir *dir; /* NULL in a dry run */
	struct package *package;
	char *accepted; /* folder of the accepted run */
	char *manifest; /* the text of manifest.json */
	struct update update;
	struct judge judge;
	struct account_of_run account;
	char *path; /* of the published run */
};

static int
run_open(struct run *run, struct err *err)
{
	struct history_run accepted;
	const struct conf *conf;

	conf = run->options->conf;
	if (judge_load(&run->judge, conf, err) != 0)
		return -1;
	if (!run->options->dry_run) {
		run->dir = rundir_open(
		    conf_text(conf, "output", "dir"), run->now, err);
		if (run->dir == NULL)
			return -1;
	}
	run->package = package_new(run->dir,
	    (int)conf_number(conf, "output", "zip_level"), run->options->jobs);
	if (history_accepted(
		conf_text(conf, "output", "dir"), &accepted, err) != 0)
		return -1;
	if (accepted.path != NULL)
		run->accepted = realpath(accepted.path, NULL);
	if (accepted.path != NULL && run->accepted == NULL) {
		err_set_errno(err, EXIT_IO, errno,
		    "%s, which Canvas holds, cannot be found;"
		    " nothing was published",
		    accepted.path);
		err_hint(err,
		    "Look at the disk and at who owns the folder, then run"
		    " again.");
	}
	history_run_free(&accepted);
	if (err->code != EXIT_DONE ||
	    update_open(&run->update, run->accepted, err) != 0)
		return -1;
	/* With nothing to compare, sheets go into the zip as they come. */
	return run->update.first ? package_zip_begin(run->package, err) : 0;
}

/* The older AutoSend set has no user.dcid to make ids from. */
static int
refuse_older_set_without_ids(const struct run *run, struct err *err)
{
	const struct conf *conf;

	conf = run->options->conf;
	if (!run->roster->users_by_number ||
	    (conf_is_set(conf, "ids", "staff") &&
		strstr(conf_text(conf, "ids", "staff"), "user.dcid") == NULL))
		return 0;
	err_set(err, EXIT_SETTINGS,
	    "%s: [ids] staff must name a column that"
	    " Teachers has, for it has no user.dcid; nothing was published",
	    run->options->conf_path);
	return err_hint(err,
	    "Write, for example, staff ="
	    " T{user.teachernumber} under [ids].");
}

/* What a server did not give is a finding of the whole district. */
static void
find_gaps(struct run *run)
{
	const struct source_gap *gap;
	const struct table_schema *table;
	char *name;
	size_t i;

	for (i = 0; i < run->source.ngaps; i++) {
		gap = &run->source.gaps[i];
		table = &schema[gap->table];
		name = gap->field < 0 ? mem_strdup(table->name) :
					mem_printf("%s.%s", table->name,
					    table->fields[gap->field].name);
		findings_add(&run->findings,
		    (struct finding){ .table = TABLES,
			.rule = RULE_SRC_GAP,
			.severity = SEVERITY_WARNING,
			.what = intern_add(
			    run->roster->intern, name, strlen(name)) });
		free(name);
	}
}

static int
run_pull(struct run *run, struct err *err)
{
	struct source_options options;

	options = settle_source(run->options->conf, &run->policy);
	options.jobs = run->options->jobs;
	options.progress = &run->progress;
	options.save = run->options->save;
	if (source_pull(&options, run->roster, &run->source, err) != 0)
		return -1;
	find_gaps(run);
	return refuse_older_set_without_ids(run, err);
}

static int
side_file_begin(void *arg, const char *file, bool empty, struct err *err)
{
	struct run *run;

	(void)empty;
	run = arg;
	return package_begin(run->package, file, false, false, err);
}

static int
sheet_begin(void *arg, const char *file, bool empty, struct err *err)
{
	struct run *run;
	char *name;
	int rc;

	run = arg;
	progress_step(&run->progress, file, 0, 0);
	if (strcmp(file, CROSSWALK_FILE) == 0)
		return side_file_begin(arg, file, empty, err);
	name = mem_printf("csv/%s", file);
	rc = package_begin(run->package, name, !empty, true, err);
	free(name);
	return rc;
}

static int
any_write(void *arg, const void *bytes, size_t len, struct err *err)
{
	struct run *run;

	run = arg;
	if (interrupt_check(err) != 0)
		return -1;
	return package_write(run->package, bytes, len, err);
}

static int
any_end(void *arg, struct err *err)
{
	struct run *run;

	run = arg;
	return package_end(run->package, err);
}

/* With -v: how long each step took, on standard error alone. */
static void
run_note(const struct run *run, const char *step)
{
	log_line(LOG_DEBUG, "%s after %lld ms", step,
	    (long long)progress_elapsed(&run->progress));
}

/*
 * Rows pass yesterday's lines of what is held on their way into the run
 * folder; beside that they pass the linter, which checks them as Canvas's
 * importer will, and are counted.
 */
static int
run_emit(struct run *run, struct err *err)
{
	const struct emit_sink to_sheets = { run, sheet_begin, any_write,
		any_end };
	const struct emit_sink side_files = { run, side_file_begin, any_write,
		any_end };
	struct beside *beside;
	struct tally_sink *tally;
	struct lint_sink *lint;
	struct emit_sink emit_into;
	int rc;

	tally = tally_sink_begin(run->roster->intern);
	lint = lint_sink_begin(tally_sink_get(tally),
	    run->policy.roles + ROLE_CUSTOM, run->policy.nroles - ROLE_CUSTOM);
	run->orders = sheet_orders_make(&run->map);
	lint_sink_expect(lint, SHEET_USER, run->orders->npeople);
	lint_sink_expect(lint, SHEET_SECTION, run->orders->nsections);
	lint_sink_expect(
	    lint, SHEET_COURSE, run->orders->ncourses + run->orders->ngroups);
	beside = beside_begin(
	    &to_sheets, lint_sink_get(lint), run->options->jobs > 1);
	rc = update_begin(&run->update, &run->map,
	    run->judge.settings.mode == GUARD_ADDITIONS_ONLY,
	    beside_get(beside), &emit_into, err);
	if (rc == 0)
		rc = emit_sheets(&run->map, run->orders, &emit_into,
		    run->account.sheets, err);
	if (rc == 0)
		rc = emit_crosswalk(&run->map, run->orders, &emit_into,
		    &run->account.crosswalk_rows, err);
	rc |= beside_end(beside, err);
	rc |= lint_sink_end(lint, err);
	rc |= tally_sink_end(tally, &run->judge.after, &run->judge.tally, err);
	if (rc != 0)
		return -1;
	for (; sheets[run->account.nsheets].file != NULL;
	     run->account.nsheets++)
		continue;
	return findings_csv(run->roster, &run->findings, &side_files, err);
}

/* What is different in Canvas, and whether that is too much. */
static int
run_judge(struct run *run, struct err *err)
{
	uint64_t rows[KEEP_SHEETS];
	struct delta_watch watch;
	enum sheet_kind kind;

	if (update_map(&run->update, run->package, err) != 0 ||
	    judge_begin(&run->judge, &run->update, run->package,
		run->roster->intern, err) != 0)
		return -1;
	watch = judge_watch(&run->judge);
	if (update_compare(&run->update, &run->policy, &watch, err) != 0 ||
	    judge_end(&run->judge, run->package, err) != 0)
		return -1;
	run_note(run, "compared");
	for (kind = 0; kind < KEEP_SHEETS; kind++)
		rows[kind] = run->account.sheets[kind].rows +
		    (run->update.first ? 0 :
					 keep_count(run->update.keep, kind));
	return judge_verdict(&run->judge, &run->update, &run->map, rows,
	    run->accepted, run->now, err);
}

/* The zips that bring it there, and what the next run has to know. */
static int
run_pack(struct run *run, struct err *err)
{
	if (run->update.first &&
	    package_zip_end(run->package, "canvas-sis-full", err) != 0)
		return -1;
	if (update_pack(&run->update, run->package, err) != 0)
		return -1;
	return update_released(
	    &run->update, run->package, run->roster->intern, err);
}

/* No school at all is no ordinary day: the source or the year is wrong. */
static int
refuse_nothing(const struct run *run, struct err *err)
{
	if (run->account.sheets[0].rows > 0)
		return 0;
	err_set(err, EXIT_INVALID,
	    "no school is left to send; nothing was"
	    " published");
	return err_hint(err,
	    "Look at schools.csv and at [exclude] schools;"
	    " -n shows what became of each table.");
}

static int
run_account(struct run *run, struct err *err)
{
	struct account_of_run *account;

	account = &run->account;
	account->id = run->dir == NULL ? NULL : rundir_id(run->dir);
	account->now = run->now;
	account->conf = run->options->conf;
	account->conf_path = run->options->conf_path;
	account->policy = &run->policy;
	account->roster = run->roster;
	account->source = &run->source;
	account->findings = &run->findings;
	account->package = run->package;
	account->update = &run->update;
	account->judge = &run->judge;
	return history_previous(conf_text(run->options->conf, "output", "dir"),
	    &account->previous, err);
}

static int
put_file(
    struct run *run, const char *name, const struct buf *text, struct err *err)
{
	if (package_begin(run->package, name, false, false, err) != 0 ||
	    package_write(run->package, text->data, text->len, err) != 0)
		return -1;
	return package_end(run->package, err);
}

static int
run_report(struct run *run, struct err *err)
{
	struct report report = { .account = &run->account,
		.redact = run->options->redact };
	struct buf html = { 0 }, text = { 0 };
	int rc;

	report_read_past(
	    &report, conf_text(run->options->conf, "output", "dir"));
	report_html(&report, &html);
	report_text(&report, &text);
	rc = put_file(run, "report.html", &html, err);
	if (rc == 0)
		rc = put_file(run, "report.txt", &text, err);
	buf_free(&html);
	buf_free(&text);
	return rc;
}

/* The manifest is the last file: a folder without it is no run. */
static int
run_publish(struct run *run, struct err *err)
{
	struct json *manifest;
	char *text;
	int rc;

	manifest = manifest_make(&run->account);
	text = json_print(manifest);
	json_free(manifest);
	rc = 0;
	if (run->dir != NULL) {
		rc = package_begin(
		    run->package, "manifest.json", false, false, err);
		if (rc == 0)
			rc = package_write(
			    run->package, text, strlen(text), err);
		if (rc == 0)
			rc = package_end(run->package, err);
		if (rc == 0)
			rc = rundir_publish(run->dir, &run->path, err);
	}
	progress_end(&run->progress);
	if (rc == 0 && !run->options->json && !run->options->quiet)
		manifest_summary(&run->account, run->path, stdout);
	run->manifest = text;
	return rc;
}

/* One document only: an error of the release takes the manifest's place. */
static void
run_print_manifest(const struct run *run, const struct err *err)
{
	if (run->options->json &&
	    (err->code == EXIT_DONE || err->code == EXIT_HELD))
		fputs(run->manifest, stdout);
}

/* A run that the guard let pass counts as being in Canvas, or says why not. */
static int
run_release(struct run *run, struct err *err)
{
	if (guard_verdict_of(run->judge.guard) == GUARD_HELD) {
		err_set(err, EXIT_HELD,
		    "the guard holds %s%s for %zu reason%s;"
		    " nothing goes to Canvas",
		    run->dir == NULL ? "what would be this run" : "the run ",
		    run->dir == NULL ? "" : rundir_id(run->dir),
		    guard_reasons(run->judge.guard),
		    guard_reasons(run->judge.guard) == 1 ? "" : "s");
		return run->dir == NULL ?
		    err_hint(err,
			"Mend the export, or"
			" run without -n: then the run can be approved.") :
		    err_hint(err,
			"Look at %s/report.html, then let it pass:"
			" ps2canvas approve %s --reason TEXT, or mend the export"
			" and run again.",
			run->path, rundir_id(run->dir));
	}
	if (run->dir == NULL || !history_accepts_by_itself(run->options->conf))
		return 0;
	if (history_accept_published(
		run->dir, run->options->conf, run->now, err) != 0)
		return -1;
	if (!run->options->quiet && !run->options->json)
		puts("accepted    from now on this run counts as what Canvas"
		     " holds (accept = auto)");
	return 0;
}

static void
run_free(struct run *run)
{
	progress_end(&run->progress);
	judge_free(&run->judge);
	update_close(&run->update);
	free(run->accepted);
	free(run->manifest);
	sheet_orders_free(run->orders);
	map_free(&run->map);
	findings_free(&run->findings);
	policy_free(&run->policy);
	source_report_free(&run->source);
	package_free(run->package);
	rundir_close(run->dir);
	roster_free(run->roster);
	free(run->path);
}

/* THE PIPELINE. */
int
run_pipeline(const struct run_options *options, struct err *err)
{
	struct run run = { .options = options };
	int code;

	progress_begin(&run.progress, !options->quiet && !options->json);
	run.roster = roster_new();
	if (settle_policy(options->conf, options->now, run.roster, &run.policy,
		&run.now, err) != 0 ||
	    run_open(&run, err) != 0 || run_pull(&run, err) != 0)
		goto out;
	run_note(&run, "read");
	run.policy.jobs = options->jobs;
	seal_roster(run.roster, &run.findings);
	run_note(&run, "sealed");
	map_make(&run.map, &run.policy, run.roster, &run.findings);
	map_forget(&run.map);
	run_note(&run, "judged");
	if (run_emit(&run, err) != 0 || refuse_nothing(&run, err) != 0 ||
	    run_judge(&run, err) != 0 || run_pack(&run, err) != 0)
		goto out;
	run_note(&run, "written");
	if (run_account(&run, err) != 0 || run_report(&run, err) != 0 ||
	    run_publish(&run, err) != 0)
		goto out;
	run_note(&run, "published");
	(void)run_release(&run, err);
	run_print_manifest(&run, err);
out:
	code = (int)err->code;
	if (code == EXIT_DONE && options->strict &&
	    run.findings.by_severity[SEVERITY_ERROR] +
		    run.findings.by_severity[SEVERITY_WARNING] >
		0)
		code = EXIT_DIFFERENT;
	run_free(&run);
	return code;
}
