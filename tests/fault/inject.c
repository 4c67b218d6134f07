#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "inject.h"

#define HIGH_FD 200	 /* own descriptors keep out of the program's way */
#define CHILD_SECONDS 20 /* a child that takes longer hangs */
#define EXIT_BUG 70	 /* out of memory, too */

static const char *const class_names[INJECT_CLASSES] = { "write", "sync",
	"rename", "open", "close", "make", "remove", "truncate", "lock",
	"stdio", "read", "map", "memory", "thread" };

/* What can go wrong with a call. */
struct mode {
	const char *name;
	int errnum;	   /* it fails so */
	int signal, times; /* signals that come at that moment */
	bool half;	   /* it does half of its work */
};

static const struct mode modes[] = { { "ENOSPC", ENOSPC, 0, 0, false },
	{ "EIO", EIO, 0, 0, false }, { "EINTR", EINTR, 0, 0, false },
	{ "EMFILE", EMFILE, 0, 0, false }, { "EACCES", EACCES, 0, 0, false },
	{ "ENOLCK", ENOLCK, 0, 0, false }, { "EAGAIN", EAGAIN, 0, 0, false },
	{ "null", ENOMEM, 0, 0, false }, { "short", 0, 0, 0, true },
	{ "kill", 0, SIGKILL, 1, false }, { "stop", 0, SIGSTOP, 1, false },
	{ "int", 0, SIGINT, 1, false }, { "term", 0, SIGTERM, 1, false },
	{ "int-twice", 0, SIGINT, 2, false }, { NULL, 0, 0, 0, false } };

static struct {
	bool counted[INJECT_CLASSES];
	unsigned long at; /* 0: count only */
	const struct mode *mode;
	bool from_then_on;
	unsigned long fork_each; /* 0: the program itself meets it */
	const char *under;
	size_t under_len;
	int count_fd, trace_fd, crash_fd;
} plan = { .count_fd = -1, .trace_fd = -1 };

static atomic_bool in_main;
static pid_t parent;	     /* of a child that meets a fault */
static atomic_bool *touched; /* shared: a child has changed files */
static atomic_ulong count;   /* of the calls that are planned */
static atomic_ulong counts[INJECT_CLASSES];

static void say(int, const char *, ...) __attribute__((format(printf, 2, 3)));

static void
say(int fd, const char *fmt, ...)
{
	char line[2 * PATH_MAX + 100];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (fd != -1 && len > 0)
		syscall(SYS_write, fd, line, (size_t)len);
}

_Noreturn void
inject_misused(const char *what)
{
	say(STDERR_FILENO, "inject: %s\n", what);
	_exit(125);
}

static int
own_file(const char *variable)
{
	const char *path;
	int fd, high;

	path = getenv(variable);
	if (path == NULL)
		return -1;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	high = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, HIGH_FD);
	syscall(SYS_close, fd);
	if (high == -1)
		inject_misused(
		    "INJECT_COUNT or INJECT_TRACE cannot be written");
	return high;
}

static void
plan_calls(const char *list)
{
	size_t c, len;

	for (; *list != '\0'; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		for (c = 0; c < INJECT_CLASSES; c++) {
			if (strlen(class_names[c]) == len &&
			    strncmp(list, class_names[c], len) == 0)
				break;
		}
		if (c == INJECT_CLASSES)
			inject_misused("INJECT_CALLS names no class of calls");
		plan.counted[c] = true;
	}
}

static void
plan_mode(const char *name)
{
	const struct mode *mode;
	size_t len;

	len = strcspn(name, "+");
	for (mode = modes; mode->name != NULL; mode++) {
		if (strlen(mode->name) == len &&
		    strncmp(name, mode->name, len) == 0)
			break;
	}
	if (mode->name == NULL)
		inject_misused("INJECT_MODE names no fault");
	plan.mode = mode;
	plan.from_then_on = name[len] == '+';
}

static void
plan_read(void)
{
	const char *at, *calls, *each, *mode;

	plan.under = getenv("INJECT_UNDER");
	plan.under_len = plan.under == NULL ? 0 : strlen(plan.under);
	plan.count_fd = own_file("INJECT_COUNT");
	plan.trace_fd = own_file("INJECT_TRACE");
	calls = getenv("INJECT_CALLS");
	plan_calls(calls == NULL ? "" : calls);
	at = getenv("INJECT_AT");
	plan.at = at == NULL ? 0 : strtoul(at, NULL, 10);
	each = getenv("INJECT_FORK");
	plan.fork_each = each == NULL ? 0 : strtoul(each, NULL, 10);
	mode = getenv("INJECT_MODE");
	if (plan.at > 0)
		plan_mode(mode == NULL ? "" : mode);
}

/* Whether the child is done with, and the files are as it found them. */
static bool
is_without_trace(int status)
{
	return (WIFSIGNALED(status) || WEXITSTATUS(status) == EXIT_BUG) &&
	    !atomic_load(touched);
}

/*
 * Lets a child meet the fault, which a program that ends at once makes cheap,
 * and stops until somebody has looked at what it left. When the child has
 * changed files this process ends, for the next one to start behind the
 * fault. Returns whether this is the child.
 */
static bool
forked(unsigned long n, const char *call, const char *place)
{
	pid_t child;
	int status;

	if (touched == NULL)
		touched = mmap(NULL, sizeof(*touched), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (touched == MAP_FAILED)
		inject_misused("no shared memory can be had");
	atomic_store(touched, false);
	parent = getpid();
	child = fork();
	if (child == 0) {
		alarm(CHILD_SECONDS);
		plan.fork_each = 0;
		plan.at = n;
		plan.count_fd = -1;
		return true;
	}
	parent = 0;
	if (child == -1 || waitpid(child, &status, 0) != child)
		inject_misused("no child can be had");
	say(plan.count_fd, "child %lu %d %s %s\n", n,
	    WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status), call,
	    place);
	if (!is_without_trace(status))
		_exit(0);
	kill(getpid(), SIGSTOP);
	return false;
}

/* The file name of the library or program that a return address is in. */
static const char *
library_of(const void *caller)
{
	const char *slash;
	Dl_info info;

	if (dladdr(caller, &info) == 0 || info.dli_fname == NULL)
		return "?";
	slash = strrchr(info.dli_fname, '/');
	return slash == NULL ? info.dli_fname : slash + 1;
}

static const void *
place_of_crash(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (const void *)(uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (const void *)(uintptr_t)context->uc_mcontext.pc;
#else
#error "where does this processor keep the address of a crash?"
#endif
}

/* Says whose code it was that crashed, and lets it crash. */
static void
note_crash(int number, siginfo_t *info, void *context)
{
	(void)info;
	say(plan.crash_fd, "crash %s\n", library_of(place_of_crash(context)));
	raise(number);
}

static void
watch_crashes(void)
{
	struct sigaction action = { .sa_sigaction = note_crash,
		.sa_flags = (int)(SA_SIGINFO | SA_RESETHAND) };

	plan.crash_fd = plan.count_fd;
	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, NULL);
}

/* caller is NULL when the path names the place. */
static bool
meets_fault(
    unsigned long n, const char *call, const char *path, const void *caller)
{
	bool here;

	if (plan.at == 0 || n < plan.at)
		return false;
	here = plan.fork_each > 0 ? (n - plan.at) % plan.fork_each == 0 :
				    n == plan.at;
	if (!here)
		return plan.fork_each == 0 && plan.from_then_on;
	if (caller != NULL)
		path = library_of(caller);
	if (plan.fork_each > 0)
		return forked(n, call, path);
	say(plan.count_fd, "hit %lu %s %s\n", n, call, path);
	return true;
}

static enum inject_fate
call_or_fault(enum inject_class class, const char *call, const char *path,
    const void *caller)
{
	int i;

	if (!atomic_load(&in_main))
		return GOES_ON;
	atomic_fetch_add(&counts[class], 1);
	if (!plan.counted[class] ||
	    !meets_fault(atomic_fetch_add(&count, 1) + 1, call, path, caller))
		return GOES_ON;
	if (plan.mode->half)
		return HALF;
	if (plan.mode->errnum != 0) {
		errno = plan.mode->errnum;
		return FAILS;
	}
	if (plan.mode->signal == SIGKILL && (class == WRITE || class == STDIO))
		return HALF_AND_KILL;
	for (i = 0; i < plan.mode->times; i++)
		kill(getpid(), plan.mode->signal);
	return GOES_ON;
}

enum inject_fate
inject_call(enum inject_class class, const char *call, const char *path)
{
	return call_or_fault(class, call, path, NULL);
}

enum inject_fate
inject_call_from(enum inject_class class, const char *call, const void *caller)
{
	return call_or_fault(class, call, "", caller);
}

/* The path of a file in the folder that is watched, or NULL. */
static const char *
watched(const char *path)
{
	return plan.under != NULL &&
		strncmp(path, plan.under, plan.under_len) == 0 &&
		(path[plan.under_len] == '/' || path[plan.under_len] == '\0') ?
	    path :
	    NULL;
}

static const char *
path_of_fd(int fd, char path[PATH_MAX])
{
	char link[40];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
	if (len < 0)
		return NULL;
	path[len] = '\0';
	return watched(path);
}

/* "NAME/." is NAME. */
const char *
inject_path(int folder, const char *name, char path[PATH_MAX])
{
	size_t len;

	len = 0;
	if (name[0] != '/') {
		if (folder == AT_FDCWD && getcwd(path, PATH_MAX) == NULL)
			return NULL;
		if (folder != AT_FDCWD && path_of_fd(folder, path) == NULL)
			return NULL;
		len = strlen(path);
	}
	if (strcmp(name, ".") != 0)
		snprintf(path + len, PATH_MAX - len, "%s%s",
		    len == 0 ? "" : "/", name);
	return watched(path);
}

static void
trace(const char *call, const char *path, const char *to)
{
	if (atomic_load(&in_main))
		say(plan.trace_fd, "%s\t%s\t%s\n", call, path, to);
}

/* Opening may create; to read and to close changes nothing. */
static void note_touch(enum inject_class class)
{
	if (touched != NULL && class != READ && class != CLOSE)
		atomic_store(touched, true);
}

enum inject_fate
inject_fd(enum inject_class class, const char *call, int fd)
{
	char path[PATH_MAX];
	enum inject_fate fate;
	int errnum;

	errnum = errno;
	if (!atomic_load(&in_main) || path_of_fd(fd, path) == NULL) {
		errno = errnum;
		return GOES_ON;
	}
	errno = errnum;
	note_touch(class);
	fate = inject_call(class, call, path);
	if (fate == GOES_ON || fate == HALF)
		trace(call, path, "");
	return fate;
}

enum inject_fate
inject_name(enum inject_class class, const char *call, int folder,
    const char *name, const char *to)
{
	char path[PATH_MAX];
	enum inject_fate fate;
	int errnum;

	errnum = errno;
	if (!atomic_load(&in_main) || inject_path(folder, name, path) == NULL) {
		errno = errnum;
		return GOES_ON;
	}
	errno = errnum;
	note_touch(class);
	fate = inject_call(class, call, path);
	if (fate == GOES_ON && class != MAKE)
		trace(call, path, to);
	return fate;
}

void
inject_made(const char *call, int folder, const char *name)
{
	char path[PATH_MAX];

	if (inject_path(folder, name, path) != NULL)
		trace(call, path, "");
}

void
inject_next(const char *name, void *function)
{
	void *found;

	found = dlsym(RTLD_NEXT, name);
	if (found == NULL)
		inject_misused(name);
	memcpy(function, &found, sizeof(found));
}

pid_t
inject_parent(void)
{
	return parent;
}

ssize_t
inject_kill(ssize_t written)
{
	(void)written;
	kill(getpid(), SIGKILL);
	return -1;
}

/* The start and the end of main(). */

static int (*main_of_program)(int, char **, char **);

static int
watched_main(int argc, char **argv, char **env)
{
	const char *name;
	int code;
	size_t c;

	name = getenv("INJECT_PROGRAM");
	if (name == NULL || strcmp(name, program_invocation_short_name) != 0)
		return main_of_program(argc, argv, env);
	plan_read();
	watch_crashes();
	atomic_store(&in_main, true);
	code = main_of_program(argc, argv, env);
	atomic_store(&in_main, false);
	for (c = 0; c < INJECT_CLASSES; c++)
		say(plan.count_fd, "total %s %lu\n", class_names[c],
		    atomic_load(&counts[c]));
	return code;
}

int __libc_start_main(int (*)(int, char **, char **), int, char **,
    void (*)(void), void (*)(void), void (*)(void), void *);

int
__libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
    void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
    void *stack_end)
{
	NEXT(__libc_start_main);

	main_of_program = program;
	return next(watched_main, argc, argv, init, fini, rtld_fini, stack_end);
}
