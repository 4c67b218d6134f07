#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/unzip.h"
#include "pack/unpack.h"

#define ZERO_BYTES 16 /* readable behind the bytes of a file */

/* One CSV of the package. */
struct entry {
	char *name;
	size_t place;	/* among the zip's entries */
	off_t inflated; /* where it is in the temporary file */
};

struct unpack {
	char *path; /* as it was given, for messages */
	int folder; /* the folder that names start from */
	bool run;
	bool lone;	   /* a CSV by itself: may be a link */
	struct unzip *zip; /* NULL: not a zip */
	enum unpack_refusal refusal;
	int temporary; /* what was inflated, -1: nothing yet */
	off_t temporary_size;
	struct entry *entries;
	size_t nentries, capentries;
	struct unpack_passed *passed;
	size_t npassed, cappassed;
};

static void
add_entry(struct unpack *unpack, struct entry entry, const char *name)
{
	entry.name = mem_strdup(name);
	entry.inflated = -1;
	unpack->entries = mem_grow(unpack->entries, unpack->nentries,
	    &unpack->capentries, sizeof(*unpack->entries));
	unpack->entries[unpack->nentries++] = entry;
}

static bool
has_ending(const char *name, const char *ending)
{
	size_t len, of_ending;

	len = strlen(name);
	of_ending = strlen(ending);
	return len >= of_ending &&
	    strcasecmp(name + len - of_ending, ending) == 0;
}

static void
pass_over(struct unpack *unpack, const char *name, enum unpack_why why)
{
	unpack->passed = mem_grow(unpack->passed, unpack->npassed,
	    &unpack->cappassed, sizeof(*unpack->passed));
	unpack->passed[unpack->npassed++] = (struct unpack_passed){
		mem_strdup(name), why, has_ending(name, ".csv")
	};
}

/* Names that Canvas passes over without a message (canvas-sis 2). */
static bool
is_ignored(const char *name, enum unpack_why *why)
{
	*why = UNPACK_SYSTEM;
	if (strcasestr(name, "__macosx") != NULL ||
	    strcasestr(name, "desktop db") != NULL ||
	    strcasestr(name, "desktop df") != NULL)
		return true;
	*why = UNPACK_HIDDEN;
	return name[0] == '.' || strstr(name, "/.") != NULL;
}

static int
entry_order(const void *a, const void *b)
{
	const struct entry *x, *y;
	int order;

	x = a;
	y = b;
	order = strcmp(x->name, y->name);
	if (order != 0)
		return order;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* Path order; of several entries of one name the first stays. */
static void
sort_entries(struct unpack *unpack)
{
	struct entry *entries;
	size_t i, kept;

	entries = unpack->entries;
	if (unpack->nentries == 0)
		return;
	qsort(entries, unpack->nentries, sizeof(*entries), entry_order);
	for (i = kept = 1; i < unpack->nentries; i++) {
		if (strcmp(entries[i].name, entries[kept - 1].name) != 0) {
			entries[kept++] = entries[i];
			continue;
		}
		pass_over(unpack, entries[i].name, UNPACK_REPEATED);
		free(entries[i].name);
	}
	unpack->nentries = kept;
}

static int
cannot_read(
    const struct unpack *unpack, int errnum, const char *name, struct err *err)
{
	err_set_errno(err,
	    errnum == ENOENT || errnum == ENOTDIR ? EXIT_SOURCE : EXIT_IO,
	    errnum, "%s%s%s cannot be read, nothing was done", unpack->path,
	    *name == '\0' ? "" : "/", name);
	return err_hint(err,
	    "Look at the file and who may read it, then run"
	    " again.");
}

static int walk_folder(
    struct unpack *unpack, int fd, const char *prefix, struct err *err);

static int
walk_name(struct unpack *unpack, int folder, const char *prefix,
    const char *name, struct err *err)
{
	enum unpack_why why;
	struct stat st;
	char *path;
	int fd, rc;

	path = mem_printf("%s%s", prefix, name);
	rc = 0;
	if (is_ignored(path, &why))
		pass_over(unpack, path, why);
	else if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		rc = cannot_read(unpack, errno, path, err);
	else if (S_ISDIR(st.st_mode)) {
		fd = openat(folder, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		free(path);
		path = mem_printf("%s%s/", prefix, name);
		rc = fd == -1 ? cannot_read(unpack, errno, path, err) :
				walk_folder(unpack, fd, path, err);
	} else if (!S_ISREG(st.st_mode))
		pass_over(unpack, path, UNPACK_NOT_A_FILE);
	else if (!has_ending(name, ".csv"))
		pass_over(unpack, path, UNPACK_NOT_CSV);
	else
		add_entry(unpack, (struct entry){ 0 }, path);
	free(path);
	return rc;
}

/* Lists a folder, which it closes, and all folders in it. */
static int
walk_folder(struct unpack *unpack, int fd, const char *prefix, struct err *err)
{
	struct dirent *at;
	DIR *folder;
	int rc;

	folder = fdopendir(fd);
	if (folder == NULL) {
		rc = cannot_read(unpack, errno, prefix, err);
		close(fd);
		return rc;
	}
	rc = 0;
	while (rc == 0 && (errno = 0, at = readdir(folder)) != NULL) {
		if (strcmp(at->d_name, ".") != 0 &&
		    strcmp(at->d_name, "..") != 0)
			rc = walk_name(unpack, fd, prefix, at->d_name, err);
	}
	if (rc == 0 && errno != 0)
		rc = cannot_read(unpack, errno, prefix, err);
	closedir(folder);
	return rc;
}

static bool
has_kind(int folder, const char *name, mode_t kind)
{
	struct stat st;

	return fstatat(folder, name, &st, 0) == 0 &&
	    (st.st_mode & S_IFMT) == kind;
}

static int
look_at_folder(struct unpack *unpack, struct err *err)
{
	int fd;

	unpack->run = has_kind(unpack->folder, "manifest.json", S_IFREG) &&
	    has_kind(unpack->folder, "csv", S_IFDIR);
	if (unpack->run) {
		fd = openat(
		    unpack->folder, "csv", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd == -1)
			return cannot_read(unpack, errno, "csv", err);
		close(unpack->folder);
		unpack->folder = fd;
	}
	fd = openat(unpack->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd == -1 ? cannot_read(unpack, errno, "", err) :
			  walk_folder(unpack, fd, "", err);
}

/* Decides whether an entry of the zip is one of the package's files. */
static void
look_at_entry(struct unpack *unpack, const struct unzip_entry *at, size_t place)
{
	enum unpack_why why;

	if (at->kind == UNZIP_FOLDER)
		return;
	if (at->kind == UNZIP_UNSAFE)
		pass_over(unpack, at->name, UNPACK_UNSAFE);
	else if (at->kind == UNZIP_LINK)
		pass_over(unpack, at->name, UNPACK_NOT_A_FILE);
	else if (is_ignored(at->name, &why))
		pass_over(unpack, at->name, why);
	else if (!has_ending(at->name, ".csv"))
		pass_over(unpack, at->name, UNPACK_NOT_CSV);
	else if (!at->method_known)
		pass_over(unpack, at->name, UNPACK_METHOD);
	else
		add_entry(unpack, (struct entry){ .place = place }, at->name);
}

static int
look_at_zip(struct unpack *unpack, uint64_t size, struct err *err)
{
	static const enum unpack_refusal refusals[] = {
		[UNZIP_WELCOME] = UNPACK_WELCOME,
		[UNZIP_MANY] = UNPACK_MANY,
		[UNZIP_LARGE] = UNPACK_LARGE,
		[UNZIP_ENCRYPTED] = UNPACK_ENCRYPTED,
	};
	const struct unzip_entry *entries;
	size_t n, i;

	unpack->zip = unzip_open(unpack->path, size, err);
	if (unpack->zip == NULL)
		return -1;
	unpack->refusal = refusals[unzip_refusal(unpack->zip)];
	entries = unzip_entries(unpack->zip, &n);
	for (i = 0; i < n; i++)
		look_at_entry(unpack, &entries[i], i);
	return 0;
}

/* A lone CSV is a folder with one file, whose name is the path's end. */
static int
look_at_csv(struct unpack *unpack, struct err *err)
{
	const char *slash;
	char *folder;

	slash = strrchr(unpack->path, '/');
	folder = slash == NULL ?
	    mem_strdup(".") :
	    mem_strndup(unpack->path, (size_t)(slash - unpack->path) + 1);
	unpack->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (unpack->folder == -1)
		return cannot_read(unpack, errno, "", err);
	unpack->lone = true;
	add_entry(unpack, (struct entry){ 0 },
	    slash == NULL ? unpack->path : slash + 1);
	return 0;
}

static int
look_at(struct unpack *unpack, struct err *err)
{
	struct stat st;
	bool zip;
	int fd;

	fd = open(unpack->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &st) != 0) {
		cannot_read(unpack, errno, "", err);
		if (fd != -1)
			close(fd);
		return -1;
	}
	if (S_ISDIR(st.st_mode)) {
		unpack->folder = fd;
		return look_at_folder(unpack, err);
	}
	zip = unzip_looks_like(unpack->path, fd);
	close(fd);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EXIT_SOURCE,
		    "%s is neither a folder nor a file", unpack->path);
	return zip ? look_at_zip(unpack, (uint64_t)st.st_size, err) :
		     look_at_csv(unpack, err);
}

struct unpack *
unpack_look(const char *path, enum unpack_refusal *refusal, struct err *err)
{
	struct unpack *unpack;

	unpack = mem_zalloc(1, sizeof(*unpack));
	unpack->path = mem_strdup(path);
	unpack->folder = -1;
	unpack->temporary = -1;
	if (look_at(unpack, err) != 0) {
		unpack_close(unpack);
		return NULL;
	}
	sort_entries(unpack);
	*refusal = unpack->refusal;
	return unpack;
}

static int
refuse(const struct unpack *unpack, struct err *err)
{
	static const char *const texts[] = {
		[UNPACK_MANY] = "it has more than 100 000 entries",
		[UNPACK_LARGE] = "it unpacks to more than 100 times its size,"
				 " or to more than 50 GiB",
		[UNPACK_ENCRYPTED] = "an entry needs a password",
	};

	err_set(err, EXIT_SOURCE, "%s was not unpacked: %s", unpack->path,
	    texts[unpack->refusal]);
	return err_hint(err,
	    "Canvas refuses such a zip as a whole; make it"
	    " again from the CSVs alone.");
}

struct unpack *
unpack_open(const char *path, struct err *err)
{
	enum unpack_refusal refusal;
	struct unpack *unpack;

	unpack = unpack_look(path, &refusal, err);
	if (unpack == NULL || refusal == UNPACK_WELCOME)
		return unpack;
	refuse(unpack, err);
	unpack_close(unpack);
	return NULL;
}

void
unpack_close(struct unpack *unpack)
{
	size_t i;

	if (unpack == NULL)
		return;
	for (i = 0; i < unpack->nentries; i++)
		free(unpack->entries[i].name);
	for (i = 0; i < unpack->npassed; i++)
		free(unpack->passed[i].name);
	free(unpack->entries);
	free(unpack->passed);
	unzip_close(unpack->zip);
	if (unpack->folder != -1)
		close(unpack->folder);
	if (unpack->temporary != -1)
		close(unpack->temporary);
	free(unpack->path);
	free(unpack);
}

size_t
unpack_count(const struct unpack *unpack)
{
	return unpack->nentries;
}

const char *
unpack_name(const struct unpack *unpack, size_t i)
{
	return unpack->entries[i].name;
}

bool
unpack_is_folder(const struct unpack *unpack)
{
	return unpack->folder != -1 && !unpack->lone;
}

bool
unpack_is_run(const struct unpack *unpack)
{
	return unpack->run;
}

const struct unpack_passed *
unpack_passed(const struct unpack *unpack, size_t *count)
{
	*count = unpack->npassed;
	return unpack->passed;
}

/*
 * Maps len bytes of a file from a page on, and behind them a page of zeros
 * when the file's last page has no room for ZERO_BYTES.
 */
static int
map_file(const struct unpack *unpack, const char *name, int fd, off_t from,
    size_t len, struct unpack_bytes *bytes, struct err *err)
{
	void *room, *file;

	*bytes = (struct unpack_bytes){ 0 };
	if (len == 0)
		return 0;
	room = mmap(NULL, len + ZERO_BYTES, PROT_READ,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (room == MAP_FAILED)
		return cannot_read(unpack, errno, name, err);
	file = mmap(room, len, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, from);
	if (file == MAP_FAILED) {
		cannot_read(unpack, errno, name, err);
		munmap(room, len + ZERO_BYTES);
		return -1;
	}
	madvise(file, len, MADV_SEQUENTIAL);
	*bytes = (struct unpack_bytes){ file, len, room, len + ZERO_BYTES };
	return 0;
}

static int
map_of_folder(struct unpack *unpack, const struct entry *entry,
    struct unpack_bytes *bytes, struct err *err)
{
	struct stat st;
	int fd, rc;

	fd = openat(unpack->folder, entry->name,
	    O_RDONLY | O_NONBLOCK | O_CLOEXEC |
		(unpack->lone ? 0 : O_NOFOLLOW));
	if (fd == -1)
		return cannot_read(unpack, errno, entry->name, err);
	if (fstat(fd, &st) != 0)
		rc = cannot_read(unpack, errno, entry->name, err);
	else if (!S_ISREG(st.st_mode))
		rc = err_set(
		    err, EXIT_SOURCE, "%s is no longer a file", entry->name);
	else
		rc = map_file(
		    unpack, entry->name, fd, 0, (size_t)st.st_size, bytes, err);
	close(fd);
	return rc;
}

static int
temporary_failed(int errnum, const char *folder, struct err *err)
{
	err_set_errno(err, EXIT_IO, errnum, "unpacking into %s failed", folder);
	return err_hint(err,
	    "Make room there, or name another folder in"
	    " TMPDIR.");
}

static const char *
temporary_folder(void)
{
	const char *folder;

	folder = getenv("TMPDIR");
	return folder == NULL || *folder == '\0' ? "/tmp" : folder;
}

/* An unlinked file, 0600, for everything that is inflated. */
static int
temporary_open(struct unpack *unpack, struct err *err)
{
	char *name;

	unpack->temporary = open(
	    temporary_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (unpack->temporary != -1)
		return 0;
	name = mem_printf("%s/unpack.XXXXXX", temporary_folder());
	unpack->temporary = mkostemp(name, O_CLOEXEC);
	if (unpack->temporary == -1)
		temporary_failed(errno, temporary_folder(), err);
	else
		unlink(name);
	free(name);
	return unpack->temporary == -1 ? -1 : 0;
}

/* Where the next bytes of an entry go. */
struct temporary_end {
	const struct unpack *unpack;
	off_t at;
};

/* An unzip_put_fn: writes behind what is there (arg: temporary_end). */
static int
temporary_write(void *arg, const char *bytes, size_t len, struct err *err)
{
	struct temporary_end *end;
	ssize_t done;

	end = arg;
	while (len > 0) {
		done = pwrite(end->unpack->temporary, bytes, len, end->at);
		if (done == -1 && errno == EINTR)
			continue;
		if (done == -1)
			return temporary_failed(errno, temporary_folder(), err);
		bytes += done;
		len -= (size_t)done;
		end->at += done;
	}
	return 0;
}

static int
inflate_entry(
    struct unpack *unpack, struct entry *entry, uint64_t size, struct err *err)
{
	struct temporary_end to = { unpack, unpack->temporary_size };
	const struct unzip_entry *entries;
	off_t page, end;
	size_t n;

	if (unpack->temporary == -1 && temporary_open(unpack, err) != 0)
		return -1;
	entries = unzip_entries(unpack->zip, &n);
	if (unzip_inflate(unpack->zip, &entries[entry->place], temporary_write,
		&to, err) != 0)
		return -1;
	page = (off_t)sysconf(_SC_PAGESIZE);
	end = unpack->temporary_size + ((off_t)size + page - 1) / page * page;
	if (ftruncate(unpack->temporary, end) != 0)
		return temporary_failed(errno, temporary_folder(), err);
	entry->inflated = unpack->temporary_size;
	unpack->temporary_size = end;
	return 0;
}

int
unpack_map(struct unpack *unpack, size_t i, struct unpack_bytes *bytes,
    struct err *err)
{
	struct entry *entry;
	uint64_t size;
	size_t n;

	*bytes = (struct unpack_bytes){ 0 };
	entry = &unpack->entries[i];
	if (unpack->zip == NULL)
		return map_of_folder(unpack, entry, bytes, err);
	if (unpack->refusal != UNPACK_WELCOME)
		return refuse(unpack, err);
	size = unzip_entries(unpack->zip, &n)[entry->place].size;
	if (entry->inflated == -1 &&
	    inflate_entry(unpack, entry, size, err) != 0)
		return -1;
	return map_file(unpack, entry->name, unpack->temporary, entry->inflated,
	    (size_t)size, bytes, err);
}

void
unpack_unmap(struct unpack_bytes *bytes)
{
	if (bytes->map != NULL)
		munmap(bytes->map, bytes->map_len);
	*bytes = (struct unpack_bytes){ 0 };
}
