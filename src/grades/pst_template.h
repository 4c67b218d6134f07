#ifndef GRADES_PST_TEMPLATE_H
#define GRADES_PST_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * A score template that a teacher exported from PowerTeacher for one
 * assignment in one section (grades A1.1): its bytes as they are, and what
 * they say. Texts are UTF-8 without blanks around them, never NULL, and live
 * as long as the template.
 */

enum pst_type { PST_POINTS, PST_PERCENT, PST_GRADESCALE, PST_COLLECTED };

/* The seven lines above the scores, in their order. */
enum pst_label {
	PST_TEACHER_NAME,
	PST_CLASS,
	PST_ASSIGNMENT_NAME,
	PST_DUE_DATE,
	PST_POINTS_POSSIBLE,
	PST_EXTRA_POINTS,
	PST_SCORE_TYPE,
	PST_LABELS
};

struct pst_row {
	char *student_number;
	char *student_name;
	char *score;
	size_t from, to; /* bytes of its Score cell, with quotes; 0: none */
	uint32_t line;	 /* from 1 */
	bool misshapen;	 /* not as many cells as the header, or no number */
	bool repeated;	 /* another row has the number too */
};

struct pst_template {
	char *file; /* as it was named, for messages */
	char *values[PST_LABELS];
	enum pst_type type;
	struct pst_row *rows;
	size_t nrows, caprows;
	struct buf bytes; /* the whole file */
};

/*
 * Reads a template of len bytes. NULL with EXIT_SOURCE, file:line:column and
 * the reason for what is none: one of the seven lines or a column is missing,
 * the score type is none of the four, the text is no CSV. The caller frees
 * it.
 */
struct pst_template *pst_template_parse(
    const char *file, const char *bytes, size_t len, struct err *err);

/* The same of a file. */
struct pst_template *pst_template_read(const char *path, struct err *err);

void pst_template_free(struct pst_template *pst);

#endif
