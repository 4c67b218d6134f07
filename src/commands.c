#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "commands.h"
#include "doctor.h"
#include "explain.h"
#include "run.h"
#include "settings.h"
#include "version.h"

#define CONFIG_FILE "rollbook.ini"
#define JOBS_MAX 64
#define JOBS_UNASKED 8	/* threads at most when -j does not say */

const struct cli_option commands_options[] = {
	[OPTION_CONFIG] = { "config", 'c', "FILE", NULL,
	    "The settings file; without it, rollbook.ini." },
	[OPTION_OPTION] = { "option", 'o', "SECTION.KEY=VALUE", NULL,
	    "Puts one setting in place of the file's; may stand more than "
	    "once." },
	[OPTION_DRY_RUN] = { "dry-run", 'n', NULL, " run ",
	    "Shows what would come out, and writes nothing." },
	[OPTION_JOBS] = { "jobs", 'j', "N", " run ",
	    "How many threads work; the result does not depend on it." },
	[OPTION_NOW] = { "now", '\0', "TIME", " run check ",
	    "Takes TIME, such as 2026-11-23T12:00:00Z, for now." },
	[OPTION_JSON] = { "json", '\0', NULL, " run check version ",
	    "Prints the result as one JSON document." },
	[OPTION_STRICT] = { "strict", '\0', NULL, " run ",
	    "Ends with 1 when there are errors or warnings among the "
	    "findings." },
	[OPTION_SHOW_CONFIG] = { "show-config", '\0', NULL, " check ",
	    "Prints every setting in force and where it comes from." },
	[OPTION_QUIET] = { "quiet", 'q', NULL, NULL,
	    "Prints errors only." },
	[OPTION_VERBOSE] = { "verbose", 'v', NULL, NULL,
	    "Says more on standard error; twice says everything." },
	[OPTION_HELP] = { "help", 'h', NULL, NULL,
	    "Shows how the program, or the command before it, is used." },
	[OPTION_VERSION] = { "version", 'V', NULL, NULL,
	    "Prints the version." },
	{ 0 }
};

static struct conf *
load_settings(const struct cli *cli, const char **path, struct err *err)
{
	*path = cli->text[OPTION_CONFIG];
	if (*path == NULL)
		*path = CONFIG_FILE;
	if (cli->text[OPTION_CONFIG] == NULL &&
	    access(CONFIG_FILE, F_OK) == -1) {
		err_set(err, EXIT_SETTINGS, "there is no %s in this folder;"
		    " nothing was done", CONFIG_FILE);
		err_hint(err, "Name the file with -c FILE, or write a new one:"
		    " %s init", cli->program);
		return NULL;
	}
	return conf_load(*path, settings_options,
	    (const char *const *)cli->lists[OPTION_OPTION], err);
}

static int
command_run(const struct cli *cli, struct err *err)
{
	struct run_options options = { 0 };
	struct conf *conf;
	long jobs, cores;
	int code;

	cores = sysconf(_SC_NPROCESSORS_ONLN);
	if (cli_number(cli, OPTION_JOBS, 1, JOBS_MAX, cores < 1 ? 1 :
	    cores > JOBS_UNASKED ? JOBS_UNASKED : cores, &jobs, err) != 0)
		return (int)err->code;
	conf = load_settings(cli, &options.conf_path, err);
	if (conf == NULL)
		return (int)err->code;
	options.conf = conf;
	options.now = cli->text[OPTION_NOW];
	options.jobs = (unsigned)jobs;
	options.dry_run = cli->given[OPTION_DRY_RUN] > 0;
	options.json = cli->given[OPTION_JSON] > 0;
	options.quiet = cli->given[OPTION_QUIET] > 0;
	options.strict = cli->given[OPTION_STRICT] > 0;
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

	conf = load_settings(cli, &options.conf_path, err);
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
init_failed(const char *path, int errnum, struct err *err)
{
	err_set_errno(err, EXIT_IO, errnum, "%s cannot be written, nothing was"
	    " done", path);
	err_hint(err, errnum == EEXIST ? "Move the file away first, or name"
	    " another: init FILE" : "Name another file: init FILE");
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
		    " then type %s check\n", path, cli->program);
	return EXIT_DONE;
}

static int
command_explain(const struct cli *cli, struct err *err)
{
	return explain_rule(cli->nargs == 0 ? NULL : cli->arguments[0],
	    stdout, err);
}

static int
command_completion(const struct cli *cli, struct err *err)
{
	return cli_completion(cli, cli->arguments[0], stdout, err) == 0 ?
	    EXIT_DONE : (int)err->code;
}

static int
command_help(const struct cli *cli, struct err *err)
{
	const struct cli_command *command;

	command = NULL;
	if (cli->nargs > 0) {
		command = cli_command(cli, cli->arguments[0], err);
		if (command == NULL)
			return (int)err->code;
	}
	cli_help(cli, command, stdout);
	return EXIT_DONE;
}

static int
command_version(const struct cli *cli, struct err *err)
{
	(void)err;
	version_print(cli->program, cli->given[OPTION_JSON] > 0, stdout);
	return EXIT_DONE;
}

const struct cli_command commands[] = {
	{ "run", "", 0, 0,
	    "Reads the exports, checks them and publishes the Canvas zip in "
	    "a run folder.", command_run },
	{ "check", "", 0, 0,
	    "Looks at the settings, the exports' headers and the output "
	    "folder: PASS, WARN or FAIL, with the fix.", command_check },
	{ "init", "[FILE]", 0, 1,
	    "Writes a commented settings file to start from.",
	    command_init },
	{ "explain", "[CODE]", 0, 1,
	    "Says what a finding means, why it matters and what to do; "
	    "without CODE, lists them all.", command_explain },
	{ "completion", "bash|zsh|fish", 1, 1,
	    "Prints a completion script for a shell.", command_completion },
	{ "help", "[COMMAND]", 0, 1,
	    "Shows how the program, or one command, is used.",
	    command_help },
	{ "version", "", 0, 0,
	    "Prints the version, with --json those of the libraries too.",
	    command_version },
	{ 0 }
};
