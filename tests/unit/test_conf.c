#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "base/conf.h"
#include "base/conf_print.h"

static const struct conf_option options[] = {
	{ "district", "name", CONF_TEXT, NULL, NULL,
	    "The name of the district." },
	{ "district", "year", CONF_NUMBER, NULL, "1990..2100",
	    "The year in which the school year starts." },
	{ "courses", "mode", CONF_CHOICE, "section", "section|course",
	    "What becomes a Canvas course." },
	{ "names", "term", CONF_TEXT, "{term.name}", NULL,
	    "The name of a term." },
	{ "names", "course_long", CONF_TEXT, ".\"a\\b\" - 'c'", NULL,
	    ".A word, a \\ and 'quotes' in a sentence that is long enough to "
	    "be wrapped. Second sentence here." },
	{ "enrollments", "dates", CONF_YESNO, "no", NULL,
	    "Whether dates are written." },
	{ "roles", "*", CONF_TEXT, "Co-teacher = teacher", NULL,
	    "The Canvas role of a PowerSchool role." },
	{ "exclude", "courses", CONF_LIST, NULL, NULL,
	    "Courses that stay out." },
	{ "guard", "removed", CONF_PERCENT, "10%", NULL,
	    "The share of rows that may go." },
	{ "guard", "until", CONF_DATE, NULL, NULL, "The last day." },
	{ "sftp *", "host", CONF_TEXT, NULL, NULL, "The server." },
	{ "sftp *", "port", CONF_NUMBER, "22", "1..65535", "Its port." },
	{ "sftp *", "key_file", CONF_TEXT, NULL, NULL,
	    "The file with the private key." },
	{ NULL, NULL, CONF_TEXT, NULL, NULL, NULL },
};

static const struct conf_section sections[] = {
	{ "district", "Who you are." },
	{ "sftp *", "A server that takes packages." },
	{ NULL, NULL },
};

/* Works in a folder of its own, so that messages say rollbook.ini. */
static int
enter_folder(void **state)
{
	static char folder[] = "/tmp/test_conf.XXXXXX";

	*state = mkdtemp(folder);
	return *state == NULL ? -1 : chdir(*state);
}

static int
leave_folder(void **state)
{
	unlink("rollbook.ini");
	return chdir("/") != 0 ? -1 : rmdir(*state);
}

static struct conf *
load_bytes(
    const char *text, size_t len, const char *const *overrides, struct err *err)
{
	FILE *file;

	memset(err, 0, sizeof(*err));
	file = fopen("rollbook.ini", "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	return conf_load("rollbook.ini", options, overrides, err);
}

/* Loads settings that have to be right. */
static struct conf *
load_with(const char *text, const char *const *overrides)
{
	struct conf *conf;
	struct err err;

	conf = load_bytes(text, strlen(text), overrides, &err);
	if (conf == NULL)
		print_message("# %s\n", err.msg);
	assert_non_null(conf);
	return conf;
}

static struct conf *
load(const char *text)
{
	return load_with(text, NULL);
}

static void
assert_refused(
    const char *text, size_t len, const char *override, const char *msg)
{
	const char *const overrides[] = { override, NULL };
	struct conf *conf;
	struct err err;

	conf = load_bytes(text, len, overrides, &err);
	assert_null(conf);
	assert_int_equal(err.code, EXIT_SETTINGS);
	assert_string_equal(err.msg, msg);
	assert_non_null(strstr(err.hint,
	    "run the same command again;"
	    " nothing was done."));
}

static void
assert_text(const struct conf *conf, const char *section, const char *key,
    const char *want)
{
	assert_string_equal(conf_text(conf, section, key), want);
}

static void
assert_where(const struct conf *conf, const char *section, const char *key,
    const char *want)
{
	struct buf where = { 0 };

	conf_where(conf, section, key, &where);
	assert_string_equal(buf_str(&where), want);
	buf_free(&where);
}

static void
without_a_file_every_setting_has_its_default(void **state)
{
	struct conf *conf;
	struct err err = { 0 };

	(void)state;
	conf = conf_load(NULL, options, NULL, &err);
	assert_non_null(conf);
	assert_text(conf, "district", "name", "");
	assert_text(conf, "courses", "mode", "section");
	assert_text(conf, "roles", "Co-teacher", "");
	assert_text(conf, "sftp main", "port", "22");
	assert_false(conf_yes(conf, "enrollments", "dates"));
	assert_int_equal(conf_number(conf, "guard", "removed"), 10);
	assert_int_equal(conf_number(conf, "district", "year"), 0);
	assert_false(conf_is_set(conf, "courses", "mode"));
	assert_null(conf_instance(conf, "sftp", 0));
	conf_free(conf);
}

static void
values_are_read_and_kept_in_one_spelling(void **state)
{
	struct conf *conf;

	(void)state;
	conf = load(
	    "; c\n# c\n  ; c\n\n[District] ; c\nNAME =  Maple; Valley"
	    " \t; c\nyear=02026\n[courses]\nmode = Course\n[enrollments]\n"
	    "dates = TRUE\n[guard]\nremoved = 5\nuntil = 2028-02-29\n"
	    "[district]\n[names]\nterm =\ncourse_long = a=b:c ;=\n");
	assert_text(conf, "district", "name", "Maple; Valley");
	assert_text(conf, "DISTRICT", "Name", "Maple; Valley");
	assert_int_equal(conf_number(conf, "district", "year"), 2026);
	assert_text(conf, "courses", "mode", "course");
	assert_true(conf_yes(conf, "enrollments", "dates"));
	assert_text(conf, "enrollments", "dates", "yes");
	assert_text(conf, "guard", "removed", "5%");
	assert_int_equal(conf_number(conf, "guard", "removed"), 5);
	assert_text(conf, "guard", "until", "2028-02-29");
	assert_text(conf, "names", "course_long", "a=b:c");
	assert_text(conf, "names", "term", "");
	assert_true(conf_is_set(conf, "names", "term"));
	conf_free(conf);
}

static void
a_byte_order_mark_and_crlf_are_no_part_of_a_value(void **state)
{
	struct conf *conf;

	(void)state;
	conf = load("\xEF\xBB\xBF[names]\r\n\r\nterm = T\xC3\xA9\r\n");
	assert_text(conf, "names", "term", "T\xC3\xA9");
	assert_where(conf, "names", "term", "rollbook.ini:3: [names] term");
	conf_free(conf);
}

static const struct {
	const char *text;
	const char *msg;
} wrong_files[] = {
	{ "[names]\ncourse_longg = x\n",
	    "rollbook.ini:2: [names] course_longg:"
	    " no such setting; did you mean \"course_long\"?" },
	{ "[names]\nremoved = x\n",
	    "rollbook.ini:2: [names] removed:"
	    " no such setting; it belongs in [guard]" },
	{ "[names]\nkey_file = x\n",
	    "rollbook.ini:2: [names] key_file:"
	    " no such setting; it belongs in [sftp NAME]" },
	{ "[names]\nfavourite = x\n",
	    "rollbook.ini:2: [names] favourite:"
	    " no such setting" },
	{ "\n[nmaes]\n",
	    "rollbook.ini:2: [nmaes]: no such section;"
	    " did you mean [names]?" },
	{ "[stfp main]\n",
	    "rollbook.ini:1: [stfp main]: no such section;"
	    " did you mean [sftp NAME]?" },
	{ "[names x]\n",
	    "rollbook.ini:1: [names x]: no such section;"
	    " did you mean [names]?" },
	{ "[elsewhere]\n", "rollbook.ini:1: [elsewhere]: no such section" },
	{ "[]\n", "rollbook.ini:1: []: no such section" },
	{ "[sftp]\n",
	    "rollbook.ini:1: a [sftp] section needs one name of"
	    " letters, digits, - and _ behind it, as in [sftp main]" },
	{ "[sftp a.b]\n",
	    "rollbook.ini:1: a [sftp] section needs one name of"
	    " letters, digits, - and _ behind it, as in [sftp main]" },
	{ "[names]\nterm = a\n[Names]\nTerm = b\n",
	    "rollbook.ini:4: [names]"
	    " Term: given a second time; line 2 has it already" },
	{ "[roles]\nA = a\nA = b\n",
	    "rollbook.ini:3: [roles] A:"
	    " given a second time; line 2 has it already" },
	{ "[courses]\nmode = secton\n",
	    "rollbook.ini:2: [courses] mode:"
	    " \"secton\" is not one of section, course;"
	    " did you mean \"section\"?" },
	{ "[courses]\nmode =\n",
	    "rollbook.ini:2: [courses] mode:"
	    " \"\" is not one of section, course" },
	{ "[enrollments]\ndates = maybe\n",
	    "rollbook.ini:2: [enrollments]"
	    " dates: \"maybe\" is not yes or no" },
	{ "[district]\nyear = 26\n",
	    "rollbook.ini:2: [district] year:"
	    " \"26\" is not a whole number from 1990 to 2100" },
	{ "[district]\nyear = 2026x\n",
	    "rollbook.ini:2: [district] year:"
	    " \"2026x\" is not a whole number from 1990 to 2100" },
	{ "[district]\nyear = 99999999999999999999\n",
	    "rollbook.ini:2:"
	    " [district] year: \"99999999999999999999\" is not a whole number"
	    " from 1990 to 2100" },
	{ "[guard]\nremoved = 101%\n",
	    "rollbook.ini:2: [guard] removed:"
	    " \"101%\" is not a whole percentage from 0 to 100" },
	{ "[guard]\nuntil = 2027-02-29\n",
	    "rollbook.ini:2: [guard] until:"
	    " \"2027-02-29\" is not a date like 2026-08-15" },
	{ "[guard]\nuntil = 2/3/2027\n",
	    "rollbook.ini:2: [guard] until:"
	    " \"2/3/2027\" is not a date like 2026-08-15" },
	{ "[guard]\nuntil = 12345678901234567890123456789012345678901234567890"
	  "123456789\xC3\xA9z\n",
	    "rollbook.ini:2: [guard] until:"
	    " \"12345678901234567890123456789012345678901234567890"
	    "123456789...\" is not a date like 2026-08-15" },
	{ "[guard]\nuntil = a\tb\n",
	    "rollbook.ini:2: [guard] until:"
	    " \"a\\x09b\" is not a date like 2026-08-15" },
	{ "term = x\n",
	    "rollbook.ini:1: a setting before the first"
	    " [section]" },
	{ "[names]\nterm\n",
	    "rollbook.ini:2: no \"=\"; a setting is written"
	    " key = value" },
	{ "[names]\nterm ;= x\n",
	    "rollbook.ini:2: no \"=\"; a setting is"
	    " written key = value" },
	{ "[names]\nterm: x = y\n",
	    "rollbook.ini:2: \":\" before \"=\";"
	    " a setting is written key = value, with no \":\" in the key" },
	{ "[names]\n= x\n", "rollbook.ini:2: no key before \"=\"" },
	{ "[names]\nterm =;x\n",
	    "rollbook.ini:2: \";\" right behind \"=\";"
	    " a comment has a blank before it, and no value starts with"
	    " \";\"" },
	{ "[names]\nterm = a\n  b\n",
	    "rollbook.ini:3: a blank at the start"
	    " of the line; every setting starts in the first column and is one"
	    " line" },
	{ "[names]\nterm = a\n\tcourse_long = b\n",
	    "rollbook.ini:3: a blank at"
	    " the start of the line; every setting starts in the first column"
	    " and is one line" },
	{ "[names\nterm = a\n",
	    "rollbook.ini:1: the section's name has no"
	    " \"]\" at its end" },
	{ "[names] term = a\n",
	    "rollbook.ini:1: text behind the \"]\";"
	    " a setting goes on its own line" },
	{ "[names]\nterm = caf\xE9\n",
	    "rollbook.ini:2: byte 11 of it is not"
	    " UTF-8 (\\xE9); save the text as UTF-8" },
	{ "[names]\n; \x1B[31m\n",
	    "rollbook.ini:2: byte 3 of it is a control"
	    " character (\\x1B)" },
	{ "[names]\nterm = \xC2\x9B\n",
	    "rollbook.ini:2: byte 8 of it is a"
	    " control character (\\xC2)" },
	{ "[names]\rterm = x\r",
	    "rollbook.ini:1: byte 8 of it is a control"
	    " character (\\x0D)" },
};

static void
a_wrong_line_is_named_and_nothing_is_read(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong_files) / sizeof(wrong_files[0]); i++)
		assert_refused(wrong_files[i].text, strlen(wrong_files[i].text),
		    NULL, wrong_files[i].msg);
}

static void
a_nul_byte_is_named(void **state)
{
	static const char text[] = "[names]\nterm = a\0b\n";

	(void)state;
	assert_refused(text, sizeof(text) - 1, NULL,
	    "rollbook.ini:2: byte 9"
	    " of it is a control character (\\x00)");
}

static void
the_hint_names_what_is_possible_when_nothing_is_near(void **state)
{
	static const char text[] = "[names]\nfavourite = x\n";
	struct err err;

	(void)state;
	assert_null(load_bytes(text, strlen(text), NULL, &err));
	assert_string_equal(err.hint,
	    "Correct line 2 of rollbook.ini and run"
	    " the same command again; nothing was done. The settings here are:"
	    " term, course_long.");
}

static void
a_line_is_read_whole_or_refused(void **state)
{
	struct buf text = { 0 };
	struct conf *conf;
	size_t i;

	(void)state;
	buf_adds(&text, "[names]\nterm = ");
	for (i = strlen("term = "); i < CONF_LINE_MAX; i++)
		buf_addc(&text, 'x');
	conf = load(buf_str(&text));
	assert_int_equal(strlen(conf_text(conf, "names", "term")),
	    CONF_LINE_MAX - strlen("term = "));
	conf_free(conf);
	buf_adds(&text, "\r\n\n");
	conf = load(buf_str(&text));
	conf_free(conf);
	text.len -= strlen("\r\n\n");
	buf_adds(&text, "x\n");
	assert_refused(text.data, text.len, NULL,
	    "rollbook.ini:2: a line of"
	    " 4094 bytes; the longest line that is read has 4093");
	buf_free(&text);
}

static void
a_file_that_cannot_be_read_is_named(void **state)
{
	struct err missing = { 0 }, folder = { 0 };

	(void)state;
	assert_null(conf_load("absent.ini", options, NULL, &missing));
	assert_int_equal(missing.code, EXIT_SETTINGS);
	assert_string_equal(missing.msg,
	    "absent.ini: the settings cannot be"
	    " read, nothing was done: No such file or directory");
	assert_null(conf_load(".", options, NULL, &folder));
	assert_string_equal(folder.msg,
	    ".: the settings cannot be"
	    " read, nothing was done: Is a directory");
}

static void
a_file_without_end_is_refused(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(conf_load("/dev/zero", options, NULL, &err));
	assert_string_equal(err.msg,
	    "/dev/zero: more than 1048576 bytes are no"
	    " settings file; nothing was done");
}

static void
overrides_win_over_the_file_and_the_last_one_wins(void **state)
{
	static const char *const overrides[] = { "names.term=a",
		"Names.TERM = b;c ", "roles.Teacher's Aide=ta",
		"sftp  spare.host=h.example.org", "names.course_long=a=b.c",
		NULL };
	struct conf *conf;

	(void)state;
	conf = load_with(
	    "[names]\nterm = x\n[sftp main]\nport = 23\n", overrides);
	assert_text(conf, "names", "term", "b;c");
	assert_text(conf, "names", "course_long", "a=b.c");
	assert_text(conf, "roles", "Teacher's Aide", "ta");
	assert_text(conf, "sftp spare", "host", "h.example.org");
	assert_string_equal(conf_instance(conf, "sftp", 1), "sftp spare");
	assert_where(conf, "names", "term", "-o names.term");
	assert_where(
	    conf, "sftp main", "port", "rollbook.ini:4: [sftp main] port");
	assert_where(conf, "courses", "mode", "[courses] mode (default)");
	conf_free(conf);
}

static const struct {
	const char *override;
	const char *msg;
} wrong_overrides[] = {
	{ "courses.mode=x",
	    "-o courses.mode=x: [courses] mode: \"x\" is not"
	    " one of section, course" },
	{ "course.mode=course",
	    "-o course.mode=course: [course]: no such"
	    " section; did you mean [courses]?" },
	{ "names.trem=x",
	    "-o names.trem=x: [names] trem: no such setting;"
	    " did you mean \"term\"?" },
	{ "names.term", "-o names.term: not written section.key=value" },
	{ "names=x.y", "-o names=x.y: not written section.key=value" },
	{ "names. =x", "-o names. =x: not written section.key=value" },
	{ "", "-o : not written section.key=value" },
	{ "names.term=a ;b",
	    "-o names.term=a ;b: \";\" at the start of a word:"
	    " the settings file could not hold this value" },
	{ "names.term=;b",
	    "-o names.term=;b: \";\" at the start of a word:"
	    " the settings file could not hold this value" },
	{ "names.term=a\nb",
	    "-o names.term=a\\x0Ab: byte 13 of it is a control"
	    " character (\\x0A)" },
	{ "names.term=\xFF",
	    "-o names.term=\\xFF: byte 12 of it is not UTF-8"
	    " (\\xFF); save the text as UTF-8" },
};

static void
a_wrong_override_is_named(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong_overrides) / sizeof(wrong_overrides[0]);
	     i++)
		assert_refused(
		    "", 0, wrong_overrides[i].override, wrong_overrides[i].msg);
}

static int
add_pair(void *arg, const char *key, const char *value)
{
	buf_printf(arg, "%s>%s|", key, value);
	return strcmp(key, "stop") == 0 ? -1 : 0;
}

static void
free_keys_keep_their_case_and_the_order_of_the_file(void **state)
{
	static const char *const overrides[] = { "roles.new=1", "roles.b=2",
		NULL };
	struct buf pairs = { 0 };
	struct conf *conf;

	(void)state;
	conf = load_with(
	    "[Roles]\nTeacher's Aide = ta\nb = x\nB = y\n", overrides);
	assert_int_equal(conf_each(conf, "roles", add_pair, &pairs), 0);
	assert_string_equal(
	    buf_str(&pairs), "Teacher's Aide>ta|b>2|B>y|new>1|");
	assert_where(conf, "roles", "B", "rollbook.ini:4: [roles] B");
	buf_free(&pairs);
	conf_free(conf);
	conf = load("[roles]\nstop = a\nb = x\n");
	assert_int_equal(conf_each(conf, "roles", add_pair, &pairs), -1);
	assert_string_equal(buf_str(&pairs), "stop>a|");
	buf_free(&pairs);
	conf_free(conf);
}

static void
instances_are_listed_in_the_order_of_the_file(void **state)
{
	struct conf *conf;

	(void)state;
	conf = load("[sftp zulu]\n[sftp\talpha]\nhost = a\n[SFTP ZULU]\n"
		    "host = z\n");
	assert_string_equal(conf_instance(conf, "sftp", 0), "sftp zulu");
	assert_string_equal(conf_instance(conf, "sftp", 1), "sftp alpha");
	assert_null(conf_instance(conf, "sftp", 2));
	assert_null(conf_instance(conf, "sft", 0));
	assert_text(conf, "sftp zulu", "host", "z");
	assert_text(conf, "sftp alpha", "host", "a");
	assert_int_equal(conf_number(conf, "sftp alpha", "port"), 22);
	conf_free(conf);
}

static void
list_items_come_without_blanks_and_empty_ones(void **state)
{
	struct buf items = { 0 };
	struct conf *conf;
	const char *rest, *item;
	size_t len;

	(void)state;
	conf = load("[exclude]\ncourses = , MATH*,,  PE 9 ,\t\n");
	rest = conf_text(conf, "exclude", "courses");
	while ((item = conf_next_item(&rest, &len)) != NULL) {
		buf_addc(&items, '<');
		buf_add(&items, item, len);
		buf_addc(&items, '>');
	}
	assert_string_equal(buf_str(&items), "<MATH*><PE 9>");
	rest = "";
	assert_null(conf_next_item(&rest, &len));
	buf_free(&items);
	conf_free(conf);
}

static void
the_list_is_equal_for_equal_settings(void **state)
{
	static const char *const overrides[] = { "courses.mode=course", NULL };
	struct buf one = { 0 }, other = { 0 };
	struct conf *conf;

	(void)state;
	conf = load("[sftp main]\nkey_file = keys/id\n[roles]\nB = x\nA = y\n"
		    "[Courses]\nMODE = COURSE\n[guard]\nremoved=05\n");
	conf_list(conf, &one);
	conf_free(conf);
	conf = load_with("[guard]\nremoved = 5% ; c\n[roles]\nB = x\nA = y\n"
			 "[sftp main]\nport = 22\nkey_file = keys/id\n",
	    overrides);
	conf_list(conf, &other);
	conf_free(conf);
	assert_string_equal(buf_str(&one),
	    "district.name=\ndistrict.year=\n"
	    "courses.mode=course\nnames.term={term.name}\n"
	    "names.course_long=.\"a\\b\" - 'c'\nenrollments.dates=no\n"
	    "roles.B=x\nroles.A=y\nexclude.courses=\nguard.removed=5%\n"
	    "guard.until=\nsftp main.host=\nsftp main.port=22\n"
	    "sftp main.key_file=keys/id\n");
	assert_string_equal(buf_str(&one), buf_str(&other));
	buf_free(&one);
	buf_free(&other);
}

static void
shown_settings_name_their_origin_and_can_be_read_again(void **state)
{
	static const char *const overrides[] = { "courses.mode=course", NULL };
	struct buf want = { 0 }, got = { 0 };
	struct conf *conf, *again;
	char *text;
	size_t len;
	FILE *out;

	(void)state;
	conf = load_with(
	    "[sftp main]\nport = 23\n[roles]\nA B = y\n", overrides);
	out = open_memstream(&text, &len);
	assert_non_null(out);
	conf_show(conf, out);
	fclose(out);
	assert_non_null(strstr(text,
	    "[courses]\n"
	    "mode = course                            ; -o\n\n"));
	assert_non_null(strstr(text,
	    "\nA B = y                                 "
	    " ; rollbook.ini:4\n"));
	assert_non_null(strstr(text,
	    "\n;name =                                 "
	    " ; not set\n"));
	assert_non_null(strstr(text,
	    "\ndates = no                              "
	    " ; default\n"));
	again = load(text);
	conf_list(conf, &want);
	conf_list(again, &got);
	assert_string_equal(buf_str(&got), buf_str(&want));
	free(text);
	buf_free(&want);
	buf_free(&got);
	conf_free(conf);
	conf_free(again);
}

/* The example's text; with settings true its defaults are no comments. */
static char *
example(bool settings)
{
	char *text, *at, *end;
	size_t len;
	FILE *out;

	out = open_memstream(&text, &len);
	assert_non_null(out);
	conf_print_example(options, sections, out);
	fclose(out);
	for (at = text; settings && *at != '\0'; at = end + 1) {
		end = strchr(at, '\n');
		assert_non_null(end);
		assert_true(end - at <= 76);
		if (*at == ';' && end[-1] != '=') {
			memmove(at, at + 1, strlen(at));
			end--;
		}
	}
	return text;
}

static void
the_example_changes_nothing_until_its_comments_are_removed(void **state)
{
	struct buf want = { 0 }, got = { 0 };
	struct conf *conf;
	char *text;

	(void)state;
	text = example(false);
	assert_non_null(strstr(text,
	    "# Who you are.\n[district]\n\n"
	    "# The name of the district.\n;name =\n"));
	assert_non_null(strstr(text,
	    "# What becomes a Canvas course.\n"
	    "# It is one of section, course.\n;mode = section\n"));
	assert_non_null(strstr(text, ";[sftp NAME]\n"));
	conf = load("");
	conf_list(conf, &want);
	conf_free(conf);
	/* A key below ;[sftp NAME] would fall into the section before it. */
	conf = load(text);
	conf_list(conf, &got);
	assert_string_equal(buf_str(&got), buf_str(&want));
	conf_free(conf);
	free(text);
	text = example(true);
	conf = load(text);
	assert_text(conf, "roles", "Co-teacher", "teacher");
	assert_text(conf, "names", "course_long", ".\"a\\b\" - 'c'");
	assert_true(conf_is_set(conf, "sftp NAME", "port"));
	assert_true(conf_is_set(conf, "courses", "mode"));
	conf_free(conf);
	free(text);
	buf_free(&want);
	buf_free(&got);
}

static void
the_manual_has_every_setting_and_no_stray_request(void **state)
{
	char *text;
	size_t len;
	FILE *out;

	(void)state;
	out = open_memstream(&text, &len);
	assert_non_null(out);
	conf_print_mdoc(options, sections, out);
	fclose(out);
	assert_non_null(strstr(text,
	    ".Ss \\(lBcourses\\(rB\n.Bl -tag -width Ds\n"
	    ".It Ic \"\\&mode\" No = Ar choice\n"
	    "What becomes a Canvas course.\nIt is one of section, course.\n"
	    "The default is\n.Ql \"\\&section\" .\n.El\n"));
	assert_non_null(strstr(text, "\n\\&.A word, a \\e and \\&'quotes' in"));
	assert_non_null(strstr(text, "\nSecond sentence here.\n"));
	assert_non_null(
	    strstr(text, ".Ql \"\\&.\\(dqa\\eb\\(dq \\- \\(aqc\\(aq\" .\n"));
	assert_non_null(strstr(text,
	    ".Ss \\(lBsftp NAME\\(rB\n"
	    "A server that takes packages.\n"));
	assert_non_null(strstr(text, ".It Ar key No = Ar text\n"));
	free(text);
}

/* Did ask() end the program by a signal? */
static bool
aborts(void (*ask)(const struct conf *conf))
{
	struct err err = { 0 };
	struct conf *conf;
	int status;
	pid_t child;

	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		conf = conf_load(NULL, options, NULL, &err);
		ask(conf);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status);
}

static void
ask_unknown(const struct conf *conf)
{
	conf_text(conf, "names", "nickname");
}

static void
ask_wrong_type(const struct conf *conf)
{
	conf_number(conf, "names", "term");
}

static void
load_bad_table(const struct conf *conf)
{
	static const struct conf_option bad[] = {
		{ "a", "b", CONF_CHOICE, "z", "x|y", "" },
		{ NULL, NULL, CONF_TEXT, NULL, NULL, NULL },
	};
	struct err err = { 0 };

	(void)conf;
	conf_free(conf_load(NULL, bad, NULL, &err));
}

static void
a_bug_in_the_program_ends_it(void **state)
{
	(void)state;
	assert_true(aborts(ask_unknown));
	assert_true(aborts(ask_wrong_type));
	assert_true(aborts(load_bad_table));
}

int
main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_file_every_setting_has_its_default),
		cmocka_unit_test(values_are_read_and_kept_in_one_spelling),
		cmocka_unit_test(
		    a_byte_order_mark_and_crlf_are_no_part_of_a_value),
		cmocka_unit_test(a_wrong_line_is_named_and_nothing_is_read),
		cmocka_unit_test(a_nul_byte_is_named),
		cmocka_unit_test(
		    the_hint_names_what_is_possible_when_nothing_is_near),
		cmocka_unit_test(a_line_is_read_whole_or_refused),
		cmocka_unit_test(a_file_that_cannot_be_read_is_named),
		cmocka_unit_test(a_file_without_end_is_refused),
		cmocka_unit_test(
		    overrides_win_over_the_file_and_the_last_one_wins),
		cmocka_unit_test(a_wrong_override_is_named),
		cmocka_unit_test(
		    free_keys_keep_their_case_and_the_order_of_the_file),
		cmocka_unit_test(instances_are_listed_in_the_order_of_the_file),
		cmocka_unit_test(list_items_come_without_blanks_and_empty_ones),
		cmocka_unit_test(the_list_is_equal_for_equal_settings),
		cmocka_unit_test(
		    shown_settings_name_their_origin_and_can_be_read_again),
		cmocka_unit_test(
		    the_example_changes_nothing_until_its_comments_are_removed),
		cmocka_unit_test(
		    the_manual_has_every_setting_and_no_stray_request),
		cmocka_unit_test(a_bug_in_the_program_ends_it),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
