#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/mem.h"
#include "canvas/guard_watch.h"

/* The counts of one kind of scope, by id. */
struct counts {
	struct idmap index;
	struct guard_count *list;
	size_t count, cap;
};

struct guard_watch {
	struct intern *intern;
	const struct places *old, *now;
	struct guard_count of_sheet[KEEP_SHEETS];
	struct counts of_scope[KEEP_SHEETS][GUARD_SCOPES];
};

/* By an enrollment or a login with such a status nobody comes in. */
static const char *const withdrawing[] = { "deleted", "deleted_last_completed",
	"inactive", "suspended", NULL };

struct guard_watch *
guard_watch_new(
    struct intern *intern, const struct places *old, const struct places *now)
{
	struct guard_watch *watch;

	watch = mem_zalloc(1, sizeof(*watch));
	watch->intern = intern;
	watch->old = old;
	watch->now = now;
	return watch;
}

void
guard_watch_free(struct guard_watch *watch)
{
	size_t i, j;

	if (watch == NULL)
		return;
	for (i = 0; i < KEEP_SHEETS; i++) {
		for (j = 0; j < GUARD_SCOPES; j++) {
			idmap_free(&watch->of_scope[i][j].index);
			free(watch->of_scope[i][j].list);
		}
	}
	free(watch);
}

static bool
withdraws(struct str status)
{
	size_t i;

	for (i = 0; withdrawing[i] != NULL; i++) {
		if (strlen(withdrawing[i]) == status.len &&
		    memcmp(withdrawing[i], status.bytes, status.len) == 0)
			return true;
	}
	return false;
}

/* Does the row give access before and not any more? */
static bool
is_withdrawn(const struct diff_event *event)
{
	return event->change == DIFF_CHANGED &&
	    !withdraws(places_event_cell(event, DIFF_OLD, "status")) &&
	    withdraws(places_event_cell(event, DIFF_NEW, "status"));
}

static void
count(struct guard_count *counts, enum diff_change change, bool withdrawn)
{
	switch (change) {
	case DIFF_ADDED:
		counts->added++;
		break;
	case DIFF_REMOVED:
		counts->removed++;
		break;
	case DIFF_CHANGED:
		counts->changed++;
		counts->withdrawn += withdrawn;
		break;
	}
}

static struct guard_count *
counts_of(struct counts *counts, sym id)
{
	uint32_t at;

	if (!idmap_get(&counts->index, id.id, &at)) {
		at = (uint32_t)counts->count;
		counts->list = mem_grow(counts->list, counts->count,
		    &counts->cap, sizeof(*counts->list));
		counts->list[counts->count++] = (struct guard_count){ 0 };
		idmap_put(&counts->index, id.id, at);
	}
	return &counts->list[at];
}

static int
take_row(void *arg, enum sheet_kind kind, const struct diff_event *event,
    struct err *err)
{
	struct guard_watch *watch;
	enum diff_version version;
	enum guard_scope scope;
	sym ids[GUARD_SCOPES] = { { 0 } };
	struct place place;
	struct str role;
	bool withdrawn;

	(void)err;
	watch = arg;
	version = event->change == DIFF_ADDED ? DIFF_NEW : DIFF_OLD;
	place = places_of_event(version == DIFF_NEW ? watch->now : watch->old,
	    kind, event, version);
	ids[GUARD_SCHOOL] = place.school;
	ids[GUARD_TERM] = place.term;
	if (kind == SHEET_ENROLLMENT) {
		role = places_event_cell(event, version, "role");
		ids[GUARD_ROLE] = intern_add(
		    watch->intern, role.bytes, role.len);
	}
	withdrawn = is_withdrawn(event);
	count(&watch->of_sheet[kind], event->change, withdrawn);
	for (scope = GUARD_SCHOOL; scope < GUARD_SCOPES; scope++) {
		if (ids[scope].id != 0)
			count(counts_of(
				  &watch->of_scope[kind][scope], ids[scope]),
			    event->change, withdrawn);
	}
	return 0;
}

struct delta_watch
guard_watch_of(struct guard_watch *watch)
{
	return (struct delta_watch){ watch, take_row };
}

struct guard_count
guard_watch_count(const struct guard_watch *watch, enum sheet_kind kind,
    enum guard_scope scope, sym id)
{
	const struct counts *counts;
	uint32_t at;

	if (scope == GUARD_SHEET)
		return watch->of_sheet[kind];
	counts = &watch->of_scope[kind][scope];
	return idmap_get(&counts->index, id.id, &at) ?
	    counts->list[at] :
	    (struct guard_count){ 0 };
}
