#ifndef GRADES_H
#define GRADES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/net.h"
#include "grades/grade_findings.h"
#include "grades/grade_policy.h"
#include "canvas2pt/grades_out.h"

struct canvas_which;

/* How `canvas2pt export` was called. */
struct grades_options {
	const struct conf *conf;
	const char *conf_path;
	const char *now;		  /* --now, or NULL: the clock */
	const struct canvas_which *which; /* over the API, or NULL */
	const char *const *gradebooks;	  /* or from these files */
	size_t ngradebooks;
	const char *side_file; /* --assignments, or NULL */
	const char *templates; /* the folder, or NULL */
	const char *crosswalk; /* the file, or NULL: the last run's */
	bool changed;	       /* leave out what is as it was accepted */
	bool dry_run, json, quiet;
	bool strict; /* findings make the exit code 1 */
	bool redact; /* no names of people in report.html */
};

/* How many of each. */
struct grades_counts {
	size_t courses, sections, sections_left, students;
	size_t sheets, created, changed, unchanged, carried, gone;
	size_t to_create; /* assignments that PowerTeacher may not have */
	size_t filled;	  /* sheets in a teacher's template */
	size_t left;	  /* assignments of sections that were left out */
	uint64_t scores;  /* cells that are not blank */
};

/* What happened in an export, for the manifest and the reports. */
struct grades_account {
	const struct grades_options *options;
	const char *id;	       /* NULL in a dry run */
	int64_t now;	       /* UTC seconds */
	const char *accepted;  /* export that it was compared with, or "" */
	const char *crosswalk; /* the file, or NULL */
	const char *host;      /* Canvas's, or NULL */
	struct net_counts requests;
	struct grade_findings *findings;
	const struct grades_out *out;
	struct grades_counts counts;
	struct buf sections; /* of the report: a row for each */
	struct buf details;  /* and what each has */
	struct buf text;     /* the same for report.txt */
	size_t nlines;	     /* in details */
	size_t ntext;	     /* in text */
};

/*
 * Runs the pipeline: Canvas grades in, a published folder of PowerTeacher
 * files out, the result on stdout. Returns the exit code, with err set when it
 * is not 0 or 1 (architecture 1 to 3).
 */
int grades_export(const struct grades_options *options, struct err *err);

#endif
