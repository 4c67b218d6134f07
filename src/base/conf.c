#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ini.h>

#include "base/conf.h"
#include "base/conf_table.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/utf8.h"

#define SHOWN_BYTES 60 /* of a wrong value, in a message */
#define SHOWN_SIZE (SHOWN_BYTES * 4 + sizeof("..."))
#define ORIGIN_COLUMN 40
#define BOM "\xEF\xBB\xBF"

/* A setting that was given. */
struct entry {
	const struct conf_option *option;
	const char *section; /* of the option or of an instance */
	char *key;	     /* spelled as in the table, or as given for * */
	char *value;	     /* spelled as conf_table_keep() has it */
	size_t line;	     /* of the file, from 1; 0: by -o */
};

struct conf {
	char *path; /* NULL: no file */
	const struct conf_option *options;
	struct entry *entries;
	size_t count;
	size_t cap;
	char **instances; /* whole names: "sftp main" */
	size_t instance_count;
	size_t instance_cap;
};

/* Where reading has come to. */
struct reader {
	struct conf *conf;
	struct err *err;
	const char *rest; /* of the file */
	const char *end;
	size_t line;	      /* from 1; 0 behind the file, among overrides */
	const char *override; /* the one being read, or NULL */
	const char *section;  /* that the line stands in, or NULL */
};

/* ---- text ---- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *
skip_blanks(const char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

/* A copy of len bytes without the blanks around them. */
static char *
trimmed(const char *text, size_t len)
{
	while (len > 0 && is_blank(text[0])) {
		text++;
		len--;
	}
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	return mem_strndup(text, len);
}

static bool
is_control(const char *text)
{
	unsigned char c = (unsigned char)text[0];
	unsigned char next;

	if (c == 0xC2) { /* U+0080 to U+009F: terminals obey them too */
		next = (unsigned char)text[1];
		return next >= 0x80 && next <= 0x9F;
	}
	return c < 0x20 || c == 0x7F;
}

/* Text for a message: cut to SHOWN_BYTES, control characters as \x1B. */
static const char *
shown(char out[SHOWN_SIZE], const char *text)
{
	size_t i, len, used;

	len = strlen(text);
	if (len > SHOWN_BYTES) {
		len = SHOWN_BYTES;
		while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--;
	}
	for (i = used = 0; i < len; i++) {
		if (is_control(text + i) || utf8_valid(text + i, len - i) == 0)
			used += (size_t)snprintf(
			    out + used, 5, "\\x%02X", (unsigned char)text[i]);
		else
			out[used++] = text[i];
	}
	snprintf(out + used, 4, "%s", text[len] == '\0' ? "" : "...");
	return out;
}

/* ---- errors ---- */

static const char *
what_to_type(const struct reader *reader, struct buf *out)
{
	char text[SHOWN_SIZE];

	if (reader->override != NULL)
		buf_printf(out, "Correct -o %s", shown(text, reader->override));
	else
		buf_printf(out, "Correct line %zu of %s", reader->line,
		    reader->conf->path);
	buf_adds(out, " and run the same command again; nothing was done.");
	return buf_str(out);
}

/* Fails at the place that is being read; returns -1. */
static int __attribute__((format(printf, 2, 3)))
refuse(const struct reader *reader, const char *fmt, ...)
{
	struct buf hint = { 0 };
	char text[SHOWN_SIZE];
	va_list ap;
	char *why;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&why, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	if (reader->override != NULL)
		err_set(reader->err, EXIT_SETTINGS, "-o %s: %s",
		    shown(text, reader->override), why);
	else
		err_set(reader->err, EXIT_SETTINGS, "%s:%zu: %s",
		    reader->conf->path, reader->line, why);
	err_hint(reader->err, "%s", what_to_type(reader, &hint));
	buf_free(&hint);
	free(why);
	return -1;
}

/* Adds the names that are possible to the hint of the next refuse(). */
static void
hint_names(
    const struct reader *reader, const char *intro, const char *const *names)
{
	struct buf hint = { 0 };
	size_t i;

	what_to_type(reader, &hint);
	buf_printf(&hint, " %s ", intro);
	for (i = 0; names[i] != NULL; i++)
		buf_printf(&hint, "%s%s", i == 0 ? "" : ", ", names[i]);
	buf_addc(&hint, '.');
	err_hint(reader->err, "%s", buf_str(&hint));
	buf_free(&hint);
}

/* ---- the table of options ---- */

/* Is the option one of this section ("sftp *" of "sftp main")? */
static bool
is_option_of(const struct conf_option *option, const char *section)
{
	size_t len;

	len = conf_table_kind_len(option->section);
	if (len == 0)
		return strcasecmp(option->section, section) == 0;
	return strncasecmp(option->section, section, len) == 0 &&
	    section[len] == ' ';
}

static const struct conf_option *
find_option(const struct conf *conf, const char *section, const char *key)
{
	const struct conf_option *option, *any;

	any = NULL;
	for (option = conf->options; option->section != NULL; option++) {
		if (!is_option_of(option, section))
			continue;
		if (conf_table_any_key(option))
			any = option;
		else if (strcasecmp(option->key, key) == 0)
			return option;
	}
	return any;
}

/* The keys of one section, or with section NULL all sections; free() it. */
static const char **
names_of(const struct conf *conf, const char *section)
{
	const struct conf_option *option;
	const char **names;
	size_t count;

	for (option = conf->options; option->section != NULL; option++)
		continue;
	names = mem_zalloc(
	    (size_t)(option - conf->options) + 1, sizeof(*names));
	count = 0;
	for (option = conf->options; option->section != NULL; option++) {
		if (section != NULL) {
			if (is_option_of(option, section))
				names[count++] = option->key;
		} else if (count == 0 ||
		    strcmp(names[count - 1], option->section) != 0)
			names[count++] = option->section;
	}
	return names;
}

static void
check_table(const struct conf_option *option)
{
	char *kept;

	for (; option->section != NULL; option++) {
		if (conf_table_any_key(option) || option->value == NULL)
			continue;
		kept = conf_table_keep(option, option->value);
		if (kept == NULL || strcmp(kept, option->value) != 0) {
			fprintf(stderr, "[%s] %s: the default is not one\n",
			    option->section, option->key);
			abort();
		}
		free(kept);
	}
}

/* ---- taking one setting ---- */

static struct entry *
find_entry(const struct conf *conf, const struct conf_option *option,
    const char *section, const char *key)
{
	struct entry *entry;
	size_t i;

	for (i = 0; i < conf->count; i++) {
		entry = &conf->entries[i];
		if (entry->option == option &&
		    strcasecmp(entry->section, section) == 0 &&
		    (!conf_table_any_key(option) ||
			strcmp(entry->key, key) == 0))
			return entry;
	}
	return NULL;
}

static int
refuse_key(const struct reader *reader, const char *section, const char *key)
{
	const struct conf_option *option;
	const char **names;
	const char *near;
	char text[SHOWN_SIZE];
	size_t len;

	shown(text, key);
	names = names_of(reader->conf, section);
	near = nearest_name(key, (const char *const *)names);
	option = reader->conf->options;
	while (option->section != NULL && strcasecmp(option->key, key) != 0)
		option++;
	if (near != NULL) {
		refuse(reader, "[%s] %s: no such setting; did you mean \"%s\"?",
		    section, text, near);
	} else if (option->section != NULL) {
		len = conf_table_kind_len(option->section);
		refuse(reader,
		    "[%s] %s: no such setting; it belongs in"
		    " [%.*s%s]",
		    section, text,
		    len == 0 ? (int)strlen(option->section) : (int)len,
		    option->section, len == 0 ? "" : " NAME");
	} else {
		hint_names(reader,
		    "The settings here are:", (const char *const *)names);
		refuse(reader, "[%s] %s: no such setting", section, text);
	}
	free(names);
	return -1;
}

static int
refuse_value(const struct reader *reader, const char *section,
    const struct conf_option *option, const char *key, const char *value)
{
	struct buf wanted = { 0 };
	const char **names;
	const char *near;
	char text[SHOWN_SIZE], key_text[SHOWN_SIZE];

	near = NULL;
	names = NULL;
	conf_table_describe(option, &wanted);
	if (option->type == CONF_CHOICE) {
		names = conf_table_choices(option->choices);
		near = nearest_name(value, (const char *const *)names);
	}
	refuse(reader, "[%s] %s: \"%s\" is not %s%s%s%s", section,
	    shown(key_text, key), shown(text, value), buf_str(&wanted),
	    near == NULL ? "" : "; did you mean \"", near == NULL ? "" : near,
	    near == NULL ? "" : "\"?");
	free(names);
	buf_free(&wanted);
	return -1;
}

static void
put_entry(struct conf *conf, const struct entry *given)
{
	conf->entries = mem_grow(
	    conf->entries, conf->count, &conf->cap, sizeof(*conf->entries));
	conf->entries[conf->count++] = *given;
}

static int
take_setting(struct reader *reader, const char *section, const char *key,
    const char *value)
{
	const struct conf_option *option;
	struct entry given = { 0 };
	struct entry *old;
	char text[SHOWN_SIZE];

	option = find_option(reader->conf, section, key);
	if (option == NULL)
		return refuse_key(reader, section, key);
	old = find_entry(reader->conf, option, section, key);
	if (old != NULL && reader->override == NULL)
		return refuse(reader,
		    "[%s] %s: given a second time;"
		    " line %zu has it already",
		    section, shown(text, key), old->line);
	given.value = conf_table_keep(option, value);
	if (given.value == NULL)
		return refuse_value(reader, section, option, key, value);
	if (old != NULL) {
		free(old->value);
		old->value = given.value;
		old->line = 0;
		return 0;
	}
	given.option = option;
	given.section = section;
	given.key = mem_strdup(conf_table_any_key(option) ? key : option->key);
	given.line = reader->line;
	put_entry(reader->conf, &given);
	return 0;
}

/* ---- sections ---- */

/* The whole name "sftp main", which conf owns; NULL with err set. */
static const char *
take_instance(
    struct reader *reader, const char *kind, size_t len, const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	struct conf *conf = reader->conf;
	char *whole;
	size_t i;

	name = skip_blanks(name);
	if (name[0] == '\0' || name[strspn(name, allowed)] != '\0') {
		refuse(reader,
		    "a [%.*s] section needs one name of letters,"
		    " digits, - and _ behind it, as in [%.*s main]",
		    (int)len, kind, (int)len, kind);
		return NULL;
	}
	whole = mem_printf("%.*s %s", (int)len, kind, name);
	for (i = 0; i < conf->instance_count; i++) {
		if (strcasecmp(conf->instances[i], whole) == 0) {
			free(whole);
			return conf->instances[i];
		}
	}
	conf->instances = mem_grow(conf->instances, conf->instance_count,
	    &conf->instance_cap, sizeof(*conf->instances));
	conf->instances[conf->instance_count++] = whole;
	return whole;
}

static void
refuse_section(const struct reader *reader, const char *name)
{
	const char **names;
	const char *near;
	char text[SHOWN_SIZE];
	char *wrong;
	size_t word;

	/* The table knows "sftp *": compare the kind, not the given name. */
	word = strcspn(name, " \t");
	wrong = mem_printf(
	    "%.*s%s", (int)word, name, name[word] == '\0' ? "" : " *");
	names = names_of(reader->conf, NULL);
	near = nearest_name(wrong, (const char *const *)names);
	shown(text, name);
	if (near == NULL) {
		hint_names(
		    reader, "The sections are:", (const char *const *)names);
		refuse(reader, "[%s]: no such section", text);
	} else if (conf_table_kind_len(near) > 0) {
		refuse(reader,
		    "[%s]: no such section; did you mean"
		    " [%.*s NAME]?",
		    text, (int)conf_table_kind_len(near), near);
	} else {
		refuse(reader, "[%s]: no such section; did you mean [%s]?",
		    text, near);
	}
	free(names);
	free(wrong);
}

/* The section as the table or the instance spells it; NULL with err set. */
static const char *
take_section(struct reader *reader, const char *name)
{
	const struct conf_option *option;
	size_t len;

	for (option = reader->conf->options; option->section != NULL;
	     option++) {
		len = conf_table_kind_len(option->section);
		if (len == 0) {
			if (strcasecmp(option->section, name) == 0)
				return option->section;
		} else if (strncasecmp(option->section, name, len) == 0 &&
		    (name[len] == '\0' || is_blank(name[len]))) {
			return take_instance(
			    reader, option->section, len, name + len);
		}
	}
	refuse_section(reader, name);
	return NULL;
}

/* ---- the file ----
 *
 * libinih cuts long lines and section names, takes an indented line as one
 * more value of the key before it, passes over text behind a heading, takes
 * ":" for "=", and says nothing of a section without keys. So each line is
 * checked before libinih sees it.
 */

static int
check_bytes(const struct reader *reader, const char *text, size_t len)
{
	size_t i;

	i = utf8_valid(text, len);
	if (i < len)
		return refuse(reader,
		    "byte %zu of it is not UTF-8 (\\x%02X);"
		    " save the text as UTF-8",
		    i + 1, (unsigned char)text[i]);
	for (i = 0; i < len; i++)
		if (text[i] != '\t' && is_control(text + i))
			return refuse(reader,
			    "byte %zu of it is a control"
			    " character (\\x%02X)",
			    i + 1, (unsigned char)text[i]);
	return 0;
}

/* The first of stops, of an inline comment, or of the end, as in libinih. */
static const char *
find_stop(const char *text, const char *stops)
{
	const char *at;

	for (at = text; *at != '\0' && strchr(stops, *at) == NULL; at++)
		if (*at == ';' && at > text && is_blank(at[-1]))
			break;
	return at;
}

static int
check_heading(struct reader *reader, const char *line)
{
	const char *end, *behind;
	char *name;

	end = find_stop(line + 1, "]");
	if (*end != ']')
		return refuse(reader,
		    "the section's name has no \"]\" at its"
		    " end");
	behind = skip_blanks(end + 1);
	if (*behind != '\0' && *behind != ';' && *behind != '#')
		return refuse(reader,
		    "text behind the \"]\"; a setting goes"
		    " on its own line");
	name = trimmed(line + 1, (size_t)(end - line) - 1);
	reader->section = take_section(reader, name);
	free(name);
	return reader->section == NULL ? -1 : 0;
}

static int
check_line(struct reader *reader, const char *line)
{
	const char *first, *stop;

	first = skip_blanks(line);
	if (*first == '\0' || *first == ';' || *first == '#')
		return 0;
	if (first != line)
		return refuse(reader,
		    "a blank at the start of the line; every"
		    " setting starts in the first column and is one line");
	if (*line == '[')
		return check_heading(reader, line);
	stop = find_stop(line, "=:");
	if (*stop == ':')
		return refuse(reader,
		    "\":\" before \"=\"; a setting is written"
		    " key = value, with no \":\" in the key");
	if (*stop != '=')
		return refuse(reader,
		    "no \"=\"; a setting is written"
		    " key = value");
	if (stop == line)
		return refuse(reader, "no key before \"=\"");
	if (stop[1] == ';')
		return refuse(reader,
		    "\";\" right behind \"=\"; a comment has"
		    " a blank before it, and no value starts with \";\"");
	if (reader->section == NULL)
		return refuse(reader, "a setting before the first [section]");
	return 0;
}

/* libinih's fgets: the next line, checked; NULL at the end or an error. */
static char *
next_line(char *out, int size, void *arg)
{
	struct reader *reader = arg;
	const char *text, *newline;
	size_t len;

	if (reader->err->code != EXIT_DONE || reader->rest == reader->end)
		return NULL;
	text = reader->rest;
	len = (size_t)(reader->end - text);
	newline = memchr(text, '\n', len);
	if (newline != NULL)
		len = (size_t)(newline - text);
	reader->rest = newline == NULL ? reader->end : newline + 1;
	reader->line++;
	if (newline != NULL && len > 0 && text[len - 1] == '\r')
		len--;
	if (len > CONF_LINE_MAX || len >= (size_t)size) {
		refuse(reader,
		    "a line of %zu bytes; the longest line that is"
		    " read has %d",
		    len, CONF_LINE_MAX);
		return NULL;
	}
	if (check_bytes(reader, text, len) != 0)
		return NULL;
	memcpy(out, text, len);
	out[len] = '\0';
	return check_line(reader, out) == 0 ? out : NULL;
}

/* libinih's handler: 0 is its "error". Its section may be cut, ours is not. */
static int
take_line(void *arg, const char *section, const char *key, const char *value)
{
	struct reader *reader = arg;

	(void)section;
	return take_setting(reader, reader->section, key, value) == 0;
}

static int
read_bytes(const char *path, struct buf *bytes, struct err *err)
{
	FILE *file;
	size_t got;
	int errnum;

	file = fopen(path, "re");
	errnum = errno;
	if (file != NULL) {
		errno = 0;
		do {
			got = fread(buf_reserve(bytes, 4096), 1, 4096, file);
			bytes->len += got;
		} while (got > 0 && bytes->len <= CONF_FILE_MAX);
		errnum = ferror(file) ? errno : 0;
		fclose(file);
	}
	if (errnum == 0 && bytes->len <= CONF_FILE_MAX)
		return 0;
	if (errnum != 0)
		err_set_errno(err, EXIT_SETTINGS, errnum,
		    "%s: the settings cannot be read, nothing was done", path);
	else
		err_set(err, EXIT_SETTINGS,
		    "%s: more than %zu bytes are no"
		    " settings file; nothing was done",
		    path, CONF_FILE_MAX);
	return err_hint(err, "Name the file with the settings: -c FILE.");
}

static int
read_file(struct reader *reader)
{
	const char *path = reader->conf->path;
	struct buf bytes = { 0 };
	int line;

	if (read_bytes(path, &bytes, reader->err) != 0)
		goto out;
	reader->rest = buf_str(&bytes);
	reader->end = reader->rest + bytes.len;
	if (strncmp(reader->rest, BOM, strlen(BOM)) == 0)
		reader->rest += strlen(BOM);
	/* The room for a line, '\r', '\n' and a NUL; 200 unless told. */
	ini_max_line = CONF_LINE_MAX + 3;
	line = ini_parse_stream(next_line, reader, take_line, reader);
	if (line != 0 && reader->err->code == EXIT_DONE) {
		reader->line = line > 0 ? (size_t)line : reader->line;
		refuse(reader, "this line cannot be read");
	}
out:
	buf_free(&bytes);
	return reader->err->code == EXIT_DONE ? 0 : -1;
}

static int
read_override(struct reader *reader, const char *text)
{
	const char *dot, *equals, *section;
	char *name, *key, *value;

	reader->override = text;
	name = key = value = NULL;
	if (check_bytes(reader, text, strlen(text)) != 0)
		goto out;
	equals = strchr(text, '=');
	dot = equals == NULL ? NULL :
			       memchr(text, '.', (size_t)(equals - text));
	if (dot != NULL)
		key = trimmed(dot + 1, (size_t)(equals - dot) - 1);
	if (key == NULL || key[0] == '\0') {
		refuse(reader, "not written section.key=value");
		goto out;
	}
	name = trimmed(text, (size_t)(dot - text));
	value = trimmed(equals + 1, strlen(equals + 1));
	if (value[0] == ';' || *find_stop(value, "") != '\0') {
		refuse(reader,
		    "\";\" at the start of a word: the settings"
		    " file could not hold this value");
		goto out;
	}
	section = take_section(reader, name);
	if (section != NULL)
		take_setting(reader, section, key, value);
out:
	free(name);
	free(key);
	free(value);
	return reader->err->code == EXIT_DONE ? 0 : -1;
}

struct conf *
conf_load(const char *path, const struct conf_option *options,
    const char *const *overrides, struct err *err)
{
	struct reader reader = { 0 };
	struct conf *conf;
	int failed;

	check_table(options);
	conf = mem_zalloc(1, sizeof(*conf));
	conf->options = options;
	conf->path = path == NULL ? NULL : mem_strdup(path);
	reader.conf = conf;
	reader.err = err;
	failed = path == NULL ? 0 : read_file(&reader);
	reader.line = 0;
	for (; failed == 0 && overrides != NULL && *overrides != NULL;
	     overrides++)
		failed = read_override(&reader, *overrides);
	if (failed != 0) {
		conf_free(conf);
		return NULL;
	}
	return conf;
}

void
conf_free(struct conf *conf)
{
	size_t i;

	if (conf == NULL)
		return;
	for (i = 0; i < conf->count; i++) {
		free(conf->entries[i].key);
		free(conf->entries[i].value);
	}
	for (i = 0; i < conf->instance_count; i++)
		free(conf->instances[i]);
	free(conf->entries);
	free(conf->instances);
	free(conf->path);
	free(conf);
}

/* ---- asking ---- */

/* The option, which must exist, and the entry when it was given. */
static const struct conf_option *
find_setting(const struct conf *conf, const char *section, const char *key,
    const struct entry **entry)
{
	const struct conf_option *option;

	option = find_option(conf, section, key);
	if (option == NULL) {
		fprintf(stderr,
		    "[%s] %s is asked for but not in the table of"
		    " settings\n",
		    section, key);
		abort();
	}
	*entry = find_entry(conf, option, section, key);
	return option;
}

const char *
conf_text(const struct conf *conf, const char *section, const char *key)
{
	const struct conf_option *option;
	const struct entry *entry;

	option = find_setting(conf, section, key, &entry);
	if (entry != NULL)
		return entry->value;
	if (conf_table_any_key(option) || option->value == NULL)
		return "";
	return option->value;
}

static void
need_type(const struct conf *conf, const char *section, const char *key,
    enum conf_type one, enum conf_type other)
{
	const struct conf_option *option;
	const struct entry *entry;

	option = find_setting(conf, section, key, &entry);
	if (option->type != one && option->type != other) {
		fprintf(stderr, "[%s] %s is asked for by the wrong type\n",
		    section, key);
		abort();
	}
}

bool
conf_yes(const struct conf *conf, const char *section, const char *key)
{
	need_type(conf, section, key, CONF_YESNO, CONF_YESNO);
	return strcmp(conf_text(conf, section, key), "yes") == 0;
}

long
conf_number(const struct conf *conf, const char *section, const char *key)
{
	need_type(conf, section, key, CONF_NUMBER, CONF_PERCENT);
	return strtol(conf_text(conf, section, key), NULL, 10);
}

bool
conf_is_set(const struct conf *conf, const char *section, const char *key)
{
	const struct entry *entry;

	find_setting(conf, section, key, &entry);
	return entry != NULL;
}

const char *
conf_next_item(const char **rest, size_t *len)
{
	const char *item, *end;

	item = *rest;
	while (is_blank(*item) || *item == ',')
		item++;
	end = item + strcspn(item, ",");
	*rest = end;
	while (end > item && is_blank(end[-1]))
		end--;
	*len = (size_t)(end - item);
	return *len == 0 ? NULL : item;
}

int
conf_each(
    const struct conf *conf, const char *section, conf_pair_fn *each, void *arg)
{
	const struct entry *entry;
	size_t i;

	for (i = 0; i < conf->count; i++) {
		entry = &conf->entries[i];
		if (conf_table_any_key(entry->option) &&
		    strcasecmp(entry->section, section) == 0 &&
		    each(arg, entry->key, entry->value) != 0)
			return -1;
	}
	return 0;
}

const char *
conf_instance(const struct conf *conf, const char *kind, size_t n)
{
	const char *whole;
	size_t i, len;

	len = strlen(kind);
	for (i = 0; i < conf->instance_count; i++) {
		whole = conf->instances[i];
		if (strncasecmp(whole, kind, len) == 0 && whole[len] == ' ' &&
		    n-- == 0)
			return whole;
	}
	return NULL;
}

void
conf_where(const struct conf *conf, const char *section, const char *key,
    struct buf *out)
{
	const struct entry *entry;

	find_setting(conf, section, key, &entry);
	if (entry == NULL)
		buf_printf(out, "[%s] %s (default)", section, key);
	else if (entry->line == 0)
		buf_printf(out, "-o %s.%s", entry->section, entry->key);
	else
		buf_printf(out, "%s:%zu: [%s] %s", conf->path, entry->line,
		    entry->section, entry->key);
}

/* ---- showing what is in force ---- */

/* value is NULL when there is none, entry when it was not given. */
typedef void setting_fn(void *arg, const char *section, const char *key,
    const char *value, const struct entry *entry);

/* The settings of one section; first is its first row in the table. */
static void
each_of_section(const struct conf *conf, const struct conf_option *first,
    const char *section, setting_fn *each, void *arg)
{
	const struct conf_option *option;
	const struct entry *entry;
	size_t i;

	for (option = first; option->section != NULL &&
	     strcmp(option->section, first->section) == 0;
	     option++) {
		if (!conf_table_any_key(option)) {
			entry = find_entry(conf, option, section, option->key);
			each(arg, section, option->key,
			    entry == NULL ? option->value : entry->value,
			    entry);
			continue;
		}
		for (i = 0; i < conf->count; i++) {
			entry = &conf->entries[i];
			if (entry->option == option &&
			    strcmp(entry->section, section) == 0)
				each(arg, section, entry->key, entry->value,
				    entry);
		}
	}
}

static void
each_setting(const struct conf *conf, setting_fn *each, void *arg)
{
	const struct conf_option *option;
	size_t i;

	for (option = conf->options; option->section != NULL; option++) {
		if (!conf_table_starts_section(conf->options, option))
			continue;
		if (conf_table_kind_len(option->section) == 0) {
			each_of_section(
			    conf, option, option->section, each, arg);
			continue;
		}
		for (i = 0; i < conf->instance_count; i++)
			if (is_option_of(option, conf->instances[i]))
				each_of_section(conf, option,
				    conf->instances[i], each, arg);
	}
}

static void
list_setting(void *arg, const char *section, const char *key, const char *value,
    const struct entry *entry)
{
	(void)entry;
	buf_printf(arg, "%s.%s=%s\n", section, key, value == NULL ? "" : value);
}

void
conf_list(const struct conf *conf, struct buf *out)
{
	each_setting(conf, list_setting, out);
}

struct listing {
	const struct conf *conf;
	const char *section; /* of the line before, or NULL */
	FILE *out;
};

static void
show_setting(void *arg, const char *section, const char *key, const char *value,
    const struct entry *entry)
{
	struct listing *listing = arg;
	struct buf line = { 0 };

	if (listing->section != section)
		fprintf(listing->out, "%s[%s]\n",
		    listing->section == NULL ? "" : "\n", section);
	listing->section = section;
	if (value == NULL)
		buf_printf(&line, ";%s =", key);
	else
		buf_printf(&line, "%s = %s", key, value);
	fprintf(listing->out, "%-*s ; ", ORIGIN_COLUMN, buf_str(&line));
	buf_free(&line);
	if (entry == NULL)
		fputs(value == NULL ? "not set" : "default", listing->out);
	else if (entry->line == 0)
		fputs("-o", listing->out);
	else
		fprintf(
		    listing->out, "%s:%zu", listing->conf->path, entry->line);
	fputc('\n', listing->out);
}

void
conf_show(const struct conf *conf, FILE *out)
{
	struct listing listing = { conf, NULL, out };

	each_setting(conf, show_setting, &listing);
}
