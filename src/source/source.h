#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/progress.h"
#include "roster/roster.h"

/* How a district's tables are got at; from [source]. */
struct source_options {
	const char *url; /* files:DIR, oneroster:DIR or zip, https://HOST */
	const char *encoding;	     /* auto, utf-8, windows-1252, mac-roman */
	bool tab_quotes;	     /* quotes enclose cells in tab files too */
	bool final_newline_optional; /* the last line may lack its end */
	bool last_days;		     /* OneRoster: endDate is the last day */
	bool headers_only;	     /* match headers, read no rows */
	unsigned jobs;		     /* threads that parse */
	struct progress *progress;   /* or NULL */

	/* Of a server alone; "" is unset. */
	const char *client_id_file, *client_secret_file, *ca_file, *proxy;
	const char *ways;	  /* a list: "query, table" */
	unsigned page_size;	  /* rows; 0: as many as it gives */
	unsigned at_once;	  /* requests */
	unsigned min_interval_ms; /* between the starts of two */
	const char *timezone;	  /* the district's */
	int year;		  /* in which the school year starts */
	const char *save;	  /* keep what was read here; or NULL */
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

/* What was read from one file, or from a server in place of one. */
struct source_file {
	char *name;
	const char *way;      /* file, query, table */
	const char *encoding; /* as it turned out */
	uint64_t bytes;
	uint64_t rows;
	uint64_t converted; /* lines that were not UTF-8 */
	uint64_t skipped[SOURCE_SKIPS];
	char sha256[HASH_HEX_SIZE]; /* "" when it came from a server */
};

/* A table, or a column, that the way in which it was read did not carry. */
struct source_gap {
	enum table_id table;
	int field; /* of the schema; -1: the whole table */
};

struct source_report {
	struct source_file *files;
	size_t nfiles;
	struct source_gap *gaps;
	size_t ngaps;
	/* Of a server alone. */
	char *host, *version;	    /* NULL: the source is no server */
	uint64_t requests, retries; /* tries of requests that were repeated */
};

/*
 * Reads every table into the roster: the columns that a field's bound flag
 * asks for. Afterwards bound says which of them some file had. 0, or -1 when
 * the source is refused or unusable (EXIT_SOURCE, EXIT_TEMPORARY): a short
 * read is a failure, never a shorter list.
 */
int source_pull(const struct source_options *options, struct roster *roster,
    struct source_report *report, struct err *err);

enum source_verdict { SOURCE_PASS, SOURCE_WARN, SOURCE_FAIL };

/* One thing that was examined: what it is, what was found, what to do ("" when
 * nothing is). */
typedef void source_say_fn(void *arg, enum source_verdict verdict,
    const char *what, const char *says, const char *fix);

/*
 * Examines a source without reading its rows, and says each thing that it
 * finds; afterwards the roster's bound flags are what a run would have. 0; 1
 * when this kind of source is examined by source_pull() with headers_only; or
 * -1 when it could not be examined to its end.
 */
int source_examine(const struct source_options *options, struct roster *roster,
    source_say_fn *say, void *arg, struct err *err);

/* Says that a file was read; the name is copied, the rest are words. */
struct source_file *source_report_add(
    struct source_report *report, const char *name, const char *way);

/* Says what is not there because the way does not carry it. */
void source_report_gap(
    struct source_report *report, enum table_id table, int field);

void source_report_free(struct source_report *report);

/* Whether a district cannot do without a table (mapping 1). */
bool source_needs(enum table_id table);

#endif
