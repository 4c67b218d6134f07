#ifndef BASE_CLI_H
#define BASE_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

/*
 * A command line "program [options] command [options] arguments" that is read
 * from two tables; --help, help, completion and the man page's lists come
 * from the same tables. Options may stand anywhere; behind -- all is
 * argument.
 */

#define CLI_OPTIONS_MAX 32

/* One option; a table of them ends with a NULL name and is indexed by row. */
struct cli_option {
	const char *name;     /* "jobs", typed --jobs */
	char letter;	      /* 'j', typed -j; '\0': none */
	const char *argument; /* "N"; NULL: a flag */
	const char *commands; /* " run check "; NULL: any */
	const char *sentence; /* what it does */
};

struct cli;

/* One command; a table of them ends with a NULL name. */
struct cli_command {
	const char *name;
	const char *arguments; /* "[A] [B]", as people read it */
	int least, most;       /* how many arguments */
	const char *sentence;  /* what it does */
	int (*run)(const struct cli *cli, struct err *err);
};

/* A program's tables and what was typed. */
struct cli {
	const char *program;
	const char *sentence; /* what the program does */
	const struct cli_option *options;
	const struct cli_command *commands;

	const struct cli_command *command;
	char **arguments; /* the command's; ends with NULL */
	int nargs;
	unsigned given[CLI_OPTIONS_MAX];     /* how often */
	const char *text[CLI_OPTIONS_MAX];   /* the last argument, or NULL */
	const char **lists[CLI_OPTIONS_MAX]; /* all of them, NULL ended */
};

/*
 * Reads the command line into cli, whose first four members are set. argv is
 * reordered. 0, or -1 with EXIT_USAGE; free with cli_free() in both cases.
 */
int cli_parse(struct cli *cli, int argc, char **argv, struct err *err);
void cli_free(struct cli *cli);

/* The number an option was given, or otherwise when it was not. */
int cli_number(const struct cli *cli, unsigned option, long least, long most,
    long otherwise, long *number, struct err *err);

/* Writes how the program, or one command of it, is used. */
void cli_help(
    const struct cli *cli, const struct cli_command *command, FILE *out);

/* The command with that name, NULL when there is none (err says which). */
const struct cli_command *cli_command(
    const struct cli *cli, const char *name, struct err *err);

/* Writes a completion script; shell is bash, zsh or fish. */
int cli_completion(
    const struct cli *cli, const char *shell, FILE *out, struct err *err);

/* Writes the lists of commands and options as mdoc(7), for the man page. */
void cli_print_mdoc(const struct cli *cli, FILE *out);

#endif
