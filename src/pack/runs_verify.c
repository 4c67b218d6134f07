#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "pack/runs_verify.h"

#define OTHERS_FILE (~0600U & 07777U) /* modes that no file should have */
#define OTHERS_FOLDER (~0700U & 07777U)

/* One run whose files are looked at. */
struct look {
	const char *id;
	int folder;
	const struct json *files; /* the manifest's list */
	struct runs_verdict *verdict;
	struct err *err;
};

void
runs_verify_fault(struct runs_verdict *verdict, const char *run,
    const char *file, const char *fmt, ...)
{
	char why[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	verdict->faults++;
	verdict->bad(verdict->arg, run, file, why);
}

/* csv/users.csv or report.html: safe names with one slash at most. */
static bool
is_safe_name(const char *name)
{
	const char *slash;
	char *folder;
	bool safe;

	slash = strchr(name, '/');
	if (slash == NULL)
		return runs_id_is_safe(name);
	folder = mem_strndup(name, (size_t)(slash - name));
	safe = runs_id_is_safe(folder) && runs_id_is_safe(slash + 1);
	free(folder);
	return safe;
}

/* Does the manifest name this file, or (folder) a file in it? */
static bool
is_named(const struct look *look, const char *has, bool folder)
{
	const struct json *entry;
	const char *name;
	size_t len;

	len = strlen(has);
	for (entry = json_first(look->files); entry != NULL;
	     entry = json_next(entry)) {
		name = json_text(json_get(entry, "name"));
		if (name != NULL && strncmp(name, has, len) == 0 &&
		    name[len] == (folder ? '/' : '\0'))
			return true;
	}
	return false;
}

/* Hashes what fd holds. 0, 1 when it cannot be read, or -1 with err. */
static int
hash_of(struct look *look, int fd, char hex[HASH_HEX_SIZE], uint64_t *bytes)
{
	struct hash *hash;
	char block[65536];
	ssize_t got;
	int rc;

	*bytes = 0;
	hash = hash_begin();
	rc = 0;
	while ((got = read(fd, block, sizeof(block))) != 0) {
		rc = interrupt_check(look->err);
		if (rc != 0 || (got == -1 && errno != EINTR))
			break;
		if (got > 0) {
			hash_add(hash, block, (size_t)got);
			*bytes += (uint64_t)got;
		}
	}
	hash_end(hash, hex);
	return rc != 0 ? -1 : got == -1;
}

static void
check_mode(
    struct look *look, const char *name, const struct stat *st, unsigned others)
{
	if ((st->st_mode & others) != 0)
		runs_verify_fault(look->verdict, look->id, name,
		    "mode %04o:"
		    " more than %04o may do something with it",
		    st->st_mode & 07777U, ~others & 07777U);
}

/* Compares an open file with its entry in the manifest. */
static int
check_content(
    struct look *look, int fd, const char *name, const struct json *entry)
{
	char hex[HASH_HEX_SIZE];
	uint64_t bytes, want_bytes;
	const char *want;
	int rc;

	rc = hash_of(look, fd, hex, &bytes);
	if (rc < 0)
		return -1;
	if (rc > 0) {
		runs_verify_fault(look->verdict, look->id, name,
		    "cannot be read: %s", strerror(errno));
		return 0;
	}
	look->verdict->files++;
	look->verdict->bytes += bytes;
	want = json_text(json_get(entry, "sha256"));
	if (want == NULL ||
	    !json_unsigned(json_get(entry, "bytes"), &want_bytes))
		runs_verify_fault(look->verdict, look->id, name,
		    "the"
		    " manifest does not say what it must hold");
	else if (bytes != want_bytes || strcmp(want, hex) != 0)
		runs_verify_fault(look->verdict, look->id, name,
		    "changed:"
		    " not the bytes that the manifest has the SHA-256 of");
	return 0;
}

/* Opens a file of the run without following a link on the way. */
static int
open_file(const struct look *look, const char *name)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	const char *slash;
	char *first;
	int folder, fd, errnum;

	slash = strchr(name, '/');
	if (slash == NULL)
		return openat(look->folder, name, flags);
	first = mem_strndup(name, (size_t)(slash - name));
	folder = openat(look->folder, first, flags | O_DIRECTORY);
	free(first);
	if (folder == -1)
		return -1;
	fd = openat(folder, slash + 1, flags);
	errnum = errno;
	close(folder);
	errno = errnum;
	return fd;
}

/* Looks at one file; entry is the manifest's, NULL for what it cannot name. */
static int
check_file(struct look *look, const char *name, const struct json *entry)
{
	struct stat st;
	int fd, rc;

	fd = open_file(look, name);
	if (fd == -1) {
		runs_verify_fault(look->verdict, look->id, name,
		    errno == ENOENT ? "missing" : "cannot be opened: %s",
		    errno == ELOOP ? "it is a link" : strerror(errno));
		return 0;
	}
	rc = 0;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		runs_verify_fault(
		    look->verdict, look->id, name, "is no file any more");
	} else {
		check_mode(look, name, &st, OTHERS_FILE);
		if (entry != NULL)
			rc = check_content(look, fd, name, entry);
	}
	close(fd);
	return rc;
}

/* Looks at every file that the manifest names. */
static int
check_named(struct look *look)
{
	const struct json *entry;
	const char *name;
	int rc;

	if (json_count(look->files) == 0)
		runs_verify_fault(look->verdict, look->id, RUNS_MANIFEST,
		    "it names no files");
	rc = 0;
	for (entry = json_first(look->files); rc == 0 && entry != NULL;
	     entry = json_next(entry)) {
		name = json_text(json_get(entry, "name"));
		if (name == NULL || !is_safe_name(name))
			runs_verify_fault(look->verdict, look->id,
			    RUNS_MANIFEST,
			    "it names a file as no file of a"
			    " run is named");
		else
			rc = check_file(look, name, entry);
	}
	return rc;
}

static int
no_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 &&
	    strcmp(entry->d_name, "..") != 0;
}

static void check_extra(struct look *look, const char *prefix);

/* Is it known what this is? Folders of known files are looked into. */
static void
check_one_extra(struct look *look, const char *name)
{
	struct stat st;
	bool folder;

	folder = fstatat(look->folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
	if (folder && is_named(look, name, true)) {
		check_mode(look, name, &st, OTHERS_FOLDER);
		check_extra(look, name);
	} else if (!is_named(look, name, false) &&
	    strcmp(name, RUNS_MANIFEST) != 0 &&
	    strcmp(name, RUNS_DECISIONS) != 0) {
		runs_verify_fault(look->verdict, look->id, name,
		    "extra: the"
		    " manifest does not name it");
	}
}

/* Looks for what the manifest does not name, in the order of the names. */
static void
check_extra(struct look *look, const char *prefix)
{
	struct dirent **entries;
	char *name;
	int i, n;

	n = scandirat(look->folder, prefix[0] == '\0' ? "." : prefix, &entries,
	    no_dots, alphasort);
	if (n == -1) {
		runs_verify_fault(look->verdict, look->id, prefix,
		    "the folder cannot be read: %s", strerror(errno));
		return;
	}
	for (i = 0; i < n; i++) {
		name = mem_printf("%s%s%s", prefix,
		    prefix[0] == '\0' ? "" : "/", entries[i]->d_name);
		check_one_extra(look, name);
		free(name);
		free(entries[i]);
	}
	free(entries);
}

static int
check_run(struct look *look)
{
	struct stat st;

	if (fstat(look->folder, &st) == 0)
		check_mode(look, "", &st, OTHERS_FOLDER);
	if (check_named(look) != 0 ||
	    check_file(look, RUNS_MANIFEST, NULL) != 0)
		return -1;
	if (fstatat(look->folder, RUNS_DECISIONS, &st, AT_SYMLINK_NOFOLLOW) ==
		0 &&
	    check_file(look, RUNS_DECISIONS, NULL) != 0)
		return -1;
	check_extra(look, "");
	return 0;
}

int
runs_verify_files(const struct runs *runs, struct past_run *run,
    struct runs_verdict *verdict, struct err *err)
{
	struct look look = { .id = run->id, .verdict = verdict, .err = err };
	struct err trouble = { 0 };
	const struct json *manifest;
	char *folder;
	int rc;

	manifest = runs_manifest(runs, run, &trouble);
	if (manifest == NULL) {
		runs_verify_fault(
		    verdict, run->id, RUNS_MANIFEST, "%s", trouble.msg);
		return 0;
	}
	if (runs_decisions(runs, run, &trouble) != 0)
		runs_verify_fault(
		    verdict, run->id, RUNS_DECISIONS, "%s", trouble.msg);
	look.files = json_get(manifest, "files");
	folder = mem_printf("%s%s", runs->folder, run->id);
	look.folder = openat(
	    runs->fd, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	free(folder);
	if (look.folder == -1) {
		runs_verify_fault(verdict, run->id, "",
		    "the folder cannot be"
		    " opened: %s",
		    strerror(errno));
		return 0;
	}
	rc = check_run(&look);
	close(look.folder);
	return rc;
}
