#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "source/ps_save.h"

#define WRITE_SIZE ((size_t)1 << 20) /* bytes that are written at once */

struct ps_save {
	char *dir;   /* where it goes in the end */
	char *stage; /* where it is written */
	char *name;  /* of the file at hand; NULL: none */
	int fd;
	struct buf bytes; /* not written yet */
	uint64_t written;
	int errnum; /* of the first failure */
	bool done;
};

static int
fail(const struct ps_save *save, int errnum, const char *what, struct err *err)
{
	err_set_errno(err, EXIT_IO, errnum,
	    "--save %s: %s, nothing was saved or published", save->dir, what);
	return err_hint(err, "Name a folder on a disk with room.");
}

static bool
is_empty_folder(const char *dir)
{
	const struct dirent *entry;
	DIR *folder;
	bool empty;

	folder = opendir(dir);
	if (folder == NULL)
		return false;
	empty = true;
	while ((entry = readdir(folder)) != NULL)
		empty = empty &&
		    (strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0);
	closedir(folder);
	return empty;
}

static char *
without_slashes(const char *dir)
{
	size_t len;

	len = strlen(dir);
	while (len > 1 && dir[len - 1] == '/')
		len--;
	return mem_strndup(dir, len);
}

/* The folder that a path stands in. */
static char *
parent_of(const char *path)
{
	const char *slash;

	slash = strrchr(path, '/');
	if (slash == NULL)
		return mem_strdup(".");
	return slash == path ? mem_strdup("/") :
			       mem_strndup(path, (size_t)(slash - path));
}

static void
remove_stage(const char *stage)
{
	const struct dirent *entry;
	char *path;
	DIR *folder;

	folder = opendir(stage);
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		path = mem_printf("%s/%s", stage, entry->d_name);
		(void)unlink(path);
		free(path);
	}
	if (folder != NULL)
		closedir(folder);
	(void)rmdir(stage);
}

/* What a process that was killed left beside dir: it holds a roster. */
static void
remove_left(const char *dir)
{
	const struct dirent *entry;
	char *parent, *begin, *stage, *end;
	DIR *folder;
	long pid;

	parent = parent_of(dir);
	begin = mem_printf("%s.part-",
	    strrchr(dir, '/') == NULL ? dir : strrchr(dir, '/') + 1);
	folder = opendir(parent);
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (strncmp(entry->d_name, begin, strlen(begin)) != 0)
			continue;
		pid = strtol(entry->d_name + strlen(begin), &end, 10);
		if (*end != '\0' || pid <= 0 || kill((pid_t)pid, 0) == 0 ||
		    errno != ESRCH)
			continue;
		stage = mem_printf("%s/%s", parent, entry->d_name);
		remove_stage(stage);
		free(stage);
	}
	if (folder != NULL)
		closedir(folder);
	free(begin);
	free(parent);
}

struct ps_save *
ps_save_begin(const char *dir, struct err *err)
{
	struct ps_save *save;

	save = mem_zalloc(1, sizeof(*save));
	save->fd = -1;
	save->done = true;
	save->dir = without_slashes(dir);
	save->stage = mem_printf("%s.part-%ld", save->dir, (long)getpid());
	remove_left(save->dir);
	if (access(save->dir, F_OK) == 0 && !is_empty_folder(save->dir)) {
		err_set(err, EXIT_USAGE,
		    "--save %s: is there already and is not an empty folder;"
		    " nothing was read",
		    save->dir);
		err_hint(err, "Name a folder that is not there yet.");
	} else if (mkdir(save->stage, 0700) == -1) {
		fail(save, errno, "no folder can be made beside it", err);
	} else {
		save->done = false;
		return save;
	}
	ps_save_free(save);
	return NULL;
}

int
ps_save_file(struct ps_save *save, const char *name, struct err *err)
{
	char *path;

	path = mem_printf("%s/%s", save->stage, name);
	save->fd = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	free(path);
	if (save->fd == -1)
		return fail(save, errno, "a file cannot be made", err);
	save->name = mem_strdup(name);
	save->written = 0;
	return 0;
}

static void
flush(struct ps_save *save)
{
	const char *at;
	ssize_t put;
	size_t left;

	at = save->bytes.data;
	left = save->bytes.len;
	while (left > 0 && save->errnum == 0) {
		put = write(save->fd, at, left);
		if (put == -1 && errno == EINTR)
			continue;
		if (put == -1) {
			save->errnum = errno;
			break;
		}
		at += put;
		left -= (size_t)put;
	}
	save->written += save->bytes.len;
	save->bytes.len = 0;
}

void
ps_save_add(struct ps_save *save, const void *bytes, size_t len)
{
	buf_add(&save->bytes, bytes, len);
	if (save->bytes.len >= WRITE_SIZE)
		flush(save);
}

uint64_t
ps_save_mark(const struct ps_save *save)
{
	return save->written + save->bytes.len;
}

void
ps_save_cut(struct ps_save *save, uint64_t mark)
{
	if (mark >= save->written) {
		save->bytes.len = (size_t)(mark - save->written);
		return;
	}
	save->bytes.len = 0;
	save->written = mark;
	if (save->errnum == 0 &&
	    (ftruncate(save->fd, (off_t)mark) == -1 ||
		lseek(save->fd, (off_t)mark, SEEK_SET) == -1))
		save->errnum = errno;
}

int
ps_save_end_file(struct ps_save *save, struct err *err)
{
	flush(save);
	if (save->errnum == 0 && fsync(save->fd) == -1)
		save->errnum = errno;
	if (close(save->fd) == -1 && save->errnum == 0)
		save->errnum = errno;
	save->fd = -1;
	free(save->name);
	save->name = NULL;
	return save->errnum == 0 ?
	    0 :
	    fail(save, save->errnum, "a file cannot be written", err);
}

void
ps_save_remove(struct ps_save *save, const char *name)
{
	char *path;

	path = mem_printf("%s/%s", save->stage, name);
	(void)unlink(path);
	free(path);
}

void
ps_save_drop_file(struct ps_save *save)
{
	ps_save_remove(save, save->name);
	close(save->fd);
	save->fd = -1;
	save->bytes.len = 0;
	free(save->name);
	save->name = NULL;
}

static int
sync_folder(const char *path)
{
	int fd, rc;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

int
ps_save_end(struct ps_save *save, struct err *err)
{
	char *parent;
	int rc;

	/* An empty folder gives way to one of the same name. */
	if (sync_folder(save->stage) == -1 ||
	    rename(save->stage, save->dir) == -1)
		return fail(save, errno, "cannot be put in its place", err);
	save->done = true;
	parent = parent_of(save->dir);
	rc = sync_folder(parent);
	free(parent);
	return rc == -1 ? fail(save, errno, "cannot be made durable", err) : 0;
}

void
ps_save_free(struct ps_save *save)
{
	if (save == NULL)
		return;
	if (save->fd != -1)
		close(save->fd);
	if (!save->done)
		remove_stage(save->stage);
	buf_free(&save->bytes);
	free(save->name);
	free(save->stage);
	free(save->dir);
	free(save);
}
