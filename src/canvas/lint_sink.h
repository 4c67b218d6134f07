#ifndef CANVAS_LINT_SINK_H
#define CANVAS_LINT_SINK_H

#include "canvas/emit.h"

/*
 * A sink in front of the one that keeps a run's bytes: what is written into
 * the files of sheets[] goes through the linter on its way, as a package that
 * is all that Canvas will hold. Other files only pass.
 */
struct lint_sink;

/* roles: the custom roles that the settings name. Both must outlive it. */
struct lint_sink *lint_sink_begin(
    const struct emit_sink *to, const char *const *roles, size_t nroles);

/* Says how many rows of a kind will be written, before the first one is. */
void lint_sink_expect(
    struct lint_sink *sink, enum sheet_kind kind, size_t rows);

/* What emit_sheets() gets in place of the other sink. */
const struct emit_sink *lint_sink_get(const struct lint_sink *sink);

/*
 * Frees the sink; NULL is ignored. 0, or -1 with EXIT_INVALID when Canvas
 * would reject something of what was written: err names the first place.
 */
int lint_sink_end(struct lint_sink *sink, struct err *err);

#endif
