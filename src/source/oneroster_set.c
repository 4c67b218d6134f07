#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/scratch.h"
#include "base/unzip.h"
#include "source/inputs.h"
#include "source/oneroster_set.h"

/* One file of the set. */
struct member {
	char *name;   /* without folders */
	size_t entry; /* of the zip */
};

struct oneroster_set {
	char *place;
	struct unzip *zip; /* NULL: a folder */
	struct member *members;
	size_t count, cap;
};

static void
add_member(struct oneroster_set *set, const char *name, size_t entry)
{
	set->members = mem_grow(
	    set->members, set->count, &set->cap, sizeof(*set->members));
	set->members[set->count++] = (struct member){ mem_strdup(name), entry };
}

static int
list_folder(struct oneroster_set *set, struct err *err)
{
	struct dirent *at;
	DIR *folder;
	int errnum;

	folder = opendir(set->place);
	if (folder == NULL) {
		errnum = errno;
	} else {
		while (errno = 0, (at = readdir(folder)) != NULL)
			add_member(set, at->d_name, 0);
		errnum = errno;
		closedir(folder);
	}
	if (errnum == 0)
		return 0;
	err_set_errno(err, EXIT_SOURCE, errnum,
	    "the folder %s cannot be read, nothing was published", set->place);
	return err_hint(
	    err, "Correct [source] url, or who may read the folder.");
}

static int
refuse_zip(const struct oneroster_set *set, const char *why, struct err *err)
{
	err_set(
	    err, EXIT_SOURCE, "%s: %s; nothing was published", set->place, why);
	return err_hint(err,
	    "Ask for a zip that holds the OneRoster CSV"
	    " files and nothing else.");
}

static const char *
base_name(const char *path)
{
	const char *slash;

	slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

/* What macOS adds to a zip: files beside files, with their names. */
static bool
is_foreign(const char *path)
{
	return base_name(path)[0] == '.' ||
	    strncasecmp(path, "__MACOSX/", strlen("__MACOSX/")) == 0;
}

/* The zip's folder is the one where the manifest is. */
static int
find_root(struct oneroster_set *set, const struct unzip_entry *entries,
    size_t n, const char **root, size_t *len, struct err *err)
{
	const char *name;
	size_t i;

	*root = NULL;
	*len = 0;
	for (i = 0; i < n; i++) {
		if (entries[i].kind == UNZIP_UNSAFE)
			return refuse_zip(set,
			    "a path in it leads out of"
			    " it",
			    err);
		name = base_name(entries[i].name);
		if (entries[i].kind != UNZIP_FILE ||
		    is_foreign(entries[i].name) ||
		    strcasecmp(name, "manifest.csv") != 0)
			continue;
		if (*root != NULL)
			return refuse_zip(
			    set, "it holds more than one manifest.csv", err);
		*root = entries[i].name;
		*len = (size_t)(name - entries[i].name);
	}
	return 0;
}

static int
list_zip(struct oneroster_set *set, uint64_t size, struct err *err)
{
	static const char *const refusals[] = {
		[UNZIP_MANY] = "it has more than 100 000 entries",
		[UNZIP_LARGE] = "it unpacks to more than 100 times its size,"
				" or to more than 50 GiB",
		[UNZIP_ENCRYPTED] = "an entry needs a password",
	};
	const struct unzip_entry *entries;
	const char *root;
	size_t n, i, len;

	set->zip = unzip_open(set->place, size, err);
	if (set->zip == NULL)
		return -1;
	if (unzip_refusal(set->zip) != UNZIP_WELCOME)
		return refuse_zip(set, refusals[unzip_refusal(set->zip)], err);
	entries = unzip_entries(set->zip, &n);
	if (find_root(set, entries, n, &root, &len, err) != 0)
		return -1;
	for (i = 0; i < n && root != NULL; i++) {
		if (entries[i].kind == UNZIP_FILE &&
		    strncmp(entries[i].name, root, len) == 0 &&
		    strchr(entries[i].name + len, '/') == NULL)
			add_member(set, entries[i].name + len, i);
	}
	return 0;
}

static bool
is_csv_of(const char *file, const char *name)
{
	size_t len;

	len = strlen(name);
	return strncasecmp(file, name, len) == 0 &&
	    strcasecmp(file + len, ".csv") == 0;
}

bool
oneroster_set_has(const struct oneroster_set *set, const char *name)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		if (is_csv_of(set->members[i].name, name))
			return true;
	}
	return false;
}

static int
list(struct oneroster_set *set, struct err *err)
{
	struct stat st;
	int rc;

	if (stat(set->place, &st) == -1) {
		err_set_errno(err, EXIT_SOURCE, errno,
		    "%s cannot be read, nothing was published", set->place);
		return err_hint(err,
		    "Correct [source] url = oneroster:DIR or"
		    " oneroster:FILE.zip.");
	}
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		return refuse_zip(set, "is neither a folder nor a zip", err);
	rc = S_ISDIR(st.st_mode) ? list_folder(set, err) :
				   list_zip(set, (uint64_t)st.st_size, err);
	if (rc != 0 || oneroster_set_has(set, "manifest"))
		return rc;
	err_set(err, EXIT_SOURCE,
	    "%s holds no manifest.csv, so it is no OneRoster set or only a"
	    " part of one; nothing was published",
	    set->place);
	return err_hint(err,
	    "Export all files of OneRoster 1.1, the manifest too, or correct"
	    " [source] url.");
}

struct oneroster_set *
oneroster_set_open(const char *place, struct err *err)
{
	struct oneroster_set *set;

	set = mem_zalloc(1, sizeof(*set));
	set->place = mem_strdup(place);
	if (list(set, err) == 0)
		return set;
	oneroster_set_close(set);
	return NULL;
}

void
oneroster_set_close(struct oneroster_set *set)
{
	size_t i;

	if (set == NULL)
		return;
	for (i = 0; i < set->count; i++)
		free(set->members[i].name);
	free(set->members);
	unzip_close(set->zip);
	free(set->place);
	free(set);
}

/* An unzip_put_fn: writes to the descriptor at arg. */
static int
write_all(void *arg, const char *bytes, size_t len, struct err *err)
{
	ssize_t done;

	for (; len > 0; bytes += done, len -= (size_t)done) {
		done = write(*(const int *)arg, bytes, len);
		if (done == -1 && errno == EINTR)
			done = 0;
		if (done >= 0)
			continue;
		err_set_errno(err, EXIT_IO, errno,
		    "unpacking into %s failed, nothing was published",
		    scratch_folder());
		return err_hint(
		    err, "Make room there, or name another folder in TMPDIR.");
	}
	return 0;
}

static int
inflate(struct oneroster_set *set, const struct member *member,
    struct input *input, struct err *err)
{
	const struct unzip_entry *entry;
	size_t n;

	entry = &unzip_entries(set->zip, &n)[member->entry];
	if (!entry->method_known)
		return refuse_zip(set,
		    "an entry is compressed in a way that"
		    " this program lacks",
		    err);
	input->fd = scratch_open(err);
	if (input->fd == -1)
		return -1;
	input->size = entry->size;
	return unzip_inflate(set->zip, entry, write_all, &input->fd, err);
}

int
oneroster_set_input(struct oneroster_set *set, enum oneroster_table table,
    struct input *input, struct err *err)
{
	const struct member *member;
	const char *name;
	size_t i;

	name = oneroster_tables[table].name;
	member = NULL;
	for (i = 0; i < set->count; i++) {
		if (!is_csv_of(set->members[i].name, name))
			continue;
		if (member != NULL) {
			err_set(err, EXIT_SOURCE,
			    "%s holds %s.csv twice; nothing was published",
			    set->place, name);
			return err_hint(err, "Take one of them away.");
		}
		member = &set->members[i];
	}
	*input = (struct input){ .fd = -1,
		.name = mem_printf("%s.csv", name),
		.feed = &oneroster_tables_feeds[table] };
	if (member == NULL) {
		err_set(err, EXIT_SOURCE,
		    "%s holds no %s.csv; nothing was published", set->place,
		    name);
		return err_hint(
		    err, "Export all files of OneRoster 1.1 again.");
	}
	if (set->zip != NULL)
		return inflate(set, member, input, err);
	free(input->name);
	input->name = mem_strdup(member->name);
	return inputs_open(input, set->place, err);
}
