#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/conf_print.h"
#include "base/conf_table.h"

#define PROSE_WIDTH 76

/* What a section is for, or NULL. */
static const char *
sentence_of(const struct conf_section *sections, const char *section)
{
	for (; sections != NULL && sections->section != NULL; sections++)
		if (strcasecmp(sections->section, section) == 0)
			return sections->sentence;
	return NULL;
}

/* A new sentence starts a new line, as man pages want it. */
static bool
ends_sentence(const char *end)
{
	return strchr(".!?", end[-1]) != NULL &&
	    isupper((unsigned char)end[strspn(end, " ")]);
}

static void
print_wrapped(FILE *out, const char *prefix, const char *text)
{
	size_t column, len;
	bool new_line;

	column = 0;
	new_line = true;
	for (text += strspn(text, " "); *text != '\0';
	     text += strspn(text, " ")) {
		len = strcspn(text, " ");
		if (column > 0 && column + 1 + len > PROSE_WIDTH)
			new_line = true;
		if (new_line) {
			fprintf(out, "%s%s", column == 0 ? "" : "\n", prefix);
			column = strlen(prefix);
		} else {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)len, text);
		column += len;
		text += len;
		new_line = ends_sentence(text);
	}
	if (column > 0)
		fputc('\n', out);
}

/* The sentence of an option and what its values may be. */
static const char *
prose_of(const struct conf_option *option, struct buf *out)
{
	buf_adds(out, option->sentence);
	if (option->type != CONF_TEXT) {
		buf_adds(out, " It is ");
		conf_table_describe(option, out);
		buf_addc(out, '.');
	}
	return buf_str(out);
}

static void
print_example_option(const struct conf_option *option, FILE *out)
{
	struct buf prose = { 0 };
	const char *value;

	value = option->value == NULL ? "" : option->value;
	fputc('\n', out);
	print_wrapped(out, "# ", prose_of(option, &prose));
	buf_free(&prose);
	if (!conf_table_any_key(option))
		fprintf(out, ";%s =%s%s\n", option->key,
		    value[0] == '\0' ? "" : " ", value);
	else
		fprintf(out, ";%s\n", value[0] == '\0' ? "KEY =" : value);
}

void
conf_print_example(const struct conf_option *options,
    const struct conf_section *sections, FILE *out)
{
	const struct conf_option *option;
	const char *sentence;
	size_t len;

	for (option = options; option->section != NULL; option++) {
		if (conf_table_starts_section(options, option)) {
			if (option != options)
				fputc('\n', out);
			sentence = sentence_of(sections, option->section);
			if (sentence != NULL)
				print_wrapped(out, "# ", sentence);
			len = conf_table_kind_len(option->section);
			if (len == 0)
				fprintf(out, "[%s]\n", option->section);
			else
				fprintf(out, ";[%.*s NAME]\n", (int)len,
				    option->section);
		}
		print_example_option(option, out);
	}
}

/* Text lines of roff: a word must not look like a request. */
static void
print_roff(FILE *out, const char *text)
{
	struct buf escaped = { 0 };
	const char *at;

	for (at = text; *at != '\0'; at++) {
		if ((*at == '.' || *at == '\'') &&
		    (at == text || at[-1] == ' '))
			buf_adds(&escaped, "\\&");
		if (*at == '\\')
			buf_adds(&escaped, "\\e");
		else
			buf_addc(&escaped, *at);
	}
	print_wrapped(out, "", buf_str(&escaped));
	buf_free(&escaped);
}

/* One argument of a macro, shown as it is typed and never a macro itself. */
static void
print_literal(FILE *out, const char *text)
{
	static const struct {
		char c;
		const char *escape;
	} escapes[] = { { '\\', "\\e" }, { '"', "\\(dq" }, { '-', "\\-" },
		{ '\'', "\\(aq" }, { '`', "\\(ga" }, { '^', "\\(ha" },
		{ '~', "\\(ti" } };
	size_t i;

	fputs("\"\\&", out);
	for (; *text != '\0'; text++) {
		for (i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
			if (escapes[i].c == *text)
				break;
		if (i < sizeof(escapes) / sizeof(escapes[0]))
			fputs(escapes[i].escape, out);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void
print_mdoc_item(const struct conf_option *option, FILE *out)
{
	static const char *const forms[] = { [CONF_TEXT] = "Ar text",
		[CONF_CHOICE] = "Ar choice",
		[CONF_YESNO] = "Cm yes | no",
		[CONF_NUMBER] = "Ar number",
		[CONF_PERCENT] = "Ar percent",
		[CONF_DATE] = "Ar date",
		[CONF_LIST] = "Ar item , ..." };

	if (conf_table_any_key(option)) {
		fputs(".It Ar key", out);
	} else {
		fputs(".It Ic ", out);
		print_literal(out, option->key);
	}
	fprintf(out, " No = %s\n", forms[option->type]);
}

static void
print_mdoc_option(const struct conf_option *option, FILE *out)
{
	struct buf prose = { 0 };

	print_mdoc_item(option, out);
	print_roff(out, prose_of(option, &prose));
	buf_free(&prose);
	if (option->value == NULL || option->value[0] == '\0')
		return;
	fprintf(out, "%s is\n.Ql ",
	    conf_table_any_key(option) ? "An example" : "The default");
	print_literal(out, option->value);
	fputs(" .\n", out);
}

void
conf_print_mdoc(const struct conf_option *options,
    const struct conf_section *sections, FILE *out)
{
	const struct conf_option *option;
	const char *sentence;
	size_t len;

	for (option = options; option->section != NULL; option++) {
		if (conf_table_starts_section(options, option)) {
			len = conf_table_kind_len(option->section);
			fprintf(out, ".Ss \\(lB%.*s%s\\(rB\n",
			    len == 0 ? (int)strlen(option->section) : (int)len,
			    option->section, len == 0 ? "" : " NAME");
			sentence = sentence_of(sections, option->section);
			if (sentence != NULL)
				print_roff(out, sentence);
			fputs(".Bl -tag -width Ds\n", out);
		}
		print_mdoc_option(option, out);
		if (option[1].section == NULL ||
		    conf_table_starts_section(options, option + 1))
			fputs(".El\n", out);
	}
}
