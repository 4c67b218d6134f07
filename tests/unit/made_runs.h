#ifndef MADE_RUNS_H
#define MADE_RUNS_H

/*
 * Folders of runs for tests: made by the functions that publish real runs,
 * with small files of known content. Include it behind cmocka.h.
 */

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/json.h"
#include "history/history.h"
#include "pack/rundir.h"
#include "pack/runs.h"
#include "pack/runs_decisions.h"

#define MADE_SIZE 32 /* of a folder's name */
#define MADE_DAY 86400

/* One run that is to be made. */
struct made_run {
	int64_t now;
	const char *verdict; /* of the guard; NULL: it did not look */
	bool delta;	     /* there is a delta zip too */
};

static inline void
made_folder(char out[MADE_SIZE])
{
	snprintf(out, MADE_SIZE, "/tmp/made.XXXXXX");
	assert_non_null(mkdtemp(out));
}

static inline int
made_remove_one(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void
made_remove(const char *out)
{
	nftw(out, made_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void
made_file(
    struct rundir *dir, const char *name, const char *text, struct json *files)
{
	struct err err = { 0 };
	struct json *entry;
	char hex[HASH_HEX_SIZE];
	uint64_t bytes;
	int fd;

	fd = rundir_create(dir, name, &err);
	assert_int_not_equal(fd, -1);
	assert_int_equal(rundir_write_all(fd, text, strlen(text)), 0);
	assert_int_equal(rundir_close_file(dir, fd, name, &err), 0);
	if (files == NULL)
		return;
	assert_int_equal(rundir_hash(dir, name, hex, &bytes, &err), 0);
	entry = json_object();
	json_set_text(entry, "name", name);
	json_set_number(entry, "bytes", bytes);
	json_set_text(entry, "sha256", hex);
	json_append(files, entry);
}

static inline void
made_manifest(struct rundir *dir, const struct made_run *run,
    struct json *files, const struct history_previous *previous)
{
	struct json *manifest, *guard;
	char started[UTC_TEXT_SIZE];
	char *text;

	assert_true(utc_format(run->now, started));
	manifest = json_object();
	json_set_text(manifest, "schema", "rollbook-manifest");
	json_set_number(manifest, "version", 1);
	json_set_text(manifest, "run", rundir_id(dir));
	json_set_text(manifest, "started", started);
	json_set(manifest, "files", files);
	if (run->verdict == NULL) {
		json_set_null(manifest, "guard");
	} else {
		guard = json_object();
		json_set_text(guard, "verdict", run->verdict);
		json_set(manifest, "guard", guard);
	}
	history_set_previous(manifest, previous);
	text = json_print(manifest);
	made_file(dir, RUNS_MANIFEST, text, NULL);
	free(text);
	json_free(manifest);
}

/* Publishes a run and returns the folder of runs with its lock held. */
static inline struct rundir *
made_published(const char *out, const struct made_run *run)
{
	struct history_previous previous;
	struct err err = { 0 };
	struct rundir *dir;
	struct json *files;
	char name[128];
	char *path;

	dir = rundir_open(out, run->now, &err);
	assert_non_null(dir);
	assert_int_equal(history_previous(out, &previous, &err), 0);
	files = json_array();
	made_file(dir, "csv/users.csv", "user_id,status\nT1,active\n", files);
	made_file(dir, "findings.csv", "rule\n", files);
	snprintf(name, sizeof(name), "canvas-sis-full-%s-01234567.zip",
	    rundir_id(dir));
	made_file(dir, name, "a full package", files);
	snprintf(name, sizeof(name), "canvas-sis-delta-%s-01234567.zip",
	    rundir_id(dir));
	if (run->delta)
		made_file(dir, name, "a delta", files);
	made_manifest(dir, run, files, &previous);
	assert_int_equal(rundir_publish(dir, &path, &err), 0);
	free(path);
	return dir;
}

/* Publishes a run that nothing is decided about. */
static inline void
made(const char *out, int64_t now, const char *verdict)
{
	const struct made_run run = { now, verdict, false };

	rundir_close(made_published(out, &run));
}

static inline struct runs *
made_open(const char *out)
{
	struct err err = { 0 };
	struct runs *runs;

	runs = runs_open(out, &err);
	if (runs == NULL)
		fail_msg("%s", err.msg);
	return runs;
}

/* Adds a decision that was made at a moment to the i-th run. */
static inline void
made_decision(const char *out, size_t i, const char *decision, int64_t now)
{
	char time[UTC_TEXT_SIZE];
	struct err err = { 0 };
	struct json *list, *one;
	struct rundir *lock;
	struct runs *runs;

	lock = rundir_lock(out, now, &err);
	assert_non_null(lock);
	runs = made_open(out);
	assert_true(utc_format(now, time));
	one = json_object();
	json_set_text(one, "decision", decision);
	json_set_text(one, "time", time);
	if (runs->accepted.id[0] == '\0')
		json_set_null(one, "replaces");
	else
		json_set_text(one, "replaces", runs->accepted.id);
	list = json_array();
	json_append(list, one);
	assert_int_equal(
	    runs_decisions_add(lock, runs, &runs->all[i], list, &err), 0);
	runs_close(runs);
	rundir_close(lock);
}

/* The path of a file in the i-th run; file "" is its folder. */
static inline void
made_path(const char *out, size_t i, const char *file, char path[256])
{
	struct runs *runs;

	runs = made_open(out);
	assert_true(i < runs->count);
	snprintf(path, 256, "%s/runs/%s%s%s", out, runs->all[i].id,
	    file[0] == '\0' ? "" : "/", file);
	runs_close(runs);
}

/* Puts text in the place of a file's. */
static inline void
made_overwrite(const char *path, const char *text)
{
	FILE *file;

	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* The whole text of a file, which the caller frees. */
static inline char *
made_text(const char *path)
{
	char *text;
	FILE *file;
	size_t len;

	text = calloc(1, 65536);
	file = fopen(path, "r");
	if (text == NULL || file == NULL)
		fail_msg("%s", path);
	len = fread(text, 1, 65535, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

/* Puts one text in the place of another of equal length in a file. */
static inline void
made_edit(const char *path, const char *from, const char *to)
{
	char *text, *at;

	assert_int_equal(strlen(from), strlen(to));
	text = made_text(path);
	at = strstr(text, from);
	if (at == NULL)
		fail_msg("%s has no %s", path, from);
	memcpy(at, to, strlen(to));
	made_overwrite(path, text);
	free(text);
}

#endif
