#ifndef SIM_V1_LIST_H
#define SIM_V1_LIST_H

#include "sim_v1_object.h"

/* Rows that a list of /ws/v1 is made of; the caller frees rows. */
struct sim_list {
	uint32_t *rows;
	size_t count;
};

/*
 * The rows of a school's list in the server's order, or of a section's
 * enrollments; row is the school's or the section's, UINT32_MAX: the whole
 * district's.
 */
struct sim_list sim_v1_rows(const struct sim_server *server,
    enum sim_resource resource, uint32_t row, bool filtered);

/* The school year, as yearid, that the server takes for the current one. */
int sim_v1_year(const struct sim_server *server);

#endif
