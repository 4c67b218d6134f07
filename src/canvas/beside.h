#ifndef CANVAS_BESIDE_H
#define CANVAS_BESIDE_H

#include "canvas/emit.h"

/*
 * A sink that gives the same files to two others: to the first at once, to
 * the second on a thread of its own, which sees all of it in the same order.
 */
struct beside;

/*
 * Both sinks must outlive the result, which beside_end() frees. Without
 * threaded the second sink is called at once, too.
 */
struct beside *beside_begin(const struct emit_sink *first,
    const struct emit_sink *second, bool threaded);

const struct emit_sink *beside_get(const struct beside *beside);

/*
 * Waits until the second sink has had everything; NULL is ignored. 0, or -1
 * with what that sink failed of.
 */
int beside_end(struct beside *beside, struct err *err);

#endif
