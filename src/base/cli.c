#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/mem.h"
#include "base/nearest.h"

#define LONG_ONLY 256 /* getopt's value of option 0 without letter */

static size_t
options_count(const struct cli *cli)
{
	size_t n;

	for (n = 0; cli->options[n].name != NULL; n++)
		continue;
	return n;
}

static bool
option_fits(const struct cli_option *option, const struct cli_command *command)
{
	char word[64];

	if (option->commands == NULL || command == NULL)
		return true;
	snprintf(word, sizeof(word), " %s ", command->name);
	return strstr(option->commands, word) != NULL;
}

const struct cli_command *
cli_command(const struct cli *cli, const char *name, struct err *err)
{
	const struct cli_command *command;
	const char *names[64];
	const char *nearest;
	size_t n;

	n = 0;
	for (command = cli->commands; command->name != NULL; command++) {
		if (strcmp(command->name, name) == 0)
			return command;
		names[n++] = command->name;
	}
	names[n] = NULL;
	nearest = nearest_name(name, names);
	err_set(err, EXIT_USAGE, "%.40s is no command%s%s%s", name,
	    nearest == NULL ? "" : "; did you mean \"",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "\"?");
	err_hint(
	    err, "Nothing was done. %s help lists the commands.", cli->program);
	return NULL;
}

/* getopt's tables, made from ours. */
static void
make_getopt(const struct cli *cli, char letters[CLI_OPTIONS_MAX * 2 + 2],
    struct option names[CLI_OPTIONS_MAX + 1])
{
	const struct cli_option *option;
	size_t i, n;

	n = 0;
	letters[n++] = ':';
	for (i = 0; cli->options[i].name != NULL; i++) {
		option = &cli->options[i];
		names[i] = (struct option){ option->name,
			option->argument == NULL ? no_argument :
						   required_argument,
			NULL, LONG_ONLY + (int)i };
		if (option->letter == '\0')
			continue;
		letters[n++] = option->letter;
		if (option->argument != NULL)
			letters[n++] = ':';
	}
	letters[n] = '\0';
	names[i] = (struct option){ 0 };
}

static int
option_of(const struct cli *cli, int got)
{
	int i;

	if (got >= LONG_ONLY)
		return got - LONG_ONLY;
	for (i = 0; cli->options[i].name != NULL; i++) {
		if (cli->options[i].letter == got)
			return i;
	}
	return -1;
}

static void
take_option(struct cli *cli, int i)
{
	cli->given[i]++;
	if (cli->options[i].argument == NULL)
		return;
	cli->text[i] = optarg;
	cli->lists[i] = mem_realloc(
	    cli->lists[i], cli->given[i] + 1, sizeof(*cli->lists[i]));
	cli->lists[i][cli->given[i] - 1] = optarg;
	cli->lists[i][cli->given[i]] = NULL;
}

static int
refuse_option(
    const struct cli *cli, int got, const char *typed, struct err *err)
{
	const char letter[] = { '-', (char)optopt, '\0' };
	const char *names[CLI_OPTIONS_MAX + 1];
	const char *nearest;
	size_t i;

	/* Of several letters in one word getopt says which one it means. */
	if (optopt > 0 && optopt < LONG_ONLY && strncmp(typed, "--", 2) != 0)
		typed = letter;
	for (i = 0; cli->options[i].name != NULL; i++)
		names[i] = cli->options[i].name;
	names[i] = NULL;
	nearest = strncmp(typed, "--", 2) == 0 ?
	    nearest_name(typed + 2, names) :
	    NULL;
	if (got == ':')
		err_set(
		    err, EXIT_USAGE, "%.40s needs a value behind it", typed);
	else if (nearest != NULL)
		err_set(err, EXIT_USAGE,
		    "%.40s is no option that can be used"
		    " so; did you mean --%s?",
		    typed, nearest);
	else
		err_set(err, EXIT_USAGE, "%.40s is no option", typed);
	return err_hint(
	    err, "Nothing was done. %s help lists the options.", cli->program);
}

static int
check_fit(const struct cli *cli, struct err *err)
{
	const struct cli_command *command;
	size_t i;

	command = cli->command;
	for (i = 0; cli->options[i].name != NULL; i++) {
		if (cli->given[i] == 0 ||
		    option_fits(&cli->options[i], command))
			continue;
		err_set(err, EXIT_USAGE, "--%s does not go with %s",
		    cli->options[i].name, command->name);
		return err_hint(err, "Nothing was done. Type: %s help %s",
		    cli->program, command->name);
	}
	if (cli->nargs >= command->least && cli->nargs <= command->most)
		return 0;
	err_set(err, EXIT_USAGE, "%s: %s", command->name,
	    cli->nargs < command->least ? "something is missing behind it" :
					  "too much stands behind it");
	return err_hint(err, "Nothing was done. Type: %s %s%s%s", cli->program,
	    command->name, command->arguments[0] == '\0' ? "" : " ",
	    command->arguments);
}

int
cli_parse(struct cli *cli, int argc, char **argv, struct err *err)
{
	char letters[CLI_OPTIONS_MAX * 2 + 2];
	struct option names[CLI_OPTIONS_MAX + 1];
	int got, i;

	if (options_count(cli) > CLI_OPTIONS_MAX)
		abort();
	make_getopt(cli, letters, names);
	opterr = 0;
	optind = 0;
	while ((got = getopt_long(argc, argv, letters, names, NULL)) != -1) {
		i = got == '?' || got == ':' ? -1 : option_of(cli, got);
		if (i == -1)
			return refuse_option(cli, got, argv[optind - 1], err);
		take_option(cli, i);
	}
	cli->nargs = argc - optind - 1;
	if (cli->nargs < 0)
		return 0;
	cli->arguments = argv + optind + 1;
	cli->command = cli_command(cli, argv[optind], err);
	return cli->command == NULL ? -1 : check_fit(cli, err);
}

void
cli_free(struct cli *cli)
{
	size_t i;

	for (i = 0; i < CLI_OPTIONS_MAX; i++)
		free(cli->lists[i]);
}

int
cli_number(const struct cli *cli, unsigned option, long least, long most,
    long otherwise, long *number, struct err *err)
{
	char *end;

	*number = otherwise;
	if (cli->text[option] == NULL)
		return 0;
	*number = strtol(cli->text[option], &end, 10);
	if (*end == '\0' && end != cli->text[option] && *number >= least &&
	    *number <= most)
		return 0;
	err_set(err, EXIT_USAGE,
	    "--%s %.40s: not a whole number from %ld to"
	    " %ld",
	    cli->options[option].name, cli->text[option], least, most);
	return err_hint(err, "Nothing was done. Type: %s help", cli->program);
}

static void
help_option(const struct cli_option *option, FILE *out)
{
	char left[64];

	snprintf(left, sizeof(left), "%c%c%s --%s%s%s",
	    option->letter == '\0' ? ' ' : '-',
	    option->letter == '\0' ? ' ' : option->letter,
	    option->letter == '\0' ? " " : ",", option->name,
	    option->argument == NULL ? "" : " ",
	    option->argument == NULL ? "" : option->argument);
	fprintf(out, "  %-30s %s\n", left, option->sentence);
}

void
cli_help(const struct cli *cli, const struct cli_command *command, FILE *out)
{
	const struct cli_command *c;
	const struct cli_option *option;

	if (command != NULL) {
		fprintf(out, "%s [options] %s %s\n\n%s\n", cli->program,
		    command->name, command->arguments, command->sentence);
	} else {
		fprintf(out, "%s [options] command\n\n%s\n\ncommands\n",
		    cli->program, cli->sentence);
		for (c = cli->commands; c->name != NULL; c++)
			fprintf(out, "  %s%s%-*s %s\n", c->name,
			    c->arguments[0] == '\0' ? "" : " ",
			    (int)(30 - strlen(c->name) -
				(c->arguments[0] != '\0')),
			    c->arguments, c->sentence);
	}
	fputs("\noptions\n", out);
	for (option = cli->options; option->name != NULL; option++) {
		if (option_fits(option, command))
			help_option(option, out);
	}
	fprintf(out, "\nman %s says more, exit codes too.\n", cli->program);
}

static void
complete_bash(const struct cli *cli, FILE *out)
{
	size_t i;

	fprintf(out, "_%s() {\n\tlocal words=\"", cli->program);
	for (i = 0; cli->commands[i].name != NULL; i++)
		fprintf(out, "%s ", cli->commands[i].name);
	for (i = 0; cli->options[i].name != NULL; i++)
		fprintf(out, "--%s ", cli->options[i].name);
	fprintf(out,
	    "\"\n\tCOMPREPLY=($(compgen -W \"$words\" --"
	    " \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
	    "complete -o default -F _%s %s\n",
	    cli->program, cli->program);
}

static void
complete_zsh(const struct cli *cli, FILE *out)
{
	size_t i;

	fprintf(out, "#compdef %s\n_arguments \\\n", cli->program);
	for (i = 0; cli->options[i].name != NULL; i++)
		fprintf(out, "\t'*--%s%s' \\\n", cli->options[i].name,
		    cli->options[i].argument == NULL ? "" : ":value:_files");
	fputs("\t'1:command:(", out);
	for (i = 0; cli->commands[i].name != NULL; i++)
		fprintf(out, "%s%s", i == 0 ? "" : " ", cli->commands[i].name);
	fputs(")' \\\n\t'*:argument:_files'\n", out);
}

static void
complete_fish(const struct cli *cli, FILE *out)
{
	size_t i;

	for (i = 0; cli->commands[i].name != NULL; i++)
		fprintf(out, "complete -c %s -n __fish_use_subcommand -a %s\n",
		    cli->program, cli->commands[i].name);
	for (i = 0; cli->options[i].name != NULL; i++)
		fprintf(out, "complete -c %s -l %s%s\n", cli->program,
		    cli->options[i].name,
		    cli->options[i].argument == NULL ? "" : " -r");
}

int
cli_completion(
    const struct cli *cli, const char *shell, FILE *out, struct err *err)
{
	if (strcmp(shell, "bash") == 0) {
		complete_bash(cli, out);
	} else if (strcmp(shell, "zsh") == 0) {
		complete_zsh(cli, out);
	} else if (strcmp(shell, "fish") == 0) {
		complete_fish(cli, out);
	} else {
		err_set(err, EXIT_USAGE,
		    "completion %.40s: not a shell that"
		    " is known here",
		    shell);
		return err_hint(err,
		    "Nothing was done. Type: %s completion"
		    " bash|zsh|fish",
		    cli->program);
	}
	return 0;
}

/* "[A] [B]", "RUN --reason TEXT" and "bash|zsh" as macros of one line. */
static void
mdoc_arguments(const char *arguments, FILE *out)
{
	size_t len, i;

	for (; *arguments != '\0'; arguments += len) {
		arguments += strspn(arguments, " ");
		len = strcspn(arguments, " ");
		if (arguments[0] == '[') {
			fprintf(
			    out, " Oo Ar %.*s Oc", (int)len - 2, arguments + 1);
		} else if (arguments[0] == '-') {
			fprintf(out, " Fl %.*s", (int)len - 1, arguments + 1);
		} else if (memchr(arguments, '|', len) != NULL) {
			fputs(" Cm ", out);
			for (i = 0; i < len; i++)
				fprintf(out,
				    arguments[i] == '|' ? " %c " : "%c",
				    arguments[i]);
		} else {
			fprintf(out, " Ar %.*s", (int)len, arguments);
		}
	}
}

/* " run check " as a sentence; an option of any command needs none. */
static void
mdoc_commands(const char *commands, FILE *out)
{
	size_t len;

	if (commands == NULL)
		return;
	fputs("With\n", out);
	for (commands += 1; *commands != '\0'; commands += len + 1) {
		len = strcspn(commands, " ");
		fprintf(out, ".Ic %.*s %s\n", (int)len, commands,
		    commands[len + 1] == '\0' ? "." : ",");
	}
}

void
cli_print_mdoc(const struct cli *cli, FILE *out)
{
	const struct cli_command *c;
	const struct cli_option *o;

	fputs(".Sh COMMANDS\n.Bl -tag -width Ds\n", out);
	for (c = cli->commands; c->name != NULL; c++) {
		fprintf(out, ".It Ic %s", c->name);
		mdoc_arguments(c->arguments, out);
		fprintf(out, "\n%s\n", c->sentence);
	}
	fputs(".El\n.Sh OPTIONS\n.Bl -tag -width Ds\n", out);
	for (o = cli->options; o->name != NULL; o++) {
		fputs(".It ", out);
		if (o->letter != '\0')
			fprintf(out, "Fl %c , ", o->letter);
		fprintf(out, "Fl -%s%s%s\n%s\n", o->name,
		    o->argument == NULL ? "" : " Ar ",
		    o->argument == NULL ? "" : o->argument, o->sentence);
		mdoc_commands(o->commands, out);
	}
	fputs(".El\n", out);
}
