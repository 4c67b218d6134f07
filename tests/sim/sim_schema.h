#ifndef SIM_SCHEMA_H
#define SIM_SCHEMA_H

#include "sim_server.h"

/* /ws/schema/table/... (powerschool 3.1); parts are those of the path. */
void sim_schema_table(struct sim_server *server,
    const struct sim_request *request, const struct sim_part *parts,
    size_t nparts, struct sim_answer *answer);

/* Whether --deny names a column of a table. */
bool sim_denied(const struct sim_server *server,
    const struct sim_table_def *def, int column);

/*
 * Takes one page out of rows into the answer, as the script bends it; a size
 * of 0 takes all.
 */
void sim_take_page(struct sim_answer *answer, const struct sim_rows *rows,
    size_t page, size_t size, const struct sim_effect *effect);

/* A count, as the script bends it. */
size_t sim_bent_count(size_t count, const struct sim_effect *effect);

/* The page size in force: as asked, cut to the maximum. */
size_t sim_page_size(const struct sim_server *server,
    const struct sim_request *request, const char *argument);

#endif
