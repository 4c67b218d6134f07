#ifndef CANVAS_LINT_DATE_H
#define CANVAS_LINT_DATE_H

#include <stddef.h>
#include <stdint.h>

/* What Canvas makes of the text of a date (canvas-sis 3, Dates). */
enum lint_date_kind {
	LINT_DATE_IS_EXACT,    /* date, time and offset */
	LINT_DATE_IS_ZONELESS, /* taken as UTC */
	LINT_DATE_IS_ROLLED,   /* 30 February is 2 March */
	LINT_DATE_IS_GUESSED,  /* day first, or something stranger */
	LINT_DATE_IS_BAD,      /* an error, and no date */
	LINT_DATE_IS_NONE      /* no error, and no date */
};

struct lint_date {
	enum lint_date_kind kind;
	int64_t utc; /* seconds since 1970, of the first three */
};

/* Reads the text of a cell, blanks around it taken off. */
struct lint_date lint_date_read(const char *text, size_t len);

#endif
