#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "grades/pst_folder.h"
#include "grades/pst_name.h"

#define DEPTH_MAX 16 /* folders in folders */
#define NOT_FOUND SIZE_MAX
#define SEVERAL (SIZE_MAX - 1)

/* How well a template's place says that it is a sheet's section. */
enum place { PLACE_OTHER, PLACE_CLASS, PLACE_SECTION };

/* While a folder is read. */
struct reading {
	struct pst_folder *folder;
	size_t root; /* bytes of paths that name the folder itself */
	pst_refused_fn *refused;
	void *arg;
	struct err *err;
};

/* A text without case, blanks and what file names do not hold. */
static char *
key_of(const char *text, size_t len)
{
	char *copy, *squeezed, *key;

	copy = mem_strndup(text, len);
	squeezed = pst_name_squeezed(copy);
	key = utf8_fold(squeezed, strlen(squeezed));
	free(squeezed);
	free(copy);
	return key;
}

/* The same of an assignment's name, cut as in file names. */
static char *
name_key_of(const char *name)
{
	char *shortened, *key;

	shortened = pst_name_short(name);
	key = utf8_fold(shortened, strlen(shortened));
	free(shortened);
	return key;
}

static bool
ends_with(const char *text, size_t len, const char *end)
{
	size_t n;

	n = strlen(end);
	return len >= n && strncasecmp(text + len - n, end, n) == 0;
}

/* Without .csv, the " (1)" of a second download, and _pst. */
static size_t
stem_length(const char *name)
{
	size_t len, open;

	len = strlen(name) - strlen(".csv");
	if (len > 0 && name[len - 1] == ')') {
		for (open = len - 1; open > 0 && name[open - 1] >= '0' &&
		     name[open - 1] <= '9';)
			open--;
		if (open > 0 && open < len - 1 && name[open - 1] == '(')
			len = open - 1;
		while (len > 0 && name[len - 1] == ' ')
			len--;
	}
	return ends_with(name, len, "_pst") ? len - strlen("_pst") : len;
}

static void
add_place(struct pst_found *found, const char *text, size_t len)
{
	char *key;

	key = key_of(text, len);
	if (*key == '\0') {
		free(key);
		return;
	}
	found->place_keys = mem_realloc(
	    found->place_keys, found->nplaces + 1, sizeof(*found->place_keys));
	found->place_keys[found->nplaces++] = key;
}

/* What the path says about the section: its folders, the name's start. */
static void
add_places(struct pst_found *found, const char *path)
{
	const char *slash;
	size_t len;

	while ((slash = strchr(path, '/')) != NULL) {
		add_place(found, path, (size_t)(slash - path));
		path = slash + 1;
	}
	/* Either part may have an underscore in it: each start counts. */
	for (len = stem_length(path); len > 0; len--) {
		if (path[len] == '_')
			add_place(found, path, len);
	}
}

/* The path from the folder's own name on. */
static const char *
own_part(const struct reading *r, const char *path)
{
	return path + r->root;
}

static void
add_template(struct reading *r, const char *path)
{
	struct err why = { 0 };
	struct pst_folder *folder;
	struct pst_template *pst;
	struct pst_found *found;

	pst = pst_template_read(path, &why);
	if (pst == NULL) {
		r->refused(r->arg, path, &why);
		return;
	}
	folder = r->folder;
	folder->all = mem_grow(
	    folder->all, folder->count, &folder->cap, sizeof(*folder->all));
	found = &folder->all[folder->count++];
	*found = (struct pst_found){ .pst = pst };
	found->name_key = name_key_of(pst->values[PST_ASSIGNMENT_NAME]);
	add_places(found, own_part(r, path));
}

static int read_below(struct reading *r, const char *path, unsigned depth);

static int
read_entry(struct reading *r, const char *path, unsigned depth)
{
	struct stat st;

	/* A broken link is nothing; a folder behind one may be a loop. */
	if (lstat(path, &st) != 0)
		return err_set_errno(r->err, EXIT_SOURCE, errno,
		    "%.300s cannot be looked at; nothing was published", path);
	if (S_ISDIR(st.st_mode))
		return depth == 0 ? 0 : read_below(r, path, depth - 1);
	if (ends_with(path, strlen(path), ".csv"))
		add_template(r, path);
	return 0;
}

static int
read_below(struct reading *r, const char *path, unsigned depth)
{
	struct dirent **entries;
	char *entry;
	int i, n, rc;

	n = scandir(path, &entries, NULL, alphasort);
	if (n < 0) {
		err_set_errno(r->err, EXIT_SOURCE, errno,
		    "the folder of templates %.300s cannot be read; nothing"
		    " was published",
		    path);
		return err_hint(
		    r->err, "Correct --templates DIR, or the folder's mode.");
	}
	rc = 0;
	for (i = 0; i < n; i++) {
		if (rc == 0 && entries[i]->d_name[0] != '.') {
			entry = mem_printf("%s/%s", path, entries[i]->d_name);
			rc = read_entry(r, entry, depth);
			free(entry);
		}
		free(entries[i]);
	}
	free(entries);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	const struct pst_found *x, *y;
	int order;

	x = a;
	y = b;
	order = strcmp(x->name_key, y->name_key);
	return order != 0 ? order : strcmp(x->pst->file, y->pst->file);
}

int
pst_folder_read(const char *dir, struct pst_folder *folder,
    pst_refused_fn *refused, void *arg, struct err *err)
{
	struct reading r = { folder, 0, refused, arg, err };
	const char *slash;
	char *path;
	size_t len;
	int rc;

	*folder = (struct pst_folder){ 0 };
	path = mem_strdup(dir);
	for (len = strlen(path); len > 1 && path[len - 1] == '/';)
		path[--len] = '\0';
	slash = strrchr(path, '/');
	r.root = slash == NULL ? 0 : (size_t)(slash + 1 - path);
	rc = read_below(&r, path, DEPTH_MAX);
	free(path);
	if (folder->count > 0)
		qsort(
		    folder->all, folder->count, sizeof(*folder->all), by_name);
	return rc;
}

void
pst_folder_free(struct pst_folder *folder)
{
	struct pst_found *found;
	size_t i, k;

	for (i = 0; i < folder->count; i++) {
		found = &folder->all[i];
		for (k = 0; k < found->nplaces; k++)
			free(found->place_keys[k]);
		free(found->place_keys);
		free(found->name_key);
		pst_template_free(found->pst);
	}
	free(folder->all);
	*folder = (struct pst_folder){ 0 };
}

/* A sheet and what it is looked for by. */
struct wanted {
	const struct scoresheet *sheet;
	char *section_key, *class_key, *name_key;
	const char **numbers; /* of its students, sorted */
	size_t choice;	      /* in the folder, or NOT_FOUND, SEVERAL */
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
want(struct wanted *wanted, const struct scoresheet *sheet)
{
	size_t i;

	wanted->sheet = sheet;
	wanted->section_key = key_of(sheet->section, strlen(sheet->section));
	wanted->class_key = key_of(
	    sheet->class_name, strlen(sheet->class_name));
	wanted->name_key = name_key_of(sheet->name);
	wanted->numbers = mem_zalloc(
	    sheet->nrows + 1, sizeof(*wanted->numbers));
	for (i = 0; i < sheet->nrows; i++)
		wanted->numbers[i] = sheet->rows[i].student_number;
	qsort(wanted->numbers, sheet->nrows, sizeof(*wanted->numbers), by_text);
	wanted->choice = NOT_FOUND;
}

static void
wanted_free(struct wanted *wanted)
{
	free(wanted->section_key);
	free(wanted->class_key);
	free(wanted->name_key);
	free(wanted->numbers);
}

static bool
has_place(const struct pst_found *found, const char *key)
{
	size_t i;

	for (i = 0; i < found->nplaces; i++) {
		if (strcmp(found->place_keys[i], key) == 0)
			return *key != '\0';
	}
	return false;
}

/* How many of the template's students are the sheet's. */
static size_t
students_shared(const struct pst_found *found, const struct wanted *wanted)
{
	size_t i, n;

	n = 0;
	for (i = 0; i < found->pst->nrows; i++)
		n += bsearch(&found->pst->rows[i].student_number,
			 wanted->numbers, wanted->sheet->nrows,
			 sizeof(*wanted->numbers), by_text) != NULL;
	return n;
}

static enum place
place_of(const struct pst_found *found, const struct wanted *wanted)
{
	size_t shared;
	bool named;
	char *class_key;

	shared = students_shared(found, wanted);
	if (shared == 0)
		return PLACE_OTHER;
	if (has_place(found, wanted->section_key))
		return PLACE_SECTION;
	if (shared * 2 <= found->pst->nrows)
		return PLACE_OTHER;
	class_key = key_of(found->pst->values[PST_CLASS],
	    strlen(found->pst->values[PST_CLASS]));
	named = *class_key != '\0' &&
	    (strcmp(class_key, wanted->class_key) == 0 ||
		strcmp(class_key, wanted->section_key) == 0);
	free(class_key);
	return named || has_place(found, wanted->class_key) ? PLACE_CLASS :
							      PLACE_OTHER;
}

/* The first template in order of names that is not before the key. */
static size_t
first_with_name(const struct pst_folder *folder, const char *key)
{
	size_t low, high, middle;

	low = 0;
	high = folder->count;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(folder->all[middle].name_key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Marks all that fit as rivals when there are several. */
static void
mark_rivals(struct pst_folder *folder, struct wanted *wanted,
    const size_t *fitting, size_t n)
{
	size_t i;

	if (n == 1)
		wanted->choice = fitting[0];
	if (n < 2)
		return;
	wanted->choice = SEVERAL;
	for (i = 0; i < n; i++)
		folder->all[fitting[i]].rival = true;
}

/* Chooses the template in the best place among those with the name. */
static void
choose(struct pst_folder *folder, struct wanted *wanted, bool whole_name)
{
	struct pst_found *found;
	enum place place, best;
	size_t i, n, *fitting;

	fitting = mem_zalloc(folder->count + 1, sizeof(*fitting));
	best = PLACE_CLASS;
	n = 0;
	for (i = first_with_name(folder, wanted->name_key); i < folder->count;
	     i++) {
		found = &folder->all[i];
		if (strcmp(found->name_key, wanted->name_key) != 0)
			break;
		if ((whole_name &&
			strcmp(found->pst->values[PST_ASSIGNMENT_NAME],
			    wanted->sheet->name) != 0) ||
		    (!whole_name && found->claims > 0))
			continue;
		place = place_of(found, wanted);
		if (place < best)
			continue;
		if (place > best)
			n = 0;
		best = place;
		fitting[n++] = i;
	}
	mark_rivals(folder, wanted, fitting, n);
	free(fitting);
}

/* Chooses for all that have nothing yet, and counts who claims what. */
static void
choose_all(struct pst_folder *folder, struct wanted *all, size_t n,
    enum pst_match how, struct pst_matched *matched)
{
	struct pst_found *found;
	size_t i;

	for (i = 0; i < n; i++) {
		if (matched[i].how == PST_MATCH_NONE)
			choose(folder, &all[i], how == PST_MATCH_EXACT);
		else
			all[i].choice = NOT_FOUND;
	}
	for (i = 0; i < n; i++) {
		if (all[i].choice < folder->count)
			folder->all[all[i].choice].claims++;
	}
	for (i = 0; i < n; i++) {
		if (all[i].choice == NOT_FOUND)
			continue;
		matched[i].how = PST_MATCH_AMBIGUOUS;
		if (all[i].choice == SEVERAL)
			continue;
		found = &folder->all[all[i].choice];
		if (found->claims > 1 || found->matched) {
			found->rival = true;
			continue;
		}
		found->matched = true;
		matched[i] = (struct pst_matched){ how, found->pst };
	}
}

void
pst_folder_match(struct pst_folder *folder,
    const struct scoresheet *const *sheets, size_t n,
    struct pst_matched *matched)
{
	struct wanted *all;
	size_t i;

	all = mem_zalloc(n + 1, sizeof(*all));
	for (i = 0; i < n; i++) {
		want(&all[i], sheets[i]);
		matched[i] = (struct pst_matched){ PST_MATCH_NONE, NULL };
	}
	for (i = 0; i < folder->count; i++)
		folder->all[i].claims = 0;
	choose_all(folder, all, n, PST_MATCH_EXACT, matched);
	choose_all(folder, all, n, PST_MATCH_SHORT, matched);
	for (i = 0; i < n; i++)
		wanted_free(&all[i]);
	free(all);
}
