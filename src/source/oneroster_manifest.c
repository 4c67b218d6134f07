#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "source/oneroster_manifest.h"

#define VERSION "1.1"
#define VERSION_PROPERTY "oneroster.version"
#define FILE_PROPERTY "file." /* in front of a file's name without .csv */
#define SHOWN 40	      /* bytes of a value in a message */

/* One line of the manifest. */
struct line {
	char property[64];
	char value[64];
	const char *file; /* where it stands */
	uint32_t line;
};

static void
read_cell(const struct roster *files, unsigned field, uint32_t row, char *to,
    size_t size)
{
	char digits[SYM_DIGITS];
	struct str text;
	size_t len;

	text = intern_text(files->intern,
	    table_sym(&files->tables[OR_MANIFEST], field, row), digits);
	len = text.len < size ? text.len : size - 1;
	memcpy(to, text.bytes, len);
	to[len] = '\0';
}

static struct line
read_line(const struct roster *files, uint32_t row)
{
	struct line line;

	read_cell(
	    files, OR_PROPERTY, row, line.property, sizeof(line.property));
	read_cell(files, OR_VALUE, row, line.value, sizeof(line.value));
	line.file = roster_place(
	    files, (enum table_id)OR_MANIFEST, row, &line.line)
			->name;
	return line;
}

/* The line of a property; false: there is none. */
static bool
find_line(const struct roster *files, const char *property, struct line *line)
{
	uint32_t row;

	for (row = 0; row < files->tables[OR_MANIFEST].nrows; row++) {
		*line = read_line(files, row);
		if (strcasecmp(line->property, property) == 0)
			return true;
	}
	return false;
}

static int
refuse(
    const struct line *line, const char *why, const char *hint, struct err *err)
{
	err_set(err, EXIT_SOURCE,
	    "%s:%u:1: %s is %.*s%s; nothing was published", line->file,
	    line->line, line->property, SHOWN,
	    line->value[0] == '\0' ? "blank" : line->value, why);
	return err_hint(err, "%s", hint);
}

static int
check_version(const struct roster *files, struct err *err)
{
	struct line line;

	if (!find_line(files, VERSION_PROPERTY, &line)) {
		err_set(err, EXIT_SOURCE,
		    "manifest.csv:1:1: has no line for " VERSION_PROPERTY
		    "; nothing was published");
		return err_hint(
		    err, "Ask for the export as OneRoster " VERSION " CSV.");
	}
	if (strcmp(line.value, VERSION) == 0)
		return 0;
	return refuse(&line, ", and only " VERSION " is read",
	    "Ask for the export as OneRoster " VERSION " CSV: other versions"
	    " have other files and columns.",
	    err);
}

/* Whether a line about a file and what is there agree. */
static int
check_file(
    const struct line *line, const struct oneroster_set *set, struct err *err)
{
	bool there;

	there = oneroster_set_has(set, line->property + strlen(FILE_PROPERTY));
	if (strcasecmp(line->value, "delta") == 0)
		return refuse(line,
		    ", which is only what changed since some other day",
		    "Ask for the bulk export, which holds every row.", err);
	if (strcasecmp(line->value, "bulk") == 0)
		return there ?
		    0 :
		    refuse(line, ", and the file is not there",
			"The set is not whole: export it again.", err);
	if (strcasecmp(line->value, "absent") == 0)
		return !there ?
		    0 :
		    refuse(line, ", and the file is there",
			"Files of two exports may be mixed: empty the folder"
			" and export again.",
			err);
	return refuse(line, ", not bulk, delta or absent",
	    "Ask for the export as OneRoster " VERSION " CSV.", err);
}

static int
check_files(const struct roster *files, const struct oneroster_set *set,
    struct err *err)
{
	struct line line;
	uint32_t row;

	for (row = 0; row < files->tables[OR_MANIFEST].nrows; row++) {
		line = read_line(files, row);
		if (strncasecmp(line.property, FILE_PROPERTY,
			strlen(FILE_PROPERTY)) == 0 &&
		    check_file(&line, set, err) != 0)
			return -1;
	}
	return 0;
}

static int
check_needed(const struct roster *files, struct err *err)
{
	char property[64];
	struct line line;
	int t;

	for (t = OR_MANIFEST + 1; t < OR_TABLES; t++) {
		snprintf(property, sizeof(property), FILE_PROPERTY "%s",
		    oneroster_tables[t].name);
		if (!find_line(files, property, &line)) {
			err_set(err, EXIT_SOURCE,
			    "manifest.csv:1:1: has no line for %s; nothing was"
			    " published",
			    property);
			return err_hint(
			    err, "The set is not whole: export it again.");
		}
		if (strcasecmp(line.value, "bulk") != 0)
			return refuse(&line, ", and the file is needed",
			    "Ask for an export with this file in it.", err);
	}
	return 0;
}

int
oneroster_manifest_check(const struct roster *files,
    const struct oneroster_set *set, struct err *err)
{
	if (check_version(files, err) != 0 || check_files(files, set, err) != 0)
		return -1;
	return check_needed(files, err);
}
