#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "base/log.h"
#include "base/streams.h"
#include "program.h"
#include "settings.h"
#include "version.h"

#define CONFIG_FILE "rollbook.ini"

/* A table without one of the common options is a bug. */
static size_t
place_of(const struct cli *cli, const char *option)
{
	size_t i;

	for (i = 0; cli->options[i].name != NULL; i++) {
		if (strcmp(cli->options[i].name, option) == 0)
			return i;
	}
	abort();
}

unsigned
program_given(const struct cli *cli, const char *option)
{
	return cli->given[place_of(cli, option)];
}

const char *
program_text(const struct cli *cli, const char *option)
{
	return cli->text[place_of(cli, option)];
}

struct conf *
program_settings(const struct cli *cli, const char **path, struct err *err)
{
	*path = program_text(cli, "config");
	if (*path == NULL)
		*path = CONFIG_FILE;
	if (program_given(cli, "config") == 0 &&
	    access(CONFIG_FILE, F_OK) == -1) {
		err_set(err, EXIT_SETTINGS,
		    "there is no %s in this folder;"
		    " nothing was done",
		    CONFIG_FILE);
		err_hint(err,
		    "Name the file with -c FILE, or write a new one:"
		    " ps2canvas init");
		return NULL;
	}
	return conf_load(*path, settings_options,
	    (const char *const *)cli->lists[place_of(cli, "option")], err);
}

int
program_completion(const struct cli *cli, struct err *err)
{
	return cli_completion(cli, cli->arguments[0], stdout, err) == 0 ?
	    EXIT_DONE :
	    (int)err->code;
}

int
program_help(const struct cli *cli, struct err *err)
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

int
program_version(const struct cli *cli, struct err *err)
{
	(void)err;
	version_print(cli->program, program_given(cli, "json") > 0, stdout);
	return EXIT_DONE;
}

/* --json makes an error the one document on stdout as well. */
static void
report_failure(const struct cli *cli, const struct err *err)
{
	struct json *document, *error;
	char *text;

	fflush(stdout);
	log_error(err);
	/* A run that is held has printed its manifest. */
	if (program_given(cli, "json") == 0 || err->code == EXIT_HELD)
		return;
	document = json_object();
	error = json_object();
	json_set_number(error, "exit", (uint64_t)err->code);
	json_set_text(error, "message", err->msg);
	json_set_text(error, "hint", err->hint);
	json_set_text(document, "schema", "rollbook-error");
	json_set_number(document, "version", 1);
	json_set(document, "error", error);
	text = json_print(document);
	fputs(text, stdout);
	free(text);
	json_free(document);
}

static enum log_level
level_wanted(const struct cli *cli)
{
	if (program_given(cli, "quiet") > 0)
		return LOG_ERROR;
	return program_given(cli, "verbose") > 0 ? LOG_DEBUG : LOG_INFO;
}

/* What was printed is only a result once the kernel has it all. */
static int
finish_output(const struct cli *cli, int code)
{
	struct err err = { 0 };

	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	if (errno == EPIPE)
		return code == EXIT_DONE ? EXIT_IO : code;
	err_set_errno(&err, EXIT_IO, errno == 0 ? EIO : errno,
	    "%s cannot be written to standard output",
	    code == EXIT_DONE ? "the work is done, but the result" :
				"the error");
	err_hint(&err, "Make room where standard output goes; %s",
	    strcmp(cli->program, "ps2canvas") == 0 ?
		"ps2canvas show latest shows the newest run." :
		"the newest result is in the output folder, under current.");
	log_error(&err);
	return code == EXIT_DONE ? EXIT_IO : code;
}

int
program_main(struct cli *cli, int argc, char **argv)
{
	struct err err = { 0 };
	int code;

	streams_hold();
	umask(077);
	interrupt_install();
	code = EXIT_DONE;
	if (cli_parse(cli, argc, argv, &err) != 0) {
		code = (int)err.code;
	} else if (program_given(cli, "help") > 0) {
		cli_help(cli, cli->command, stdout);
	} else if (program_given(cli, "version") > 0) {
		version_print(cli->program, false, stdout);
	} else if (cli->command == NULL) {
		cli_help(cli, NULL, stderr);
		code = EXIT_USAGE;
	} else {
		log_open(level_wanted(cli));
		code = cli->command->run(cli, &err);
	}
	if (err.code != EXIT_DONE)
		report_failure(cli, &err);
	cli_free(cli);
	return finish_output(cli, code);
}
