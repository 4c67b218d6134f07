#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "made_runs.h"
#include "base/mem.h"

#define NOW ((int64_t)1795410000) /* 2026-11-23T05:00:00Z */

static char out[MADE_SIZE];

static int
folder_make(void **state)
{
	(void)state;
	made_folder(out);
	return 0;
}

static int
folder_remove(void **state)
{
	(void)state;
	made_remove(out);
	return 0;
}

static struct rundir *
open_out(void)
{
	struct err err = { 0 };
	struct rundir *dir;

	dir = rundir_open(out, NOW, &err);
	if (dir == NULL)
		fail_msg("%s", err.msg);
	return dir;
}

static void
put(struct rundir *dir, const char *name, const char *text)
{
	struct err err = { 0 };
	int fd;

	fd = rundir_create(dir, name, &err);
	if (fd == -1)
		fail_msg("%s", err.msg);
	assert_int_equal(rundir_write_all(fd, text, strlen(text)), 0);
	assert_int_equal(rundir_close_file(dir, fd, name, &err), 0);
}

static char *
publish(struct rundir *dir)
{
	struct err err = { 0 };
	char *path;

	if (rundir_publish(dir, &path, &err) != 0)
		fail_msg("%s", err.msg);
	rundir_close(dir);
	return path;
}

/* What stands at a path below out: "-" nothing, "d", "f", "l" and its mode. */
static void
assert_stands(const char *name, const char *want)
{
	struct stat st;
	char path[256], got[16];

	snprintf(path, sizeof(path), "%s/%s", out, name);
	if (lstat(path, &st) == -1)
		strcpy(got, "-");
	else
		snprintf(got, sizeof(got), "%c%03o",
		    S_ISDIR(st.st_mode)	    ? 'd' :
			S_ISLNK(st.st_mode) ? 'l' :
					      'f',
		    (unsigned)st.st_mode & 0777);
	if (strcmp(got, want) != 0)
		fail_msg("%s is %s", name, got);
}

static void
assert_link(const char *name, const char *want)
{
	char path[256], got[128];
	ssize_t len;

	snprintf(path, sizeof(path), "%s/%s", out, name);
	len = readlink(path, got, sizeof(got) - 1);
	assert_true(len > 0);
	got[len] = '\0';
	assert_string_equal(got, want);
}

static void
a_run_is_seen_only_when_it_is_whole(void **state)
{
	struct rundir *dir;
	char *path;

	(void)state;
	dir = open_out();
	assert_string_equal(rundir_id(dir), "20261123T050000Z-0001");
	put(dir, "csv/users.csv", "a\n");
	put(dir, "manifest.json", "{}\n");
	assert_stands("runs/20261123T050000Z-0001", "-");
	assert_stands("current", "-");
	path = publish(dir);
	assert_string_equal(path + strlen(out), "/runs/20261123T050000Z-0001");
	free(path);
	assert_link("current", "runs/20261123T050000Z-0001");
	assert_stands("runs/20261123T050000Z-0001/csv/users.csv", "f600");
	assert_stands("runs/20261123T050000Z-0001/csv", "d700");
	assert_stands("runs/20261123T050000Z-0001", "d700");
	assert_stands(".stage.20261123T050000Z-0001", "-");
}

static void
a_run_that_is_not_published_leaves_nothing(void **state)
{
	struct rundir *dir;
	char *path;

	(void)state;
	path = publish(open_out());
	free(path);
	dir = open_out();
	assert_string_equal(rundir_id(dir), "20261123T050000Z-0002");
	put(dir, "csv/users.csv", "a\n");
	assert_stands(".stage.20261123T050000Z-0002/csv/users.csv", "f600");
	rundir_close(dir);
	assert_stands(".stage.20261123T050000Z-0002", "-");
	assert_stands("runs/20261123T050000Z-0002", "-");
	assert_link("current", "runs/20261123T050000Z-0001");
	rundir_close(NULL);
}

/* The clock may go back, and other things may lie there. */
static void
the_number_is_one_more_than_the_highest(void **state)
{
	static const char *const names[] = { "runs/20261130T043000Z-0041",
		"runs/20261101T043000Z-0009", "runs/notes", "runs/x-0099",
		"runs/20261101T043000Z-", "runs/20261101T043000Z-abc" };
	struct rundir *dir;
	char path[256];
	size_t i;

	(void)state;
	rundir_close(open_out());
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", out, names[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	dir = open_out();
	assert_string_equal(rundir_id(dir), "20261123T050000Z-0042");
	rundir_close(dir);
}

static void
the_lock_lets_one_run_in_and_says_who_holds_it(void **state)
{
	struct err err = { 0 }, other = { 0 };
	struct rundir *dir;
	char who[64];

	(void)state;
	dir = open_out();
	assert_null(rundir_open(out, NOW, &err));
	assert_int_equal(err.code, EXIT_LOCKED);
	snprintf(who, sizeof(who),
	    "process %ld, started"
	    " 2026-11-23T05:00:00Z",
	    (long)getpid());
	assert_non_null(strstr(err.msg, who));
	assert_null(rundir_lock(out, NOW, &other));
	assert_int_equal(other.code, EXIT_LOCKED);
	/* The stage of the one that holds it is untouched. */
	assert_stands(".stage.20261123T050000Z-0001", "d700");
	rundir_close(dir);
	rundir_close(open_out());
}

static void
what_a_killed_run_left_is_removed(void **state)
{
	struct rundir *dir;
	char path[256];

	(void)state;
	rundir_close(open_out());
	snprintf(path, sizeof(path), "%s/.stage.old", out);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/.stage.old/csv", out);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/.stage.old/csv/users.csv", out);
	made_overwrite(path, "half");
	snprintf(path, sizeof(path), "%s/.stage.decisions.json", out);
	made_overwrite(path, "half");
	snprintf(path, sizeof(path), "%s/.link.current", out);
	assert_int_equal(symlink("runs/x", path), 0);
	snprintf(path, sizeof(path), "%s/notes", out);
	made_overwrite(path, "somebody's");
	dir = open_out();
	assert_stands(".stage.old", "-");
	assert_stands(".stage.decisions.json", "-");
	assert_stands(".link.current", "-");
	snprintf(path, sizeof(path), "%s/notes", out);
	assert_int_equal(access(path, F_OK), 0);
	rundir_close(dir);
}

/* Removing a stage must not follow a link out of it. */
static void
a_link_in_a_left_stage_is_removed_not_followed(void **state)
{
	char path[256];

	(void)state;
	rundir_close(open_out());
	snprintf(path, sizeof(path), "%s/precious", out);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/precious/file", out);
	made_overwrite(path, "x");
	snprintf(path, sizeof(path), "%s/.stage.old", out);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/.stage.old/link", out);
	assert_int_equal(symlink("../precious", path), 0);
	snprintf(path, sizeof(path), "%s/.stage.link", out);
	assert_int_equal(symlink("precious", path), 0);
	rundir_close(open_out());
	assert_stands(".stage.old", "-");
	assert_stands(".stage.link", "-");
	assert_stands("precious", "d700");
	snprintf(path, sizeof(path), "%s/precious/file", out);
	assert_int_equal(access(path, F_OK), 0);
}

static void
a_file_is_made_once(void **state)
{
	struct err err = { 0 };
	struct rundir *dir;

	(void)state;
	dir = open_out();
	put(dir, "csv/users.csv", "a\n");
	put(dir, "csv/terms.csv", "b\n");
	assert_int_equal(rundir_create(dir, "csv/users.csv", &err), -1);
	assert_int_equal(err.code, EXIT_IO);
	assert_non_null(strstr(err.msg, "nothing was published"));
	rundir_close(dir);
}

static void
the_hash_and_size_are_those_of_the_file(void **state)
{
	char hex[HASH_HEX_SIZE];
	struct err err = { 0 };
	struct rundir *dir;
	uint64_t bytes;

	(void)state;
	dir = open_out();
	put(dir, "a", "abc");
	assert_int_equal(rundir_hash(dir, "a", hex, &bytes, &err), 0);
	assert_int_equal(bytes, 3);
	assert_string_equal(hex,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(rundir_rename(dir, "a", "b", &err), 0);
	assert_int_equal(rundir_hash(dir, "a", hex, &bytes, &err), -1);
	assert_int_equal(err.code, EXIT_IO);
	rundir_close(dir);
}

static void
a_folder_that_cannot_be_used_is_an_error(void **state)
{
	static const struct {
		const char *make, *name;
		enum exit_code code;
	} cases[] = {
		{ NULL, "absent/out", EXIT_IO },
		{ "file", "file", EXIT_IO },
	};
	char path[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		snprintf(path, sizeof(path), "%s/%s", out, cases[i].name);
		if (cases[i].make != NULL)
			made_overwrite(path, "x");
		assert_null(rundir_open(path, NOW, &err));
		assert_int_equal(err.code, cases[i].code);
		assert_true(strlen(err.hint) > 10);
	}
}

/* A lock that is a link could make another file be written. */
static void
a_lock_that_is_a_link_is_refused(void **state)
{
	struct err err = { 0 };
	char path[256];

	(void)state;
	snprintf(path, sizeof(path), "%s/.lock", out);
	assert_int_equal(symlink("victim", path), 0);
	assert_null(rundir_open(out, NOW, &err));
	assert_int_equal(err.code, EXIT_IO);
	assert_stands("victim", "-");
}

static void
locking_makes_no_folder_and_no_stage(void **state)
{
	struct err err = { 0 };
	struct rundir *dir;
	char path[256];

	(void)state;
	snprintf(path, sizeof(path), "%s/absent", out);
	assert_null(rundir_lock(path, NOW, &err));
	assert_int_equal(err.code, EXIT_USAGE);
	assert_stands("absent", "-");
	err = (struct err){ 0 };
	dir = rundir_lock(out, NOW, &err);
	assert_non_null(dir);
	assert_int_equal(rundir_stage_fd(dir), -1);
	rundir_close(dir);
	assert_stands("runs", "-");
}

static void
links_move_in_one_step_and_runs_go_in_one(void **state)
{
	struct rundir *dir;
	struct err err = { 0 };

	(void)state;
	free(publish(open_out()));
	free(publish(open_out()));
	dir = rundir_lock(out, NOW, &err);
	assert_int_equal(
	    rundir_link_prepare(dir, RUNDIR_ACCEPTED, "20261123T050000Z-0001"),
	    0);
	assert_stands("accepted", "-");
	assert_int_equal(rundir_link_swap(dir, RUNDIR_ACCEPTED), 0);
	assert_link("accepted", "runs/20261123T050000Z-0001");
	assert_int_equal(
	    rundir_link_prepare(dir, RUNDIR_ACCEPTED, "20261123T050000Z-0002"),
	    0);
	rundir_link_forget(dir, RUNDIR_ACCEPTED);
	assert_link("accepted", "runs/20261123T050000Z-0001");
	assert_stands(".link.accepted", "-");
	assert_int_equal(rundir_remove_run(dir, "20261123T050000Z-0002"), 0);
	assert_stands("runs/20261123T050000Z-0002", "-");
	errno = 0;
	assert_int_equal(rundir_remove_run(dir, "20261123T050000Z-0002"), -1);
	assert_int_equal(errno, ENOENT);
	rundir_close(dir);
}

static void
runs_may_stand_in_the_folder_itself(void **state)
{
	struct past_run *run;
	struct rundir *dir;
	struct runs *runs;
	struct err err = { 0 };
	char *path;

	(void)state;
	dir = rundir_open_in(out, RUNDIR_HERE, NOW, &err);
	assert_non_null(dir);
	rundir_sync_at_end(dir);
	put(dir, "a/b.csv", "a\n");
	put(dir, RUNS_MANIFEST, "{}\n");
	path = publish(dir);
	assert_string_equal(path + strlen(out), "/20261123T050000Z-0001");
	free(path);
	assert_link("current", "20261123T050000Z-0001");
	assert_stands("runs", "-");
	assert_stands("20261123T050000Z-0001/a/b.csv", "f600");
	dir = rundir_open_in(out, RUNDIR_HERE, NOW, &err);
	assert_string_equal(rundir_id(dir), "20261123T050000Z-0002");
	runs = runs_open_in(out, RUNDIR_HERE, &err);
	assert_non_null(runs);
	assert_int_equal(runs->count, 1);
	assert_int_equal(runs->nstrays, 0);
	run = runs->current.run;
	assert_non_null(run);
	path = runs_path(runs, run, "a/b.csv");
	assert_string_equal(
	    path + strlen(out), "/20261123T050000Z-0001/a/b.csv");
	free(path);
	runs_close(runs);
	rundir_close(dir);
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_run_is_seen_only_when_it_is_whole),
		IN_FOLDER(a_run_that_is_not_published_leaves_nothing),
		IN_FOLDER(the_number_is_one_more_than_the_highest),
		IN_FOLDER(the_lock_lets_one_run_in_and_says_who_holds_it),
		IN_FOLDER(what_a_killed_run_left_is_removed),
		IN_FOLDER(a_link_in_a_left_stage_is_removed_not_followed),
		IN_FOLDER(a_file_is_made_once),
		IN_FOLDER(the_hash_and_size_are_those_of_the_file),
		IN_FOLDER(a_folder_that_cannot_be_used_is_an_error),
		IN_FOLDER(a_lock_that_is_a_link_is_refused),
		IN_FOLDER(locking_makes_no_folder_and_no_stage),
		IN_FOLDER(links_move_in_one_step_and_runs_go_in_one),
		IN_FOLDER(runs_may_stand_in_the_folder_itself),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
