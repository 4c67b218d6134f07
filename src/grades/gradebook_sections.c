#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/mem.h"
#include "grades/gradebook_sections.h"

#define CELL_MAX 512 /* bytes of a cell that is taken apart */
#define PARTS_MAX 32 /* sections of one student */

/* "and" in the languages of Canvas, between the last two of a list. */
static const char *const last_words[] = { "and", "y", "e", "i", "et", "und",
	"og", "och", "en", "ja", "és", "ve", "dan", "ac", "a", "agus", "ak",
	"me", "in", "și", "şi", "và", "και", "и", "і", "та", "և", "و", "และ",
	"和", NULL };

/* A cell that occurs, and what it turned out to be. */
struct cell {
	struct str text; /* the cell's own */
	uint32_t line;	 /* of the first one */
	uint32_t *sections;
	size_t count;
};

struct gradebook_sections {
	struct intern *texts;
	struct idmap cells; /* from a text to its cell */
	struct idmap known; /* texts that the caller knows */
	struct idmap rows;  /* from a text to the course's section */
	struct cell *list;
	size_t count, cap;
};

/* How far taking a cell apart has got. */
struct split {
	const struct gradebook_sections *sections;
	struct str text;
	struct str parts[PARTS_MAX];
	bool hopeless[CELL_MAX]; /* nothing fits from here on */
};

struct gradebook_sections *
gradebook_sections_new(const char *const *known)
{
	struct gradebook_sections *sections;
	sym text;

	sections = mem_zalloc(1, sizeof(*sections));
	sections->texts = intern_new();
	for (; known != NULL && *known != NULL; known++) {
		text = intern_add(sections->texts, *known, strlen(*known));
		idmap_put(&sections->known, text.id, 0);
	}
	return sections;
}

void
gradebook_sections_free(struct gradebook_sections *sections)
{
	size_t i;

	if (sections == NULL)
		return;
	for (i = 0; i < sections->count; i++) {
		free((char *)(uintptr_t)sections->list[i].text.bytes);
		free(sections->list[i].sections);
	}
	free(sections->list);
	idmap_free(&sections->cells);
	idmap_free(&sections->known);
	idmap_free(&sections->rows);
	intern_free(sections->texts);
	free(sections);
}

void
gradebook_sections_add(
    struct gradebook_sections *sections, struct str cell, uint32_t line)
{
	sym text;

	text = intern_add(sections->texts, cell.bytes, cell.len);
	if (idmap_get(&sections->cells, text.id, NULL))
		return;
	sections->list = mem_grow(sections->list, sections->count,
	    &sections->cap, sizeof(*sections->list));
	sections->list[sections->count] = (struct cell){
		.text = { mem_strndup(cell.bytes, cell.len), cell.len },
		.line = line
	};
	idmap_put(&sections->cells, text.id, (uint32_t)sections->count++);
}

static bool
is_known(const struct gradebook_sections *sections, struct str text)
{
	sym found;

	return intern_find(sections->texts, text.bytes, text.len, &found) &&
	    idmap_get(&sections->known, found.id, NULL);
}

/* Is it a section for another cell? */
static bool
is_section(const struct split *split, struct str text)
{
	sym found;

	if (text.len == 0 || text.len == split->text.len ||
	    !intern_find(split->sections->texts, text.bytes, text.len, &found))
		return false;
	return idmap_get(&split->sections->known, found.id, NULL) ||
	    idmap_get(&split->sections->cells, found.id, NULL);
}

static struct str
part(const struct split *split, size_t from, size_t end)
{
	return (struct str){ split->text.bytes + from, end - from };
}

static bool
starts(const struct split *split, size_t at, const char *word)
{
	size_t len;

	len = strlen(word);
	return split->text.len - at >= len &&
	    memcmp(split->text.bytes + at, word, len) == 0;
}

/* The length of " and " or ", and " at that place, 0 when there is none. */
static size_t
last_joint(const struct split *split, size_t at)
{
	size_t i, len, from;

	from = at + (starts(split, at, ",") ? 1 : 0);
	if (!starts(split, from, " "))
		return 0;
	from++;
	for (i = 0; last_words[i] != NULL; i++) {
		len = strlen(last_words[i]);
		if (starts(split, from, last_words[i]) &&
		    starts(split, from + len, " "))
			return from + len + 1 - at;
	}
	return 0;
}

/* Takes the text from that place apart; the number of parts, 0: it fails. */
static size_t
split_from(struct split *split, size_t from, size_t nparts)
{
	size_t end, joint, count;

	if (nparts + 2 > PARTS_MAX || split->hopeless[from])
		return 0;
	for (end = from + 1; end < split->text.len; end++) {
		if (split->text.bytes[end] != ' ' &&
		    split->text.bytes[end] != ',')
			continue;
		split->parts[nparts] = part(split, from, end);
		if (!is_section(split, split->parts[nparts]))
			continue;
		joint = last_joint(split, end);
		if (joint > 0) {
			split->parts[nparts + 1] = part(
			    split, end + joint, split->text.len);
			if (is_section(split, split->parts[nparts + 1]))
				return nparts + 2;
		}
		if (!starts(split, end, ", "))
			continue;
		count = split_from(split, end + 2, nparts + 1);
		if (count > 0)
			return count;
		split->parts[nparts] = part(split, from, end);
	}
	split->hopeless[from] = true;
	return 0;
}

/* Could it be several sections, of which nothing shows that they are? */
static bool
is_doubtful(const struct split *split)
{
	size_t at;

	for (at = 1; at < split->text.len; at++) {
		if (last_joint(split, at) > 0)
			return true;
	}
	return false;
}

/* The course's section of that name, a new one if need be. */
static uint32_t
section_row(
    struct gradebook_sections *sections, struct course *course, struct str name)
{
	uint32_t row;
	sym text;

	text = intern_add(sections->texts, name.bytes, name.len);
	if (idmap_get(&sections->rows, text.id, &row))
		return row;
	row = (uint32_t)course->nsections;
	course_add_section(course)->name = course_keep(
	    course, name.bytes, name.len);
	idmap_put(&sections->rows, text.id, row);
	return row;
}

/* Adds a section to those of a cell, once. */
static void
cell_section(struct cell *cell, uint32_t row)
{
	size_t i;

	for (i = 0; i < cell->count; i++) {
		if (cell->sections[i] == row)
			return;
	}
	cell->sections[cell->count++] = row;
}

static void
say(struct course *course, const struct cell *cell,
    enum gradebook_note_kind kind, gradebook_note_fn *note, void *arg)
{
	struct gradebook_note said = { kind, cell->line, 0, "" };

	said.subject = course_keep(course, cell->text.bytes, cell->text.len);
	note(arg, &said);
}

void
gradebook_sections_settle(struct gradebook_sections *sections,
    struct course *course, gradebook_note_fn *note, void *arg)
{
	struct split split;
	struct cell *cell;
	size_t i, n, nparts;

	for (i = 0; i < sections->count; i++) {
		cell = &sections->list[i];
		split = (struct split){ .sections = sections,
			.text = cell->text };
		nparts = 0;
		if (cell->text.len < CELL_MAX &&
		    !is_known(sections, cell->text)) {
			nparts = split_from(&split, 0, 0);
			if (nparts == 0 && is_doubtful(&split))
				say(course, cell, GRADEBOOK_SECTIONS_DOUBTFUL,
				    note, arg);
		}
		if (nparts > 0)
			say(course, cell, GRADEBOOK_SECTIONS_SPLIT, note, arg);
		else
			split.parts[nparts++] = cell->text;
		cell->sections = mem_zalloc(nparts, sizeof(*cell->sections));
		for (n = 0; n < nparts; n++)
			cell_section(cell,
			    section_row(sections, course, split.parts[n]));
	}
}

const uint32_t *
gradebook_sections_of(
    const struct gradebook_sections *sections, struct str cell, size_t *count)
{
	uint32_t i;
	sym text;

	*count = 0;
	if (!intern_find(sections->texts, cell.bytes, cell.len, &text) ||
	    !idmap_get(&sections->cells, text.id, &i))
		return NULL;
	*count = sections->list[i].count;
	return sections->list[i].sections;
}
