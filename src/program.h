#ifndef PROGRAM_H
#define PROGRAM_H

#include "base/cli.h"
#include "base/conf.h"
#include "base/err.h"

/* What the programs have in common, beside their tables. */

/* main() behind the tables of cli: the command line, its command, the log and
 * the exit code. The table of options must hold the common ones below. */
int program_main(struct cli *cli, int argc, char **argv);

/* How often an option of the table was given, and its last argument. */
unsigned program_given(const struct cli *cli, const char *option);
const char *program_text(const struct cli *cli, const char *option);

/*
 * Reads the settings that --config, or rollbook.ini in this folder, and
 * --option say. *path is the file. NULL with EXIT_SETTINGS; conf_free().
 */
struct conf *program_settings(
    const struct cli *cli, const char **path, struct err *err);

/* The commands that every program has. */
int program_completion(const struct cli *cli, struct err *err);
int program_help(const struct cli *cli, struct err *err);
int program_version(const struct cli *cli, struct err *err);

/* Rows of the tables that say the same in every program. */
#define PROGRAM_OPTION_CONFIG                                                  \
	{                                                                      \
		"config", 'c', "FILE", NULL,                                   \
		    "The settings file; without it, rollbook.ini."             \
	}
#define PROGRAM_OPTION_OPTION                                                       \
	{                                                                           \
		"option", 'o', "SECTION.KEY=VALUE", NULL,                           \
		    "Puts one setting in place of the file's; may stand more than " \
		    "once."                                                         \
	}
#define PROGRAM_OPTION_QUIET                                                   \
	{                                                                      \
		"quiet", 'q', NULL, NULL, "Prints errors only."                \
	}
#define PROGRAM_OPTION_VERBOSE                                                 \
	{                                                                      \
		"verbose", 'v', NULL, NULL,                                    \
		    "Says on standard error how long each step took."          \
	}
#define PROGRAM_OPTION_HELP                                                     \
	{                                                                       \
		"help", 'h', NULL, NULL,                                        \
		    "Shows how the program, or the command before it, is used." \
	}
#define PROGRAM_OPTION_VERSION                                                 \
	{                                                                      \
		"version", 'V', NULL, NULL, "Prints the version."              \
	}
#define PROGRAM_COMMAND_COMPLETION                                             \
	{                                                                      \
		"completion", "bash|zsh|fish", 1, 1,                           \
		    "Prints a completion script for a shell.",                 \
		    program_completion                                         \
	}
#define PROGRAM_COMMAND_HELP                                                   \
	{                                                                      \
		"help", "[COMMAND]", 0, 1,                                     \
		    "Shows how the program, or one command, is used.",         \
		    program_help                                               \
	}
#define PROGRAM_COMMAND_VERSION                                                    \
	{                                                                          \
		"version", "", 0, 0,                                               \
		    "Prints the version, with --json those of the libraries too.", \
		    program_version                                                \
	}

#endif
