#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "inject.h"

/* A library that writes through stdio never calls write() by that name. */

FILE *
fdopen(int fd, const char *mode)
{
	enum inject_fate fate;
	NEXT(fdopen);

	fate = inject_fd(STDIO, "fdopen", fd);
	if (fate == HALF_AND_KILL)
		inject_kill(0);
	return fate == FAILS || fate == HALF ? NULL : next(fd, mode);
}

size_t
fwrite(const void *bytes, size_t size, size_t n, FILE *stream)
{
	enum inject_fate fate;
	NEXT(fwrite);

	fate = inject_fd(STDIO, "fwrite", fileno(stream));
	if (fate == GOES_ON)
		return next(bytes, size, n, stream);
	if (fate == FAILS)
		return 0;
	n = next(bytes, 1, size * n / 2, stream) / size;
	if (fate == HALF_AND_KILL) {
		fflush(stream);
		inject_kill(0);
	}
	errno = ENOSPC;
	return n;
}

int
fflush(FILE *stream)
{
	enum inject_fate fate;
	NEXT(fflush);

	if (stream == stdout)
		fate = inject_call(STDIO, "fflush", "standard output");
	else
		fate = stream == NULL ?
		    GOES_ON :
		    inject_fd(STDIO, "fflush", fileno(stream));
	if (fate == HALF_AND_KILL)
		inject_kill(0);
	return fate == FAILS || fate == HALF ? EOF : next(stream);
}

static bool
cannot_move(const char *call, FILE *stream)
{
	enum inject_fate fate;

	fate = inject_fd(STDIO, call, fileno(stream));
	if (fate == HALF_AND_KILL)
		inject_kill(0);
	if (fate == HALF)
		errno = EIO;
	return fate == FAILS || fate == HALF;
}

int
fseek(FILE *stream, long offset, int whence)
{
	NEXT(fseek);

	return cannot_move("fseek", stream) ? -1 : next(stream, offset, whence);
}

int
fseeko64(FILE *stream, off64_t offset, int whence)
{
	NEXT(fseeko64);

	return cannot_move("fseeko", stream) ? -1 :
					       next(stream, offset, whence);
}

off64_t
ftello64(FILE *stream)
{
	NEXT(ftello64);

	return cannot_move("ftello", stream) ? -1 : next(stream);
}

/* The stream and its descriptor are gone even when fclose() fails. */
int
fclose(FILE *stream)
{
	enum inject_fate fate;
	int errnum;
	NEXT(fclose);

	fate = inject_fd(STDIO, "fclose", fileno(stream));
	if (fate == HALF_AND_KILL)
		inject_kill(0);
	if (fate == GOES_ON)
		return next(stream);
	errnum = errno;
	next(stream);
	errno = errnum;
	return EOF;
}

/* The names that code without 64-bit offsets is linked to. */
int fseeko(FILE *, off_t, int) __attribute__((alias("fseeko64")));
off_t ftello(FILE *) __attribute__((alias("ftello64")));
