#ifndef CANVAS_CHECK_H
#define CANVAS_CHECK_H

#include "canvas/map.h"

/*
 * Finds what is wrong with the rows in scope (mapping 6), parents first: an
 * error holds the row and with it the rows below. Fills the map's ids.
 */
void check_judge(struct map *map);

/* What is wrong with a row's ids and names, a bit per enum output. */
struct check_words {
	uint32_t blank_ids, long_ids, repeated_ids, blank_names, long_names;
};

/* Reports a finding with its rule's own severity. */
void check_report(struct map *map, enum table_id t, uint32_t row,
    enum rule rule, uint32_t fields, sym what);

/* Reports the ids and names that cannot be sent. */
void check_report_words(struct map *map, enum table_id t, uint32_t row,
    const struct check_words *words);

/* Reports what reading noticed about a row's cells. */
void check_report_marks(struct map *map, enum table_id t, uint32_t row);

/* Whether the parent of a row is held, which then is reported. */
bool check_held_by(struct map *map, enum table_id t, uint32_t row,
    enum table_id parent, uint32_t parent_row);

/* Notes a rendered id or name that is blank or too long, as bit 1 << out. */
void check_id(struct check_words *words, enum output out, bool filled,
    const struct buf *text);
void check_name(
    struct check_words *words, enum output out, const struct buf *text);

/*
 * Which of n ids occurs more than once; blank ones never do. The caller
 * frees the result.
 */
bool *check_repeated(const sym *ids, size_t n);

/* The sym of a rendered id; blank when it cannot be sent. */
sym check_keep_id(struct map *map, const struct check_words *words,
    enum output out, const struct buf *text);

#endif
