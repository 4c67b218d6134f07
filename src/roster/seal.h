#ifndef ROSTER_SEAL_H
#define ROSTER_SEAL_H

#include "roster/finding.h"
#include "roster/roster.h"

/*
 * Ends reading: builds each table's index by its join key (terms by school
 * and id) and judges rows that share one. The same content twice is merged
 * into the first row, different content holds all of them with SRC-DUPLICATE
 * (mapping 6, 7). Rows with a blank key are left alone.
 * Afterwards the dcid column of cc and sectionteacher holds the id where the
 * dcid was blank, and their id columns are gone.
 */
void seal_roster(struct roster *roster, struct findings *findings);

/* The key under which a term is indexed; blank when either part is. */
sym seal_term_key(const struct roster *roster, sym schoolid, sym id);

#endif
