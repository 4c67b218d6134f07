#ifndef CANVAS_GUARD_WATCH_H
#define CANVAS_GUARD_WATCH_H

#include "canvas/delta.h"
#include "canvas/places.h"

/* Differences of a sheet, or of one school, term or role in it. */
struct guard_count {
	uint64_t added, changed, removed;
	/* Of changed: to a status that takes access away (canvas-sis 5). */
	uint64_t withdrawn;
};

/* What a count is about. */
enum guard_scope {
	GUARD_SHEET,
	GUARD_SCHOOL,
	GUARD_TERM,
	GUARD_ROLE,
	GUARD_SCOPES
};

/* Counts differences as delta_make() and delta_look() find them. */
struct guard_watch;

/*
 * old and now are the places of both packages, all with one intern, which
 * takes in the roles; they must outlive the result. guard_watch_free() frees
 * it.
 */
struct guard_watch *guard_watch_new(
    struct intern *intern, const struct places *old, const struct places *now);
void guard_watch_free(struct guard_watch *watch);

/* For delta_make() and delta_look(); lives as long as the watch. */
struct delta_watch guard_watch_of(struct guard_watch *watch);

/*
 * What was counted of a sheet, or of one scope in it: rows that were removed
 * or changed where they were, added ones where they are now.
 */
struct guard_count guard_watch_count(const struct guard_watch *watch,
    enum sheet_kind kind, enum guard_scope scope, sym id);

#endif
