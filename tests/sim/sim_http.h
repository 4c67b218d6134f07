#ifndef SIM_HTTP_H
#define SIM_HTTP_H

#include "sim_server.h"

/*
 * Listens on 127.0.0.1, writes the port into its file and serves until
 * SIGTERM or SIGINT. 0, or -1 with the reason.
 */
int sim_http_serve(struct sim_server *server, struct err *err);

#endif
