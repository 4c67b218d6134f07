#ifndef INJECT_H
#define INJECT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Preloaded into a program, counts its calls of some functions and lets the
 * Nth go wrong, so that a test can run the program once for each of them
 * (operations 10). README.md says what the variables of the environment mean.
 *
 * Only calls between the start of main() and its return count. Calls that
 * concern files count when the file is INJECT_UNDER or in it; fflush() of
 * standard output counts as well.
 */
#pragma GCC visibility push(hidden)

enum inject_class {
	WRITE,
	SYNC,
	RENAME,
	OPEN,
	CLOSE,
	MAKE,
	REMOVE,
	TRUNCATE,
	LOCK,
	STDIO,
	READ,
	MAP,
	MEMORY,
	THREAD,
	INJECT_CLASSES
};

/* What becomes of a call; errno is set when it fails. */
enum inject_fate { GOES_ON, FAILS, HALF, HALF_AND_KILL };

/* Counts a call that the plan is about, and says what becomes of it. */
enum inject_fate inject_call(
    enum inject_class class, const char *call, const char *path);

/* The same; the library that the return address is in names the place. */
enum inject_fate inject_call_from(
    enum inject_class class, const char *call, const void *caller);

/* The same for a descriptor's file; what goes on is put into the trace. */
enum inject_fate inject_fd(enum inject_class class, const char *call, int fd);

/* The same for a name in a folder; to is the second path, or "". */
enum inject_fate inject_name(enum inject_class class, const char *call,
    int folder, const char *name, const char *to);

/* Puts a name that was made into the trace: MAKE alone may find one there. */
void inject_made(const char *call, int folder, const char *name);

/* The path of a name in a folder if it is watched, else NULL. */
const char *inject_path(int folder, const char *name, char path[PATH_MAX]);

/* In a child of INJECT_FORK: the process that it is a copy of; else 0. */
pid_t inject_parent(void);

/* The end of a call that did half its work. */
ssize_t inject_kill(ssize_t done);

/* Puts the next function of this name behind this library into *function. */
void inject_next(const char *name, void *function);

/* Ends the program with 125: the test is wrong, not the program. */
_Noreturn void inject_misused(const char *what);

#pragma GCC visibility pop

#define NEXT(name)                                                             \
	static __typeof__(&name) next;                                         \
                                                                               \
	if (next == NULL)                                                      \
	inject_next(#name, &next)

#endif
