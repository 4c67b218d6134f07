#ifndef GRADES_PST_FILL_H
#define GRADES_PST_FILL_H

#include "grades/pst_template.h"
#include "grades/scoresheet.h"

/* What a teacher should know of a template that was filled. */
enum pst_note_kind {
	PST_NO_ROW,	    /* a student with a score is not in the template */
	PST_NO_SCORE,	    /* Canvas has no score for a row; it is as it was */
	PST_NOT_IN_CANVAS,  /* Canvas does not have a row's student at all */
	PST_NAME_DIFFERS,   /* one number, two names; the score was put in */
	PST_SCORE_REPLACED, /* another score stood there */
	PST_ROW_REPEATED,   /* several rows have the number: left alone */
	PST_STUDENT_REPEATED, /* several students have it: left alone */
	PST_ROW_MISSHAPEN,    /* too few or too many cells: left alone */
	PST_NO_PERCENT,	      /* no points possible in Canvas: left alone */
	PST_NOT_IN_SCALE,     /* no grade of the scale: left alone */
	PST_POINTS_DIFFER     /* other points possible than in Canvas */
};

/* Texts hold during the call; "" where they do not apply. */
struct pst_note {
	enum pst_note_kind kind;
	uint32_t line; /* in the template; 0: none */
	const char *student_number;
	const char *was, *now; /* scores, or points possible */
};

typedef void pst_note_fn(void *arg, const struct pst_note *note);

/*
 * Adds the template to out with the sheet's scores in its Score cells; every
 * other byte is the template's. Rows are matched by student number; a row for
 * which there is no score, and a score that is the same number, keep their
 * bytes. The template's score type says what goes in (grades A4.2, A5):
 * POINTS the score; PERCENT its percentage of the points possible, half-up to
 * two decimals; GRADESCALE the letter, or the score when it is a whole number
 * or in the scale; COLLECTED nothing. scale (its end is a NULL) lists the
 * grades that are allowed; NULL: not known. Returns how many cells changed.
 */
size_t pst_fill(const struct pst_template *pst, const struct scoresheet *sheet,
    const char *const *scale, struct buf *out, pst_note_fn *note, void *arg);

#endif
