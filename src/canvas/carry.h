#ifndef CANVAS_CARRY_H
#define CANVAS_CARRY_H

#include "canvas/emit.h"
#include "canvas/keep.h"

/*
 * Puts yesterday's lines of the rows that stay between today's rows, in key
 * order, on their way to another sink: what comes out is what Canvas will
 * hold (architecture 2). Sheets in which nothing stays pass untouched.
 */
struct carry;

/*
 * additions_only: Canvas's rows win over today's, so that nothing is changed
 * or removed. keep, source and sink must outlive the result; carry_free()
 * frees it.
 */
struct carry *carry_new(struct keep *keep, const struct keep_source *source,
    bool additions_only, const struct emit_sink *sink);
void carry_free(struct carry *carry);

/*
 * The sink to emit the sheets and crosswalk.csv into: blocks of whole rows,
 * the header first.
 */
struct emit_sink carry_sink(struct carry *carry);

/* Lines that were put into a sheet, or kept in place of today's. */
uint64_t carry_count(const struct carry *carry, enum sheet_kind kind);

#endif
