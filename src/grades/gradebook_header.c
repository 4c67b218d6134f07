#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "grades/gradebook_header.h"

/* Header cells of the columns in front of the assignments. */
static const struct {
	const char *title;
	enum gradebook_role role;
} identity[] = {
	{ "LastName", GRADEBOOK_LAST_NAME },
	{ "FirstName", GRADEBOOK_FIRST_NAME },
	{ "ID", GRADEBOOK_ID },
	{ "Student ID", GRADEBOOK_ID },
	{ "SIS User ID", GRADEBOOK_SIS_ID },
	{ "SIS Login ID", GRADEBOOK_LOGIN_ID },
	{ "Integration ID", GRADEBOOK_INTEGRATION_ID },
	{ "Section", GRADEBOOK_SECTION },
};

/* How the title of a total ends, in every language (grades B1.2). */
static const char *const totals[] = { "Current Score", "Final Score",
	"Current Points", "Final Points", "Current Grade", "Final Grade",
	"Override Score", "Override Grade", "Override Status", NULL };

/* Which of the columns in front of the assignments it is. */
static enum gradebook_role
identity_of(struct str title)
{
	size_t i;

	for (i = 0; i < sizeof(identity) / sizeof(identity[0]); i++) {
		if (gradebook_cell_is(title, identity[i].title))
			return identity[i].role;
	}
	return GRADEBOOK_CUSTOM;
}

bool
gradebook_header_fits(const struct csv_cell *cells, size_t ncells)
{
	bool found[GRADEBOOK_CUSTOM + 1] = { false };
	struct str first;
	size_t i;

	first = gradebook_cell_at(cells, ncells, 0);
	for (i = 0; i < ncells; i++)
		found[identity_of(gradebook_cell_text(&cells[i]))] = true;
	return (gradebook_cell_has(first, "Student") ||
		   (found[GRADEBOOK_LAST_NAME] &&
		       found[GRADEBOOK_FIRST_NAME])) &&
	    (found[GRADEBOOK_ID] || found[GRADEBOOK_SIS_ID] ||
		found[GRADEBOOK_LOGIN_ID]) &&
	    found[GRADEBOOK_SECTION];
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes "name (123)" apart, the last parentheses counting. */
static void
split_title(struct gradebook_column *column)
{
	const char *bytes;
	size_t end, i;

	bytes = column->title.bytes;
	column->name = column->title;
	end = column->title.len;
	if (end < 4 || bytes[end - 1] != ')')
		return;
	for (i = end - 1; i > 0 && is_digit(bytes[i - 1]);)
		i--;
	if (i == end - 1 || i < 3 || bytes[i - 1] != '(' ||
	    (bytes[i - 2] != ' ' && bytes[i - 2] != '\t'))
		return;
	column->id = (struct str){ bytes + i, end - 1 - i };
	for (end = i - 2; end > 0 && bytes[end - 1] == ' ';)
		end--;
	column->name.len = end;
}

static struct str
keep(struct course *course, struct str text)
{
	return (
	    struct str){ course_keep(course, text.bytes, text.len), text.len };
}

void
gradebook_header_read(struct gradebook_header *header, struct course *course,
    const struct csv_cell *cells, size_t ncells)
{
	struct gradebook_column *column;
	enum gradebook_role role;
	size_t i;

	for (i = 0; i < GRADEBOOK_IDENTITY; i++)
		header->place[i] = GRADEBOOK_NO_COLUMN;
	header->columns = mem_zalloc(ncells, sizeof(*header->columns));
	header->ncolumns = ncells;
	for (i = 0; i < ncells; i++) {
		column = &header->columns[i];
		column->title = keep(course, gradebook_cell_text(&cells[i]));
		column->points = "";
		column->assignment = COURSE_NONE;
		column->role = GRADEBOOK_CUSTOM;
		split_title(column);
		role = identity_of(column->title);
		if (i == 0 && role != GRADEBOOK_LAST_NAME &&
		    role != GRADEBOOK_FIRST_NAME)
			role = GRADEBOOK_NAME;
		if (role == GRADEBOOK_CUSTOM ||
		    header->place[role] != GRADEBOOK_NO_COLUMN)
			continue;
		column->role = role;
		header->place[role] = i;
	}
}

void
gradebook_header_free(struct gradebook_header *header)
{
	free(header->columns);
	*header = (struct gradebook_header){ 0 };
}

static bool
has_total(struct str title)
{
	size_t i;

	for (i = 0; totals[i] != NULL; i++) {
		if (gradebook_cell_has(title, totals[i]))
			return true;
	}
	return false;
}

static bool
ends_as_total(struct str title)
{
	size_t i;

	for (i = 0; totals[i] != NULL; i++) {
		if (gradebook_cell_ends(title, totals[i]))
			return true;
	}
	return false;
}

/*
 * A column "name (digits)". The name of a grading period may stand in such
 * parentheses behind a total, and those of a teacher's own column may too.
 */
static enum gradebook_role
role_with_id(const struct gradebook_column *column, bool behind_total,
    bool behind_points)
{
	if (column->top == GRADEBOOK_CELL_WORDS)
		return GRADEBOOK_TOTAL;
	if (column->top == GRADEBOOK_CELL_NUMBER)
		return GRADEBOOK_ASSIGNMENT;
	if (behind_total && ends_as_total(column->name))
		return GRADEBOOK_TOTAL;
	if (!behind_points && column->words > 0 && column->numbers == 0 &&
	    column->marks == 0)
		return GRADEBOOK_CUSTOM;
	return GRADEBOOK_ASSIGNMENT;
}

static enum gradebook_role
role_without_id(const struct gradebook_column *column)
{
	if (column->top == GRADEBOOK_CELL_WORDS || has_total(column->title))
		return GRADEBOOK_TOTAL;
	return GRADEBOOK_CUSTOM;
}

static void
add_assignment(struct course *course, struct gradebook_column *column,
    size_t place, bool some_post_manually)
{
	struct course_assignment *row;

	column->assignment = (uint32_t)course->nassignments;
	row = course_add_assignment(course);
	row->id = keep(course, column->id).bytes;
	row->name = keep(course, column->name).bytes;
	row->points_possible = column->points;
	row->column = (uint32_t)place + 1;
	row->published = COURSE_YES;
	row->post_manually = COURSE_NO;
	if (some_post_manually && column->posts_manually)
		row->post_manually = COURSE_YES;
	/* Only a GPA scale prints letters (grades B1.5). */
	if (column->words > 0 && column->numbers == 0)
		row->grading_type = GRADING_GPA_SCALE;
}

/* Says that a column is left out, if it has what looks like scores. */
static void
note_custom(const struct gradebook_header *header, size_t place,
    gradebook_note_fn *note, void *arg)
{
	const struct gradebook_column *column = &header->columns[place];
	struct gradebook_note said = { GRADEBOOK_COLUMN_WITHOUT_ID, 0,
		(uint32_t)place + 1, column->title.bytes };

	if (place < header->place[GRADEBOOK_SECTION])
		return; /* Root Account and the like */
	if (column->id.len > 0)
		said.kind = GRADEBOOK_COLUMN_CUSTOM;
	else if (column->top != GRADEBOOK_CELL_NUMBER &&
	    (column->words > 0 || column->numbers + column->marks == 0))
		return;
	note(arg, &said);
}

/* The group of a subtotal "<group> Current Score"; len 0: it is none. */
static struct str
group_of(struct str title)
{
	static const char *const ends[] = { " Current Score",
		" Current Points" };
	size_t i, len;

	if (title.len > 0 && title.bytes[title.len - 1] == ')') {
		for (i = title.len; i > 0 && title.bytes[i - 1] != '(';)
			i--;
		if (i >= 2 && title.bytes[i - 2] == ' ')
			title.len = i - 2; /* the grading period */
	}
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		len = strlen(ends[i]);
		if (title.len <= len || !gradebook_cell_ends(title, ends[i]))
			continue;
		title.len -= len;
		if (gradebook_cell_ends(title, " Unposted") ||
		    gradebook_cell_is(title, "Unposted"))
			break;
		return title;
	}
	return (struct str){ "", 0 };
}

/*
 * The groups that have subtotals. Which assignment is in which is not in the
 * file, unless there is one group only.
 */
static void
add_groups(const struct gradebook_header *header, struct course *course)
{
	struct str name;
	size_t i, j;

	for (i = 0; i < header->ncolumns; i++) {
		if (header->columns[i].role != GRADEBOOK_TOTAL)
			continue;
		name = group_of(header->columns[i].title);
		for (j = 0; j < course->ngroups; j++) {
			if (strlen(course->groups[j].name) == name.len &&
			    memcmp(course->groups[j].name, name.bytes,
				name.len) == 0)
				break;
		}
		if (name.len > 0 && j == course->ngroups)
			course_add_group(course)->name = keep(course, name)
							     .bytes;
	}
	for (i = 0; course->ngroups == 1 && i < course->nassignments; i++)
		course->assignments[i].group = 0;
}

void
gradebook_header_settle(struct gradebook_header *header, struct course *course,
    gradebook_note_fn *note, void *arg)
{
	struct gradebook_column *column;
	bool behind_total, behind_points, manual;
	size_t i;

	manual = false;
	for (i = 0; i < header->ncolumns; i++)
		manual = manual || header->columns[i].posts_manually;
	behind_total = behind_points = false;
	for (i = 0; i < header->ncolumns; i++) {
		column = &header->columns[i];
		if (column->role < GRADEBOOK_IDENTITY)
			continue;
		column->role = column->id.len > 0 ?
		    role_with_id(column, behind_total, behind_points) :
		    role_without_id(column);
		behind_total |= column->role == GRADEBOOK_TOTAL;
		behind_points |= column->role == GRADEBOOK_ASSIGNMENT;
		if (column->role == GRADEBOOK_ASSIGNMENT)
			add_assignment(course, column, i, manual);
		else if (column->role == GRADEBOOK_CUSTOM)
			note_custom(header, i, note, arg);
	}
	add_groups(header, course);
}
