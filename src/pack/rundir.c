#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"
#include "pack/rundir.h"
#include "pack/runs_decisions.h"

#define LOCK ".lock"
#define STAGE_PREFIX ".stage."
#define LINK_PREFIX ".link."
#define ID_NUMBER_AT 17 /* where 0007 starts in an id */

struct rundir {
	char *out;
	const char *runs; /* RUNDIR_RUNS or RUNDIR_HERE */
	bool sync_at_end;
	int fd; /* of out */
	int lock;
	int stage; /* -1: none, or published */
	char *stage_name;
	char id[RUN_ID_SIZE];
};

/* The folder of runs, as a name in the folder out. */
static const char *
runs_folder(const struct rundir *dir)
{
	return dir->runs[0] == '\0' ? "." : dir->runs;
}

static int
io_failed(struct err *err, int errnum, const char *what, const char *dir,
    const char *name)
{
	err_set_errno(err, EXIT_IO, errnum,
	    "%s %s/%s failed, nothing was"
	    " published",
	    what, dir, name);
	return err_hint(err, "%s",
	    errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG ?
		"Make room on the disk and run again; the last"
		" published run is untouched." :
		"Look at who owns the folder,"
		" then run again; the last published run is untouched.");
}

/* Removes a folder and all in it; what cannot be removed stays. */
static void
remove_tree(int parent, const char *name)
{
	struct dirent *entry;
	DIR *folder;
	int fd;

	fd = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return;
	folder = fdopendir(fd);
	if (folder == NULL) {
		close(fd);
		return;
	}
	while ((entry = readdir(folder)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(fd, entry->d_name, 0) == -1)
			remove_tree(fd, entry->d_name);
	}
	closedir(folder);
	unlinkat(parent, name, AT_REMOVEDIR);
}

static bool
begins_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/*
 * Calls fn with each name in a folder; -1 with errno when not all of them can
 * be listed.
 */
static int
each_name(int parent, const char *name,
    void (*fn)(struct rundir *dir, const char *entry, unsigned long *arg),
    struct rundir *dir, unsigned long *arg)
{
	struct dirent *entry;
	DIR *folder;
	int fd, errnum;

	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	folder = fd == -1 ? NULL : fdopendir(fd);
	if (folder == NULL) {
		if (fd != -1)
			close(fd);
		return -1;
	}
	while (errno = 0, (entry = readdir(folder)) != NULL)
		fn(dir, entry->d_name, arg);
	errnum = errno;
	closedir(folder);
	errno = errnum;
	return errnum == 0 ? 0 : -1;
}

/*
 * What a killed run left: its stage, a file that was not yet in place, a link
 * that was not yet moved.
 */
static void
remove_leftover(struct rundir *dir, const char *name, unsigned long *arg)
{
	(void)arg;
	if (!begins_with(name, STAGE_PREFIX) && !begins_with(name, LINK_PREFIX))
		return;
	if (unlinkat(dir->fd, name, 0) == -1)
		remove_tree(dir->fd, name);
}

/* An acceptance that cannot be finished must not be swept away. */
static int
repair(struct rundir *dir, struct err *err)
{
	bool half;

	if (runs_decisions_acceptance_is_half(dir->fd, dir->runs,
		LINK_PREFIX RUNDIR_ACCEPTED, &half, err) != 0)
		return -1;
	if (half && rundir_link_swap(dir, RUNDIR_ACCEPTED) != 0)
		return io_failed(
		    err, errno, "moving", dir->out, RUNDIR_ACCEPTED);
	each_name(dir->fd, ".", remove_leftover, dir, NULL);
	return 0;
}

static void
note_number(struct rundir *dir, const char *name, unsigned long *highest)
{
	unsigned long number;

	(void)dir;
	if (strlen(name) <= ID_NUMBER_AT || name[ID_NUMBER_AT - 1] != '-')
		return;
	number = strtoul(name + ID_NUMBER_AT, NULL, 10);
	if (number > *highest)
		*highest = number;
}

/* YYYYMMDDTHHMMSSZ-NNNN: runs follow each other by the number. */
static int
make_id(struct rundir *dir, int64_t now, struct err *err)
{
	char utc[UTC_TEXT_SIZE];
	unsigned long highest;
	size_t from, to;

	highest = 0;
	if (each_name(dir->fd, runs_folder(dir), note_number, dir, &highest) !=
	    0)
		return io_failed(
		    err, errno, "reading", dir->out, runs_folder(dir));
	if (!utc_format(now, utc))
		snprintf(utc, sizeof(utc), "0000-00-00T00:00:00Z");
	for (from = to = 0; utc[from] != '\0'; from++) {
		if (utc[from] != '-' && utc[from] != ':')
			utc[to++] = utc[from];
	}
	snprintf(
	    dir->id, sizeof(dir->id), "%.*s-%04lu", (int)to, utc, highest + 1);
	return 0;
}

static int
locked_by_other(struct rundir *dir, struct err *err)
{
	char who[200];
	ssize_t got;

	got = pread(dir->lock, who, sizeof(who) - 1, 0);
	who[got < 0 ? 0 : got] = '\0';
	who[strcspn(who, "\n")] = '\0';
	err_set(err, EXIT_LOCKED,
	    "another run holds the lock %s/%s%s%s;"
	    " nothing was done",
	    dir->out, LOCK, who[0] == '\0' ? "" : ": ", who);
	return err_hint(err,
	    "Wait until it has ended and run again; the lock"
	    " goes with the process that holds it.");
}

static int
take_lock(struct rundir *dir, int64_t now, struct err *err)
{
	char utc[UTC_TEXT_SIZE] = "";
	struct buf who = { 0 };
	int rc;

	dir->lock = openat(
	    dir->fd, LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (dir->lock == -1)
		return io_failed(err, errno, "opening", dir->out, LOCK);
	if (flock(dir->lock, LOCK_EX | LOCK_NB) == -1)
		return errno == EWOULDBLOCK ?
		    locked_by_other(dir, err) :
		    io_failed(err, errno, "locking", dir->out, LOCK);
	utc_format(now, utc);
	buf_printf(&who, "process %ld, started %s\n", (long)getpid(), utc);
	rc = ftruncate(dir->lock, 0) == -1 ||
		rundir_write_all(dir->lock, who.data, who.len) != 0 ?
	    io_failed(err, errno, "writing", dir->out, LOCK) :
	    0;
	buf_free(&who);
	return rc;
}

static int
make_folder(
    const struct rundir *dir, int parent, const char *name, struct err *err)
{
	if (mkdirat(parent, name, 0700) == 0 || errno == EEXIST)
		return 0;
	return io_failed(err, errno, "making", dir->out, name);
}

static int
make_out(struct rundir *dir, struct err *err)
{
	if (mkdir(dir->out, 0700) == 0 || errno == EEXIST)
		return 0;
	err_set_errno(err, EXIT_IO, errno,
	    "the folder %s cannot be made,"
	    " nothing was done",
	    dir->out);
	return err_hint(err,
	    "Correct [output] dir, or make the folder it"
	    " stands in.");
}

static int
open_out(struct rundir *dir, struct err *err)
{
	dir->fd = open(dir->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir->fd != -1)
		return 0;
	err_set_errno(err, errno == ENOENT ? EXIT_USAGE : EXIT_IO, errno,
	    "the folder %s cannot be opened, nothing was done", dir->out);
	return err_hint(err, "Correct [output] dir.");
}

/* A stage that a killed run left, and that stays, has files of its own. */
static int
open_stage(struct rundir *dir, struct err *err)
{
	dir->stage_name = mem_printf("%s%s", STAGE_PREFIX, dir->id);
	if (mkdirat(dir->fd, dir->stage_name, 0700) == -1)
		return io_failed(
		    err, errno, "making", dir->out, dir->stage_name);
	dir->stage = openat(dir->fd, dir->stage_name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir->stage != -1)
		return 0;
	io_failed(err, errno, "opening", dir->out, dir->stage_name);
	unlinkat(dir->fd, dir->stage_name, AT_REMOVEDIR);
	return -1;
}

static struct rundir *
rundir_new(const char *out, const char *runs)
{
	struct rundir *dir;

	dir = mem_zalloc(1, sizeof(*dir));
	dir->out = mem_strdup(out);
	dir->runs = runs;
	dir->fd = dir->lock = dir->stage = -1;
	return dir;
}

struct rundir *
rundir_open_in(const char *out, const char *runs, int64_t now, struct err *err)
{
	struct rundir *dir;

	dir = rundir_new(out, runs);
	if (make_out(dir, err) == 0 && open_out(dir, err) == 0 &&
	    take_lock(dir, now, err) == 0 &&
	    make_folder(dir, dir->fd, runs_folder(dir), err) == 0 &&
	    make_id(dir, now, err) == 0 && repair(dir, err) == 0 &&
	    open_stage(dir, err) == 0)
		return dir;
	rundir_close(dir);
	return NULL;
}

struct rundir *
rundir_open(const char *out, int64_t now, struct err *err)
{
	return rundir_open_in(out, RUNDIR_RUNS, now, err);
}

struct rundir *
rundir_lock_in(const char *out, const char *runs, int64_t now, struct err *err)
{
	struct rundir *dir;

	dir = rundir_new(out, runs);
	if (open_out(dir, err) == 0 && take_lock(dir, now, err) == 0 &&
	    repair(dir, err) == 0)
		return dir;
	rundir_close(dir);
	return NULL;
}

struct rundir *
rundir_lock(const char *out, int64_t now, struct err *err)
{
	return rundir_lock_in(out, RUNDIR_RUNS, now, err);
}

void
rundir_sync_at_end(struct rundir *dir)
{
	dir->sync_at_end = true;
}

void
rundir_close(struct rundir *dir)
{
	if (dir == NULL)
		return;
	if (dir->stage != -1) {
		close(dir->stage);
		remove_tree(dir->fd, dir->stage_name);
	}
	if (dir->lock != -1)
		close(dir->lock);
	if (dir->fd != -1)
		close(dir->fd);
	free(dir->stage_name);
	free(dir->out);
	free(dir);
}

const char *
rundir_id(const struct rundir *dir)
{
	return dir->id;
}

int
rundir_stage_fd(const struct rundir *dir)
{
	return dir->stage;
}

const char *
rundir_out(const struct rundir *dir)
{
	return dir->out;
}

int
rundir_create(struct rundir *dir, const char *name, struct err *err)
{
	const char *slash;
	char *folder;
	int fd, rc;

	slash = strchr(name, '/');
	if (slash != NULL) {
		folder = mem_strndup(name, (size_t)(slash - name));
		rc = make_folder(dir, dir->stage, folder, err);
		free(folder);
		if (rc != 0)
			return -1;
	}
	fd = openat(dir->stage, name,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd == -1 ?
	    io_failed(err, errno, "creating", dir->stage_name, name) :
	    fd;
}

int
rundir_write_all(int fd, const void *bytes, size_t len)
{
	const char *at;
	ssize_t wrote;

	for (at = bytes; len > 0; at += wrote, len -= (size_t)wrote) {
		wrote = write(fd, at, len);
		if (wrote == -1 && errno != EINTR)
			return -1;
		if (wrote == -1)
			wrote = 0;
	}
	return 0;
}

void
rundir_write_behind(int fd, uint64_t from, uint64_t size)
{
	/* Only a hint: fsync() is what reports errors. */
	(void)sync_file_range(
	    fd, (off_t)from, (off_t)size, SYNC_FILE_RANGE_WRITE);
}

int
rundir_close_file(struct rundir *dir, int fd, const char *name, struct err *err)
{
	int errnum;

	errnum = !dir->sync_at_end && fsync(fd) == -1 ? errno : 0;
	if (close(fd) == -1 && errnum == 0)
		errnum = errno;
	return errnum == 0 ?
	    0 :
	    io_failed(err, errnum, "writing", dir->stage_name, name);
}

int
rundir_hash(const struct rundir *dir, const char *name, char hex[HASH_HEX_SIZE],
    uint64_t *bytes, struct err *err)
{
	struct stat st;
	char *path;
	int rc;

	path = mem_printf("%s/%s/%s", dir->out, dir->stage_name, name);
	rc = 0;
	if (stat(path, &st) == -1 || hash_file(path, hex) == -1)
		rc = io_failed(err, errno, "reading", dir->stage_name, name);
	else
		*bytes = (uint64_t)st.st_size;
	free(path);
	return rc;
}

int
rundir_rename(
    struct rundir *dir, const char *from, const char *to, struct err *err)
{
	return renameat(dir->stage, from, dir->stage, to) == -1 ?
	    io_failed(err, errno, "renaming", dir->stage_name, from) :
	    0;
}

/* 0, or -1 with errno. */
static int
sync_quietly(int parent, const char *name)
{
	int fd, errnum;

	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	errnum = fsync(fd) == -1 ? errno : 0;
	close(fd);
	errno = errnum;
	return errnum == 0 ? 0 : -1;
}

static int
sync_folder(
    const struct rundir *dir, int parent, const char *name, struct err *err)
{
	return sync_quietly(parent, name) == 0 ?
	    0 :
	    io_failed(err, errno, "syncing", dir->out, name);
}

/* Syncs the stage, its folders first. */
static int
sync_stage(struct rundir *dir, struct err *err)
{
	struct dirent *entry;
	DIR *folder;
	int fd, rc;

	fd = openat(dir->stage, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	folder = fd == -1 ? NULL : fdopendir(fd);
	if (folder == NULL) {
		rc = io_failed(
		    err, errno, "reading", dir->out, dir->stage_name);
		if (fd != -1)
			close(fd);
		return rc;
	}
	rc = 0;
	while (rc == 0 && (errno = 0, entry = readdir(folder)) != NULL) {
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			rc = sync_folder(dir, fd, entry->d_name, err);
	}
	if (rc == 0 && errno != 0)
		rc = io_failed(
		    err, errno, "reading", dir->out, dir->stage_name);
	closedir(folder);
	return rc == 0 ? sync_folder(dir, dir->fd, dir->stage_name, err) : rc;
}

int
rundir_link_prepare(struct rundir *dir, const char *name, const char *id)
{
	char *target, *link;
	int rc;

	target = mem_printf("%s%s", dir->runs, id);
	link = mem_printf("%s%s", LINK_PREFIX, name);
	rc = symlinkat(target, dir->fd, link);
	free(target);
	free(link);
	return rc == 0 ? sync_quietly(dir->fd, ".") : -1;
}

int
rundir_link_swap(struct rundir *dir, const char *name)
{
	char *link;
	int rc;

	link = mem_printf("%s%s", LINK_PREFIX, name);
	rc = renameat(dir->fd, link, dir->fd, name);
	free(link);
	return rc == 0 ? sync_quietly(dir->fd, ".") : -1;
}

void
rundir_link_forget(struct rundir *dir, const char *name)
{
	char *link;

	link = mem_printf("%s%s", LINK_PREFIX, name);
	unlinkat(dir->fd, link, 0);
	free(link);
}

/* Makes the rename of the stage durable, and "current" name the run. */
static int
point_at_run(struct rundir *dir, struct err *err)
{
	if (sync_quietly(dir->fd, runs_folder(dir)) == 0 &&
	    rundir_link_prepare(dir, RUNDIR_CURRENT, dir->id) == 0 &&
	    rundir_link_swap(dir, RUNDIR_CURRENT) == 0)
		return 0;
	err_set_errno(err, EXIT_IO, errno,
	    "the run %s/%s%s is published,"
	    " but %s/%s may still name the one before",
	    dir->out, dir->runs, dir->id, dir->out, RUNDIR_CURRENT);
	return err_hint(err, "Run again: the next run sets it right.");
}

int
rundir_publish(struct rundir *dir, char **path, struct err *err)
{
	char *run;
	int rc;

	if (dir->sync_at_end && syncfs(dir->stage) == -1)
		return io_failed(
		    err, errno, "syncing", dir->out, dir->stage_name);
	if (!dir->sync_at_end && sync_stage(dir, err) != 0)
		return -1;
	run = mem_printf("%s%s", dir->runs, dir->id);
	rc = renameat(dir->fd, dir->stage_name, dir->fd, run) == -1 ?
	    io_failed(err, errno, "publishing", dir->out, run) :
	    0;
	free(run);
	if (rc != 0)
		return -1;
	close(dir->stage);
	dir->stage = -1;
	*path = mem_printf("%s/%s%s", dir->out, dir->runs, dir->id);
	return point_at_run(dir, err);
}

/* Makes a new file with these bytes durable. */
static int
write_new(int parent, const char *name, const void *bytes, size_t len)
{
	int fd, errnum;

	fd = openat(parent, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	errnum = rundir_write_all(fd, bytes, len) != 0 || fsync(fd) == -1 ?
	    errno :
	    0;
	if (close(fd) == -1 && errnum == 0)
		errnum = errno;
	errno = errnum;
	return errnum == 0 ? 0 : -1;
}

int
rundir_replace(struct rundir *dir, const char *folder, const char *name,
    const void *bytes, size_t len)
{
	char *temporary, *path;
	int errnum;

	temporary = mem_printf("%s%s", STAGE_PREFIX, name);
	path = mem_printf("%s/%s", folder, name);
	errnum = write_new(dir->fd, temporary, bytes, len) == -1 ||
		renameat(dir->fd, temporary, dir->fd, path) == -1 ?
	    errno :
	    0;
	if (errnum != 0)
		unlinkat(dir->fd, temporary, 0);
	else if (sync_quietly(dir->fd, folder) == -1)
		errnum = errno;
	free(temporary);
	free(path);
	errno = errnum;
	return errnum == 0 ? 0 : -1;
}

int
rundir_remove_run(struct rundir *dir, const char *id)
{
	char *run, *going;
	int errnum;

	run = mem_printf("%s%s", dir->runs, id);
	going = mem_printf("%spurge-%s", STAGE_PREFIX, id);
	errnum = renameat(dir->fd, run, dir->fd, going) == -1 ||
		sync_quietly(dir->fd, runs_folder(dir)) == -1 ?
	    errno :
	    0;
	if (errnum == 0) {
		remove_tree(dir->fd, going);
		if (faccessat(dir->fd, going, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			errnum = ENOTEMPTY;
	}
	free(run);
	free(going);
	errno = errnum;
	return errnum == 0 ? 0 : -1;
}
