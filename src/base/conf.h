#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Settings from one INI file and from -o options, checked against a table of
 * the settings that exist. A setting is one line that starts in the first
 * column; a comment is a line that starts with ; or # or what follows a blank
 * and ; behind a value. Sections and keys are found whatever their case.
 */

#define CONF_LINE_MAX 4093		/* bytes of one line of the file */
#define CONF_FILE_MAX ((size_t)1 << 20) /* bytes of the file */

enum conf_type {
	CONF_TEXT,
	CONF_CHOICE,  /* one of choices, kept in their spelling */
	CONF_YESNO,   /* or true on 1, false off 0; kept yes, no */
	CONF_NUMBER,  /* whole, in the range that choices gives */
	CONF_PERCENT, /* like CONF_NUMBER, kept with % behind it */
	CONF_DATE,    /* 2026-08-15, a day that exists */
	CONF_LIST     /* items between commas; see conf_next_item() */
};

/*
 * One setting that exists; a table of them has the rows of a section side by
 * side and ends with a NULL section. The section "sftp *" stands for each of
 * [sftp main], [sftp spare] and so on; the key "*" for any key, whose case
 * then counts. A default that its own type refuses is a bug and ends the
 * program in conf_load().
 */
struct conf_option {
	const char *section;
	const char *key;
	enum conf_type type;
	const char *value;    /* default or NULL; of "*": an example line */
	const char *choices;  /* "all|teaching", "1..64", or NULL */
	const char *sentence; /* what it does */
};

/* What a section is for; a table of them ends with a NULL section. */
struct conf_section {
	const char *section; /* spelled as in the table of options */
	const char *sentence;
};

struct conf;

/*
 * Reads the file at path (NULL: none) and then the overrides, each
 * "section.key=value", of which the last one for a setting wins; overrides
 * ends with NULL or is NULL. The caller frees the result with conf_free() and
 * keeps options as long as it. NULL on the first error, with err set
 * (EXIT_SETTINGS).
 */
struct conf *conf_load(const char *path, const struct conf_option *options,
    const char *const *overrides, struct err *err);
void conf_free(struct conf *conf);

/*
 * A setting, or its default, or "" (0, no) when there is neither. section is
 * the whole name ("sftp main"). Asking for a setting that is not in the table,
 * or by the wrong type, is a bug and ends the program. The text is conf's.
 */
const char *conf_text(
    const struct conf *conf, const char *section, const char *key);
bool conf_yes(const struct conf *conf, const char *section, const char *key);
long conf_number(const struct conf *conf, const char *section, const char *key);

/* Was it given, in the file or by -o? */
bool conf_is_set(const struct conf *conf, const char *section, const char *key);

/*
 * The next item of a list, blanks around it and empty items passed over.
 * *rest starts as the list's text and moves on; the item is *len bytes, not
 * ended by a NUL. NULL when there are no more.
 */
const char *conf_next_item(const char **rest, size_t *len);

/* Called with a key and its value; returns 0, or -1 to stop. */
typedef int conf_pair_fn(void *arg, const char *key, const char *value);

/*
 * Calls each for every given "*" key of a section, in the order of the file
 * (keys that only -o gave come last). Returns 0, or -1 when each stopped.
 */
int conf_each(const struct conf *conf, const char *section, conf_pair_fn *each,
    void *arg);

/*
 * The whole name ("sftp main") of the n-th section of a kind ("sftp"), from
 * 0, in the order of the file; NULL behind the last. The text is conf's.
 */
const char *conf_instance(const struct conf *conf, const char *kind, size_t n);

/*
 * Adds to out where a setting comes from, to start a message with:
 * "rollbook.ini:14: [names] term", "-o names.term", "[names] term (default)".
 */
void conf_where(const struct conf *conf, const char *section, const char *key,
    struct buf *out);

/*
 * Adds every setting as one line "section.key=value", in the order of the
 * table, "*" keys and instances in the order of the file: equal settings give
 * equal bytes. Of a setting that names a file it shows the path only.
 */
void conf_list(const struct conf *conf, struct buf *out);

/*
 * Writes every setting in the form of a settings file, each with its origin
 * (default, file:line or -o) in a comment behind it.
 */
void conf_show(const struct conf *conf, FILE *out);

#endif
