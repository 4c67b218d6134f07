#ifndef CANVAS_TALLY_SINK_H
#define CANVAS_TALLY_SINK_H

#include "canvas/emit.h"
#include "canvas/tally.h"

/*
 * A sink that counts a run's sheets while they are written, so that nobody
 * has to read them again: what places_read() and tally_make() give.
 */
struct tally_sink;

/* intern takes ids in and must outlive what comes out. */
struct tally_sink *tally_sink_begin(struct intern *intern);

const struct emit_sink *tally_sink_get(const struct tally_sink *sink);

/*
 * Frees the sink; NULL is ignored. places and tally are the caller's then.
 * 0, or -1 with what tally_make() fails of; *places may be NULL then.
 */
int tally_sink_end(struct tally_sink *sink, struct places **places,
    struct tally *tally, struct err *err);

#endif
