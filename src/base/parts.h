#ifndef BASE_PARTS_H
#define BASE_PARTS_H

#include <stddef.h>

#define PARTS_MAX 16

/*
 * Cuts the numbers from 0 to n into parts and works on them at the same time,
 * one thread each: the caller's has the first.
 */
typedef void parts_fn(void *arg, size_t part, size_t from, size_t to);

/* How many parts to make of n for so many threads; least: worth a thread. */
size_t parts_count(unsigned jobs, size_t n, size_t least);

/* Calls fn for each of so many parts, PARTS_MAX at most; waits for all. */
void parts_run(size_t parts, size_t n, parts_fn *fn, void *arg);

#endif
