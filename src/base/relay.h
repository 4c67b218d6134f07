#ifndef BASE_RELAY_H
#define BASE_RELAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Hands blocks of bytes to a thread that works on them one after the other,
 * in their order, while the caller makes the next ones.
 */
struct relay;

#define RELAY_SPARE 16 /* zeros that can be read behind a block */

/* Works on one block; what is the caller's word for it. */
typedef void relay_fn(void *arg, int what, const char *bytes, size_t len);

/*
 * Starts. Without threaded, and as long as the blocks are few and small, or
 * when no thread can be had, relay_give() calls fn itself. End it with
 * relay_end().
 */
struct relay *relay_begin(bool threaded, relay_fn *fn, void *arg);

/* Copies a block for fn; waits while too many blocks wait. */
void relay_give(struct relay *relay, int what, const void *bytes, size_t len);

/* Waits until fn has had every block and frees the relay; NULL is ignored. */
void relay_end(struct relay *relay);

#endif
