#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

#define PAGE_SIZE 4096
#define HUGE_PAGE ((size_t)2 << 20)

/*
 * Keeps malloc() from raising the size from which on a block is mapped on its
 * own: a large block that is freed goes back to the system at once, and the
 * heap has no holes where tables were. What is free at the heap's end stays
 * for the next block, for new pages cost more than they hold.
 */
static void __attribute__((constructor)) mem_give_back(void)
{
	mallopt(M_MMAP_THRESHOLD, (int)HUGE_PAGE);
	mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

/*
 * Memory may run out at any moment, behind the publishing too: so it is not
 * for this place to say what was done and what was not.
 */
#define NOT_FINISHED                                                           \
	"; the command was not finished. Give the program more memory"         \
	" and run it again.\n"

static _Noreturn void
mem_exhausted(size_t size)
{
	fprintf(stderr,
	    "out of memory: %zu more bytes were needed and refused" NOT_FINISHED,
	    size);
	_exit(EXIT_BUG);
}

void
mem_library_gave_up(const char *what)
{
	fprintf(stderr,
	    "out of memory, or a library is broken: %s" NOT_FINISHED, what);
	_exit(EXIT_BUG);
}

/*
 * Asks for huge pages under a large block: whole tables are touched row by
 * row, and a fault for each 4 KiB would cost more than the rows.
 */
static void *
mem_in_huge_pages(void *p, size_t size)
{
	uintptr_t start, end;

	if (size < HUGE_PAGE)
		return p;
	start = ((uintptr_t)p + PAGE_SIZE - 1) & ~(uintptr_t)(PAGE_SIZE - 1);
	end = ((uintptr_t)p + size) & ~(uintptr_t)(PAGE_SIZE - 1);
	(void)madvise((void *)start, end - start, MADV_HUGEPAGE);
	return p;
}

static size_t
mem_product(size_t count, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(count, size, &product))
		mem_exhausted(SIZE_MAX);
	return product == 0 ? 1 : product;
}

void *
mem_alloc(size_t size)
{
	void *p;

	if (size < HUGE_PAGE)
		p = malloc(size == 0 ? 1 : size);
	else if (posix_memalign(&p, HUGE_PAGE, size) != 0)
		p = NULL;
	if (p == NULL)
		mem_exhausted(size);
	return mem_in_huge_pages(p, size);
}

void *
mem_zalloc(size_t count, size_t size)
{
	void *p;

	p = calloc(1, mem_product(count, size));
	if (p == NULL)
		mem_exhausted(count * size);
	return mem_in_huge_pages(p, count * size);
}

void *
mem_realloc(void *old, size_t count, size_t size)
{
	void *p;
	size_t bytes;

	bytes = mem_product(count, size);
	p = realloc(old, bytes);
	if (p == NULL)
		mem_exhausted(bytes);
	return mem_in_huge_pages(p, bytes);
}

char *
mem_strndup(const char *text, size_t len)
{
	char *copy;

	copy = mem_alloc(len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
mem_strdup(const char *text)
{
	return mem_strndup(text, strlen(text));
}

char *
mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		mem_exhausted(0);
	return text;
}

void *
mem_enlarge(void *array, size_t *cap, size_t size)
{
	*cap = *cap == 0 ? 16 : *cap * 2;
	return mem_realloc(array, *cap, size);
}
