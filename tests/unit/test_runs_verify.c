#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"
#include "pack/runs_chain.h"
#include "pack/runs_purged.h"
#include "pack/runs_verify.h"

#define MONDAY ((int64_t)1795392000) /* 2026-11-23T00:00:00Z */

/* The last fault, and how many there were. */
struct heard {
	char run[RUN_ID_SIZE], file[128], why[1200];
	size_t n;
};

static void
hear(void *arg, const char *run, const char *file, const char *why)
{
	struct heard *heard;

	heard = arg;
	snprintf(heard->run, sizeof(heard->run), "%s", run);
	snprintf(heard->file, sizeof(heard->file), "%s", file);
	snprintf(heard->why, sizeof(heard->why), "%s", why);
	heard->n++;
}

static struct heard
verify(const char *out, size_t i)
{
	struct heard heard = { 0 };
	struct runs_verdict verdict = { .arg = &heard, .bad = hear };
	struct err err = { 0 };
	struct runs *runs;

	runs = made_open(out);
	assert_int_equal(
	    runs_verify_files(runs, &runs->all[i], &verdict, &err), 0);
	assert_int_equal(verdict.faults, heard.n);
	runs_close(runs);
	return heard;
}

static void
damage_link(const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
}

static void
damage_pipe(const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void
damage_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
damage_missing(const char *path)
{
	assert_int_equal(unlink(path), 0);
}

static void
damage_mode(const char *path)
{
	assert_int_equal(chmod(path, 0640), 0);
}

static void
damage_folder_mode(const char *path)
{
	assert_int_equal(chmod(path, 0755), 0);
}

static void
damage_byte(const char *path)
{
	made_edit(path, "active", "activE");
}

static void
damage_growth(const char *path)
{
	made_overwrite(path, "rule\n\n");
}

static void
damage_extra(const char *path)
{
	made_overwrite(path, "");
	assert_int_equal(chmod(path, 0600), 0);
}

static void
damage_name(const char *path)
{
	made_edit(path, "\"findings.csv\"", "\"../../../abc\"");
}

static void
damage_files(const char *path)
{
	made_edit(path, "\"files\"", "\"fileZ\"");
}

static void
every_kind_of_damage_to_a_run_is_noticed(void **state)
{
	static const struct {
		void (*damage)(const char *path);
		const char *file; /* damaged, and in the last fault */
		size_t faults;
		const char *why;
	} cases[] = {
		{ damage_byte, "csv/users.csv", 1, "changed" },
		{ damage_growth, "findings.csv", 1, "changed" },
		{ damage_missing, "csv/users.csv", 1, "missing" },
		{ damage_missing, "findings.csv", 1, "missing" },
		{ damage_link, "csv/users.csv", 1, "a link" },
		{ damage_pipe, "findings.csv", 1, "no file" },
		{ damage_extra, "csv/more.csv", 1, "extra" },
		{ damage_extra, ".hidden", 1, "extra" },
		{ damage_folder, "more", 1, "extra" },
		{ damage_folder, "csv/more", 1, "extra" },
		{ damage_mode, "csv/users.csv", 1, "mode 0640" },
		{ damage_mode, "manifest.json", 1, "mode 0640" },
		{ damage_folder_mode, "csv", 1, "mode 0755" },
		{ damage_folder_mode, "", 1, "mode 0755" },
		{ damage_missing, "manifest.json", 1, "has no" },
		{ damage_link, "manifest.json", 1, "not a regular" },
		{ damage_extra, "decisions.json", 1, "not JSON" },
		{ damage_name, "manifest.json", 2, "" },
		{ damage_files, "manifest.json", 4, "" },
	};
	char out[MADE_SIZE], path[256];
	struct heard heard;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		made_folder(out);
		made(out, MONDAY, "passed");
		assert_int_equal(verify(out, 0).n, 0);
		made_path(out, 0, cases[i].file, path);
		cases[i].damage(path);
		heard = verify(out, 0);
		if (heard.n != cases[i].faults ||
		    strstr(heard.why, cases[i].why) == NULL)
			fail_msg("%zu %s: %zu faults, %s: %s", i, cases[i].file,
			    heard.n, heard.file, heard.why);
		if (cases[i].why[0] != '\0')
			assert_string_equal(heard.file, cases[i].file);
		made_remove(out);
	}
}

static void
a_folder_of_a_run_is_never_entered_through_a_link(void **state)
{
	char out[MADE_SIZE], csv[256], moved[256];
	struct heard heard;

	(void)state;
	made_folder(out);
	made(out, MONDAY, "passed");
	made_path(out, 0, "csv", csv);
	snprintf(moved, sizeof(moved), "%s/elsewhere", out);
	assert_int_equal(rename(csv, moved), 0);
	assert_int_equal(symlink(moved, csv), 0);
	heard = verify(out, 0);
	assert_int_equal(heard.n, 2); /* users.csv, and the link itself */
	made_remove(out);
}

static struct heard
check_chain(const char *out)
{
	struct heard heard = { 0 };
	struct runs_verdict verdict = { .arg = &heard, .bad = hear };
	struct runs *runs;

	runs = made_open(out);
	runs_chain_check(runs, &verdict);
	assert_int_equal(verdict.faults, heard.n);
	runs_close(runs);
	return heard;
}

/* Five runs, the third accepted and approved before the fourth was made. */
static void
make_chain(char out[MADE_SIZE])
{
	size_t i;

	made_folder(out);
	for (i = 0; i < 5; i++) {
		made(out, MONDAY + (int64_t)i, "passed");
		if (i == 2) {
			made_decision(out, 2, DECISION_APPROVED, MONDAY);
			made_decision(out, 2, DECISION_ACCEPTED, MONDAY);
		}
	}
	assert_int_equal(check_chain(out).n, 0);
}

static void
a_manifest_changed_with_all_its_hashes_breaks_the_chain(void **state)
{
	char out[MADE_SIZE], path[256];
	struct heard heard;

	(void)state;
	make_chain(out);
	made_path(out, 1, RUNS_MANIFEST, path);
	made_edit(path, "passed", "warned");
	assert_int_equal(verify(out, 1).n, 0);
	heard = check_chain(out);
	assert_int_equal(heard.n, 1);
	assert_string_equal(heard.run, "20261123T000001Z-0002");
	assert_non_null(strstr(heard.why, "changed"));
	made_remove(out);
}

static void
a_run_removed_by_hand_is_noticed_wherever_it_stood(void **state)
{
	char out[MADE_SIZE], path[256];
	struct heard heard;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		make_chain(out);
		made_path(out, i, "", path);
		made_remove(path);
		heard = check_chain(out);
		assert_int_equal(heard.n, 1);
		assert_non_null(strstr(heard.why, "gone, and not by purge"));
		made_remove(out);
	}
}

static void
decisions_that_the_next_run_knew_cannot_be_taken_back(void **state)
{
	char out[MADE_SIZE], path[256];
	struct heard heard;

	(void)state;
	make_chain(out);
	/* More decisions are no fault. */
	made_decision(out, 2, "noted", MONDAY + 9);
	made_decision(out, 1, DECISION_DISCARDED, MONDAY + 9);
	assert_int_equal(check_chain(out).n, 0);
	made_path(out, 2, RUNS_DECISIONS, path);
	made_edit(path, "2026-11-23T00:00:00Z", "2026-11-22T00:00:00Z");
	heard = check_chain(out);
	assert_int_equal(heard.n, 1);
	assert_string_equal(heard.run, "20261123T000002Z-0003");
	assert_string_equal(heard.file, RUNS_DECISIONS);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(check_chain(out).n, 1);
	made_remove(out);
}

/* Purges the runs from the first-th on. */
static size_t
purge(const char *out, size_t first, size_t count, int want)
{
	struct past_run *going[5];
	struct err err = { 0 };
	struct rundir *lock;
	struct runs *runs;
	size_t i, removed;

	lock = rundir_lock(out, MONDAY, &err);
	assert_non_null(lock);
	runs = made_open(out);
	for (i = 0; i < count; i++)
		going[i] = &runs->all[first + i];
	assert_int_equal(runs_purged_remove(
			     lock, runs, going, count, MONDAY, &removed, &err),
	    want);
	runs_close(runs);
	rundir_close(lock);
	return removed;
}

static void
gaps_that_purge_recorded_leave_the_chain_whole(void **state)
{
	char out[MADE_SIZE], path[256];
	struct runs *runs;
	struct heard heard;

	(void)state;
	make_chain(out);
	assert_int_equal(purge(out, 0, 2, 0), 2);
	assert_int_equal(check_chain(out).n, 0);
	assert_int_equal(purge(out, 1, 1, 0), 1);
	assert_int_equal(check_chain(out).n, 0);
	runs = made_open(out);
	assert_int_equal(runs->count, 2);
	runs_close(runs);
	snprintf(path, sizeof(path), "%s/" RUNS_PURGED, out);
	made_edit(path, "20261123T000001Z-0002", "20261123T000001Z-0009");
	assert_int_not_equal(check_chain(out).n, 0);
	made_overwrite(path, "{}");
	heard = check_chain(out);
	assert_int_not_equal(heard.n, 0);
	made_remove(out);
}

/* Recorded but still there, as a crash between the two leaves it. */
static void
a_purge_cut_short_is_no_fault_and_is_not_recorded_twice(void **state)
{
	char out[MADE_SIZE], run[256], aside[256], path[600];
	char *text, *second;

	(void)state;
	make_chain(out);
	made_path(out, 0, "", run);
	snprintf(aside, sizeof(aside), "%s/aside", out);
	assert_int_equal(rename(run, aside), 0);
	assert_int_equal(mkdir(run, 0700), 0);
	snprintf(path, sizeof(path), "cp -a %s/. %s", aside, run);
	assert_int_equal(system(path), 0);
	assert_int_equal(purge(out, 0, 1, 0), 1);
	assert_int_equal(rename(aside, run), 0);
	assert_int_equal(check_chain(out).n, 0);
	snprintf(path, sizeof(path), "%s/" RUNS_PURGED, out);
	text = made_text(path);
	assert_int_equal(purge(out, 0, 1, 0), 1);
	second = made_text(path);
	assert_string_equal(text, second);
	free(text);
	free(second);
	assert_int_equal(check_chain(out).n, 0);
	made_remove(out);
}

static void
a_damaged_run_is_not_purged_for_nothing_could_be_recorded(void **state)
{
	char out[MADE_SIZE], path[256];

	(void)state;
	make_chain(out);
	made_path(out, 1, RUNS_MANIFEST, path);
	made_overwrite(path, "{");
	assert_int_equal(purge(out, 0, 2, -1), 0);
	snprintf(path, sizeof(path), "%s/" RUNS_PURGED, out);
	assert_int_equal(access(path, F_OK), -1);
	made_path(out, 0, RUNS_MANIFEST, path);
	assert_int_equal(access(path, F_OK), 0);
	made_remove(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_damage_to_a_run_is_noticed),
		cmocka_unit_test(
		    a_folder_of_a_run_is_never_entered_through_a_link),
		cmocka_unit_test(
		    a_manifest_changed_with_all_its_hashes_breaks_the_chain),
		cmocka_unit_test(
		    a_run_removed_by_hand_is_noticed_wherever_it_stood),
		cmocka_unit_test(
		    decisions_that_the_next_run_knew_cannot_be_taken_back),
		cmocka_unit_test(
		    gaps_that_purge_recorded_leave_the_chain_whole),
		cmocka_unit_test(
		    a_purge_cut_short_is_no_fault_and_is_not_recorded_twice),
		cmocka_unit_test(
		    a_damaged_run_is_not_purged_for_nothing_could_be_recorded),
	};

	umask(077);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
