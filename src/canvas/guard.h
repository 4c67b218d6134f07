#ifndef CANVAS_GUARD_H
#define CANVAS_GUARD_H

#include "base/idmap.h"
#include "canvas/guard_blank.h"
#include "canvas/guard_codes.h"
#include "canvas/guard_settings.h"
#include "canvas/guard_share.h"
#include "canvas/guard_watch.h"
#include "canvas/tally.h"

/*
 * Holds a run that would change too much in Canvas: by sheet and again by
 * school, term and role, for one vanished school hides inside a limit of the
 * district (operations 2.6). A share that is exactly the limit passes; fewer
 * rows than the minimum never hold, but for a sheet that has none left.
 */
struct guard;

enum guard_verdict { GUARD_PASSED, GUARD_WARNED, GUARD_HELD };

extern const char *const guard_verdicts[]; /* passed, warned, held */

/* What Canvas held at some time, and what became of it since. */
struct guard_past {
	const struct delta_count *counts; /* KEEP_SHEETS of them */
	const struct guard_watch *watch;
	/* NULL: schools, terms and roles are not looked at. */
	const struct tally *tally;
	/* Its terms that are let go (syms), or NULL; see guard_scopes.h. */
	const struct idmap *let_go;
};

/* Everything that the verdict is made from; the guard keeps none of it. */
struct guard_input {
	const struct guard_settings *settings;
	const struct intern *intern; /* of all syms here */
	int32_t today;		     /* the district's date */
	bool fixture;		     /* a first run passes */
	bool first;		     /* nothing was accepted before: */
	struct guard_past accepted;  /* not looked at then */
	const struct tally *now;
	/* Tables and columns that the accepted run had and this one lacks. */
	const char *const *gaps;
	size_t ngaps;
	/*
	 * Rows that today's tables give, with yesterday's of held ones; in
	 * additions-only these are not all that the sheets hold.
	 */
	uint64_t rows[KEEP_SHEETS];
	const struct guard_blanks *blanks;
	const struct guard_blanks *blanks_before; /* NULL: unknown */

	/*
	 * The last run that was accepted at least baseline_days ago; a later
	 * one if somebody approved it by hand, for what was approved is not
	 * held against the runs that follow. NULL: there is none.
	 */
	const char *baseline_run;
	int32_t baseline_date; /* a day on which Canvas held it */
	struct guard_past baseline;
};

/*
 * Judges. Every limit is looked at, also behind one that holds; in warn mode
 * all but a blackout only warn; in additions-only, where nothing is changed
 * or removed, what would be is not looked at. The caller frees the result.
 */
struct guard *guard_judge(const struct guard_input *input);
void guard_free(struct guard *guard);

enum guard_verdict guard_verdict_of(const struct guard *guard);

/* One limit, and what was measured against it; guard_report.h has words. */
struct guard_limit {
	enum guard_code code;
	bool holds;	       /* a reason to hold the run */
	enum sheet_kind sheet; /* SHEETS: of no sheet */
	enum guard_scope scope;
	const char *id;	   /* of the scope; else what it is, or "" */
	uint64_t rows, of; /* rows concerned, of how many */
	/* "12.35%", "10%" or in points; "" of what is no share. */
	char value[GUARD_SHARE_TEXT], limit[GUARD_SHARE_TEXT];
};

/*
 * All limits in the order of codes, scopes, ids and sheets. The reasons are
 * those that hold; in warn mode they warn.
 */
const struct guard_limit *guard_limits(
    const struct guard *guard, size_t *count);

/* How many of them are reasons. */
size_t guard_reasons(const struct guard *guard);

#endif
