#ifndef JUDGE_H
#define JUDGE_H

#include "base/json.h"
#include "canvas/diff_changes.h"
#include "canvas/guard.h"
#include "update.h"

/*
 * The guard's part of a run: what would change in Canvas is counted while it
 * is compared, written to changes.csv, and held against the limits
 * (architecture 3, operations 2.6).
 */
#define JUDGE_SAMPLES 8 /* differences of a sheet that are shown */

/* One difference, for the report. */
struct judge_sample {
	enum diff_change change;
	char *key;
	char *column;	 /* of a changed row: the first that differs */
	char *old, *new; /* its cell in both versions, or "" */
};

struct judge {
	struct judge_sample samples[KEEP_SHEETS][JUDGE_SAMPLES];
	size_t nsamples[KEEP_SHEETS];
	struct guard_settings settings;
	const struct conf *conf;
	struct intern *intern;
	struct places *before, *after; /* of the accepted run and this one */
	struct guard_watch *watch;
	struct diff_schools *schools;
	struct diff_changes *changes;
	struct tally tally, tally_before;
	struct guard_blanks blanks, blanks_before;
	bool knows_blanks; /* of the accepted run */
	struct idmap let_go;
	struct guard *guard;
};

/* Reads [guard]. 0, or -1 with EXIT_SETTINGS. */
int judge_load(struct judge *judge, const struct conf *conf, struct err *err);
void judge_free(struct judge *judge);

/*
 * Makes ready to see differences, which also go to changes.csv in the
 * package. The sheets of this run are mapped in update; they were counted
 * into after and tally while they were written.
 */
int judge_begin(struct judge *judge, const struct update *update,
    struct package *package, struct intern *intern, struct err *err);

/* What update_compare() shows its differences to. */
struct delta_watch judge_watch(struct judge *judge);

/* Ends changes.csv. */
int judge_end(struct judge *judge, struct package *package, struct err *err);

/*
 * The verdict: rows by sheet as today's tables give them, and now in UTC
 * seconds. accepted is the folder of the accepted run, NULL without one.
 */
int judge_verdict(struct judge *judge, const struct update *update,
    const struct map *map, const uint64_t rows[KEEP_SHEETS],
    const char *accepted, int64_t now, struct err *err);

#endif
