#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "sim_district.h"

/*
 * Puts the rows in order, finds the year of each, fills the maps and makes
 * the tables of the Person model. (powerschool 6)
 */
void sim_link(struct sim_district *district);

#endif
