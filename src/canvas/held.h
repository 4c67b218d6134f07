#ifndef CANVAS_HELD_H
#define CANVAS_HELD_H

#include "base/idmap.h"
#include "canvas/map.h"
#include "canvas/sheets.h"

#define HELD_KINDS (SHEET_SECTION + 1) /* sheets whose rows have an id */

/* PowerSchool's ids and the Canvas ids that went out under them. */
struct crosswalk_ids {
	struct idmap user_of_id, user_of_dcid, section_of_id;
};

/*
 * Today's rows by Canvas id: those that are sent, and those that are held
 * back, for which yesterday's line has to stay (architecture 2).
 */
struct held {
	struct idmap sent[HELD_KINDS]; /* by enum sheet_kind */
	struct idmap ids[HELD_KINDS];
	struct idmap pairs;	  /* section and user of enrollments */
	struct idmap other_terms; /* terms of other school years */
};

/*
 * Collects them. A held row whose id cannot be made from today's cells, and a
 * row that names somebody who is in no file, are looked up in what went out
 * before. Free with held_free().
 */
void held_make(struct held *held, const struct map *map,
    const struct crosswalk_ids *before);
void held_free(struct held *held);

/* Whether anything is held that Canvas may have. */
bool held_any(const struct map *map);

void crosswalk_ids_free(struct crosswalk_ids *ids);

#endif
