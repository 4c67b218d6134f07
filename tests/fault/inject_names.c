#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inject.h"

static mode_t
mode_argument(int flags, va_list ap)
{
	return flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) ?
	    va_arg(ap, mode_t) :
	    0;
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;
	NEXT(open);

	va_start(ap, flags);
	mode = mode_argument(flags, ap);
	va_end(ap);
	return inject_name(OPEN, flags & O_CREAT ? "create" : "open", AT_FDCWD,
		   path, "") == FAILS ?
	    -1 :
	    next(path, flags, mode);
}

int
openat(int folder, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;
	NEXT(openat);

	va_start(ap, flags);
	mode = mode_argument(flags, ap);
	va_end(ap);
	return inject_name(OPEN, flags & O_CREAT ? "create" : "open", folder,
		   path, "") == FAILS ?
	    -1 :
	    next(folder, path, flags, mode);
}

FILE *
fopen(const char *path, const char *mode)
{
	NEXT(fopen);

	return inject_name(OPEN, "open", AT_FDCWD, path, "") == FAILS ?
	    NULL :
	    next(path, mode);
}

DIR *
opendir(const char *path)
{
	NEXT(opendir);

	return inject_name(OPEN, "opendir", AT_FDCWD, path, "") == FAILS ?
	    NULL :
	    next(path);
}

DIR *
fdopendir(int fd)
{
	NEXT(fdopendir);

	return inject_fd(READ, "fdopendir", fd) == FAILS ? NULL : next(fd);
}

struct dirent *
readdir(DIR *folder)
{
	NEXT(readdir);

	return inject_fd(READ, "readdir", dirfd(folder)) == FAILS ?
	    NULL :
	    next(folder);
}

int
stat(const char *path, struct stat *st)
{
	NEXT(stat);

	return inject_name(READ, "stat", AT_FDCWD, path, "") == FAILS ?
	    -1 :
	    next(path, st);
}

int
fstatat(
    int folder, const char *restrict path, struct stat *restrict st, int flags)
{
	NEXT(fstatat);

	return inject_name(READ, "stat", folder, path, "") == FAILS ?
	    -1 :
	    next(folder, path, st, flags);
}

int
access(const char *path, int mode)
{
	NEXT(access);

	return inject_name(READ, "access", AT_FDCWD, path, "") == FAILS ?
	    -1 :
	    next(path, mode);
}

char *
realpath(const char *restrict path, char *restrict result)
{
	NEXT(realpath);

	return inject_name(READ, "realpath", AT_FDCWD, path, "") == FAILS ?
	    NULL :
	    next(path, result);
}

ssize_t
readlinkat(
    int folder, const char *restrict path, char *restrict target, size_t size)
{
	NEXT(readlinkat);

	return inject_name(READ, "readlink", folder, path, "") == FAILS ?
	    -1 :
	    next(folder, path, target, size);
}

ssize_t
readlink(const char *restrict path, char *restrict target, size_t size)
{
	NEXT(readlink);

	return inject_name(READ, "readlink", AT_FDCWD, path, "") == FAILS ?
	    -1 :
	    next(path, target, size);
}

static enum inject_fate
strike_rename(int from_folder, const char *from, int to_folder, const char *to)
{
	char path[PATH_MAX];

	return inject_name(RENAME, "rename", from_folder, from,
	    inject_path(to_folder, to, path) == NULL ? to : path);
}

int
rename(const char *from, const char *to)
{
	NEXT(rename);

	return strike_rename(AT_FDCWD, from, AT_FDCWD, to) == FAILS ?
	    -1 :
	    next(from, to);
}

int
renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	NEXT(renameat);

	return strike_rename(from_folder, from, to_folder, to) == FAILS ?
	    -1 :
	    next(from_folder, from, to_folder, to);
}

int
renameat2(int from_folder, const char *from, int to_folder, const char *to,
    unsigned flags)
{
	NEXT(renameat2);

	return strike_rename(from_folder, from, to_folder, to) == FAILS ?
	    -1 :
	    next(from_folder, from, to_folder, to, flags);
}

int
mkdir(const char *path, mode_t mode)
{
	int rc;
	NEXT(mkdir);

	if (inject_name(MAKE, "mkdir", AT_FDCWD, path, "") == FAILS)
		return -1;
	rc = next(path, mode);
	if (rc == 0)
		inject_made("mkdir", AT_FDCWD, path);
	return rc;
}

int
mkdirat(int folder, const char *path, mode_t mode)
{
	int rc;
	NEXT(mkdirat);

	if (inject_name(MAKE, "mkdir", folder, path, "") == FAILS)
		return -1;
	rc = next(folder, path, mode);
	if (rc == 0)
		inject_made("mkdir", folder, path);
	return rc;
}

int
symlinkat(const char *target, int folder, const char *path)
{
	int rc;
	NEXT(symlinkat);

	if (inject_name(MAKE, "symlink", folder, path, "") == FAILS)
		return -1;
	rc = next(target, folder, path);
	if (rc == 0)
		inject_made("symlink", folder, path);
	return rc;
}

int
unlinkat(int folder, const char *path, int flags)
{
	NEXT(unlinkat);

	return inject_name(REMOVE, "unlink", folder, path, "") == FAILS ?
	    -1 :
	    next(folder, path, flags);
}

int
unlink(const char *path)
{
	NEXT(unlink);

	return inject_name(REMOVE, "unlink", AT_FDCWD, path, "") == FAILS ?
	    -1 :
	    next(path);
}

/* The names that code with 64-bit offsets is linked to. */
int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
FILE *fopen64(const char *, const char *) __attribute__((alias("fopen")));
struct dirent64 *readdir64(DIR *) __attribute__((alias("readdir")));
