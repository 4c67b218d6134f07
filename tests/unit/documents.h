#ifndef UNIT_DOCUMENTS_H
#define UNIT_DOCUMENTS_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cli.h"
#include "base/conf.h"
#include "base/conf_print.h"
#include "base/mem.h"
#include "canvas/guard_codes.h"
#include "canvas/lint_rules.h"
#include "commands.h"
#include "grades/grade_findings.h"
#include "canvas2pt/grades_commands.h"
#include "roster/finding.h"
#include "roster/roster.h"
#include "roster/schema.h"
#include "settings.h"
#include "settle.h"
#include "source/feeds.h"
#include "source/oneroster_tables.h"

/*
 * The parts of documents that the program's own tables give. In a document
 * such a part stands between two lines that hold "Begin NAME" and "End NAME"
 * in a comment; a whole document has no such lines. tests/docs.c writes the
 * parts, test_documents.c compares them. Paths start at the top of the tree.
 */

#define DOCUMENTS_WIDTH 76 /* columns of prose */
#define DOCUMENTS_EXITS "src/base/err.h"
#define DOCUMENTS_NOW "2026-11-23T12:00:00Z"

struct documents_part {
	const char *name;
	void (*write)(FILE *out);
};

/* ---- prose ---- */

/* mdoc(7) text: each sentence starts a line, no word looks like a request. */
static inline void
documents_prose(const char *text, FILE *out)
{
	size_t column, len;
	bool ended;

	column = 0;
	ended = false;
	for (; *text != '\0'; text += len) {
		text += strspn(text, " ");
		len = strcspn(text, " ");
		if (column > 0)
			fputc(ended || column + 1 + len > DOCUMENTS_WIDTH ?
				'\n' :
				' ',
			    out);
		if (ended || column + 1 + len > DOCUMENTS_WIDTH)
			column = 0;
		if (text[0] == '.' || text[0] == '\'')
			fputs("\\&", out);
		fprintf(out, "%.*s", (int)len, text);
		column += len + 1;
		ended = len > 1 && text[len - 1] == '.';
	}
	fputc('\n', out);
}

/* Words that the table has without a full stop. */
static inline void
documents_sentence(const char *words, FILE *out)
{
	char *sentence;

	sentence = mem_printf("%s.", words);
	documents_prose(sentence, out);
	free(sentence);
}

static inline struct cli
documents_cli(void)
{
	return (struct cli){ .program = "ps2canvas",
		.options = commands_options,
		.commands = commands };
}

/* ---- ps2canvas.1 ---- */

static inline void
documents_commands(FILE *out)
{
	const struct cli cli = documents_cli();

	cli_print_mdoc(&cli, out);
}

static inline void
documents_rules(const struct rule_text *texts, size_t n, FILE *out)
{
	size_t i;

	fputs(".Bl -tag -width Ds\n", out);
	for (i = 0; i < n; i++) {
		fprintf(out, ".It %s Pq %s\n", texts[i].code,
		    severity_names[texts[i].severity]);
		documents_sentence(texts[i].sentence, out);
		documents_prose(texts[i].fix, out);
	}
	fputs(".El\n", out);
}

static inline void
documents_findings(FILE *out)
{
	documents_rules(rules, RULES, out);
}

static inline void
documents_validate(FILE *out)
{
	documents_rules(lint_rules, LINT_RULES, out);
}

static inline void
documents_guard(FILE *out)
{
	size_t i;

	fputs(".Bl -tag -width Ds\n", out);
	for (i = 0; i < GUARD_CODES; i++) {
		fprintf(out, ".It %s\n", guard_codes[i].code);
		documents_sentence(guard_codes[i].sentence, out);
		documents_prose(guard_codes[i].fix, out);
	}
	fputs(".El\n", out);
}

/*
 * Calls each for every exit code that the header lists, with the words that
 * stand behind it there. Returns how many there are.
 */
static inline size_t
documents_each_exit(
    void (*each)(void *arg, int code, const char *words), void *arg)
{
	char line[256], words[200];
	size_t n;
	FILE *in;
	int code;

	in = fopen(DOCUMENTS_EXITS, "r");
	if (in == NULL)
		return 0;
	n = 0;
	while (fgets(line, sizeof(line), in) != NULL) {
		if (sscanf(line, "\tEXIT_%*[A-Z0-9_] = %d%*[,\t ]/* %199[^*]",
			&code, words) != 2 &&
		    sscanf(line, "\tEXIT_%*[A-Z0-9_] = %d /* %199[^*]", &code,
			words) != 2)
			continue;
		while (words[0] != '\0' && words[strlen(words) - 1] == ' ')
			words[strlen(words) - 1] = '\0';
		each(arg, code, words);
		n++;
	}
	fclose(in);
	return n;
}

static inline void
documents_exit_item(void *out, int code, const char *words)
{
	fprintf(out, ".It %d\n%s\n", code, words);
}

static inline void
documents_exits(FILE *out)
{
	fputs(".Bl -tag -width Ds\n", out);
	documents_each_exit(documents_exit_item, out);
	fputs(".El\n", out);
}

/* ---- canvas2pt.1 ---- */

static inline void
documents_grades_commands(FILE *out)
{
	const struct cli cli = { .program = "canvas2pt",
		.options = grades_commands_options,
		.commands = grades_commands };

	cli_print_mdoc(&cli, out);
}

static inline void
documents_grades_findings(FILE *out)
{
	size_t i;

	fputs(".Bl -tag -width Ds\n", out);
	for (i = 0; i < GRADE_RULES; i++) {
		fprintf(out, ".It %s Pq %s\n", grade_rules[i].code,
		    grade_severities[grade_rules[i].severity]);
		documents_sentence(grade_rules[i].sentence, out);
		documents_prose(grade_rules[i].done, out);
		documents_prose(grade_rules[i].fix, out);
	}
	fputs(".El\n", out);
}

/* ---- rollbook.ini.5 ---- */

static inline void
documents_settings(FILE *out)
{
	conf_print_mdoc(settings_options, settings_sections, out);
}

/* Do the settings hold with this one, as in "ids.term={school.name}"? */
static inline bool
documents_holds(const char *mode, const char *setting)
{
	const char *const overrides[] = { "district.timezone=UTC", mode,
		setting, NULL };
	struct policy policy = { 0 };
	struct err err = { 0 };
	struct roster *roster;
	struct conf *conf;
	int64_t now;
	bool holds;

	conf = conf_load(NULL, settings_options, overrides, &err);
	if (conf == NULL)
		return false;
	roster = roster_new();
	holds = settle_policy(
		    conf, DOCUMENTS_NOW, roster, &policy, &now, &err) == 0;
	policy_free(&policy);
	roster_free(roster);
	conf_free(conf);
	return holds;
}

/* Can a template of this setting name a column of the table? */
static inline bool
documents_reaches(
    const struct conf_option *option, const char *mode, enum table_id table)
{
	char *setting;
	bool holds;

	setting = mem_printf("%s.%s={%s.%s}", option->section, option->key,
	    schema[table].word, schema[table].fields[0].name);
	holds = documents_holds(mode, setting);
	free(setting);
	return holds;
}

static inline bool
documents_is_template(const struct conf_option *option)
{
	char *setting;
	bool refused;

	if (option->type != CONF_TEXT ||
	    (strcmp(option->section, "ids") != 0 &&
		strcmp(option->section, "names") != 0 &&
		strcmp(option->section, "users") != 0))
		return false;
	setting = mem_printf("%s.%s={no.such}", option->section, option->key);
	refused = !documents_holds("courses.mode=section", setting);
	free(setting);
	return refused;
}

static inline char *
documents_tables(const struct conf_option *option, const char *mode)
{
	struct buf list = { 0 };
	int t;

	for (t = 0; t < TABLES; t++) {
		if (!documents_reaches(option, mode, (enum table_id)t))
			continue;
		buf_printf(
		    &list, "%s%s", list.len == 0 ? "" : ", ", schema[t].word);
	}
	buf_str(&list);
	return list.data;
}

/* Which tables the template of each setting can name. */
static inline void
documents_templates(FILE *out)
{
	const struct conf_option *option;
	char *section, *course;

	fputs(".Bl -tag -width Ds\n", out);
	for (option = settings_options; option->section != NULL; option++) {
		if (!documents_is_template(option))
			continue;
		section = documents_tables(option, "courses.mode=section");
		course = documents_tables(option, "courses.mode=course");
		fprintf(out, ".It \\(lB%s\\(rB Ic %s\n%s", option->section,
		    option->key, section);
		if (strcmp(section, course) != 0)
			fprintf(out, ";\nin mode course %s", course);
		fputc('\n', out);
		free(section);
		free(course);
	}
	fputs(".El\n", out);
}

static inline bool
documents_is_nameable(enum table_id table)
{
	const struct conf_option *option;

	for (option = settings_options; option->section != NULL; option++) {
		if (documents_is_template(option) &&
		    documents_reaches(option, "courses.mode=section", table))
			return true;
	}
	return false;
}

/* The names of fields with one of the uses; all of them when use is 0. */
static inline void
documents_field_names(enum table_id table, unsigned use, FILE *out)
{
	const struct field *field;
	struct buf list = { 0 };

	for (field = schema[table].fields; field->name != NULL; field++) {
		if (use == 0 || (field->use & use) != 0)
			buf_printf(&list, "%s%s", list.len == 0 ? "" : ", ",
			    field->name);
	}
	buf_addc(&list, '.');
	documents_prose(buf_str(&list), out);
	buf_free(&list);
}

/* Every column that a template can name. */
static inline void
documents_columns(FILE *out)
{
	int t;

	fputs(".Bl -tag -width Ds\n", out);
	for (t = 0; t < TABLES; t++) {
		if (!documents_is_nameable((enum table_id)t))
			continue;
		fprintf(out, ".It Ic %s\n", schema[t].word);
		documents_field_names((enum table_id)t, 0, out);
	}
	fputs(".El\n", out);
}

static inline bool
documents_has_use(enum table_id table, unsigned use)
{
	const struct field *field;

	for (field = schema[table].fields; field->name != NULL; field++) {
		if ((field->use & use) != 0)
			return true;
	}
	return false;
}

/* Every export, and the columns that it must have. */
static inline void
documents_exports(FILE *out)
{
	int t;

	fputs(".Bl -tag -width Ds\n", out);
	for (t = 0; t < TABLES; t++) {
		fprintf(out, ".It Pa %s.csv\n", schema[t].name);
		if (documents_has_use((enum table_id)t, FIELD_NEEDED)) {
			fputs("Needs\n", out);
			documents_field_names(
			    (enum table_id)t, FIELD_NEEDED, out);
		}
		if (documents_has_use((enum table_id)t, FIELD_RULE)) {
			fputs("Uses when there\n", out);
			documents_field_names(
			    (enum table_id)t, FIELD_RULE, out);
		}
	}
	fputs(".El\n", out);
}

/* What the OneRoster files fill in one PowerSchool table. */
static inline void
documents_fills(enum table_id t, FILE *out)
{
	const struct oneroster_fill *fill;
	const struct table_schema *from;
	struct buf text = { 0 };

	for (fill = oneroster_tables_fills; fill->field != NULL; fill++) {
		if (fill->table != t)
			continue;
		from = &oneroster_tables[fill->from];
		buf_printf(&text, "%s%s is %s in %s.csv",
		    text.len == 0 ? "" : "; ", fill->field,
		    from->fields[fill->column].name, from->name);
		if (fill->how != NULL)
			buf_printf(&text, " (%s)", fill->how);
	}
	if (text.len > 0) {
		fprintf(out, ".It Pa %s\n", schema[t].name);
		documents_sentence(buf_str(&text), out);
	}
	buf_free(&text);
}

static inline void
documents_oneroster(FILE *out)
{
	int t;

	fputs(".Bl -tag -width Ds\n", out);
	for (t = 0; t < TABLES; t++)
		documents_fills((enum table_id)t, out);
	fputs(".El\n", out);
}

/* ---- README.md ---- */

static inline void
documents_list_commands(const struct cli_command *c, FILE *out)
{
	fputs("| command | what it does |\n|---|---|\n", out);
	for (; c->name != NULL; c++) {
		fprintf(out, "| `%s%s", c->name,
		    c->arguments[0] == '\0' ? "" : " ");
		/* A bar would end the cell. */
		fprintf(out, "%s` | %s |\n",
		    strchr(c->arguments, '|') == NULL ? c->arguments : "SHELL",
		    c->sentence);
	}
}

static inline void
documents_readme_commands(FILE *out)
{
	documents_list_commands(commands, out);
}

static inline void
documents_readme_grades_commands(FILE *out)
{
	documents_list_commands(grades_commands, out);
}

static inline void
documents_exit_row(void *out, int code, const char *words)
{
	fprintf(out, "| %d | %s |\n", code, words);
}

static inline void
documents_readme_exits(FILE *out)
{
	fputs("| code | meaning |\n|---|---|\n", out);
	documents_each_exit(documents_exit_row, out);
}

static inline void
documents_readme_settings(FILE *out)
{
	const struct conf_section *s;

	fputs("| section | what it is for |\n|---|---|\n", out);
	for (s = settings_sections; s->section != NULL; s++)
		fprintf(out, "| `[%s]` | %s |\n", s->section, s->sentence);
}

/* ---- templates/rollbook.ini ---- */

static inline void
documents_example(FILE *out)
{
	conf_print_example(settings_options, settings_sections, out);
}

static const struct documents_part documents_parts[] = {
	{ "commands", documents_commands }, { "findings", documents_findings },
	{ "codes of validate", documents_validate },
	{ "reasons of the guard", documents_guard },
	{ "exit codes", documents_exits }, { "settings", documents_settings },
	{ "tables of templates", documents_templates },
	{ "columns of tables", documents_columns },
	{ "exports", documents_exports },
	{ "columns of OneRoster", documents_oneroster },
	{ "commands of canvas2pt", documents_grades_commands },
	{ "findings of canvas2pt", documents_grades_findings },
	{ "exit codes of canvas2pt", documents_exits },
	{ "list of commands", documents_readme_commands },
	{ "list of commands of canvas2pt", documents_readme_grades_commands },
	{ "list of exit codes", documents_readme_exits },
	{ "list of settings", documents_readme_settings }, { NULL, NULL }
};

/* A document with parts in it, or all of one part. */
struct document {
	const char *path;
	void (*write)(FILE *out); /* NULL: it has parts in it */
	size_t nparts;
};

static const struct document documents[] = { { "README.md", NULL, 4 },
	{ "src/ps2canvas.1", NULL, 5 }, { "src/canvas2pt.1", NULL, 3 },
	{ "src/rollbook.ini.5", NULL, 5 },
	{ "templates/rollbook.ini", documents_example, 0 }, { NULL, NULL, 0 } };

/* ---- putting parts into documents ---- */

/* A file's bytes as a string, NULL with errno; free() it. */
static inline char *
documents_read(const char *path)
{
	struct buf text = { 0 };
	size_t got;
	FILE *in;

	in = fopen(path, "r");
	if (in == NULL)
		return NULL;
	do {
		got = fread(buf_reserve(&text, 65536), 1, 65536, in);
		text.len += got;
	} while (got > 0);
	fclose(in);
	buf_str(&text);
	return text.data;
}

static inline char *
documents_written(void (*write)(FILE *out))
{
	char *text;
	size_t len;
	FILE *out;

	text = NULL;
	out = open_memstream(&text, &len);
	if (out == NULL)
		abort();
	write(out);
	if (fclose(out) != 0)
		abort();
	return text;
}

static inline const struct documents_part *
documents_find(const char *line, size_t len)
{
	const struct documents_part *part;
	const char *begin;
	size_t n;

	begin = memmem(line, len, " Begin ", 7);
	if (begin == NULL)
		return NULL;
	begin += 7;
	for (part = documents_parts; part->name != NULL; part++) {
		n = strlen(part->name);
		if (strncmp(begin, part->name, n) == 0 && begin[n] == ':')
			return part;
	}
	return NULL;
}

/*
 * The document as it should be, with every part written anew; free() it.
 * NULL when it cannot be read or a part has no end; *nparts is how many parts
 * it has.
 */
static inline char *
documents_renewed(const struct document *document, size_t *nparts)
{
	const struct documents_part *part;
	struct buf renewed = { 0 };
	char *text, *written, *end;
	const char *at;
	size_t len;

	*nparts = 0;
	if (document->write != NULL)
		return documents_written(document->write);
	text = documents_read(document->path);
	if (text == NULL)
		return NULL;
	for (at = text; *at != '\0'; at += len) {
		len = strcspn(at, "\n");
		len += at[len] == '\n';
		buf_add(&renewed, at, len);
		part = documents_find(at, len);
		if (part == NULL)
			continue;
		++*nparts;
		written = documents_written(part->write);
		buf_adds(&renewed, written);
		free(written);
		written = mem_printf(" End %s", part->name);
		end = strstr(at, written);
		free(written);
		if (end == NULL) {
			fprintf(stderr, "%s: \"Begin %s\" has no End\n",
			    document->path, part->name);
			buf_free(&renewed);
			free(text);
			return NULL;
		}
		while (end[-1] != '\n')
			end--;
		len = (size_t)(end - at);
	}
	buf_str(&renewed);
	free(text);
	return renewed.data;
}

#endif
