#ifndef SOURCE_ONEROSTER_SET_H
#define SOURCE_ONEROSTER_SET_H

#include "source/blocks.h"
#include "source/oneroster_tables.h"

/* The CSV files of a OneRoster export: a folder, or a zip with them at its
 * root or in one folder. */
struct oneroster_set;

/*
 * Lists what is there. NULL with EXIT_SOURCE when there is no such folder or
 * zip, when it has no manifest.csv, or when the zip is damaged, needs a
 * password, holds a path with .. or is larger than base/unzip.h allows. The
 * caller frees it with oneroster_set_close().
 */
struct oneroster_set *oneroster_set_open(const char *place, struct err *err);

/* Frees it; inputs that it opened stay open. NULL is ignored. */
void oneroster_set_close(struct oneroster_set *set);

/* Whether a file is there, by its name without .csv in any case. */
bool oneroster_set_has(const struct oneroster_set *set, const char *name);

/*
 * Opens one of the files that are read; one of a zip is inflated into a
 * scratch file. -1 with EXIT_SOURCE when it is not there or damaged, with
 * EXIT_IO when there is no room for it.
 */
int oneroster_set_input(struct oneroster_set *set, enum oneroster_table table,
    struct input *input, struct err *err);

#endif
