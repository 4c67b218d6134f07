#ifndef PACK_RUNDIR_H
#define PACK_RUNDIR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"

#define RUN_ID_SIZE 65	    /* 20261123T043000Z-0007, 64 bytes at most; a NUL */
#define RUNDIR_RUNS "runs/" /* the runs are OUT/runs/ID */
#define RUNDIR_HERE ""	    /* the runs are OUT/ID */
#define RUNDIR_CURRENT "current"   /* the links OUT/current */
#define RUNDIR_ACCEPTED "accepted" /* and OUT/accepted */

/*
 * The folder of runs (architecture 6) while one run is made: OUT/.lock is
 * held, files go into OUT/.stage.ID, and one rename makes that
 * OUT/runs/ID. A crash at any moment leaves the runs as they were, or with
 * the new one whole (operations 7).
 */
struct rundir;

/*
 * Opens or makes the folder out (0700), takes its lock, removes what killed
 * runs left behind and makes an empty stage. now, in UTC seconds, and the
 * number behind the last run's make the id. NULL with EXIT_LOCKED when
 * another run holds the lock, EXIT_IO else.
 */
struct rundir *rundir_open(const char *out, int64_t now, struct err *err);

/* The same where the runs stand in another folder: RUNDIR_HERE. */
struct rundir *rundir_open_in(
    const char *out, const char *runs, int64_t now, struct err *err);

/*
 * Takes the lock of a folder of runs to change what is known of runs that are
 * there, and removes what killed runs left behind; there is no stage. NULL
 * with EXIT_USAGE when the folder is not there, EXIT_LOCKED, EXIT_IO.
 */
struct rundir *rundir_lock(const char *out, int64_t now, struct err *err);
struct rundir *rundir_lock_in(
    const char *out, const char *runs, int64_t now, struct err *err);

/*
 * For a run of very many files: they become durable all at once, when the run
 * is published, and not one by one.
 */
void rundir_sync_at_end(struct rundir *dir);

/* Removes the stage if it was not published, lets the lock go and frees. */
void rundir_close(struct rundir *dir);

/* The run's id and the descriptor of its stage folder; both stay dir's. */
const char *rundir_id(const struct rundir *dir);
int rundir_stage_fd(const struct rundir *dir);

/* The folder of runs, as it was named; it stays dir's. */
const char *rundir_out(const struct rundir *dir);

/*
 * Creates a file in the stage, mode 0600; name may have one folder in front,
 * which is made. Returns its descriptor, -1 with EXIT_IO.
 */
int rundir_create(struct rundir *dir, const char *name, struct err *err);

/* Writes all bytes; 0, or -1 with errno. */
int rundir_write_all(int fd, const void *bytes, size_t len);

/*
 * Has the system begin to bring a part of a file to the disk, size bytes from
 * from on, so that rundir_close_file() has little left to wait for.
 */
void rundir_write_behind(int fd, uint64_t from, uint64_t size);

/* Makes a file durable and closes it. */
int rundir_close_file(
    struct rundir *dir, int fd, const char *name, struct err *err);

/* The SHA-256 and the size of a file in the stage. */
int rundir_hash(const struct rundir *dir, const char *name,
    char hex[HASH_HEX_SIZE], uint64_t *bytes, struct err *err);

int rundir_rename(
    struct rundir *dir, const char *from, const char *to, struct err *err);

/*
 * Makes the stage the run OUT/runs/ID and points OUT/current at it. *path is
 * the run's folder, which the caller frees. -1 with EXIT_IO: either nothing
 * changed, or the run is there whole and only "current" is the old one.
 */
int rundir_publish(struct rundir *dir, char **path, struct err *err);

/*
 * Puts a file, mode 0600, in the place of OUT/folder/name or where none was,
 * in one step and durably. -1 with errno: the old file is there, or the new
 * one whole but not known to be durable.
 */
int rundir_replace(struct rundir *dir, const char *folder, const char *name,
    const void *bytes, size_t len);

/*
 * Points the link OUT/name at OUT/runs/id. prepare makes the new link under
 * another name, durably, and swap puts it in place in one step; forget
 * removes one that was prepared. 0, or -1 with errno.
 */
int rundir_link_prepare(struct rundir *dir, const char *name, const char *id);
int rundir_link_swap(struct rundir *dir, const char *name);
void rundir_link_forget(struct rundir *dir, const char *name);

/*
 * Removes the run OUT/runs/id: out of sight in one step, durably, then from
 * the disk. 0, or -1 with errno; the next run removes what is left of it.
 */
int rundir_remove_run(struct rundir *dir, const char *id);

#endif
