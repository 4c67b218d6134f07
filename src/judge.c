#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "canvas/guard_scopes.h"
#include "canvas/tally_json.h"
#include "history/history.h"
#include "judge.h"
#include "pack/runs.h"

#define SECONDS_PER_DAY 86400

/* What Canvas held some days ago, compared with this run. */
struct baseline {
	struct history_run run;
	struct accepted accepted;
	struct keep *keep;
	struct places *places;
	struct guard_watch *watch;
	struct delta_count counts[KEEP_SHEETS];
	struct tally tally;
	struct idmap let_go;
};

int
judge_load(struct judge *judge, const struct conf *conf, struct err *err)
{
	judge->conf = conf;
	return guard_settings_load(&judge->settings, conf, err);
}

static void
samples_free(struct judge *judge)
{
	struct judge_sample *sample;
	size_t kind, i;

	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		for (i = 0; i < judge->nsamples[kind]; i++) {
			sample = &judge->samples[kind][i];
			free(sample->key);
			free(sample->column);
			free(sample->old);
			free(sample->new);
		}
	}
}

void
judge_free(struct judge *judge)
{
	samples_free(judge);
	guard_free(judge->guard);
	diff_changes_free(judge->changes);
	diff_school_free(judge->schools);
	guard_watch_free(judge->watch);
	places_free(judge->before);
	places_free(judge->after);
	tally_free(&judge->tally);
	tally_free(&judge->tally_before);
	idmap_free(&judge->let_go);
	guard_settings_free(&judge->settings);
	*judge = (struct judge){ 0 };
}

static int
write_changes(void *arg, const void *bytes, size_t len, struct err *err)
{
	return package_write(arg, bytes, len, err);
}

static struct places *
places_of(const struct diff_input *sheets_of_run, struct intern *intern,
    struct err *err)
{
	return places_read(intern, &sheets_of_run[SHEET_COURSE],
	    &sheets_of_run[SHEET_SECTION], err);
}

int
judge_begin(struct judge *judge, const struct update *update,
    struct package *package, struct intern *intern, struct err *err)
{
	const struct diff_input *before;

	judge->intern = intern;
	before = update->accepted.source.sheets;
	if (update->first)
		return 0;
	judge->before = places_of(before, intern, err);
	if (judge->before == NULL ||
	    package_begin(package, "changes.csv", false, false, err) != 0)
		return -1;
	judge->watch = guard_watch_new(intern, judge->before, judge->after);
	judge->schools = diff_school_new(intern, judge->before, judge->after,
	    &before[SHEET_ENROLLMENT], &update->inputs[SHEET_ENROLLMENT]);
	judge->changes = diff_changes_new(
	    judge->schools, write_changes, package);
	return 0;
}

static char *
cell_copy(
    const struct diff_event *event, enum diff_version version, size_t column)
{
	struct str cell;

	cell = diff_cell(event, version, column);
	return mem_strndup(cell.bytes, cell.len);
}

/* Keeps the first differences of each sheet. */
static void
take_sample(
    struct judge *judge, enum sheet_kind kind, const struct diff_event *event)
{
	const struct diff_columns *columns;
	struct judge_sample *sample;
	struct buf key = { 0 };
	size_t i;

	if (judge->nsamples[kind] == JUDGE_SAMPLES)
		return;
	sample = &judge->samples[kind][judge->nsamples[kind]++];
	columns = diff_columns_of(event->diff);
	diff_key_text(event, &key);
	buf_str(&key);
	*sample = (struct judge_sample){ .change = event->change,
		.key = key.data };
	for (i = 0; i < columns->count && event->change == DIFF_CHANGED; i++) {
		if (!diff_cell_differs(event, i))
			continue;
		sample->column = mem_strdup(columns->columns[i].header);
		sample->old = cell_copy(event, DIFF_OLD, i);
		sample->new = cell_copy(event, DIFF_NEW, i);
		return;
	}
	sample->column = mem_strdup("");
	sample->old = mem_strdup("");
	sample->new = mem_strdup("");
}

static int
see_difference(void *arg, enum sheet_kind kind, const struct diff_event *event,
    struct err *err)
{
	struct delta_watch watch;
	struct judge *judge;

	judge = arg;
	watch = guard_watch_of(judge->watch);
	if (watch.row(watch.arg, kind, event, err) != 0)
		return -1;
	take_sample(judge, kind, event);
	return diff_changes_add(judge->changes, kind, event, err);
}

struct delta_watch
judge_watch(struct judge *judge)
{
	return (struct delta_watch){ judge, see_difference };
}

int
judge_end(struct judge *judge, struct package *package, struct err *err)
{
	if (judge->changes == NULL)
		return 0;
	if (diff_changes_end(judge->changes, err) != 0)
		return -1;
	return package_end(package, err);
}

/* A run's manifest, or NULL when it cannot be read; the caller frees it. */
static struct json *
manifest_of(const char *folder)
{
	char hex[HASH_HEX_SIZE];
	struct json *manifest;
	struct err unread = { 0 };
	int fd;

	manifest = NULL;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd != -1) {
		(void)runs_read_json(
		    fd, RUNS_MANIFEST, folder, &manifest, hex, &unread);
		close(fd);
	}
	return manifest;
}

/* What a run's manifest counted; otherwise the CSVs are counted. */
static int
load_tally(const struct judge *judge, const struct json *manifest,
    const struct places *places, const struct diff_input *inputs,
    struct tally *tally, struct err *err)
{
	if (tally_json_read(tally, judge->intern, json_get(manifest, "tally")))
		return 0;
	tally_free(tally);
	return tally_make(tally, judge->intern, places, inputs, err);
}

static int
load_before(struct judge *judge, const struct update *update,
    const char *folder, struct err *err)
{
	struct json *manifest;
	int rc;

	manifest = manifest_of(folder);
	judge->knows_blanks = guard_blank_read(
	    &judge->blanks_before, json_get(manifest, "blank"));
	rc = load_tally(judge, manifest, judge->before,
	    update->accepted.source.sheets, &judge->tally_before, err);
	json_free(manifest);
	return rc;
}

static void
baseline_free(struct baseline *baseline)
{
	tally_free(&baseline->tally);
	idmap_free(&baseline->let_go);
	guard_watch_free(baseline->watch);
	places_free(baseline->places);
	keep_free(baseline->keep);
	accepted_close(&baseline->accepted);
	history_run_free(&baseline->run);
}

static int
baseline_compare(struct judge *judge, const struct update *update,
    const struct map *map, struct baseline *baseline, struct err *err)
{
	const struct diff_input *before;
	struct delta_watch watch;
	struct json *manifest;
	enum sheet_kind kind;
	int rc;

	if (accepted_open(&baseline->accepted, baseline->run.path, err) != 0)
		return -1;
	before = baseline->accepted.source.sheets;
	baseline->keep = keep_make(map, &baseline->accepted.source, err);
	if (baseline->keep == NULL)
		return -1;
	baseline->places = places_of(before, judge->intern, err);
	if (baseline->places == NULL)
		return -1;
	manifest = manifest_of(baseline->run.path);
	rc = load_tally(
	    judge, manifest, baseline->places, before, &baseline->tally, err);
	json_free(manifest);
	if (rc != 0 ||
	    guard_scopes_let_go(&baseline->let_go, judge->intern,
		baseline->keep, &before[SHEET_TERM], err) != 0)
		return -1;
	baseline->watch = guard_watch_new(
	    judge->intern, baseline->places, judge->after);
	watch = guard_watch_of(baseline->watch);
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		if (delta_look(kind, &before[kind], &update->inputs[kind],
			baseline->keep, &watch, &baseline->counts[kind],
			err) != 0)
			return -1;
	}
	return 0;
}

static bool
was_approved(const struct past_run *run)
{
	const struct json *decision;

	for (decision = json_first(json_get(run->decisions, "decisions"));
	     decision != NULL; decision = json_next(decision)) {
		if (strcmp(json_text(json_get(decision, "decision")),
			"approved") == 0)
			return true;
	}
	return false;
}

/*
 * What somebody approved is not held against the runs that follow: the last
 * approved run that came after run is measured against instead of it.
 */
static int
prefer_approved(const char *out, struct history_run *run, struct err *err)
{
	struct past_run *past;
	struct runs *runs;
	int rc;

	runs = runs_open(out, err);
	if (runs == NULL)
		return -1;
	rc = 0;
	for (past = runs->all + runs->count; past > runs->all && rc == 0;) {
		past--;
		if (strcmp(past->id, run->id) == 0)
			break;
		rc = runs_decisions(runs, past, err);
		if (rc != 0 || !was_approved(past))
			continue;
		history_run_free(run);
		memcpy(run->id, past->id, sizeof(run->id));
		run->path = runs_path(runs, past, NULL);
		break;
	}
	runs_close(runs);
	return rc;
}

/* The run that Canvas held baseline_days ago, unless it is the accepted. */
static int
find_baseline(struct judge *judge, const char *accepted, int64_t now,
    struct baseline *baseline, struct err *err)
{
	const char *out;
	int64_t moment;
	char *folder;

	out = conf_text(judge->conf, "output", "dir");
	moment = now - (int64_t)judge->settings.baseline_days * SECONDS_PER_DAY;
	if (history_accepted_at(out, moment, &baseline->run, err) != 0)
		return -1;
	if (baseline->run.id[0] == '\0')
		return 0;
	if (prefer_approved(out, &baseline->run, err) != 0)
		return -1;
	folder = realpath(baseline->run.path, NULL);
	if (folder == NULL) {
		err_set_errno(err, EXIT_IO, errno,
		    "%s, which the guard compares with, cannot be found;"
		    " nothing was published",
		    baseline->run.path);
		return err_hint(err,
		    "Look at the disk and at who owns the folder, then run"
		    " again.");
	}
	if (strcmp(folder, accepted) == 0)
		baseline->run.id[0] = '\0';
	free(folder);
	return 0;
}

static int
judge_against_past(struct judge *judge, const struct update *update,
    const struct map *map, struct guard_input *input, const char *accepted,
    int64_t now, struct baseline *baseline, struct err *err)
{
	struct delta_count *counts;
	enum sheet_kind kind;

	counts = mem_zalloc(KEEP_SHEETS, sizeof(*counts));
	for (kind = 0; kind < KEEP_SHEETS; kind++)
		counts[kind] = update->deltas[kind].count;
	if (load_before(judge, update, accepted, err) != 0 ||
	    guard_scopes_let_go(&judge->let_go, judge->intern, update->keep,
		&update->accepted.source.sheets[SHEET_TERM], err) != 0 ||
	    find_baseline(judge, accepted, now, baseline, err) != 0 ||
	    (baseline->run.id[0] != '\0' &&
		baseline_compare(judge, update, map, baseline, err) != 0)) {
		free(counts);
		return -1;
	}
	input->accepted = (struct guard_past){ counts, judge->watch,
		&judge->tally_before, &judge->let_go };
	input->blanks_before = judge->knows_blanks ? &judge->blanks_before :
						     NULL;
	if (baseline->run.id[0] != '\0') {
		input->baseline_run = baseline->run.id;
		input->baseline_date = date_at(now) -
		    (int32_t)judge->settings.baseline_days;
		input->baseline = (struct guard_past){ baseline->counts,
			baseline->watch, &baseline->tally, &baseline->let_go };
	}
	judge->guard = guard_judge(input);
	free(counts);
	return 0;
}

int
judge_verdict(struct judge *judge, const struct update *update,
    const struct map *map, const uint64_t rows[KEEP_SHEETS],
    const char *accepted, int64_t now, struct err *err)
{
	struct guard_input input = { .settings = &judge->settings,
		.intern = judge->intern,
		.today = map->policy->today,
		.first = update->first };
	struct baseline baseline = { 0 };
	int rc;

	judge->blanks = guard_blank_count(map->roster, map->findings);
	input.fixture = conf_yes(judge->conf, "source", "fixture");
	input.now = &judge->tally;
	input.blanks = &judge->blanks;
	memcpy(input.rows, rows, sizeof(input.rows));
	rc = 0;
	if (update->first)
		judge->guard = guard_judge(&input);
	else
		rc = judge_against_past(
		    judge, update, map, &input, accepted, now, &baseline, err);
	baseline_free(&baseline);
	return rc;
}
