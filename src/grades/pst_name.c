#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "grades/naming.h"
#include "grades/pst_name.h"

/*
 * 36 and 16 characters of 4 bytes, an id of 20 digits and what stands between
 * them are 245 bytes: file systems take 255.
 */
#define SECTION_LETTERS ((size_t)36)
#define ID_DIGITS 20

/* Windows opens a device when a name is one of these up to its first dot. */
static const char *const devices[] = { "con", "prn", "aux", "nul", "conin$",
	"conout$", "com0", "com1", "com2", "com3", "com4", "com5", "com6",
	"com7", "com8", "com9", "com\xc2\xb9", "com\xc2\xb2", "com\xc2\xb3",
	"lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8",
	"lpt9", "lpt\xc2\xb9", "lpt\xc2\xb2", "lpt\xc2\xb3" };

void
pst_names_free(struct pst_names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->folded[i]);
	free(names->folded);
	*names = (struct pst_names){ 0 };
}

/* Takes the name; false when it is taken already. */
static bool
names_take(struct pst_names *names, const char *name)
{
	size_t low, high, middle;
	char *folded;
	int order;

	folded = utf8_fold(name, strlen(name));
	low = 0;
	high = names->count;
	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(folded, names->folded[middle]);
		if (order == 0) {
			free(folded);
			return false;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	names->folded = mem_grow(
	    names->folded, names->count, &names->cap, sizeof(*names->folded));
	memmove(&names->folded[low + 1], &names->folded[low],
	    (names->count - low) * sizeof(*names->folded));
	names->folded[low] = folded;
	names->count++;
	return true;
}

/* What a character of a text becomes in a file name; 0: nothing. */
static uint32_t
safe_character(uint32_t cp)
{
	if (cp == '"' || cp == ',')
		return 0;
	if (cp < 0x80 && strchr("/\\:*?<>|", (int)cp) != NULL)
		return '_';
	if (cp < ' ' || (cp >= 0x7f && cp < 0xa0))
		return '_';
	/* What only steers how others are shown. */
	if (!utf8_is_printable(cp) || cp == 0xad || cp == 0xfeff ||
	    (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) ||
	    (cp >= 0x2060 && cp <= 0x2069))
		return utf8_is_blank(cp) ? ' ' : 0;
	return cp;
}

/* At most max characters, blanks in them or not. */
static char *
safe_text(const char *text, size_t max, bool blanks)
{
	struct buf out = { 0 };
	size_t i, len, used, count;
	char bytes[4];
	uint32_t cp;

	len = strlen(text);
	count = 0;
	for (i = 0; i < len && count < max; i += used) {
		used = utf8_decode(text + i, len - i, &cp);
		if (utf8_is_blank(cp))
			cp = blanks && count > 0 ? ' ' : 0;
		else
			cp = safe_character(cp);
		if (cp == 0)
			continue;
		buf_add(&out, bytes, utf8_encode(cp, bytes));
		count++;
	}
	while (out.len > 0 && out.data[out.len - 1] == ' ')
		out.len--;
	buf_str(&out);
	return out.data;
}

char *
pst_name_squeezed(const char *text)
{
	return safe_text(text, SIZE_MAX, false);
}

char *
pst_name_short(const char *name)
{
	return safe_text(name, PST_NAME_LETTERS, false);
}

static bool
is_device(const char *name, size_t len)
{
	size_t i;

	while (len > 0 && name[len - 1] == ' ')
		len--;
	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		if (strlen(devices[i]) == len &&
		    strncasecmp(devices[i], name, len) == 0)
			return true;
	}
	return false;
}

/* The section's part of names: no device, hidden file or trailing dot. */
static char *
section_part(const char *section)
{
	char *safe, *part;
	size_t stem, len;

	safe = safe_text(section, SECTION_LETTERS, true);
	for (len = strlen(safe); len > 0 && strchr(". ", safe[len - 1]);)
		safe[--len] = '\0';
	stem = strcspn(safe, ".");
	if (*safe == '\0')
		part = mem_strdup("section");
	else if (is_device(safe, stem) || *safe == '.')
		part = mem_printf("%.*s_%s", (int)stem, safe, safe + stem);
	else
		part = mem_strdup(safe);
	free(safe);
	return part;
}

/* The last digits of an id, in a form for file names. */
static char *
id_part(const char *id)
{
	size_t len;

	len = strlen(id);
	return safe_text(
	    len > ID_DIGITS ? id + len - ID_DIGITS : id, ID_DIGITS, false);
}

/* start and end with the id between them, if the plain one is taken. */
static char *
take_one_of(
    struct pst_names *names, const char *start, const char *end, const char *id)
{
	char *name, *part;
	unsigned again;

	name = mem_printf("%s%s", start, end);
	part = id_part(id);
	for (again = 1; !names_take(names, name); again++) {
		free(name);
		name = again == 1 ?
		    mem_printf("%s_%s%s", start, part, end) :
		    mem_printf("%s_%s_%u%s", start, part, again, end);
	}
	free(part);
	return name;
}

char *
pst_name_folder(struct pst_names *names, const char *section, const char *id)
{
	char *part, *name;

	part = section_part(section);
	name = take_one_of(names, part, "", id);
	free(part);
	return name;
}

/* A sheet and its place among the others. */
struct placed {
	const struct scoresheet *sheet;
	size_t place;
};

static int
by_assignment(const void *a, const void *b)
{
	const struct placed *x, *y;
	int order;

	x = a;
	y = b;
	order = naming_id_order(
	    x->sheet->assignment_id, y->sheet->assignment_id);
	return order != 0 ? order : x->place < y->place ? -1 : 1;
}

void
pst_name_files(const struct scoresheet *const *sheets, size_t n, char **files)
{
	struct pst_names names = { 0 };
	char *section, *name, *start;
	struct placed *placed;
	size_t i;

	placed = mem_zalloc(n + 1, sizeof(*placed));
	for (i = 0; i < n; i++)
		placed[i] = (struct placed){ sheets[i], i };
	qsort(placed, n, sizeof(*placed), by_assignment);
	for (i = 0; i < n; i++) {
		section = section_part(placed[i].sheet->section);
		name = pst_name_short(placed[i].sheet->name);
		start = mem_printf("%s_%s", section, name);
		files[placed[i].place] = take_one_of(&names, start,
		    PST_NAME_END, placed[i].sheet->assignment_id);
		free(start);
		free(name);
		free(section);
	}
	free(placed);
	pst_names_free(&names);
}
