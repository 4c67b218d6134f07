#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/progress.h"
#include "roster/roster.h"

/* How a district's exports are written; from [source]. */
struct source_options {
	const char *url;	     /* files:DIR, oneroster:DIR or zip */
	const char *encoding;	     /* auto, utf-8, windows-1252, mac-roman */
	bool tab_quotes;	     /* quotes enclose cells in tab files too */
	bool final_newline_optional; /* the last line may lack its end */
	bool last_days;		     /* OneRoster: endDate is the last day */
	bool headers_only;	     /* match headers, read no rows */
	unsigned jobs;		     /* threads that parse */
	struct progress *progress;   /* or NULL */
};

/* Why a row of a file became no row of a table. */
enum source_skip {
	SKIP_TO_BE_DELETED, /* the file itself says that it is gone */
	SKIP_NOT_A_SCHOOL,  /* an org of another type */
	SKIP_FAMILY,	    /* a parent, guardian or relative */
	SKIP_ROLE,	    /* a role that the standard lacks */
	SOURCE_SKIPS
};

extern const char *const source_skip_names[SOURCE_SKIPS];

/* What was read from one file. */
struct source_file {
	char *name;
	const char *encoding; /* as it turned out */
	uint64_t bytes;
	uint64_t rows;
	uint64_t converted; /* lines that were not UTF-8 */
	uint64_t skipped[SOURCE_SKIPS];
	char sha256[HASH_HEX_SIZE];
};

struct source_report {
	struct source_file *files;
	size_t nfiles;
};

/*
 * Reads every table into the roster: the columns that a field's bound flag
 * asks for. Afterwards bound says which of them some file had. 0, or -1 when
 * the source is refused or unusable (EXIT_SOURCE, EXIT_TEMPORARY): a short
 * read is a failure, never a shorter list.
 */
int source_pull(const struct source_options *options, struct roster *roster,
    struct source_report *report, struct err *err);

void source_report_free(struct source_report *report);

#endif
