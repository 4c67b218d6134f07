#ifndef UPDATE_H
#define UPDATE_H

#include "accepted.h"
#include "canvas/carry.h"
#include "canvas/delta.h"
#include "pack/package.h"

/*
 * From the accepted run to this one: yesterday's lines of held rows, what is
 * different in Canvas, and the zips that bring it there. Without an accepted
 * run there is nothing to compare with.
 */
struct update {
	struct accepted accepted;
	bool first; /* nothing was accepted before */
	struct keep *keep;
	struct carry *carry;
	struct delta_sheet deltas[KEEP_SHEETS];
	struct diff_file files[KEEP_SHEETS]; /* this run's sheets */
	struct diff_input inputs[KEEP_SHEETS];
};

/* Opens the accepted run in folder; NULL: there is none. 0 or -1. */
int update_open(struct update *update, const char *folder, struct err *err);
void update_close(struct update *update);

/*
 * Decides which of Canvas's rows stay, and gives the sink to emit into, which
 * hands on to sink; that one must outlive the update. additions_only: Canvas's
 * rows win over today's.
 */
int update_begin(struct update *update, const struct map *map,
    bool additions_only, const struct emit_sink *sink,
    struct emit_sink *emit_into, struct err *err);

/* Maps this run's sheets, which are written and kept in the package. */
int update_map(struct update *update, struct package *package, struct err *err);

/* Compares them with the accepted ones; watch sees every difference. */
int update_compare(struct update *update, const struct policy *policy,
    const struct delta_watch *watch, struct err *err);

/*
 * Makes the full zip, everything and a row for all that is removed, and the
 * delta zip with the difference alone; no delta zip when there is none.
 */
int update_pack(
    struct update *update, struct package *package, struct err *err);

/* Whether anything is different. */
bool update_is_empty(const struct update *update);

/* Writes released.csv, if an account holds courses of past terms. */
int update_released(const struct update *update, struct package *package,
    const struct intern *intern, struct err *err);

#endif
