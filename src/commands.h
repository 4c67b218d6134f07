#ifndef COMMANDS_H
#define COMMANDS_H

#include "base/cli.h"

/* The options of ps2canvas, by their row in commands_options. */
enum command_option {
	OPTION_CONFIG,
	OPTION_OPTION,
	OPTION_DRY_RUN,
	OPTION_JOBS,
	OPTION_NOW,
	OPTION_REASON,
	OPTION_JSON,
	OPTION_CSV,
	OPTION_HTML,
	OPTION_ALL,
	OPTION_EXIT_CODE,
	OPTION_ROLE,
	OPTION_COMPLETE,
	OPTION_REDACT,
	OPTION_SAVE,
	OPTION_STRICT,
	OPTION_WITHOUT,
	OPTION_SHOW_CONFIG,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_HELP,
	OPTION_VERSION
};

/* THE TABLES of what can be typed behind ps2canvas. */
extern const struct cli_option commands_options[];
extern const struct cli_command commands[];

#endif
