#ifndef PACK_RUNS_H
#define PACK_RUNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/json.h"
#include "pack/rundir.h"

#define RUNS_MANIFEST "manifest.json"
#define RUNS_DECISIONS "decisions.json"
#define RUNS_JSON_MAX ((size_t)8 << 20) /* bytes of either */

/*
 * A run that was published: the folder OUT/runs/ID. What is read of it stays
 * in memory until runs_close().
 */
struct past_run {
	char id[RUN_ID_SIZE];
	unsigned long number;  /* runs follow each other by it */
	struct json *manifest; /* NULL until runs_manifest() */
	char manifest_sha256[HASH_HEX_SIZE];
	struct json *decisions; /* NULL: not read, or none were made */
	char decisions_sha256[HASH_HEX_SIZE]; /* "" when there are none */
	bool decisions_read;
};

/* OUT/current or OUT/accepted. */
struct runs_link {
	char id[RUN_ID_SIZE]; /* what it names; "": nothing */
	struct past_run *run; /* NULL: no link, or it dangles */
	bool dangles;	      /* it names no run that is here */
};

/* The runs of a folder as they stood when they were listed. */
struct runs {
	char *out;
	const char *folder;   /* RUNDIR_RUNS or RUNDIR_HERE */
	int fd;		      /* of out */
	struct past_run *all; /* by number, the oldest first */
	size_t count, cap;
	char **strays; /* what else lies in OUT/runs */
	size_t nstrays, capstrays;
	struct runs_link current, accepted;
};

/*
 * Lists the runs of the folder out, without its lock. A link that dangles is
 * logged and counts as none. NULL with EXIT_USAGE when out is not there,
 * EXIT_IO when it cannot be read.
 */
struct runs *runs_open(const char *out, struct err *err);

/* The same where the runs stand in another folder: RUNDIR_HERE. */
struct runs *runs_open_in(const char *out, const char *folder, struct err *err);
void runs_close(struct runs *runs);

/* The last run that was published, NULL when there is none. */
struct past_run *runs_newest(const struct runs *runs);

/* The run with exactly this id, or NULL. */
struct past_run *runs_by_id(const struct runs *runs, const char *id);

/* The number at the end of a run's id; 0 when name is no run's id. */
unsigned long runs_number(const char *name);

/*
 * The id that the link name in the folder out has behind folder; "" when there
 * is no such link, or it points elsewhere. -1 with errno when it cannot be
 * read.
 */
int runs_link_target(
    int out, const char *folder, const char *name, char id[RUN_ID_SIZE]);

/* 1 to 64 of A-Za-z0-9._- without a dot in front (operations 2.7, X11). */
bool runs_id_is_safe(const char *id);

/*
 * The run's manifest; NULL with EXIT_INVALID when it is missing, damaged or
 * that of another run, EXIT_IO when the disk refuses it; so do the functions
 * below. It stays the run's.
 */
const struct json *runs_manifest(
    const struct runs *runs, struct past_run *run, struct err *err);

/*
 * The SHA-256 of a small file of the run, "" when there is no such file. 0
 * or -1.
 */
int runs_file_hash(const struct runs *runs, const struct past_run *run,
    const char *file, char hex[HASH_HEX_SIZE], struct err *err);

/*
 * Fills run->manifest_sha256 without reading what the manifest says. 0 or -1.
 */
int runs_manifest_hash(
    const struct runs *runs, struct past_run *run, struct err *err);

/*
 * Reads runs/ID/decisions.json into run->decisions, which stays NULL when
 * nothing was decided. 0, or -1 with EXIT_INVALID when it is damaged or
 * belongs to another run or another manifest.
 */
int runs_decisions(
    const struct runs *runs, struct past_run *run, struct err *err);

/*
 * Reads a JSON file below the folder fd, never through a link; name is its
 * path there and shown the path that errors name. *json is NULL when there is
 * no such file. hex is the SHA-256 of the bytes that were read. 0 or -1.
 */
int runs_read_json(int fd, const char *name, const char *shown,
    struct json **json, char hex[HASH_HEX_SIZE], struct err *err);

/* OUT/runs/ID/file, or OUT/runs/ID when file is NULL; the caller frees it. */
char *runs_path(
    const struct runs *runs, const struct past_run *run, const char *file);

#endif
