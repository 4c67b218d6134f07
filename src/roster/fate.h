#ifndef ROSTER_FATE_H
#define ROSTER_FATE_H

#include <stdint.h>

#include "roster/finding.h"
#include "roster/roster.h"

/* Why a row does not concern Canvas (mapping 2); the words are in fate.c. */
enum reason {
	REASON_NONE,
	REASON_DISTRICT_OFFICE,
	REASON_GRADUATED,
	REASON_EXCLUDED,
	REASON_OTHER_YEAR,
	REASON_SCHOOL_OUT_OF_SCOPE,
	REASON_UNUSED,
	REASON_SECTION_OUT_OF_SCOPE,
	REASON_ENDED,
	REASON_ROLE,
	REASON_NO_STAFF,
	REASON_STAFF_OUT_OF_SCOPE,
	REASON_ZERO_DAY,
	REASON_DROPPED,
	REASON_STUDENT_OUT_OF_SCOPE,
	REASON_NO_ENROLLMENT,
	REASON_PRE_REGISTERED,
	REASON_NO_USER,
	REASON_NO_SCHOOL,
	REASON_INACTIVE,
	REASON_NOT_TEACHING,
	REASONS
};

extern const char *const reason_names[REASONS];

/* What became of a table's rows: rows = used + merged + held + skipped. */
struct fate_count {
	uint64_t rows, used, merged, held, skipped;
	uint64_t by_reason[REASONS];
};

static inline enum row_state
fate_of(const struct table *table, uint32_t row)
{
	return (enum row_state)table->states[row];
}

/* In scope: it takes part in this run, sent or held (mapping, Words). */
static inline bool
fate_in_scope(const struct table *table, uint32_t row)
{
	return table->states[row] == ROW_USED || table->states[row] == ROW_HELD;
}

static inline void
fate_skip(struct table *table, uint32_t row, enum reason reason)
{
	table->states[row] = ROW_SKIPPED;
	table->reasons[row] = (uint8_t)reason;
}

/* Reports a finding about a row; one of severity error holds the row. */
void fate_report(
    struct roster *roster, struct findings *findings, struct finding finding);

struct fate_count fate_counted(const struct table *table);

/*
 * Frees what is known of each row of a table whose rows are all judged and
 * not looked at again; fate_counted() still has the counts.
 */
void fate_forget(struct table *table);

#endif
