#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/conf_print.h"
#include "commands.h"
#include "compare/compare.h"
#include "doctor.h"
#include "explain.h"
#include "history/history_decide.h"
#include "history/history_list.h"
#include "history/history_purge.h"
#include "history/history_show.h"
#include "history/history_verify.h"
#include "plugin.h"
#include "program.h"
#include "run.h"
#include "settings.h"
#include "validate.h"

#define CONFIG_FILE "rollbook.ini"
#define JOBS_MAX 64
#define JOBS_UNASKED 8 /* threads at most when -j does not say */

const struct cli_option commands_options[] = {
	[OPTION_CONFIG] = PROGRAM_OPTION_CONFIG,
	[OPTION_OPTION] = PROGRAM_OPTION_OPTION,
	[OPTION_DRY_RUN] = { "dry-run", 'n', NULL, " run purge ",
	    "Shows what would come out, or be removed, and changes "
	    "nothing." },
	[OPTION_JOBS] = { "jobs", 'j', "N", " run ",
	    "How many threads work; the result does not depend on it." },
	[OPTION_NOW] = { "now", '\0', "TIME",
	    " run check approve discard accept runs show verify purge ",
	    "Takes TIME, such as 2026-11-23T12:00:00Z, for now." },
	[OPTION_REASON] = { "reason", '\0', "TEXT", " approve discard accept ",
	    "Why: kept with the decision, for the next person." },
	[OPTION_JSON] = { "json", '\0', NULL,
	    " run check validate diff approve discard accept runs show verify "
	    "purge version ",
	    "Prints the result as one JSON document." },
	[OPTION_CSV] = { "csv", '\0', NULL, " diff ",
	    "Prints the differences as a changes.csv." },
	[OPTION_HTML] = { "html", '\0', NULL, " diff ",
	    "Prints the differences as one page for a browser." },
	[OPTION_ALL] = { "all", '\0', NULL, " diff validate ",
	    "Shows every row, not only the first ones." },
	[OPTION_EXIT_CODE] = { "exit-code", '\0', NULL, " diff ",
	    "Ends with 1 when there is a difference." },
	[OPTION_ROLE] = { "role", '\0', "NAME", " validate ",
	    "A custom role that Canvas knows; may stand more than once." },
	[OPTION_COMPLETE] = { "complete", '\0', NULL, " validate ",
	    "The package is all that Canvas will hold: what it lacks is "
	    "nowhere." },
	[OPTION_REDACT] = { "redact", '\0', NULL, " run ",
	    "Leaves the cells of people out of report.html." },
	[OPTION_SAVE] = { "save", '\0', "DIR", " run ",
	    "Also keeps what was read from a server in the new folder DIR, as "
	    "exports that url = files:DIR reads." },
	[OPTION_STRICT] = { "strict", '\0', NULL, " run ",
	    "Ends with 1 when there are errors or warnings among the "
	    "findings." },
	[OPTION_WITHOUT] = { "without", '\0', "PART", " plugin ",
	    "Leaves a part out: email, the students' addresses in the Person "
	    "tables; may stand more than once." },
	[OPTION_SHOW_CONFIG] = { "show-config", '\0', NULL, " check ",
	    "Prints every setting in force and where it comes from." },
	[OPTION_QUIET] = PROGRAM_OPTION_QUIET,
	[OPTION_VERBOSE] = PROGRAM_OPTION_VERBOSE,
	[OPTION_HELP] = PROGRAM_OPTION_HELP,
	[OPTION_VERSION] = PROGRAM_OPTION_VERSION,
	{ 0 }
};

/* A dry run leaves nothing behind, what it read included. */
static int
refuse_to_save_dry(struct err *err)
{
	err_set(err, EXIT_USAGE,
	    "-n writes nothing, so --save has no place beside it; nothing was"
	    " read");
	err_hint(err, "Leave one of the two out.");
	return (int)err->code;
}

static int
command_run(const struct cli *cli, struct err *err)
{
	struct run_options options = { 0 };
	struct conf *conf;
	long jobs, cores;
	int code;

	if (cli->given[OPTION_DRY_RUN] > 0 && cli->given[OPTION_SAVE] > 0)
		return refuse_to_save_dry(err);
	cores = sysconf(_SC_NPROCESSORS_ONLN);
	if (cli_number(cli, OPTION_JOBS, 1, JOBS_MAX,
		cores < 1		 ? 1 :
		    cores > JOBS_UNASKED ? JOBS_UNASKED :
					   cores,
		&jobs, err) != 0)
		return (int)err->code;
	conf = program_settings(cli, &options.conf_path, err);
	if (conf == NULL)
		return (int)err->code;
	options.conf = conf;
	options.now = cli->text[OPTION_NOW];
	options.jobs = (unsigned)jobs;
	options.dry_run = cli->given[OPTION_DRY_RUN] > 0;
	options.json = cli->given[OPTION_JSON] > 0;
	options.quiet = cli->given[OPTION_QUIET] > 0;
	options.strict = cli->given[OPTION_STRICT] > 0;
	options.redact = cli->given[OPTION_REDACT] > 0;
	options.save = cli->text[OPTION_SAVE];
	code = run_pipeline(&options, err);
	conf_free(conf);
	return code;
}

static int
command_check(const struct cli *cli, struct err *err)
{
	struct doctor_options options = { 0 };
	struct conf *conf;
	int code;

	conf = program_settings(cli, &options.conf_path, err);
	if (conf == NULL)
		return (int)err->code;
	options.conf = conf;
	options.now = cli->text[OPTION_NOW];
	options.json = cli->given[OPTION_JSON] > 0;
	if (cli->given[OPTION_SHOW_CONFIG] > 0) {
		conf_show(conf, stdout);
		code = EXIT_DONE;
	} else {
		code = doctor_examine(&options, err);
	}
	conf_free(conf);
	return code;
}

static int
command_validate(const struct cli *cli, struct err *err)
{
	struct validate_options options = { 0 };

	options.json = cli->given[OPTION_JSON] > 0;
	options.quiet = cli->given[OPTION_QUIET] > 0;
	options.all = cli->given[OPTION_ALL] > 0;
	options.complete = cli->given[OPTION_COMPLETE] > 0;
	options.roles = cli->lists[OPTION_ROLE];
	options.nroles = cli->given[OPTION_ROLE];
	return validate_package(cli->arguments[0], &options, err);
}

/* Any two packages can be compared; only runs need the settings. */
static int
command_diff(const struct cli *cli, struct err *err)
{
	struct compare_options options = { 0 };
	struct conf *conf;
	const char *path;
	int code;

	conf = NULL;
	options.out = "out";
	if (cli->text[OPTION_CONFIG] != NULL ||
	    access(CONFIG_FILE, F_OK) == 0) {
		conf = program_settings(cli, &path, err);
		if (conf == NULL)
			return (int)err->code;
		options.out = conf_text(conf, "output", "dir");
	}
	options.a = cli->nargs > 0 ? cli->arguments[0] : NULL;
	options.b = cli->nargs > 1 ? cli->arguments[1] : NULL;
	options.form = cli->given[OPTION_CSV] > 0 ? COMPARE_CSV :
	    cli->given[OPTION_JSON] > 0		  ? COMPARE_JSON :
	    cli->given[OPTION_HTML] > 0		  ? COMPARE_HTML :
						    COMPARE_TEXT;
	options.all = cli->given[OPTION_ALL] > 0;
	options.exit_code = cli->given[OPTION_EXIT_CODE] > 0;
	options.quiet = cli->given[OPTION_QUIET] > 0;
	code = compare_packages(&options, err);
	conf_free(conf);
	return code;
}

/* The commands about past runs differ only in what they then do. */
static int
call_history(const struct cli *cli,
    int (*command)(const struct history_call *call, struct err *err),
    struct err *err)
{
	struct history_call call = { 0 };
	struct conf *conf;
	const char *path;
	int code;

	conf = program_settings(cli, &path, err);
	if (conf == NULL)
		return (int)err->code;
	call.dry_run = cli->given[OPTION_DRY_RUN] > 0;
	call.json = cli->given[OPTION_JSON] > 0;
	call.quiet = cli->given[OPTION_QUIET] > 0;
	if (history_call_settle(&call, conf,
		cli->nargs > 0 ? cli->arguments[0] : NULL,
		cli->text[OPTION_REASON], cli->text[OPTION_NOW], err) == 0)
		code = command(&call, err);
	else
		code = (int)err->code;
	conf_free(conf);
	return code;
}

static int
command_approve(const struct cli *cli, struct err *err)
{
	return call_history(cli, history_decide_approve, err);
}

static int
command_discard(const struct cli *cli, struct err *err)
{
	return call_history(cli, history_decide_discard, err);
}

static int
command_accept(const struct cli *cli, struct err *err)
{
	return call_history(cli, history_decide_accept, err);
}

static int
command_runs(const struct cli *cli, struct err *err)
{
	return call_history(cli, history_list, err);
}

static int
command_show(const struct cli *cli, struct err *err)
{
	return call_history(cli, history_show, err);
}

static int
command_verify(const struct cli *cli, struct err *err)
{
	return call_history(cli, history_verify, err);
}

static int
command_purge(const struct cli *cli, struct err *err)
{
	return call_history(cli, history_purge, err);
}

static int
init_failed(const char *path, int errnum, struct err *err)
{
	err_set_errno(err, EXIT_IO, errnum,
	    "%s cannot be written, nothing was"
	    " done",
	    path);
	err_hint(err,
	    errnum == EEXIST ? "Move the file away first, or name"
			       " another: init FILE" :
			       "Name another file: init FILE");
	return (int)err->code;
}

static int
command_init(const struct cli *cli, struct err *err)
{
	const char *path;
	FILE *out;
	int fd;

	path = cli->nargs > 0 ? cli->arguments[0] : CONFIG_FILE;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return init_failed(path, errno, err);
	out = fdopen(fd, "w");
	if (out == NULL)
		return init_failed(path, errno, err);
	conf_print_example(settings_options, settings_sections, out);
	if (fclose(out) != 0)
		return init_failed(path, errno, err);
	if (cli->given[OPTION_QUIET] == 0)
		printf("wrote %s: fill in [district] timezone and [source] url,"
		       " then type %s check\n",
		    path, cli->program);
	return EXIT_DONE;
}

static int
command_plugin(const struct cli *cli, struct err *err)
{
	struct plugin_options options = { 0 };

	options.without = cli->lists[OPTION_WITHOUT];
	options.quiet = cli->given[OPTION_QUIET] > 0;
	return plugin_write(cli->arguments[0], &options, err);
}

static int
command_explain(const struct cli *cli, struct err *err)
{
	return explain_rule(
	    cli->nargs == 0 ? NULL : cli->arguments[0], stdout, err);
}

const struct cli_command commands[] = {
	{ "run", "", 0, 0,
	    "Reads the exports, checks them and publishes the Canvas zip in "
	    "a run folder.",
	    command_run },
	{ "check", "", 0, 0,
	    "Looks at the settings, the exports' headers and the output "
	    "folder: PASS, WARN or FAIL, with the fix.",
	    command_check },
	{ "validate", "PATH", 1, 1,
	    "Checks any folder, zip or CSV of Canvas SIS files by the rules "
	    "of Canvas's importer.",
	    command_validate },
	{ "diff", "[A] [B]", 0, 2,
	    "Shows what is different between two runs, zips or folders; "
	    "without them, what the last run would change.",
	    command_diff },
	{ "approve", "RUN --reason TEXT", 1, 1,
	    "Lets a run pass that the guard holds, for 24 hours.",
	    command_approve },
	{ "discard", "RUN", 1, 1, "Drops a run: it is never sent or accepted.",
	    command_discard },
	{ "accept", "RUN", 1, 1,
	    "Says that a run's package is in Canvas: the next run is "
	    "compared with it.",
	    command_accept },
	{ "runs", "", 0, 0, "Lists the runs, the newest last.", command_runs },
	{ "show", "RUN", 1, 1, "Shows all that is known of one run.",
	    command_show },
	{ "verify", "[RUN]", 0, 1,
	    "Reads every file of a run, or of all runs, again and compares "
	    "it with the manifest.",
	    command_verify },
	{ "purge", "", 0, 0,
	    "Removes old runs, as [output] keep_runs and keep_days say.",
	    command_purge },
	{ "plugin", "FILE.zip", 1, 1,
	    "Writes the PowerSchool plugin that opens the API to this "
	    "program, for reading only.",
	    command_plugin },
	{ "init", "[FILE]", 0, 1,
	    "Writes a commented settings file to start from.", command_init },
	{ "explain", "[CODE]", 0, 1,
	    "Says what a finding means, why it matters and what to do; "
	    "without CODE, lists them all.",
	    command_explain },
	PROGRAM_COMMAND_COMPLETION, PROGRAM_COMMAND_HELP,
	PROGRAM_COMMAND_VERSION, { 0 }
};
