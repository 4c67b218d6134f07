#ifndef SOURCE_PS_SKEW_H
#define SOURCE_PS_SKEW_H

#include <stdbool.h>

#include "roster/roster.h"

/*
 * Whether a row that was read refers to a row of this table that is not
 * there: perhaps it came into being after the table was read (operations 2.1
 * N18).
 */
bool ps_skew_lacks(const struct roster *roster, enum table_id parent);

#endif
