#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "sim_server.h"

/*
 * Reads a script of faults (README.md says how it is written). NULL with
 * file:line and the reason.
 */
struct sim_script *sim_script_read(const char *path, struct err *err);
void sim_script_free(struct sim_script *script);

/* Finds what the script does to a request and changes the rows at once. */
void sim_script_apply(struct sim_server *server, struct sim_request *request);

/* Puts the script's answer in place of the ordinary one. */
void sim_script_answer(struct sim_server *server,
    const struct sim_effect *effect, struct sim_answer *answer);

#endif
