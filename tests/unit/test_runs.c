#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"
#include "pack/runs_find.h"

#define MONDAY ((int64_t)1795392000) /* 2026-11-23T00:00:00Z */

static void
ids_that_could_leave_the_folder_are_not_safe(void **state)
{
	static const struct {
		const char *id;
		bool safe;
	} cases[] = {
		{ "20261123T043000Z-0007", true },
		{ "a.b_c-D", true },
		{ "x", true },
		{ "", false },
		{ ".", false },
		{ "..", false },
		{ ".stage.x", false },
		{ "a/b", false },
		{ "a b", false },
		{ "a\n", false },
		{ "\xC3\xA9", false },
		{ "a;b", false },
		{ "a*", false },
		{ "0123456789012345678901234567890123456789012345678901234567"
		  "890123",
		    true },
		{ "0123456789012345678901234567890123456789012345678901234567"
		  "8901234",
		    false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (runs_id_is_safe(cases[i].id) != cases[i].safe)
			fail_msg("%s", cases[i].id);
	}
}

static void
runs_stand_in_the_order_of_their_numbers(void **state)
{
	static const char *const names[] = { "20261123T043000Z-0010",
		"20261124T043000Z-0009", "20261122T043000Z-10000", "notes",
		"20261123T043000Z-", "20261123T043000Z-x",
		"20261123T043000Z-0000" };
	char out[MADE_SIZE], path[256];
	struct runs *runs;
	size_t i;

	(void)state;
	made_folder(out);
	snprintf(path, sizeof(path), "%s/runs", out);
	assert_int_equal(mkdir(path, 0700), 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/runs/%s", out, names[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	snprintf(path, sizeof(path), "%s/runs/20261123T043000Z-0011", out);
	made_overwrite(path, "a file");
	snprintf(path, sizeof(path), "%s/runs/20261123T043000Z-0012", out);
	assert_int_equal(symlink("20261123T043000Z-0010", path), 0);
	runs = made_open(out);
	assert_int_equal(runs->count, 3);
	assert_string_equal(runs->all[0].id, "20261124T043000Z-0009");
	assert_string_equal(runs->all[1].id, "20261123T043000Z-0010");
	assert_string_equal(runs->all[2].id, "20261122T043000Z-10000");
	assert_ptr_equal(runs_newest(runs), &runs->all[2]);
	assert_int_equal(runs->nstrays, 6);
	runs_close(runs);
	made_remove(out);
}

static void
a_folder_that_is_not_there_is_a_wrong_argument(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(runs_open("/tmp/no-such-folder", &err));
	assert_int_equal(err.code, EXIT_USAGE);
	memset(&err, 0, sizeof(err));
	assert_null(rundir_lock("/tmp/no-such-folder", MONDAY, &err));
	assert_int_equal(err.code, EXIT_USAGE);
}

static void
a_run_is_found_by_all_that_people_type_for_it(void **state)
{
	static const struct {
		const char *typed; /* OUT in front stands for the folder */
		int number;	   /* 0: refused */
		const char *says;  /* in the message or the hint */
	} cases[] = {
		{ "20261123T000000Z-0001", 1, "" },
		{ "1", 1, "" },
		{ "0002", 2, "" },
		{ "000000000000000003", 3, "" },
		{ "20261124", 2, "" },
		{ "20261125T000000Z-", 3, "" },
		{ "current", 3, "" },
		{ "latest", 3, "" },
		{ "accepted", 2, "" },
		{ "OUT/current", 3, "" },
		{ "OUT/accepted/", 2, "" },
		{ "OUT/runs/20261123T000000Z-0001", 1, "" },
		{ "OUT/runs/../runs/20261123T000000Z-0001/.", 1, "" },
		{ "2026112", 0, "20261125T000000Z-0003" },
		{ "4", 0, "no run" },
		{ "0", 0, "no run" },
		{ "", 0, "no run can" },
		{ ".", 0, "no run can" },
		{ "..", 0, "no run can" },
		{ "../1", 0, "not a run folder" },
		{ "OUT/runs", 0, "not a run folder" },
		{ "/", 0, "not a run" },
		{ "OUT/runs/20261123T000000Z-0001/csv", 0, "not a run" },
		{ "OUT/runs/nothing", 0, "not a run" },
		{ "Latest", 0, "no run has" },
		{ "-1", 0, "no run has" },
		{ "20261124T000000Z-0003", 0, "20261124T000000Z-0002" },
		{ "20261123T000000Z-0001x", 0, "20261123T000000Z-0001" },
		{ "1\n2", 0, "no run can" },
		{ "99999999999999999999", 0, "no run" },
	};
	char out[MADE_SIZE], typed[256];
	struct past_run *run;
	struct runs *runs;
	size_t i;

	(void)state;
	made_folder(out);
	for (i = 0; i < 3; i++)
		made(out, MONDAY + (int64_t)i * MADE_DAY, "passed");
	made_decision(out, 1, DECISION_ACCEPTED, MONDAY + MADE_DAY);
	runs = made_open(out);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		snprintf(typed, sizeof(typed), "%s%s",
		    strncmp(cases[i].typed, "OUT", 3) == 0 ? out : "",
		    cases[i].typed +
			(strncmp(cases[i].typed, "OUT", 3) == 0 ? 3 : 0));
		run = runs_find(runs, typed, &err);
		if ((run == NULL ? 0 : (int)run->number) != cases[i].number)
			fail_msg("\"%s\" gave %s %s", typed,
			    run == NULL ? "nothing" : run->id, err.msg);
		if (run == NULL)
			assert_int_equal(err.code, EXIT_USAGE);
		if (strstr(err.msg, cases[i].says) == NULL &&
		    strstr(err.hint, cases[i].says) == NULL)
			fail_msg("\"%s\": %s / %s", typed, err.msg, err.hint);
	}
	runs_close(runs);
	made_remove(out);
}

static void
links_that_do_not_name_a_run_count_as_none(void **state)
{
	static const char *const targets[] = { "runs/20261123T000000Z-0009",
		"runs/../runs/20261123T000000Z-0001", "runs/", "runs", "/etc",
		"../elsewhere", "20261123T000000Z-0001" };
	char out[MADE_SIZE], link[64];
	struct runs *runs;
	size_t i;

	(void)state;
	made_folder(out);
	made(out, MONDAY, "passed");
	snprintf(link, sizeof(link), "%s/accepted", out);
	runs = made_open(out);
	assert_null(runs->accepted.run);
	assert_false(runs->accepted.dangles);
	runs_close(runs);
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		assert_int_equal(symlink(targets[i], link), 0);
		runs = made_open(out);
		assert_null(runs->accepted.run);
		assert_true(runs->accepted.dangles);
		assert_non_null(runs->current.run);
		runs_close(runs);
		assert_int_equal(unlink(link), 0);
	}
	made_remove(out);
}

static void
only_the_holder_of_the_lock_decides(void **state)
{
	struct rundir *first, *second;
	struct err err = { 0 };
	char out[MADE_SIZE];

	(void)state;
	made_folder(out);
	made(out, MONDAY, "passed");
	first = rundir_lock(out, MONDAY, &err);
	assert_non_null(first);
	second = rundir_lock(out, MONDAY, &err);
	assert_null(second);
	assert_int_equal(err.code, EXIT_LOCKED);
	rundir_close(first);
	memset(&err, 0, sizeof(err));
	second = rundir_lock(out, MONDAY, &err);
	assert_non_null(second);
	rundir_close(second);
	made_remove(out);
}

static void
decisions_are_added_and_the_ones_before_stay_as_they_are(void **state)
{
	char out[MADE_SIZE], path[256];
	char before[3][HASH_HEX_SIZE], hex[HASH_HEX_SIZE];
	struct err err = { 0 };
	const struct json *one;
	struct runs *runs;
	struct stat st;
	size_t i;

	(void)state;
	made_folder(out);
	made(out, MONDAY, "held");
	made_path(out, 0, RUNS_DECISIONS, path);
	for (i = 0; i < 3; i++) {
		made_decision(out, 0, i == 1 ? "noted" : DECISION_APPROVED,
		    MONDAY + (int64_t)i);
		assert_int_equal(hash_file(path, before[i]), 0);
	}
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	runs = made_open(out);
	assert_int_equal(runs_decisions(runs, &runs->all[0], &err), 0);
	assert_int_equal(runs_decisions_count(&runs->all[0]), 3);
	one = runs_decisions_first(&runs->all[0]);
	assert_string_equal(
	    json_text(json_get(one, "time")), "2026-11-23T00:00:00Z");
	one = runs_decisions_last(&runs->all[0], DECISION_APPROVED);
	assert_string_equal(
	    json_text(json_get(one, "time")), "2026-11-23T00:00:02Z");
	assert_null(runs_decisions_last(&runs->all[0], DECISION_ACCEPTED));
	for (i = 0; i < 3; i++) {
		runs_decisions_hash(&runs->all[0], i + 1, hex);
		assert_string_equal(hex, before[i]);
	}
	runs_decisions_hash(&runs->all[0], 0, hex);
	assert_string_equal(hex, "");
	runs_close(runs);
	made_remove(out);
}

static void
decisions_that_do_not_belong_to_the_manifest_are_refused(void **state)
{
	static const struct {
		const char *from, *to;
	} edits[] = {
		{ "rollbook-decisions", "rollbook-decision_" },
		{ "\"version\": 1", "\"version\": 2" },
		{ "-0001\",\n\t\"manifest", "-0002\",\n\t\"manifest" },
		{ "manifest_sha256", "manifest_sha255" },
		{ "\"decision\":", "\"decisiom\":" },
		{ "\"time\":", "\"tine\":" },
		{ "\"decisions\":", "\"decisionz\":" },
		{ "]\n}", "]\n]" },
	};
	char out[MADE_SIZE], path[256];
	struct runs *runs;
	char *whole;
	size_t i;

	(void)state;
	made_folder(out);
	made(out, MONDAY, "held");
	made_decision(out, 0, DECISION_APPROVED, MONDAY);
	made_path(out, 0, RUNS_DECISIONS, path);
	whole = made_text(path);
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		struct err err = { 0 };

		made_edit(path, edits[i].from, edits[i].to);
		runs = made_open(out);
		if (runs_decisions(runs, &runs->all[0], &err) == 0)
			fail_msg("let pass: %s", edits[i].to);
		assert_int_equal(err.code, EXIT_INVALID);
		assert_null(runs->all[0].decisions);
		runs_close(runs);
		made_overwrite(path, whole);
	}
	free(whole);
	made_remove(out);
}

static void
a_manifest_that_is_not_that_of_its_run_is_refused(void **state)
{
	static const char *const texts[] = { "", "{}", "[]", "{\"schema\":",
		"{\"schema\": \"rollbook-manifest\", \"version\": 1, \"run\":"
		" \"20261124T000000Z-0001\"}",
		"{\"schema\": \"rollbook-manifest\", \"version\": 2, \"run\":"
		" \"20261123T000000Z-0001\"}",
		"{\"schema\": \"other\", \"version\": 1, \"run\":"
		" \"20261123T000000Z-0001\"}" };
	char out[MADE_SIZE], path[256];
	struct err missing = { 0 };
	struct runs *runs;
	size_t i;

	(void)state;
	made_folder(out);
	made(out, MONDAY, "passed");
	made_path(out, 0, RUNS_MANIFEST, path);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct err err = { 0 };

		made_overwrite(path, texts[i]);
		runs = made_open(out);
		assert_null(runs_manifest(runs, &runs->all[0], &err));
		assert_int_equal(err.code, EXIT_INVALID);
		runs_close(runs);
	}
	assert_int_equal(unlink(path), 0);
	for (i = 0; i < 2; i++) {
		memset(&missing, 0, sizeof(missing));
		runs = made_open(out);
		assert_null(runs_manifest(runs, &runs->all[0], &missing));
		assert_int_equal(missing.code, EXIT_INVALID);
		runs_close(runs);
		if (i == 0) /* not through a link either */
			assert_int_equal(symlink("/etc/passwd", path), 0);
	}
	made_remove(out);
}

static void
only_an_acceptance_moves_the_link(void **state)
{
	char out[MADE_SIZE];
	struct runs *runs;

	(void)state;
	made_folder(out);
	made(out, MONDAY, "passed");
	made(out, MONDAY + MADE_DAY, "passed");
	made_decision(out, 0, DECISION_ACCEPTED, MONDAY);
	made_decision(out, 1, DECISION_DISCARDED, MONDAY);
	runs = made_open(out);
	assert_ptr_equal(runs->accepted.run, &runs->all[0]);
	assert_ptr_equal(runs->current.run, &runs->all[1]);
	runs_close(runs);
	made_decision(out, 1, DECISION_ACCEPTED, MONDAY);
	runs = made_open(out);
	assert_ptr_equal(runs->accepted.run, &runs->all[1]);
	runs_close(runs);
	made_remove(out);
}

/*
 * A crash leaves the link that was prepared; whether it is moved or removed
 * depends on whether the decision was recorded.
 */
static void
an_acceptance_cut_short_is_completed_or_undone_as_a_whole(void **state)
{
	static const struct {
		size_t decided;	  /* the run with the last acceptance */
		size_t prepared;  /* the run that .link.accepted names */
		bool link_is_old; /* accepted was not moved */
		size_t wanted;
	} cases[] = {
		{ 1, 1, true, 1 },  /* recorded, not moved: complete it */
		{ 0, 1, false, 0 }, /* prepared only: undo it */
		{ 1, 0, false, 1 }, /* going back, not recorded: undo it */
	};
	char out[MADE_SIZE], link[64], ready[64], target[128];
	struct err err = { 0 };
	struct rundir *lock;
	struct runs *runs;
	size_t i, at;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		made_folder(out);
		for (at = 0; at < 3; at++)
			made(out, MONDAY + (int64_t)at, "passed");
		made_decision(out, 0, DECISION_ACCEPTED, MONDAY);
		if (cases[i].decided != 0)
			made_decision(
			    out, cases[i].decided, DECISION_ACCEPTED, MONDAY);
		snprintf(link, sizeof(link), "%s/accepted", out);
		snprintf(ready, sizeof(ready), "%s/.link.accepted", out);
		if (cases[i].link_is_old) {
			assert_int_equal(unlink(link), 0);
			assert_int_equal(
			    symlink("runs/20261123T000000Z-0001", link), 0);
		}
		snprintf(target, sizeof(target),
		    "runs/20261123T00000%zuZ-"
		    "000%zu",
		    cases[i].prepared, cases[i].prepared + 1);
		assert_int_equal(symlink(target, ready), 0);
		lock = rundir_lock(out, MONDAY, &err);
		assert_non_null(lock);
		rundir_close(lock);
		assert_int_equal(access(ready, F_OK), -1);
		runs = made_open(out);
		assert_ptr_equal(
		    runs->accepted.run, &runs->all[cases[i].wanted]);
		runs_close(runs);
		made_remove(out);
	}
}

static void
an_older_acceptance_is_not_half_of_a_new_one(void **state)
{
	char out[MADE_SIZE], ready[64];
	struct err err = { 0 };
	struct rundir *lock;
	struct runs *runs;

	(void)state;
	made_folder(out);
	made(out, MONDAY, "passed");
	made(out, MONDAY, "passed");
	made_decision(out, 0, DECISION_ACCEPTED, MONDAY);
	made_decision(out, 1, DECISION_ACCEPTED, MONDAY);
	made_decision(out, 1, "noted", MONDAY);
	made_decision(out, 0, DECISION_ACCEPTED, MONDAY);
	snprintf(ready, sizeof(ready), "%s/.link.accepted", out);
	assert_int_equal(symlink("runs/20261123T000000Z-0002", ready), 0);
	lock = rundir_lock(out, MONDAY, &err);
	assert_non_null(lock);
	rundir_close(lock);
	runs = made_open(out);
	assert_ptr_equal(runs->accepted.run, &runs->all[0]);
	runs_close(runs);
	made_remove(out);
}

static void
what_a_killed_process_left_is_removed_under_the_lock(void **state)
{
	static const char *const leftovers[] = { ".stage.decisions.json",
		".stage.purged.json" };
	char out[MADE_SIZE], path[256], inner[300];
	struct err err = { 0 };
	struct rundir *lock;
	size_t i;

	(void)state;
	made_folder(out);
	made(out, MONDAY, "passed");
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", out, leftovers[i]);
		made_overwrite(path, "{");
	}
	snprintf(path, sizeof(path), "%s/.stage.purge-x", out);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(inner, sizeof(inner), "%s/csv", path);
	assert_int_equal(mkdir(inner, 0700), 0);
	lock = rundir_lock(out, MONDAY, &err);
	assert_non_null(lock);
	rundir_close(lock);
	assert_int_equal(access(path, F_OK), -1);
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", out, leftovers[i]);
		assert_int_equal(access(path, F_OK), -1);
	}
	made_remove(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_that_could_leave_the_folder_are_not_safe),
		cmocka_unit_test(runs_stand_in_the_order_of_their_numbers),
		cmocka_unit_test(
		    a_folder_that_is_not_there_is_a_wrong_argument),
		cmocka_unit_test(a_run_is_found_by_all_that_people_type_for_it),
		cmocka_unit_test(links_that_do_not_name_a_run_count_as_none),
		cmocka_unit_test(only_the_holder_of_the_lock_decides),
		cmocka_unit_test(
		    decisions_are_added_and_the_ones_before_stay_as_they_are),
		cmocka_unit_test(
		    decisions_that_do_not_belong_to_the_manifest_are_refused),
		cmocka_unit_test(
		    a_manifest_that_is_not_that_of_its_run_is_refused),
		cmocka_unit_test(only_an_acceptance_moves_the_link),
		cmocka_unit_test(
		    an_acceptance_cut_short_is_completed_or_undone_as_a_whole),
		cmocka_unit_test(an_older_acceptance_is_not_half_of_a_new_one),
		cmocka_unit_test(
		    what_a_killed_process_left_is_removed_under_the_lock),
	};

	umask(077);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
