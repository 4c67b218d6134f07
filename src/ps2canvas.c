#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/cli.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/log.h"
#include "base/streams.h"
#include "commands.h"
#include "version.h"

/* --json makes an error the one document on stdout as well. */
static void
report_failure(const struct cli *cli, const struct err *err)
{
	struct json *document, *error;
	char *text;

	fflush(stdout);
	log_error(err);
	/* A run that is held has printed its manifest. */
	if (cli->given[OPTION_JSON] == 0 || err->code == EXIT_HELD)
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
	if (cli->given[OPTION_QUIET] > 0)
		return LOG_ERROR;
	return cli->given[OPTION_VERBOSE] > 0 ? LOG_DEBUG : LOG_INFO;
}

/* What was printed is only a result once the kernel has it all. */
static int
finish_output(int code)
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
	err_hint(&err,
	    "Make room where standard output goes; ps2canvas show latest"
	    " shows the newest run.");
	log_error(&err);
	return code == EXIT_DONE ? EXIT_IO : code;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .program = "ps2canvas",
		.options = commands_options,
		.commands = commands,
		.sentence =
		    "Turns a district's PowerSchool tables into Canvas SIS Import"
		    " zips." };
	struct err err = { 0 };
	int code;

	streams_hold();
	umask(077);
	interrupt_install();
	code = EXIT_DONE;
	if (cli_parse(&cli, argc, argv, &err) != 0) {
		code = (int)err.code;
	} else if (cli.given[OPTION_HELP] > 0) {
		cli_help(&cli, cli.command, stdout);
	} else if (cli.given[OPTION_VERSION] > 0) {
		version_print(cli.program, false, stdout);
	} else if (cli.command == NULL) {
		cli_help(&cli, NULL, stderr);
		code = EXIT_USAGE;
	} else {
		log_open(level_wanted(&cli));
		code = cli.command->run(&cli, &err);
	}
	if (err.code != EXIT_DONE)
		report_failure(&cli, &err);
	cli_free(&cli);
	return finish_output(code);
}
