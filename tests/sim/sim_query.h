#ifndef SIM_QUERY_H
#define SIM_QUERY_H

#include "sim_server.h"

/* /ws/schema/query/... (powerschool 3.2); parts are those of the path. */
void sim_query(struct sim_server *server, const struct sim_request *request,
    const struct sim_part *parts, size_t nparts, struct sim_answer *answer);

#endif
