#ifndef SIM_METADATA_H
#define SIM_METADATA_H

#include "sim_server.h"

/* GET /ws/v1/metadata and /ws/v1/time, which take no token (powerschool 4). */
void sim_metadata(const struct sim_server *server, struct sim_answer *answer);
void sim_time(struct sim_answer *answer);

#endif
