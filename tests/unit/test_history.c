#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "history/history.h"
#include "history/history_call.h"
#include "history/history_facts.h"
#include "history/history_record.h"
#include "history/history_state.h"
#include "made_runs.h"
#include "settings.h"

#define MONDAY ((int64_t)1795392000) /* 2026-11-23T00:00:00Z */
#define HOUR 3600

static struct conf *
settings(const char *out, const char *override)
{
	const char *overrides[3] = { NULL, override, NULL };
	struct err err = { 0 };
	struct conf *conf;
	char dir[64];

	snprintf(dir, sizeof(dir), "output.dir=%s", out);
	overrides[0] = dir;
	conf = conf_load(NULL, settings_options, overrides, &err);
	assert_non_null(conf);
	return conf;
}

/* Approves the i-th run as the command does, at a moment. */
static void
approve(const char *out, size_t i, int64_t now)
{
	struct history_package package;
	struct history_record record = {
		.now = now, .package = &package, .reason = "a new school"
	};
	struct err err = { 0 };
	struct rundir *lock;
	struct conf *conf;
	struct runs *runs;
	struct json *list;

	conf = settings(out, NULL);
	lock = rundir_lock(out, now, &err);
	assert_non_null(lock);
	runs = made_open(out);
	assert_non_null(runs_manifest(runs, &runs->all[i], &err));
	assert_int_equal(
	    history_state_package(conf, &runs->all[i], &package, &err), 0);
	list = json_array();
	json_append(list, history_record_decision(DECISION_APPROVED, &record));
	assert_int_equal(
	    runs_decisions_add(lock, runs, &runs->all[i], list, &err), 0);
	runs_close(runs);
	rundir_close(lock);
	conf_free(conf);
}

static enum history_state
state_at(const char *out, size_t i, int64_t now)
{
	struct history_standing standing;
	struct err err = { 0 };
	struct runs *runs;

	runs = made_open(out);
	if (history_state_of(runs, &runs->all[i], now, &standing, &err) != 0)
		fail_msg("%s", err.msg);
	runs_close(runs);
	return standing.state;
}

static void
a_run_stands_where_the_guard_and_people_have_put_it(void **state)
{
	char out[MADE_SIZE];

	(void)state;
	made_folder(out);
	made(out, MONDAY, NULL);
	assert_int_equal(state_at(out, 0, MONDAY), HISTORY_PUBLISHED);
	made(out, MONDAY, "passed");
	assert_int_equal(state_at(out, 1, MONDAY), HISTORY_PUBLISHED);
	made(out, MONDAY, "warned");
	assert_int_equal(state_at(out, 2, MONDAY), HISTORY_PUBLISHED);
	made_decision(out, 2, DECISION_ACCEPTED, MONDAY);
	assert_int_equal(state_at(out, 2, MONDAY), HISTORY_ACCEPTED);
	made(out, MONDAY, "held");
	assert_int_equal(state_at(out, 3, MONDAY), HISTORY_HELD);
	made(out, MONDAY, "held");
	assert_int_equal(state_at(out, 3, MONDAY), HISTORY_SUPERSEDED);
	made_decision(out, 4, DECISION_DISCARDED, MONDAY);
	assert_int_equal(state_at(out, 4, MONDAY), HISTORY_DISCARDED);
	assert_int_equal(state_at(out, 0, MONDAY), HISTORY_PUBLISHED);
	assert_int_equal(state_at(out, 2, MONDAY), HISTORY_ACCEPTED);
	made_remove(out);
}

static void
an_approval_ends_after_24_hours_or_with_a_newer_run(void **state)
{
	char out[MADE_SIZE];

	(void)state;
	made_folder(out);
	made(out, MONDAY, "held");
	approve(out, 0, MONDAY + 1);
	assert_int_equal(state_at(out, 0, MONDAY + 1), HISTORY_APPROVED);
	assert_int_equal(
	    state_at(out, 0, MONDAY + 1 + 24 * HOUR), HISTORY_APPROVED);
	assert_int_equal(
	    state_at(out, 0, MONDAY + 2 + 24 * HOUR), HISTORY_HELD);
	approve(out, 0, MONDAY + 48 * HOUR);
	assert_int_equal(
	    state_at(out, 0, MONDAY + 72 * HOUR), HISTORY_APPROVED);
	made(out, MONDAY + 49 * HOUR, "passed");
	assert_int_equal(
	    state_at(out, 0, MONDAY + 49 * HOUR), HISTORY_SUPERSEDED);
	made_remove(out);
}

static void
an_approval_counts_for_the_package_with_its_hash_alone(void **state)
{
	static const struct {
		const char *from, *to;
	} edits[] = {
		{ "\"package_sha256\": \"", "\"package_sha265\": \"" },
		{ "-01234567.zip", "-01234568.zip" },
		{ "canvas-sis-full", "canvas-sis-none" },
		{ "\"until\"", "\"untiL\"" },
		{ "approved", "approveD" },
	};
	char out[MADE_SIZE], path[256];
	char *whole;
	size_t i;

	(void)state;
	made_folder(out);
	made(out, MONDAY, "held");
	approve(out, 0, MONDAY);
	made_path(out, 0, RUNS_DECISIONS, path);
	whole = made_text(path);
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		assert_int_equal(state_at(out, 0, MONDAY), HISTORY_APPROVED);
		made_edit(path, edits[i].from, edits[i].to);
		assert_int_equal(state_at(out, 0, MONDAY), HISTORY_HELD);
		made_overwrite(path, whole);
	}
	free(whole);
	made_remove(out);
}

static void
a_verdict_that_is_not_known_is_no_licence(void **state)
{
	static const char *const verdicts[] = { "", "Passed", "ok", "pass" };
	struct history_standing standing;
	char out[MADE_SIZE];
	struct runs *runs;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		struct err err = { 0 };

		made_folder(out);
		made(out, MONDAY, verdicts[i]);
		runs = made_open(out);
		assert_int_equal(history_state_of(runs, &runs->all[0], MONDAY,
				     &standing, &err),
		    -1);
		assert_int_equal(err.code, EXIT_INVALID);
		runs_close(runs);
		made_remove(out);
	}
}

/* What history_deliverable() says of a run that is typed. */
static int
deliverable(
    const char *out, const char *typed, int64_t now, const char *override)
{
	struct history_deliverable found;
	struct err err = { 0 };
	struct conf *conf;
	char hex[HASH_HEX_SIZE];
	int rc;

	conf = settings(out, override);
	rc = history_deliverable(conf, typed, now, &found, &err);
	assert_int_equal(rc == 0, err.code == EXIT_DONE);
	if (rc == 0) {
		assert_int_equal(hash_file(found.path, hex), 0);
		assert_string_equal(hex, found.sha256);
	} else {
		assert_null(found.path);
		assert_true(strlen(err.msg) > 0);
	}
	history_deliverable_free(&found);
	conf_free(conf);
	return (int)err.code;
}

static void
only_a_whole_run_that_may_pass_is_sent(void **state)
{
	const struct made_run with_delta = { MONDAY, "held", true };
	char out[MADE_SIZE], path[256];

	(void)state;
	made_folder(out);
	made(out, MONDAY, "passed");
	made(out, MONDAY, "warned");
	made(out, MONDAY, NULL);
	made(out, MONDAY, "passed");
	made_decision(out, 3, DECISION_DISCARDED, MONDAY);
	made(out, MONDAY, "held");
	rundir_close(made_published(out, &with_delta));
	assert_int_equal(deliverable(out, "1", MONDAY, NULL), EXIT_DONE);
	assert_int_equal(deliverable(out, "2", MONDAY, NULL), EXIT_DONE);
	assert_int_equal(deliverable(out, "3", MONDAY, NULL), EXIT_HELD);
	assert_int_equal(deliverable(out, "4", MONDAY, NULL), EXIT_USAGE);
	assert_int_equal(deliverable(out, "5", MONDAY, NULL), EXIT_HELD);
	assert_int_equal(deliverable(out, "6", MONDAY, NULL), EXIT_HELD);
	assert_int_equal(deliverable(out, "7", MONDAY, NULL), EXIT_USAGE);
	approve(out, 5, MONDAY);
	assert_int_equal(deliverable(out, "6", MONDAY, NULL), EXIT_DONE);
	assert_int_equal(
	    deliverable(out, "6", MONDAY + 25 * HOUR, NULL), EXIT_HELD);
	/* The delta was approved, so the full package is not. */
	assert_int_equal(
	    deliverable(out, "6", MONDAY, "output.package=full"), EXIT_HELD);
	made_path(out, 0, "csv/users.csv", path);
	made_edit(path, "active", "activE");
	assert_int_equal(deliverable(out, "1", MONDAY, NULL), EXIT_INVALID);
	made_remove(out);
}

static void
the_package_is_the_delta_where_one_is_wanted(void **state)
{
	static const struct {
		bool delta;
		const char *override, *prefix;
	} cases[] = {
		{ true, "output.package=delta", "canvas-sis-delta-" },
		{ true, "output.package=full", "canvas-sis-full-" },
		{ false, "output.package=delta", "canvas-sis-full-" },
		{ false, "output.package=full", "canvas-sis-full-" },
	};
	struct history_package package;
	struct err err = { 0 };
	struct conf *conf;
	char out[MADE_SIZE];
	struct runs *runs;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct made_run run = { MONDAY, "passed",
			cases[i].delta };

		made_folder(out);
		rundir_close(made_published(out, &run));
		conf = settings(out, cases[i].override);
		runs = made_open(out);
		assert_non_null(runs_manifest(runs, &runs->all[0], &err));
		assert_int_equal(
		    history_state_package(conf, &runs->all[0], &package, &err),
		    0);
		assert_memory_equal(
		    package.file, cases[i].prefix, strlen(cases[i].prefix));
		runs_close(runs);
		conf_free(conf);
		made_remove(out);
	}
}

static void
the_accepted_run_is_what_the_link_names_and_nothing_else(void **state)
{
	struct history_run run;
	char out[MADE_SIZE], link[64], want[128];
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
	    history_accepted("/tmp/no-such-folder", &run, &err), 0);
	assert_string_equal(run.id, "");
	made_folder(out);
	assert_int_equal(history_accepted(out, &run, &err), 0);
	assert_string_equal(run.id, "");
	made(out, MONDAY, "passed");
	made(out, MONDAY + 1, "passed");
	made_decision(out, 0, DECISION_ACCEPTED, MONDAY);
	assert_int_equal(history_accepted(out, &run, &err), 0);
	assert_string_equal(run.id, "20261123T000000Z-0001");
	snprintf(want, sizeof(want), "%s/runs/20261123T000000Z-0001", out);
	assert_string_equal(run.path, want);
	history_run_free(&run);
	snprintf(link, sizeof(link), "%s/accepted", out);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(history_accepted(out, &run, &err), 0);
	assert_string_equal(run.id, "");
	assert_null(run.path);
	made_remove(out);
}

static void
the_newest_acceptance_until_a_moment_counts_then(void **state)
{
	static const struct {
		int64_t hour;
		const char *id;
	} cases[] = {
		{ 0, "" },
		{ 9, "" },
		{ 10, "20261123T000000Z-0001" },
		{ 19, "20261123T000000Z-0001" },
		{ 20, "20261123T000000Z-0002" },
		{ 30, "20261123T000000Z-0001" }, /* Canvas went back */
		{ 40, "20261123T000000Z-0003" },
		{ 9999, "20261123T000000Z-0003" },
	};
	char out[MADE_SIZE], path[256];
	struct history_run run;
	struct err err = { 0 };
	size_t i;

	(void)state;
	made_folder(out);
	for (i = 0; i < 4; i++)
		made(out, MONDAY, "passed");
	made_decision(out, 0, DECISION_ACCEPTED, MONDAY + 10 * HOUR);
	made_decision(out, 1, DECISION_ACCEPTED, MONDAY + 20 * HOUR);
	made_decision(out, 0, DECISION_ACCEPTED, MONDAY + 30 * HOUR);
	made_decision(out, 2, DECISION_ACCEPTED, MONDAY + 40 * HOUR);
	made_decision(out, 3, DECISION_APPROVED, MONDAY + 50 * HOUR);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(history_accepted_at(out,
				     MONDAY + cases[i].hour * HOUR, &run, &err),
		    0);
		assert_string_equal(run.id, cases[i].id);
		history_run_free(&run);
	}
	made_path(out, 2, RUNS_DECISIONS, path);
	made_overwrite(path, "{");
	assert_int_equal(
	    history_accepted_at(out, MONDAY + 99 * HOUR, &run, &err), 0);
	assert_string_equal(run.id, "20261123T000000Z-0001");
	history_run_free(&run);
	made_remove(out);
}

static void
what_passed_is_accepted_by_itself_what_is_held_never(void **state)
{
	const struct made_run passed = { MONDAY, "passed", true };
	const struct made_run held = { MONDAY + 1, "held", true };
	const struct json *one;
	struct err err = { 0 };
	struct rundir *dir;
	struct conf *conf;
	struct runs *runs;
	char out[MADE_SIZE];

	(void)state;
	made_folder(out);
	conf = settings(out, NULL);
	assert_true(history_accepts_by_itself(conf));
	dir = made_published(out, &passed);
	assert_int_equal(history_accept_published(dir, conf, MONDAY, &err), 0);
	rundir_close(dir);
	dir = made_published(out, &held);
	assert_int_equal(history_accept_published(dir, conf, MONDAY, &err), -1);
	assert_int_equal(err.code, EXIT_HELD);
	rundir_close(dir);
	runs = made_open(out);
	assert_ptr_equal(runs->accepted.run, &runs->all[0]);
	memset(&err, 0, sizeof(err));
	assert_int_equal(runs_decisions(runs, &runs->all[0], &err), 0);
	one = runs_decisions_first(&runs->all[0]);
	assert_string_equal(
	    json_text(json_get(one, "decision")), DECISION_ACCEPTED);
	assert_string_equal(json_text(json_get(one, "reason")),
	    "automatic:"
	    " the guard let it pass and no destination is configured");
	assert_string_equal(json_text(json_get(one, "package")),
	    "canvas-sis-delta-20261123T000000Z-0001-01234567.zip");
	assert_int_equal(runs_decisions(runs, &runs->all[1], &err), 0);
	assert_null(runs->all[1].decisions);
	runs_close(runs);
	conf_free(conf);
	conf = settings(out, "output.accept=manual");
	assert_false(history_accepts_by_itself(conf));
	conf_free(conf);
	made_remove(out);
}

static void
the_next_manifest_names_the_last_run_and_both_its_hashes(void **state)
{
	struct history_previous previous;
	char out[MADE_SIZE], path[256], hex[HASH_HEX_SIZE], link[64];
	struct err err = { 0 };
	struct json *manifest;

	(void)state;
	made_folder(out);
	assert_int_equal(history_previous(out, &previous, &err), 0);
	manifest = json_object();
	history_set_previous(manifest, &previous);
	assert_int_equal(
	    json_kind(json_get(manifest, "previous_run")), JSON_NULL);
	assert_int_equal(
	    json_kind(json_get(manifest, "previous_decisions_sha256")),
	    JSON_NULL);
	made(out, MONDAY, "passed");
	made(out, MONDAY, "passed");
	/* It is the last one, whatever current names. */
	snprintf(link, sizeof(link), "%s/current", out);
	assert_int_equal(unlink(link), 0);
	made_decision(out, 1, DECISION_ACCEPTED, MONDAY);
	assert_int_equal(history_previous(out, &previous, &err), 0);
	history_set_previous(manifest, &previous);
	assert_string_equal(json_text(json_get(manifest, "previous_run")),
	    "20261123T000000Z-0002");
	made_path(out, 1, RUNS_MANIFEST, path);
	assert_int_equal(hash_file(path, hex), 0);
	assert_string_equal(
	    json_text(json_get(manifest, "previous_manifest_sha256")), hex);
	made_path(out, 1, RUNS_DECISIONS, path);
	assert_int_equal(hash_file(path, hex), 0);
	assert_string_equal(
	    json_text(json_get(manifest, "previous_decisions_sha256")), hex);
	json_free(manifest);
	made_remove(out);
}

static void
who_decided_is_asked_of_the_system_not_of_the_environment(void **state)
{
	const struct history_record record = { .now = MONDAY, .reason = "x" };
	const struct passwd *entry;
	struct json *decision;
	char number[24];
	uint64_t uid;

	(void)state;
	setenv("LOGNAME", "somebody else", 1);
	setenv("USER", "somebody else", 1);
	decision = history_record_decision(DECISION_APPROVED, &record);
	entry = getpwuid(getuid());
	snprintf(number, sizeof(number), "%lu", (unsigned long)getuid());
	assert_string_equal(json_text(json_get(decision, "login")),
	    entry == NULL ? number : entry->pw_name);
	assert_true(json_unsigned(json_get(decision, "uid"), &uid));
	assert_int_equal(uid, getuid());
	assert_non_null(json_text(json_get(decision, "host")));
	assert_string_equal(
	    json_text(json_get(decision, "time")), "2026-11-23T00:00:00Z");
	assert_string_equal(
	    json_text(json_get(decision, "until")), "2026-11-24T00:00:00Z");
	assert_int_equal(
	    json_kind(json_get(decision, "time_from")), JSON_NOTHING);
	json_free(decision);
}

static void
a_reason_is_a_few_words_on_one_line(void **state)
{
	static const struct {
		const char *reason;
		bool taken;
	} cases[] = {
		{ "new school opens", true },
		{ "Ren\xC3\xA9 asked", true },
		{ "x", true },
		{ NULL, false },
		{ "", false },
		{ "   ", false },
		{ "\xC2\xA0", false },
		{ "a\nb", false },
		{ "a\x1b[31mb", false },
		{ "a\tb", false },
		{ "Ren\xE9", false },
		{ "a\xE2\x80\xAE"
		  "b",
		    false },
		{ "a\xE2\x80\xA8"
		  "b",
		    false },
	};
	struct history_call call = { 0 };
	char words[600];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		call.reason = cases[i].reason;
		if ((history_call_check_reason(&call, true, &err) == 0) !=
		    cases[i].taken)
			fail_msg("case %zu", i);
		assert_int_equal(
		    err.code, cases[i].taken ? EXIT_DONE : EXIT_USAGE);
	}
	for (i = 500; i <= 501; i++) {
		struct err err = { 0 };

		memset(words, 'w', i);
		words[i] = '\0';
		call.reason = words;
		assert_int_equal(history_call_check_reason(&call, false, &err),
		    i == 500 ? 0 : -1);
	}
	call.reason = NULL;
	assert_int_equal(
	    history_call_check_reason(&call, false, &(struct err){ 0 }), 0);
}

static void
changes_and_sizes_are_told_as_people_read_them(void **state)
{
	static const struct {
		const char *manifest, *want;
	} cases[] = {
		{ "{}", "" },
		{ "{\"changes\": {}}", "" },
		{ "{\"changes\": []}", "" },
		{ "{\"changes\": 7}", "" },
		{ "{\"changes\": {\"users\": {\"added\": 0, \"removed\": 0,"
		  " \"changed\": 0}}}",
		    "none" },
		{ "{\"changes\": {\"users\": {\"added\": 18, \"removed\": 3,"
		  " \"changed\": 41}, \"terms\": {\"added\": 0,"
		  " \"removed\": 0, \"changed\": 0}, \"enrollments\":"
		  " {\"added\": 1, \"removed\": 2, \"changed\": 3,"
		  " \"removed_with_section\": 93}}}",
		    "users +18 -3 ~41, enrollments +1 -95 ~3" },
		{ "{\"changes\": {\"users\": {\"added\": \"1\"}}}", "" },
	};
	static const struct {
		uint64_t bytes;
		const char *want;
	} sizes[] = {
		{ 0, "0 bytes" },
		{ 1023, "1023 bytes" },
		{ 1024, "1.0 KiB" },
		{ 1048524, "1023.9 KiB" },
		{ 1048575, "1.0 MiB" },
		{ 1288490189, "1.2 GiB" },
		{ UINT64_MAX, "16777216.0 TiB" },
	};
	const struct json_origin origin = { "x", 4096, EXIT_INVALID };
	struct err err = { 0 };
	struct json *manifest;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = { 0 };

		manifest = json_parse(cases[i].manifest,
		    strlen(cases[i].manifest), &origin, &err);
		assert_non_null(manifest);
		history_facts_all_changes(manifest, &out);
		assert_string_equal(buf_str(&out), cases[i].want);
		buf_free(&out);
		json_free(manifest);
	}
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct buf out = { 0 };

		history_facts_size(sizes[i].bytes, &out);
		assert_string_equal(buf_str(&out), sizes[i].want);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_run_stands_where_the_guard_and_people_have_put_it),
		cmocka_unit_test(
		    an_approval_ends_after_24_hours_or_with_a_newer_run),
		cmocka_unit_test(
		    an_approval_counts_for_the_package_with_its_hash_alone),
		cmocka_unit_test(a_verdict_that_is_not_known_is_no_licence),
		cmocka_unit_test(only_a_whole_run_that_may_pass_is_sent),
		cmocka_unit_test(the_package_is_the_delta_where_one_is_wanted),
		cmocka_unit_test(
		    the_accepted_run_is_what_the_link_names_and_nothing_else),
		cmocka_unit_test(
		    the_newest_acceptance_until_a_moment_counts_then),
		cmocka_unit_test(
		    what_passed_is_accepted_by_itself_what_is_held_never),
		cmocka_unit_test(
		    the_next_manifest_names_the_last_run_and_both_its_hashes),
		cmocka_unit_test(
		    who_decided_is_asked_of_the_system_not_of_the_environment),
		cmocka_unit_test(a_reason_is_a_few_words_on_one_line),
		cmocka_unit_test(
		    changes_and_sizes_are_told_as_people_read_them),
	};

	umask(077);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
