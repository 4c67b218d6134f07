#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * What a target gives: the function that libFuzzer calls, and pieces of which
 * fuzz_replay.c makes inputs; fuzz_words ends with NULL.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
extern const char *const fuzz_words[];

/* Ends the program when a property does not hold. */
#define must(property)                                                         \
	do {                                                                   \
		if (!(property)) {                                             \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,       \
			    __LINE__, #property);                              \
			abort();                                               \
		}                                                              \
	} while (0)

/* A copy with nothing behind it, so that reading past its end is seen. */
static inline char *
fuzz_copy(const uint8_t *bytes, size_t len)
{
	char *copy;
	size_t i;

	copy = calloc(1, len == 0 ? 1 : len);
	must(copy != NULL);
	for (i = 0; i < len; i++)
		copy[i] = (char)bytes[i];
	return copy;
}

#endif
