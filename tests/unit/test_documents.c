#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "documents.h"

static char *
text_of(const char *path)
{
	char *text;

	text = documents_read(path);
	if (text == NULL)
		fail_msg("%s: %s", path, strerror(errno));
	return text;
}

/* The number of the first line in which two texts differ. */
static size_t
differing_line(const char *a, const char *b)
{
	size_t line;

	for (line = 1; *a != '\0' && *a == *b; a++, b++)
		line += *a == '\n';
	return line;
}

static void
what_tables_give_stands_in_the_documents(void **state)
{
	const struct document *document;
	char *old, *renewed;
	size_t nparts;

	(void)state;
	for (document = documents; document->path != NULL; document++) {
		old = text_of(document->path);
		renewed = documents_renewed(document, &nparts);
		assert_non_null(renewed);
		assert_int_equal(nparts, document->nparts);
		if (strcmp(old, renewed) != 0)
			fail_msg("%s:%zu: not what the program's tables say;"
				 " type: make docs",
			    document->path, differing_line(old, renewed));
		free(old);
		free(renewed);
	}
}

static void
every_part_stands_in_one_document(void **state)
{
	const struct documents_part *part;
	const struct document *document;
	char *text, *begin;
	size_t found;

	(void)state;
	for (part = documents_parts; part->name != NULL; part++) {
		begin = mem_printf(" Begin %s:", part->name);
		found = 0;
		for (document = documents; document->path != NULL; document++) {
			text = text_of(document->path);
			found += strstr(text, begin) != NULL;
			free(text);
		}
		if (found != 1)
			fail_msg("\"%s\" stands in %zu documents", part->name,
			    found);
		free(begin);
	}
}

static void
needs(const char *path, const char *text, const char *wanted)
{
	if (strstr(text, wanted) == NULL)
		fail_msg("%s lacks \"%s\"", path, wanted);
}

struct places_of_exits {
	const char *man;
	const char *readme;
	unsigned seen;
};

static void
look_for_exit(void *arg, int code, const char *words)
{
	static const int known[] = { EXIT_DONE, EXIT_DIFFERENT, EXIT_USAGE,
		EXIT_SETTINGS, EXIT_SOURCE, EXIT_TEMPORARY, EXIT_INVALID,
		EXIT_HELD, EXIT_DELIVERY, EXIT_CANVAS, EXIT_IO, EXIT_LOCKED,
		EXIT_BUG, EXIT_SIGINT, EXIT_SIGTERM };
	struct places_of_exits *places;
	char *wanted;
	size_t i;

	places = arg;
	wanted = mem_printf("\n.It %d\n%s\n", code, words);
	needs("src/ps2canvas.1", places->man, wanted);
	free(wanted);
	wanted = mem_printf("\n| %d | %s |\n", code, words);
	needs("README.md", places->readme, wanted);
	free(wanted);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i] == code)
			places->seen |= 1U << i;
	}
}

static void
every_exit_code_is_in_the_man_page_and_the_readme(void **state)
{
	struct places_of_exits places = { NULL, NULL, 0 };
	char *man, *readme, *header;
	const char *at;
	size_t n;

	(void)state;
	man = text_of("src/ps2canvas.1");
	readme = text_of("README.md");
	header = text_of(DOCUMENTS_EXITS);
	places.man = man;
	places.readme = readme;
	n = documents_each_exit(look_for_exit, &places);
	assert_int_equal(places.seen, (1U << 15) - 1);
	/* No line of the enum was passed over. */
	for (at = header; (at = strstr(at, "\tEXIT_")) != NULL; at++)
		n--;
	assert_int_equal(n, 0);
	free(man);
	free(readme);
	free(header);
}

static void
every_command_and_option_is_documented(void **state)
{
	const struct cli_command *command;
	const struct cli_option *option;
	char *man, *readme, *wanted;

	(void)state;
	man = text_of("src/ps2canvas.1");
	readme = text_of("README.md");
	for (command = commands; command->name != NULL; command++) {
		wanted = mem_printf("\n.It Ic %s", command->name);
		needs("src/ps2canvas.1", man, wanted);
		free(wanted);
		wanted = mem_printf("\n| `%s", command->name);
		needs("README.md", readme, wanted);
		free(wanted);
	}
	for (option = commands_options; option->name != NULL; option++) {
		wanted = mem_printf("Fl -%s", option->name);
		needs("src/ps2canvas.1", man, wanted);
		free(wanted);
	}
	free(man);
	free(readme);
}

/* A text that may be typed into a shell: "ps2canvas show current". */
static void
assert_command_exists(const char *path, const char *line)
{
	const struct cli cli = documents_cli();
	struct err err = { 0 };
	char words[128], *word, *save;

	snprintf(
	    words, sizeof(words), "%.*s", (int)strcspn(line, "\n`>"), line);
	for (word = strtok_r(words, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save)) {
		if (word[0] == '-')
			continue;
		if (cli_command(&cli, word, &err) == NULL)
			fail_msg("%s: ps2canvas %s", path, words);
		return;
	}
}

static void
every_command_that_is_shown_exists(void **state)
{
	static const char *const paths[] = { "README.md", "src/ps2canvas.1" };
	static const char *const starts[] = { "       ps2canvas ",
		"\nps2canvas ", "`ps2canvas ", "&& ps2canvas " };
	const char *at;
	size_t p, s, n;
	char *text;

	(void)state;
	for (n = p = 0; p < 2; p++) {
		text = text_of(paths[p]);
		for (s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
			for (at = text; (at = strstr(at, starts[s])) != NULL;
			     n++) {
				at += strlen(starts[s]);
				assert_command_exists(paths[p], at);
			}
		}
		free(text);
	}
	assert_true(n > 20);
}

static void
every_target_that_the_readme_names_has_a_rule(void **state)
{
	char *readme, *rules_of, *rule;
	const char *at;
	size_t len;

	(void)state;
	readme = text_of("README.md");
	rules_of = text_of("Makefile");
	for (at = readme; (at = strstr(at, "make ")) != NULL;) {
		if (at[-1] != '`' && at[-1] != ' ') {
			at++;
			continue;
		}
		at += strlen("make ");
		len = strspn(at, "abcdefghijklmnopqrstuvwxyz");
		/* Prose has "make " too: only code counts. */
		if (at[-6] != '`' && strncmp(at - 9, "    ", 4) != 0)
			continue;
		rule = mem_printf("\n%.*s:", (int)len, at);
		needs("Makefile", rules_of, rule);
		free(rule);
	}
	free(readme);
	free(rules_of);
}

static void
every_link_of_the_readme_leads_to_a_file(void **state)
{
	char *readme, *path;
	const char *at;
	size_t n;

	(void)state;
	readme = text_of("README.md");
	n = 0;
	for (at = readme; (at = strstr(at, "](")) != NULL; n++) {
		at += 2;
		path = mem_strndup(at, strcspn(at, ")#"));
		if (access(path, F_OK) != 0)
			fail_msg("README.md: %s: %s", path, strerror(errno));
		free(path);
	}
	assert_true(n > 10);
	free(readme);
}

/* What init writes can be read, and says nothing but the defaults. */
static void
the_settings_file_to_start_from_changes_nothing(void **state)
{
	const struct conf_option *option;
	struct err err = { 0 };
	struct conf *conf;

	(void)state;
	conf = conf_load(
	    "templates/rollbook.ini", settings_options, NULL, &err);
	if (conf == NULL)
		fail_msg("%s", err.msg);
	for (option = settings_options; option->section != NULL; option++) {
		if (strcmp(option->key, "*") != 0)
			assert_false(
			    conf_is_set(conf, option->section, option->key));
	}
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_tables_give_stands_in_the_documents),
		cmocka_unit_test(every_part_stands_in_one_document),
		cmocka_unit_test(
		    every_exit_code_is_in_the_man_page_and_the_readme),
		cmocka_unit_test(every_command_and_option_is_documented),
		cmocka_unit_test(every_command_that_is_shown_exists),
		cmocka_unit_test(every_target_that_the_readme_names_has_a_rule),
		cmocka_unit_test(every_link_of_the_readme_leads_to_a_file),
		cmocka_unit_test(
		    the_settings_file_to_start_from_changes_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
