#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "pack/runs.h"

#define NUMBER_AT 17 /* where 0007 starts in 20261123T043000Z-0007 */

bool
runs_id_is_safe(const char *id)
{
	size_t i;

	for (i = 0; id[i] != '\0'; i++) {
		if (!isalnum((unsigned char)id[i]) &&
		    strchr("._-", id[i]) == NULL)
			return false;
	}
	return i > 0 && i < RUN_ID_SIZE && id[0] != '.';
}

unsigned long
runs_number(const char *name)
{
	const char *digits;

	if (!runs_id_is_safe(name) || strlen(name) <= NUMBER_AT ||
	    name[NUMBER_AT - 1] != '-')
		return 0;
	digits = name + NUMBER_AT;
	if (digits[strspn(digits, "0123456789")] != '\0' || strlen(digits) > 18)
		return 0;
	return strtoul(digits, NULL, 10);
}

/* Adds what a name in the folder of runs stands for; -1 with errno. */
static int
add_name(struct runs *runs, int parent, const char *name)
{
	unsigned long number;
	struct past_run *run;
	struct stat st;

	number = runs_number(name);
	if (number != 0 &&
	    fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return -1;
	if (number == 0 || !S_ISDIR(st.st_mode)) {
		runs->strays = mem_grow(runs->strays, runs->nstrays,
		    &runs->capstrays, sizeof(*runs->strays));
		runs->strays[runs->nstrays++] = mem_strdup(name);
		return 0;
	}
	runs->all = mem_grow(
	    runs->all, runs->count, &runs->cap, sizeof(*runs->all));
	run = &runs->all[runs->count++];
	*run = (struct past_run){ .number = number };
	memcpy(run->id, name, strlen(name) + 1);
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const struct past_run *x, *y;

	x = a;
	y = b;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int
cannot_be_read(const struct runs *runs, const char *what, struct err *err)
{
	if (errno != ENOENT) {
		err_set_errno(err, EXIT_IO, errno,
		    "%s%s cannot be read, nothing was done", runs->out, what);
		return err_hint(err,
		    "Look at the disk and at who owns the folder, then type"
		    " the same again.");
	}
	err_set_errno(err, EXIT_USAGE, errno,
	    "there are no runs to look at, nothing was done: %s%s cannot be"
	    " opened",
	    runs->out, what);
	return err_hint(err, "Correct [output] dir, or make a first run.");
}

static int
folder_cannot_be_read(const struct runs *runs, struct err *err)
{
	char *what;
	int rc, errnum;

	errnum = errno;
	what = mem_printf("/%s", runs->folder);
	errno = errnum;
	rc = cannot_be_read(runs, what, err);
	free(what);
	return rc;
}

/* The links and what is being made stand beside the runs of RUNDIR_HERE. */
static bool
is_beside(const struct runs *runs, const char *name)
{
	return runs->folder[0] == '\0' &&
	    (name[0] == '.' || strcmp(name, RUNDIR_CURRENT) == 0 ||
		strcmp(name, RUNDIR_ACCEPTED) == 0);
}

/* Not to see a run would be worse than to see none. */
static int
list_names(struct runs *runs, DIR *folder, struct err *err)
{
	struct dirent *entry;
	int rc;

	rc = 0;
	while (rc == 0 && (errno = 0, entry = readdir(folder)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    !is_beside(runs, entry->d_name))
			rc = add_name(runs, dirfd(folder), entry->d_name);
	}
	return rc == 0 && errno == 0 ? 0 : folder_cannot_be_read(runs, err);
}

static int
list_runs(struct runs *runs, struct err *err)
{
	DIR *folder;
	int fd, rc;

	runs->fd = open(runs->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (runs->fd == -1)
		return cannot_be_read(runs, "", err);
	fd = openat(runs->fd, runs->folder[0] == '\0' ? "." : runs->folder,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* A first run that failed leaves the folder without any. */
	if (fd == -1 && errno == ENOENT)
		return 0;
	folder = fd == -1 ? NULL : fdopendir(fd);
	if (folder == NULL) {
		if (fd != -1)
			close(fd);
		return folder_cannot_be_read(runs, err);
	}
	rc = list_names(runs, folder, err);
	closedir(folder);
	if (runs->count > 0)
		qsort(runs->all, runs->count, sizeof(*runs->all), by_number);
	return rc;
}

struct past_run *
runs_by_id(const struct runs *runs, const char *id)
{
	size_t i;

	for (i = 0; i < runs->count; i++) {
		if (strcmp(runs->all[i].id, id) == 0)
			return &runs->all[i];
	}
	return NULL;
}

int
runs_link_target(
    int out, const char *folder, const char *name, char id[RUN_ID_SIZE])
{
	char target[sizeof(RUNDIR_RUNS) + RUN_ID_SIZE];
	const char *named;
	ssize_t len;

	id[0] = '\0';
	len = readlinkat(out, name, target, sizeof(target) - 1);
	if (len == -1 && errno != ENOENT && errno != EINVAL)
		return -1;
	target[len < 0 ? 0 : len] = '\0';
	if (strncmp(target, folder, strlen(folder)) != 0)
		return 0;
	named = target + strlen(folder);
	if (runs_id_is_safe(named))
		memcpy(id, named, strlen(named) + 1);
	return 0;
}

static int
read_link(struct runs *runs, const char *name, struct runs_link *link,
    struct err *err)
{
	struct stat st;
	bool there;
	char *shown;
	int rc;

	there = fstatat(runs->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (!there && errno == ENOENT)
		return 0;
	if (!there ||
	    runs_link_target(runs->fd, runs->folder, name, link->id) != 0) {
		shown = mem_printf("/%s", name);
		rc = cannot_be_read(runs, shown, err);
		free(shown);
		return rc;
	}
	link->run = runs_by_id(runs, link->id);
	link->dangles = link->run == NULL;
	if (link->dangles)
		log_line(LOG_WARN,
		    "%s/%s does not name a run that is here:"
		    " it counts as none",
		    runs->out, name);
	return 0;
}

struct runs *
runs_open(const char *out, struct err *err)
{
	return runs_open_in(out, RUNDIR_RUNS, err);
}

struct runs *
runs_open_in(const char *out, const char *folder, struct err *err)
{
	struct runs *runs;

	runs = mem_zalloc(1, sizeof(*runs));
	runs->out = mem_strdup(out);
	runs->folder = folder;
	runs->fd = -1;
	if (list_runs(runs, err) == 0 &&
	    read_link(runs, RUNDIR_CURRENT, &runs->current, err) == 0 &&
	    read_link(runs, RUNDIR_ACCEPTED, &runs->accepted, err) == 0)
		return runs;
	runs_close(runs);
	return NULL;
}

void
runs_close(struct runs *runs)
{
	size_t i;

	if (runs == NULL)
		return;
	for (i = 0; i < runs->count; i++) {
		json_free(runs->all[i].manifest);
		json_free(runs->all[i].decisions);
	}
	for (i = 0; i < runs->nstrays; i++)
		free(runs->strays[i]);
	if (runs->fd != -1)
		close(runs->fd);
	free(runs->strays);
	free(runs->all);
	free(runs->out);
	free(runs);
}

struct past_run *
runs_newest(const struct runs *runs)
{
	return runs->count == 0 ? NULL : &runs->all[runs->count - 1];
}

char *
runs_path(const struct runs *runs, const struct past_run *run, const char *file)
{
	return mem_printf("%s/%s%s%s%s", runs->out, runs->folder, run->id,
	    file == NULL ? "" : "/", file == NULL ? "" : file);
}

/* The bytes of a regular file; 0, or -1 with errno. */
static int
read_whole(int fd, struct buf *bytes)
{
	struct stat st;
	ssize_t got;

	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	while (bytes->len <= RUNS_JSON_MAX) {
		got = read(fd, buf_reserve(bytes, 65536), 65536);
		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		bytes->len += (size_t)got;
	}
	return 0; /* one too many, as the parser will say */
}

/* Something else in its place is damage; what the disk refuses is not. */
static int
refuse_file(const char *shown, int errnum, struct err *err)
{
	if (errnum != ELOOP && errnum != EINVAL && errnum != ENXIO) {
		err_set_errno(err, EXIT_IO, errnum,
		    "%s cannot be read, nothing was done", shown);
		return err_hint(err,
		    "Look at the disk and at who owns the file, then type"
		    " the same again.");
	}
	err_set(err, EXIT_INVALID, "%s is not a regular file", shown);
	return err_hint(err,
	    "Somebody put something else in its place;"
	    " ps2canvas verify says what else is wrong.");
}

/* The bytes of a file and their SHA-256; bytes NULL: the hash alone. */
static int
read_file(int fd, const char *name, const char *shown, struct buf *bytes,
    char hex[HASH_HEX_SIZE], struct err *err)
{
	struct buf own = { 0 };
	struct hash *hash;
	int file, rc;

	hex[0] = '\0';
	if (bytes == NULL)
		bytes = &own;
	file = openat(fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file == -1)
		return errno == ENOENT ? 0 : refuse_file(shown, errno, err);
	rc = read_whole(file, bytes);
	if (rc != 0)
		refuse_file(shown, errno, err);
	close(file);
	if (rc == 0) {
		hash = hash_begin();
		hash_add(hash, bytes->data, bytes->len);
		hash_end(hash, hex);
	}
	buf_free(&own);
	return rc;
}

int
runs_read_json(int fd, const char *name, const char *shown, struct json **json,
    char hex[HASH_HEX_SIZE], struct err *err)
{
	const struct json_origin origin = { shown, RUNS_JSON_MAX,
		EXIT_INVALID };
	struct buf bytes = { 0 };
	int rc;

	*json = NULL;
	rc = read_file(fd, name, shown, &bytes, hex, err);
	if (rc == 0 && hex[0] != '\0') {
		*json = json_parse(bytes.data, bytes.len, &origin, err);
		rc = *json == NULL ? -1 : 0;
	}
	buf_free(&bytes);
	return rc;
}

/* Has the document this schema, a version that is known, and this run? */
static bool
is_document(const struct json *json, const char *schema, const char *run)
{
	const char *has_schema, *has_run;
	uint64_t version;

	has_schema = json_text(json_get(json, "schema"));
	has_run = json_text(json_get(json, "run"));
	return has_schema != NULL && strcmp(has_schema, schema) == 0 &&
	    json_unsigned(json_get(json, "version"), &version) &&
	    version == 1 && has_run != NULL && strcmp(has_run, run) == 0;
}

/* Reads a file of the run and checks that it is what it must be. */
static int
read_document(const struct runs *runs, const struct past_run *run,
    const char *file, const char *schema, struct json **json,
    char hex[HASH_HEX_SIZE], struct err *err)
{
	char *name, *shown;
	int rc;

	name = mem_printf("%s%s/%s", runs->folder, run->id, file);
	shown = runs_path(runs, run, file);
	rc = runs_read_json(runs->fd, name, shown, json, hex, err);
	if (rc == 0 && *json != NULL && !is_document(*json, schema, run->id)) {
		json_free(*json);
		*json = NULL;
		rc = err_set(err, EXIT_INVALID,
		    "%s is not the %s of this"
		    " run, version 1",
		    shown, schema);
	}
	free(name);
	free(shown);
	return rc;
}

static int
no_manifest(
    const struct runs *runs, const struct past_run *run, struct err *err)
{
	return err_set(err, EXIT_INVALID, "%s/%s%s has no " RUNS_MANIFEST,
	    runs->out, runs->folder, run->id);
}

const struct json *
runs_manifest(const struct runs *runs, struct past_run *run, struct err *err)
{
	if (run->manifest != NULL)
		return run->manifest;
	if (read_document(runs, run, RUNS_MANIFEST, "rollbook-manifest",
		&run->manifest, run->manifest_sha256, err) == 0 &&
	    run->manifest == NULL)
		no_manifest(runs, run, err);
	return run->manifest;
}

int
runs_file_hash(const struct runs *runs, const struct past_run *run,
    const char *file, char hex[HASH_HEX_SIZE], struct err *err)
{
	char *name, *shown;
	int rc;

	name = mem_printf("%s%s/%s", runs->folder, run->id, file);
	shown = runs_path(runs, run, file);
	rc = read_file(runs->fd, name, shown, NULL, hex, err);
	free(name);
	free(shown);
	return rc;
}

int
runs_manifest_hash(
    const struct runs *runs, struct past_run *run, struct err *err)
{
	if (run->manifest_sha256[0] != '\0')
		return 0;
	if (runs_file_hash(
		runs, run, RUNS_MANIFEST, run->manifest_sha256, err) != 0)
		return -1;
	return run->manifest_sha256[0] == '\0' ? no_manifest(runs, run, err) :
						 0;
}

/* Is every decision an object with a name and a time, in a list? */
static bool
decisions_are_sound(const struct json *document)
{
	const struct json *one, *list;

	list = json_get(document, "decisions");
	if (json_kind(list) != JSON_LIST)
		return false;
	for (one = json_first(list); one != NULL; one = json_next(one)) {
		if (json_text(json_get(one, "decision")) == NULL ||
		    json_text(json_get(one, "time")) == NULL)
			return false;
	}
	return true;
}

/* Decisions are about one manifest: they say which. */
static bool
are_of_this_manifest(const struct past_run *run)
{
	const char *hex;

	hex = json_text(json_get(run->decisions, "manifest_sha256"));
	return hex != NULL && strcmp(hex, run->manifest_sha256) == 0;
}

int
runs_decisions(const struct runs *runs, struct past_run *run, struct err *err)
{
	int rc;

	if (run->decisions_read)
		return 0;
	rc = read_document(runs, run, RUNS_DECISIONS, "rollbook-decisions",
	    &run->decisions, run->decisions_sha256, err);
	if (rc == 0 && run->decisions != NULL)
		rc = runs_manifest_hash(runs, run, err);
	if (rc == 0 && run->decisions != NULL &&
	    (!decisions_are_sound(run->decisions) ||
		!are_of_this_manifest(run)))
		rc = err_set(err, EXIT_INVALID,
		    "%s/%s%s/" RUNS_DECISIONS
		    " does not belong to the manifest beside"
		    " it",
		    runs->out, runs->folder, run->id);
	if (rc != 0) {
		json_free(run->decisions);
		run->decisions = NULL;
	}
	run->decisions_read = rc == 0;
	return rc;
}
