#ifndef CANVAS_ORDER_H
#define CANVAS_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/intern.h"

/*
 * The places of the ids that are not blank, sorted bytewise by their text.
 * Sets *count; the caller frees the result.
 */
uint32_t *order_by_text(
    const struct intern *intern, const sym *ids, size_t n, size_t *count);

#endif
