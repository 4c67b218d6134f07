#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "canvas2pt/grades.h"
#include "grades/canvas_courses.h"
#include "canvas2pt/grades_accept.h"
#include "canvas2pt/grades_check.h"
#include "canvas2pt/grades_commands.h"
#include "canvas2pt/grades_settle.h"
#include "program.h"

const struct cli_option grades_commands_options[] = {
	[GRADES_OPTION_CONFIG] = PROGRAM_OPTION_CONFIG,
	[GRADES_OPTION_OPTION] = PROGRAM_OPTION_OPTION,
	[GRADES_OPTION_COURSE] = { "course", '\0', "ID", " export ",
	    "A Canvas course, by its id or as sis_course_id:X; may stand more "
	    "than once." },
	[GRADES_OPTION_SIS_TERM] = { "sis-term", '\0', "ID", " export ",
	    "All published courses of the term with this SIS id." },
	[GRADES_OPTION_ALL] = { "all", '\0', NULL, " export ",
	    "All published courses." },
	[GRADES_OPTION_GRADEBOOK] = { "gradebook", 'g', "FILE.csv", " export ",
	    "A gradebook that a teacher exported from Canvas; may stand more "
	    "than once." },
	[GRADES_OPTION_ASSIGNMENTS] = { "assignments", '\0', "FILE.csv",
	    " export ",
	    "What a gradebook lacks: due dates, categories, abbreviations, "
	    "extra points." },
	[GRADES_OPTION_TEMPLATES] = { "templates", '\0', "DIR", " export ",
	    "Fills the score templates that teachers exported from "
	    "PowerTeacher." },
	[GRADES_OPTION_CROSSWALK] = { "crosswalk", '\0', "FILE",
	    " export check ",
	    "Another crosswalk.csv than that of the last run of ps2canvas." },
	[GRADES_OPTION_CHANGED] = { "changed", '\0', NULL, " export ",
	    "Leaves out the files that are as in the accepted export." },
	[GRADES_OPTION_DRY_RUN] = { "dry-run", 'n', NULL, " export ",
	    "Shows what would come out, and writes nothing." },
	[GRADES_OPTION_NOW] = { "now", '\0', "TIME", " export accept check ",
	    "Takes TIME, such as 2026-11-23T12:00:00Z, for now." },
	[GRADES_OPTION_REASON] = { "reason", '\0', "TEXT", " accept ",
	    "Why: kept with the decision, for the next person." },
	[GRADES_OPTION_JSON] = { "json", '\0', NULL,
	    " export accept check version ",
	    "Prints the result as one JSON document." },
	[GRADES_OPTION_REDACT] = { "redact", '\0', NULL, " export ",
	    "Leaves the names of people out of report.html." },
	[GRADES_OPTION_STRICT] = { "strict", '\0', NULL, " export ",
	    "Ends with 1 when there are errors or warnings among the "
	    "findings." },
	[GRADES_OPTION_SHOW_CONFIG] = { "show-config", '\0', NULL, " check ",
	    "Prints every setting in force and where it comes from." },
	[GRADES_OPTION_QUIET] = PROGRAM_OPTION_QUIET,
	[GRADES_OPTION_VERBOSE] = PROGRAM_OPTION_VERBOSE,
	[GRADES_OPTION_HELP] = PROGRAM_OPTION_HELP,
	[GRADES_OPTION_VERSION] = PROGRAM_OPTION_VERSION,
	{ 0 }
};

/* Exactly one way to say which grades. */
static int
check_which(const struct cli *cli, struct err *err)
{
	int ways;

	ways = (cli->given[GRADES_OPTION_COURSE] > 0) +
	    (cli->given[GRADES_OPTION_SIS_TERM] > 0) +
	    (cli->given[GRADES_OPTION_ALL] > 0) +
	    (cli->given[GRADES_OPTION_GRADEBOOK] > 0);
	if (ways == 1)
		return 0;
	err_set(err, EXIT_USAGE, "export: %s",
	    ways == 0 ? "it is not said which grades" :
			"--course, --sis-term, --all and --gradebook do not go"
			" together");
	return err_hint(err,
	    "Nothing was done. Type: canvas2pt export --course ID, --sis-term"
	    " ID, --all or --gradebook FILE.csv");
}

static int
command_export(const struct cli *cli, struct err *err)
{
	struct grades_options options = { 0 };
	struct canvas_which which = { 0 };
	struct conf *conf;
	int code;

	if (check_which(cli, err) != 0)
		return (int)err->code;
	conf = program_settings(cli, &options.conf_path, err);
	if (conf == NULL)
		return (int)err->code;
	which.ids = cli->lists[GRADES_OPTION_COURSE];
	which.nids = cli->given[GRADES_OPTION_COURSE];
	which.sis_term_id = cli->text[GRADES_OPTION_SIS_TERM];
	which.all = cli->given[GRADES_OPTION_ALL] > 0;
	options.which = &which;
	options.conf = conf;
	options.now = cli->text[GRADES_OPTION_NOW];
	options.gradebooks = cli->lists[GRADES_OPTION_GRADEBOOK];
	options.ngradebooks = cli->given[GRADES_OPTION_GRADEBOOK];
	options.side_file = cli->text[GRADES_OPTION_ASSIGNMENTS];
	options.templates = cli->text[GRADES_OPTION_TEMPLATES];
	options.crosswalk = cli->text[GRADES_OPTION_CROSSWALK];
	options.changed = cli->given[GRADES_OPTION_CHANGED] > 0;
	options.dry_run = cli->given[GRADES_OPTION_DRY_RUN] > 0;
	options.json = cli->given[GRADES_OPTION_JSON] > 0;
	options.quiet = cli->given[GRADES_OPTION_QUIET] > 0;
	options.strict = cli->given[GRADES_OPTION_STRICT] > 0;
	options.redact = cli->given[GRADES_OPTION_REDACT] > 0;
	code = grades_export(&options, err);
	conf_free(conf);
	return code;
}

static int
command_accept(const struct cli *cli, struct err *err)
{
	struct history_call call = { 0 };
	struct conf *conf;
	const char *path;
	char *out;
	int code;

	conf = program_settings(cli, &path, err);
	if (conf == NULL)
		return (int)err->code;
	out = grades_settle_out(conf);
	call.json = cli->given[GRADES_OPTION_JSON] > 0;
	call.quiet = cli->given[GRADES_OPTION_QUIET] > 0;
	if (history_call_settle(&call, conf,
		cli->nargs > 0 ? cli->arguments[0] : NULL,
		cli->text[GRADES_OPTION_REASON], cli->text[GRADES_OPTION_NOW],
		err) != 0 ||
	    history_call_check_reason(&call, false, err) != 0) {
		code = (int)err->code;
	} else {
		call.out = out;
		code = grades_accept(&call, err);
	}
	free(out);
	conf_free(conf);
	return code;
}

static int
command_check(const struct cli *cli, struct err *err)
{
	struct grades_check_options options = { 0 };
	struct conf *conf;
	int code;

	conf = program_settings(cli, &options.conf_path, err);
	if (conf == NULL)
		return (int)err->code;
	options.conf = conf;
	options.now = cli->text[GRADES_OPTION_NOW];
	options.crosswalk = cli->text[GRADES_OPTION_CROSSWALK];
	options.json = cli->given[GRADES_OPTION_JSON] > 0;
	if (cli->given[GRADES_OPTION_SHOW_CONFIG] > 0) {
		conf_show(conf, stdout);
		code = EXIT_DONE;
	} else {
		code = grades_check(&options, err);
	}
	conf_free(conf);
	return code;
}

static int
unknown_code(const char *code, struct err *err)
{
	const char *names[GRADE_RULES + 1];
	const char *nearest;
	size_t i;

	for (i = 0; i < GRADE_RULES; i++)
		names[i] = grade_rules[i].code;
	names[i] = NULL;
	nearest = nearest_name(code, names);
	err_set(err, EXIT_USAGE,
	    "explain %.40s: no finding has this code%s%s%s", code,
	    nearest == NULL ? "" : "; did you mean ",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
	err_hint(err, "explain without a code lists them all.");
	return (int)err->code;
}

static int
command_explain(const struct cli *cli, struct err *err)
{
	const struct grade_rule_text *text;
	int i;

	if (cli->nargs == 0) {
		for (i = 0; i < GRADE_RULES; i++)
			printf("%-20s %-8s %s\n", grade_rules[i].code,
			    grade_severities[grade_rules[i].severity],
			    grade_rules[i].sentence);
		return EXIT_DONE;
	}
	i = grade_rule_of_code(cli->arguments[0]);
	if (i == -1)
		return unknown_code(cli->arguments[0], err);
	text = &grade_rules[i];
	printf("%s (%s)\n\nwhat  %s\ndone  %s\nfix   %s\n", text->code,
	    grade_severities[text->severity], text->sentence, text->done,
	    text->fix);
	return EXIT_DONE;
}

const struct cli_command grades_commands[] = {
	{ "export", "", 0, 0,
	    "Reads the grades and publishes the score files, and lists of "
	    "what to create and what could not travel.",
	    command_export },
	{ "accept", "[EXPORT]", 0, 1,
	    "Says that an export's files were imported: --changed leaves out "
	    "what is in it.",
	    command_accept },
	{ "check", "", 0, 0,
	    "Looks at the settings, the crosswalk, the way to Canvas and the "
	    "output folder: PASS, WARN or FAIL, with the fix.",
	    command_check },
	{ "explain", "[CODE]", 0, 1,
	    "Says what a finding means and what to do; without CODE, lists "
	    "them all.",
	    command_explain },
	PROGRAM_COMMAND_COMPLETION, PROGRAM_COMMAND_HELP,
	PROGRAM_COMMAND_VERSION, { 0 }
};
