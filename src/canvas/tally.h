#ifndef CANVAS_TALLY_H
#define CANVAS_TALLY_H

#include "canvas/keep.h"
#include "canvas/places.h"

#define TALLY_SHAPES 16	   /* of a sheet's ids, the most frequent ones */
#define TALLY_SHAPE_MAX 32 /* bytes of one */

/* How many rows of a sheet belong to one school, term and role. */
struct tally_cell {
	sym school, term;
	sym role; /* of enrollments only */
	uint64_t rows;
};

/* A form of ids: S1024 and S7 are both a9. */
struct tally_shape {
	char text[TALLY_SHAPE_MAX + 1];
	uint64_t rows;
};

struct tally_sheet {
	uint64_t rows;
	/* By school, term and role; rows without a place are in none. */
	struct tally_cell *cells;
	size_t ncells, capcells;
	/* The most frequent first; what is left of rows has others. */
	struct tally_shape shapes[TALLY_SHAPES];
	size_t nshapes;
};

/* What a package holds, counted (operations 2.6). */
struct tally {
	struct tally_sheet sheets[KEEP_SHEETS];
};

/*
 * Counts the sheets of a package, KEEP_SHEETS of them, whose places are known.
 * The ids of an enrollment are its section's. 0, or -1 with EXIT_SOURCE or
 * that of a signal; tally_free() in both cases.
 */
int tally_make(struct tally *tally, struct intern *intern,
    const struct places *places, const struct diff_input *inputs,
    struct err *err);
void tally_free(struct tally *tally);

/* Order of the places of two cells: by school, then by term, bytewise. */
int tally_place_order(const struct intern *intern, const struct tally_cell *a,
    const struct tally_cell *b);

/* Writes the shape of an id; returns its length. */
size_t tally_shape(struct str id, char shape[TALLY_SHAPE_MAX + 1]);

#endif
