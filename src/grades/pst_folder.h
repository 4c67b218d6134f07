#ifndef GRADES_PST_FOLDER_H
#define GRADES_PST_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "grades/pst_template.h"
#include "grades/scoresheet.h"

/* A folder of templates, with what is in its folders, in order of the paths. */
struct pst_folder {
	struct pst_found {
		struct pst_template *pst; /* its file: the path in the folder */
		char *name_key;	   /* of the assignment, as in file names */
		char **place_keys; /* folders and file name's start */
		size_t nplaces;
		bool matched;  /* a sheet has it */
		bool rival;    /* it fits a sheet, and so does another one */
		size_t claims; /* within one pst_folder_match() */
	} * all;
	size_t count, cap;
};

/* A *.csv that is no template, and why; it is passed over. */
typedef void pst_refused_fn(void *arg, const char *path, const struct err *why);

/*
 * Reads every *.csv below dir that is no hidden file. -1 with EXIT_SOURCE
 * when a folder cannot be listed. The caller frees the folder in any case.
 */
int pst_folder_read(const char *dir, struct pst_folder *folder,
    pst_refused_fn *refused, void *arg, struct err *err);

void pst_folder_free(struct pst_folder *folder);

enum pst_match {
	PST_MATCH_NONE,
	PST_MATCH_EXACT,    /* the assignment's whole name */
	PST_MATCH_SHORT,    /* only as it stands in file names */
	PST_MATCH_AMBIGUOUS /* several fit; none is taken */
};

struct pst_matched {
	enum pst_match how;
	const struct pst_template *pst; /* the folder's; NULL: none */
};

/*
 * Finds the template of each of a course's sheets, into matched[n]. It fits
 * when a folder above it or the start of its file name is the section's name
 * and a student of it is in the sheet; or when its class is the sheet's class
 * or section and more than half of its students are. Then the assignment's
 * name decides, the whole one before the one in file names. Several that fit,
 * or one that fits several sheets: none is taken, for nothing is guessed.
 */
void pst_folder_match(struct pst_folder *folder,
    const struct scoresheet *const *sheets, size_t n,
    struct pst_matched *matched);

#endif
