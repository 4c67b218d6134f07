#ifndef CANVAS_DELTA_H
#define CANVAS_DELTA_H

#include "base/scratch.h"
#include "canvas/diff.h"
#include "canvas/keep.h"

/* What will be different in Canvas, by sheet. */
struct delta_count {
	uint64_t before, after; /* rows that Canvas holds */
	uint64_t added, changed, removed;
	uint64_t let_go;      /* no longer covered, not touched */
	uint64_t with_parent; /* go with a removed section */
};

/* Called with each difference and what becomes of it. */
struct delta_watch {
	void *arg;
	int (*row)(void *arg, enum sheet_kind kind,
	    const struct diff_event *event, struct err *err);
};

/*
 * The rows of one sheet that take Canvas from the accepted run to this one:
 * removals are rows with the right status, upserts are rows as they are in
 * the new sheet. Both are lines of the new sheet's form (architecture 2).
 */
struct delta_sheet {
	struct delta_count count;
	struct spool header; /* the new sheet's, with its line end */
	struct spool removals, upserts;
};

/*
 * Compares the accepted sheet with the new one, which holds yesterday's line
 * of every row that stays. watch gets the rows that are added, changed and
 * removed, not those that are let go. 0, or -1; delta_free() in both cases.
 */
int delta_make(struct delta_sheet *delta, enum sheet_kind kind,
    const struct diff_input *accepted, const struct diff_input *now,
    const struct keep *keep, const struct policy *policy,
    const struct delta_watch *watch, struct err *err);
void delta_free(struct delta_sheet *delta);

/*
 * Counts in the same way without keeping rows, for an older accepted run than
 * the last one; keep was made from that run.
 */
int delta_look(enum sheet_kind kind, const struct diff_input *accepted,
    const struct diff_input *now, const struct keep *keep,
    const struct delta_watch *watch, struct delta_count *count,
    struct err *err);

#endif
