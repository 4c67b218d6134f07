#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/*
 * Allocation that cannot fail: out of memory ends the program in one place
 * (exit code EXIT_BUG, a line on stderr). The caller owns the result: free().
 */
void *mem_alloc(size_t size);
void *mem_zalloc(size_t count, size_t size);
void *mem_realloc(void *old, size_t count, size_t size);
char *mem_strdup(const char *text);
char *mem_strndup(const char *text, size_t len);

/*
 * Ends the program in the same way when a library refuses what fails for want
 * of memory alone; what says which library refuses what.
 */
_Noreturn void mem_library_gave_up(const char *what);

/* Formats into a new string that the caller frees. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Makes room for one more element in a growing array: doubles *cap when
 * count has reached it. Returns the array, perhaps moved.
 */
void *mem_enlarge(void *array, size_t *cap, size_t size);
static inline void *
mem_grow(void *array, size_t count, size_t *cap, size_t size)
{
	return count < *cap ? array : mem_enlarge(array, cap, size);
}

#endif
