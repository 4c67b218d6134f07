#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cli.h"

enum { OPT_CONFIG, OPT_SET, OPT_JOBS, OPT_QUIET };

static const struct cli_option options[] = { { "config", 'c', "FILE", NULL,
						 "The settings." },
	{ "set", 'o', "SECTION.KEY=VALUE", NULL, "Sets one." },
	{ "jobs", 'j', "N", " run check ", "How many threads." },
	{ "quiet", 'q', NULL, NULL, "Says nothing." },
	{ "json", '\0', NULL, " run ", "Writes JSON." },
	{ "reason", '\0', "TEXT", " approve ", "Why." }, { 0 } };

static const struct cli_command commands[] = { { "run", "", 0, 0, "Runs.",
						   NULL },
	{ "check", "", 0, 0, "Checks.", NULL },
	{ "diff", "[A] [B]", 0, 2, "Compares.", NULL },
	{ "approve", "RUN --reason TEXT", 1, 1, "Approves.", NULL },
	{ "completion", "bash|zsh|fish", 1, 1, "Completes.", NULL }, { 0 } };

/* Reads a line of words between blanks; line is changed. */
static int
parse(struct cli *cli, char *line, struct err *err)
{
	static char *argv[32];
	char *word, *rest;
	int argc;

	*cli = (struct cli){ .program = "ps2canvas",
		.sentence = "Moves rosters.",
		.options = options,
		.commands = commands };
	*err = (struct err){ 0 };
	argc = 0;
	for (word = strtok_r(line, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	argv[argc] = NULL;
	return cli_parse(cli, argc, argv, err);
}

static void
options_may_stand_anywhere(void **state)
{
	static const char *const lines[] = {
		"ps2canvas -c a.ini -q diff x y",
		"ps2canvas diff -c a.ini x y -q",
		"ps2canvas --config=a.ini diff x --quiet y",
		"ps2canvas -qc a.ini diff -- x y",
		"ps2canvas --conf a.ini -q diff x y",
		"ps2canvas -qca.ini diff x y",
	};
	struct cli cli;
	struct err err;
	char line[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		strcpy(line, lines[i]);
		assert_int_equal(parse(&cli, line, &err), 0);
		assert_string_equal(cli.command->name, "diff");
		assert_string_equal(cli.text[OPT_CONFIG], "a.ini");
		assert_int_equal(cli.given[OPT_QUIET], 1);
		assert_int_equal(cli.nargs, 2);
		assert_string_equal(cli.arguments[0], "x");
		assert_string_equal(cli.arguments[1], "y");
		cli_free(&cli);
	}
}

static void
an_option_may_be_given_often_and_all_are_kept(void **state)
{
	char line[] = "ps2canvas -o a=1 run -o b=2 --set c=3 -qq";
	struct cli cli;
	struct err err;

	(void)state;
	assert_int_equal(parse(&cli, line, &err), 0);
	assert_string_equal(cli.command->name, "run");
	assert_int_equal(cli.given[OPT_SET], 3);
	assert_int_equal(cli.given[OPT_QUIET], 2);
	assert_string_equal(cli.lists[OPT_SET][0], "a=1");
	assert_string_equal(cli.lists[OPT_SET][2], "c=3");
	assert_null(cli.lists[OPT_SET][3]);
	assert_string_equal(cli.text[OPT_SET], "c=3");
	assert_null(cli.lists[OPT_CONFIG]);
	cli_free(&cli);
}

static void
behind_two_dashes_all_is_argument(void **state)
{
	char line[] = "ps2canvas diff -- -q --json";
	struct cli cli;
	struct err err;

	(void)state;
	assert_int_equal(parse(&cli, line, &err), 0);
	assert_int_equal(cli.given[OPT_QUIET], 0);
	assert_int_equal(cli.nargs, 2);
	assert_string_equal(cli.arguments[0], "-q");
	cli_free(&cli);
}

static void
without_a_command_there_is_none(void **state)
{
	char line[] = "ps2canvas -q";
	struct cli cli;
	struct err err;

	(void)state;
	assert_int_equal(parse(&cli, line, &err), 0);
	assert_null(cli.command);
	cli_free(&cli);
}

static void
what_cannot_be_understood_is_named(void **state)
{
	static const struct {
		const char *line, *msg;
	} cases[] = {
		{ "ps2canvas rnu",
		    "rnu is no command; did you mean"
		    " \"run\"?" },
		{ "ps2canvas nonsense", "nonsense is no command" },
		{ "ps2canvas run --jsno",
		    "--jsno is no option that can be"
		    " used so; did you mean --json?" },
		{ "ps2canvas run --nonsense", "--nonsense is no option" },
		{ "ps2canvas run -x", "-x is no option" },
		/* Among others: the letter is wrong, not the word before. */
		{ "ps2canvas -xq run", "-x is no option" },
		{ "ps2canvas run -qx", "-x is no option" },
		{ "ps2canvas run -qxq", "-x is no option" },
		{ "ps2canvas run -c", "-c needs a value behind it" },
		{ "ps2canvas run --config",
		    "--config needs a value behind"
		    " it" },
		{ "ps2canvas run --quiet=x",
		    "--quiet=x is no option that"
		    " can be used so; did you mean --quiet?" },
		{ "ps2canvas run x", "run: too much stands behind it" },
		{ "ps2canvas approve --reason x",
		    "approve: something is"
		    " missing behind it" },
		{ "ps2canvas diff --json", "--json does not go with diff" },
	};
	struct cli cli;
	struct err err;
	char line[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(line, cases[i].line);
		assert_int_equal(parse(&cli, line, &err), -1);
		assert_int_equal(err.code, EXIT_USAGE);
		assert_string_equal(err.msg, cases[i].msg);
		assert_non_null(strstr(err.hint, "Nothing was done."));
		cli_free(&cli);
	}
}

static void
a_number_is_whole_and_in_its_range(void **state)
{
	static const struct {
		const char *line;
		long want; /* -1: refused */
	} cases[] = {
		{ "ps2canvas run", 7 },
		{ "ps2canvas run -j 1", 1 },
		{ "ps2canvas run -j 64", 64 },
		{ "ps2canvas run -j 065", -1 },
		{ "ps2canvas run -j 0", -1 },
		{ "ps2canvas run -j 65", -1 },
		{ "ps2canvas run -j -1", -1 },
		{ "ps2canvas run -j 4x", -1 },
		{ "ps2canvas run --jobs=", -1 },
		{ "ps2canvas run -j 99999999999999999999", -1 },
	};
	struct cli cli;
	struct err err;
	char line[64];
	size_t i;
	long got;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(line, cases[i].line);
		assert_int_equal(parse(&cli, line, &err), 0);
		rc = cli_number(&cli, OPT_JOBS, 1, 64, 7, &got, &err);
		assert_int_equal(rc, cases[i].want == -1 ? -1 : 0);
		if (rc == 0)
			assert_int_equal(got, cases[i].want);
		else
			assert_int_equal(err.code, EXIT_USAGE);
		cli_free(&cli);
	}
}

/* What one of the writers writes; the caller frees it. */
static char *
text_of(const struct cli_command *command, const char *shell)
{
	const struct cli cli = { .program = "ps2canvas",
		.sentence = "Moves rosters.",
		.options = options,
		.commands = commands };
	struct err err = { 0 };
	char *text;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	assert_non_null(out);
	if (shell == NULL)
		cli_help(&cli, command, out);
	else
		assert_int_equal(cli_completion(&cli, shell, out, &err), 0);
	fclose(out);
	return text;
}

static void
help_says_what_goes_with_a_command(void **state)
{
	char *all, *run;

	(void)state;
	all = text_of(NULL, NULL);
	run = text_of(&commands[0], NULL);
	assert_non_null(strstr(all, "  diff [A] [B] "));
	assert_non_null(strstr(all, "  -c, --config FILE "));
	assert_non_null(strstr(all, "--reason TEXT"));
	assert_non_null(strstr(run, "ps2canvas [options] run"));
	assert_non_null(strstr(run, "      --json "));
	assert_null(strstr(run, "--reason"));
	free(all);
	free(run);
}

static void
a_shell_completes_every_command_and_option(void **state)
{
	static const char *const shells[] = { "bash", "zsh", "fish" };
	const struct cli cli = {
		.program = "ps2canvas", .options = options, .commands = commands
	};
	struct err err = { 0 };
	char *text;
	size_t i, j;

	(void)state;
	for (i = 0; i < 3; i++) {
		text = text_of(NULL, shells[i]);
		for (j = 0; commands[j].name != NULL; j++)
			assert_non_null(strstr(text, commands[j].name));
		for (j = 0; options[j].name != NULL; j++)
			assert_non_null(strstr(text, options[j].name));
		free(text);
	}
	assert_int_equal(cli_completion(&cli, "tcsh", stdout, &err), -1);
	assert_int_equal(err.code, EXIT_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_may_stand_anywhere),
		cmocka_unit_test(an_option_may_be_given_often_and_all_are_kept),
		cmocka_unit_test(behind_two_dashes_all_is_argument),
		cmocka_unit_test(without_a_command_there_is_none),
		cmocka_unit_test(what_cannot_be_understood_is_named),
		cmocka_unit_test(a_number_is_whole_and_in_its_range),
		cmocka_unit_test(help_says_what_goes_with_a_command),
		cmocka_unit_test(a_shell_completes_every_command_and_option),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
