#ifndef SIM_OAUTH_H
#define SIM_OAUTH_H

#include "sim_server.h"

/* POST /oauth/access_token (powerschool 1); true: the client is the right one. */
bool sim_oauth_token(struct sim_server *server,
    const struct sim_request *request, struct sim_answer *answer);

/* Whether a request carries the valid token; else answer holds the 401. */
bool sim_oauth_check(struct sim_server *server,
    const struct sim_request *request, struct sim_answer *answer);

/* The 401 of a token that is not valid any more. */
void sim_oauth_expired(struct sim_answer *answer);

#endif
