#ifndef UNIT_JUDGED_H
#define UNIT_JUDGED_H

#include <string.h>

#include "base/mem.h"
#include "canvas/guard.h"

/*
 * A guard's verdict about packages made of text, for tests: the sheets stand
 * in the test itself and go the way that they go in a run. Include cmocka
 * first.
 */
enum judged_version {
	JUDGED_ACCEPTED,
	JUDGED_NOW,
	JUDGED_BASELINE,
	JUDGED_VERSIONS
};

/* A package's sheets; NULL: it lacks one. */
struct judged_texts {
	const char *sheets[KEEP_SHEETS];
};

/* One past package compared with today's. */
struct judged_past {
	struct guard_watch *watch;
	struct delta_watch sink;
	enum sheet_kind kind;
	struct delta_count counts[KEEP_SHEETS];
	const struct places *places;
	const struct idmap *let_go;
};

struct judged {
	struct intern *intern;
	struct diff_file files[JUDGED_VERSIONS][KEEP_SHEETS];
	struct diff_input inputs[JUDGED_VERSIONS][KEEP_SHEETS];
	struct places *places[JUDGED_VERSIONS];
	struct tally tallies[JUDGED_VERSIONS];
	struct judged_past pasts[JUDGED_VERSIONS];
	struct idmap let_go;
	struct guard_settings settings;
	struct guard_input input; /* a test may change it */
	struct guard *guard;
};

/* What [guard] says when it says nothing. */
static inline struct guard_settings
judged_defaults(void)
{
	struct guard_settings settings = { .changed = 75,
		.added = 50,
		.lost = 50,
		.blank = 5,
		.minimum = 25,
		.baseline_days = 7 };
	enum sheet_kind kind;

	for (kind = 0; kind < KEEP_SHEETS; kind++)
		settings.removed[kind] = kind == SHEET_USER ? 5 : 10;
	return settings;
}

/* What delta_make() does with a difference: let-go rows are only counted. */
static inline int
judged_event(void *arg, const struct diff_event *event, struct err *err)
{
	struct judged_past *past;
	struct place place;

	past = arg;
	place = places_of_event(past->places, past->kind, event, DIFF_OLD);
	if (event->change == DIFF_REMOVED && place.term.id != 0 &&
	    idmap_get(past->let_go, place.term.id, NULL)) {
		past->counts[past->kind].let_go++;
		return 0;
	}
	return past->sink.row(past->sink.arg, past->kind, event, err);
}

static inline void
judged_compare(struct judged *judged, enum judged_version version)
{
	struct judged_past *past;
	struct diff_sink sink;
	struct diff_count counted;
	enum sheet_kind kind;
	struct err err = { 0 };

	past = &judged->pasts[version];
	past->places = judged->places[version];
	past->let_go = &judged->let_go;
	past->watch = guard_watch_new(judged->intern, judged->places[version],
	    judged->places[JUDGED_NOW]);
	past->sink = guard_watch_of(past->watch);
	sink = (struct diff_sink){ past, judged_event };
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		past->kind = kind;
		if (diff_sheets(&sheets[kind], &judged->inputs[version][kind],
			&judged->inputs[JUDGED_NOW][kind], &sink, &counted,
			&err) != 0)
			fail_msg("%s", err.msg);
		past->counts[kind].before = counted.rows[DIFF_OLD];
		past->counts[kind].after = counted.rows[DIFF_NEW];
	}
}

static inline struct guard_past
judged_past(const struct judged *judged, enum judged_version version)
{
	return (struct guard_past){ .counts = judged->pasts[version].counts,
		.watch = judged->pasts[version].watch,
		.tally = &judged->tallies[version],
		.let_go = &judged->let_go };
}

/* Reads one package. */
static inline void
judged_read(struct judged *judged, enum judged_version version,
    const struct judged_texts *texts)
{
	enum sheet_kind kind;
	struct err err = { 0 };

	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		judged->inputs[version][kind] = (struct diff_input){
			&judged->files[version][kind],
			texts->sheets[kind] == NULL ? 0 : 1
		};
		if (texts->sheets[kind] != NULL)
			judged->files[version][kind] = (struct diff_file){
				sheets[kind].file, texts->sheets[kind],
				strlen(texts->sheets[kind]), false
			};
	}
	judged->places[version] = places_read(judged->intern,
	    &judged->inputs[version][SHEET_COURSE],
	    &judged->inputs[version][SHEET_SECTION], &err);
	if (judged->places[version] == NULL ||
	    tally_make(&judged->tallies[version], judged->intern,
		judged->places[version], judged->inputs[version], &err) != 0)
		fail_msg("%s", err.msg);
}

/*
 * Puts everything into judged->input, so that judged_judge() can follow. The
 * baseline may be NULL; let_go lists terms and ends with NULL, or is NULL.
 */
static inline void
judged_make(struct judged *judged, const struct guard_settings *settings,
    const struct judged_texts *accepted, const struct judged_texts *now,
    const struct judged_texts *baseline, const char *const *let_go)
{
	enum sheet_kind kind;

	*judged = (struct judged){ .intern = intern_new(),
		.settings = *settings };
	for (; let_go != NULL && *let_go != NULL; let_go++)
		idmap_put(&judged->let_go,
		    intern_add(judged->intern, *let_go, strlen(*let_go)).id, 0);
	judged_read(judged, JUDGED_ACCEPTED, accepted);
	judged_read(judged, JUDGED_NOW, now);
	judged_compare(judged, JUDGED_ACCEPTED);
	judged->input = (struct guard_input){ .settings = &judged->settings,
		.intern = judged->intern,
		.accepted = judged_past(judged, JUDGED_ACCEPTED),
		.now = &judged->tallies[JUDGED_NOW] };
	for (kind = 0; kind < KEEP_SHEETS; kind++)
		judged->input
		    .rows[kind] = judged->tallies[JUDGED_NOW].sheets[kind].rows;
	if (baseline == NULL)
		return;
	judged_read(judged, JUDGED_BASELINE, baseline);
	judged_compare(judged, JUDGED_BASELINE);
	judged->input.baseline_run = "20261116T120000Z-0001";
	judged->input.baseline_date = 20773;
	judged->input.baseline = judged_past(judged, JUDGED_BASELINE);
}

static inline enum guard_verdict
judged_judge(struct judged *judged)
{
	guard_free(judged->guard);
	judged->guard = guard_judge(&judged->input);
	return guard_verdict_of(judged->guard);
}

static inline void
judged_free(struct judged *judged)
{
	enum judged_version v;

	guard_free(judged->guard);
	for (v = 0; v < JUDGED_VERSIONS; v++) {
		places_free(judged->places[v]);
		tally_free(&judged->tallies[v]);
		guard_watch_free(judged->pasts[v].watch);
	}
	idmap_free(&judged->let_go);
	intern_free(judged->intern);
}

/* Adds the reasons, one a line: "GUARD-GONE school 300 enrollments". */
static inline void
judged_reasons(const struct judged *judged, struct buf *out)
{
	static const char *const scopes[] = { "", " school", " term", " role" };
	const struct guard_limit *limits;
	size_t n, i;

	limits = guard_limits(judged->guard, &n);
	for (i = 0; i < n; i++) {
		if (!limits[i].holds)
			continue;
		buf_printf(out, "%s%s", guard_codes[limits[i].code].code,
		    scopes[limits[i].scope]);
		if (limits[i].id[0] != '\0')
			buf_printf(out, " %s", limits[i].id);
		if (limits[i].sheet < KEEP_SHEETS)
			buf_printf(out, " %s", sheets[limits[i].sheet].name);
		buf_addc(out, '\n');
	}
	buf_str(out);
}

#endif
