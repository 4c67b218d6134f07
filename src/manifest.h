#ifndef MANIFEST_H
#define MANIFEST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/conf.h"
#include "base/json.h"
#include "canvas/emit.h"
#include "canvas/policy.h"
#include "history/history.h"
#include "pack/package.h"
#include "roster/finding.h"
#include "judge.h"
#include "source/source.h"
#include "update.h"

#define SHEETS_MAX 16

/* Everything that happened in a run, as its stages leave it. */
struct account_of_run {
	const char *id; /* NULL in a dry run */
	int64_t now;	/* UTC seconds */
	const struct conf *conf;
	const char *conf_path;
	const struct policy *policy;
	const struct roster *roster;
	const struct source_report *source;
	const struct findings *findings;
	struct emit_count sheets[SHEETS_MAX];
	size_t nsheets;
	uint64_t crosswalk_rows;
	const struct package *package;
	const struct update *update;
	const struct judge *judge;
	struct history_previous previous; /* the run before this one */
};

/*
 * The manifest as a JSON document that the caller frees: ids, counts and
 * hashes only, never the name of a person (architecture 6).
 */
struct json *manifest_make(const struct account_of_run *account);

/* The SHA-256 of the settings in force, without showing them. */
void manifest_settings_hash(const struct conf *conf, char hex[HASH_HEX_SIZE]);

/* Sets who made it: host and uid. */
void manifest_set_who(struct json *manifest);

/*
 * Adds the columns that a rule or a template names and no export has, as one
 * line without its end; returns how many.
 */
size_t manifest_missing_columns(const struct roster *roster, struct buf *out);

/* Prints the same for people. path is the run folder, NULL in a dry run. */
void manifest_summary(
    const struct account_of_run *account, const char *path, FILE *out);

#endif
