#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

static _Noreturn void
mem_exhausted(size_t size)
{
	fprintf(stderr, "out of memory: %zu more bytes were needed and refused;"
	    " nothing was published. Give the program more memory and run it"
	    " again.\n", size);
	_exit(EXIT_BUG);
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

	p = malloc(size == 0 ? 1 : size);
	if (p == NULL)
		mem_exhausted(size);
	return p;
}

void *
mem_zalloc(size_t count, size_t size)
{
	void *p;

	p = calloc(1, mem_product(count, size));
	if (p == NULL)
		mem_exhausted(count * size);
	return p;
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
	return p;
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
mem_grow(void *array, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return array;
	*cap = *cap == 0 ? 16 : *cap * 2;
	return mem_realloc(array, *cap, size);
}
