#ifndef ROSTER_TMPL_H
#define ROSTER_TMPL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "roster/roster.h"

/*
 * A naming template (architecture 5): {table.column} in PowerSchool's words,
 * a|b for the first that is filled, :upper :lower :initial, {year}, {{ for a
 * brace. Compiled before anything is read; rendering cannot fail.
 */
struct tmpl;

/* The rows that a template is rendered from, one of each table. */
struct tmpl_rows {
	const struct roster *roster;
	uint32_t rows[TABLES]; /* ROW_NONE: reads as blank */
	sym course_number;     /* stands in for a missing course */
	const char *year;      /* what {year} gives: 2026-2027 */
};

/*
 * Compiles text. tables has a bit (1 << T_COURSE) for each table that can be
 * reached; where names the setting in messages. Marks every column that the
 * template names as wanted in the roster. NULL with EXIT_SETTINGS and what
 * is wrong; free the result with tmpl_free().
 */
struct tmpl *tmpl_compile(const char *text, unsigned tables,
    struct roster *roster, const char *where, struct err *err);
void tmpl_free(struct tmpl *tmpl);

/*
 * Renders into out (emptied first), without blanks at both ends. Returns
 * whether every {field} was filled.
 */
bool tmpl_render(
    const struct tmpl *tmpl, const struct tmpl_rows *rows, struct buf *out);

/*
 * A template that is nothing but a text field or its fallbacks gives that
 * cell without any bytes being moved. False: render it.
 */
bool tmpl_cell(
    const struct tmpl *tmpl, const struct tmpl_rows *rows, sym *cell);

#endif
