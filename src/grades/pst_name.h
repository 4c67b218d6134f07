#ifndef GRADES_PST_NAME_H
#define GRADES_PST_NAME_H

#include <stddef.h>

#include "grades/scoresheet.h"

/*
 * Names of score files and of their folders (grades A5, rule 7), which
 * Windows and macOS take too.
 */

#define PST_NAME_LETTERS ((size_t)16) /* of an assignment's name */
#define PST_NAME_END "_pst.csv"

/* Names of one folder, so that none is given twice; a zeroed one is empty. */
struct pst_names {
	char **folded; /* without case, sorted */
	size_t count, cap;
};

void pst_names_free(struct pst_names *names);

/*
 * The folder of a section. If the name is taken, the section's id in Canvas
 * (or another text that only it has) stands behind it. The caller frees it.
 */
char *pst_name_folder(
    struct pst_names *names, const char *section, const char *id);

/*
 * The score files of one section's sheets, into files[n], which the caller
 * frees: BIO1-02_CellQuiz_pst.csv. Of names that are alike without case the
 * assignment with the lowest id has the plain one; the others' ids stand
 * before _pst.
 */
void pst_name_files(
    const struct scoresheet *const *sheets, size_t n, char **files);

/*
 * The form of an assignment's name in file names: without blanks and what no
 * file name holds, cut to PST_NAME_LETTERS. The caller frees it.
 */
char *pst_name_short(const char *name);

/* The same, not cut. The caller frees it. */
char *pst_name_squeezed(const char *text);

#endif
