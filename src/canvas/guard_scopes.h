#ifndef CANVAS_GUARD_SCOPES_H
#define CANVAS_GUARD_SCOPES_H

#include "base/idmap.h"
#include "canvas/guard_watch.h"
#include "canvas/keep.h"
#include "canvas/tally.h"

/* A school, a term or a role that a sheet of a past package has rows of. */
struct guard_scope_rows {
	sym id;
	uint64_t before, now;
};

/*
 * Lists them without the rows of terms that are let go (NULL: none are), in
 * no order. Returns how many; the caller frees the list.
 */
size_t guard_scopes_list(const struct tally_sheet *before,
    const struct tally_sheet *now, const struct idmap *let_go,
    enum guard_scope scope, struct guard_scope_rows **list);

/*
 * Puts the terms of a past package that are let go into an empty map: its
 * terms.csv, and the keep that was made from that very package. 0, or -1 with
 * EXIT_SOURCE; idmap_free() in both cases.
 */
int guard_scopes_let_go(struct idmap *let_go, struct intern *intern,
    const struct keep *keep, const struct diff_input *terms, struct err *err);

#endif
