#ifndef SIM_V1_OBJECT_H
#define SIM_V1_OBJECT_H

#include <cjson/cJSON.h>

#include "sim_server.h"

enum sim_resource {
	SIM_V1_SCHOOL,
	SIM_V1_TERM,
	SIM_V1_COURSE,
	SIM_V1_SECTION,
	SIM_V1_ENROLLMENT,
	SIM_V1_STAFF,
	SIM_V1_STUDENT,
	SIM_V1_RESOURCES
};

/* One kind of object of /ws/v1 (powerschool 2.2). */
struct sim_resource_def {
	const char *one, *several; /* "student", "students" */
	enum sim_table_id table;
	const char *expansions; /* "" : none */
	const char *extensions;
	const char *const *fields; /* that q knows; ends with NULL */
};

extern const struct sim_resource_def sim_resources[SIM_V1_RESOURCES];

/* How objects are made. */
struct sim_maker {
	const struct sim_district *district;
	const char *expansions; /* that were asked for, "" */
	bool arrays;		/* one element stays an array */
};

/* The object of a row; the caller deletes it. */
cJSON *sim_v1_object(
    const struct sim_maker *maker, enum sim_resource resource, uint32_t row);

/* Puts a list under a name: several, one, or nothing. list is taken over. */
void sim_v1_put_list(const struct sim_maker *maker, cJSON *object,
    const char *name, cJSON *list);

/* Puts a text, as a number when it looks like one; not when it is empty. */
void sim_v1_put(cJSON *object, const char *name, struct str text);

#endif
