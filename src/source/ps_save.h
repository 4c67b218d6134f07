#ifndef SOURCE_PS_SAVE_H
#define SOURCE_PS_SAVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * What was read from a server as a folder of table exports, which url =
 * files:DIR reads again: written beside DIR (0700, files 0600) and renamed
 * when all of it is there.
 */
struct ps_save;

/*
 * Makes the folder beside dir, and removes those that processes which are no
 * more left there; dir must not exist or be an empty folder. NULL
 * with EXIT_USAGE when it holds something, EXIT_IO.
 */
struct ps_save *ps_save_begin(const char *dir, struct err *err);

/* Begins the next file; one of that name that was ended is replaced. */
int ps_save_file(struct ps_save *save, const char *name, struct err *err);

/* Adds bytes to the file at hand; failures are kept for ps_save_end_file(). */
void ps_save_add(struct ps_save *save, const void *bytes, size_t len);

/* Where the file at hand ends, and forgetting what was added since. */
uint64_t ps_save_mark(const struct ps_save *save);
void ps_save_cut(struct ps_save *save, uint64_t mark);

/* Makes the file durable: 0, or -1 with EXIT_IO. */
int ps_save_end_file(struct ps_save *save, struct err *err);

/* Removes the file at hand. */
void ps_save_drop_file(struct ps_save *save);

/* Removes a file that was ended. */
void ps_save_remove(struct ps_save *save, const char *name);

/* Puts the folder in its place: 0, or -1 with EXIT_IO. */
int ps_save_end(struct ps_save *save, struct err *err);

/* Removes what was not put in its place, and frees it; NULL is ignored. */
void ps_save_free(struct ps_save *save);

#endif
