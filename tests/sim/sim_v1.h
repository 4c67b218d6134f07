#ifndef SIM_V1_H
#define SIM_V1_H

#include "sim_server.h"

/*
 * /ws/v1/... but metadata and time (powerschool 2); parts are those of the
 * path. Answers are JSON; sim_xml_convert() makes XML of them.
 */
void sim_v1(struct sim_server *server, const struct sim_request *request,
    const struct sim_part *parts, size_t nparts, struct sim_answer *answer);

#endif
