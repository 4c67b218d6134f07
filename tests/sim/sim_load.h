#ifndef SIM_LOAD_H
#define SIM_LOAD_H

#include "sim_district.h"

/*
 * Reads every export of a folder into the tables. 0, or -1 with file:line and
 * the reason.
 */
int sim_load(
    struct sim_district *district, const char *folder, struct err *err);

#endif
