#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <unistd.h>

#include "inject.h"

ssize_t
write(int fd, const void *bytes, size_t len)
{
	enum inject_fate fate;
	NEXT(write);

	fate = inject_fd(WRITE, "write", fd);
	if (fate == HALF_AND_KILL)
		return inject_kill(next(fd, bytes, len / 2));
	return fate == FAILS ?
	    -1 :
	    next(fd, bytes, fate == HALF ? (len + 1) / 2 : len);
}

ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	enum inject_fate fate;
	NEXT(pwrite);

	fate = inject_fd(WRITE, "pwrite", fd);
	if (fate == HALF_AND_KILL)
		return inject_kill(next(fd, bytes, len / 2, at));
	return fate == FAILS ?
	    -1 :
	    next(fd, bytes, fate == HALF ? (len + 1) / 2 : len, at);
}

ssize_t
read(int fd, void *bytes, size_t len)
{
	enum inject_fate fate;
	NEXT(read);

	fate = inject_fd(READ, "read", fd);
	return fate == FAILS ?
	    -1 :
	    next(fd, bytes, fate == HALF ? (len + 1) / 2 : len);
}

ssize_t
pread(int fd, void *bytes, size_t len, off_t at)
{
	enum inject_fate fate;
	NEXT(pread);

	fate = inject_fd(READ, "pread", fd);
	return fate == FAILS ?
	    -1 :
	    next(fd, bytes, fate == HALF ? (len + 1) / 2 : len, at);
}

int
fsync(int fd)
{
	NEXT(fsync);

	return inject_fd(SYNC, "fsync", fd) == FAILS ? -1 : next(fd);
}

int
fdatasync(int fd)
{
	NEXT(fdatasync);

	return inject_fd(SYNC, "fdatasync", fd) == FAILS ? -1 : next(fd);
}

/* As Linux does it: the descriptor is gone even when close() fails. */
int
close(int fd)
{
	enum inject_fate fate;
	int errnum;
	NEXT(close);

	fate = inject_fd(CLOSE, "close", fd);
	if (fate != FAILS)
		return next(fd);
	errnum = errno;
	next(fd);
	errno = errnum;
	return -1;
}

int
dup(int fd)
{
	NEXT(dup);

	return inject_fd(OPEN, "dup", fd) == FAILS ? -1 : next(fd);
}

int
ftruncate(int fd, off_t len)
{
	NEXT(ftruncate);

	return inject_fd(TRUNCATE, "ftruncate", fd) == FAILS ? -1 :
							       next(fd, len);
}

int
flock(int fd, int operation)
{
	NEXT(flock);

	return inject_fd(LOCK, "flock", fd) == FAILS ? -1 : next(fd, operation);
}

int
fcntl(int fd, int command, ...)
{
	va_list ap;
	void *argument;
	NEXT(fcntl);

	va_start(ap, command);
	argument = va_arg(ap, void *);
	va_end(ap);
	if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) &&
	    inject_fd(OPEN, "fcntl", fd) == FAILS)
		return -1;
	return next(fd, command, argument);
}

/* The names that code with 64-bit offsets is linked to. */
ssize_t pwrite64(int, const void *, size_t, off_t)
    __attribute__((alias("pwrite")));
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
int fcntl64(int, int, ...) __attribute__((alias("fcntl")));
