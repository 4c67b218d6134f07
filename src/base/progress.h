#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A line on stderr that says how far the work is. It is shown only on a
 * terminal that can redraw a line, from the second second on, ten times a
 * second at most.
 */
struct progress {
	bool shown;	       /* may be shown at all */
	bool drawn;	       /* stands on the terminal now */
	int64_t started, last; /* milliseconds */
};

/* wanted: neither -q nor --json forbids it. */
void progress_begin(struct progress *progress, bool wanted);

/* what is a word for the step ("reading"); total 0: not known. NULL ok. */
void progress_step(
    struct progress *progress, const char *what, uint64_t done, uint64_t total);

/* Milliseconds since progress_begin(). */
int64_t progress_elapsed(const struct progress *progress);

/* Takes the line away. */
void progress_end(struct progress *progress);

#endif
