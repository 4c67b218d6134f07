#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "inject.h"

#define CALLER __builtin_return_address(0)
#define IN_MEMORY(call) inject_call_from(MEMORY, call, CALLER)

#define BOOT_SIZE 4096
#define BOOT_ALIGN 16

static unsigned char boot[BOOT_SIZE]; /* for dlsym(), before malloc is found */
static size_t boot_used;
static bool finding;

static bool
from_boot(const void *p)
{
	return (uintptr_t)p >= (uintptr_t)boot &&
	    (uintptr_t)p < (uintptr_t)(boot + BOOT_SIZE);
}

static void *
boot_alloc(size_t size)
{
	void *p;

	size = (size + BOOT_ALIGN - 1) / BOOT_ALIGN * BOOT_ALIGN;
	if (size > BOOT_SIZE - boot_used)
		inject_misused("dlsym() wants more memory than there is");
	p = boot + boot_used;
	boot_used += size;
	return p;
}

#define NEXT_OF_MEMORY(name)                                                   \
	static __typeof__(&name) next;                                         \
                                                                               \
	if (next == NULL && !finding) {                                        \
		finding = true;                                                \
		inject_next(#name, &next);                                     \
		finding = false;                                               \
	}

void *
malloc(size_t size)
{
	NEXT_OF_MEMORY(malloc)

	if (next == NULL)
		return boot_alloc(size);
	return IN_MEMORY("malloc") == FAILS ? NULL : next(size);
}

void *
calloc(size_t n, size_t size)
{
	NEXT_OF_MEMORY(calloc)

	if (next == NULL)
		return boot_alloc(n * size);
	return IN_MEMORY("calloc") == FAILS ? NULL : next(n, size);
}

void *
realloc(void *old, size_t size)
{
	NEXT_OF_MEMORY(realloc)

	if (next == NULL || from_boot(old))
		inject_misused("dlsym() calls realloc()");
	return IN_MEMORY("realloc") == FAILS ? NULL : next(old, size);
}

void
free(void *p)
{
	NEXT_OF_MEMORY(free)

	if (next != NULL && !from_boot(p))
		next(p);
}

void *
mmap(void *where, size_t len, int protection, int flags, int fd, off_t at)
{
	NEXT(mmap);

	return inject_call_from(MAP, "mmap", CALLER) == FAILS ?
	    MAP_FAILED :
	    next(where, len, protection, flags, fd, at);
}

int
pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
    void *(*start)(void *), void *argument)
{
	enum inject_fate fate;
	NEXT(pthread_create);

	fate = inject_call_from(THREAD, "pthread_create", CALLER);
	return fate == FAILS ? EAGAIN :
			       next(thread, attributes, start, argument);
}

/*
 * A lock knows its writer by the thread's number, which is another one in a
 * child: without this it would stay locked there for ever.
 */
int
pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	pid_t parent;
	NEXT(pthread_rwlock_unlock);

	parent = inject_parent();
	if (parent != 0 && lock->__data.__cur_writer == parent)
		lock->__data.__cur_writer = getpid();
	return next(lock);
}

void *mmap64(void *, size_t, int, int, int, off_t)
    __attribute__((alias("mmap")));
