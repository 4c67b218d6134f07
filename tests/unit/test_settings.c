#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/conf_print.h"
#include "district.h"

static void
every_setting_says_what_it_does(void **state)
{
	const struct conf_option *option;
	size_t len;

	(void)state;
	for (option = settings_options; option->section != NULL; option++) {
		assert_non_null(option->sentence);
		len = strlen(option->sentence);
		if (len < 10 || option->sentence[len - 1] != '.' ||
		    strstr(option->sentence, "  ") != NULL)
			fail_msg("[%s] %s", option->section, option->key);
	}
}

static void
every_section_says_what_it_is_for_and_has_settings(void **state)
{
	const struct conf_section *section;
	const struct conf_option *option;
	const char *last;
	size_t n, i;

	(void)state;
	/* The table names its sections in the order of the settings. */
	last = NULL;
	section = settings_sections;
	for (option = settings_options; option->section != NULL; option++) {
		if (last != NULL && strcmp(option->section, last) == 0)
			continue;
		assert_non_null(section->section);
		assert_string_equal(option->section, section->section);
		assert_true(strlen(section->sentence) > 5);
		assert_int_equal(
		    section->sentence[strlen(section->sentence) - 1], '.');
		last = option->section;
		section++;
	}
	assert_null(section->section);
	for (n = 0; settings_sections[n].section != NULL; n++) {
		for (i = 0; i < n; i++)
			assert_string_not_equal(settings_sections[i].section,
			    settings_sections[n].section);
	}
}

static void
no_setting_comes_twice(void **state)
{
	const struct conf_option *a, *b;

	(void)state;
	for (a = settings_options; a->section != NULL; a++) {
		for (b = settings_options; b < a; b++)
			assert_false(strcmp(a->section, b->section) == 0 &&
			    strcmp(a->key, b->key) == 0);
	}
}

/* conf_load() ends the program at a default that its type refuses. */
static void
the_defaults_alone_make_a_policy_in_both_modes(void **state)
{
	static const char *const modes[][2] = { { "courses.mode=section",
						    NULL },
		{ "courses.mode=course", NULL } };
	struct district d;
	size_t i, t;

	(void)state;
	for (i = 0; i < 2; i++) {
		district_settle(&d, modes[i]);
		for (t = 0; t < TEMPLATES; t++)
			assert_int_equal(d.policy.templates[t] == NULL,
			    t == TMPL_STUDENT_INTEGRATION ||
				t == TMPL_STAFF_INTEGRATION);
		district_free(&d);
	}
}

/* The defaults of the mapping, for a run without any settings. */
static void
the_defaults_are_those_of_the_mapping(void **state)
{
	static const struct {
		const char *section, *key, *want;
	} cases[] = {
		{ "source", "encoding", "auto" },
		{ "source", "tab_quotes", "no" },
		{ "source", "final_newline", "required" },
		{ "courses", "mode", "section" },
		{ "ids", "account", "{school.school_number}" },
		{ "ids", "term", "{school.school_number}-{term.id}" },
		{ "ids", "section", "sec-{section.dcid}" },
		{ "ids", "student", "S{student.dcid}" },
		{ "ids", "staff", "T{user.dcid}" },
		{ "names", "account", "{school.name}" },
		{ "names", "term", "{year} {term.name} - {school.name}" },
		{ "names", "section",
		    "{course.course_name} ({section.section_number})" },
		{ "users", "student_login", "{student.student_web_id}" },
		{ "users", "staff_login",
		    "{user.teacherloginid|user.loginid}" },
		{ "users", "staff_email", "{user.email_addr}" },
		{ "users", "staff", "all" },
		{ "users", "leavers", "suspended" },
		{ "users", "preregistered", "skip" },
		{ "enrollments", "dropped", "deleted" },
		{ "enrollments", "ended", "completed" },
		{ "enrollments", "dates", "no" },
		{ "enrollments", "zero_day", "skip" },
	};
	struct err err = { 0 };
	struct conf *conf;
	size_t i;

	(void)state;
	conf = conf_load(NULL, settings_options, NULL, &err);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    conf_text(conf, cases[i].section, cases[i].key),
		    cases[i].want);
	conf_free(conf);
}

/* The settings in a file of that text, as conf_list() lists them. */
static char *
listed(const char *text)
{
	char path[] = "/tmp/test_settings.XXXXXX";
	struct buf list = { 0 };
	struct err err = { 0 };
	struct conf *conf;
	FILE *file;
	int fd;

	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	fputs(text, file);
	fclose(file);
	conf = conf_load(path, settings_options, NULL, &err);
	unlink(path);
	if (conf == NULL)
		fail_msg("%s", err.msg);
	conf_list(conf, &list);
	conf_free(conf);
	buf_str(&list);
	return list.data;
}

/* What init writes; with settings true its defaults are no comments. */
static char *
example(bool settings)
{
	char *text, *line, *end;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	assert_non_null(out);
	conf_print_example(settings_options, settings_sections, out);
	fclose(out);
	for (line = text; settings && *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		assert_non_null(end);
		if (*line == ';' && end[-1] != '=') {
			memmove(line, line + 1, strlen(line));
			end--;
		}
	}
	return text;
}

static void
the_example_file_is_read_back_as_the_defaults(void **state)
{
	/* Of sections with names of the district's own, one line each. */
	static const char *const examples[] = { "roles.Teacher's Aide=ta\n",
		"accounts.100=", "grades.categories.Quizzes=Quiz\n" };
	char *text, *want, *got, *line;
	size_t i;

	(void)state;
	want = listed("");
	text = example(false);
	got = listed(text);
	assert_string_equal(got, want);
	free(got);
	free(text);
	/* Without its comment signs it sets each setting to its default. */
	text = example(true);
	got = listed(text);
	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		line = strstr(got, examples[i]);
		assert_non_null(line);
		memmove(
		    line, strchr(line, '\n') + 1, strlen(strchr(line, '\n')));
	}
	assert_string_equal(got, want);
	free(got);
	free(want);
	free(text);
}

static void
every_setting_stands_in_the_manual(void **state)
{
	const struct conf_option *option;
	char *text, tag[64];
	size_t len;
	FILE *out;

	(void)state;
	out = open_memstream(&text, &len);
	assert_non_null(out);
	conf_print_mdoc(settings_options, settings_sections, out);
	fclose(out);
	for (option = settings_options; option->section != NULL; option++) {
		if (strcmp(option->key, "*") == 0)
			continue;
		snprintf(tag, sizeof(tag), "Ic \"\\&%s\"", option->key);
		if (strstr(text, tag) == NULL)
			fail_msg("%s", tag);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_setting_says_what_it_does),
		cmocka_unit_test(
		    every_section_says_what_it_is_for_and_has_settings),
		cmocka_unit_test(no_setting_comes_twice),
		cmocka_unit_test(
		    the_defaults_alone_make_a_policy_in_both_modes),
		cmocka_unit_test(the_defaults_are_those_of_the_mapping),
		cmocka_unit_test(the_example_file_is_read_back_as_the_defaults),
		cmocka_unit_test(every_setting_stands_in_the_manual),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
