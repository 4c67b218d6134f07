#ifndef CANVAS_GUARD_FORM_H
#define CANVAS_GUARD_FORM_H

#include "canvas/guard_share.h"
#include "canvas/tally.h"

/*
 * Which share of a sheet's ids has another form than before: half the sum of
 * what each form's share moved by, 0 to 1. Both sheets have rows.
 */
struct guard_share guard_form_moved(
    const struct tally_sheet *before, const struct tally_sheet *now);

#endif
