#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "canvas/lint_cells.h"
#include "canvas/lint_header.h"
#include "canvas/lint_say.h"

#define HEADERS_MAX 256 /* different columns of all sheets */

/* The names of a header, in lower case. */
struct header {
	char **names; /* without blanks: for the kind of the file */
	bool *blanks; /* there were blanks around it */
	size_t n;
};

static char *
lower_case(struct str text)
{
	char *lower;
	size_t i;

	lower = mem_strndup(text.bytes, text.len);
	for (i = 0; lower[i] != '\0'; i++)
		lower[i] = (char)tolower((unsigned char)lower[i]);
	return lower;
}

static void
header_make(struct header *header, const struct csv_cell *cells, size_t ncells)
{
	struct str name;
	size_t i;

	header->n = ncells;
	header->names = mem_alloc((ncells + 1) * sizeof(*header->names));
	header->blanks = mem_zalloc(ncells + 1, sizeof(*header->blanks));
	for (i = 0; i < ncells; i++) {
		name = lint_cells_strip(cells[i].bytes, cells[i].len);
		header->names[i] = lower_case(name);
		header->blanks[i] = name.len > 0 && name.len != cells[i].len;
	}
}

static void
header_free(struct header *header)
{
	size_t i;

	for (i = 0; i < header->n; i++)
		free(header->names[i]);
	free(header->names);
	free(header->blanks);
}

static bool
has_name(const void *arg, const char *name)
{
	const struct header *header;
	size_t i;

	header = arg;
	for (i = 0; i < header->n; i++) {
		if (strcmp(header->names[i], name) == 0)
			return true;
	}
	return false;
}

static enum sheet_kind
kind_of(const struct header *header)
{
	size_t i;

	for (i = 0; i < SHEETS; i++) {
		if (sheet_fits(&sheets[sheets_in_order[i]], has_name, header))
			return sheets_in_order[i];
	}
	return SHEETS;
}

enum sheet_kind
lint_header_kind(const struct csv_cell *cells, size_t ncells)
{
	struct header header;
	enum sheet_kind kind;

	header_make(&header, cells, ncells);
	kind = kind_of(&header);
	header_free(&header);
	return kind;
}

static const struct sheet_column *
column_named(const struct sheet *sheet, const char *name)
{
	return sheet_column(sheet, name, strlen(name));
}

static void
say_of_cell(struct lint *lint, enum lint_rule rule, enum severity severity,
    size_t cell, const char *text)
{
	uint32_t line;
	size_t at;

	lint_place(lint, cell, &line, &at);
	lint_say_at(lint, rule, severity, line, at, 1, "%s", text);
}

/* Every column of every sheet, each once, ended by NULL. */
static void
all_names(const char *names[HEADERS_MAX])
{
	const struct sheet_column *column;
	size_t kind, n, i;

	n = 0;
	for (kind = 0; kind < SHEETS; kind++) {
		column = sheets[kind].columns;
		for (; column->header != NULL; column++) {
			for (i = 0; i < n; i++) {
				if (strcmp(names[i], column->header) == 0)
					break;
			}
			if (i == n && n + 1 < HEADERS_MAX)
				names[n++] = column->header;
		}
	}
	names[n] = NULL;
}

/*
 * Says why no kind fits. The header's own words are not shown: a file without
 * a header has a person in its first line.
 */
static void
say_unknown(struct lint *lint, const struct header *header)
{
	const char *names[HEADERS_MAX], *near;
	size_t i, j;

	all_names(names);
	for (i = 0; i < header->n; i++) {
		for (j = 0; names[j] != NULL; j++) {
			if (strcmp(names[j], header->names[i]) == 0)
				break;
		}
		near = names[j] != NULL || header->names[i][0] == '\0' ?
		    NULL :
		    nearest_name(header->names[i], names);
		if (near == NULL)
			continue;
		lint->scratch.len = 0;
		buf_printf(&lint->scratch,
		    "the columns are those of no kind"
		    " of file; was this one to be %s?",
		    near);
		say_of_cell(lint, LINT_HEADER_UNKNOWN, SEVERITY_ERROR, i,
		    buf_str(&lint->scratch));
		return;
	}
	if (header->n == 1 && strpbrk(header->names[0], ";\t|") != NULL)
		say_of_cell(lint, LINT_HEADER_UNKNOWN, SEVERITY_ERROR, 0,
		    "there is no comma in the header; Canvas separates cells"
		    " by commas only");
	else
		say_of_cell(lint, LINT_HEADER_UNKNOWN, SEVERITY_ERROR, 0,
		    "the columns are those of no kind of file");
}

/* How many of the header's columns a sheet reads. */
static size_t
columns_read(const struct header *header, const struct sheet *sheet)
{
	size_t i, n;

	n = 0;
	for (i = 0; i < header->n; i++)
		n += column_named(sheet, header->names[i]) != NULL;
	return n;
}

/* Adds the columns that make a header fit a sheet. */
static void
add_reason(
    struct buf *out, const struct header *header, const struct sheet *sheet)
{
	const char *reason[5], *name;
	size_t n, i, j;

	n = 0;
	for (i = 0; i < 3 && sheet->all[i] != NULL; i++)
		reason[n++] = sheet->all[i];
	for (i = 0; i < 2; i++) {
		for (j = 0; j < 3; j++) {
			name = sheet->any[i][j];
			if (name != NULL && has_name(header, name)) {
				reason[n++] = name;
				break;
			}
		}
	}
	for (i = 0; i < n; i++)
		buf_printf(out, "%s %s", i == 0 ? "" : " and", reason[i]);
}

/* A later kind that fits too and reads more of the columns was meant. */
static bool
is_trap(struct lint *lint, const struct header *header)
{
	const struct sheet *sheet, *other;
	size_t i;
	bool later;

	sheet = &sheets[lint->file.kind];
	later = false;
	for (i = 0; i < SHEETS; i++) {
		other = &sheets[sheets_in_order[i]];
		if (later && sheet_fits(other, has_name, header) &&
		    columns_read(header, other) > columns_read(header, sheet))
			break;
		later = later || other == sheet;
	}
	if (i == SHEETS)
		return false;
	/* What its rows would be taken for is nobody's concern. */
	lint->known[lint->file.kind].cut = true;
	lint->known[sheets_in_order[i]].cut = true;
	lint->scratch.len = 0;
	buf_printf(&lint->scratch,
	    "looks like %s, but Canvas imports it as"
	    " %s because it has",
	    other->name, sheet->name);
	add_reason(&lint->scratch, header, sheet);
	say_of_cell(
	    lint, LINT_HEADER_TRAP, SEVERITY_ERROR, 0, buf_str(&lint->scratch));
	return true;
}

/* Binds what can be read; of two columns of a name the first counts. */
static void
bind_columns(struct lint *lint, const struct header *header)
{
	const struct sheet_column *column;
	const struct sheet *sheet;
	size_t i, n;

	sheet = lint->file.sheet;
	for (i = 0; i < SHEET_COLUMNS_MAX; i++)
		lint->file.cell_of[i] = -1;
	lint->file.nbound = 0;
	for (i = 0; i < header->n; i++) {
		column = column_named(sheet, header->names[i]);
		if (column == NULL || header->blanks[i])
			continue;
		n = (size_t)(column - sheet->columns);
		if (lint->file.cell_of[n] == -1) {
			lint->file.cell_of[n] = (int)i;
			lint->file.bound[lint->file.nbound++] = n;
			continue;
		}
		lint->scratch.len = 0;
		buf_printf(&lint->scratch,
		    "%s stands twice; this one is not"
		    " read",
		    column->header);
		say_of_cell(lint, LINT_HEADER_DUPLICATE, SEVERITY_WARNING, i,
		    buf_str(&lint->scratch));
	}
}

static bool
is_bound(const struct lint *lint, const struct sheet_column *column)
{
	return lint->file.cell_of[column - lint->file.sheet->columns] != -1;
}

/* A column that is there, but with blanks around its name. */
static void
say_blanks(struct lint *lint, const struct sheet_column *column, size_t cell)
{
	bool needed;

	needed = (column->use & COLUMN_NEEDED) || column->one_of > 0;
	lint->scratch.len = 0;
	buf_printf(&lint->scratch,
	    "%s has blanks around it: Canvas reads the"
	    " column as empty%s",
	    column->header, needed ? " and refuses every row" : "");
	say_of_cell(lint, LINT_HEADER_BLANK,
	    needed ? SEVERITY_ERROR : SEVERITY_WARNING, cell,
	    buf_str(&lint->scratch));
}

/* A column that the sheet does not have. */
static void
say_extra(struct lint *lint, const struct header *header, size_t cell)
{
	const char *names[SHEET_COLUMNS_MAX + 1], *near;
	const struct sheet_column *column;
	size_t n;

	n = 0;
	column = lint->file.sheet->columns;
	for (; column->header != NULL; column++) {
		if (!has_name(header, column->header))
			names[n++] = column->header;
	}
	names[n] = NULL;
	near = nearest_name(header->names[cell], names);
	lint->scratch.len = 0;
	buf_printf(&lint->scratch, "%s is not read%s%s%s",
	    lint_id(lint,
		(struct str){
		    header->names[cell], strlen(header->names[cell]) }),
	    near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
	    near == NULL ? "" : "?");
	say_of_cell(lint, LINT_HEADER_EXTRA,
	    near == NULL ? SEVERITY_INFO : SEVERITY_WARNING, cell,
	    buf_str(&lint->scratch));
}

static void
check_names(struct lint *lint, const struct header *header)
{
	const struct sheet_column *column;
	size_t i, nameless, first;

	nameless = first = 0;
	for (i = 0; i < header->n; i++) {
		column = column_named(lint->file.sheet, header->names[i]);
		if (header->names[i][0] == '\0') {
			first = nameless++ == 0 ? i : first;
		} else if (column == NULL) {
			say_extra(lint, header, i);
		} else if (header->blanks[i] && !is_bound(lint, column)) {
			say_blanks(lint, column, i);
		}
	}
	if (nameless == 0)
		return;
	lint->scratch.len = 0;
	buf_printf(&lint->scratch, "%zu %s without a name", nameless,
	    nameless == 1 ? "column" : "columns");
	say_of_cell(lint, LINT_HEADER_NAMELESS, SEVERITY_INFO, first,
	    buf_str(&lint->scratch));
}

/* Is one of the columns that can stand in for this one in the header? */
static bool
has_other(const struct header *header, const struct sheet *sheet,
    const struct sheet_column *column)
{
	const struct sheet_column *other;

	if (column->one_of == 0)
		return has_name(header, column->header);
	for (other = sheet->columns; other->header != NULL; other++) {
		if (other->one_of == column->one_of &&
		    (other < column || has_name(header, other->header)))
			return true;
	}
	return false;
}

static void
check_missing(struct lint *lint, const struct header *header)
{
	const struct sheet_column *column;
	bool new, instead;

	column = lint->file.sheet->columns;
	for (; column->header != NULL; column++) {
		new = (column->use & COLUMN_NEEDED_NEW) != 0;
		if ((!new && !(column->use & COLUMN_NEEDED) &&
			column->one_of == 0) ||
		    has_other(header, lint->file.sheet, column))
			continue;
		instead = lint->file.kind == SHEET_COURSE &&
		    strcmp(column->header, "long_name") == 0 &&
		    has_name(header, "abstract_course_id");
		if (instead)
			continue;
		lint->scratch.len = 0;
		buf_printf(&lint->scratch,
		    "there is no column %s; Canvas "
		    "refuses every row%s%s",
		    column->header, new ? " of a new " : "",
		    new ? lint->file.sheet->word : "");
		say_of_cell(lint, LINT_HEADER_MISSING,
		    new && !lint->options.complete ? SEVERITY_WARNING :
						     SEVERITY_ERROR,
		    0, buf_str(&lint->scratch));
	}
}

static size_t
place_of(const struct sheet *sheet, const char *name)
{
	const struct sheet_column *column;

	column = column_named(sheet, name);
	return column == NULL ? LINT_NO_COLUMN :
				(size_t)(column - sheet->columns);
}

#define AT(column) offsetof(struct lint_columns, column)

/* The columns that rules ask for by name, and where each is noted. */
static const struct {
	const char *header;
	size_t at;
} noted[] = {
	{ "status", AT(status) },
	{ "name", AT(name) },
	{ "start_date", AT(start_date) },
	{ "end_date", AT(end_date) },
	{ "integration_id", AT(integration_id) },
	{ "account_id", AT(account_id) },
	{ "parent_account_id", AT(parent_account_id) },
	{ "fallback_account_id", AT(fallback_account_id) },
	{ "term_id", AT(term_id) },
	{ "course_id", AT(course_id) },
	{ "abstract_course_id", AT(abstract_course_id) },
	{ "blueprint_course_id", AT(blueprint_course_id) },
	{ "short_name", AT(short_name) },
	{ "long_name", AT(long_name) },
	{ "section_id", AT(section_id) },
	{ "xlist_course_id", AT(xlist_course_id) },
	{ "date_override_enrollment_type", AT(override_type) },
	{ "user_id", AT(user_id) },
	{ "login_id", AT(login_id) },
	{ "authentication_provider_id", AT(provider) },
	{ "full_name", AT(full_name) },
	{ "first_name", AT(first_name) },
	{ "last_name", AT(last_name) },
	{ "sortable_name", AT(sortable_name) },
	{ "role", AT(role) },
	{ "role_id", AT(role_id) },
	{ "associated_user_id", AT(associated_user_id) },
	{ "root_account", AT(root_account) },
	{ "observer_id", AT(observer_id) },
	{ "student_id", AT(student_id) },
	{ "group_id", AT(group_id) },
	{ "group_category_id", AT(group_category_id) },
	{ "existing_user_id", AT(existing_user_id) },
	{ "user_integration_id", AT(user_integration_id) },
	{ "existing_integration_id", AT(existing_integration_id) },
	{ "temporary_enrollment_source_user_id", AT(temporary_source) },
	{ "old_id", AT(old_id) },
	{ "new_id", AT(new_id) },
	{ "old_integration_id", AT(old_integration_id) },
	{ "new_integration_id", AT(new_integration_id) },
	{ "type", AT(type) },
};

#undef AT

static void
find_columns(struct lint_columns *columns, const struct sheet *sheet)
{
	const struct sheet_column *own;
	size_t i;

	for (i = 0; i < sizeof(noted) / sizeof(noted[0]); i++)
		memcpy((char *)columns + noted[i].at,
		    &(size_t){ place_of(sheet, noted[i].header) },
		    sizeof(size_t));
	columns->own = LINT_NO_COLUMN;
	for (own = sheet->columns; own->header != NULL; own++) {
		if (own->use & COLUMN_OWN)
			columns->own = (size_t)(own - sheet->columns);
	}
}

static bool
is_of_people(const struct sheet *sheet)
{
	const struct sheet_column *column;

	for (column = sheet->columns; column->header != NULL; column++) {
		if (column->use & COLUMN_PERSON)
			return true;
	}
	return false;
}

static int
cell_order(const void *a, const void *b, void *arg)
{
	const int *cell_of;

	cell_of = arg;
	return cell_of[*(const size_t *)a] - cell_of[*(const size_t *)b];
}

/* The columns that tell rows apart, in the order of the header. */
static void
find_key(struct lint_reading *file)
{
	const char *name;
	size_t i, column;

	file->nkeys = 0;
	for (i = 0; i < SHEET_KEY_MAX + 3; i++) {
		name = i < SHEET_KEY_MAX ? file->sheet->key[i] :
					   file->sheet->also[i - SHEET_KEY_MAX];
		column = name == NULL ? LINT_NO_COLUMN :
					place_of(file->sheet, name);
		if (column != LINT_NO_COLUMN && file->cell_of[column] != -1)
			file->key[file->nkeys++] = column;
	}
	qsort_r(file->key, file->nkeys, sizeof(file->key[0]), cell_order,
	    file->cell_of);
}

void
lint_header_read(struct lint *lint, const struct csv_cell *cells, size_t ncells)
{
	struct header header;

	header_make(&header, cells, ncells);
	lint->file.kind = kind_of(&header);
	lint->file.ncells = ncells;
	lint->file.header_read = true;
	if (lint->file.kind != SHEETS)
		lint_kind_begin(lint, lint->file.kind);
	if (lint->file.kind == SHEETS) {
		say_unknown(lint, &header);
	} else if (sheets[lint->file.kind].columns[0].header == NULL) {
		lint->scratch.len = 0;
		buf_printf(&lint->scratch,
		    "%s are known by their header"
		    " alone",
		    sheets[lint->file.kind].name);
		say_of_cell(lint, LINT_FILE_NOT_CHECKED, SEVERITY_INFO, 0,
		    buf_str(&lint->scratch));
	} else if (!is_trap(lint, &header)) {
		lint->file.sheet = &sheets[lint->file.kind];
		bind_columns(lint, &header);
		check_names(lint, &header);
		check_missing(lint, &header);
		find_columns(&lint->file.columns, lint->file.sheet);
		lint->file.of_people = is_of_people(lint->file.sheet);
		find_key(&lint->file);
		lint_make_room(lint);
	}
	header_free(&header);
}
